"""Productions with blocks of their own: loops, folds, branches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...core.objects import BOOL, I64, Array, Scalar, Wire, array, element, shape
from ...core.semiring import semiring
from ..language import syntax as s
from .growth import MOST, STATE, Growth, Production, Value, raised, size_node, wire_node

LOOPS = 3
"""So many loops may stand inside each other: the interpreter, which is slow, is to run them all."""


# -- parallel loops --------------------------------------------------------------------------------------------------------
def built(g: Growth, wire: Wire) -> Value:
    """An array, all its axes by one loop or the rows by their own."""
    axes = len(shape(wire)) if g.chance() else 1
    with g.inside():
        bounds = shape(wire)[:axes]
        names = [g.index(bound) for bound in bounds]
        body, value = g.body(lambda: g.expression(array(element(wire), shape(wire)[axes:])))
        node = s.Loop("for", g.indices(names, bounds, body), body)
    return replace(value, node=node, wire=wire)


def reduced(g: Growth, wire: Wire) -> Value:
    """A sum, product, maximum, mean over one or two indices; of a sum also an array is the result."""
    kinds = ["sum", "sum", "sum", *(["prod"] if isinstance(wire, Scalar) else [])]
    if g.scalar.is_float:
        kinds += ["mean"] if isinstance(wire, Scalar) else []
        kinds += ["max", "min"] if isinstance(wire, Scalar) and g.grade != "smooth" else []
    kind = g.pick(kinds)
    with g.inside():
        bounds, names, indices = [], [], []
        for _ in range(1 + (kind != "mean" and g.loops + 1 < LOOPS and g.chance(3))):
            bound = g.pick(g.sizes)
            bounds.append(bound)
            names.append(g.index(bound))
        body, value = g.body(lambda: g.expression(wire, STATE))
        indices = list(g.indices(names, bounds, body))
        if g.chance(6) and kind != "mean":
            indices[-1] = s.LoopIndex(names[-1].name, s.Integer(1), size_node(bounds[-1]))
    count = MOST ** len(names)
    bound_of = {"sum": count * value.bound, "prod": raised(max(value.bound, 1.0), count), "mean": np.inf}
    limit = bound_of.get(kind, np.inf)  # of no numbers the mean is NaN, and the maximum infinite
    return replace(value, node=s.Loop(kind, tuple(indices), body), wire=wire, bound=limit)  # type: ignore[arg-type]


def scattered(g: Growth, wire: Wire) -> Value:
    """Values added up where an index sends them."""
    (extent,) = shape(wire)
    with g.inside():
        j, bound = g.index(extent), g.pick(g.sizes)
        with g.inside():
            i = g.index(bound)

            def arriving() -> Value:
                target, sent = g.expression(I64), g.expression(g.scalar, STATE)
                nothing = g.written(0.0)
                return replace(sent, node=s.If(s.Binary("==", target.node, j), sent.node, nothing))

            body, value = g.body(arriving, 0)
            inner = s.Loop("sum", g.indices([i], [bound], body), body)
        node = s.Loop("for", g.indices([j], [extent], inner), inner)
    return replace(value, node=node, wire=wire, bound=MOST * value.bound)


def up_to_a_value(g: Growth, wire: Wire) -> Value | None:
    """A sum over as many elements as a value says."""
    counts = [v for v in reversed(g.scope) if v.wire == I64 and isinstance(v.node, s.Name) and not v.below]
    if not counts:
        return None
    count = g.pick(counts[:2])
    arrays = [v for v in reversed(g.scope) if len(shape(v.wire)) == 1 and element(v.wire) == g.scalar]
    with g.inside():
        i = s.Name(g.fresh("i"))
        upper = s.Call(s.Name("min"), (count.node, s.Integer(3)))
        if not arrays:
            body, value = g.body(lambda: g.expression(g.scalar, STATE), 0)
        else:
            value = g.pick(arrays[:2])
            inside = s.Binary("<", i, size_node(shape(value.wire)[0]))
            body = s.If(inside, s.Index(value.node, (i,)), g.written(1.0))
    node = s.Loop("sum", (s.LoopIndex(i.name, None, upper),), body)
    return replace(value, node=node, wire=wire, bound=MOST * value.bound)


def quantified(g: Growth, wire: Wire) -> Value:
    with g.inside():
        bound = g.pick(g.sizes)
        i = g.index(bound)
        body, value = g.body(lambda: g.expression(BOOL), 1)
        node = s.Loop(g.pick(["all", "any"]), g.indices([i], [bound], body), body)
    return Value(node, BOOL, live=value.live)


def unzipped(g: Growth, wire: Wire) -> Value | None:
    """A loop that gives two arrays, or two sums, at once."""
    with g.inside():
        bound = g.pick([z for z in g.sizes if z.atoms <= g.closed])
        i = g.index(bound)
        other = g.pick([g.scalar, g.scalar, BOOL])
        parts: list[Value] = []

        def pair() -> Value:
            parts.extend((g.expression(g.scalar, STATE), g.expression(other, STATE)))
            return replace(parts[0], node=s.TupleExpression(tuple(p.node for p in parts)))

        body, _ = g.body(pair)
        kind = "for" if isinstance(wire, Array) or other == BOOL else "sum"
        node = s.Loop(kind, g.indices([i], [bound], body), body)  # type: ignore[arg-type]
    made = [replace(p, wire=array(element(p.wire), (bound,)), bound=p.bound) if kind == "for" else
            replace(p, bound=MOST * p.bound) for p in parts]  # fmt: skip
    g.bind_parts(node, made)
    have = g.all(wire)
    return have[0] if have else None


# -- loops with a state ----------------------------------------------------------------------------------------------------
def keeping(g: Growth) -> s.Keeping | None:
    """What the reverse derivative is to keep: seldom but everything."""
    return g.pick([None, None, None, s.Checkpoint(None), s.Checkpoint(s.Integer(2))])


def start(g: Growth, wire: Wire) -> tuple[Value, s.Type | None]:
    """Where a fold starts; a number without a type needs the state's."""
    if isinstance(wire, Scalar) and g.chance():
        return g.literal(wire), wire_node(wire)
    return g.expression(wire, STATE), None


