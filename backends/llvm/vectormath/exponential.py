"""exp, exp2, expm1, sigmoid, tanh, sinh, cosh."""

from __future__ import annotations

import math

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS", "reduced_exponential"]

LOG2_E = 1 / math.log(2)

OVERFLOW = {"double": 710.0, "float": 89.0}
UNDERFLOW = {"double": -746.0, "float": -104.5}
OVERFLOW_TWO = {"double": 1025.0, "float": 129.0}
UNDERFLOW_TWO = {"double": -1076.0, "float": -151.0}
LOG_TWO = {
    "double": (float.fromhex("0x1.62e42fefa39efp-1"), float.fromhex("0x1.abc9e3b39803fp-56")),
    "float": (float.fromhex("0x1.62e43p-1"), float.fromhex("-0x1.05c61p-29")),
}
MINUS_ONE = {"double": -40.0, "float": -20.0}


def reduced_exponential(w: Arithmetic, x: Value) -> tuple[Value, Value]:
    """k and exp(r) - 1 with x = k log 2 + r, |r| ≤ log(2)/2 and k an integer (as an integer)."""
    shifted = w.fmuladd(x, LOG2_E, w.format.magic)
    k = w.sub(w.bits(shifted), w.magic_bits)
    n = w.fsub(shifted, w.format.magic)
    high = w.fmuladd(n, -w.format.log2_high, x)  # exact
    low = w.fmul(n, -w.format.log2_low)
    r = w.fadd(high, low)
    series = w.polynomial(r, tables.EXP_SINGLE if w.single else tables.EXP)
    # The rounding of r counts only in the small terms; the large one is `high` itself.
    return k, w.fadd(high, w.fmuladd(w.fmul(r, r), series, low))


def emit_exp(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    # Beyond the clamps the result is inf or 0 already; NaN passes through them.
    x = w.maximum(w.minimum(arguments[0], OVERFLOW[w.element]), UNDERFLOW[w.element])
    k, power = reduced_exponential(w, x)
    return w.scale(w.fadd(power, 1.0), k)


def emit_exp2(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    """2^n e^(f log 2), n the nearest integer: f is exact, and its product with log 2 is carried to more digits."""
    x = w.maximum(w.minimum(arguments[0], OVERFLOW_TWO[w.element]), UNDERFLOW_TWO[w.element])
    n = w.round(x)
    f = w.fsub(x, n)
    high, low = LOG_TWO[w.element]
    r, error = w.two_product(f, high)
    error = w.fmuladd(f, low, error)
    series = w.polynomial(r, tables.EXP_SINGLE if w.single else tables.EXP)
    power = w.fadd(r, w.fmuladd(w.fmul(r, r), series, error))
    return w.scale(w.fadd(power, 1.0), w.to_integer(n))


def emit_expm1(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    clamped = w.maximum(w.minimum(x, OVERFLOW[w.element]), MINUS_ONE[w.element])
    k, power = reduced_exponential(w, clamped)
    # 2 (2^(k-1) (e^r - 1) + (2^(k-1) - 1/2)): half the scale, because 2^k overflows before the result does.
    half_scale = w.power_of_two(w.sub(k, 1))
    inner = w.fma(half_scale, power, w.fsub(half_scale, 0.5))
    small = w.fcmp("olt", w.fabs(x), w.format.tiny)  # also keeps the sign of -0
    return w.select(small, x, w.fadd(inner, inner))


def emit_sigmoid(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    e = w.function_call("exp", w.fneg(w.fabs(x)))  # never overflows
    return w.fdiv(w.select(w.fcmp("olt", x, 0.0), e, 1.0), w.fadd(e, 1.0))


def emit_tanh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    t = w.function_call("expm1", w.fmul(a, -2.0))
    return w.copysign(w.fdiv(t, w.fadd(t, 2.0)), x)


def emit_sinh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    t = w.function_call("expm1", a)
    small = w.fmul(w.fadd(t, w.fdiv(t, w.fadd(t, 1.0))), 0.5)
    root = w.function_call("exp", w.fmul(a, 0.5))  # e^a overflows a little before e^a / 2 does
    large = w.fmul(w.fmul(root, 0.5), root)
    result = w.select(w.fcmp("ogt", a, LARGE[w.element]), large, small)
    return w.copysign(result, x)


def emit_cosh(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    a = w.fabs(arguments[0])
    e = w.function_call("exp", a)
    small = w.fadd(w.fmul(e, 0.5), w.fdiv(0.5, e))
    root = w.function_call("exp", w.fmul(a, 0.5))
    large = w.fmul(w.fmul(root, 0.5), root)
    return w.select(w.fcmp("ogt", a, LARGE[w.element]), large, small)


LARGE = {"double": 709.0, "float": 88.0}
"""Near the overflow of exp, where sinh and cosh are exp(x)/2 and still finite."""

FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction(
        "exp",
        1,
        emit_exp,
        1.0,
        1.0,
        "",
        "x = k log 2 + r by Cody and Waite, minimax polynomial in r, scaled in two steps",
    ),
    VectorFunction("exp2", 1, emit_exp2, 1.0, 1.0, "exact at integers", "the nearest integer apart, then as exp"),
    VectorFunction("expm1", 1, emit_expm1, 2.5, 2.5, "", "the reduction of exp, 2^k p(r) + (2^k - 1)"),
    VectorFunction("sigmoid", 1, emit_sigmoid, 2.5, 2.5, "", "1/(1 + e^-x) from e^-|x|, which neither overflows nor cancels"),
    VectorFunction("tanh", 1, emit_tanh, 3.0, 3.0, "", "t/(t + 2), t = expm1(-2|x|) (fdlibm)"),
    VectorFunction("sinh", 1, emit_sinh, 3.5, 3.5, "", "(t + t/(t + 1))/2, t = expm1|x| (fdlibm)"),
    VectorFunction("cosh", 1, emit_cosh, 3.5, 3.5, "", "(e + 1/e)/2, e = exp|x| (fdlibm)"),
)
