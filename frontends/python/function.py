"""Functions as Python calls them: NumPy arrays, numbers and trees in and out, machine code in between."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import fields, replace
from functools import cached_property
from typing import Any, TypeVar

from ...backends.cache import key_of
from ...backends.executable import Executable, Settings
from ...core.collection import no_collection
from ...core.depth import room, too_deep
from ...core.errors import ArgumentFault, PullbackError, suggestion
from ...core.objects import Tuple
from ...ir.unary.term import Term
from ..language.scope import listed
from .face import Face
from .morphism import Morphism
from .record import find_face, keep_face, open_cache
from .trees import Mirror, Result, flatten, unflatten

__all__ = ["OBSERVER", "Function", "settings_with"]

M = TypeVar("M")

Observer = Callable[["Function", Sequence[Any], Mapping[str, Any]], None]

OBSERVER: ContextVar[Observer | None] = ContextVar("OBSERVER", default=None)
"""What looks at each call of a function before it is made, in this context (`debugging.py`)."""


class Function:
    """A function of a program, or a derivative of one; made by `pullback.compile` and the transformations.

    Called with one argument per parameter, by position or by name. Arrays are anything NumPy, DLPack or the array
    protocols can show; nothing is narrowed. Results are new C-contiguous arrays, Python numbers, and tuples and NamedTuples
    of them; a gradient has the structure of its argument. Compiled at the first call.

    Raises ArgumentFault for arguments that do not fit, IndexFault for an index out of range in the program."""

    def __init__(self, face: Face, settings: Settings, recipe: str | None = None,
                 make: Callable[[], Morphism] | None = None) -> None:
        """``recipe`` is a text that decides the function (settings apart); ``make`` gives it where ``face`` has no term."""
        self.face = face
        self.settings = settings
        self.recipe = recipe
        self.__name__ = self.__qualname__ = face.name
        self.__doc__ = str(face)
        self._make = make
        self._count = len(face.parameters)
        self._direct: Callable[..., Any] | None = None
        self._made: dict[Hashable, Any] = {}

    def __repr__(self) -> str:
        return f"<pullback function {self.face}>"

    @cached_property
    def morphism(self) -> Morphism:
        """The function with its term, made when first needed: one that is in the cache is called without."""
        if isinstance(self.face, Morphism):
            return self.face
        assert self._make is not None, "a function without a term says how it is made"
        return self._make()

    # -- what it is --------------------------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        return self.face.name

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters' types by name, as text."""
        return {p.name: str(p.type) for p in self.face.parameters}

    @property
    def term(self) -> Term:
        """The closed term in unary form."""
        return self.morphism.term

    @property
    def __signature__(self) -> inspect.Signature:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return inspect.Signature([inspect.Parameter(p.name, kind, annotation=str(p.type))
                                  for p in self.face.parameters if p.name.isidentifier()],
                                 return_annotation=str(self.face.result_type))

    @cached_property
    def executable(self) -> Executable:
        """The function of wires underneath: flat arguments, a tuple of flat results."""
        face = self.face
        return Executable(lambda: self.morphism.term, self.settings, face.counts, face.labels, self.recipe)

    def as_text(self, stage: str = "unary") -> str:
        """The program at a stage on its way down: unary, graph, loops, schedule, llvm, optimised, asm; or as Python, numba."""
        return self.executable.as_text(stage)

    def with_settings(self, **changes: Any) -> Function:
        """The same function compiled otherwise: `f.with_settings(backend="interpreter")` (see `Settings`)."""
        settings = settings_with(self.settings, changes)
        return self.remembered(settings, lambda: Function(self.face, settings, self.recipe, lambda: self.morphism))

    def derived(self, key: Hashable, make: Callable[[], Morphism]) -> Function:
        """The function that a transformation makes of this one, made once for each key.

        What the key is made of decides the result: words, numbers, functions, and tuples of them."""
        said = _said(key)
        recipe = None if self.recipe is None or said is None else key_of(self.recipe, said)
        return self.remembered(key, lambda: self._derived(recipe, make))

    def _derived(self, recipe: str | None, make: Callable[[], Morphism]) -> Function:
        """From the cache, what is known of a function with that recipe; else the function itself."""
        cache = open_cache() if recipe is not None else None
        face = find_face(cache, recipe) if cache is not None and recipe is not None else None
        if face is None:
            with no_collection(), room(too_deep):
                face = make()
            if cache is not None and recipe is not None:
                keep_face(cache, recipe, face)
        return Function(face, self.settings, recipe, make)

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
        direct = self._direct
        try:
            if (observe := OBSERVER.get()) is not None:
                observe(self, args, named)
            if direct is None or named or len(args) != self._count:
                return self._call(args, named)
            return direct(*args)
        except PullbackError as fault:
            if os.environ.get("PULLBACK_TRACEBACK") == "full":
                raise
            raise fault.with_traceback(None) from None

    def _call(self, args: Sequence[Any], named: Mapping[str, Any]) -> Any:
        face = self.face
        values = self.arranged(args, named)
        leaves = [leaf for p, v in zip(face.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
        call = self.executable.function
        if self._direct is None and self._is_flat:
            self._direct = call
        results = call(*leaves)
        many = results if len(self.executable.signature.outputs) != 1 else (results,)
        return unflatten(face.result, iter(many), values)

    @cached_property
    def _is_flat(self) -> bool:
        """Whether arguments and results are wires as they stand, so that a call needs nothing of ours."""
        face = self.face
        return not any(isinstance(p.type, Tuple) for p in face.parameters) and _is_flat(face.result)

    def arranged(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
        """The arguments in the order of the parameters. Raises ArgumentFault PB0601 or PB0607."""
        names = self.face.names
        if len(args) > len(names):
            raise ArgumentFault("PB0601", f"`{self.name}` takes {_arguments(len(names))}, not {len(args) + len(named)}",
                                hint=f"it is {self.face}")
        given = dict(zip(names, args, strict=False))
        for name, value in named.items():
            if name not in names:
                raise ArgumentFault("PB0607", f"`{self.name}` has no parameter `{name}`",
                                    hint=suggestion(name, names) or f"it is {self.face}")
            if name in given:
                raise ArgumentFault("PB0607", f"`{name}` of `{self.name}` is given twice")
            given[name] = value
        missing = [name for name in names if name not in given]
        if missing:
            raise ArgumentFault("PB0601", f"`{self.name}` takes {_arguments(len(names))}; {listed(missing)} "
                                f"{'is' if len(missing) == 1 else 'are'} missing", hint=f"it is {self.face}")
        return [given[name] for name in names]


def _said(key: Hashable) -> str | None:
    """A text that decides a key of `Function.derived`: a function is said by its recipe. None where there is no such text."""
    match key:
        case Function():
            return key.recipe
        case tuple():
            parts = [_said(part) for part in key]
            return None if None in parts else f"({', '.join(map(str, parts))})"
        case bool() | int() | str() | None:
            return repr(key)
    return None


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
