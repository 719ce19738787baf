"""Values at random: moderate ones, for laws that hold up to rounding, and awkward ones, for what must hold of every bit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from ...core.objects import Scalar, Wire, element, shape
from ...core.semiring import semiring
from ...ir.unary.term import Term
from .choices import Choices, Seeded

EXTENTS = (1, 2, 3, 0, 4)
"""What sizes are drawn from. Shrinking goes to the front, so that a small counterexample is seldom a trivial one."""

MANY = 64
"""Beyond so many numbers those of an array are not drawn one by one, which no search could make simpler."""


def arguments(term: Term, choices: Choices, awkward: bool = False) -> tuple[dict[str, int], list[Any]]:
    """Sizes and arguments of a term: everything from empty to a few elements."""
    sizes = {name: choices.pick(EXTENTS) for name in term.sizes}
    return sizes, nearby(term.dom, sizes, choices, awkward)


def nearby(wires: Sequence[Wire], sizes: Mapping[str, int], choices: Choices, awkward: bool = False) -> list[Any]:
    """Values of several wires: arguments, tangents, cotangents."""
    return [array(wire, sizes, choices, awkward) for wire in wires]


def array(wire: Wire, sizes: Mapping[str, int], choices: Choices, awkward: bool = False) -> Any:
    """A value of a wire: an array of its dtype, of no dimension for a number."""
    axes = tuple(max(d.evaluate(sizes), 0) for d in shape(wire))
    count = int(np.prod(axes, dtype=int))
    if count > MANY:
        choices = Seeded(choices.between(0, 2**16))
    return np.array([number(element(wire), choices, awkward) for _ in range(count)], element(wire).dtype).reshape(axes)


def number(scalar: Scalar, choices: Choices, awkward: bool = False) -> float | int | bool:
    """An element, 1 the simplest: of a finite semiring any, of the floats and what they carry a multiple of 1/8
    within ±2, a small count.

    ``awkward``: one in four is what arithmetic is least prepared for (`corners`)."""
    if awkward and (special := corners(scalar)) and choices.between(0, 3) == 3:
        return choices.pick(special)
    if scalar.is_float:
        return 1 - choices.between(-8, 24) / 8
    if scalar.is_weight:
        return choices.pick([1.0, 0.5, 0.0, -2.0, 0.125, float(semiring(scalar).zero)])
    if scalar.kind in ("bit", "bool"):
        return choices.pick([True, False])
    most = scalar.modulus or 5
    return choices.pick([1, *range(2, most), 0]) if most < 64 else choices.between(0, most - 1)


@cache
def corners(scalar: Scalar) -> tuple[float | int, ...]:
    """NaN, infinities, zeros of both signs, subnormals, the extremes and their neighbours; of integers the ends of the word."""
    if scalar.is_float:
        info = np.finfo(scalar.dtype)
        ends = [info.max, info.tiny, info.smallest_subnormal, info.tiny * 0.75, info.eps, 1 + info.eps]
        return (np.nan, np.inf, -np.inf, 0.0, -0.0, *map(float, ends), *(-float(e) for e in ends))
    if scalar.is_integer:
        info_of = np.iinfo(scalar.dtype)
        return (-1, int(info_of.max), int(info_of.min), int(info_of.max) // 2, -7)
    return ()
