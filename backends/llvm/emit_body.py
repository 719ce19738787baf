"""Statements of a kernel as LLVM text, one iteration at a time.

Scalars are SSA values; cells are stack slots, which LLVM's passes turn into registers. Every way out of the function
goes through one exit block. `emit_lanes.py` does the loops that run several iterations at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from ...core.objects import I64, Scalar
from ...ir.loops import nest
from ...ir.loops.nest import Literal, Operand, Statement
from . import emit_foreign as foreign
from . import emit_memory as memory
from .emit_instructions import add, apply, llvm_type, mul
from .emit_memory import OUT_OF_MEMORY, Buffer
from .emit_writer import FunctionWriter
from .text import FLOATS, Value, Writer, constant, intrinsic_suffix, scalar_of

__all__ = ["CHECK_FAILED", "Body", "Frame", "Module", "Slot", "better", "combined"]

_WRITTEN_OUT = 64
"""Statements at most of a loop that is written out, where it is known how often it runs."""

CHECK_FAILED = 1
"""The code of the error record when a `Check` does not hold."""


@dataclass(frozen=True)
class Slot:
    """A mutable scalar: where it is kept, and what it is. ``settled``: it began as a number that is not negative, so as a
    winner's index it stands for one from the start."""

    pointer: Value
    kind: Scalar
    lanes: int = 1
    settled: bool = False


@dataclass
class Module:
    """What a kernel's functions have in common. ``functions``: the text of those that loops brought with them, by symbol;
    ``needed``: what they call."""

    name: str
    functions: dict[str, str] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)


@dataclass
class Frame:
    """One function being written: what its names stand for, and how it is left."""

    w: FunctionWriter
    error: Value
    small: frozenset[str]
    module: Module
    values: dict[str, Value] = field(default_factory=dict)
    cells: dict[str, Slot] = field(default_factory=dict)
    buffers: dict[str, Buffer] = field(default_factory=dict)
    heap: list[Buffer] = field(default_factory=list)
    exits: list[tuple[int, str]] = field(default_factory=list)
    """Blocks that branch to the exit, with the status they bring."""

    def leave(self, status: int) -> None:
        self.exits.append((status, self.w.current))
        self.w.branch("exit")

    def fail(self, failed: Value, code: int, site: int, value: Value, bound: Value) -> None:
        """Leave with an error record where ``failed`` holds."""
        w = self.w
        failure, fine = w.new_label("fail"), w.new_label("fine")
        w.branch_if(failed, failure, fine)
        w.label(failure)
        self.report(code, site, value, bound)
        w.label(fine)

    def report(self, code: int, site: int, value: Value, bound: Value) -> None:
        w = self.w
        for position, word in enumerate((constant("i64", code), constant("i64", site), value, bound)):
            w.store(as_word(w, word), w.gep("i64", self.error, position))
        self.leave(1)

    def finish(self) -> None:
        """The exit block: release what is held and return."""
        w = self.w
        w.label("exit")
        status = w.phi("i32", self.exits)
        for buffer in self.heap:
            w.call("void", "pb.release", [w.load("ptr", buffer.pointer)])
        w.ret(status)


def as_word(w: Writer, value: Value) -> Value:
    """Any scalar as the 64 bits of an error record."""
    match value.type:
        case "i64":
            return value
        case "double":
            return w.cast("bitcast", value, "i64")
        case "float":
            return w.cast("zext", w.cast("bitcast", value, "i32"), "i64")
        case "i1":
            return w.cast("zext", value, "i64")
    return w.cast("sext", value, "i64")


