"""Productions that take functions: helpers that are called, passed on, differentiated, and given rules of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.objects import Scalar, Wire, array, element, shape
from ...core.sizes import Size, atom
from ..language import syntax as s
from .growth import MODERATE, Growth, Production, Value, block, wire_node


@dataclass(frozen=True)
class Helper:
    """A function of the program, one number or array to a number."""

    name: s.Name
    parameters: tuple[Wire, ...]
    result: Wire
    bound: float


def helper(g: Growth, parameters: Sequence[Wire], result: Wire, grade: str) -> Helper:
    """A new function, closed: it knows its parameters only. Its arguments must be moderate."""
    name = s.Name(g.fresh("g"))
    held = g.scope, g.sizes, g.closed
    g.scope, g.sizes = [], []
    g.closed = frozenset(a for w in parameters for z in shape(w) for a in z.atoms)
    try:
        with g.inside(grade):
            names = [s.Name(g.fresh("x")) for _ in parameters]
            for parameter, wire in zip(names, parameters, strict=True):
                g.enter(Value(parameter, wire))
            body, value = g.body(lambda: g.expression(result))
    finally:
        g.scope, g.sizes, g.closed = held
    given = tuple(s.Parameter(p.name, wire_node(w)) for p, w in zip(names, parameters, strict=True))
    g.items.append(s.Function(name.name, given, wire_node(result), body))
    return Helper(name, tuple(parameters), result, value.bound)


def arguments(g: Growth, function: Helper, extents: dict[str, Size]) -> list[Value]:
    """Moderate values for the parameters, at sizes of here."""
    wires = [array(element(w), tuple(z.substitute(extents) for z in shape(w))) for w in function.parameters]
    return [g.expression(w) for w in wires]


def _signature(g: Growth) -> tuple[list[Wire], dict[str, Size]]:
    """Parameters of a helper, and what their sizes are here."""
    known = [z for z in g.sizes if z.atoms <= g.closed]
    number, row = g.scalar, array(g.scalar, (atom("p"),))
    options: list[list[Wire]] = [[number], [number, number], *([[row], [row, number], [row, row]] if known else [])]
    wires = g.pick(options)
    return wires, {"p": g.pick(known)} if any(map(shape, wires)) else {}


def _grade(g: Growth) -> str:
    """Of what is differentiated."""
    return g.pick(["smooth", "formal"]) if g.grade != "smooth" else "smooth"


def _apply(f: s.Expression, values: Sequence[Value]) -> s.Expression:
    return s.Call(f, tuple(v.node for v in values))


# -- calls -----------------------------------------------------------------------------------------------------------------
def called(g: Growth, wire: Wire) -> Value:
    wires, extents = _signature(g)
    f = helper(g, wires, g.scalar, g.grade)
    values = arguments(g, f, extents)
    return Value(_apply(f.name, values), wire, f.bound, any(v.live for v in values))


def with_record(g: Growth, wire: Wire) -> Value:
    """A function of a record, and a record for it."""
    name, record = s.Name(g.fresh("g")), s.Name(g.fresh("r"))
    kind = g.fresh("Pair")
    fields = tuple(s.Parameter(label, wire_node(g.scalar)) for label in "ab")
    g.items.append(s.TypeDefinition(kind, s.RecordType(fields)))
    held = g.scope, g.sizes, g.closed
    g.scope, g.sizes, g.closed = [], [], frozenset()
    try:
        with g.inside():
            for label in "ab":
                g.enter(Value(s.Field(record, label), g.scalar))
            body, value = g.body(lambda: g.expression(g.scalar))
    finally:
        g.scope, g.sizes, g.closed = held
    g.items.append(s.Function(name.name, (s.Parameter(record.name, s.NamedType(kind)),), wire_node(g.scalar), body))
    parts = [g.expression(g.scalar), g.expression(g.scalar)]
    given = s.RecordExpression(kind if g.chance() else None,
                               tuple(s.Keyword(label, p.node) for label, p in zip("ab", parts, strict=True)))  # fmt: skip
    return Value(s.Call(name, (given,)), wire, value.bound, any(p.live for p in parts))


def literal_function(g: Growth, wire: Wire, grade: str) -> tuple[s.Lambda, Value]:
    """`fn t: …` from a wire to a number; it may read what is in scope."""
    t = s.Name(g.fresh("t"))
    with g.inside(grade):
        g.enter(Value(t, wire))
        body, value = g.body(lambda: g.expression(g.scalar), 1)
    return s.Lambda((s.NamePattern(t.name),), body), value


def _function(g: Growth, grade: str) -> tuple[s.Expression, bool]:
    """A function of one moderate number that gives one, and whether it reads parameters."""
    if g.chance():
        f = helper(g, [g.scalar], g.scalar, grade)
        if f.bound <= MODERATE:
            return f.name, False
    function, value = literal_function(g, g.scalar, grade)
    if g.scalar.is_float and value.bound > MODERATE:
        result = function.body.result if isinstance(function.body, s.Block) else function.body
        lets = function.body.bindings if isinstance(function.body, s.Block) else ()
        function = replace(function, body=block(lets, g.tame(replace(value, node=result)).node))
    return function, value.live


def second_order(g: Growth, wire: Wire) -> Value:
    """A function passed to one of ours: `twice` for a number, `map` for an array."""
    number, (kind, body) = wire_node(g.scalar), _TAKERS[bool(shape(wire))]
    f, live = _function(g, g.grade)
    x = g.expression(wire)
    name = kind
    if not any(isinstance(i, s.Function) and i.name == name for i in g.items):
        given = array(g.scalar, (atom("p"),)) if shape(wire) else g.scalar
        parameters = (s.Parameter("h", s.FunctionType((number,), number)), s.Parameter("x", wire_node(given)))
        g.items.append(s.Function(name, parameters, wire_node(given), body))
    return Value(s.Call(s.Name(name), (f, x.node)), wire, MODERATE, live or x.live)


_H, _X, _I = s.Name("h"), s.Name("x"), s.Name("i")
_TAKERS: tuple[tuple[str, s.Expression], tuple[str, s.Expression]] = (
    ("twice", s.Call(_H, (s.Call(_H, (_X,)),))),
    ("map", s.Loop("for", (s.LoopIndex("i"),), s.Call(_H, (s.Index(_X, (_I,)),)))),
)


def ruled(g: Growth, wire: Wire) -> Value:
    """A function with a reverse rule of its own, which is right: it is the derivative of the same without a rule."""
    f = helper(g, [g.scalar], g.scalar, _grade(g))
    name, x = s.Name(g.fresh("g")), s.Name("x")
    number = wire_node(g.scalar)
    g.items.append(s.Function(name.name, (s.Parameter("x", number),), number, s.Call(f.name, (x,))))
    slope = s.Call(s.Call(s.Name("grad"), (f.name,)), (x,))
    g.items.append(s.ReverseRule(name.name, (s.NamePattern("x"), s.NamePattern("dy")), s.Binary("*", s.Name("dy"), slope)))
    v = g.expression(wire)
    return Value(s.Call(name, (v.node,)), wire, f.bound, v.live)


# -- derivatives -----------------------------------------------------------------------------------------------------------
def gradient(g: Growth, wire: Wire) -> Value:
    """The gradient of a function written on the spot, which reads what is around it."""
    f, value = literal_function(g, wire, _grade(g))
    x = g.expression(wire)
    return Value(s.Call(s.Call(s.Name("grad"), (f,)), (x.node,)), wire, np.inf, value.live or x.live)


def of_helper(g: Growth, wire: Wire) -> Value | None:
    """A derivative of a helper: by the parameter that is like the wire wanted."""
    way = g.pick(["grad", "value_and_grad", "vjp", "reverse", "jvp"])
    if way == "jvp" and shape(wire):
        way = "vjp"
    parameters: list[Wire] = [array(g.scalar, (atom("p"),)) if shape(wire) else g.scalar, g.scalar]
    f = helper(g, parameters[: 1 + g.chance()], g.scalar, _grade(g))
    extents = dict(zip(("p",), shape(wire), strict=False))
    values = arguments(g, f, extents)
    live = any(v.live for v in values)
    derived: Callable[..., s.Expression] = lambda *more: s.Call(  # noqa: E731
        s.Call(s.Name(way), (f.name,)), (*(v.node for v in values), *more))  # fmt: skip
    change = g.expression(g.scalar) if way in ("vjp", "reverse", "jvp") else None
    node = derived(*([change.node] if change else []))
    if way == "reverse":
        return Value(s.Item(node, 0) if len(values) > 1 else node, wire, np.inf, live)
    return Value(node if way == "grad" else s.Item(node, 1), wire, np.inf, live)


def second_derivative(g: Growth, wire: Wire) -> Value:
    """The derivative of a derivative, or by `hessian`."""
    grade = _grade(g)
    f = helper(g, [g.scalar], g.scalar, grade)
    x = g.expression(wire)
    if g.chance():
        node: s.Expression = s.Call(s.Call(s.Name("hessian"), (f.name,)), (x.node,))
    else:
        node = s.Call(s.Call(s.Name("grad"), (s.Call(s.Name("grad"), (f.name,)),)), (x.node,))
    return Value(node, wire, np.inf, x.live)


def _number(g: Growth, wire: Wire) -> bool:
    return g.depth > 0 and wire == g.scalar


def _row(g: Growth, wire: Wire) -> bool:
    return g.depth > 0 and element(wire) == g.scalar and len(shape(wire)) < 2 and all(z.atoms <= g.closed for z in shape(wire))


PRODUCTIONS = (
    Production("call", 2, _number, called),
    Production("record", 1, _number, with_record),
    Production("function as argument", 1, _row, second_order),
    Production("reverse rule", 1, _number, ruled),
    Production("gradient", 2, _row, gradient),
    Production("derivative of a function", 2, _row, of_helper),
    Production("second derivative", 1, lambda g, w: _number(g, w) and isinstance(w, Scalar), second_derivative),
)
