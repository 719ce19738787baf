"""`pullback.compile`: a program as an object whose attributes are its functions."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ...backends.cache import key_of
from ...backends.executable import Settings
from ...core.collection import no_collection
from ...core.errors import NameFault, PullbackError, TypeFault, suggestion
from ...core.operation import Operation
from ..language import syntax
from ..language.elaborate import elaborate
from ..language.loader import SUFFIX, Program
from ..language.scope import listed
from . import record
from .face import Face
from .function import Function, settings_with
from .morphism import Morphism, of_language
from .record import Origin, open_cache

__all__ = ["MissingFunction", "Module", "compile"]


class MissingFunction(NameFault, AttributeError):
    """PB0201: the module has no function of that name (a Python `AttributeError` too)."""


class Module:
    """The functions of a program, as attributes, in `functions`, and by `module["name"]`; iterated, it gives their names."""

    def __init__(self, origin: Origin, settings: Settings, faces: Mapping[str, Face] | None = None) -> None:
        self._origin = origin
        self._settings = settings
        self._made: dict[str, Function] = {}
        if faces is None:
            _ = self._program  # its faults are told now
            faces = {}
        self._faces = faces
        self._recipe = origin.recipe

    @cached_property
    def _program(self) -> Program:
        return self._origin.load()

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions written in the program that can be called (those that take functions cannot), in order."""
        return MappingProxyType({name: self[name] for name in self._callable()})

    def _callable(self) -> Iterator[str]:
        if self._faces:
            yield from self._faces
            return
        for name in self._program.defined:
            tree = self._program.functions[name].tree
            if not any(isinstance(p.type, syntax.FunctionType) for p in tree.parameters):
                yield name

    def __getitem__(self, name: str) -> Function:
        """The function of that name. Raises MissingFunction, and TypeFault for one that takes functions."""
        found = self._made.get(name)
        if found is None:
            face = self._faces.get(name) or self._morphism(name)
            recipe = self._recipe and key_of(self._recipe, name)
            found = self._made.setdefault(name, Function(face, self._settings, recipe, lambda: self._morphism(name)))
        return found

    def __iter__(self) -> Iterator[str]:
        return self._callable()

    def __len__(self) -> int:
        return sum(1 for _ in self._callable())

    def __contains__(self, name: object) -> bool:
        return any(name == own for own in self)

    def __bool__(self) -> bool:
        return True  # a program without functions is a module all the same

    def _morphism(self, name: str) -> Morphism:
        if name not in self._program.functions:
            known = list(self._callable())
            raise MissingFunction("PB0201", f"there is no function `{name}` in {self._program.path}", None,
                                  suggestion(name, known) or f"its functions are {listed(known)}")
        return of_language(elaborate(self._program, name))

    def __getattr__(self, name: str) -> Function:
        if name.startswith("_"):
            raise AttributeError(name)  # what Python's own protocols ask for
        found = self[name]
        self.__dict__[name] = found  # the next access does not come here
        return found

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *self._callable()})

    def __repr__(self) -> str:
        lines = "".join(f"\n  {self[name].face}" for name in self._callable())
        return f"<pullback module {self._origin.path}>{lines}"


def compile(source: str | os.PathLike[str], *, folders: Sequence[str | Path] = (),
            operations: Mapping[str, Operation] = MappingProxyType({}),
            types: Mapping[str, str] = MappingProxyType({}), **settings: Any) -> Module:
    """The program in a text or a file (a `Path`, or a name ending in `.pull`), checked whole.

    ``folders`` are searched for the modules it imports. ``operations`` are such as the language does not have, by the names
    programs call them by; `pullback.operation` makes them of `@njit` functions. ``types`` says what types that the program or
    what it imports names are instead: `{"ring": "z<5>"}` where it says `type ring = bit`. ``settings`` say how to compile:
    ``backend`` (llvm, numba, interpreter), ``mode`` (strict, contract, fastmath), ``level`` (0 to 3), ``lanes`` (vector
    registers or not), ``threads`` (how many; None: as many as there are processors).

    Raises the first fault of the program (SyntaxFault, NameFault, TypeFault, SizeFault, …; the others are notes on it),
    FileFault for a file that is not there. Functions become machine code when they are first called."""
    chosen = settings_with(Settings(), settings)
    if not isinstance(source, str) or (source.endswith(SUFFIX) and "\n" not in source):
        source = Path(source)
    origin = Origin(source, tuple(map(Path, folders)), operations, types)
    cache = open_cache()
    if cache is not None and (faces := record.find(cache, origin)):
        return Module(origin, chosen, faces)
    with no_collection():
        module = Module(origin, chosen)
        faults = list(_faults(module))
    if faults:
        for other in faults[1:]:
            faults[0].add_note(f"also {other.headline}")
        raise faults[0].with_traceback(None)
    if cache is not None:
        record.keep(cache, origin, {name: f.face for name, f in module.functions.items()})
    return module


def _faults(module: Module) -> Iterator[PullbackError]:
    """What is wrong with the functions, at most one fault each. What is right is kept."""
    for name in module._program.defined:
        try:
            module[name]
        except TypeFault as fault:
            if name in module._callable() or fault.code != "PB0305":
                yield fault
        except PullbackError as fault:
            yield fault
