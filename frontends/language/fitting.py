"""Making values fit types: literals get theirs, everything else must have it already. Nothing is converted silently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...core.errors import Note, SizeFault, Span, TypeFault
from ...core.objects import BOOL, I64, Array, Scalar, Tuple, Type, Wire, array, element, shape
from .arithmetic import CASTABLE, shown
from .context import Context
from .numbers import integer_as
from .values import (
    Count,
    Function,
    Held,
    Leaf,
    Literal,
    Product,
    Value,
    describe,
    hint_object,
    leaves,
    object_of,
    type_of,
    wanted,
)


def fit(context: Context, value: Value, kind: Type, span: Span, what: str, notes: Sequence[Note] = ()) -> Value:
    """The value as one of the type. ``what`` names the value in messages. Raises TypeFault or SizeFault."""
    if isinstance(kind, Tuple):
        return _fit_product(context, value, kind, span, what, notes)
    if isinstance(value, Product | Function):
        raise mismatch(what, value, kind, span, notes)
    if isinstance(value, Literal):
        if not value.shape and isinstance(kind, Array):
            raise mismatch(what, value, kind, span, notes, "an array filled with it is `for i < n: …`")
        if len(value.shape) != len(shape(kind)) or (value.least == "real" and not element(kind).is_float):
            raise mismatch(what, value, kind, span, notes)
        if kind == I64 and value.size is not None:
            if value.number is not None:
                integer_as(value.size.constant or 0, I64, span)
            return Count(value.size)
        if value.shape == shape(kind):
            with context.at(span):
                return Held(value.build(element(kind)), kind)
    have = array(element(kind), value.shape) if isinstance(value, Literal) else type_of(value)
    if have == kind:
        return value
    if isinstance(have, Tuple) or element(have) != element(kind) or len(shape(have)) != len(shape(kind)):
        raise mismatch(what, value, kind, span, notes)
    raise SizeFault("PB0401", f"{what} is `{have}`, but `{kind}` must stand here: "
                    f"shape {shown(shape(have))} is not {shown(shape(kind))}", span, _apart(context, have, kind), notes)


def _apart(context: Context, *kinds: Wire) -> str | None:
    """The hint where a size is an integer the program computes."""
    opened = {a for kind in kinds for s in shape(kind) for a in s.atoms} & set(context.reach.opened.values())
    if not opened:
        return None
    return (f"`{min(opened)}` is an integer computed here, and two such sizes are known to be equal only where they are "
            "one value: name it once, before both, with `let`")


def _fit_product(context: Context, value: Value, kind: Tuple, span: Span, what: str, notes: Sequence[Note]) -> Value:
    if not isinstance(value, Product) or (value.names is None) != (kind.names is None):
        raise mismatch(what, value, kind, span, notes)
    if kind.names is not None and value.names is not None:
        if sorted(kind.names) != sorted(value.names):
            raise mismatch(what, value, kind, span, notes)
        value = Product(tuple(value.items[value.names.index(n)] for n in kind.names), kind.names)
    if len(kind.items) != len(value.items):
        raise mismatch(what, value, kind, span, notes)
    labels = kind.names or range(len(kind.items))
    items = (fit(context, v, k, span, f"`.{n}` of {what}", notes)
             for v, k, n in zip(value.items, kind.items, labels, strict=True))
    return Product(tuple(items), kind.names)


def mismatch(what: str, value: Value, kind: Type, span: Span, notes: Sequence[Note] = (),
             hint: str | None = None) -> TypeFault:
    """The error of a value that has one type where another must stand."""
    if hint is None and isinstance(kind, Scalar) and isinstance(value, Held | Count) and type_of(value) != kind:
        have = type_of(value)
        if isinstance(have, Scalar) and kind.kind in CASTABLE and have.kind in CASTABLE:
            hint = f"there is no silent conversion: write `{kind}(…)`"
        elif have == BOOL and kind.kind in CASTABLE:
            hint = f"write `{kind}(…)`: 1 where it is true, else 0"
        elif isinstance(have, Array):
            hint = "index it, or reduce it with `sum i: …`"
    if hint is None and isinstance(value, Function):
        hint = "call it with its arguments"
    return TypeFault("PB0301", f"{what} is {describe(value)}, but `{kind}` must stand here", span, hint, notes)


def settle(context: Context, value: Value, want: Type | None = None) -> Value:
    """The value with every open literal closed: by the hint, else to its default type."""
    match value:
        case Product():
            count = len(value.items)
            labels: Sequence[str | int] = value.names or range(count)
            return Product(tuple(settle(context, v, wanted(want, n, count))
                                 for v, n in zip(value.items, labels, strict=True)), value.names)
        case Literal():
            object = closed(value, want)
            return Held(value.build(object), array(object, value.shape))
        case Count():
            return context.held(value)
        case _:
            return value


def closed(value: Literal, want: Type | None) -> Scalar:
    """The object an open literal takes: that of the hint where it can be one, else its default."""
    hint = hint_object(want)
    return hint if hint is not None and (hint.is_float or value.least == "integer") else value.default


def positions(context: Context, value: Value) -> list[int]:
    """The wires of a value, left to right."""
    return [context.hold(leaf) for leaf in leaves(value)]


def rebuilt(context: Context, like: Value, new: Iterator[int]) -> Value:
    """A value of the same products, on new wires, whose types are read off the context."""
    if isinstance(like, Product):
        return Product(tuple(rebuilt(context, item, new) for item in like.items), like.names)
    position = next(new)
    return Held(position, context.builder.wires[position])


def common(left: Value, right: Value, span: Span, what: tuple[str, str], want: Type | None, code: str) -> Type:
    """The one type of two values, an open literal taking that of the other side. Raises TypeFault or SizeFault."""
    if isinstance(left, Product) and isinstance(right, Product) and left.names == right.names:
        if len(left.items) == len(right.items):
            count = len(left.items)
            labels: Sequence[str | int] = left.names or range(count)
            return Tuple(tuple(common(a, b, span, what, wanted(want, n, count), code)
                               for a, b, n in zip(left.items, right.items, labels, strict=True)), left.names)
    elif not isinstance(left, Product | Function) and not isinstance(right, Product | Function):
        kind = _common_wire(left, right, want)
        if kind is not None:
            return kind
        a, b = type_of(left), type_of(right)
        objects = {object_of(left), object_of(right)} - {None}
        if len(objects) < 2 and isinstance(a, Array) and isinstance(b, Array):
            raise SizeFault("PB0401", f"{what[0]} is `{a}`, {what[1]} is `{b}`: sizes differ", span)
    raise TypeFault(code, f"{what[0]} is {describe(left)}, {what[1]} is {describe(right)}", span,
                    "both must have one type")


def _common_wire(left: Leaf, right: Leaf, want: Type | None) -> Wire | None:
    if isinstance(left, Literal) and isinstance(right, Literal):
        object = closed(left if left.least == "real" else right, want)
        return array(object, left.shape) if left.shape == right.shape else None
    if isinstance(left, Literal) or isinstance(right, Literal):
        literal, other = (left, right) if isinstance(left, Literal) else (right, left)
        assert isinstance(literal, Literal)
        kind = type_of(other)
        assert not isinstance(kind, Tuple)
        fits = literal.shape == shape(kind) and (literal.least == "integer" or element(kind).is_float)
        return kind if fits else None
    a, b = type_of(left), type_of(right)
    assert not isinstance(a, Tuple)
    return a if a == b else None

