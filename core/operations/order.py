"""What comes of an order: min, max, abs, sign, on floats and integers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call, select
from ..objects import Scalar
from ..operation import Expansion, Instruction, Lowering, Operation
from .builders import (
    FLOAT_KINDS,
    FLOATS,
    INTEGER_KINDS,
    INTEGERS,
    SIMPLE,
    alike,
    derivative,
    discrete,
    elementwise,
    grid,
    squares,
)

_KINDS = (*FLOAT_KINDS, *INTEGER_KINDS)
_OBJECTS = (*FLOATS, *INTEGERS)
_POINTS = (-2.5, -1.0, 0.25, 3.0)
_APART = tuple((x, y) for x, y in grid(_POINTS, _POINTS) if x != y)


def _machine(suffix: str) -> Lowering:
    def lowering(objects: Sequence[Scalar], result: Scalar) -> Instruction:
        return Instruction(("f" if result.is_float else "i") + suffix)

    return lowering


_TIE = "nan if either is; at a tie the derivative goes to the first argument, as a reduction's goes to its first winner"


def _extremum(name: str, meaning: Callable[..., Any], loses: str, doc: str) -> Operation:
    """``loses`` is the comparison under which the first argument is not the result."""
    first = derivative(
        lambda v, x, y, r: select(call(loses, x, y), 0.0, v),
        lambda v, x, y, r: select(call(loses, x, y), v, 0.0),
    )
    return Operation(
        name, 2, alike(name, 2, _KINDS), elementwise(meaning), *first, _machine(name), SIMPLE, squares(_OBJECTS, 2),
        _APART, f"{doc}; {_TIE}", surface=name,
    )


MAX = _extremum("max", np.maximum, "lt", "the larger")
MIN = _extremum("min", np.minimum, "gt", "the smaller")

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
