"""The semiring operations: add, mul on every object; neg, sub where the semiring has negation.

Their derivatives use nothing but themselves, so they hold in any commutative semiring (polynomial circuits: copy is the
reverse of add). Zero and one are constants.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..objects import Scalar
from ..operation import Expansion, Instruction, Lowering, Operation
from ..semiring import Semiring, semiring
from .builders import ALL_KINDS, RING_KINDS, SEMIRINGS, SIMPLE, alike, derivative, grid, squares

_SOURCE = "Wilson & Zanasi, Categories of Differentiable Polynomial Circuits, 2022"
_POINTS = (-2.5, -0.0, 1.0, 3.25)
_RINGS = tuple(o for o in SEMIRINGS if semiring(o).has_negation)


def _meaning(choose: Callable[[Semiring], Callable[..., Any] | None]) -> Callable[..., Any]:
    def meaning(result: Scalar, *arrays: Any) -> Any:
        function = choose(semiring(result))
        assert function is not None
        with np.errstate(all="ignore"):
            return np.asarray(function(*arrays)).astype(result.dtype, copy=False)

    return meaning


def _lowering(name: str) -> Lowering:
    def lowering(objects: Sequence[Scalar], result: Scalar) -> Instruction | Expansion:
        return semiring(result).machine[name]

    return lowering


_add = derivative(lambda v, x, y, r: v, lambda v, x, y, r: v)
ADD = Operation(
    "add", 2, alike("+", 2, ALL_KINDS), _meaning(lambda s: s.add), *_add, _lowering("add"), SIMPLE,
    squares(SEMIRINGS, 2), grid(_POINTS, _POINTS),
    "x + y in the semiring of the object: or on bool, exclusive or on bit, cut off at n-1 on sat<n>; integers wrap",
    _SOURCE, commutative=True, surface="+",
)

_mul = derivative(lambda v, x, y, r: v * y, lambda v, x, y, r: x * v)
MUL = Operation(
    "mul", 2, alike("*", 2, ALL_KINDS), _meaning(lambda s: s.mul), *_mul, _lowering("mul"), SIMPLE,
    squares(SEMIRINGS, 2), grid(_POINTS, _POINTS),
    "x * y in the semiring of the object: and on bool and bit, cut off at n-1 on sat<n>; integers wrap",
    _SOURCE, commutative=True, surface="*",
)

_neg = derivative(lambda v, x, r: -v)
NEG = Operation(
    "neg", 1, alike("-", 1, RING_KINDS), _meaning(lambda s: s.neg), *_neg, _lowering("neg"), SIMPLE,
    squares(_RINGS, 1), grid(_POINTS),
    "-x; on bit, x itself; bool and sat<n> have no negation", _SOURCE,
)

_sub = derivative(lambda v, x, y, r: v, lambda v, x, y, r: -v)
SUB = Operation(
    "sub", 2, alike("-", 2, RING_KINDS), _meaning(lambda s: s.sub), *_sub, _lowering("sub"), SIMPLE,
    squares(_RINGS, 2), grid(_POINTS, _POINTS),
    "x - y; bool and sat<n> have no negation and so no subtraction", _SOURCE, surface="-",
)

RING = (ADD, MUL, NEG, SUB)
