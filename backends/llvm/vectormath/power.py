"""pow, with log x in two parts, because y log x is to be known to an absolute error far below 1; cbrt and hypot."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .exponential import OVERFLOW, UNDERFLOW, reduced_exponential
from .function import Arithmetic, VectorFunction
from .logarithm import HALF_ROOT, mantissa_and_exponent

__all__ = ["FUNCTIONS"]

TWO_THIRDS = (2 / 3, float.fromhex("0x1.5555555555555p-55"))


def _log_in_two_parts(w: Arithmetic, x: Value) -> tuple[Value, Value]:
    """log x for finite x > 0 to about 68 bits: 2 s + (2/3) s³ in double-double, the rest of the series in one part."""
    m, k = mantissa_and_exponent(w, x)
    f = w.fsub(m, 1.0)
    # s = f / (2 + f) and its rounding error, by the remainder of the division (2 + f is m + 1, rounded: keep the loss).
    divisor, divisor_low = w.two_sum(m, 1.0)
    s = w.fdiv(f, divisor)
    remainder = w.fma(w.fneg(s), divisor, f)
    s_low = w.fdiv(w.fma(w.fneg(s), divisor_low, remainder), divisor)
    z, z_low = w.two_product(s, s)
    z_low = w.fma(w.fadd(s, s), s_low, z_low)
    cubic, cubic_low = w.two_product(z, TWO_THIRDS[0])
    cubic_low = w.fma(z_low, TWO_THIRDS[0], w.fma(z, TWO_THIRDS[1], cubic_low))
    tail = w.fmul(w.fmul(z, z), w.polynomial(z, tables.LOG_LONG))
    series, series_low = w.fast_two_sum(cubic, tail)
    series_low = w.fadd(series_low, cubic_low)
    # log m = 2 s + s · series
    product, product_low = w.two_product(s, series)
    product_low = w.fma(s, series_low, w.fma(s_low, series, product_low))
    log, log_low = w.fast_two_sum(w.fadd(s, s), product)
    log_low = w.fadd(log_low, w.fadd(product_low, w.fadd(s_low, s_low)))
    whole = w.fmul(k, w.format.log2_high)  # exact
    total, total_low = w.two_sum(whole, log)
    return w.fast_two_sum(total, w.fadd(total_low, w.fma(k, w.format.log2_low, log_low)))


def _exp_of_sum(w: Arithmetic, high: Value, low: Value) -> Value:
    """exp(high + low) for a low part so small that low² is nothing."""
    clamped = w.maximum(w.minimum(high, OVERFLOW[w.element]), UNDERFLOW[w.element])
    low = w.select(w.fcmp("oeq", clamped, high), low, 0.0)
    k, power = reduced_exponential(w, clamped)
    return w.scale(w.fadd(w.fadd(power, w.fmuladd(low, power, low)), 1.0), k)


def emit_pow(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    if w.single:
        return _single_by_double(w, arguments)
    x, y = arguments
    a = w.fabs(x)
    proper = w.and_(w.fcmp("ogt", a, 0.0), w.fcmp("olt", a, math.inf))
    log, log_low = _log_in_two_parts(w, w.select(proper, a, 1.0))
    product, product_low = w.two_product(y, log)
    product_low = w.fma(y, log_low, product_low)
    # An infinite product has no low part.
    bounded = w.fcmp("olt", w.fabs(product), 1e300)
    result = _exp_of_sum(w, product, w.select(bounded, product_low, 0.0))
    return _special_powers(w, x, y, result)


def _special_powers(w: Arithmetic, x: Value, y: Value, result: Value) -> Value:
    """C99's table: pow(x, 0) = pow(1, y) = 1 even for NaN; zeros and infinities; the sign of negative bases."""
    a = w.fabs(x)
    whole = w.fcmp("oeq", w.intrinsic("floor", y), y)
    half = w.fmul(y, 0.5)
    odd = w.and_(whole, w.fcmp("one", w.intrinsic("floor", half), half))
    grows = w.fcmp("ogt", y, 0.0)
    zero_or_infinite = w.or_(w.fcmp("oeq", a, 0.0), w.fcmp("oeq", a, math.inf))
    big = w.xor(w.fcmp("oeq", a, 0.0), grows)  # 0^-y or inf^y
    result = w.select(zero_or_infinite, w.select(big, math.inf, w.const(0.0)), result)
    y_infinite = w.fcmp("oeq", w.fabs(y), math.inf)
    away = w.xor(w.fcmp("ogt", a, 1.0), grows)
    at_infinity = w.select(w.fcmp("oeq", a, 1.0), 1.0, w.select(away, w.const(0.0), math.inf))
    result = w.select(y_infinite, at_infinity, result)
    negative = w.sign_bit(x)
    impossible = w.and_(w.and_(w.fcmp("olt", x, 0.0), w.fcmp("one", a, math.inf)), w.not_(w.or_(whole, y_infinite)))
    result = w.select(impossible, math.nan, result)
    result = w.select(w.and_(negative, w.and_(odd, w.not_(y_infinite))), w.fneg(result), result)
    result = w.select(w.or_(w.is_nan(x), w.is_nan(y)), math.nan, result)
    return w.select(w.or_(w.fcmp("oeq", x, 1.0), w.fcmp("oeq", y, 0.0)), 1.0, result)


