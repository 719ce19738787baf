"""log, log1p, log2, log10, softplus."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS", "mantissa_and_exponent"]

HALF_ROOT = {"double": 0x3FE6A09E667F3BCD, "float": 0x3F3504F3}
"""The bits of sqrt(1/2)."""


def mantissa_and_exponent(w: Arithmetic, x: Value) -> tuple[Value, Value]:
    """m in [sqrt(1/2), sqrt 2) and the integer-valued k with x = m 2^k, for finite x > 0."""
    subnormal = w.fcmp("olt", x, w.format.smallest_normal)
    lift = w.format.mantissa + 2
    normal = w.select(subnormal, w.fmul(x, 2.0**lift), x)
    bits = w.bits(normal)
    excess = w.sub(bits, HALF_ROOT[w.element])
    k = w.to_float(w.ashr(excess, w.format.mantissa))
    m = w.from_bits(w.sub(bits, w.and_(excess, -1 << w.format.mantissa)))
    return m, w.select(subnormal, w.fsub(k, float(lift)), k)


def log_of_reduced(w: Arithmetic, f: Value) -> tuple[Value, Value]:
    """log(1 + f) as f - (the second result), with f²/2 = the first; 1 + f in [sqrt(1/2), sqrt 2) (fdlibm)."""
    s = w.fdiv(f, w.fadd(f, 2.0))
    z = w.fmul(s, s)
    series = w.fmul(z, w.polynomial(z, tables.LOG_SINGLE if w.single else tables.LOG))
    half_square = w.fmul(w.fmul(f, 0.5), f)
    return half_square, w.fmul(s, w.fadd(half_square, series))


def log_sum(w: Arithmetic, k: Value, f: Value) -> Value:
    """k log 2 + log(1 + f), the small terms first."""
    half_square, rest = log_of_reduced(w, f)
    low = w.fmuladd(k, w.format.log2_low, rest)
    return w.fmuladd(k, w.format.log2_high, w.fsub(f, w.fsub(half_square, low)))


def at_the_edges(w: Arithmetic, x: Value, result: Value) -> Value:
    """`result` for finite x > 0; -inf at ±0, inf at inf, NaN below 0 and at NaN."""
    result = w.select(w.fcmp("oeq", x, math.inf), math.inf, result)
    result = w.select(w.fcmp("oeq", x, 0.0), -math.inf, result)
    return w.select(w.fcmp("ult", x, 0.0), math.nan, result)


def emit_log(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    m, k = mantissa_and_exponent(w, x)
    return at_the_edges(w, x, log_sum(w, k, w.fsub(m, 1.0)))


def emit_log1p(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    u, error = w.two_sum(1.0, x)
    m, k = mantissa_and_exponent(w, u)
    # The rounding error of 1 + x, scaled like m; where k = 0 then m - 1 + error is x itself. It is nothing for large x,
    # where 2^-k would underflow.
    error = w.select(w.fcmp("olt", x, 2.0 ** (w.format.mantissa + 2)), error, 0.0)
    shrink = w.power_of_two(w.to_integer(w.fneg(w.minimum(k, float(w.format.bias - 1)))))
    f = w.fadd(w.fsub(m, 1.0), w.fmul(error, shrink))
    result = at_the_edges(w, u, log_sum(w, k, f))
    return w.select(w.fcmp("olt", w.fabs(x), w.format.tiny), x, result)


def _in_base(w: Arithmetic, x: Value, high: float, low: float, of_two_high: float, of_two_low: float) -> Value:
    """log(x) · (high + low): the product carried to more digits than the result has, k · log(2) added apart."""
    m, k = mantissa_and_exponent(w, x)
    f = w.fsub(m, 1.0)
    half_square, rest = log_of_reduced(w, f)
    a, error = w.fast_two_sum(f, w.fneg(half_square))
    error = w.fadd(error, rest)
    log, error = w.fast_two_sum(a, error)
    product, low_product = w.two_product(log, high)
    low_product = w.fmuladd(error, high, w.fmuladd(log, low, low_product))
    whole = w.fmul(k, of_two_high)
    total, remainder = w.two_sum(whole, product)
    remainder = w.fadd(remainder, w.fmuladd(k, of_two_low, low_product))
    return at_the_edges(w, x, w.fadd(total, remainder))


def emit_log2(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    high, low = LOG2_E[w.element]
    return _in_base(w, arguments[0], high, low, 1.0, 0.0)


def emit_log10(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    high, low = LOG10_E[w.element]
    return _in_base(w, arguments[0], high, low, *LOG10_TWO[w.element])


def emit_softplus(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    e = w.function_call("exp", w.fneg(w.fabs(x)))
    return w.fadd(w.maximum(x, 0.0), w.function_call("log1p", e))


LOG2_E = {
    "double": (float.fromhex("0x1.71547652b82fep+0"), float.fromhex("0x1.777d0ffda0d24p-56")),
    "float": (float.fromhex("0x1.715476p+0"), float.fromhex("0x1.4ae0cp-26")),
}
LOG10_E = {
    "double": (float.fromhex("0x1.bcb7b1526e50ep-2"), float.fromhex("0x1.95355baaafad3p-57")),
    "float": (float.fromhex("0x1.bcb7b2p-2"), float.fromhex("-0x1.5b235ep-27")),
}
LOG10_TWO = {
    "double": (float.fromhex("0x1.34413509f6p-2"), float.fromhex("0x1.9fef311f12b36p-42")),
    "float": (float.fromhex("0x1.344p-2"), float.fromhex("0x1.3509f8p-18")),
}
"""log10(2) in two parts, the first short enough that k times it is exact."""

FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("log", 1, emit_log, 1.5, 1.5, "", "x = m 2^k, log m = 2 atanh((m - 1)/(m + 1)) as in fdlibm"),
    VectorFunction("log1p", 1, emit_log1p, 2.0, 2.0, "", "log(1 + x) with the rounding error of 1 + x carried along"),
    VectorFunction("log2", 1, emit_log2, 1.5, 1.5, "exact at powers of two", "log in two parts times log2(e)"),
    VectorFunction("log10", 1, emit_log10, 2.0, 2.0, "", "log in two parts times log10(e)"),
    VectorFunction("softplus", 1, emit_softplus, 2.5, 2.5, "", "max(x, 0) + log1p(e^-|x|)"),
)
