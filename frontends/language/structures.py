"""Arrays and records: indexing, `[a, b]` and `Point{x: 1}`."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import IndexFault, NameFault, Span, TypeFault, suggestion
from ...core.objects import I64, Array, Tuple, Type, shape
from ...core.objects import array as array_of
from ...core.sizes import ONE, ZERO, size
from . import syntax
from .context import Context
from .fitting import common, fit, rebuilt, settle
from .scope import Module, Scope, listed
from .types import Resolver, type_named
from .values import (
    Count,
    Function,
    Held,
    Literal,
    Product,
    Value,
    describe,
    has_function,
    hint_object,
    leaves,
    like,
    map_leaves,
    shape_of,
    type_of,
    wanted,
)


# -- arrays ------------------------------------------------------------------------------------------------------------
def indexed(context: Context, node: syntax.Index, scope: Scope) -> Value:
    value = context.evaluate(node.array, scope)
    if isinstance(value, Function) or not all(map(shape_of, leaves(value))) or not list(leaves(value)):
        hint = "the parts of a tuple are counted with a dot: `t.0`" if isinstance(value, Product) else None
        raise TypeFault("PB0306", f"{describe(value)} is indexed, which is no array", node.array.span, hint)
    for subscript in node.indices:
        index = _subscript(context, subscript, scope)
        value = map_leaves(lambda leaf: _row(context, leaf, index, subscript.span, node), value)  # noqa: B023
    return value


def _subscript(context: Context, node: syntax.Expression, scope: Scope) -> Count | Held:
    value = context.evaluate(node, scope, I64)
    if isinstance(value, Literal) and value.size is not None:
        return Count(value.size)
    fitted = fit(context, value, I64, node.span, "an index")
    assert isinstance(fitted, Held | Count)
    return fitted


def _row(context: Context, leaf: Held | Count | Literal, index: Count | Held, span: Span, node: syntax.Index) -> Value:
    if not shape_of(leaf):
        count = f"{len(node.indices)} {'index' if len(node.indices) == 1 else 'indices'}"
        raise TypeFault("PB0306", f"{count}, which is more than the array has axes", node.span)
    extent, *rest = shape_of(leaf)
    if isinstance(index, Count) and not context.depth:  # inside a block the place may never be reached
        above, below = (index.size - extent).constant, index.size.constant
        if (above is not None and above >= 0) or (below is not None and below < 0):
            raise IndexFault("PB0701", f"index {index.size} of an axis of size {extent}", span,
                             f"indices run from 0 to {extent - 1}")
    if isinstance(leaf, Literal):
        array = leaf.build
        build = context.once(lambda object: context.builder.index(array(object), context.hold(index)))
        return Literal(leaf.least, build, shape=tuple(rest))
    position = context.builder.index(context.hold(leaf), context.hold(index))
    return Held(position, context.builder.wires[position])


def array(context: Context, node: syntax.ArrayExpression, scope: Scope, want: Type | None) -> Value:
    """`[a, b, c]`: the loop that gives its i-th element, each a choice between the elements."""
    if not node.elements:
        if not isinstance(want, Array):
            raise TypeFault("PB0314", "the type of an empty array cannot be told", node.span,
                            "give it one: `let x: f64[0] = []`")
        empty = Array(want.element, (ZERO, *want.shape[1:]))
        return Held(context.builder.zero(empty), empty)
    values = [context.evaluate(e, scope, hint_object(want)) for e in node.elements]
    spans = [e.span for e in node.elements]
    model = values[0]
    for value, span in zip(values, spans, strict=True):
        if has_function(value):
            raise TypeFault("PB0305", f"an array of {describe(value)}", span)
        common(model, value, span, ("the first element", "this one"), hint_object(want), "PB0317")
        if isinstance(model, Literal) and (not isinstance(value, Literal) or value.least == "real"):
            model = value
    if isinstance(model, Literal):
        build = lambda object: _filled(context, values, spans, array_of(object, model.shape))[0]  # noqa: E731
        return Literal(model.least, context.once(build), shape=(size(len(values)), *model.shape))
    kind = type_of(settle(context, model, want))
    return rebuilt(context, like(kind), iter(_filled(context, values, spans, kind)))


def _filled(context: Context, values: Sequence[Value], spans: Sequence[Span], kind: Type) -> list[int]:
    """The wires of an array whose elements are the values, each made to fit the type."""
    fitted = [fit(context, v, kind, span, "this element") for v, span in zip(values, spans, strict=True)]
    columns = zip(*([context.held(leaf) for leaf in leaves(v)] for v in fitted), strict=True)
    return [_stacked(context, list(column)) for column in columns]


def _stacked(context: Context, column: Sequence[Held]) -> int:
    builder = context.builder

    def choose(index: int, parts: Sequence[int], sizes: int) -> int:
        if sizes:
            extent = shape(builder.wires[parts[0]])[0]

            def body(inner: Count, _: tuple[int, ...]) -> Sequence[int]:
                at = context.hold(inner)
                return [choose(index, [builder.index(p, at) for p in parts], sizes - 1)]

            return context.loop("j", extent, (), "build", body)[0]
        chosen = parts[-1]
        for k in range(len(parts) - 2, -1, -1):
            here = builder.apply("eq", index, builder.constant(k, I64))
            chosen = builder.apply("select", here, parts[k], chosen)
        return chosen

    parts = [held.position for held in column]
    rank = len(shape(column[0].kind))
    if len(parts) == 1:
        return context.loop("i", ONE, (), "build", lambda index, _: [parts[0]])[0]
    return context.loop("i", size(len(parts)), (), "build",
                        lambda index, _: [choose(context.hold(index), parts, rank)])[0]


# -- records -----------------------------------------------------------------------------------------------------------
def record(context: Context, node: syntax.RecordExpression, scope: Scope, want: Type | None) -> Value:
    spans: dict[str, Span] = {}
    for entry in node.fields:
        if entry.name in spans:
            raise NameFault("PB0202", f"the field `{entry.name}` is given twice", entry.span, None,
                            [("it is given here first", spans[entry.name])])
        spans[entry.name] = entry.span
    if node.type is None:
        values = tuple(context.evaluate(f.value, scope, wanted(want, f.name)) for f in node.fields)
        return Product(values, tuple(f.name for f in node.fields))
    found, module = type_named(scope.module, node.type, node.span)
    declared = found.tree.type
    if not isinstance(declared, syntax.RecordType):
        raise TypeFault("PB0312", f"`{node.type}` is no record type", node.span)
    _same_fields(node, [f.name for f in declared.fields])
    given = {f.name: f for f in node.fields}
    items = tuple(_declared_field(context, module, f, given[f.name], scope) for f in declared.fields)
    return Product(items, tuple(f.name for f in declared.fields))


def _same_fields(node: syntax.RecordExpression, expected: Sequence[str]) -> None:
    for entry in node.fields:
        if entry.name not in expected:
            raise NameFault("PB0204", f"`{node.type}` has no field `{entry.name}`", entry.span,
                            suggestion(entry.name, expected) or f"its fields are {listed(expected)}")
    missing = [n for n in expected if n not in {f.name for f in node.fields}]
    if missing:
        raise TypeFault("PB0312", f"the field{'s' * (len(missing) > 1)} {listed(missing)} of `{node.type}` "
                        f"{'are' if len(missing) > 1 else 'is'} missing", node.span)


def _declared_field(context: Context, module: Module, field: syntax.Parameter, given: syntax.Keyword,
                    scope: Scope) -> Value:
    """The value of a field of a named record type: its scalars are those declared; its sizes are its own."""
    kind = Resolver(module, lambda _: ONE).type(field.type)
    value = context.evaluate(given.value, scope, kind)
    if isinstance(kind, Tuple) or shape(kind):
        return settle(context, value, kind)
    return fit(context, value, kind, given.value.span, f"the field `{field.name}`")

