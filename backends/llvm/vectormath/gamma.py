"""lgamma and its first three derivatives, digamma, trigamma and tetragamma."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS"]

DIGAMMA_ROOT = {
    "double": (float.fromhex("0x1.762d86356be3fp+0"), float.fromhex("0x1.b86a722197829p-54")),
    "float": (float.fromhex("0x1.762d86p+0"), float.fromhex("0x1.ab5f2p-27")),
}
"""Where digamma crosses zero, in two parts."""


def _sine_pi(w: Arithmetic, x: Value) -> tuple[Value, Value]:
    """|sin(π x)| and x's distance from the nearest integer, for x ≥ 0."""
    distance = w.fsub(x, w.intrinsic("roundeven", x))
    series = w.polynomial(w.fmul(distance, distance), tables.SIN_PI_SINGLE if w.single else tables.SIN_PI)
    return w.fabs(w.fmul(distance, series)), distance


def _lgamma_positive(w: Arithmetic, x: Value) -> Value:
    """lgamma for x > -1/2. Four cases share one logarithm and one polynomial: below 1/2 two steps up, up to 3/2 one
    step up, up to 8 steps down to [3/2, 5/2), beyond that Stirling's series."""
    low, unit, high = w.fcmp("olt", x, 0.5), w.fcmp("olt", x, 1.5), w.fcmp("oge", x, 8.0)
    y, product = w.fsub(x, 2.0), w.const(1.0)
    for step in range(1, 7):  # x in [2.5, 8): the product (x - 1) (x - 2) … down to [1.5, 2.5)
        above = w.fcmp("oge", x, 1.5 + step)
        product = w.select(above, w.fmul(product, w.fsub(x, float(step))), product)
        y = w.select(above, w.fsub(x, 2.0 + step), y)
    product = w.select(unit, x, product)
    y = w.select(unit, w.fsub(x, 1.0), y)
    product = w.select(low, w.fabs(w.fmuladd(x, x, x)), product)
    y = w.select(low, x, y)
    argument = w.select(high, x, product)
    log = w.function_call("log", argument)
    central = w.fmul(y, w.polynomial(y, tables.LGAMMA_SINGLE if w.single else tables.LGAMMA))
    central = w.fadd(central, w.select(unit, w.fneg(log), log))
    inverse = w.fdiv(1.0, x)
    u = w.fmul(inverse, inverse)
    series = w.fmul(inverse, w.polynomial(u, tables.STIRLING_SINGLE if w.single else tables.STIRLING))
    constant = 0.5 * math.log(2 * math.pi) - 0.5
    stirling = w.fmuladd(w.fsub(x, 0.5), w.fsub(log, 1.0), w.fadd(series, constant))
    return w.select(high, stirling, central)


