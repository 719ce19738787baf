"""Functions as Python calls them: NumPy arrays, numbers and trees in and out, machine code in between."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, TypeVar

from ...backends.executable import Executable, Settings
from ...core.errors import ArgumentFault, PullbackError, suggestion
from ...core.objects import Tuple
from ...ir.unary.term import Term
from ..language.scope import listed
from .morphism import Morphism
from .trees import Mirror, Result, flatten, unflatten

__all__ = ["Function", "settings_with"]

M = TypeVar("M")


class Function:
    """A function of a program, or a derivative of one; made by `pullback.compile` and the transformations.

    Called with one argument per parameter, by position or by name. Arrays are anything NumPy, DLPack or the array
    protocols can show; nothing is narrowed. Results are new C-contiguous arrays, Python numbers, and tuples and NamedTuples
    of them; a gradient has the structure of its argument. Compiled at the first call.

    Raises ArgumentFault for arguments that do not fit, IndexFault for an index out of range in the program."""

    def __init__(self, morphism: Morphism, settings: Settings) -> None:
        self.morphism = morphism
        self.settings = settings
        self.__name__ = self.__qualname__ = morphism.name
        self.__doc__ = str(morphism)
        self._count = len(morphism.parameters)
        self._direct: Callable[..., Any] | None = None
        self._made: dict[Hashable, Any] = {}

    def __repr__(self) -> str:
        return f"<pullback function {self.morphism}>"

    # -- what it is --------------------------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        return self.morphism.name

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters' types by name, as text."""
        return {p.name: str(p.type) for p in self.morphism.parameters}

    @property
    def term(self) -> Term:
        """The closed term in unary form."""
        return self.morphism.term

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature([inspect.Parameter(p.name, kind, annotation=str(p.type))
                                  for p in self.morphism.parameters if p.name.isidentifier()],
                                 return_annotation=str(self.morphism.result_type))

    @cached_property
    def executable(self) -> Executable:
        """The function of wires underneath: flat arguments, a tuple of flat results."""
        m = self.morphism
        return Executable(m.term, self.settings, m.counts, m.labels)

    def as_text(self, stage: str = "unary") -> str:
        """The program at a stage on its way down: unary, graph, loops, lanes, llvm, optimised, asm; or as Python, numba."""
        return self.executable.as_text(stage)

    def with_settings(self, **changes: Any) -> Function:
        """The same function compiled otherwise: `f.with_settings(backend="interpreter")` (see `Settings`)."""
        settings = settings_with(self.settings, changes)
        return self.derived(("settings", settings), lambda: self.morphism, settings)

    def derived(self, key: Hashable, make: Callable[[], Morphism], settings: Settings | None = None) -> Function:
        """The function that a transformation makes of this one, made once for each key."""
        return self.remembered(key, lambda: Function(make(), settings or self.settings))

    def remembered(self, key: Hashable, make: Callable[[], M]) -> M:
        """What ``make`` gives, made once for each key."""
        found: M | None = self._made.get(key)
        return self._made.setdefault(key, make()) if found is None else found

    @property
    def derivatives(self) -> tuple[Function, ...]:
        """The functions made of this one so far, those with other settings included."""
        return tuple(made for made in list(self._made.values()) if isinstance(made, Function))

    # -- calling -----------------------------------------------------------------------------------------------------
    def __call__(self, *args: Any, **named: Any) -> Any:
        try:
            if self._direct is not None and not named and len(args) == self._count:
                return self._direct(*args)
            return self._call(args, named)
        except PullbackError as fault:
            if os.environ.get("PULLBACK_TRACEBACK") == "full":
                raise
            raise fault.with_traceback(None) from None

    def _call(self, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        m = self.morphism
        values = self.arranged(args, named)
        leaves = [leaf for p, v in zip(m.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
        call = self.executable.function
        if self._direct is None and self._is_flat:
            self._direct = call
        results = call(*leaves)
        many = results if len(m.term.results) != 1 else (results,)
        return unflatten(m.result, iter(many), values)

    @cached_property
    def _is_flat(self) -> bool:
        """Whether arguments and results are wires as they stand, so that a call needs nothing of ours."""
        m = self.morphism
        return not any(isinstance(p.type, Tuple) for p in m.parameters) and _is_flat(m.result)

    def arranged(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """The arguments in the order of the parameters. Raises ArgumentFault PB0601 or PB0607."""
        names = self.morphism.names
        if len(args) > len(names):
            raise ArgumentFault("PB0601", f"`{self.name}` takes {_arguments(len(names))}, not {len(args) + len(named)}",
                                hint=f"it is {self.morphism}")
        given = dict(zip(names, args, strict=False))
        for name, value in named.items():
            if name not in names:
                raise ArgumentFault("PB0607", f"`{self.name}` has no parameter `{name}`",
                                    hint=suggestion(name, names) or f"it is {self.morphism}")
            if name in given:
                raise ArgumentFault("PB0607", f"`{name}` of `{self.name}` is given twice")
            given[name] = value
        missing = [name for name in names if name not in given]
        if missing:
            raise ArgumentFault("PB0601", f"`{self.name}` takes {_arguments(len(names))}; {listed(missing)} "
                                f"{'is' if len(missing) == 1 else 'are'} missing", hint=f"it is {self.morphism}")
        return [given[name] for name in names]


def _is_flat(result: Result) -> bool:
    """One wire, or a tuple of other than one: the entry returns one by itself."""
    if isinstance(result, tuple):
        return len(result) != 1 and all(not isinstance(r, tuple) and _is_wire(r) for r in result)
    if isinstance(result, Tuple) and result.names is None:
        return len(result.items) != 1 and not any(isinstance(item, Tuple) for item in result.items)
    return _is_wire(result)


def _is_wire(result: Result) -> bool:
    return not isinstance(result.kind if isinstance(result, Mirror) else result, Tuple)


def _arguments(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}"


def settings_with(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Other settings by name. Raises ArgumentFault PB0607 for a name there is not, PB0609 for a value."""
    known = [f.name for f in fields(Settings)]
    for name in changes:
        if name not in known:
            raise ArgumentFault("PB0607", f"there is no setting `{name}`",
                                hint=suggestion(name, known) or f"the settings are {listed(known)}")
    return replace(settings, **changes)