def _single_by_double(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    """f32: the product and the exponential in f64, which leaves nothing to compensate."""
    x, y = arguments
    wide = Arithmetic("double", w.lanes)
    wide.lines, wide._count = w.lines, w._count  # the same body, in the wider format
    a = wide.fabs(wide.cast("fpext", x, "double"))
    proper = wide.and_(wide.fcmp("ogt", a, 0.0), wide.fcmp("olt", a, math.inf))
    # Every f32 is a normal f64, and nothing needs more than some 32 bits.
    bits = wide.bits(wide.select(proper, a, 1.0))
    excess = wide.sub(bits, HALF_ROOT["double"])
    k = wide.to_float(wide.ashr(excess, wide.format.mantissa))
    m = wide.from_bits(wide.sub(bits, wide.and_(excess, -1 << wide.format.mantissa)))
    s = wide.fdiv(wide.fsub(m, 1.0), wide.fadd(m, 1.0))
    z = wide.fmul(s, s)
    log = wide.fmul(s, wide.fmuladd(z, wide.polynomial(z, tables.LOG_SINGLE), 2.0))
    product = wide.fmul(wide.fmuladd(k, math.log(2), log), wide.cast("fpext", y, "double"))
    clamped = wide.maximum(wide.minimum(product, 100.0), -120.0)
    shifted = wide.fmuladd(clamped, 1 / math.log(2), wide.format.magic)
    r = wide.fmuladd(wide.fsub(shifted, wide.format.magic), -math.log(2), clamped)
    series = wide.fmuladd(wide.fmul(r, r), wide.polynomial(r, tables.EXP_SINGLE), r)
    power = wide.fmul(wide.fadd(series, 1.0), wide.power_of_two(wide.sub(wide.bits(shifted), wide.magic_bits)))
    w._count = wide._count
    return _special_powers(w, x, y, w.cast("fptrunc", power, "float"))


CUBE_ROOT_OF_TWO = 2 ** (1 / 3)


def emit_cbrt(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    """x = m 2^r 8^q with r in {-1, 0, 1}: a cubic for m, a step of Halley, a step of Newton with the exact remainder."""
    x = arguments[0]
    m, k = mantissa_and_exponent(w, w.fabs(x))
    q = w.round(w.fmul(k, 1 / 3))
    r = w.fmuladd(q, -3.0, k)
    up, down = w.fcmp("ogt", r, 0.5), w.fcmp("olt", r, -0.5)
    m = w.fmul(m, w.select(up, 2.0, w.select(down, 0.5, w.const(1.0))))
    factor = w.select(up, CUBE_ROOT_OF_TWO, w.select(down, 1 / CUBE_ROOT_OF_TWO, w.const(1.0)))
    scaled = w.fmul(m, w.select(up, 0.5, w.select(down, 2.0, w.const(1.0))))
    y = w.fmul(w.polynomial(scaled, tables.CBRT), factor)
    cube = w.fmul(w.fmul(y, y), y)
    y = w.fmul(y, w.fdiv(w.fmuladd(m, 2.0, cube), w.fmuladd(cube, 2.0, m)))
    square, square_low = w.two_product(y, y)
    cube, cube_low = w.two_product(square, y)
    remainder = w.fadd(w.fsub(cube, m), w.fmuladd(square_low, y, cube_low))
    y = w.fsub(y, w.fdiv(remainder, w.fmul(square, 3.0)))
    result = w.copysign(w.fmul(y, w.power_of_two(w.to_integer(q))), x)
    itself = w.or_(w.fcmp("oeq", x, 0.0), w.fcmp("oeq", w.fabs(x), math.inf))
    return w.select(w.or_(itself, w.is_nan(x)), x, result)


APART = {"double": (2.0**500, 2.0**-700), "float": (2.0**60, 2.0**-90)}
"""Beyond which numbers squares may overflow, or below its inverse lose digits, and a factor against both."""


def emit_hypot(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x, y = map(w.fabs, arguments)
    swapped = w.fcmp("olt", x, y)
    a, b = w.select(swapped, y, x), w.select(swapped, x, y)
    far, factor = APART[w.element]
    large, small = w.fcmp("ogt", a, far), w.fcmp("olt", a, 1 / far)
    scale = w.select(large, factor, w.select(small, 1 / factor, w.const(1.0)))
    back = w.select(large, 1 / factor, w.select(small, factor, w.const(1.0)))
    a, b = w.fmul(a, scale), w.fmul(b, scale)
    result = w.fmul(w.sqrt(w.fmuladd(a, a, w.fmul(b, b))), back)
    infinite = w.or_(w.fcmp("oeq", x, math.inf), w.fcmp("oeq", y, math.inf))
    return w.select(infinite, math.inf, result)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction(
        "pow",
        2,
        emit_pow,
        1.5,
        1.0,
        "specials as in C99",
        "exp(y log x), the logarithm and the product in double-double",
    ),
    VectorFunction("cbrt", 1, emit_cbrt, 1.0, 1.0, "", "a cubic, Halley's step, and Newton's with the exact remainder"),
    VectorFunction("hypot", 2, emit_hypot, 1.5, 1.5, "specials as in C99", "sqrt(x² + y²), scaled where squares would not fit"),
)
