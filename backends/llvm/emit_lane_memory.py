"""Scalars and memory of a loop in lanes: what an operand is in each lane, and where the lanes' elements lie.

Elements are one and the same, neighbours (a row), or anywhere. Those at a remainder of the loop's index are a row but where it
turns from the last place to the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.semiring import semiring
from ...ir.loops import nest
from ...ir.loops.nest import Literal, Operand
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_body import Body, Slot
from .emit_instructions import add, apply, llvm_type
from .emit_memory import Buffer
from .lanes import LINEAR, TURNING, UNIFORM, VARYING, Shapes
from .text import Value, constant, lanes_of

__all__ = ["LaneMemory"]


class LaneMemory(Body):
    """Writes arithmetic, reads and writes where a scalar is a vector if it differs between lanes.

    ``mask``: the lanes there are at this place (None: all; never none of them). ``bases``: for linear and turning scalars, the
    value in lane 0. ``unturned``: for turning ones, whether the lanes are in a row. ``partials``: a vector cell for each outer
    cell reduced into."""

    def __init__(self, outer: Body, lanes: int, shapes: Shapes) -> None:
        super().__init__(outer.frame, outer.at_once, outer.in_parts)
        self.lanes = lanes
        self.shapes = shapes
        self.mask: Value | None = None
        self.bases: dict[str, Value] = {}
        self.unturned: dict[str, Value] = {}
        self.partials: dict[str, Slot] = {}

    # -- operands
    def vector(self, operand: Operand) -> Value:
        """An operand with a value for each lane."""
        if isinstance(operand, Literal):
            return constant(llvm_type(operand.kind, self.lanes), operand.value)
        value = self.operand(operand)
        return value if lanes_of(value.type) > 1 else self.w.splat(value, self.lanes)

    def base(self, operand: Operand) -> Value:
        """The value in lane 0 of a scalar that is not varying."""
        return self.bases[operand] if self.shapes.of(operand) in (LINEAR, TURNING) else self.operand(operand)  # type: ignore[index]

    def uniform(self, *operands: Operand | None) -> bool:
        return self.shapes.worst(operands) == UNIFORM

    def there(self, when: Operand | None) -> Value | None:
        """The lanes that are here and whose condition holds."""
        return vectors.both(self.w, self.mask, None if when is None else self.vector(when))

    def offset(self, buffer: Buffer, indices: Sequence[Operand], row: bool = False) -> Value:
        """Scalar where the indices are uniform, also if the last one is linear or a ``row`` (its lane 0); else a vector."""
        w = self.w
        consecutive = (LINEAR, TURNING) if row else (LINEAR,) if self.uniform(*indices[:-1]) else ()
        values = [self.base(i) if self.shapes.of(i) in consecutive else self.operand(i) for i in indices]
        position = values[0] if values else constant("i64", 0)
        for size, index in zip(buffer.shape[1:], values[1:], strict=True):
            scaled = self.both_alike(position, self.operand(size), w.mul)
            position = self.both_alike(scaled, index, w.add)
        return position

    def both_alike(self, a: Value, b: Value, action: Callable[[Value, Value], Value]) -> Value:
        if lanes_of(a.type) < lanes_of(b.type):
            a = self.w.splat(a, self.lanes)
        elif lanes_of(b.type) < lanes_of(a.type):
            b = self.w.splat(b, self.lanes)
        return action(a, b)

    def way(self, buffer: Buffer, indices: Sequence[Operand]) -> str:
        """How the lanes' elements lie: `same` (one element), `row` (neighbours), `turning` (neighbours but where the index goes
        back to the first) or `anywhere`."""
        if buffer.lanes > 1:
            return "row" if self.uniform(*indices) else "anywhere"
        if self.uniform(*indices):
            return "same"
        moves = self.shapes.of(indices[-1]) if self.uniform(*indices[:-1]) else VARYING
        return {LINEAR: "row", TURNING: "turning"}.get(moves, "anywhere")

    def in_turn(self, indices: Sequence[Operand], action: Callable[[str], None]) -> None:
        """``action("row")`` where none of the lanes has turned, else ``action("anywhere")``."""
        self.branch(self.unturned[str(indices[-1])], lambda: action("row"), lambda: action("anywhere"))

    def addresses(self, buffer: Buffer, indices: Sequence[Operand], there: Value | None, way: str) -> Value:
        """Of `same` and `row` the first address, of `anywhere` a vector of them. Where a lane is not ``there`` the place may be
        outside the buffer."""
        w, position, base = self.w, self.offset(buffer, indices, way == "row"), buffer.address(self.w)
        if buffer.lanes > 1:
            position = w.mul(position, buffer.lanes)
        if way != "anywhere":
            return memory.address(w, buffer.element, base, position, surely=there is None)
        if lanes_of(position.type) == 1:  # linear in the last place of a buffer of lanes
            linear = w.mul(vectors.numbers(self.lanes), buffer.lanes)
            position = w.add(w.splat(position, self.lanes), linear)
        if buffer.lanes > 1:
            position = w.add(position, vectors.numbers(self.lanes))
        return vectors.strided(w, buffer.element, base, position)

    # -- scalars
    def let(self, s: nest.Let) -> None:
        args = self.operands(s.args)
        if all(lanes_of(a.type) == 1 for a in args):
            self.frame.values[s.name] = apply(self.w, s.instruction, s.kind, args)
            return
        if self.shapes.of(s.name) == TURNING:
            self.turn(s)
            return
        self.frame.values[s.name] = apply(self.w, s.instruction, s.kind, [self.vector(a) for a in s.args])
        if self.shapes.of(s.name) == LINEAR:
            self.bases[s.name] = apply(self.w, s.instruction, s.kind, [self.base(a) for a in s.args])

    def turn(self, s: nest.Let) -> None:
        """The remainder of a linear number: where lanes are no more than the divisor, it turns once among them at most."""
        w, (x, y) = self.w, s.args
        divisor, lanes = self.operand(y), self.lanes
        first = apply(w, s.instruction, s.kind, [self.base(x), divisor])
        slot = w.alloca(llvm_type(s.kind, lanes))

        def once() -> None:
            value, size = w.add(w.splat(first, lanes), vectors.numbers(lanes)), w.splat(divisor, lanes)
            w.store(w.select(w.icmp("slt", value, size), value, w.sub(value, size)), slot)

        self.branch(
            w.icmp("sge", divisor, lanes), once,
            lambda: w.store(apply(w, s.instruction, s.kind, [self.vector(x), self.vector(y)]), slot))
        self.frame.values[s.name] = w.load(llvm_type(s.kind, lanes), slot)
        self.bases[s.name], self.unturned[s.name] = first, w.icmp("sle", w.add(first, lanes), divisor)

    def load(self, s: nest.Load) -> None:
        buffer = self.frame.buffers[s.buffer]
        way = self.way(buffer, s.indices)
        if way == "same" and self.uniform(s.when):
            super().load(s)
            return
        w, there = self.w, self.there(s.when)
        if way == "same":
            assert there is not None
            address = self.place(buffer, s.indices, surely=False)
            value = memory.load(w, s.kind, w.select(vectors.any_lane(w, there), address, Value("ptr", "@pb.nothing")))
            loaded = w.select(there, w.splat(value, self.lanes), Value(llvm_type(s.kind, self.lanes), "zeroinitializer"))
        elif way == "turning":
            slot = w.alloca(llvm_type(s.kind, self.lanes))
            self.in_turn(s.indices, lambda way: w.store(self.loaded(buffer, s, there, way), slot))
            loaded = w.load(llvm_type(s.kind, self.lanes), slot)
        else:
            loaded = self.loaded(buffer, s, there, way)
        self.frame.values[s.name] = loaded

    def loaded(self, buffer: Buffer, s: nest.Load, there: Value | None, way: str) -> Value:
        """Neighbours, or elements anywhere."""
        addresses = self.addresses(buffer, s.indices, there, way)
        return (vectors.load(self.w, s.kind, addresses, self.lanes, there) if way == "row"
                else vectors.gather(self.w, s.kind, addresses, there))  # fmt: skip

    def store(self, s: nest.Store) -> None:
        buffer = self.frame.buffers[s.buffer]
        way = self.way(buffer, s.indices)
        if way == "same" and self.uniform(s.value):
            super().store(s)
            return
        value = self.vector(s.value)
        if way == "turning":
            self.in_turn(s.indices, lambda way: self.put(buffer, way, s.indices, value, self.mask))
        else:
            self.put(buffer, way, s.indices, value, self.mask)

    def put(self, buffer: Buffer, way: str, indices: Sequence[Operand], value: Value, there: Value | None) -> None:
        w, addresses = self.w, self.addresses(buffer, indices, there, way)
        if way == "row":
            vectors.store(w, buffer.element, value, addresses, there)
            return
        if way == "same":
            addresses = w.splat(addresses, self.lanes)
        vectors.scatter(w, buffer.element, value, addresses, there)

    # -- accumulation
    def accumulate(self, s: nest.Accumulate) -> None:
        buffer = self.frame.buffers[s.buffer]
        own = s.buffer in self.shapes.own
        if own and buffer.lanes == 1:
            super().accumulate(s)
            return
        there, value, way = self.there(s.when), self.vector(s.value), self.way(buffer, s.indices)
        if not own and self.uniform(*s.indices):
            self.accumulate_same(s, value, there)
        elif own or any(self.shapes.of(i) == LINEAR for i in s.indices):
            self.accumulate_apart(s, value, there, way)
        elif way == "turning":
            self.in_turn(s.indices, lambda way: self.accumulate_apart(s, value, there, way) if way == "row"
                         else self.accumulate_one_by_one(s, value, there))  # fmt: skip
        else:
            self.accumulate_one_by_one(s, value, there)

    def accumulate_same(self, s: nest.Accumulate, value: Value, there: Value | None) -> None:
        """All lanes into one element: their sum."""
        w = self.w
        if there is not None:
            zero = constant(value.type, semiring(s.ring).zero)
            value = w.select(there, value, zero)

        def action() -> None:
            self.add_to(s.buffer, s.indices, s.ring, vectors.folded(w, "sum", s.ring, value))

        if s.when is None or there is None:  # a mask is never empty
            action()
        else:
            self.branch(vectors.any_lane(w, there), action, None)

    def accumulate_apart(self, s: nest.Accumulate, value: Value, there: Value | None, way: str) -> None:
        """Each lane into an element of its own: a linear index tells the elements apart."""
        w, buffer = self.w, self.frame.buffers[s.buffer]
        row, addresses = way == "row", self.addresses(buffer, s.indices, there, way)
        before = (vectors.load(w, buffer.element, addresses, self.lanes, there) if row
                  else vectors.gather(w, buffer.element, addresses, there))  # fmt: skip
        total = add(w, s.ring, before, value)
        (vectors.store if row else vectors.scatter)(w, buffer.element, total, addresses, there)

    def accumulate_one_by_one(self, s: nest.Accumulate, value: Value, there: Value | None) -> None:
        """Lanes may meet in an element: in turn, in the order of the loop."""
        w, buffer = self.w, self.frame.buffers[s.buffer]
        addresses = self.addresses(buffer, s.indices, there, "anywhere")

        def one(lane: Value) -> None:
            address = w.extract(addresses, lane)
            total = add(w, s.ring, memory.load(w, buffer.element, address), w.extract(value, lane))
            memory.store(w, buffer.element, total, address)

        def turn(lane: Value) -> None:
            if there is None:
                one(lane)
            else:
                self.branch(w.extract(there, lane), lambda: one(lane), None)

        memory.loop(w, constant("i64", self.lanes), turn)
