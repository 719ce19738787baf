"""Productions of numbers, conditions and arrays, element by element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ...core.objects import BOOL, I64, Array, Scalar, Wire, element, shape
from ...core.semiring import semiring
from ..language import syntax as s
from .growth import MODERATE, Growth, Production, Value, inhabited, raised, size_node

SMOOTH: Mapping[str, Callable[[float], float]] = {
    "sin": lambda b: 1.0, "cos": lambda b: 1.0, "tanh": lambda b: 1.0, "sigmoid": lambda b: 1.0, "atan": lambda b: 1.6,
    "erf": lambda b: 1.0, "softplus": lambda b: b + 0.7, "expm1": lambda b: float(np.exp(b)),
    "exp": lambda b: float(np.exp(b)),
}  # fmt: skip
KINKED: Mapping[str, Callable[[float], float]] = {"abs": lambda b: b, "relu": lambda b: b}
STEPPED: Mapping[str, Callable[[float], float]] = {
    "floor": lambda b: b + 1, "ceil": lambda b: b + 1, "round": lambda b: b + 1, "trunc": lambda b: b, "sign": lambda b: 1.0,
}  # fmt: skip
"""Functions of one number by grade, with the bound of the result from that of the argument."""

POSITIVE = ("log", "sqrt", "rsqrt", "log2", "log1p")
"""Functions of what is at least 1; all are below 6 then."""

FEW = ("lgamma",)
"""The same, with rules for some derivatives only."""

_BOUNDED: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a + b, "*": lambda a, b: a * b,
}  # fmt: skip


def call(name: str, *arguments: s.Expression) -> s.Expression:
    return s.Call(s.Name(name), arguments)


# -- numbers and arrays of them --------------------------------------------------------------------------------------------
def arithmetic(g: Growth, wire: Wire) -> Value:
    """A sum, a difference, a product: of numbers, of arrays, or of an array and a number."""
    operators: list[s.BinaryOperator] = ["*", "+", *(["-"] if semiring(g.scalar).has_negation else [])]  # type: ignore[list-item]
    operator = g.pick(operators)
    x = g.expression(wire)
    ways = ["value", "value", "literal", *(["number"] if shape(wire) else [])]
    match g.pick(ways):
        case "literal":
            y = g.literal(g.scalar)
        case "number":
            y = g.expression(g.scalar)
        case _:
            y = g.expression(wire)
    node = s.Binary(operator, *((y.node, x.node) if g.chance(3) else (x.node, y.node)))
    bound = _BOUNDED[operator](x.bound, y.bound) if g.scalar.is_float else MODERATE
    return Value(node, wire, bound, x.live or y.live)


def negated(g: Growth, wire: Wire) -> Value:
    x = g.expression(wire)
    return replace(x, node=s.Unary("-", x.node))


def power(g: Growth, wire: Wire) -> Value:
    """A power with a whole number, which is a product."""
    x, exponent = g.expression(wire, 2.0), g.pick([2, 3])
    return replace(x, node=s.Binary("^", x.node, s.Integer(exponent)), bound=raised(x.bound, exponent))


def function(g: Growth, wire: Wire) -> Value:
    """A function of a real number."""
    table = dict(SMOOTH)
    if g.grade != "smooth":
        table |= KINKED
    if g.grade == "any":
        table |= STEPPED
    name, x = g.pick([*table, *POSITIVE, *(FEW if g.grade == "any" else ())]), g.expression(wire)
    if name in (*POSITIVE, *FEW):
        return replace(x, node=call(name, _positive(x)), bound=6.0)
    return replace(x, node=call(name, x.node), bound=table[name](x.bound))


def quotient(g: Growth, wire: Wire) -> Value:
    x, y = g.expression(wire), g.expression(wire)
    return Value(s.Binary("/", x.node, _positive(y)), wire, x.bound, x.live or y.live)


def _positive(x: Value) -> s.Expression:
    """x + 5, at least 1."""
    return s.Binary("+", x.node, s.Real(5.0))


def winner(g: Growth, wire: Wire) -> Value:
    x, y = g.expression(wire), g.expression(wire)
    return Value(call(g.pick(["max", "min"]), x.node, y.node), wire, MODERATE, x.live or y.live)


def same(g: Growth, wire: Wire) -> Value:
    """1 where two elements of a finite semiring are the same, else 0."""
    x, y = g.expression(wire), g.expression(wire)
    return replace(x, node=call("compare", x.node, y.node), live=x.live or y.live)


def stopped(g: Growth, wire: Wire) -> Value:
    x = g.expression(wire)
    return replace(x, node=call("stop_gradient", x.node))


def from_integer(g: Growth, wire: Wire) -> Value:
    k = g.expression(I64)
    return Value(call(str(g.scalar), k.node), g.scalar, np.inf, k.live)


def read(g: Growth, wire: Wire) -> Value | None:
    """An element of an array, or a row of one with more axes."""
    if isinstance(wire, Scalar):
        arrays = g.arrays()
        return g.element(g.pick(arrays[:4])) if arrays else None
    for v in reversed(g.scope):
        first, *rest = shape(v.wire) or (None,)
        if first is not None and element(v.wire) == g.scalar and tuple(rest) == wire.shape and g.reachable(first):
            return replace(v, node=s.Index(v.node, (g.into(first),)), wire=wire)
    return None


def gathered(g: Growth, wire: Wire) -> Value | None:
    """An element at an index that is a value: behind a condition that the array has elements."""
    arrays = [v for v in reversed(g.scope) if len(shape(v.wire)) == 1 and element(v.wire) == g.scalar]
    if not arrays:
        return None
    x, k = g.pick(arrays[:3]), g.expression(I64)
    extent = size_node(shape(x.wire)[0])
    read = s.Index(x.node, (s.Binary("%", k.node, extent),))
    if inhabited(shape(x.wire)[0]):
        return replace(x, node=read, wire=wire)
    guarded = s.If(s.Binary(">", extent, s.Integer(0)), read, s.Call(s.Name(str(wire)), (s.Integer(1),)))
    return replace(x, node=guarded, wire=wire)


def listed(g: Growth, wire: Wire) -> Value:
    """An array written out."""
    count = int(shape(wire)[0].constant or 0)
    parts = [g.expression(g.scalar) for _ in range(count)]
    bound, live = max(p.bound for p in parts), any(p.live for p in parts)
    return Value(s.ArrayExpression(tuple(p.node for p in parts)), wire, bound, live)


# -- conditions and whole numbers ------------------------------------------------------------------------------------------
def compared(g: Growth, wire: Wire) -> Value:
    """A comparison of indices; of data, except where all must be smooth."""
    if g.grade != "smooth" and not g.chance(3):
        ordered = g.scalar.is_float or g.scalar.kind == "sat"
        x, y = g.expression(g.scalar), g.expression(g.scalar)
        return Value(s.Binary(g.pick(_ORDERS if ordered else _EQUALITIES), x.node, y.node), BOOL, live=x.live or y.live)
    i = g.expression(I64)
    other = g.expression(I64).node if g.chance() else s.Integer(g.choices.between(0, 2))
    return Value(s.Binary(g.pick((*_ORDERS, *_EQUALITIES)), i.node, other), BOOL, live=i.live)


_ORDERS: tuple[s.BinaryOperator, ...] = ("<", ">=", ">", "<=")
_EQUALITIES: tuple[s.BinaryOperator, ...] = ("==", "!=")


def combined(g: Growth, wire: Wire) -> Value:
    x, y = g.expression(BOOL), g.expression(BOOL)
    operator: s.BinaryOperator | None = g.pick(["and", "or", None])
    node = s.Binary(operator, x.node, y.node) if operator else call("xor", x.node, y.node)
    return Value(node, BOOL, live=x.live or y.live)


def asked(g: Growth, wire: Wire) -> Value:
    """Whether a number is finite, or none: they all are finite."""
    x = g.expression(g.scalar)
    return Value(call(g.pick(["is_finite", "is_nan"]), x.node), BOOL, live=x.live)


def denied(g: Growth, wire: Wire) -> Value:
    x = g.expression(BOOL)
    return replace(x, node=s.Unary("not", x.node))


def counted(g: Growth, wire: Wire) -> Value:
    """A whole number: the size of an array, or one reckoned from others."""
    arrays = [v for v in g.scope if isinstance(v.wire, Array)]
    if arrays and g.chance(3):
        x = g.pick(arrays[:3])
        return Value(call("len", x.node), I64, live=False)
    k = g.expression(I64)
    match g.pick(["add", "mod", "mul", "min", "max", "half", "less", "bits", "shift", "flipped"]):
        case "less":
            node: s.Expression = s.Binary("-", k.node, s.Integer(2))
        case "bits":
            node = call(g.pick(["bitand", "bitor", "bitxor"]), k.node, g.pick([s.Integer(5), g.leaf(I64).node]))
        case "shift":
            node = call(g.pick(["shr", "shl"]), k.node, s.Integer(g.pick([1, 3, 63])))
        case "flipped":
            node = call("bitnot", k.node)
        case "add":
            node = s.Binary("+", k.node, s.Integer(1))
        case "mod":
            node = s.Binary("%", k.node, s.Integer(3))
        case "mul":
            node = s.Binary("*", k.node, s.Integer(2))
        case "half":
            node = s.Binary("//", k.node, s.Integer(2))
        case name:
            node = call(name, k.node, s.Integer(2))
    return Value(node, I64, live=k.live)


def chosen_place(g: Growth, wire: Wire) -> Value | None:
    """Where the largest of some numbers is."""
    with g.inside():
        bound = g.pick(g.sizes)
        i = g.index(bound)
        body, value = g.body(lambda: g.expression(g.scalar))
        node = s.Loop(g.pick(["argmax", "argmin"]), g.indices([i], [bound], body), body)
    return Value(node, I64, live=value.live)


def _number(g: Growth, wire: Wire) -> bool:
    return wire == g.scalar


def _numbers(g: Growth, wire: Wire) -> bool:
    return element(wire) == g.scalar


def _reals(g: Growth, wire: Wire) -> bool:
    return element(wire) == g.scalar and g.scalar.is_float


def _short(g: Growth, wire: Wire) -> bool:
    return element(wire) == g.scalar and len(shape(wire)) == 1 and (shape(wire)[0].constant or 0) > 0


def _comparable(g: Growth, wire: Wire) -> bool:
    return wire == I64 and g.grade == "any" and g.scalar.is_float and g.depth > 0 and bool(g.sizes)


PRODUCTIONS = (
    Production("arithmetic", 4, _numbers, arithmetic),
    Production("power", 1, _numbers, power),
    Production("negation", 1, lambda g, w: _numbers(g, w) and semiring(g.scalar).has_negation, negated),
    Production("function", 3, _reals, function),
    Production("quotient", 1, _reals, quotient),
    Production("read", 3, _numbers, read),
    Production("gather", 1, _number, gathered),
    Production("array written out", 1, _short, listed),
    Production("max and min", 1, lambda g, w: _reals(g, w) and g.grade != "smooth", winner),
    Production("compare", 1, lambda g, w: _numbers(g, w) and g.scalar.kind in ("z", "sat") and g.grade != "smooth", same),
    Production("stop_gradient", 1, lambda g, w: _numbers(g, w) and g.grade != "smooth", stopped),
    Production("cast", 1, lambda g, w: _number(g, w) and g.scalar.is_float, from_integer),
    Production("comparison", 4, lambda g, w: w == BOOL, compared),
    Production("is_finite", 1, lambda g, w: w == BOOL and g.scalar.is_float and g.grade != "smooth", asked),
    Production("and, or, xor", 1, lambda g, w: w == BOOL, combined),
    Production("not", 1, lambda g, w: w == BOOL, denied),
    Production("whole number", 2, lambda g, w: w == I64, counted),
    Production("argmax", 4, _comparable, chosen_place),
)
