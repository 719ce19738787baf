"""What the functions of `contraction.py` have in common: operands, numbers, places of rows and columns."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from ...core.objects import Scalar
from . import emit_memory as memory
from .emit_instructions import llvm_type
from .emit_writer import FunctionWriter
from .text import Value, constant, integer_type, scalar_of, vector

__all__ = ["VECTORS", "Kernel", "Shape", "Text"]

VECTORS = 3
"""Vectors beside each other in a tile."""


@dataclass(frozen=True)
class Shape:
    kind: Scalar
    lanes: int
    rows: int
    flags: str


class Text:
    """A function being written, and small things to write it with."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.w = FunctionWriter(shape.flags)
        self.scalar = llvm_type(shape.kind)
        self.vector = vector(self.scalar, shape.lanes)

    def at(self, base: Value, *steps: tuple[Value, Value]) -> Value:
        return memory.moved(self.w, self.shape.kind, base, *steps)

    def least(self, x: Value, y: Value | int) -> Value:
        return self.w.intrinsic("smin", x, y)

    def cells(self, count: int) -> list[Value]:
        return [self.w.alloca(self.vector) for _ in range(count)]

    def mask(self, there: Value) -> Value:
        """The first ``there`` lanes."""
        w, lanes, integer = self.w, self.shape.lanes, scalar_of(integer_type(self.vector))
        numbers = Value(vector(integer, lanes), f"<{', '.join(f'{integer} {k}' for k in range(lanes))}>")
        return w.icmp("slt", numbers, w.splat(w.cast("trunc", there, integer), lanes))

    def multiply_add(self, cell: Value, x: Value, y: Value) -> None:
        w = self.w
        w.store(w.fadd(w.fmul(x, y), w.load(self.vector, cell)), cell)

    def broadcast(self, address: Value) -> Value:
        return self.w.splat(memory.load(self.w, self.shape.kind, address), self.shape.lanes)

    def when(self, condition: Value, action: Callable[[], None]) -> None:
        w = self.w
        yes, done = w.new_label("then"), w.new_label("endif")
        w.branch_if(condition, yes, done)
        w.label(yes)
        action()
        w.branch(done)
        w.label(done)

    def either(self, condition: Value, yes: Callable[[], None], no: Callable[[], None]) -> None:
        self.when(condition, yes)
        self.when(self.w.not_(condition), no)


class Kernel(Text, ABC):
    """A function of the two. ``n``: its numbers by name."""

    NUMBERS: tuple[str, ...] = ()

    def __init__(self, name: str, shape: Shape) -> None:
        super().__init__(shape)
        self.name = name
        self.out, self.a, self.b = (Value("ptr", f"%{x}") for x in ("out", "a", "b"))
        self.n = {x: Value("i64", f"%{x}") for x in self.NUMBERS}
        self.fresh = Value("i1", "%fresh")

    def text(self) -> str:
        self.body()
        self.w.ret()
        parameters = [Value("ptr noalias", "%out"), Value("ptr noalias readonly", "%a"), Value("ptr noalias readonly", "%b")]
        parameters += [*self.n.values(), self.fresh]
        return self.w.function(self.name, parameters, "void", "", "nounwind")

    @abstractmethod
    def body(self) -> None:
        """Write what it does."""

    def lasting(self, first: Value, rows: int) -> Value:
        """How many rows from ``first`` on a tile has."""
        return self.least(self.w.sub(self.n["rows"], first), rows)

    def places(self, base: Value, stride: Value, there: Value, count: int) -> list[Value]:
        """Where the rows (or columns) of a tile begin; the last one again for those that are not there."""
        last = self.w.sub(there, 1)
        return [self.at(base, (self.least(constant("i64", r), last), stride)) for r in range(count)]
