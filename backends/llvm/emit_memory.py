"""Buffers in machine code: addresses, allocation that is undone on every way out, whole-buffer statements.

Small buffers of constant shape lie in the stack frame. The others come from `pb.allocate` (64-byte aligned); the address
of each stands in a pointer cell that is null while there is none, so that one exit block can release whatever is held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ...core.objects import BOOL, Scalar
from ...ir.loops import nest
from ...ir.loops.nest import Literal, Operand, Statement
from . import shelf
from .emit_instructions import memory_type, size_of
from .emit_writer import ROLLED, FunctionWriter
from .text import Value, Writer, constant

__all__ = ["OUT_OF_MEMORY", "RUNTIME", "Buffer", "address", "allocate", "allocate_on_stack", "clear", "copy",
           "every", "in_memory", "is_small", "load", "loop", "release", "stack_buffers", "store"]

OUT_OF_MEMORY = 2
"""The code of the error record when memory cannot be had; ``value`` is the number of bytes, −1 beyond 2^63."""

_STACK_BYTES = 4096
"""The largest buffer that lies in the stack frame."""

_STACK_BYTES_IN_LANES = 32768
"""The largest that does if it has a place for each lane."""

_NOTHING = "@pb.nothing = private unnamed_addr constant [8 x i8] zeroinitializer, align 8\n"

_ROLLED = '!0 = distinct !{!0, !{!"llvm.loop.unroll.runtime.disable"}}\n'

RUNTIME = MappingProxyType({"@pb.nothing": _NOTHING, **shelf.RUNTIME, ROLLED: _ROLLED})
"""What emitted code refers to, by name: zeros to read where no memory may be touched; allocation; its undoing; the
metadata of loops."""


@dataclass
class Buffer:
    """``pointer`` is the address of the data or, of a local one, of the cell that holds that address (`Swap` exchanges
    the cells' contents). With ``lanes`` > 1 every element is that many values, one for each lane."""

    element: Scalar
    shape: tuple[Operand, ...]
    pointer: Value
    local: bool = False
    lanes: int = 1

    def address(self, w: Writer) -> Value:
        return w.load("ptr", self.pointer) if self.local else self.pointer

    @property
    def bytes(self) -> int:
        """Of one element."""
        return size_of(self.element) * self.lanes


def address(w: Writer, kind: Scalar, base: Value, position: Value, surely: bool = True) -> Value:
    """The address of an element; ``surely``: it lies inside the buffer."""
    flags = "inbounds " if surely else ""
    return w.pure("ptr", f"getelementptr {flags}{memory_type(kind)}, {base}, {position}", base.name, position.name)


def moved(w: Writer, kind: Scalar, base: Value, *steps: tuple[Value, Value]) -> Value:
    """The address ``base`` moved by count · stride elements for each step, to wherever that is."""
    position = constant("i64", 0)
    for count, stride in steps:
        position = w.add(position, w.mul(count, stride))
    return w.gep(memory_type(kind), base, position, flags="")


# -- single values -----------------------------------------------------------------------------------------------------
def load(w: Writer, kind: Scalar, address: Value, lanes: int = 1) -> Value:
    """The value of carrier ``kind`` (``lanes`` neighbours) at an address."""
    value = w.load(memory_type(kind, lanes), address, size_of(kind))
    return w.icmp("ne", value, 0) if kind == BOOL else value


def store(w: Writer, kind: Scalar, value: Value, address: Value) -> None:
    w.store(in_memory(w, kind, value), address, size_of(kind))


def in_memory(w: Writer, kind: Scalar, value: Value) -> Value:
    """The value as it is stored: a bool as a byte."""
    return w.cast("zext", value, "i8") if kind == BOOL else value


# -- loops -------------------------------------------------------------------------------------------------------------
def loop(
    w: FunctionWriter, bound: Value, body: Callable[[Value], None], start: Value | None = None, step: int = 1,
    backward: bool = False,
) -> None:
    """Run ``body(index)`` for index = start, start + step, … below ``bound``; or from bound − 1 down to 0."""
    first = start or constant("i64", 0)
    head, done = w.new_label("loop"), w.new_label("done")
    before, any_at_all = w.current, w.icmp("slt", first, bound)
    with w.looping():
        w.branch_if(any_at_all, head, done)
        w.label(head)
        count, top = w.phi("i64", [(first, before)]), len(w.lines)
        body(w.sub(w.sub(bound, count), 1) if backward else count)
        following = w.binary("add nsw", count, step)
        w.add_incoming(count, following, w.current)
        w.again(w.icmp("slt", following, bound), head, done, top)
    w.label(done)


# -- allocation --------------------------------------------------------------------------------------------------------
def stack_buffers(body: Sequence[Statement]) -> frozenset[str]:
    """The local buffers small enough for the stack frame, and never exchanged with one that is not."""
    small = {s.name for s in every(body) if isinstance(s, nest.Allocate) and is_small(s, _STACK_BYTES)}
    swaps = [(s.left, s.right) for s in every(body) if isinstance(s, nest.Swap)]
    while mixed := [pair for pair in swaps if (pair[0] in small) != (pair[1] in small)]:
        small -= {name for pair in mixed for name in pair}
    return frozenset(small)


def is_small(s: nest.Allocate, limit: int = _STACK_BYTES_IN_LANES, lanes: int = 1) -> bool:
    """Whether the buffer has a constant shape and no more bytes than that."""
    count = constant_count(s.shape)
    return count is not None and count * size_of(s.element) * lanes <= limit


def constant_count(shape: Sequence[Operand]) -> int | None:
    """How many elements there are, if all sizes are literals."""
    count = 1
    for size in shape:
        if not isinstance(size, Literal):
            return None
        count *= max(int(size.value), 0)
    return count


def every(body: Iterable[Statement]) -> Iterator[Statement]:
    """All statements, also those inside others."""
    for s in body:
        yield s
        match s:
            case nest.For():
                yield from every(s.body)
            case nest.Loop():
                yield from every((*s.head, *s.body))
            case nest.If():
                yield from every((*s.then, *s.orelse))


def allocate(w: Writer, buffer: Buffer, sizes: Sequence[Value], zero: bool, fail: Callable[[Value, Value], None]) -> None:
    """Put new memory into the buffer's cell. ``fail(condition, bytes)`` leaves with an error where the condition holds."""
    total, beyond = constant("i64", buffer.bytes), constant("i1", 0)
    for size in sizes:
        counted = w.intrinsic("smax", size, 0)
        pair = w.instruction("{ i64, i1 }", f"call {{ i64, i1 }} @llvm.smul.with.overflow.i64({total}, {counted})")
        total = w.instruction("i64", f"extractvalue {pair}, 0")
        beyond = w.or_(w.instruction("i1", f"extractvalue {pair}, 1"), beyond)
    asked = w.select(beyond, -1, total)
    fail(beyond, asked)
    memory = w.call("ptr", "pb.allocate", [total])
    fail(w.icmp("eq", memory, 0), asked)
    if zero:
        clear(w, memory, total)
    w.store(memory, buffer.pointer)


def allocate_on_stack(w: Writer, buffer: Buffer, shape: Sequence[Operand], zero: bool) -> None:
    count = constant_count(shape) or 0
    memory = w.alloca(memory_type(buffer.element), max(count, 1) * buffer.lanes, align=64)
    if zero:
        clear(w, memory, constant("i64", count * buffer.bytes))
    w.store(memory, buffer.pointer)


def clear(w: Writer, memory: Value, total: Value) -> None:
    w.line(f"call void @llvm.memset.p0.i64({memory}, i8 0, {total}, i1 false)")


def copy(w: Writer, target: Value, source: Value, total: Value) -> None:
    w.line(f"call void @llvm.memcpy.p0.p0.i64({target}, {source}, {total}, i1 false)")


def release(w: Writer, buffer: Buffer) -> None:
    """Give a heap buffer's memory back, if it has any."""
    w.call("void", "pb.release", [w.load("ptr", buffer.pointer)])
    w.store(constant("ptr", 0), buffer.pointer)

