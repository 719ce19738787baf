"""Inner loops along rows of which every lane has one, in square blocks.

    for j < d { v = x[i, j]; … ; y[j] += … }        with lanes over i

Reading x[i, j] in all lanes would gather from as many rows. Instead, for as many j as a register has places, whole vectors are
read from each row and turned in registers; and what all lanes add to y[j] is turned back into one vector over j.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...core.operation import INSTRUCTIONS
from ...ir.loops import nest
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_body import Body
from .emit_instructions import add, size_of
from .lanes import LINEAR, UNIFORM, Shapes
from .shuffles import halves, joined, turned
from .text import Value, constant, lanes_of

__all__ = ["Block", "added", "block", "columns"]

_BYTES = 32
"""The width of a block's vectors; all of one block must fit into the registers."""

_LONGEST = 16
"""The most statements of a body that is written once for each place."""

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])


@dataclass(frozen=True)
class Block:
    """``side``: how many iterations make a block; ``loads`` read from the lanes' rows, ``sums`` add to neighbours."""

    side: int
    loads: tuple[nest.Load, ...]
    sums: tuple[nest.Accumulate, ...]


def block(body: Body, s: nest.For, lanes: int, shapes: Shapes) -> Block | None:
    """How a loop inside one with lanes runs in blocks, or None where it does not."""
    if s.backward or len(s.body) > _LONGEST:
        return None
    for t in s.body:
        if not isinstance(t, nest.Let | nest.Load | nest.Store | nest.Accumulate | nest.Reduce):
            return None
        if isinstance(t, nest.Let) and t.instruction in _FUNCTIONS:
            return None
    moving = {s.index} | {t.name for t in s.body if isinstance(t, nest.Let | nest.Load)}
    written = [t.buffer for t in s.body if isinstance(t, nest.Store | nest.Accumulate)]
    read = [t.buffer for t in s.body if isinstance(t, nest.Load)]

    def is_row(t: nest.Load) -> bool:
        across = [i for i in t.indices[:-1] if shapes.of(i) != UNIFORM]
        alone = len(across) == 1 and shapes.of(across[0]) == LINEAR and not moving.intersection(map(str, t.indices[:-1]))
        shared = body.frame.buffers[t.buffer].lanes == 1 and t.buffer not in (*shapes.own, *written)
        return t.kind.is_float and t.when is None and t.indices[-1:] == (s.index,) and alone and shared

    def is_sum(t: nest.Accumulate) -> bool:
        apart = t.buffer not in shapes.own and t.buffer not in read and written.count(t.buffer) == 1
        fixed = shapes.worst(t.indices) == UNIFORM and not moving.intersection(map(str, t.indices[:-1]))
        return t.ring.is_float and t.when is None and t.indices[-1:] == (s.index,) and apart and fixed

    loads = tuple(t for t in s.body if isinstance(t, nest.Load) and is_row(t))
    if not loads or len({t.kind for t in loads}) > 1:
        return None
    side = min(_BYTES // size_of(loads[0].kind), lanes)
    kind = loads[0].kind
    sums = tuple(t for t in s.body if isinstance(t, nest.Accumulate) and t.ring == kind and is_sum(t))
    return Block(side, loads, sums)


def columns(body: Body, t: nest.Load, lanes: int, side: int, shapes: Shapes, bases: Mapping[str, Value]) -> list[Value]:
    """What ``side`` iterations read, a vector of all lanes for each. ``bases`` are the linear scalars in lane 0."""
    w, buffer = body.w, body.frame.buffers[t.buffer]

    def position(further: int) -> Value:
        total = constant("i64", 0)
        for k, index in enumerate(t.indices):
            linear = shapes.of(index) == LINEAR
            value = bases[str(index)] if linear else body.operand(index)
            value = w.add(value, further) if linear and further else value
            total = value if k == 0 else w.add(w.mul(total, body.operand(buffer.shape[k])), value)
        return total

    first = position(0)
    step, base = w.sub(position(1), first), buffer.address(w)
    groups = []
    for lane in range(0, lanes, side):
        places = [memory.address(w, t.kind, base, w.add(first, w.mul(step, lane + r))) for r in range(side)]
        groups.append(turned(w, [vectors.load(w, t.kind, place, side, None) for place in places]))
    return [joined(w, [group[c] for group in groups]) for c in range(side)]


def added(body: Body, t: nest.Accumulate, values: Sequence[Value]) -> None:
    """Add to as many neighbours as there are values the sum over the lanes of each, in the order of `emit_vector.folded`."""
    w, buffer, side = body.w, body.frame.buffers[t.buffer], len(values)
    rows = []
    for value in values:
        while lanes_of(value.type) > side:
            value = add(w, t.ring, *halves(w, value))
        rows.append(value)
    rows = turned(w, rows)
    while len(rows) > 1:
        half = len(rows) // 2
        rows = [add(w, t.ring, a, b) for a, b in zip(rows[:half], rows[half:], strict=True)]
    place = body.place(buffer, t.indices)
    before = vectors.load(w, buffer.element, place, side, None)
    vectors.store(w, buffer.element, add(w, t.ring, before, rows[0]), place, None)
