"""What comes of an order: min, max, abs, sign, on floats and integers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call, select
from ..objects import Scalar
from ..operation import Expansion, Instruction, Lowering, Operation
from .builders import FLOAT_KINDS, FLOATS, INTEGER_KINDS, INTEGERS, SIMPLE, alike, derivative, discrete, elementwise, grid, squares

_KINDS = (*FLOAT_KINDS, *INTEGER_KINDS)
_OBJECTS = (*FLOATS, *INTEGERS)
_POINTS = (-2.5, -1.0, 0.25, 3.0)
_APART = tuple((x, y) for x, y in grid(_POINTS, _POINTS) if x != y)


def _machine(suffix: str) -> Lowering:
    def lowering(objects: Sequence[Scalar], result: Scalar) -> Instruction:
        return Instruction(("f" if result.is_float else "i") + suffix)

    return lowering


MAX = Operation(
    "max", 2, alike("max", 2, _KINDS), elementwise(np.maximum),
    *derivative(lambda v, x, y, r: select(call("lt", x, y), 0.0, v), lambda v, x, y, r: select(call("lt", x, y), v, 0.0)),
    _machine("max"), SIMPLE, squares(_OBJECTS, 2), _APART,
    "the larger; nan if either is; at a tie the derivative goes to the first argument, as in a reduction to the first winner",
    surface="max",
)

MIN = Operation(
    "min", 2, alike("min", 2, _KINDS), elementwise(np.minimum),
    *derivative(lambda v, x, y, r: select(call("gt", x, y), 0.0, v), lambda v, x, y, r: select(call("gt", x, y), v, 0.0)),
    _machine("min"), SIMPLE, squares(_OBJECTS, 2), _APART,
    "the smaller; nan if either is; at a tie the derivative goes to the first argument, as in a reduction to the first winner",
    surface="min",
)

ABS = Operation(
    "abs", 1, alike("abs", 1, _KINDS), elementwise(np.abs), *derivative(lambda v, x, r: v * call("sign", x)),
    _machine("abs"), SIMPLE, squares(_OBJECTS, 1), grid(_POINTS),
    "|x|; the derivative at 0 is 0; of the least integer, itself (it wraps)", surface="abs",
)


def _sign(x: Expression[Any]) -> Expression[Any]:
    one, zero = (1.0, 0.0) if x.object.is_float else (1, 0)
    return select(call("gt", x, zero), one, select(call("lt", x, zero), -one, x))


SIGN = Operation(
    "sign", 1, alike("sign", 1, _KINDS), elementwise(np.sign), *discrete(1),
    lambda objects, result: Expansion(lambda algebra, x: _sign(Expression(algebra, x)).handle), SIMPLE,
    squares(_OBJECTS, 1), grid(_POINTS), "-1, 0 or 1; nan of nan; derivative 0, at the step too", surface="sign",
)

ORDER = (MAX, MIN, ABS, SIGN)
