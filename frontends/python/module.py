"""`pullback.compile`: a program as an object whose attributes are its functions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ...backends.executable import Settings
from ...core.errors import NameFault, PullbackError, TypeFault, suggestion
from ...core.operation import Operation
from ..language import syntax
from ..language.elaborate import elaborate
from ..language.loader import SUFFIX, Program, load, load_text
from ..language.scope import listed
from .function import Function, settings_with
from .morphism import of_language

__all__ = ["MissingFunction", "Module", "compile"]


class MissingFunction(NameFault, AttributeError):
    """PB0201: the module has no function of that name (a Python `AttributeError` too)."""


class Module:
    """The functions of a program, as attributes, in `functions`, and by `module["name"]`."""

    def __init__(self, program: Program, settings: Settings) -> None:
        self._program = program
        self._settings = settings
        self._made: dict[str, Function] = {}

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions written in the program that can be called (those that take functions cannot), in order."""
        return MappingProxyType({name: self[name] for name in self._callable()})

    def _callable(self) -> Iterator[str]:
        for name in self._program.defined:
            tree = self._program.functions[name].tree
            if not any(isinstance(p.type, syntax.FunctionType) for p in tree.parameters):
                yield name

    def __getitem__(self, name: str) -> Function:
        """The function of that name. Raises MissingFunction, and TypeFault for one that takes functions."""
        found = self._made.get(name)
        if found is None:
            if name not in self._program.functions:
                known = list(self._callable())
                raise MissingFunction("PB0201", f"there is no function `{name}` in {self._program.path}", None,
                                      suggestion(name, known) or f"its functions are {listed(known)}")
            made = Function(of_language(elaborate(self._program, name)), self._settings)
            found = self._made.setdefault(name, made)
        return found

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__") or name in ("_program", "_made", "_settings"):
            raise AttributeError(name)  # what Python's own protocols ask for
        found = self[name]
        self.__dict__[name] = found  # the next access does not come here
        return found

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._callable()})

    def __repr__(self) -> str:
        lines = "".join(f"\n  {self[name].morphism}" for name in self._callable())
        return f"<pullback module {self._program.path}>{lines}"


def compile(source: str | os.PathLike[str], *, folders: Sequence[str | Path] = (),
            operations: Mapping[str, Operation] = MappingProxyType({}), **settings: Any) -> Module:
    """The program in a text or a file (a `Path`, or a name ending in `.pull`), checked whole.

    ``folders`` are searched for the modules it imports. ``operations`` are such as the language does not have, by the names
    programs call them by; `pullback.operation` makes them of `@njit` functions. ``settings`` say how to compile: ``backend``
    (llvm, numba, interpreter), ``mode`` (strict, contract, fastmath), ``level`` (0 to 3), ``lanes`` (vector registers or not),
    ``threads`` (how many; None: as many as there are processors).

    Raises the first fault of the program (SyntaxFault, NameFault, TypeFault, SizeFault, …; the others are notes on it),
    FileFault for a file that is not there. Functions become machine code when they are first called."""
    chosen = settings_with(Settings(), settings)
    if isinstance(source, str) and not (source.endswith(SUFFIX) and "\n" not in source):
        program = load_text(source, folders=folders, operations=operations)
    else:
        program = load(Path(source), folders, operations)
    module = Module(program, chosen)
    faults = list(_faults(module, program))
    if faults:
        for other in faults[1:]:
            faults[0].add_note(f"also {other.headline}")
        raise faults[0].with_traceback(None)
    return module


def _faults(module: Module, program: Program) -> Iterator[PullbackError]:
    """What is wrong with the functions, at most one fault each. What is right is kept."""
    for name in program.defined:
        try:
            module[name]
        except TypeFault as fault:
            if name in module._callable() or fault.code != "PB0305":
                yield fault
        except PullbackError as fault:
            yield fault
