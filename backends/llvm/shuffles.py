"""Vectors taken apart and put together in registers."""

from __future__ import annotations

from collections.abc import Sequence

from .text import Value, Writer, lanes_of, scalar_of, vector

__all__ = ["halves", "joined", "turned"]


def halves(w: Writer, value: Value) -> tuple[Value, Value]:
    """The first and the second half of a vector."""
    lanes = lanes_of(value.type)
    if lanes == 2:
        return w.extract(value, 0), w.extract(value, 1)
    nothing = Value(value.type, "poison")
    left, right = (_shuffled(w, value, nothing, part) for part in (range(lanes // 2), range(lanes // 2, lanes)))
    return left, right


def joined(w: Writer, parts: Sequence[Value]) -> Value:
    """Vectors one after another, as one; their number is a power of two."""
    made = list(parts)
    while len(made) > 1:
        places = range(2 * lanes_of(made[0].type))
        made = [_shuffled(w, a, b, places) for a, b in zip(made[::2], made[1::2], strict=True)]
    return made[0]


def turned(w: Writer, rows: Sequence[Value]) -> list[Value]:
    """The columns of a square of vectors: pairs of rows exchange halves of every size."""
    made, side = list(rows), len(rows)
    s = 1
    while s < side:
        for r in range(side):
            if r & s == 0:
                a, b = made[r], made[r + s]
                low = [k if k & s == 0 else side + k - s for k in range(side)]
                high = [k + s if k & s == 0 else side + k for k in range(side)]
                made[r], made[r + s] = (_shuffled(w, a, b, places) for places in (low, high))
        s *= 2
    return made


def _shuffled(w: Writer, a: Value, b: Value, places: Sequence[int]) -> Value:
    mask = f"<{len(places)} x i32> <{', '.join(f'i32 {k}' for k in places)}>"
    return w.instruction(vector(scalar_of(a.type), len(places)), f"shufflevector {a}, {b}, {mask}")