def folded(g: Growth, wire: Wire) -> Value:
    """A fold: the state is of the wire."""
    first, annotation = start(g, wire)
    bound, state = g.pick(g.sizes), s.Name(g.fresh("s"))
    with g.inside():
        i = g.index(bound)
        g.enter(Value(state, wire, STATE, True))
        body, value = g.body(lambda: g.expression(wire, STATE))
        indices = g.indices([i], [bound], body)
    node = s.Fold("fold", s.NamePattern(state.name), annotation, first.node, indices, body, keeping(g))
    return Value(node, wire, STATE, first.live or value.live)


def scanned(g: Growth, wire: Wire) -> Value:
    """The states of a fold of numbers."""
    first, annotation = start(g, g.scalar)
    (bound,), state = shape(wire), s.Name(g.fresh("s"))
    with g.inside():
        i = g.index(bound)
        g.enter(Value(state, g.scalar, STATE, True))
        body, value = g.body(lambda: g.expression(g.scalar, STATE))
        indices = g.indices([i], [bound], body)
    node = s.Fold("scan", s.NamePattern(state.name), annotation, first.node, indices, body)
    return Value(node, wire, STATE, first.live or value.live)


def folded_pair(g: Growth, wire: Wire) -> Value:
    """A fold whose state is a tuple."""
    second = g.pick([g.scalar, *g.array_wires(1)])
    first = [g.expression(wire, STATE), g.expression(second, STATE)]
    bound, names = g.pick(g.sizes), [s.Name(g.fresh("s")) for _ in first]
    parts: list[Value] = []

    def pair() -> Value:
        parts.extend((g.expression(wire, STATE), g.expression(second, STATE)))
        return replace(parts[0], node=s.TupleExpression(tuple(p.node for p in parts)))

    with g.inside():
        i = g.index(bound)
        for name, value in zip(names, first, strict=True):
            g.enter(Value(name, value.wire, STATE, True))
        body, _ = g.body(pair)
        indices = g.indices([i], [bound], body)
    pattern = s.TuplePattern(tuple(s.NamePattern(n.name) for n in names))
    initial = s.TupleExpression(tuple(v.node for v in first))
    node = s.Fold("fold", pattern, None, initial, indices, body, keeping(g))
    live = any(v.live for v in (*first, *parts))
    return g.bind_parts(node, [Value(node, p.wire, STATE, live) for p in parts])[0]


