"""Names and what they mean: the locals of a function, then its module, then what is built in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ...core.errors import NameFault, Span, TypeFault, suggestion
from ...core.operation import Operation
from . import habits, syntax
from .values import Function, Product, Value, describe

NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Module:
    """The names a file defines or imports. Built by the loader, all at once per file, in order of imports."""

    path: str
    tree: syntax.Module
    functions: Mapping[str, Definition]
    types: Mapping[str, TypeName]
    modules: Mapping[str, Module]
    operations: Mapping[str, Operation] = field(default_factory=lambda: MappingProxyType({}))
    """Operations the program was given, that are none of ours."""

    @property
    def tests(self) -> tuple[syntax.Test, ...]:
        return tuple(item for item in self.tree.items if isinstance(item, syntax.Test))


@dataclass(frozen=True, eq=False)
class Definition:
    """A function and the module whose names its text may use; None for the module it is found in. ``rule`` is its reverse
    derivative, where the program gives one."""

    tree: syntax.Function
    module: Module | None = None
    rule: syntax.ReverseRule | None = None


@dataclass(frozen=True, eq=False)
class TypeName:
    """A named type and the module it was written in; None for the module it is found in."""

    tree: syntax.TypeDefinition
    module: Module | None = None


@dataclass(frozen=True)
class Frame:
    """One function being inlined, and the call that asked for it; ``rule``: not its body, but its reverse rule."""

    function: syntax.Function
    call: Span
    rule: bool = False


@dataclass(frozen=True)
class Scope:
    """The names an expression may use. Binding gives a new scope."""

    module: Module
    builtin: Mapping[str, Value]
    names: Mapping[str, Value] = field(default_factory=lambda: NOTHING)
    frames: tuple[Frame, ...] = ()

    def bind(self, names: Mapping[str, Value]) -> Scope:
        return replace(self, names=MappingProxyType({**self.names, **names}))

    def known(self) -> Iterable[str]:
        return {*self.names, *self.module.functions, *self.module.modules, *self.builtin}


def bind(scope: Scope, pattern: syntax.Pattern, value: Value) -> Scope:
    """The scope with the names of a pattern bound to the parts of a value."""
    names: dict[str, Value] = {}
    _match(pattern, value, names, {})
    return scope.bind(names)


def _match(pattern: syntax.Pattern, value: Value, names: dict[str, Value], spans: dict[str, Span]) -> None:
    match pattern:
        case syntax.NamePattern("_"):
            return
        case syntax.NamePattern(name):
            if name in names:
                raise twice(name, pattern.span, spans[name])
            names[name], spans[name] = value, pattern.span
        case syntax.TuplePattern(elements):
            if not isinstance(value, Product) or value.names is not None:
                raise TypeFault("PB0309", f"a tuple of {len(elements)} is taken apart here, but the value is "
                                f"{describe(value)}", pattern.span,
                                "an array is indexed, `x[0]`" if not isinstance(value, Product) else
                                "a record is taken apart by its names: `{" + ", ".join(value.names or ()) + "}`")
            if len(value.items) != len(elements):
                raise TypeFault("PB0309", f"{len(elements)} names for a tuple of {len(value.items)}, {describe(value)}",
                                pattern.span, "`_` stands for a part that is not used")
            for part, item in zip(elements, value.items, strict=True):
                _match(part, item, names, spans)
        case syntax.RecordPattern(fields):
            for entry in fields:
                _match(entry.pattern, take_field(value, entry.name, entry.span), names, spans)


def pattern_names(pattern: syntax.Pattern) -> frozenset[str]:
    """The names a pattern binds."""
    match pattern:
        case syntax.NamePattern(name):
            return frozenset({name})
        case syntax.TuplePattern(elements):
            return frozenset().union(*map(pattern_names, elements))
        case syntax.RecordPattern(fields):
            return frozenset().union(*(pattern_names(f.pattern) for f in fields))


def take_field(value: Value, name: str, span: Span) -> Value:
    """The field of a record."""
    if not isinstance(value, Product) or value.names is None:
        what = "a function" if isinstance(value, Function) else describe(value)
        raise TypeFault("PB0305", f"`.{name}` of {what}, which is no record", span,
                        "the parts of a tuple are counted: `t.0`" if isinstance(value, Product) else habits.field(name))
    if name not in value.names:
        raise NameFault("PB0204", f"there is no field `{name}` in {describe(value)}", span,
                        suggestion(name, value.names) or f"its fields are {listed(value.names)}")
    return value.items[value.names.index(name)]


def twice(name: str, span: Span, first: Span) -> NameFault:
    return NameFault("PB0202", f"`{name}` is defined twice", span, "give one of them another name",
                     [("it is defined here first", first)])


def unknown(name: str, span: Span, candidates: Iterable[str], what: str = "name") -> NameFault:
    return NameFault("PB0201", f"unknown {what} `{name}`", span, habits.name(name) or suggestion(name, candidates))


def listed(names: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1] if quoted else "none"