def emit_lgamma(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    reflected = w.fcmp("ole", x, -0.5)
    a = w.fabs(x)
    positive = _lgamma_positive(w, w.select(reflected, a, x))
    sine, _ = _sine_pi(w, w.select(reflected, a, 0.5))
    # Γ(x) Γ(-x) = -π / (x sin(π x))
    mirror = w.fneg(w.fadd(positive, w.function_call("log", w.fmul(a, w.fmul(sine, 1 / math.pi)))))
    result = w.select(reflected, mirror, positive)
    return w.select(w.fcmp("oeq", a, math.inf), math.inf, result)


def emit_digamma(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    reflected = w.fcmp("olt", x, 0.0)
    p = w.select(reflected, w.fsub(1.0, x), x)
    # Below 8: from p to y in [1, 2] by 1/x or by 1/(p - 1) + 1/(p - 2) + …, kept as one fraction.
    low, high = w.fcmp("olt", p, 1.0), w.fcmp("oge", p, 8.0)
    numerator, denominator, y = w.const(0.0), w.const(1.0), p
    for step in range(1, 7):
        above = w.fcmp("ogt", p, 1.0 + step)
        term = w.fsub(p, float(step))
        numerator = w.select(above, w.fmuladd(numerator, term, denominator), numerator)
        denominator = w.select(above, w.fmul(denominator, term), denominator)
        y = w.select(above, term, y)
    numerator, denominator = w.select(low, w.const(-1.0), numerator), w.select(low, p, denominator)
    y, y_low = w.fast_two_sum(w.select(low, 1.0, y), w.select(low, p, w.const(0.0)))
    root_high, root_low = DIGAMMA_ROOT[w.element]
    factor = w.fadd(w.fsub(y, root_high), w.fsub(y_low, root_low))
    series = w.polynomial(w.fsub(y, 1.5), tables.DIGAMMA_SINGLE if w.single else tables.DIGAMMA)
    central = w.fadd(w.fmul(factor, series), w.fdiv(numerator, denominator))
    inverse = w.fdiv(1.0, p)
    u = w.fmul(inverse, inverse)
    far = w.polynomial(u, tables.DIGAMMA_TAIL_SINGLE if w.single else tables.DIGAMMA_TAIL)
    tail = w.fmuladd(u, far, w.fmul(inverse, 0.5))
    asymptotic = w.fsub(w.function_call("log", p), tail)
    result = w.select(high, asymptotic, central)
    # digamma(x) = digamma(1 - x) - π cot(π x)
    sine, distance = _sine_pi(w, w.fabs(x))
    cosine, _ = _sine_pi(w, w.fsub(0.5, w.fabs(distance)))
    cotangent = w.fdiv(w.fmul(cosine, math.pi), w.copysign(sine, distance))
    result = w.select(reflected, w.fadd(result, cotangent), result)
    result = w.select(w.fcmp("oeq", x, 0.0), w.copysign(math.inf, w.fneg(x)), result)
    pole = w.and_(reflected, w.fcmp("oeq", w.intrinsic("floor", x), x))
    result = w.select(pole, math.nan, result)
    return w.select(w.fcmp("oeq", x, math.inf), math.inf, result)


def emit_trigamma(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    reflected = w.fcmp("olt", x, 0.0)
    p = w.select(reflected, w.fsub(1.0, x), x)
    # Up to 8 by 1/p² + 1/(p + 1)² + …: the first apart, whose square may underflow, the others kept as one fraction.
    low = w.fcmp("olt", p, 8.0)
    numerator, denominator = w.const(0.0), w.const(1.0)
    shifted = w.select(low, w.fadd(p, 1.0), p)
    for _ in range(7):
        below = w.fcmp("olt", shifted, 8.0)
        square = w.fmul(shifted, shifted)
        numerator = w.select(below, w.fmuladd(numerator, square, denominator), numerator)
        denominator = w.select(below, w.fmul(denominator, square), denominator)
        shifted = w.select(below, w.fadd(shifted, 1.0), shifted)
    inverse = w.fdiv(1.0, shifted)
    u = w.fmul(inverse, inverse)
    far = w.polynomial(u, tables.TRIGAMMA_TAIL_SINGLE if w.single else tables.TRIGAMMA_TAIL)
    tail = w.fmuladd(w.fmul(u, inverse), far, w.fmul(u, 0.5))
    first = w.fdiv(1.0, p)
    recurrence = w.fmuladd(first, w.select(low, first, w.const(0.0)), w.fdiv(numerator, denominator))
    result = w.fadd(w.fadd(tail, inverse), recurrence)
    # trigamma(x) = (π / sin(π x))² - trigamma(1 - x)
    sine, _ = _sine_pi(w, w.fabs(x))
    ratio = w.fdiv(math.pi, sine)
    result = w.select(reflected, w.fsub(w.fmul(ratio, ratio), result), result)
    result = w.select(w.fcmp("oeq", x, math.inf), w.const(0.0), result)
    return w.select(w.fcmp("oeq", x, -math.inf), math.nan, result)


def emit_tetragamma(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    reflected = w.fcmp("olt", x, 0.0)
    p = w.select(reflected, w.fsub(1.0, x), x)
    # As trigamma, with cubes, and less than nothing: here is -tetragamma(p).
    low = w.fcmp("olt", p, 8.0)
    numerator, denominator = w.const(0.0), w.const(1.0)
    shifted = w.select(low, w.fadd(p, 1.0), p)
    for _ in range(7):
        below = w.fcmp("olt", shifted, 8.0)
        cube = w.fmul(w.fmul(shifted, shifted), shifted)
        numerator = w.select(below, w.fmuladd(numerator, cube, denominator), numerator)
        denominator = w.select(below, w.fmul(denominator, cube), denominator)
        shifted = w.select(below, w.fadd(shifted, 1.0), shifted)
    inverse = w.fdiv(1.0, shifted)
    u = w.fmul(inverse, inverse)
    far = w.polynomial(u, tables.TETRAGAMMA_TAIL_SINGLE if w.single else tables.TETRAGAMMA_TAIL)
    tail = w.fadd(u, w.fmul(u, w.fmuladd(u, far, inverse)))
    first = w.fdiv(1.0, w.select(low, p, 1.0))
    cubed = w.fmul(w.fmul(first, first), w.select(low, first, w.const(0.0)))
    recurrence = w.fadd(cubed, w.fdiv(numerator, denominator))
    result = w.fneg(w.fadd(tail, w.fadd(recurrence, recurrence)))
    # tetragamma(x) = tetragamma(1 - x) - 2 π (π / sin(π x))² cot(π x)
    sine, distance = _sine_pi(w, w.fabs(x))
    cosine, _ = _sine_pi(w, w.fsub(0.5, w.fabs(distance)))
    ratio = w.fdiv(math.pi, sine)
    cotangent = w.fdiv(w.fmul(cosine, 2 * math.pi), w.copysign(sine, distance))
    result = w.select(reflected, w.fadd(result, w.fmul(w.fmul(ratio, ratio), cotangent)), result)
    result = w.select(w.fcmp("oeq", x, 0.0), w.copysign(math.inf, w.fneg(x)), result)
    result = w.select(w.and_(reflected, w.fcmp("oeq", w.intrinsic("floor", x), x)), math.nan, result)
    return w.select(w.fcmp("oeq", x, math.inf), -0.0, result)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction(
        "lgamma", 1, emit_lgamma, 6.0, 6.0,
        "log|Γ(x)|; for x < -1/2 the error is in units of the larger of 1 and the result",
        "recurrence to [3/2, 5/2], Stirling's series from 8 on, reflection",
    ),
    VectorFunction(
        "digamma", 1, emit_digamma, 4.0, 4.0,
        "for x < 0 the error is up to 12 units of the larger of 1 and the result; NaN at negative integers, ∓inf at ±0",
        "polynomial about the zero at 1.46, recurrence, asymptotic series, reflection",
    ),
    VectorFunction(
        "trigamma", 1, emit_trigamma, 3.0, 3.0,
        "for x < 0 up to 8 ulp; inf at 0 and the negative integers", "recurrence, asymptotic series, reflection",
    ),
    VectorFunction(
        "tetragamma", 1, emit_tetragamma, 4.0, 4.0,
        "for x < 0 up to 16 units of the larger of 1 and the result; NaN at negative integers, ∓inf at ±0",
        "as trigamma",
    ),
)  # fmt: skip
