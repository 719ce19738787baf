"""Panels: a block of rows of `b` beside each other, as wide as a tile, for `outer` of `contraction.py`.

Columns that are neighbours in `b` are copied as they lie. Columns that lie apart are read along the rows of the sum where those
are neighbours: squares of lanes × lanes are turned in registers.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import emit_memory as memory
from . import emit_vector as vectors
from .contraction_text import VECTORS, Text
from .emit_memory import loop
from .shuffles import turned
from .text import Value

__all__ = ["Panel"]


@dataclass(frozen=True)
class Panel:
    """``memory``: rows of VECTORS vectors, one for each k of a block; ``way``: where these are in `b`, by elements."""

    text: Text
    memory: Value
    way: Value
    column: Value
    """The distance of columns in `b`."""

    @property
    def width(self) -> int:
        return VECTORS * self.text.shape.lanes

    def fill(self, b: Value, there: Value, depth: Value) -> None:
        """Copy ``there`` columns from ``b`` on, for ``depth`` values of k. Zeros or the last column fill the last vector up."""
        near = self.text.w.icmp("eq", self.column, 1)
        self.text.either(near, lambda: self.neighbours(b, there, depth), lambda: self.apart(b, there, depth))

    def neighbours(self, b: Value, there: Value, depth: Value) -> None:
        text, w, lanes, kind = self.text, self.text.w, self.text.shape.lanes, self.text.shape.kind
        masks = [text.mask(w.sub(there, v * lanes)) for v in range(VECTORS)]

        def copy(k: Value) -> None:
            source, target = self.source(b, k), self.target(k)
            for v in range(VECTORS):
                x = vectors.load(w, kind, w.gep(text.scalar, source, v * lanes, flags=""), lanes, masks[v])
                vectors.store(w, kind, x, w.gep(text.scalar, target, v * lanes), None)

        loop(w, depth, copy)

    def apart(self, b: Value, there: Value, depth: Value) -> None:
        """Squares, as long as their k are neighbours, and what is left one by one."""
        w, lanes = self.text.w, self.text.shape.lanes

        def block(first: Value) -> None:
            self.text.either(
                self.is_square(first, depth),
                lambda: loop(w, there, lambda c: self.square(b, there, first, c), step=lanes),
                lambda: loop(w, self.text.least(w.add(first, lanes), depth), lambda k: self.one_by_one(b, there, k), first),
            )

        loop(w, depth, block, step=lanes)

    def is_square(self, first: Value, depth: Value) -> Value:
        """Whether as many k as there are lanes come from ``first`` on, each beside the one before."""
        w, lanes = self.text.w, self.text.shape.lanes
        ways = w.load(f"<{lanes} x i64>", w.gep("i64", self.way, first), 8)
        apart = w.icmp("ne", w.sub(ways, w.splat(w.extract(ways, 0), lanes)), vectors.numbers(lanes))
        return w.and_(w.icmp("sle", w.add(first, lanes), depth), w.not_(vectors.any_lane(w, apart)))

    def square(self, b: Value, there: Value, first: Value, column: Value) -> None:
        text, w, lanes, kind = self.text, self.text.w, self.text.shape.lanes, self.text.shape.kind
        source, last = self.source(b, first), w.sub(there, 1)
        rows = [
            vectors.load(w, kind, text.at(source, (text.least(w.add(column, c), last), self.column)), lanes, None)
            for c in range(lanes)
        ]
        for k, x in enumerate(turned(w, rows)):
            vectors.store(w, kind, x, w.gep(text.scalar, self.target(w.add(first, k)), column), None)

    def one_by_one(self, b: Value, there: Value, k: Value) -> None:
        text, w, lanes, kind = self.text, self.text.w, self.text.shape.lanes, self.text.shape.kind
        source, target, last = self.source(b, k), self.target(k), w.sub(there, 1)

        def copy(column: Value) -> None:
            x = memory.load(w, kind, text.at(source, (text.least(column, last), self.column)))
            memory.store(w, kind, x, w.gep(text.scalar, target, column))

        loop(w, w.and_(w.add(there, lanes - 1), -lanes), copy)

    def source(self, b: Value, k: Value) -> Value:
        w = self.text.w
        return w.gep(self.text.scalar, b, w.load("i64", w.gep("i64", self.way, k)), flags="")

    def target(self, k: Value) -> Value:
        return self.text.w.gep(self.text.scalar, self.memory, self.text.w.mul(k, self.width))