class Body:
    """Writes statements where every scalar is a single value.

    ``at_once`` writes the iterations from a first one on up to a bound in lanes or tiles, or returns False and writes nothing;
    ``in_parts`` writes a loop that threads share."""

    def __init__(
        self, frame: Frame, at_once: Callable[[Body, nest.For, Value | None, Value], bool],
        in_parts: Callable[[Body, nest.For], None],
    ) -> None:
        self.frame = frame
        self.at_once = at_once
        self.in_parts = in_parts
        self.w = frame.w
        self.held: list[Buffer] = []
        """Heap buffers of the block being written, released at its end."""

    # -- operands
    def operand(self, operand: Operand) -> Value:
        if isinstance(operand, Literal):
            return constant(llvm_type(operand.kind), operand.value)
        return self.frame.values[operand]

    def operands(self, operands: Iterable[Operand]) -> list[Value]:
        return [self.operand(o) for o in operands]

    def offset(self, buffer: Buffer, indices: Sequence[Operand]) -> Value:
        """The position of an element, row-major (Horner's scheme; the first size is never needed)."""
        w, position = self.w, constant("i64", 0)
        for k, index in enumerate(self.operands(indices)):
            if k == 0:
                position = index
            else:
                position = w.add(w.mul(position, self.operand(buffer.shape[k])), index)
        return position

    def place(self, buffer: Buffer, indices: Sequence[Operand], surely: bool = True) -> Value:
        """The address of an element; ``surely``: it lies inside the buffer."""
        position = self.offset(buffer, indices)
        return memory.address(self.w, buffer.element, buffer.address(self.w), position, surely)

    def count(self, buffer: Buffer) -> Value:
        """How many elements a buffer has."""
        total = constant("i64", 1)
        for size in self.operands(buffer.shape):
            total = self.w.mul(self.w.intrinsic("smax", size, 0), total)
        return total

    # -- blocks
    def block(self, body: Sequence[Statement]) -> None:
        outer, self.held = self.held, []
        for statement in body:
            self.statement(statement)
        self.drop()
        self.held = outer

    def drop(self) -> None:
        for buffer in self.held:
            memory.release(self.w, buffer)

    def top(self, body: Sequence[Statement]) -> None:
        """The whole function: what its own block holds is released by the exit block."""
        for statement in body:
            self.statement(statement)

    def statement(self, statement: Statement) -> None:
        _HANDLERS[type(statement)](self, statement)

    # -- scalars
    def let(self, s: nest.Let) -> None:
        self.frame.values[s.name] = apply(self.w, s.instruction, s.kind, self.operands(s.args))

    def call(self, s: nest.Call) -> None:
        self.frame.values[s.name] = foreign.call(self.w, s, self.operands(s.args))

    def load(self, s: nest.Load) -> None:
        buffer = self.frame.buffers[s.buffer]
        address = self.place(buffer, s.indices, surely=s.when is None)
        if s.when is not None:
            address = self.w.select(self.operand(s.when), address, Value("ptr", "@pb.nothing"))
        self.frame.values[s.name] = memory.load(self.w, s.kind, address)

    def store(self, s: nest.Store) -> None:
        buffer = self.frame.buffers[s.buffer]
        value = self.operand(s.value)
        memory.store(self.w, buffer.element, value, self.place(buffer, s.indices))

    def accumulate(self, s: nest.Accumulate) -> None:
        self.only_if(s.when, lambda: self.add_to(s.buffer, s.indices, s.ring, self.operand(s.value)))

    def add_to(self, name: str, indices: Sequence[Operand], ring: Scalar, value: Value) -> None:
        buffer = self.frame.buffers[name]
        address = self.place(buffer, indices)
        total = add(self.w, ring, memory.load(self.w, buffer.element, address), value)
        memory.store(self.w, buffer.element, total, address)

    def only_if(self, when: Operand | None, action: Callable[[], None]) -> None:
        if when is None:
            action()
        else:
            self.branch(self.operand(when), action, None)

    def branch(self, condition: Value, then: Callable[[], None], orelse: Callable[[], None] | None) -> None:
        w = self.w
        yes, done = w.new_label("then"), w.new_label("endif")
        no = w.new_label("else") if orelse else done
        w.branch_if(condition, yes, no)
        w.label(yes)
        then()
        w.branch(done)
        if orelse:
            w.label(no)
            orelse()
            w.branch(done)
        w.label(done)

    # -- cells
    def cell(self, s: nest.Cell) -> None:
        slot = Slot(self.w.alloca(llvm_type(s.kind)), s.kind, settled=is_settled(s))
        self.frame.cells[s.name] = slot
        self.w.store(self.operand(s.init), slot.pointer)

    def assign(self, s: nest.Assign) -> None:
        self.w.store(self.operand(s.value), self.frame.cells[s.cell].pointer)

    def read(self, s: nest.Read) -> None:
        self.frame.values[s.name] = self.now(self.frame.cells[s.cell])

    def now(self, slot: Slot) -> Value:
        """The present value of a cell."""
        return self.w.load(llvm_type(slot.kind, slot.lanes), slot.pointer)

    def reduce(self, s: nest.Reduce) -> None:
        slot = self.frame.cells[s.cell]
        value = self.operand(s.value)
        if s.where is None:
            self.w.store(combined(self.w, s.kind, s.ring, self.now(slot), value), slot.pointer)
            return
        assert s.index is not None
        where = self.frame.cells[s.where]
        self.win(s, slot, where, value, self.operand(s.index))

    def win(self, s: nest.Reduce, slot: Slot, where: Slot, value: Value, index: Value) -> None:
        """One step of argmax or argmin."""
        w, best, place = self.w, self.now(slot), self.now(where)
        wins = self.wins(s, where, value, best, place)
        w.store(w.select(wins, value, best), slot.pointer)
        w.store(w.select(wins, index, place), where.pointer)

    def wins(self, s: nest.Reduce, where: Slot, value: Value, best: Value, place: Value) -> Value:
        """Whether ``value`` is the winner now: it is better, or the first."""
        ahead = better(self.w, s.kind, value, best)
        return ahead if where.settled else self.w.or_(ahead, self.w.icmp("slt", place, 0))

    # -- buffers
    def allocate(self, s: nest.Allocate) -> None:
        self.make(s, lanes=1)

    def make(self, s: nest.Allocate, lanes: int) -> None:
        frame, w = self.frame, self.w
        cell = w.alloca("ptr")
        buffer = frame.buffers[s.name] = Buffer(s.element, s.shape, cell, local=True, lanes=lanes)
        if s.name in frame.small and memory.is_small(s, lanes=lanes):
            memory.allocate_on_stack(w, buffer, s.shape, s.zero)
            return
        w.at_entry(f"store ptr null, {cell}")
        frame.heap.append(buffer)
        self.held.append(buffer)
        memory.allocate(w, buffer, self.operands(s.shape), s.zero, lambda failed, total: frame.fail(
            failed, OUT_OF_MEMORY, -1, total, constant("i64", 0)))

    def fill(self, s: nest.Fill) -> None:
        buffer, value = self.frame.buffers[s.buffer], self.operand(s.value)
        w, address, count = self.w, buffer.address(self.w), self.count(buffer)
        if is_zero_bits(s.value):
            memory.clear(w, address, w.mul(count, buffer.bytes))
            return
        kind = buffer.element
        memory.loop(w, count, lambda i: memory.store(w, kind, value, memory.address(w, kind, address, i)))

    def copy(self, s: nest.Copy) -> None:
        w, target, source = self.w, self.frame.buffers[s.target], self.frame.buffers[s.source]
        memory.copy(w, target.address(w), source.address(w), w.mul(self.count(target), target.bytes))

    def swap(self, s: nest.Swap) -> None:
        left, right = self.frame.buffers[s.left], self.frame.buffers[s.right]
        first, second = left.address(self.w), right.address(self.w)
        self.w.store(second, left.pointer)
        self.w.store(first, right.pointer)

    # -- control
    def check(self, s: nest.Check) -> None:
        failed = self.w.not_(self.operand(s.ok))
        self.frame.fail(failed, CHECK_FAILED, s.site, self.operand(s.value), self.operand(s.bound))

    def for_(self, s: nest.For) -> None:
        if s.split is not None:
            self.in_parts(self, s)
        else:
            self.run(s, None, self.operand(s.bound))

    def run(self, s: nest.For, start: Value | None, bound: Value) -> None:
        """The iterations from ``start`` (None: the first) on up to ``bound``, in lanes or tiles where that can be."""
        if s.lanes == 1 or not s.parallel or not self.at_once(self, s, start, bound):
            self.loop(s, start, bound)

    def loop(self, s: nest.For, start: Value | None, bound: Value) -> None:
        """The same, one by one."""

        def body(index: Value) -> None:
            self.frame.values[s.index] = index
            self.block(s.body)

        count = int(s.bound.value) if start is None and isinstance(s.bound, Literal) else _WRITTEN_OUT + 1
        if count * sum(1 for _ in memory.every(s.body)) <= _WRITTEN_OUT:
            for k in reversed(range(count)) if s.backward else range(count):
                body(constant("i64", k))
        else:
            memory.loop(self.w, bound, body, start, backward=s.backward)

    def while_(self, s: nest.Loop) -> None:
        w = self.w
        head, body, done = w.new_label("head"), w.new_label("body"), w.new_label("done")
        outer, self.held = self.held, []
        with w.looping():
            w.branch(head)
            w.label(head)
            for statement in s.head:
                self.statement(statement)
            w.branch_if(self.operand(s.cond), body, done)
            w.label(body)
            self.block(s.body)
            self.drop()
            w.branch(head)
        w.label(done)
        self.drop()
        self.held = outer

    def if_(self, s: nest.If) -> None:
        self.branch(self.operand(s.cond), lambda: self.block(s.then), (lambda: self.block(s.orelse)) if s.orelse else None)


