"""Inner loops along rows of which every lane has one, row after row.

    for j < d { v = x[i, j]; u = w[j]; s sum= v · u; y[j] += v · t; z[i, j] = … }        with lanes over i

Here the lanes turn round: for a few i at a time, neighbouring j lie in vectors. Rows are read and written as they lie in
memory, what belongs to an i (t) is spread over a vector, and sums over j are added up when the row is done. Nothing is
gathered, nor turned as in `emit_blocks.py`, and a processor that reads ahead has a few rows to follow and not as many as there
are lanes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...core.objects import BOOL, Scalar
from ...core.operation import INSTRUCTIONS
from ...ir.loops import nest
from ...ir.loops.nest import Operand
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_body import Body, Slot
from .emit_instructions import add, apply, llvm_type, size_of
from .lanes import LINEAR, UNIFORM, Shapes
from .text import Value, constant, scalar_of

__all__ = ["Along", "Rows", "rows"]

_BYTES = 32
"""The width of the vectors along a row."""

_ABREAST = 8
"""So many sums, or numbers of a lane, at a time as leave registers for the rest."""

_LONGEST = 16
"""The most statements of a body that is written once for each row."""

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])


@dataclass(frozen=True)
class Rows:
    """``side``: how many neighbours are in a vector; ``abreast``: how many lanes are done at a time. ``level``: what is read or
    added to at the same place by all lanes."""

    kind: Scalar
    side: int
    abreast: int
    level: frozenset[int]
    own: tuple[str, ...]


def rows(body: Body, s: nest.For, lanes: int, shapes: Shapes, sums: Mapping[str, Slot]) -> Rows | None:
    """How a loop inside one with lanes runs along rows, or None where it does not. ``sums``: cells that have a value for each
    lane."""
    if s.backward or not s.parallel or len(s.body) > _LONGEST:
        return None
    reads = _Reading(body, s, shapes, sums)
    level: set[int] = set()
    along = False
    for k, t in enumerate(s.body):
        place = reads.place(t)
        if place is None:
            return None
        along = along or place == "row"
        if place == "level":
            level.add(k)
    if not along or len(reads.kinds) != 1:
        return None
    (kind,) = reads.kinds
    kept = len(reads.outer) + sum(isinstance(t, nest.Reduce) for t in s.body)
    abreast = max(2, _ABREAST >> max(kept - 1, 0).bit_length())
    return Rows(kind, _BYTES // size_of(kind), min(abreast, lanes), frozenset(level), tuple(reads.outer))


class _Reading:
    """Statements of a loop, one after another. ``kinds``: those of its reals; ``outer``: scalars from outside that differ
    between lanes."""

    def __init__(self, body: Body, s: nest.For, shapes: Shapes, sums: Mapping[str, Slot]) -> None:
        self.body, self.index, self.shapes, self.sums = body, s.index, shapes, sums
        self.made = {t.name for t in s.body if isinstance(t, nest.Let | nest.Load)}
        self.written = [t.buffer for t in s.body if isinstance(t, nest.Store | nest.Accumulate)]
        self.loaded = {t.buffer for t in s.body if isinstance(t, nest.Load)}
        self.kinds: set[Scalar] = set()
        self.outer: dict[str, None] = {}

    def place(self, t: nest.Statement) -> str | None:
        """Where a statement reads or writes: along a `row`, on the `level`, or `nowhere`; None where it cannot be done."""
        match t:
            case nest.Let():
                fits = t.instruction not in _FUNCTIONS and all(map(self.operand, t.args)) and self.real(t.kind)
                return "nowhere" if fits else None
            case nest.Load() if t.when is None and t.kind.is_float and t.buffer not in self.written:
                return self.along(t.buffer, t.indices) if self.real(t.kind) else None
            case nest.Store() if self.alone(t.buffer) and self.operand(t.value):
                place = self.along(t.buffer, t.indices)
                return place if place == "row" and self.real(self.body.frame.buffers[t.buffer].element) else None
            case nest.Accumulate() if t.when is None and t.ring.is_float and self.alone(t.buffer) and self.operand(t.value):
                return self.along(t.buffer, t.indices) if self.real(t.ring) else None
            case nest.Reduce(kind="sum") if t.ring.is_float and t.cell in self.sums and self.operand(t.value):
                return "nowhere" if self.real(t.ring) else None
        return None

    def real(self, kind: Scalar) -> bool:
        if kind != BOOL:
            self.kinds.add(kind)
        return kind == BOOL or kind.is_float

    def operand(self, operand: Operand) -> bool:
        """Whether an operand is there: reals and truths, not the number of the iteration."""
        if isinstance(operand, str) and operand not in self.made:
            if self.shapes.of(operand) == LINEAR or operand == self.index:
                return False
            if self.shapes.of(operand) != UNIFORM:
                self.outer[operand] = None
        return True

    def alone(self, buffer: str) -> bool:
        return buffer not in self.shapes.own and buffer not in self.loaded and self.written.count(buffer) == 1

    def along(self, buffer: str, indices: Sequence[Operand]) -> str | None:
        if not indices:
            return None
        *first, last = indices
        if self.body.frame.buffers[buffer].lanes > 1 or last != self.index or any(i in self.made or i == last for i in first):
            return None
        across = [i for i in first if self.shapes.of(i) != UNIFORM]
        if len(across) == 1 and self.shapes.of(across[0]) == LINEAR and buffer not in self.shapes.own:
            return "row"
        return None if across else "level"


@dataclass
class Along:
    """The loop being written, along rows. ``bases`` are the linear scalars in lane 0."""

    body: Body
    s: nest.For
    rows: Rows
    lanes: int
    shapes: Shapes
    bases: Mapping[str, Value]
    sums: Mapping[str, Slot]

    def run(self) -> Value:
        """As many iterations as make whole vectors; how many those are."""
        w, s, values = self.body.w, self.s, self.body.frame.values
        main = w.intrinsic("smax", w.and_(self.body.operand(s.bound), -self.rows.side), 0)
        values[s.index] = constant("i64", 0)
        self.kept = {name: self.keep(values[name]) for name in self.rows.own}
        moving = [(k, t) for k, t in enumerate(s.body) if isinstance(t, nest.Load | nest.Store | nest.Accumulate)]
        self.starts = {k: self.start(t) for k, t in moving}
        self.totals = {k: w.alloca(llvm_type(t.ring, self.lanes)) for k, t in enumerate(s.body) if isinstance(t, nest.Reduce)}
        memory.loop(w, constant("i64", self.lanes), lambda first: self.some(first, main), step=self.rows.abreast)
        for k, total in self.totals.items():
            pointer = self.sums[s.body[k].cell].pointer  # type: ignore[union-attr]
            type = llvm_type(self.rows.kind, self.lanes)
            w.store(add(w, self.rows.kind, w.load(type, pointer), w.load(type, total)), pointer)
        return main

    def keep(self, value: Value) -> Value:
        """A number for each lane in memory: where it is."""
        w = self.body.w
        value = w.cast("zext", value, "i8") if scalar_of(value.type) == "i1" else value
        cell = w.alloca(value.type)
        w.store(value, cell)
        return cell

    def of_lane(self, name: str, lane: Value) -> Value:
        """That number of a lane, in a vector."""
        w, type = self.body.w, scalar_of(self.body.frame.values[name].type)
        held = "i8" if type == "i1" else type
        value = w.load(held, w.gep(held, self.kept[name], lane))
        return w.splat(w.icmp("ne", value, 0) if type == "i1" else value, self.rows.side)

    def start(self, t: nest.Load | nest.Store | nest.Accumulate) -> tuple[Value, Value]:
        """Where the row of lane 0 begins, and how far it is to the next lane's."""
        w, buffer = self.body.w, self.body.frame.buffers[t.buffer]

        def position(further: int) -> Value:
            total = constant("i64", 0)
            for k, index in enumerate(t.indices):
                linear = self.shapes.of(index) == LINEAR
                value = w.add(self.bases[str(index)], further) if linear else self.body.operand(index)
                total = value if k == 0 else w.add(w.mul(total, self.body.operand(buffer.shape[k])), value)
            return total

        first = position(0)
        return first, w.sub(position(1), first)

    def some(self, first: Value, main: Value) -> None:
        """The lanes from ``first`` on that are done at a time."""
        w, kind = self.body.w, self.rows.kind
        lanes = [w.add(first, r) for r in range(self.rows.abreast)]
        type = llvm_type(kind, self.rows.side)
        sums = {k: [w.alloca(type) for _ in lanes] for k in self.totals}
        for cell in (cell for cells in sums.values() for cell in cells):
            w.store(constant(type, 0), cell)
        kept = {name: [self.of_lane(name, lane) for lane in lanes] for name in self.rows.own}
        places: dict[int, list[Value]] = {}
        for k, (start, step) in self.starts.items():
            buffer = self.body.frame.buffers[self.s.body[k].buffer]  # type: ignore[union-attr]
            base, there = buffer.address(w), lanes[:1] if k in self.rows.level else lanes
            places[k] = [memory.address(w, kind, base, w.add(start, w.mul(step, lane))) for lane in there]
        memory.loop(w, main, lambda j: _Step(self, j, places, sums, dict(kept)).run(), step=self.rows.side)
        for k, cells in sums.items():
            for lane, cell in zip(lanes, cells, strict=True):
                total = vectors.folded(w, "sum", kind, w.load(type, cell))
                w.store(total, w.gep(llvm_type(kind), self.totals[k], lane))


