"""The structure of a sparse matrix: which elements may differ from zero, in compressed rows, and where values come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from .blocks import Block, Reading
from .coordinates import is_rectangular
from .places import Enumeration


@dataclass(frozen=True)
class Axis:
    """Rows, or columns: the elements of some arrays, one array after another."""

    shapes: tuple[tuple[int, ...], ...]

    @property
    def length(self) -> int:
        return sum(prod(s) for s in self.shapes)

    def offset(self, number: int) -> int:
        return sum(prod(s) for s in self.shapes[:number])

    def numbers(self, number: int, places: Sequence[Any]) -> Any:
        """The elements of array ``number`` at an index (one array of places per dimension); −1 where one is −1."""
        shape = self.shapes[number]
        total, there = np.int64(0), np.bool_(True)
        for place, size in zip(places, shape, strict=True):
            total, there = total * size + place, there & (place >= 0)
        return np.where(there, total + self.offset(number), -1)


@dataclass(frozen=True)
class Structure:
    """Rows ``starts[i]`` … ``starts[i + 1]`` of ``columns``, ascending; a NumPy array each.

    The values in this order are the computed ones at ``take`` (None: as they are), where ``sums`` is given added up from
    each of its places to the next."""

    shape: tuple[int, int]
    starts: Any
    columns: Any
    take: Any = None
    sums: Any = None

    @property
    def count(self) -> int:
        return len(self.columns)

    def gathered(self, computed: Any) -> Any:
        """The values, of those computed."""
        values = computed if self.take is None else computed[self.take]
        return values if self.sums is None else np.add.reduceat(values, self.sums)


def coordinates(block: Block, reading: Reading, rows: Axis, columns: Axis, inputs: Sequence[Any],
                sizes: Mapping[str, int]) -> tuple[Any, Any]:
    """The row and column of every value of a block, −1 where there is none."""
    over = Enumeration(inputs, sizes, block.over)
    found = [(_number(over, rows, reading.row(e)), _number(over, columns, reading.column(e))) for e in block.slots]
    first, second = (np.stack([np.broadcast_to(pair[k], (over.count,)) for pair in found], axis=1).ravel() for k in (0, 1))
    return first, second


def _number(over: Enumeration, axis: Axis, element: tuple[int, tuple[Any, ...]]) -> Any:
    number, at = element
    return axis.numbers(number, [over.places(i, size) for i, size in zip(at, axis.shapes[number], strict=True)])


def compressed(shape: tuple[int, int], rows: Any, columns: Any) -> Structure:
    """The structure of values at the coordinates given, in that order; −1 stands for no place, and repeated ones add up."""
    there = (rows >= 0) & (columns >= 0)
    keys = rows * shape[1] + columns
    if there.all() and (keys[1:] > keys[:-1]).all():
        return Structure(shape, _starts(rows, shape[0]), _narrow(columns, shape[1]))
    kept = np.flatnonzero(there)
    take = kept[np.argsort(keys[kept], kind="stable")]
    keys = keys[take]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    sums = None if len(first) == len(take) else first
    unique = take if sums is None else take[first]
    return Structure(shape, _starts(rows[unique], shape[0]), _narrow(columns[unique], shape[1]), take, sums)


def _starts(rows: Any, count: int) -> Any:
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))])
    return _narrow(starts, int(starts[-1]) + 1)


def _narrow(numbers: Any, bound: int) -> Any:
    """As i32 where that is enough, which is what SciPy uses then; read-only, since it is shared."""
    narrow = numbers.astype(np.int32 if bound <= 2**31 else np.int64)
    narrow.flags.writeable = False
    return narrow


def volume(block: Block, sizes: Mapping[str, int], inputs: Sequence[Any]) -> int:
    """How many values a block has; where loops are ragged, they are run through."""
    if not is_rectangular(block.over):
        return Enumeration(inputs, sizes, block.over).count * len(block.slots)
    none = Enumeration(inputs, sizes, ())
    return len(block.slots) * prod(max(int(none.numbers(v.args[0]).value), 0) for v in block.over)
