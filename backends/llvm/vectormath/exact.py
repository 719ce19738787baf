"""Functions the machine has itself: sqrt, rsqrt, fabs, rounding, minimum and maximum."""

from __future__ import annotations

import math

from ..text import Value
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS"]


def emit_rsqrt(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.fdiv(1.0, w.sqrt(arguments[0]))


def emit_sqrt(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.sqrt(arguments[0])


def emit_fabs(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.fabs(arguments[0])


def emit_floor(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.intrinsic("floor", arguments[0])


def emit_ceil(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.intrinsic("ceil", arguments[0])


def emit_trunc(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.intrinsic("trunc", arguments[0])


def emit_round(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    return w.intrinsic("roundeven", arguments[0])


def emit_minimum(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    a, b = arguments
    return _nan_of_either(w, a, b, w.select(w.fcmp("olt", a, b), a, b))


def emit_maximum(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    a, b = arguments
    return _nan_of_either(w, a, b, w.select(w.fcmp("ogt", a, b), a, b))


def _nan_of_either(w: Arithmetic, a: Value, b: Value, chosen: Value) -> Value:
    return w.select(w.fcmp("uno", a, b), math.nan, chosen)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("sqrt", 1, emit_sqrt, 0.5, 0.5, "", "IEEE 754"),
    VectorFunction("rsqrt", 1, emit_rsqrt, 1.5, 1.5, "", "1 / sqrt(x)"),
    VectorFunction("fabs", 1, emit_fabs, 0.0, 0.0, "", "IEEE 754"),
    VectorFunction("floor", 1, emit_floor, 0.0, 0.0, "", "IEEE 754"),
    VectorFunction("ceil", 1, emit_ceil, 0.0, 0.0, "", "IEEE 754"),
    VectorFunction("trunc", 1, emit_trunc, 0.0, 0.0, "", "IEEE 754"),
    VectorFunction("round", 1, emit_round, 0.0, 0.0, "ties to even", "IEEE 754"),
    VectorFunction("minimum", 2, emit_minimum, 0.0, 0.0, "NaN if either is", "NumPy's minimum"),
    VectorFunction("maximum", 2, emit_maximum, 0.0, 0.0, "NaN if either is", "NumPy's maximum"),
)
