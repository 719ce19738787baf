"""Proofs that an index stays inside its array: nonnegativity of a size under ranges of its atoms.

The method is discrete calculus. To show p ≥ 0 for every lo ≤ v ≤ hi, look at the difference p(v+1) − p(v): where it is
provably ≥ 0 the minimum is at lo, where ≤ 0 at hi, and where p is concave at one of the two ends. Variables are
eliminated innermost first, because bounds of an inner index may mention outer ones. What remains is a polynomial in
sizes that are at least 0 (or 1, inside a loop over them); it is nonnegative if all its coefficients are.

>>> from .sizes import atom
>>> c, r, d = atom("c"), atom("r"), atom("d")
>>> within = (Range("c", ZERO, r - 1), Range("r", ZERO, d - 1))
>>> nonnegative(d*(d-1)//2 - 1 - (c*(d-1) - c*(c-1)//2 + r - c - 1), within)
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .sizes import ONE, ZERO, FloorDiv, Size, atom


@dataclass(frozen=True)
class Range:
    """``low ≤ name ≤ high``, both ends included; only outer names stand in the ends. ``high`` None: no upper end."""

    name: str
    low: Size
    high: Size | None


def nonnegative(value: Size, ranges: Sequence[Range], depth: int = 6) -> bool:
    """Whether ``value ≥ 0`` is proved for all integers in the ranges (innermost first). False means: not proved."""
    if value.constant is not None:
        return all(c >= 0 for _, c in value.terms)
    if depth == 0:
        return False
    if not ranges:
        floor = next((b for b in value.bases if isinstance(b, FloorDiv)), None)
        return _all_nonnegative(value) or (floor is not None and _without_floor(value, floor, ranges, depth))
    here, outer = ranges[0], ranges[1:]
    floors = [b for b in value.bases if isinstance(b, FloorDiv) and here.name in b.numerator.atoms | b.divisor.atoms]
    if floors:
        return _without_floor(value, floors[0], ranges, depth)
    if here.name not in value.atoms:
        return nonnegative(value, _inhabited(here, outer), depth)
    return _eliminate(value, here, outer, depth)


def _eliminate(value: Size, here: Range, outer: Sequence[Range], depth: int) -> bool:
    low = value.substitute({here.name: here.low})
    rise = value.substitute({here.name: atom(here.name) + 1}) - value
    inside = (Range(here.name, here.low, None if here.high is None else here.high - 1), *outer)
    rest = _inhabited(here, outer)
    if nonnegative(rise, inside, depth - 1):
        return nonnegative(low, rest, depth)
    if here.high is None:
        return False
    high = value.substitute({here.name: here.high})
    if nonnegative(-rise, inside, depth - 1):
        return nonnegative(high, rest, depth)
    bend = rise.substitute({here.name: atom(here.name) + 1}) - rise
    if nonnegative(-bend, inside, depth - 1):
        return nonnegative(low, rest, depth) and nonnegative(high, rest, depth)
    return False


def _inhabited(here: Range, outer: Sequence[Range]) -> Sequence[Range]:
    """The outer ranges, knowing that ``here`` has a value: ``n ≥ 0`` becomes ``n ≥ 1`` from ``0 ≤ i < n``."""
    if here.high is None:
        return outer
    span = here.high - here.low
    listed = tuple(
        Range(r.name, r.low + 1, r.high) if span == atom(r.name) - r.low - 1 else r
        for r in outer
    )
    size = (span + 1).name
    if size is None or any(r.name == size for r in outer):
        return listed
    return (*listed, Range(size, ONE, None))


def _without_floor(value: Size, floor: FloorDiv, ranges: Sequence[Range], depth: int) -> bool:
    """Replace q = ⌊a/b⌋ by a fresh name with b·q ≤ a ≤ b·q + b − 1: sound bounds where b is a positive constant."""
    b = floor.divisor.constant
    if b is None or value.degree(floor) != 1:
        return False
    slope = sum((c for m, c in value.terms if m == ((floor, 1),)), start=value.terms[0][1] * 0)
    if any(floor in dict(m) and m != ((floor, 1),) for m, _ in value.terms) or slope == 0:
        return False
    rest = Size(tuple((m, c) for m, c in value.terms if m != ((floor, 1),)))
    # value = rest + slope·q with q ≥ (a − b + 1)/b and q ≤ a/b: take the end that makes it smallest, times b.
    worst = floor.numerator - (b - 1) if slope > 0 else floor.numerator
    scaled = rest * b + Size(tuple((m, c * slope) for m, c in worst.terms))
    # an integer is ≥ 0 where it is > −1, that is where b times it is ≥ 1 − b
    return nonnegative(scaled + (b - 1) if value.is_integer_valued else scaled, ranges, depth - 1)


def _all_nonnegative(value: Size) -> bool:
    """Every atom left is a plain size ≥ 0; sound for floor divisions of such sizes by positive constants too."""
    if any(isinstance(b, FloorDiv) and not (b.divisor.constant and _all_nonnegative(b.numerator)) for b in value.bases):
        return False
    return all(c >= 0 for _, c in value.terms) or value == ZERO
