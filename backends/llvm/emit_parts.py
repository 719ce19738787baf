"""Loops that threads share: each part is a call that the pool makes (`pool.py`), of a function that `emit_part.py` writes.

The parent fills an environment with what the loop mentions, has the parts run, stops with the first record of a failure, and
puts together what the parts reduced and added, in their order. Places and copies lie in one piece of memory. With one part, or
if that memory cannot be had, the only place is on the stack, there are no copies, and the iterations are called at once.
"""

from __future__ import annotations

from ...core.objects import BOOL
from ...ir.loops import nest
from ...ir.loops.sharing import sharing
from . import emit_memory as memory
from .emit_body import Body, better, combined
from .emit_instructions import size_of
from .emit_memory import Buffer
from .emit_part import LINE, RECORD, Copies, Environment, adder, cell_words, place_bytes, write_part
from .pool import RUN
from .text import Value, constant, quote

__all__ = ["run_in_parts"]


def run_in_parts(body: Body, loop: nest.For) -> None:
    """Write a loop that has a `Split`, which must be one that `sharing` allows."""
    _Parent(body, loop).write()


class _Parent:
    def __init__(self, body: Body, loop: nest.For) -> None:
        self.body, self.frame, self.w = body, body.frame, body.w
        self.loop, self.shared = loop, sharing(loop)
        self.place_bytes = place_bytes(self.shared)

    def write(self) -> None:
        assert self.loop.split is not None
        w, symbol = self.w, f"{self.frame.module.name}.loop.{self.loop.index}"
        copies, copied = self.copies()
        asked = w.intrinsic("smax", self.body.operand(self.loop.split.parts), 1)
        held, parts, places = self.room(asked, copied)
        passed, threads = self.passed(), constant("i64", self.loop.split.threads)
        bound = w.intrinsic("smax", self.body.operand(self.loop.bound), 0)

        def several() -> None:
            environment = self.environment(passed, {"bound": bound, "parts": parts, "places": places, "copied": copied}, copies)
            write_part(self.body, self.loop, self.shared, symbol, copies, environment)
            w.call("void", RUN, [Value("ptr", quote(symbol)), environment.base, parts, threads])

        def one() -> None:
            w.store(constant("i64", 0), places)
            w.call("i32", f"{symbol}.body", [*passed.values(), constant("i64", 0), bound, places])

        self.body.branch(w.icmp("sgt", parts, 1), several, one)
        self.stop_at_failure(parts, places)
        self.put_together(parts, places, copies, copied)
        memory.release(w, held)

    # -- before
    def copies(self) -> tuple[list[Copies], Value]:
        """The buffers to be had in copies, and the bytes of one part's copies."""
        w, total, made = self.w, constant("i64", 0), []
        for name, ring in self.shared.summed.items():
            buffer = self.frame.buffers[name]
            made.append(Copies(name, ring, self.body.count(buffer), total))
            rounded = w.and_(w.add(w.mul(made[-1].count, size_of(buffer.element)), LINE - 1), -LINE)
            total = w.add(rounded, total)
        return made, total

    def room(self, asked: Value, copied: Value) -> tuple[Buffer, Value, Value]:
        """The memory that is held, how many parts there are, and where their places begin."""
        w, one = self.w, constant("i64", 1)
        held = Buffer(BOOL, (), w.alloca("ptr"), local=True)
        w.at_entry(f"store ptr null, {held.pointer}")
        self.frame.heap.append(held)
        alone = w.alloca("i64", self.place_bytes // 8, align=LINE)
        several, go_on = w.new_label("several"), w.new_label("parts")
        before = w.current
        w.branch_if(w.icmp("sgt", asked, 1), several, go_on)
        w.label(several)
        others = w.mul(w.sub(asked, 1), copied)
        got = w.call("ptr", "pb.allocate", [w.add(w.mul(asked, self.place_bytes), others)])
        w.store(got, held.pointer)
        none, after = w.icmp("eq", got, 0), w.current
        fitting, there = w.select(none, one, asked), w.select(none, alone, got)
        w.branch(go_on)
        w.label(go_on)
        return held, w.phi("i64", [(one, before), (fitting, after)]), w.phi("ptr", [(alone, before), (there, after)])

    def passed(self) -> dict[str, Value]:
        """What the iterations mention: scalars as `.name`, addresses of buffers as `[name]`."""
        frame, buffers = self.frame, self.shared.buffers
        inner = (d for b in buffers for d in frame.buffers[b].shape[1:] if isinstance(d, str))
        scalars = {f".{name}": frame.values[name] for name in (*self.shared.scalars, *inner)}
        return scalars | {f"[{name}]": frame.buffers[name].address(self.w) for name in buffers}

    def environment(self, passed: dict[str, Value], numbers: dict[str, Value], copies: list[Copies]) -> Environment:
        """What parts read: what is passed to the iterations, numbers, offsets and sizes of copies as `<name>` and `(name)`."""
        w, values = self.w, passed | numbers
        values |= {f"<{c.name}>": c.offset for c in copies} | {f"({c.name})": c.count for c in copies}
        environment = Environment(w, w.alloca("i64", len(values), align=LINE))
        for name, value in values.items():
            environment.put(name, value)
        return environment

    # -- after
    def stop_at_failure(self, parts: Value, places: Value) -> None:
        """Parts are in the order of their iterations and each stops at its first failure, so the first record is the first."""
        w, frame = self.w, self.frame

        def look(part: Value) -> None:
            record = w.gep("i8", places, w.mul(part, self.place_bytes))
            failed, fine = w.new_label("fail"), w.new_label("fine")
            w.branch_if(w.icmp("ne", w.load("i64", record), 0), failed, fine)
            w.label(failed)
            for k in range(RECORD):
                w.store(w.load("i64", w.gep("i64", record, k)), w.gep("i64", frame.error, k))
            frame.leave(1)
            w.label(fine)

        memory.loop(w, parts, look)

    def put_together(self, parts: Value, places: Value, copies: list[Copies], copied: Value) -> None:
        w = self.w
        if self.shared.reduced:
            memory.loop(w, parts, lambda part: self.reduce(w.gep("i8", places, w.mul(part, self.place_bytes))))
        first, others = w.gep("i8", places, w.mul(parts, self.place_bytes)), w.sub(parts, 1)
        for c in copies:
            buffer = self.frame.buffers[c.name]
            start = w.gep("i8", first, c.offset, flags="")
            w.call("void", adder(self.frame, buffer.element, c.ring), [buffer.address(w), start, copied, others, c.count])

    def reduce(self, place: Value) -> None:
        """One part's values into the cells."""
        w, words = self.w, cell_words(self.w, place, self.shared)
        for name, r in self.shared.reduced.items():
            if name == r.where:
                continue
            slot = self.frame.cells[name]
            best, value = self.body.now(slot), memory.load(w, slot.kind, words[name])
            if r.where is None:
                w.store(combined(w, r.kind, r.ring, best, value), slot.pointer)
                continue
            where = self.frame.cells[r.where]
            at, index = self.body.now(where), w.load("i64", words[r.where])
            wins = w.and_(w.icmp("sge", index, 0), w.or_(w.icmp("slt", at, 0), better(w, r.kind, value, best)))
            w.store(w.select(wins, value, best), slot.pointer)
            w.store(w.select(wins, index, at), where.pointer)
