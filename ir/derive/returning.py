"""Whether a loop that was undone step by step came back to where it began: a wrong inverse must not give a gradient.

The states met on the way back are compared with the first ones, once, at the end: exactly, or on floats to a tolerance that
rounding stays within where undoing the steps is well conditioned. All cotangents are multiplied by the 1 that this gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.objects import BOOL, F64, I64, Scalar, element
from ..unary import term as t
from ..unary.builder import Builder

TOLERANCE = {"f64": 1e-6, "f32": 1e-2}
"""How far a float may be off, relative to 1 + its size."""


def returned(b: Builder, found: Sequence[int], expected: Sequence[int]) -> int:
    """The i64 1, after a check at run time that ``found`` is ``expected`` (`returned` in core/operations/integer.py).

    The check has no derivative, so what it looks at is stopped: casts of it may have none."""
    ok = b.constant(True, BOOL)
    for x, y in zip(found, expected, strict=True):
        ok = b.apply("and", ok, _same(b, b.one(t.Stop(x)), b.one(t.Stop(y))))
    return b.apply("returned", b.apply("cast", ok, to=I64))


def _same(b: Builder, x: int, y: int) -> int:
    wire = b.wires[x]
    if not isinstance(wire, Scalar):
        size = wire.shape[0]
        return b.loop("i", size, [], ["all"], lambda _, i, c: [_same(b, b.index(x, i), b.index(y, i))])[0]
    if wire.is_weight:
        x, y = (b.apply("cast", z, to=F64) for z in (x, y))
        return b.apply("or", b.apply("eq", x, y), b.apply("le", b.apply("abs", b.apply("sub", x, y)), _limit(b, y)))
    if not wire.is_float:
        return b.apply("eq", x, y)
    beyond = b.apply("gt", b.apply("abs", b.apply("sub", x, y)), _limit(b, y))
    return b.apply("not", beyond)  # holds of NaN, which shows itself


def _limit(b: Builder, y: int) -> int:
    kind = element(b.wires[y])
    return b.apply("mul", b.constant(TOLERANCE[kind.kind], kind), b.apply("add", b.apply("abs", y), b.constant(1, kind)))


def _as_element(b: Builder, one: int, kind: Scalar) -> int:
    """The i64 1 as the 1 of a semiring, which of weights is carried by 0."""
    if kind.is_weight:
        nothing = b.apply("sub", one, b.constant(1, I64))
        return b.apply("cast", b.apply("cast", nothing, to=F64), to=kind)
    return b.apply("cast", one, to=kind) if kind != I64 else one


def scaled(b: Builder, z: int, by: int) -> int:
    """``z``, a number or an array, times the i64 1 that ``by`` is."""
    factor = _as_element(b, by, element(b.wires[z]))

    def level(z: int) -> int:
        wire = b.wires[z]
        if isinstance(wire, Scalar):
            return b.apply("mul", z, factor)
        row: Callable[..., list[int]] = lambda _, i, c: [level(b.index(z, i))]  # noqa: E731
        return b.loop("i", wire.shape[0], [], ["build"], row)[0]

    return level(z)
