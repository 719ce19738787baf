"""Functions of real numbers, on f64 and f32."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call, select
from ..objects import BOOL
from ..operation import Cost, Expansion, Operation, Undefined
from .builders import (
    FLOAT_KINDS,
    FLOATS,
    SIMPLE,
    Part,
    alike,
    derivative,
    discrete,
    elementwise,
    grid,
    instruction,
    squares,
)
from .gamma import digamma, lgamma, tetragamma, trigamma

_E = Expression[Any]
_DIVIDE, _FUNCTION, _SLOW = Cost(1, 4.0), Cost(1, 10.0), Cost(1, 30.0)


def _unary(
    name: str, meaning: Callable[..., Any], part: Part | Undefined | None, points: Sequence[float], doc: str,
    cost: Cost = _FUNCTION, expansion: Callable[[_E], _E] | None = None,
) -> Operation:
    """A function of one real. ``part(v, x, r)`` is v·f′(x); None where f is constant almost everywhere."""
    reverse, forward = (part, part) if isinstance(part, Undefined) else derivative(part)
    lowering = instruction(name) if expansion is None else _expanded(expansion)
    return Operation(
        name, 1, alike(name, 1, FLOAT_KINDS), elementwise(meaning), reverse, forward, lowering, cost,
        squares(FLOATS, 1), grid(points), doc, surface=name,
    )


def _expanded(rule: Callable[..., _E]) -> Callable[..., Expansion]:
    expansion = Expansion(lambda algebra, *args: rule(*(Expression(algebra, a) for a in args)).handle)
    return lambda objects, result: expansion


def _sigmoid(x: Any) -> Any:
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def _softplus(x: Any) -> Any:
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


_REALS = (-3.75, -1.0, -0.25, 0.5, 1.0, 2.5)
_POSITIVE = (1e-3, 0.25, 1.0, 2.5, 40.0)
_INNER = (-0.9, -0.25, 0.0, 0.5, 0.75)
_NOT_HALF = (-2.25, -0.75, 0.3, 1.25, 7.8)

UNARY = (
    _unary("exp", np.exp, lambda v, x, r: v * r, _REALS, "eˣ"),
    _unary("exp2", np.exp2, lambda v, x, r: v * (r * math.log(2.0)), _REALS, "2ˣ"),
    _unary("expm1", np.expm1, lambda v, x, r: v * (r + 1.0), _REALS, "eˣ - 1, accurate near 0"),
    _unary("log", np.log, lambda v, x, r: v / x, _POSITIVE, "natural logarithm; -inf at 0, nan below"),
    _unary("log1p", np.log1p, lambda v, x, r: v / (x + 1.0), (-0.9, *_POSITIVE),
           "log(1 + x), accurate near 0; -inf at -1"),
    _unary("log2", np.log2, lambda v, x, r: v / (x * math.log(2.0)), _POSITIVE,
           "logarithm to base 2; -inf at 0, nan below"),
    _unary("log10", np.log10, lambda v, x, r: v / (x * math.log(10.0)), _POSITIVE,
           "logarithm to base 10; -inf at 0, nan below"),
    _unary("sqrt", np.sqrt, lambda v, x, r: (v * 0.5) / r, _POSITIVE,
           "square root; the derivative at 0 is inf, nan below", Cost(1, 5.0)),
    _unary("rsqrt", lambda x: 1 / np.sqrt(x), lambda v, x, r: (v * -0.5) * (r / x), _POSITIVE,
           "1 / sqrt(x); inf at 0", Cost(2, 9.0), expansion=lambda x: 1.0 / call("sqrt", x)),
    _unary("cbrt", np.cbrt, lambda v, x, r: v / (r * r * 3.0), _REALS, "cube root; the derivative at 0 is inf", Cost(1, 15.0)),
    _unary("sin", np.sin, lambda v, x, r: v * call("cos", x), _REALS, "sine of an angle in radians"),
    _unary("cos", np.cos, lambda v, x, r: -(v * call("sin", x)), _REALS, "cosine of an angle in radians"),
    _unary("tan", np.tan, lambda v, x, r: v * (r * r + 1.0), _REALS, "tangent of an angle in radians", Cost(1, 15.0)),
    _unary("sinh", np.sinh, lambda v, x, r: v * call("cosh", x), _REALS, "hyperbolic sine"),
    _unary("cosh", np.cosh, lambda v, x, r: v * call("sinh", x), _REALS, "hyperbolic cosine"),
    _unary("tanh", np.tanh, lambda v, x, r: v * (1.0 - r * r), _REALS, "hyperbolic tangent"),
    _unary("asin", np.arcsin, lambda v, x, r: v / call("sqrt", (1.0 - x) * (x + 1.0)), _INNER,
           "arc sine in [-π/2, π/2]; nan outside [-1, 1], the derivative at ±1 is inf"),
    _unary("acos", np.arccos, lambda v, x, r: -(v / call("sqrt", (1.0 - x) * (x + 1.0))), _INNER,
           "arc cosine in [0, π]; nan outside [-1, 1], the derivative at ±1 is -inf"),
    _unary("atan", np.arctan, lambda v, x, r: v / (x * x + 1.0), _REALS, "arc tangent in [-π/2, π/2]"),
    _unary("asinh", np.arcsinh, lambda v, x, r: v / call("hypot", x, 1.0), _REALS, "inverse of sinh", Cost(1, 15.0)),
    _unary("acosh", np.arccosh, lambda v, x, r: v / (call("sqrt", x - 1.0) * call("sqrt", x + 1.0)), (1.25, 2.5, 40.0),
           "inverse of cosh in [0, inf]; nan below 1, the derivative at 1 is inf", Cost(1, 15.0)),
    _unary("atanh", np.arctanh, lambda v, x, r: v / ((1.0 - x) * (x + 1.0)), _INNER,
           "inverse of tanh; ±inf at ±1, nan beyond", Cost(1, 15.0)),
    _unary("sigmoid", _sigmoid, lambda v, x, r: v * (r * (1.0 - r)), _REALS, "1 / (1 + e⁻ˣ), without overflow"),
    _unary("softplus", _softplus, lambda v, x, r: v * call("sigmoid", x), _REALS, "log(1 + eˣ), without overflow",
           Cost(1, 20.0)),
    _unary("erf", np.vectorize(math.erf, otypes=[np.float64]),
           lambda v, x, r: v * (call("exp", -(x * x)) * (2.0 / math.sqrt(math.pi))), _REALS, "error function", _SLOW),
    _unary("erfc", np.vectorize(math.erfc, otypes=[np.float64]),
           lambda v, x, r: v * (call("exp", -(x * x)) * (-2.0 / math.sqrt(math.pi))), _REALS,
           "1 - erf(x), accurate in the right tail", _SLOW),
    _unary("lgamma", lgamma, lambda v, x, r: v * call("digamma", x), (-1.5, 0.25, 1.0, 2.5, 30.0),
           "log |Γ(x)|; inf at 0, -1, -2, …", _SLOW),
    _unary("digamma", digamma, lambda v, x, r: v * call("trigamma", x), (-1.5, 0.25, 1.0, 2.5, 30.0),
           "(log Γ)′; -inf at +0, inf at -0, nan at negative integers", _SLOW),
    _unary("trigamma", trigamma, lambda v, x, r: v * call("tetragamma", x), (-1.5, 0.25, 1.0, 2.5, 30.0),
           "(log Γ)″; inf at 0, -1, -2, …", _SLOW),
    _unary("tetragamma", tetragamma,
           Undefined("the fourth derivative of lgamma has no rule", "expand it in the program, or use custom_rev"),
           (-1.5, 0.25, 1.0, 2.5, 30.0), "(log Γ)‴; -inf at +0, inf at -0, nan at negative integers", _SLOW),
    _unary("floor", np.floor, None, _NOT_HALF, "greatest integer ≤ x; derivative 0, at the steps too", SIMPLE),
    _unary("ceil", np.ceil, None, _NOT_HALF, "least integer ≥ x; derivative 0, at the steps too", SIMPLE),
    _unary("round", np.rint, None, _NOT_HALF, "nearest integer, halves to even; derivative 0, at the steps too",
           SIMPLE),
    _unary("trunc", np.trunc, None, _NOT_HALF, "the integer towards 0; derivative 0, at the steps too", SIMPLE),
    _unary("relu", lambda x: np.where(np.isnan(x), x, np.maximum(x, 0)),
           lambda v, x, r: select(call("gt", x, 0.0), v, 0.0), _REALS,
           "max(0, x); derivative 0 at 0: the constant wins the tie; nan stays", SIMPLE,
           expansion=lambda x: call("max", x.constant(0.0), x)),
)


def _div_forward(algebra: Any, args: Sequence[Any], result: Any, tangents: Sequence[Any]) -> Any:
    dx, dy = (None if t is None else Expression(algebra, t) for t in tangents)
    y, r = Expression(algebra, args[1]), Expression(algebra, result)
    if dy is None:
        return None if dx is None else (dx / y).handle
    return (((-(r * dy)) if dx is None else dx - r * dy) / y).handle


def _div_reverse(algebra: Any, args: Sequence[Any], result: Any, cotangent: Any) -> Any:
    dx = Expression(algebra, cotangent) / Expression(algebra, args[1])
    return dx.handle, (-(dx * Expression(algebra, result))).handle


def _pow_base(v: _E, x: _E, y: _E, r: _E) -> _E:
    # 0·∞ at y = 0 where 1/x overflows is 0; y is moved to 1 inside, so that the value not taken is finite, and so are
    # its own derivatives. Elsewhere y = 0 needs no mask, and must have none: the derivative by y is 1/x.
    tiny = float(np.finfo(x.object.dtype).smallest_normal)
    flat = call("and", call("eq", y, 0.0), call("lt", call("abs", x), tiny))
    safe = select(flat, 1.0, y)
    return v * select(flat, 0.0, safe * call("pow", x, safe - 1.0))


def _pow_exponent(v: _E, x: _E, y: _E, r: _E) -> _E:
    zero = call("eq", x, 0.0)
    safe = select(zero, 1.0, x)
    return v * select(zero, 0.0, call("pow", safe, y) * call("log", safe))


def _square_sum(x: _E, y: _E) -> _E:
    return x * x + y * y


DIV = Operation(
    "div", 2, alike("/", 2, FLOAT_KINDS), elementwise(np.divide), _div_reverse, _div_forward,
    instruction("fdiv"), _DIVIDE, squares(FLOATS, 2),
    grid((-2.5, 0.0, 1.0), (-1.5, 0.25, 3.0)), "x / y as IEEE 754: x/0 is ±inf or nan", surface="/",
)

POW = Operation(
    "pow", 2, alike("^", 2, FLOAT_KINDS), elementwise(np.power), *derivative(_pow_base, _pow_exponent),
    instruction("pow"), Cost(1, 25.0), squares(FLOATS, 2), grid((0.25, 1.0, 2.5), (-1.5, 0.0, 1.0, 2.0, 3.5)),
    "xʸ as C99 pow; the derivative in x is right at x = 0 and 0 for y = 0, that in y is 0 at x = 0 and nan for x < 0",
    surface="^",
)

ATAN2 = Operation(
    "atan2", 2, alike("atan2", 2, FLOAT_KINDS), elementwise(np.arctan2),
    *derivative(lambda v, y, x, r: v * (x / _square_sum(x, y)), lambda v, y, x, r: -(v * (y / _square_sum(x, y)))),
    instruction("atan2"), Cost(1, 20.0), squares(FLOATS, 2), grid((-2.5, 0.5, 1.0), (-1.5, 0.25, 3.0)),
    "angle of the point (x, y) for arguments y, x, in [-π, π]; derivative nan at the origin", surface="atan2",
)

HYPOT = Operation(
    "hypot", 2, alike("hypot", 2, FLOAT_KINDS), elementwise(np.hypot),
    *derivative(lambda v, x, y, r: v * (x / r), lambda v, x, y, r: v * (y / r)),
    instruction("hypot"), Cost(1, 10.0), squares(FLOATS, 2), grid((-2.5, 0.5, 1.0), (-1.5, 0.25, 3.0)),
    "√(x² + y²), without overflow; derivative nan at the origin", commutative=True, surface="hypot",
)

COPYSIGN = Operation(
    "copysign", 2, alike("copysign", 2, FLOAT_KINDS), elementwise(np.copysign),
    *derivative(lambda v, x, y, r: v * (_sign_bit(x) * _sign_bit(y)), None),
    instruction("copysign"), SIMPLE, squares(FLOATS, 2), grid((-2.5, 0.5), (-1.5, 3.0)),
    "|x| with the sign of y; at x = 0 the derivative in x follows the sign of the zero", surface="copysign",
)


def _sign_bit(x: _E) -> _E:
    return call("copysign", x.constant(1.0), x)


def _predicate(name: str, meaning: Callable[..., Any], rule: Callable[[_E], _E], doc: str) -> Operation:
    return Operation(
        name, 1, alike(name, 1, FLOAT_KINDS, BOOL), elementwise(meaning), *discrete(1), _expanded(rule), SIMPLE,
        squares(FLOATS, 1), grid(_REALS), doc, surface=name,
    )


PREDICATES = (
    _predicate("is_nan", np.isnan, lambda x: call("ne", x, x), "whether x is nan"),
    _predicate("is_finite", np.isfinite, lambda x: call("lt", call("abs", x), math.inf),
               "whether x is neither nan nor ±inf"),
)

REAL = (*UNARY, DIV, POW, ATAN2, HYPOT, COPYSIGN, *PREDICATES)


