"""An iteration of a loop in lanes, of several at once.

What differs between iterations (`lanes.py` finds out) is an LLVM vector with a value for each, the rest stays scalar.
Branches become masks: a statement under a condition that differs between lanes acts on the lanes where it holds, and is
skipped where it holds in none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.objects import BOOL
from ...ir.loops import nest
from ...ir.loops.nest import Statement
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_blocks import Block, added, block, columns
from .emit_body import CHECK_FAILED, Slot, combined, is_settled, is_zero_bits
from .emit_instructions import llvm_type
from .emit_lane_memory import LaneMemory
from .emit_memory import Buffer
from .emit_rows import Along, rows
from .text import Value

__all__ = ["LaneBody"]


class LaneBody(LaneMemory):
    """Writes all statements: those on cells, buffers and control under the mask of the lanes that are there."""

    def iteration(self, loop: nest.For, index: Value) -> None:
        """The iterations from ``index`` on."""
        self.bases[loop.index] = index
        self.frame.values[loop.index] = self.w.add(self.w.splat(index, self.lanes), vectors.numbers(self.lanes))
        self.block(loop.body)

    # -- cells
    def cell(self, s: nest.Cell) -> None:
        if s.name not in self.shapes.varying:
            super().cell(s)
            return
        slot = Slot(self.w.alloca(llvm_type(s.kind, self.lanes)), s.kind, self.lanes, is_settled(s))
        self.frame.cells[s.name] = slot
        self.w.store(self.vector(s.init), slot.pointer)

    def assign(self, s: nest.Assign) -> None:
        slot = self.frame.cells[s.cell]
        if slot.lanes == 1:
            super().assign(s)
        else:
            self.update(slot, self.vector(s.value))

    def update(self, slot: Slot, value: Value) -> None:
        if self.mask is not None:
            value = self.w.select(self.mask, value, self.now(slot))
        self.w.store(value, slot.pointer)

    def reduce(self, s: nest.Reduce) -> None:
        slot = self.partials.get(s.cell) or self.frame.cells[s.cell]
        if slot.lanes == 1:
            super().reduce(s)
            return
        w, value = self.w, self.vector(s.value)
        if s.where is None:
            self.update(slot, combined(w, s.kind, s.ring, self.now(slot), value))
            return
        assert s.index is not None
        where = self.partials.get(s.where) or self.frame.cells[s.where]
        best, place = self.now(slot), self.now(where)
        wins = self.wins(s, where, value, best, place)
        self.update(slot, w.select(wins, value, best))
        self.update(where, w.select(wins, self.vector(s.index), place))

    # -- buffers
    def allocate(self, s: nest.Allocate) -> None:
        self.make(s, lanes=self.lanes if s.name in self.shapes.varying else 1)

    def fill(self, s: nest.Fill) -> None:
        buffer = self.frame.buffers[s.buffer]
        if buffer.lanes == 1:
            super().fill(s)
            return
        w, address, count = self.w, buffer.address(self.w), self.count(buffer)
        if self.mask is None and is_zero_bits(s.value):
            memory.clear(w, address, w.mul(count, buffer.bytes))
            return
        value = self.vector(s.value)
        self.each_row(buffer, address, lambda row, _: vectors.store(w, buffer.element, value, row, self.mask))

    def each_row(self, buffer: Buffer, address: Value, action: Callable[[Value, Value], None]) -> None:
        """Call ``action(address, number)`` for each element of a buffer of lanes."""
        w, kind = self.w, buffer.element
        memory.loop(w, self.count(buffer), lambda i: action(memory.address(w, kind, address, w.mul(i, self.lanes)), i))

    def copy(self, s: nest.Copy) -> None:
        w, target, source = self.w, self.frame.buffers[s.target], self.frame.buffers[s.source]
        if target.lanes == source.lanes and (target.lanes == 1 or self.mask is None):
            super().copy(s)
            return
        kind, origin = target.element, source.address(w)

        def row(address: Value, number: Value) -> None:
            value = memory.load(w, kind, memory.address(w, kind, origin, w.mul(number, source.lanes)), source.lanes)
            value = value if source.lanes > 1 else w.splat(value, self.lanes)
            vectors.store(w, kind, value, address, self.mask)

        self.each_row(target, target.address(w), row)

    # -- control
    def check(self, s: nest.Check) -> None:
        if self.uniform(s.ok, s.value, s.bound):
            super().check(s)
            return
        w = self.w
        failed = vectors.both(w, w.not_(self.vector(s.ok)), self.mask)
        assert failed is not None
        failure, fine = w.new_label("fail"), w.new_label("fine")
        w.branch_if(vectors.any_lane(w, failed), failure, fine)
        w.label(failure)
        lane = vectors.first_lane(w, failed)
        value, bound = (w.extract(self.vector(o), lane) for o in (s.value, s.bound))
        self.frame.report(CHECK_FAILED, s.site, value, bound)
        w.label(fine)

    def masked(self, mask: Value | None, body: Sequence[Statement]) -> None:
        """A block in some of the lanes."""
        outer, self.mask = self.mask, mask
        self.block(body)
        self.mask = outer

    def if_(self, s: nest.If) -> None:
        if self.uniform(s.cond):
            super().if_(s)
            return
        w, cond = self.w, self.vector(s.cond)
        for holds, body in ((cond, s.then), (w.not_(cond), s.orelse)):
            if body:
                there = vectors.both(w, self.mask, holds)
                assert there is not None
                self.branch(vectors.any_lane(w, there), lambda there=there, body=body: self.masked(there, body), None)  # type: ignore[misc]

    def for_(self, s: nest.For) -> None:
        if self.uniform(s.bound):
            self.loop(s, self.side_by_side(s), self.operand(s.bound))
            return
        w, bounds = self.w, self.vector(s.bound)
        here = bounds if self.mask is None else w.select(self.mask, bounds, Value(bounds.type, "zeroinitializer"))
        most = w.intrinsic("vector.reduce.smax", here, type="i64")

        def body(index: Value) -> None:
            self.frame.values[s.index] = index
            self.masked(vectors.both(w, self.mask, w.icmp("slt", w.splat(index, self.lanes), bounds)), s.body)

        memory.loop(w, most, body, backward=s.backward)

    def side_by_side(self, s: nest.For) -> Value | None:
        """Write as many iterations as can be done several at a time, along rows or in blocks; how many those are."""
        if self.mask is not None:
            return None
        cells = {t.cell for t in s.body if isinstance(t, nest.Reduce)}
        slots = {name: self.partials.get(name) or self.frame.cells.get(name) for name in cells}  # None: the iteration's own
        sums = {name: slot for name, slot in slots.items() if slot is not None and slot.lanes == self.lanes}
        along = rows(self, s, self.lanes, self.shapes, sums)
        if along is not None:
            return Along(self, s, along, self.lanes, self.shapes, self.bases, sums).run()
        blocked = block(self, s, self.lanes, self.shapes)
        return None if blocked is None else self.in_blocks(s, blocked)

    def in_blocks(self, s: nest.For, b: Block) -> Value:
        """As many iterations as make whole blocks; how many those are."""
        w, values = self.w, self.frame.values
        main = w.intrinsic("smax", w.and_(self.operand(s.bound), -b.side), 0)

        def one(index: Value) -> None:
            values[s.index] = index
            read = {t.name: columns(self, t, self.lanes, b.side, self.shapes, self.bases) for t in b.loads}
            sums: dict[int, list[Value]] = {id(t): [] for t in b.sums}
            for c in range(b.side):
                values[s.index] = w.add(index, c)
                for t in s.body:
                    if isinstance(t, nest.Load) and t.name in read:
                        values[t.name] = read[t.name][c]
                    elif isinstance(t, nest.Accumulate) and id(t) in sums:
                        sums[id(t)].append(self.vector(t.value))
                    else:
                        self.statement(t)
            values[s.index] = index
            for t in b.sums:
                added(self, t, sums[id(t)])

        memory.loop(w, main, one, step=b.side)
        return main

    def while_(self, s: nest.Loop) -> None:
        if self.uniform(s.cond):
            super().while_(s)
            return
        w, outer, held = self.w, self.mask, self.held
        head, body, done = w.new_label("head"), w.new_label("body"), w.new_label("done")
        active = Slot(w.alloca(llvm_type(BOOL, self.lanes)), BOOL, self.lanes)
        w.store(outer or vectors.all_lanes(self.lanes), active.pointer)
        self.held = []
        w.branch(head)
        w.label(head)
        self.mask = self.now(active)
        for statement in s.head:
            self.statement(statement)
        going = w.and_(self.mask, self.vector(s.cond))
        w.store(going, active.pointer)
        w.branch_if(vectors.any_lane(w, going), body, done)
        w.label(body)
        self.masked(going, s.body)
        self.drop()
        w.branch(head)
        w.label(done)
        self.drop()
        self.mask, self.held = outer, held
