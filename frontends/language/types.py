"""From types as written to core types: names looked up, sizes in normal form; and the signatures of functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ...core.errors import NameFault, SizeFault, Span, TypeFault, suggestion
from ...core.objects import DTYPES, I64, Scalar, Tuple, Type, array, element, shape, wires
from ...core.sizes import Size, atom, size, unify
from . import syntax
from .context import Context
from .scope import Definition, Module, Scope, TypeName, listed, twice, unknown
from .values import Count, Held, Literal, type_of

SCALARS = tuple(k for k in DTYPES if k not in ("z", "sat"))


@dataclass(frozen=True)
class Arrow:
    """The type of a parameter that is a function."""

    parameters: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.parameters))}) -> {self.result}"


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Type | Arrow
    span: Span


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives.

    sizes    its size parameters, in the order in which they first occur
    result   None where it is not written, before elaboration
    counted  the i64 parameters that are used as sizes of the result"""

    name: str
    sizes: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    result: Type | None
    counted: tuple[str, ...] = ()

    def __str__(self) -> str:
        parameters = ", ".join(f"{p.name}: {p.type}" for p in self.parameters)
        return f"{self.name}({parameters})" + (f" -> {self.result}" if self.result is not None else "")


ELSEWHERE = {
    **dict.fromkeys(("float", "double", "real", "number", "float64"), "64-bit floating point is `f64`"),
    **dict.fromkeys(("float32", "single"), "32-bit floating point is `f32`"),
    **dict.fromkeys(("int", "integer", "int64", "long"), "64-bit integers are `i64`"),
    **dict.fromkeys(("z", "sat"), "the modulus is written too: `z<7>`, `sat<4>`"),
}
"""What a scalar is called here that other languages call otherwise."""

LookUp = Callable[[syntax.Name], Size]


@dataclass(frozen=True)
class Resolver:
    """Reads types. ``size_name`` says what a name in a size means; ``within`` are the type names being read."""

    module: Module
    size_name: LookUp
    within: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))

    def type(self, node: syntax.Type) -> Type:
        match node:
            case syntax.NamedType(name):
                return self._named(name, node.span)
            case syntax.ArrayType(inner, sizes):
                return stacked(self.type(inner), tuple(self.size(s) for s in sizes))
            case syntax.TupleType(elements):
                return Tuple(tuple(map(self.type, elements)))
            case syntax.RecordType(fields):
                return self._record(fields)
            case syntax.FunctionType():
                raise TypeFault("PB0305", "a function type stands for a parameter only", node.span,
                                "functions are passed to functions, and neither stored nor returned")

    def parameter(self, node: syntax.Type) -> Type | Arrow:
        if isinstance(node, syntax.FunctionType):
            return Arrow(tuple(map(self.type, node.parameters)), self.type(node.result))
        return self.type(node)

    def _record(self, fields: tuple[syntax.Parameter, ...]) -> Tuple:
        spans: dict[str, Span] = {}
        for entry in fields:
            if entry.name in spans:
                raise twice(entry.name, entry.span, spans[entry.name])
            spans[entry.name] = entry.span
        return Tuple(tuple(self.type(entry.type) for entry in fields), tuple(spans))

    def _named(self, name: str, span: Span) -> Type:
        scalar = scalar_named(name, span)
        if scalar is not None:
            return scalar
        found, module = type_named(self.module, name, span)
        if name in self.within:
            raise NameFault("PB0206", f"the type `{name}` is defined by itself", span, None,
                            [("it is used here first", self.within[name])])
        within = MappingProxyType({**self.within, name: span})
        return Resolver(module, self.size_name, within).type(found.tree.type)

    def size(self, node: syntax.Expression) -> Size:
        """The polynomial a size expression is. Raises SizeFault where it is none."""
        match node:
            case syntax.Integer(value):
                return size(value)
            case syntax.Name():
                return self.size_name(node)
            case syntax.Unary("-", operand):
                return -self.size(operand)
            case syntax.Binary(operator, left, right) if operator in ("+", "-", "*", "//", "%"):
                return self._compound(operator, self.size(left), self.size(right), right.span)
            case syntax.Binary("^", base, syntax.Integer(exponent)):
                result = size(1)
                for _ in range(exponent):
                    result = result * self.size(base)
                return result
        raise SizeFault("PB0407", "a size is made of names, whole numbers and + - * // %", node.span)

    def _compound(self, operator: str, left: Size, right: Size, span: Span) -> Size:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        if right.constant is not None and right.constant <= 0:
            raise SizeFault("PB0407", f"a size is divided by {right}", span, "the divisor is at least 1")
        return left // right if operator == "//" else left % right


def stacked(kind: Type, sizes: tuple[Size, ...]) -> Type:
    """Arrays of a type: of tuples, the tuple of arrays."""
    if isinstance(kind, Tuple):
        return Tuple(tuple(stacked(item, sizes) for item in kind.items), kind.names)
    return array(element(kind), (*sizes, *shape(kind)))


