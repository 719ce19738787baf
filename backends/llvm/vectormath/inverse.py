"""Inverses of circular and hyperbolic functions: atan, atan2, asin, acos, asinh, acosh, atanh."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS"]

PI_HALF = {
    "double": (float.fromhex("0x1.921fb54442d18p+0"), float.fromhex("0x1.1a62633145c07p-54")),
    "float": (float.fromhex("0x1.921fb6p+0"), float.fromhex("-0x1.777a5cp-25")),
}


def _atan_of_ratio(w: Arithmetic, small: Value, large: Value, swapped: Value) -> Value:
    """atan(small / large), or π/2 minus it where swapped, for 0 ≤ small ≤ large; 0/0 and inf/inf are 0 and 1."""
    high, low = PI_HALF[w.element]
    q = w.fdiv(small, large)
    q = w.select(w.fcmp("oeq", small, large), 1.0, q)
    q = w.select(w.fcmp("oeq", small, 0.0), small, q)
    z = w.fmul(q, q)
    tail = w.fmul(w.fmul(q, z), w.polynomial(z, tables.ATAN_SINGLE if w.single else tables.ATAN))
    return w.select(swapped, w.fsub(high, w.fadd(q, w.fsub(tail, low))), w.fadd(q, tail))


def emit_atan(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    swapped = w.fcmp("ogt", a, 1.0)
    result = _atan_of_ratio(w, w.select(swapped, 1.0, a), w.select(swapped, a, 1.0), swapped)
    return w.copysign(result, x)


def emit_atan2(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    y, x = arguments
    high, low = PI_HALF[w.element]
    a, b = w.fabs(y), w.fabs(x)
    swapped = w.fcmp("ogt", a, b)
    angle = _atan_of_ratio(w, w.select(swapped, b, a), w.select(swapped, a, b), swapped)
    left = w.fadd(w.fsub(2 * high, angle), 2 * low)
    result = w.copysign(w.select(w.sign_bit(x), left, angle), y)
    return w.select(w.or_(w.is_nan(x), w.is_nan(y)), math.nan, result)


def _arcsine_parts(w: Arithmetic, x: Value) -> tuple[Value, Value, Value, Value]:
    """Whether |x| > 1/2; t with asin(t) = t + tail: |x| itself, or sqrt((1 - |x|)/2) with the error of the root."""
    a = w.fabs(x)
    far = w.fcmp("ogt", a, 0.5)
    complement = w.fmul(w.fsub(1.0, a), 0.5)  # exact
    z = w.select(far, complement, w.fmul(a, a))
    root = w.sqrt(complement)
    t = w.select(far, root, a)
    error = w.fdiv(w.fma(w.fneg(root), root, complement), w.fadd(root, root))
    error = w.select(w.and_(far, w.fcmp("ogt", root, 0.0)), error, 0.0)
    tail = w.fmuladd(w.fmul(t, z), w.polynomial(z, tables.ASIN_SINGLE if w.single else tables.ASIN), error)
    return far, t, tail, a


def emit_asin(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    high, low = PI_HALF[w.element]
    far, t, tail, a = _arcsine_parts(w, x)
    turned = w.fsub(high, w.fsub(w.fmul(w.fadd(t, tail), 2.0), low))
    result = w.select(far, turned, w.fadd(t, tail))
    return w.copysign(w.select(w.fcmp("ole", a, 1.0), result, math.nan), x)


def emit_acos(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    high, low = PI_HALF[w.element]
    far, t, tail, a = _arcsine_parts(w, x)
    positive = w.fmul(w.fadd(t, tail), 2.0)
    negative = w.fsub(2 * high, w.fsub(positive, 2 * low))
    signed = w.select(w.fcmp("olt", x, 0.0), w.fneg(w.fadd(t, tail)), w.fadd(t, tail))
    near = w.fsub(high, w.fsub(signed, low))
    result = w.select(far, w.select(w.fcmp("olt", x, 0.0), negative, positive), near)
    return w.select(w.fcmp("ole", a, 1.0), result, math.nan)


FAR = {"double": 2.0**60, "float": 2.0**30}
"""From here on sqrt(x² ± 1) is x, and log(1 + x) is log x."""

LOG_TWO = math.log(2)


def emit_asinh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    far = w.fcmp("ogt", a, FAR[w.element])
    square = w.fmul(a, a)
    near = w.fadd(a, w.fdiv(square, w.fadd(w.sqrt(w.fadd(square, 1.0)), 1.0)))
    log = w.function_call("log1p", w.select(far, a, near))
    return w.copysign(w.fadd(log, w.select(far, w.const(LOG_TWO), 0.0)), x)


def emit_acosh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    t = w.fsub(x, 1.0)
    far = w.fcmp("ogt", x, FAR[w.element])
    near = w.fadd(t, w.sqrt(w.fmuladd(t, t, w.fadd(t, t))))
    log = w.function_call("log1p", w.select(far, x, near))
    return w.select(w.fcmp("oge", x, 1.0), w.fadd(log, w.select(far, w.const(LOG_TWO), 0.0)), math.nan)


def emit_atanh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    log = w.function_call("log1p", w.fdiv(w.fadd(a, a), w.fsub(1.0, a)))
    return w.copysign(w.fmul(log, 0.5), x)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("atan", 1, emit_atan, 1.5, 1.5, "", "atan(x) = π/2 - atan(1/x) beyond 1, minimax polynomial in x²"),
    VectorFunction(
        "atan2", 2, emit_atan2, 2.0, 2.0, "specials as in C99; a subnormal quotient is rounded once more", "as atan"
    ),
    VectorFunction("asin", 1, emit_asin, 2.0, 2.0, "NaN beyond [-1, 1]", "π/2 - 2 asin(sqrt((1 - x)/2)) beyond 1/2 (fdlibm)"),
    VectorFunction("acos", 1, emit_acos, 1.5, 1.5, "NaN beyond [-1, 1]", "as asin"),
    VectorFunction("asinh", 1, emit_asinh, 3.5, 3.5, "", "log1p(a + a²/(1 + sqrt(1 + a²))), a = |x| (fdlibm)"),
    VectorFunction("acosh", 1, emit_acosh, 3.5, 3.5, "NaN below 1", "log1p(t + sqrt(2t + t²)), t = x - 1 (fdlibm)"),
    VectorFunction("atanh", 1, emit_atanh, 3.5, 3.5, "NaN beyond [-1, 1]", "log1p(2a/(1 - a))/2, a = |x| (fdlibm)"),
)
