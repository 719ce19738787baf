"""erf and erfc."""

from __future__ import annotations

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction
from .wide import through_double

__all__ = ["FUNCTIONS"]


def _complement(w: Arithmetic, a: Value) -> Value:
    """erfc(a) for a ≥ 0: exp(-a²) p((a - 4)/(a + 4)) / (1 + 2 a), the rounding error of a² put back."""
    a = w.minimum(a, 28.0)  # 0 from 27.3 on
    t = w.fdiv(w.fsub(a, 4.0), w.fadd(a, 4.0))
    square, error = w.two_product(a, a)
    bell = w.function_call("exp", w.fneg(square))
    ratio = w.fdiv(w.polynomial(t, tables.ERFC), w.fmuladd(a, 2.0, 1.0))
    return w.fmul(bell, w.fmuladd(ratio, w.fneg(error), ratio))


def emit_erf(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    z = w.fmul(x, x)
    inner = w.fmul(x, w.polynomial(z, tables.ERF))
    outer = w.copysign(w.fsub(1.0, _complement(w, a)), x)
    return w.select(w.fcmp("olt", a, 1.0), inner, outer)


def emit_erfc(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.fabs(x)
    complement = _complement(w, a)
    outer = w.select(w.fcmp("olt", x, 0.0), w.fsub(2.0, complement), complement)
    inner = w.fsub(1.0, w.fmul(x, w.polynomial(w.fmul(x, x), tables.ERF)))
    return w.select(w.fcmp("olt", a, 0.5), inner, outer)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("erf", 1, through_double("erf", emit_erf), 2.0, 1.0, "f32 by f64", "x p(x²) up to 1, then 1 - erfc"),
    VectorFunction(
        "erfc", 1, through_double("erfc", emit_erfc), 4.0, 1.0, "f32 by f64",
        "exp(-x²) p((x - 4)/(x + 4)) / (1 + 2 x), after Shepherd and Laframboise (1981)",
    ),
)  # fmt: skip