def scalar_named(name: str, span: Span) -> Scalar | None:
    """`f64`, `z<7>`, …; None for a name that is no scalar's. Raises TypeFault for an impossible modulus."""
    if name in SCALARS:
        return Scalar(name)
    if not name.endswith(">"):
        return None
    kind, modulus = name[:-1].split("<")
    try:
        return Scalar(kind, int(modulus))
    except ValueError as problem:
        raise TypeFault("PB0316", str(problem), span) from None


def type_named(module: Module, name: str, span: Span) -> tuple[TypeName, Module]:
    """A named type and the module whose names it is written in. Raises NameFault."""
    *path, last = name.split(".")
    for part in path:
        if part not in module.modules:
            raise unknown(part, span, module.modules, "module")
        module = module.modules[part]
    if last not in module.types:
        meant = suggestion(last, {*SCALARS, *module.types}) or ELSEWHERE.get(last.lower())
        raise NameFault("PB0208", f"unknown type `{name}`", span, meant)
    found = module.types[last]
    return found, found.module or module


# -- in a body ---------------------------------------------------------------------------------------------------------
def resolve(context: Context, node: syntax.Type, scope: Scope) -> Type:
    """A type written in a body: the names in its sizes are values in scope."""
    return Resolver(scope.module, lambda name: _size_in_scope(context, name, scope)).type(node)


def _size_in_scope(context: Context, name: syntax.Name, scope: Scope) -> Size:
    value = scope.names.get(name.name)
    if value is None:
        known = [n for n, v in scope.names.items() if isinstance(v, Count | Literal)]
        raise NameFault("PB0209", f"unknown size `{name.name}`", name.span,
                        suggestion(name.name, known) or "the sizes of the parameters' types are known here")
    if isinstance(value, Literal) and value.size is not None:
        return value.size
    if isinstance(value, Count) or (isinstance(value, Held) and type_of(value) == I64):
        return context.open(value, name.name)
    raise SizeFault("PB0407", f"`{name.name}` is no whole number, and cannot be a size", name.span)


# -- signatures --------------------------------------------------------------------------------------------------------
def signature(definition: Definition, module: Module) -> Signature:
    """The types of a function. A name in the size of a parameter is a size parameter, told at each call."""
    tree = definition.tree
    _distinct(tree)
    seen: dict[str, Span] = {}

    def declare(name: syntax.Name) -> Size:
        seen.setdefault(name.name, name.span)
        return atom(name.name)

    def known(name: syntax.Name) -> Size:
        if name.name in seen or name.name in integers:
            return atom(name.name)
        raise NameFault("PB0209", f"unknown size `{name.name}`", name.span, suggestion(name.name, [*seen, *integers]) or (
            "a size of the result is made of sizes of the parameters, and of i64 parameters"))

    reader = Resolver(module, declare)
    plain = {p.name: reader.type(p.type) for p in tree.parameters if not isinstance(p.type, syntax.FunctionType)}
    integers = [name for name, kind in plain.items() if kind == I64]
    for parameter in tree.parameters:
        if parameter.name in seen:
            raise twice(parameter.name, parameter.span, seen[parameter.name])
    later = Resolver(module, known)
    parameters = tuple(Parameter(p.name, plain[p.name] if p.name in plain else later.parameter(p.type), p.span)
                       for p in tree.parameters)
    result = later.type(tree.result) if tree.result is not None else None
    used = sizes_of(result) if result is not None else frozenset()
    _determined(tuple(plain.values()), seen)
    return Signature(tree.name, tuple(seen), parameters, result, tuple(n for n in integers if n in used))


def _distinct(tree: syntax.Function) -> None:
    spans: dict[str, Span] = {}
    for parameter in tree.parameters:
        if parameter.name in spans:
            raise twice(parameter.name, parameter.span, spans[parameter.name])
        spans[parameter.name] = parameter.span


def sizes_of(kind: Type) -> frozenset[str]:
    """The names in the sizes of a type."""
    return frozenset(a for w in wires(kind) for s in shape(w) for a in s.atoms)


def _determined(kinds: tuple[Type, ...], seen: Mapping[str, Span]) -> None:
    """Each size parameter must follow from the sizes of arguments."""
    extents = [s for kind in kinds for w in wires(kind) for s in shape(w)]
    bound: dict[str, Size] = {}
    solve([(s, s.substitute({a: atom(f"{a}'") for a in s.atoms})) for s in extents], bound, frozenset(seen))
    missing = [name for name in seen if name not in bound]
    if missing:
        names = listed(missing)
        raise SizeFault("PB0406", f"the size {names} cannot be told from the arguments", seen[missing[0]],
                        "let it stand alone somewhere, as in `x: f64[n]`, or pass it as an i64")


def solve(pairs: list[tuple[Size, Size]], bound: dict[str, Size], free: frozenset[str]) -> None:
    """Bind the free names of patterns to what makes them the actual sizes, bare names first. Checks nothing."""
    waiting = sorted(pairs, key=lambda pair: pair[0].name is None)
    while True:
        before = len(bound)
        for pattern, actual in waiting:
            if pattern.atoms & (free - bound.keys()):
                unify(pattern, actual, bound, free)
        if len(bound) == before:
            return