def repeated(g: Growth, wire: Wire) -> Value:
    """A while of at most three trips."""
    first = g.expression(wire, STATE)
    count, state = s.Name(g.fresh("k")), s.Name(g.fresh("s"))
    with g.inside():
        g.scope.append(Value(count, I64))
        g.enter(Value(state, wire, STATE, True))
        going: s.Expression = s.Binary("<", count, s.Integer(g.choices.between(1, 3)))
        if g.grade != "smooth" and g.chance():
            with g.inside():  # what the condition binds by a `let` has no place to stand
                condition = g.expression(BOOL)
                going = going if g.lets else s.Binary("and", going, condition.node)
        body, value = g.body(lambda: _counted(g, count, g.expression(wire, STATE)))
    pattern = s.TuplePattern((s.NamePattern(count.name), s.NamePattern(state.name)))
    annotation = s.TupleType((wire_node(I64), wire_node(wire)))
    node = s.While(pattern, annotation, s.TupleExpression((s.Integer(0), first.node)), going, body, keeping(g))
    return Value(s.Item(node, 1), wire, STATE, first.live or value.live)


def _counted(g: Growth, count: s.Name, value: Value) -> Value:
    return replace(value, node=s.TupleExpression((s.Binary("+", count, s.Integer(1)), value.node)))


def reversible(g: Growth, wire: Wire) -> Value:
    """A fold whose steps can be undone: p, q ↦ p', q + h(p') with p' = p + f(q); without negation, q, p."""
    first = [g.expression(wire, 1.0), g.expression(wire, 1.0)]
    bound, names = g.pick(g.sizes), [s.Name(g.fresh("s")) for _ in range(2)]
    p, q = names
    if semiring(g.scalar).has_negation:
        f, h = _change(g), _change(g)
        before = s.Binary("-", q, h(p))
        after = s.Binary("+", p, f(q))
        step = s.TupleExpression((after, s.Binary("+", q, h(after))))
        undo = s.TupleExpression((s.Binary("-", p, f(before)), before))
    else:
        step = undo = s.TupleExpression((q, p))
    with g.inside():
        i = g.index(bound)
        indices = g.indices([i], [bound], step)
    pattern = s.TuplePattern((s.NamePattern(p.name), s.NamePattern(q.name)))
    node = s.Fold("fold", pattern, None, s.TupleExpression(tuple(v.node for v in first)), indices, step, s.Inverse(undo))
    return g.bind_parts(node, [Value(node, wire, STATE, any(v.live for v in first))] * 2)[0]


def _change(g: Growth) -> Callable[[s.Expression], s.Expression]:
    """A function of the other state. Of floats it is small, so that the state stays moderate."""
    if not g.scalar.is_float:
        return lambda x: s.Binary("*", x, s.Binary("+", x, g.written(1.0)))
    turn, by = g.pick(["sin", "tanh", "cos"]), s.Real(g.pick([8.0, 16.0]))
    of = g.literal(g.scalar).node
    return lambda x: s.Binary("/", s.Call(s.Name(turn), (s.Binary("*", of, x),)), by)


# -- branches --------------------------------------------------------------------------------------------------------------
def branched(g: Growth, wire: Wire) -> Value:
    condition = g.expression(BOOL)
    sides = []
    for _ in range(2):
        with g.inside():
            sides.append(g.body(lambda: g.expression(wire), 1))
    (then, a), (orelse, b) = sides
    return Value(s.If(condition.node, then, orelse), wire, max(a.bound, b.bound), a.live or b.live)


def _some_number(g: Growth, wire: Wire) -> bool:
    return wire == g.scalar and _deep(g, wire)


def _deep(g: Growth, wire: Wire) -> bool:
    return g.depth > 0 and bool(g.sizes) and element(wire) == g.scalar and g.loops < LOOPS


def _closed(g: Growth, wire: Wire) -> bool:
    return _deep(g, wire) and all(z.atoms <= g.closed for z in shape(wire))


def _row(g: Growth, wire: Wire) -> bool:
    return _deep(g, wire) and len(shape(wire)) == 1


PRODUCTIONS = (
    Production("for", 4, lambda g, w: _deep(g, w) and isinstance(w, Array), built),
    Production("reduction", 5, _deep, reduced),
    Production("scatter", 1, _row, scattered),
    Production("sum up to a value", 1, _some_number, up_to_a_value),
    Production("all, any", 1, lambda g, w: w == BOOL and g.depth > 0 and bool(g.sizes), quantified),
    Production("loop with two results", 1, lambda g, w: _deep(g, w) and len(shape(w)) < 2, unzipped),
    Production("fold", 2, _closed, folded),
    Production("scan", 1, lambda g, w: _row(g, w) and _closed(g, w), scanned),
    Production("fold of two states", 1, _closed, folded_pair),
    Production("while", 1, _closed, repeated),
    Production("fold with an inverse", 1, _some_number, reversible),
    Production("if", 2, _deep, branched),
)
