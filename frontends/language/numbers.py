"""Numbers that take their type from use: literals, sizes used as values, and what is computed from them alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ...core.errors import Span, TypeFault
from ...core.objects import BOOL, I64, Scalar
from ...core.operations import OPERATIONS
from ...core.sizes import Size, size
from ...ir.unary import term as t
from .context import Context
from .values import Count, Least, Literal

LIMITS = {"i64": 2**63, "i32": 2**31}


def integer(context: Context, value: int, span: Span) -> Literal:
    """An integer: reduced mod n in z<n> and bit, refused where an i64, i32 or sat<n> cannot be it."""

    def build(object: Scalar) -> int:
        return context.builder.constant(integer_as(value, object, span), object)

    return Literal("integer", build, size(value), value)


def integer_as(value: int, object: Scalar, span: Span) -> float | int | bool:
    """The constant of an object that an integer literal is there. Raises TypeFault where it is none."""
    if object.is_float:
        return float(value)
    if object.kind in LIMITS:
        if not -LIMITS[object.kind] <= value < LIMITS[object.kind]:
            raise TypeFault("PB0310", f"{value} does not fit in {object}", span)
        return value
    if object.kind == "z":
        return value % (object.modulus or 1)
    if object.kind == "bit":
        return bool(value % 2)
    if object.kind == "sat":
        if not 0 <= value < (object.modulus or 1):
            raise TypeFault("PB0310", f"{value} is no element of {object}, which has 0 to {(object.modulus or 1) - 1}", span)
        return value
    if object.is_weight:  # the number 1, or the element 1?
        raise TypeFault("PB0310", f"{value} stands where a {object} must", span, f"write `{object}({value})`")
    raise TypeFault("PB0310", f"{value} stands where a bool must", span, "write `true` or `false`")


def extent(context: Context, value: Size, span: Span) -> Literal:
    """A size used as a value."""
    if value.constant is not None:
        return integer(context, value.constant, span)

    def build(object: Scalar) -> int:
        return _cast(context, context.builder.one(t.Extent(value)), object, f"the size `{value}`", span)

    return Literal("integer", build, value)


def real(context: Context, value: float, span: Span) -> Literal:
    """A real number: f64 or f32, no other object."""

    def build(object: Scalar) -> int:
        if not object.is_float:
            raise not_real(object, f"{value:g}", span)
        return context.builder.constant(value, object)

    return Literal("real", build, None, value)


def not_real(object: Scalar, what: str, span: Span) -> TypeFault:
    return TypeFault("PB0302", f"the real number {what} stands where {object} must", span,
                     f"write `{object}({what})`" if object.is_weight else
                     "make the other side real: `f64(…)`" if object.is_integer else None)


def _cast(context: Context, position: int, object: Scalar, what: str, span: Span) -> int:
    """An i64 as another object. Raises TypeFault where it is none."""
    if object == BOOL:
        raise TypeFault("PB0310", f"{what} stands where a bool must", span, "compare it, as in `n > 0`")
    if object.is_weight:
        raise TypeFault("PB0310", f"{what} stands where a {object} must", span, f"write `{object}(…)` around it")
    return position if object == I64 else context.builder.apply("cast", position, to=object)


def typed(name: str, objects: Sequence[Scalar]) -> bool:
    """Whether the operation is defined on the objects."""
    try:
        OPERATIONS[name].typing(objects, None)
    except ValueError:
        return False
    return True


def computed(context: Context, op: str, parts: tuple[Literal, ...], span: Span, least: Least | None = None) -> Literal:
    """An operation on open numbers, done when their type is known: in integers where that type does not have it."""
    least = least or ("real" if any(p.least == "real" for p in parts) else "integer")

    def build(object: Scalar) -> int:
        if least == "real" and not object.is_float:
            raise not_real(object, f"`{' '.join(span.text.split())}`", span)
        with context.at(span):
            if least == "real" or typed(op, [object] * len(parts)):
                return context.builder.apply(op, *(p.build(object) for p in parts))
            position = context.builder.apply(op, *(p.build(I64) for p in parts))
            return _cast(context, position, object, f"`{' '.join(span.text.split())}`", span)

    return Literal(least, context.once(build))


def arithmetic(context: Context, op: str, left: Literal, right: Literal, span: Span) -> Literal:
    """``+ - * / // % `` of open numbers: folded where both are written down, a size where both are sizes."""
    if left.number is not None and right.number is not None:
        folded = _folded(op, left.number, right.number, span)
        if folded is not None:
            return integer(context, folded, span) if isinstance(folded, int) else real(context, folded, span)
    if op == "div":
        return computed(context, op, (left, right), span, "real")
    if op in ("floordiv", "mod") and "real" in (left.least, right.least):
        raise TypeFault("PB0303", f"`{'//' if op == 'floordiv' else '%'}` is for integers, not for real numbers", span)
    if left.size is not None and right.size is not None:
        value = polynomial(op, left.size, right.size)
        if value is not None:
            return extent(context, value, span)
    return computed(context, op, (left, right), span)


def _folded(op: str, x: float, y: float, span: Span) -> int | float | None:
    if op in ("floordiv", "mod") and isinstance(x, int) and isinstance(y, int):
        if y == 0:
            raise TypeFault("PB0303", "division by the literal 0", span)
        return x // y if op == "floordiv" else x % y
    if op == "div" and y:
        return float(Fraction(x) / Fraction(y)) if isinstance(x, int) and isinstance(y, int) else x / y
    try:
        return {"add": x + y, "sub": x - y, "mul": x * y}.get(op)
    except OverflowError:
        return None


def counting(op: str, left: Count | Literal, right: Count | Literal) -> Count | None:
    """Arithmetic of indices and sizes: still a polynomial, if it is one."""
    if left.size is None or right.size is None:
        return None
    value = polynomial(op, left.size, right.size)
    return None if value is None else Count(value)


def polynomial(op: str, left: Size, right: Size) -> Size | None:
    match op:
        case "add":
            return left + right
        case "sub":
            return left - right
        case "mul":
            return left * right
        case "floordiv" if right.constant is not None and right.constant > 0:
            return left // right
        case "mod" if right.constant is not None and right.constant > 0:
            return left % right
    return None