@dataclass
class _Step:
    """One vector of every row. ``values``: for each scalar one vector, or one for each row."""

    along: Along
    index: Value
    places: Mapping[int, Sequence[Value]]
    sums: Mapping[int, Sequence[Value]]
    values: dict[str, list[Value]]

    def run(self) -> None:
        w, rows = self.along.body.w, self.along.rows
        for k, t in enumerate(self.along.s.body):
            match t:
                case nest.Let():
                    args = [self.operand(a) for a in t.args]
                    count = max(map(len, args))
                    each = [[a[r % len(a)] for a in args] for r in range(count)]
                    self.values[t.name] = [apply(w, t.instruction, t.kind, one) for one in each]
                case nest.Load():
                    self.values[t.name] = [vectors.load(w, t.kind, place, rows.side, None) for place in self.there(k)]
                case nest.Store():
                    for place, value in zip(self.there(k), self.each(t.value), strict=True):
                        vectors.store(w, rows.kind, value, place, None)
                case nest.Accumulate():
                    values = self.each(t.value)
                    while k in rows.level and len(values) > 1:
                        half = len(values) // 2
                        values = [add(w, t.ring, a, b) for a, b in zip(values[:half], values[half:], strict=True)]
                    for place, value in zip(self.there(k), values, strict=True):
                        before = vectors.load(w, t.ring, place, rows.side, None)
                        vectors.store(w, t.ring, add(w, t.ring, before, value), place, None)
                case nest.Reduce():
                    for cell, value in zip(self.sums[k], self.each(t.value), strict=True):
                        w.store(add(w, t.ring, w.load(value.type, cell), value), cell)

    def there(self, k: int) -> Iterator[Value]:
        w, rows = self.along.body.w, self.along.rows
        return (memory.address(w, rows.kind, place, self.index) for place in self.places[k])

    def operand(self, operand: Operand) -> list[Value]:
        if isinstance(operand, nest.Literal):
            return [constant(llvm_type(operand.kind, self.along.rows.side), operand.value)]
        found = self.values.get(operand)
        return found or [self.along.body.w.splat(self.along.body.operand(operand), self.along.rows.side)]

    def each(self, operand: Operand) -> list[Value]:
        """One for each row."""
        values = self.operand(operand)
        return values * (self.along.rows.abreast // len(values))
