"""Operators and operations: on scalars, and element by element on arrays of one shape, with scalars beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.errors import SizeFault, Span, TypeFault
from ...core.objects import BOOL, F64, I64, Scalar, array, element, shape
from ...core.operations import OPERATIONS
from ...core.semiring import semiring
from ...core.sizes import Size, size
from . import numbers
from .context import Context
from .values import (
    Count,
    Function,
    Held,
    Leaf,
    Least,
    Literal,
    Product,
    Value,
    describe,
    leaves,
    object_of,
    shape_of,
)

SYMBOLS = {o.surface: o.name for o in OPERATIONS.values() if o.surface is not None and not o.surface.isidentifier()}
"""The operation behind each operator."""

CASTABLE = ("f64", "f32", "i64", "i32")


def operate(context: Context, name: str, values: Sequence[Value], spans: Sequence[Span], span: Span) -> Value:
    """An operation of the table on values, element by element. Raises TypeFault or SizeFault."""
    parts = [_number(v, name, s) for v, s in zip(values, spans, strict=True)]
    if all(isinstance(p, Literal) for p in parts):
        opened = [p for p in parts if isinstance(p, Literal)]
        return _of_literals(context, name, opened, spans, span)
    object = _common(name, parts, spans, span)
    if any(isinstance(p, Count) for p in parts) and len(parts) == 2 and not any(isinstance(p, Held) for p in parts):
        left, right = (p for p in parts if not isinstance(p, Held))
        count = numbers.counting(name, left, right)
        if count is not None:
            return count
    if name == "neg" and isinstance(parts[0], Count):
        return Count(-parts[0].size)
    _check(name, [object] * len(parts), span)
    positions = [_position(context, p, object, s) for p, s in zip(parts, spans, strict=True)]
    return over_arrays(context, positions, parts, spans, span, lambda args: context.builder.apply(name, *args))


def _of_literals(context: Context, name: str, parts: Sequence[Literal], spans: Sequence[Span], span: Span) -> Value:
    if any(p.shape for p in parts):
        return _of_open_arrays(context, name, parts, spans, span)
    if name in ("add", "sub", "mul", "div", "floordiv", "mod"):
        return numbers.arithmetic(context, name, parts[0], parts[1], span)
    if name == "neg":
        return negated(context, parts[0], span)
    least = _least(name, parts)
    object = I64 if least == "integer" else F64
    result = _check(name, [object] * len(parts), span)
    if result == object:
        return numbers.computed(context, name, tuple(parts), span, least)
    return Held(context.builder.apply(name, *(p.build(object) for p in parts)), result)


def _least(name: str, parts: Sequence[Literal]) -> Least:
    """What open numbers under an operation are at least: real, where it is one of real numbers."""
    whole = all(p.least == "integer" for p in parts) and numbers.typed(name, [I64] * len(parts))
    return "integer" if whole else "real"


def _of_open_arrays(context: Context, name: str, parts: Sequence[Literal], spans: Sequence[Span], span: Span) -> Value:
    """An operation on arrays of open numbers: open itself, where its result has the type of its operands."""
    sizes = one_shape([p.shape for p in parts], spans, span)
    least = _least(name, parts)
    if name in ("floordiv", "mod") and least == "real":
        raise TypeFault("PB0303", f"`{_shown(name)}` is for integers, not for real numbers", span)

    def build(object: Scalar) -> int:
        if least == "real" and not object.is_float:
            raise numbers.not_real(object, f"`{' '.join(span.text.split())}`", span)
        _check(name, [object] * len(parts), span)
        positions = [p.build(object) for p in parts]
        apply = context.builder.apply
        return over_arrays(context, positions, parts, spans, span, lambda args: apply(name, *args)).position

    object = I64 if least == "integer" else F64
    result = _check(name, [object] * len(parts), span)
    if result == object:
        return Literal(least, context.once(build), shape=sizes)
    return Held(build(object), array(result, sizes))


def negated(context: Context, part: Literal, span: Span) -> Literal:
    if part.number is not None:
        return (numbers.integer(context, -part.number, span) if isinstance(part.number, int)
                else numbers.real(context, -part.number, span))
    return numbers.extent(context, -part.size, span) if part.size is not None else numbers.computed(
        context, "neg", (part,), span)


def _number(value: Value, name: str, span: Span) -> Leaf:
    if isinstance(value, Product | Function):
        raise TypeFault("PB0303", f"`{_shown(name)}` of {describe(value)}", span,
                        "take the parts of the tuple one by one" if isinstance(value, Product) else "call it first")
    return value


def _shown(name: str) -> str:
    return OPERATIONS[name].surface or ("-" if name == "neg" else name)


def _common(name: str, parts: Sequence[Leaf], spans: Sequence[Span], span: Span) -> Scalar:
    """The one object of all operands. Raises TypeFault."""
    typed = [(o, s) for p, s in zip(parts, spans, strict=True) if (o := object_of(p)) is not None]
    first = typed[0][0]
    for other, _ in typed[1:]:
        if other != first:
            raise TypeFault("PB0302", f"`{_shown(name)}` of {first} and {other}", span, _cast_hint(first, other))
    for part in parts:
        if isinstance(part, Literal) and part.least == "real" and not first.is_float:
            raise TypeFault("PB0302", f"`{_shown(name)}` of {first} and a real number", span,
                            _cast_hint(first, Scalar("f64")))
    return first


def _cast_hint(a: Scalar, b: Scalar) -> str | None:
    if BOOL in (a, b) and (a.kind in CASTABLE or b.kind in CASTABLE):
        return f"write `{a if b == BOOL else b}(…)` around the bool side: 1 where it is true, else 0"
    if a.kind not in CASTABLE or b.kind not in CASTABLE:
        return None
    wide = min((a.kind, b.kind), key=CASTABLE.index)
    return f"there is no silent conversion: write `{wide}(…)` around the {b if wide == a.kind else a} side"


def _check(name: str, objects: Sequence[Scalar], span: Span) -> Scalar:
    try:
        return OPERATIONS[name].typing(objects, None)
    except ValueError as problem:
        hint = None
        if name == "div" and objects[0].is_integer:
            hint = "`//` divides integers, rounding down; or make them real: `f64(…)`"
        if name in ("mod", "floordiv") and objects[0].is_float:
            hint = "of real numbers: `floor(x / y)`, and `x - y * floor(x / y)`"
        raise TypeFault("PB0303", str(problem), span, hint) from None


def _position(context: Context, part: Leaf, object: Scalar, span: Span) -> int:
    return part.build(object) if isinstance(part, Literal) else context.hold(part)


# -- arrays ------------------------------------------------------------------------------------------------------------
def over_arrays(context: Context, positions: Sequence[int], parts: Sequence[Leaf], spans: Sequence[Span], span: Span,
                scalar: Callable[[Sequence[int]], int]) -> Held:
    """A scalar computation for every element of the arrays among the operands, which have one shape."""
    sizes = one_shape([shape_of(p) for p in parts], spans, span)
    with context.at(span):
        position = _nest(context, sizes, list(positions), scalar)
    return Held(position, context.builder.wires[position])


def _nest(context: Context, sizes: tuple[Size, ...], args: list[int], scalar: Callable[[Sequence[int]], int]) -> int:
    if not sizes:
        return scalar(args)

    def body(index: Count, carries: tuple[int, ...]) -> list[int]:
        rows = [context.builder.index(a, context.hold(index)) if shape(context.builder.wires[a]) else a for a in args]
        return [_nest(context, sizes[1:], rows, scalar)]

    (position,) = context.loop("i", sizes[0], (), "build", body)
    return position


def one_shape(shapes: Sequence[tuple[Size, ...]], spans: Sequence[Span], span: Span) -> tuple[Size, ...]:
    """The shape that all arrays among the operands have. Raises SizeFault naming the two that differ."""
    arrays = [(s, where) for s, where in zip(shapes, spans, strict=True) if s]
    if not arrays:
        return ()
    first, here = arrays[0]
    for other, there in arrays[1:]:
        if other != first:
            raise SizeFault("PB0401", f"arrays of shape {shown(first)} and {shown(other)} element by element", span,
                            "only a scalar goes with an array of any shape" if len(first) == len(other) else
                            "loop over the axis that one of them lacks",
                            [(f"shape {shown(first)}", here), (f"shape {shown(other)}", there)])
    return first


def shown(sizes: Sequence[Size]) -> str:
    return f"[{', '.join(map(str, sizes))}]"


# -- operators with meanings of their own ------------------------------------------------------------------------------
def power(context: Context, base: Value, exponent: Value, spans: tuple[Span, Span], span: Span) -> Value:
    """x^y: repeated multiplication where the exponent is a whole number written down (in any semiring), else pow."""
    if isinstance(exponent, Literal) and isinstance(exponent.number, int):
        if exponent.number >= 0:
            return _repeated(context, base, exponent.number, spans[0], span)
        one = numbers.integer(context, 1, span)
        below = _repeated(context, base, -exponent.number, spans[0], span)
        return operate(context, "div", (one, below), (span, span), span)
    typed = base if isinstance(base, Held | Count) else exponent
    object = object_of(typed) if isinstance(typed, Held | Count) else None
    if object is not None and not object.is_float:
        raise TypeFault("PB0303", f"a power of {object} needs a whole number, written down, as its exponent", spans[1],
                        "`prod k < n: x` multiplies n times")
    return operate(context, "pow", (base, exponent), spans, span)


def _repeated(context: Context, base: Value, exponent: int, where: Span, span: Span) -> Value:
    if exponent == 0:
        return _one(context, base, where, span)
    result: Value | None = None
    square = base
    while True:
        if exponent & 1:
            result = square if result is None else operate(context, "mul", (result, square), (where, where), span)
        exponent >>= 1
        if not exponent:
            assert result is not None
            return result
        square = operate(context, "mul", (square, square), (where, where), span)


def _one(context: Context, base: Value, where: Span, span: Span) -> Value:
    part = _number(base, "pow", where)
    if isinstance(part, Count):
        return Count(size(1))
    if isinstance(part, Literal):
        if not part.shape:
            return numbers.integer(context, 1, span)
        part = context.held(part)
    one = semiring(element(part.kind)).one
    return over_arrays(context, [part.position], [part], [where], span,
                       lambda args: context.builder.constant(one, element(part.kind)))


def equal(context: Context, name: str, left: Value, right: Value, spans: tuple[Span, Span], span: Span) -> Value:
    """``==`` and ``!=``: element by element on arrays, one answer for tuples and records."""
    if not (isinstance(left, Product) and isinstance(right, Product)):
        return operate(context, name, (left, right), spans, span)
    if left.names != right.names or len(left.items) != len(right.items):
        raise TypeFault("PB0302", f"{describe(left)} compared with {describe(right)}", span)
    same = context.builder.constant(True, BOOL)
    for a, b in zip(left.items, right.items, strict=True):
        for leaf in leaves(equal(context, "eq", a, b, spans, span)):
            same = context.builder.apply("and", same, everywhere(context, context.held(leaf)))
    return Held(same if name == "eq" else context.builder.apply("not", same), BOOL)


def everywhere(context: Context, truth: Held) -> int:
    """Whether a bool, or every element of an array of them, holds."""

    def body(index: Count, carries: tuple[int, ...]) -> list[int]:
        position = context.builder.index(truth.position, context.hold(index))
        return [everywhere(context, Held(position, context.builder.wires[position]))]

    sizes = shape(truth.kind)
    return context.loop("i", sizes[0], (), "all", body)[0] if sizes else truth.position


def cast(context: Context, value: Value, target: Scalar, where: Span, span: Span) -> Value:
    """``f64(x)``: every number in the value as another type."""
    if isinstance(value, Product | Function):
        raise TypeFault("PB0313", f"{describe(value)} cannot be made {target}", where)
    if isinstance(value, Literal) and target.is_weight:
        value = Held(value.build(F64), array(F64, value.shape))
    if isinstance(value, Literal):
        if target.is_float or (value.least == "integer" and target.kind not in ("bool", "sat")):
            return Held(value.build(target), array(target, value.shape))
        value = context.held(value)
    if isinstance(value, Count) and target == I64:
        return value
    object = object_of(value)
    if object == target:
        return value
    assert object is not None
    try:
        OPERATIONS["cast"].typing([object], target)
    except ValueError as problem:
        raise TypeFault("PB0313", str(problem), span) from None
    return over_arrays(context, [context.hold(value)], [value], [where], span,
                       lambda args: context.builder.apply("cast", *args, to=target))
