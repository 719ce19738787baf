"""lgamma and digamma."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction
from .wide import through_double

__all__ = ["FUNCTIONS"]

DIGAMMA_ROOT = (float.fromhex("0x1.762d86356be3fp+0"), float.fromhex("0x1.dfdd9bf39f6adp-54"))
"""Where digamma crosses zero, in two parts."""


def _sine_pi(w: Arithmetic, x: Value) -> tuple[Value, Value]:
    """|sin(π x)| and x's distance from the nearest integer, for x ≥ 0."""
    distance = w.fsub(x, w.intrinsic("roundeven", x))
    return w.fabs(w.fmul(distance, w.polynomial(w.fmul(distance, distance), tables.SIN_PI))), distance


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
    central = w.fmul(y, w.polynomial(y, tables.LGAMMA))
    central = w.fadd(central, w.select(unit, w.fneg(log), log))
    inverse = w.fdiv(1.0, x)
    series = w.fmul(inverse, w.polynomial(w.fmul(inverse, inverse), tables.STIRLING))
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
    central = w.and_(w.fcmp("oge", p, 1.0), w.fcmp("ole", p, 2.0))
    y = w.fsub(p, 1.5)
    root_high, root_low = DIGAMMA_ROOT
    factor = w.fsub(w.fsub(p, root_high), root_low)
    near_root = w.fmul(factor, w.polynomial(y, tables.DIGAMMA))
    # Elsewhere up to 8 by 1/x + 1/(x + 1) + …, kept as one fraction, then the asymptotic series.
    numerator, denominator, shifted = w.const(0.0), w.const(1.0), p
    for _ in range(8):
        below = w.fcmp("olt", shifted, 8.0)
        numerator = w.select(below, w.fmuladd(numerator, shifted, denominator), numerator)
        denominator = w.select(below, w.fmul(denominator, shifted), denominator)
        shifted = w.select(below, w.fadd(shifted, 1.0), shifted)
    inverse = w.fdiv(1.0, shifted)
    u = w.fmul(inverse, inverse)
    tail = w.fmuladd(u, w.polynomial(u, tables.DIGAMMA_TAIL), w.fmul(inverse, 0.5))
    asymptotic = w.fsub(w.function_call("log", shifted), tail)
    far = w.fsub(asymptotic, w.fdiv(numerator, denominator))
    result = w.select(central, near_root, far)
    # digamma(x) = digamma(1 - x) - π cot(π x)
    sine, distance = _sine_pi(w, w.fabs(x))
    cosine, _ = _sine_pi(w, w.fsub(0.5, w.fabs(distance)))
    cotangent = w.fdiv(w.fmul(cosine, math.pi), w.copysign(sine, distance))
    result = w.select(reflected, w.fadd(result, cotangent), result)
    result = w.select(w.fcmp("oeq", x, 0.0), w.copysign(math.inf, w.fneg(x)), result)
    pole = w.and_(reflected, w.fcmp("oeq", w.intrinsic("floor", x), x))
    result = w.select(pole, math.nan, result)
    return w.select(w.fcmp("oeq", x, math.inf), math.inf, result)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction(
        "lgamma", 1, through_double("lgamma", emit_lgamma), 4.0, 1.0,
        "log|Γ(x)|; for x < -1/2 the error is in units of the larger of 1 and the result (its zeros there are not resolved)",
        "recurrence to [3/2, 5/2], Stirling's series from 8 on, reflection",
    ),
    VectorFunction(
        "digamma", 1, through_double("digamma", emit_digamma), 6.0, 1.0,
        "for x < 0 the error is in units of the larger of 1 and the result; NaN at negative integers, ∓inf at ±0",
        "polynomial about the zero at 1.46, recurrence, asymptotic series, reflection",
    ),
)  # fmt: skip