_HANDLERS: dict[type, Callable[..., None]] = {
    nest.Let: lambda body, s: body.let(s), nest.Call: lambda body, s: body.call(s), nest.Load: lambda body, s: body.load(s),
    nest.Store: lambda body, s: body.store(s), nest.Accumulate: lambda body, s: body.accumulate(s),
    nest.Cell: lambda body, s: body.cell(s), nest.Assign: lambda body, s: body.assign(s),
    nest.Read: lambda body, s: body.read(s), nest.Reduce: lambda body, s: body.reduce(s),
    nest.Allocate: lambda body, s: body.allocate(s), nest.Fill: lambda body, s: body.fill(s),
    nest.Copy: lambda body, s: body.copy(s), nest.Swap: lambda body, s: body.swap(s),
    nest.Check: lambda body, s: body.check(s), nest.For: lambda body, s: body.for_(s),
    nest.Loop: lambda body, s: body.while_(s), nest.If: lambda body, s: body.if_(s),
}  # fmt: skip
"""The method for each statement; through the name, so that a subclass's own is found."""


# -- reductions --------------------------------------------------------------------------------------------------------
def combined(w: Writer, kind: str, ring: Scalar, a: Value, b: Value) -> Value:
    """a ⊕ b, where a came first."""
    match kind:
        case "sum":
            return add(w, ring, a, b)
        case "prod":
            return mul(w, ring, a, b)
        case "all":
            return w.and_(a, b)
        case "any":
            return w.or_(a, b)
    if scalar_of(b.type) not in FLOATS:
        return w.select(better(w, kind, b, a), b, a)
    name = "maximum" if kind == "max" else "minimum"  # a NaN wins; which of two zeros does is open
    return w.instruction(b.type, f"call nsz {b.type} @llvm.{name}.{intrinsic_suffix(b.type)}({a}, {b})")


def better(w: Writer, kind: str, value: Value, best: Value) -> Value:
    """Whether ``value``, coming later, takes the place of ``best``: a NaN does, unless there is one already."""
    larger = kind.endswith("max")
    if scalar_of(value.type) not in FLOATS:
        return w.icmp("sgt" if larger else "slt", value, best)
    return w.and_(w.fcmp("ugt" if larger else "ult", value, best), w.fcmp("ord", best, best))


def is_settled(s: nest.Cell) -> bool:
    return isinstance(s.init, Literal) and s.init.kind == I64 and s.init.value >= 0


def is_zero_bits(operand: Operand) -> bool:
    """Whether the operand is a literal all of whose bits are 0."""
    return isinstance(operand, Literal) and operand.value == 0 and str(float(operand.value)) == "0.0"
