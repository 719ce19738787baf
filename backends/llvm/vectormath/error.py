"""erf and erfc."""

from __future__ import annotations

from ..text import Value
from . import tables
from .function import Arithmetic, VectorFunction

__all__ = ["FUNCTIONS"]

_ONE = 6.0
"""From here on erf is 1."""

_NOTHING = {"double": 28.0, "float": 10.1}
"""From here on erfc is 0."""


def _centre(w: Arithmetic, z: Value) -> Value:
    """erf(x)/x for |x| ≤ 1, z = x²."""
    return w.polynomial(z, tables.ERF_SINGLE if w.single else tables.ERF)


def _under_bell(w: Arithmetic, a: Value, scaled: Value) -> Value:
    """exp(-a²) times what stands under the bell, the rounding error of a² put back."""
    square, error = w.two_product(a, a)
    bell = w.function_call("exp", w.fneg(square))
    return w.fmul(bell, w.fmuladd(scaled, w.fneg(error), scaled))


def _ratio(w: Arithmetic, a: Value, middle: float) -> Value:
    return w.fdiv(w.fsub(a, middle), w.fadd(a, middle))


def emit_erf(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.minimum(w.fabs(x), _ONE)
    inner = w.fmul(x, _centre(w, w.fmul(x, x)))
    far = w.polynomial(_ratio(w, a, 3.0), tables.ERF_FAR_SINGLE if w.single else tables.ERF_FAR)
    outer = w.copysign(w.fsub(1.0, _under_bell(w, a, far)), x)
    return w.select(w.fcmp("olt", a, 1.0), inner, outer)


def emit_erfc(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    a = w.minimum(w.fabs(x), _NOTHING[w.element])
    if w.single:
        scaled = w.polynomial(_ratio(w, a, 3.0), tables.ERFC_FAR_SINGLE)
    else:
        scaled = w.fdiv(w.polynomial(_ratio(w, a, 4.0), tables.ERFC), w.fmuladd(a, 2.0, 1.0))
    complement = _under_bell(w, a, scaled)
    outer = w.select(w.fcmp("olt", x, 0.0), w.fsub(2.0, complement), complement)
    inner = w.fsub(1.0, w.fmul(x, _centre(w, w.fmul(x, x))))
    return w.select(w.fcmp("olt", a, 0.5), inner, outer)


FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("erf", 1, emit_erf, 2.0, 2.0, "", "x p(x²) up to 1, then 1 - exp(-x²) p((x - 3)/(x + 3))"),
    VectorFunction(
        "erfc", 1, emit_erfc, 4.0, 4.0, "",
        "exp(-x²) p((x - 4)/(x + 4)) / (1 + 2 x), after Shepherd and Laframboise (1981); f32: exp(-x²) p((x - 3)/(x + 3))",
    ),
)  # fmt: skip
