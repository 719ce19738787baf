"""`compare`: what makes polynomial circuits over any finite semiring functionally complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call
from ..objects import I64, Scalar
from ..operation import Expansion, Operation
from .builders import MODULAR, SATURATING, SIMPLE, alike, discrete, elementwise, squares


def _compare(algebra: Any, x: Any, y: Any) -> Any:
    first, second = (Expression(algebra, a) for a in (x, y))
    equal = call("cast", call("eq", first, second), to=I64)
    return call("element", equal, to=first.object).handle


def _lowering(objects: Sequence[Scalar], result: Scalar) -> Expansion:
    return Expansion(_compare)


COMPARE = Operation(
    "compare", 2, alike("compare", 2, ("z", "sat")), elementwise(np.equal), *discrete(2), _lowering, SIMPLE,
    squares((*MODULAR, *SATURATING), 2), (),
    "1 if x = y, else 0, in the semiring; its derivative is 0 by decision, compatible with all equations of circuits; "
    "not on bit, where 1 + x + y says it as a polynomial",
    "Wilson & Zanasi, Categories of Differentiable Polynomial Circuits, 2022, §5", commutative=True, surface="compare",
)

CIRCUIT = (COMPARE,)
