"""Loops whose iterations know nothing of each other: `for`, and the reductions `sum`, `prod`, `max`, …, `mean`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.errors import SizeFault, Span, TypeFault
from ...core.objects import BOOL, I64, Array, Scalar, Type, array, element
from ...core.operations import OPERATIONS
from ...core.sizes import ONE, Size
from ...ir.unary import term as t
from . import syntax
from .arithmetic import over_arrays
from .context import Context, at_least_zero
from .fitting import fit, positions, rebuilt, settle
from .scope import Scope
from .subscripts import inferred
from .values import (
    Count,
    Held,
    Leaf,
    Literal,
    Product,
    Value,
    describe,
    has_function,
    leaves,
    map_leaves,
    object_of,
    type_of,
)

ORDERS = ("max", "min", "argmax", "argmin")


@dataclass(frozen=True)
class Range:
    """Where an index runs: from ``low``, ``count`` times."""

    low: Count | Held | None
    count: Size


def range_of(context: Context, index: syntax.LoopIndex, body: syntax.Body, scope: Scope) -> Range:
    """The bounds written, or those told from the uses of the index in the body."""
    if index.upper is None:
        return Range(None, inferred(context, index, body, scope))
    high = bound_of(context, index.upper, scope)
    if index.lower is None:
        return Range(None, context.open(high, _hint(index.upper)))
    low = bound_of(context, index.lower, scope)
    if isinstance(low, Count) and isinstance(high, Count):
        return Range(low, at_least_zero(high.size - low.size))
    difference = context.builder.apply("sub", context.hold(high), context.hold(low))
    return Range(low, context.open(Held(difference, I64), "range"))


def _hint(bound: syntax.Expression) -> str:
    return bound.name if isinstance(bound, syntax.Name) else "count"


def bound_of(context: Context, node: syntax.Expression, scope: Scope, what: str = "the bound of the range") -> Count | Held:
    """An expression that must be an i64."""
    value = context.evaluate(node, scope, I64)
    if isinstance(value, Literal) and value.size is not None:
        return Count(value.size)
    fitted = fit(context, value, I64, node.span, what)
    assert isinstance(fitted, Count | Held)
    return fitted


def shifted(context: Context, index: Count, low: Count | Held | None) -> Count | Held:
    """The index as the body sees it."""
    match low:
        case None:
            return index
        case Count():
            return Count(index.size + low.size) if low.size else index
        case Held():
            return Held(context.builder.apply("add", low.position, context.hold(index)), I64)


# -- for, sum, … -------------------------------------------------------------------------------------------------------
def loop(context: Context, node: syntax.Loop, scope: Scope, want: Type | None) -> Value:
    if node.kind == "mean":
        return _mean(context, node, scope, want)
    if node.kind in ("argmax", "argmin") and len(node.indices) > 1:
        raise TypeFault("PB0315", f"`{node.kind}` over several indices", node.indices[1].span,
                        "an index is one number: take it over one axis at a time")
    nest = Nest(context, node, scope, want)
    value, _ = nest.run()
    return value


@dataclass
class Nest:
    """A perfect nest over the indices of a loop. Closing literals in the body is noticed, so that a reduction of open
    literals is itself one: it is taken back, and run again when the type is known."""

    context: Context
    node: syntax.Loop
    scope: Scope
    want: Type | None
    body: Value | None = None

    def run(self) -> tuple[Value, list[Size]]:
        context, node = self.context, self.node
        if self.want is not None:
            return self._emit()
        mark = context.mark()
        value, counts = self._emit()
        if isinstance(self.body, Literal) and node.kind not in ("argmax", "argmin"):
            sizes = (*(counts if node.kind == "for" else ()), *self.body.shape)
            if all(s.atoms <= mark.atoms for s in sizes):
                context.take_back(mark)
                return Literal(self.body.least, context.once(self._again), shape=sizes), counts
        return value, counts

    def _again(self, object: Scalar) -> int:
        return self.context.hold(_only(Nest(self.context, self.node, self.scope, object).run()[0]))

    def _emit(self) -> tuple[Value, list[Size]]:
        counts: dict[int, Size] = {}
        results = self._level(0, self.scope, counts)
        assert self.body is not None
        if self.node.kind in ("argmax", "argmin"):
            return Held(results[0], I64), list(counts.values())
        return rebuilt(self.context, self.body, iter(results)), list(counts.values())

    def _level(self, depth: int, scope: Scope, counts: dict[int, Size]) -> Sequence[int]:
        context, node = self.context, self.node
        if depth == len(node.indices):
            return self._innermost(scope)
        index = node.indices[depth]
        with context.at(index.span):
            within = range_of(context, index, rest(node, depth), scope)
        counts[depth] = within.count

        def body(position: Count, carries: tuple[int, ...]) -> Sequence[int]:
            seen = shifted(context, position, within.low)
            return self._level(depth + 1, scope.bind({index.name: seen}), counts)

        kind = "build" if node.kind == "for" else node.kind
        results = context.loop(index.name, within.count, (), kind, body)
        if node.kind in ("argmax", "argmin") and within.low is not None:
            return [context.hold(shifted_by(context, results[0], within.low))]
        return results

    def _innermost(self, scope: Scope) -> Sequence[int]:
        context, node = self.context, self.node
        want = inner_want(self.want, len(node.indices)) if node.kind == "for" else self.want
        if node.kind in ("argmax", "argmin"):
            want = None
        value = context.evaluate(node.body, scope, want)
        self.body = value
        settled = settle(context, value, want)
        check_reducible(context, node.kind, settled, syntax.result_span(node.body))
        return positions(context, settled)


def rest(node: syntax.Loop | syntax.Fold, depth: int) -> syntax.Body:
    """What may use the index at ``depth``: the body, and the bounds of the indices after it."""
    inner = node.indices[depth + 1:]
    return node.body if all(i.upper is None for i in inner) else syntax.Loop("for", inner, node.body, span=node.span)


def shifted_by(context: Context, position: int, low: Count | Held) -> Held:
    return Held(context.builder.apply("add", position, context.hold(low)), I64)


def inner_want(want: Type | None, depth: int) -> Type | None:
    """The hint for the elements of an array; only the scalar matters."""
    if want is None or isinstance(want, Scalar):
        return want
    return element(want) if isinstance(want, Array) else want


def check_reducible(context: Context, kind: str, value: Value, span: Span) -> None:
    """Raises TypeFault for what the loop cannot gather."""
    if has_function(value):
        raise TypeFault("PB0305", f"a loop gathers numbers, and its body is {describe(value)}", span)
    if kind in ("for", "sum"):
        return
    for leaf in leaves(value):
        have = type_of(leaf)
        object = object_of(leaf)
        assert object is not None
        if not isinstance(have, Scalar):
            raise TypeFault("PB0315", f"`{kind}` of arrays `{have}`", span, "loop over their axes too: "
                            f"`for j: {kind} i: x[i, j]`, or `{kind} i, j: x[i, j]`")
        if kind in ("all", "any") and have != BOOL:
            raise TypeFault("PB0315", f"`{kind}` asks for bool, and this is `{have}`", span, "compare it: `x[i] > 0`")
        if kind in ORDERS:
            if isinstance(value, Product) and kind in ("argmax", "argmin"):
                raise TypeFault("PB0315", f"`{kind}` of a tuple", span)
            try:
                OPERATIONS["max"].typing([object, object], None)
            except ValueError:
                raise TypeFault("PB0315", f"`{kind}` of `{object}`, which is not ordered", span) from None


def _mean(context: Context, node: syntax.Loop, scope: Scope, want: Type | None) -> Value:
    total = syntax.Loop("sum", node.indices, node.body, span=node.span)
    nest = Nest(context, total, scope, want)
    value, counts = nest.run()
    inner = {index.name for index in node.indices}
    count = ONE
    for c in counts:
        if not c.atoms <= context.builder.atoms or {a.split("'")[0] for a in c.atoms} & inner:
            raise SizeFault("PB0405", "the mean over a range that depends on another index of the same loop", node.span,
                            "write the sum, and divide it by the number of terms")
        count = count * c

    def divide(leaf: Leaf) -> Value:
        if isinstance(leaf, Literal):
            def build(object: Scalar) -> int:
                total = Held(leaf.build(object), array(object, leaf.shape))
                return context.hold(_only(divide(total)))
            return Literal("real", context.once(build), shape=leaf.shape)
        object = object_of(leaf)
        assert object is not None
        if not object.is_float:
            raise TypeFault("PB0315", f"`mean` of `{type_of(leaf)}`", syntax.result_span(node.body),
                            f"a mean is a real number: `mean {node.indices[0].name}: f64(…)`")
        size = _sized(context, count, object)
        return over_arrays(context, [context.hold(leaf)], [leaf], [node.span], node.span,
                           lambda args: context.builder.apply("div", args[0], size))

    with context.at(node.span):
        return map_leaves(divide, value)


def _only(value: Value) -> Leaf:
    (leaf,) = leaves(value)
    return leaf


def _sized(context: Context, count: Size, object: Scalar) -> int:
    position = context.builder.one(t.Extent(count))
    return context.builder.apply("cast", position, to=object)
