"""How far gates are from inputs and state."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .circuit import NOTHING, Circuit, uses

Numbers = NDArray[np.int64]

_LONG = 32
"""Gates to a stretch from which on stretches are treated as arrays."""


def reads(c: Circuit) -> tuple[Numbers, Numbers]:
    """The wires that each gate depends on, `NOTHING` where it ignores one."""
    left, right = uses(c)
    return np.where(left, c.left, NOTHING).astype(np.int64), np.where(right, c.right, NOTHING).astype(np.int64)


def levels(c: Circuit) -> Numbers:
    """For each wire the most gates on a way to it, itself included: 0 for inputs and state, 1 for constants."""
    left, right = reads(c)
    found = np.zeros(c.wires + 1, dtype=np.int64)  # the last is that of NOTHING
    stretches = list(_stretches(np.maximum(left, right), c.first, c.gates // _LONG))
    if stretches and stretches[-1][1] == c.gates:
        for first, last in stretches:
            here = slice(first, last)
            found[c.first + first : c.first + last] = 1 + np.maximum(found[left[here]], found[right[here]])
        return found[:-1]
    by_number = [0] * (c.wires + 1)
    for w, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True), start=c.first):
        x, y = by_number[a], by_number[b]
        by_number[w] = (x if x > y else y) + 1
    return np.array(by_number[:-1], dtype=np.int64)


def _stretches(last_read: Numbers, first: int, most: int) -> Iterator[tuple[int, int]]:
    """Gates first to last of which none reads another, each stretch as long as can be, and at most so many of them."""
    highest = np.maximum.accumulate(last_read)
    begin = 0
    for _ in range(most):
        if begin == len(highest):
            return
        end = int(np.searchsorted(highest, first + begin))
        yield begin, end
        begin = end


def by_levels(c: Circuit) -> tuple[Numbers, list[int]]:
    """The gates in the order of their levels, and where in it each level begins, and the last ends."""
    found = levels(c)[c.first :] - 1
    small = found.astype(np.uint16) if len(found) and int(found.max()) < 1 << 16 else found  # these sort in no time
    return np.argsort(small, kind="stable"), [0, *np.cumsum(np.bincount(found)).tolist()]
