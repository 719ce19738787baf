"""Arrays and records: indexing, `[a, b]` and `Point{x: 1}`."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import IndexFault, NameFault, Span, TypeFault, suggestion
from ...core.objects import I64, Array, Tuple, Type, shape
from ...core.sizes import ONE, ZERO, size
from . import syntax
from .context import Context
from .fitting import closed, common, fit, rebuilt, settle
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
    if not isinstance(leaf, Held) or not isinstance(leaf.kind, Array):
        raise TypeFault("PB0306", f"{len(node.indices)} indices, which is more than the array has axes", node.span)
    extent = leaf.kind.shape[0]
    if isinstance(index, Count):
        above, below = (index.size - extent).constant, index.size.constant
        if (above is not None and above >= 0) or (below is not None and below < 0):
            raise IndexFault("PB0701", f"index {index.size} of an axis of size {extent}", span,
                             f"indices run from 0 to {extent - 1}")
    position = context.builder.index(leaf.position, context.hold(index))
    return Held(position, context.builder.wires[position])


def array(context: Context, node: syntax.ArrayExpression, scope: Scope, want: Type | None) -> Value:
    """`[a, b, c]`: the loop that gives its i-th element, each a choice between the elements."""
    hint = hint_object(want)
    if not node.elements:
        if not isinstance(want, Array):
            raise TypeFault("PB0314", "the type of an empty array cannot be told", node.span,
                            "give it one: `let x: f64[0] = []`")
        return Held(context.builder.zero(Array(want.element, (ZERO, *want.shape[1:]))),
                    Array(want.element, (ZERO, *want.shape[1:])))
    values = [context.evaluate(e, scope, hint) for e in node.elements]
    model = values[0]
    for value, element_ in zip(values[1:], node.elements[1:], strict=True):
        if has_function(value):
            raise TypeFault("PB0305", f"an array of {describe(value)}", element_.span)
        kind = common(model, value, element_.span, ("the first element", "this one"), want and hint, "PB0317")
        if not isinstance(model, Literal) or not isinstance(value, Literal) or value.least == "real":
            model = value if isinstance(model, Literal) else model
    kind = type_of(_as_model(model, hint))
    fitted = [fit(context, v, kind, e.span, "this element") for v, e in zip(values, node.elements, strict=True)]
    columns = zip(*([context.held(leaf) for leaf in leaves(v)] for v in fitted), strict=True)
    stacked = [_stacked(context, list(column)) for column in columns]
    return rebuilt(context, fitted[0], iter(stacked))


def _as_model(model: Value, hint: Type | None) -> Value:
    """The first element as the model for the others: an open literal has its hinted type."""
    return map_leaves(lambda leaf: Held(-1, closed(leaf, hint)) if isinstance(leaf, Literal) else leaf, model)


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

