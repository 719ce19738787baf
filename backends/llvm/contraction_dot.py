"""Sums of products with the innermost loop of the sum in vectors: `dot` of `contraction.py`."""

from __future__ import annotations

from collections.abc import Sequence

from . import emit_memory as memory
from . import emit_vector as vectors
from .contraction_text import VECTORS, Kernel
from .emit_memory import loop
from .text import Value, constant

__all__ = ["ALONE", "DOT", "Dot"]

DOT = ("rows", "out_row", "a_row", "columns", "out_column", "b_column", "k1", "a1", "b1", "k2", "a2", "b2", "k3")
"""The numbers `dot` takes, as `OUTER` those of `outer`."""

ALONE = 4
"""Columns abreast of a single row in `dot`."""


class Dot(Kernel):
    NUMBERS = DOT

    def body(self) -> None:
        w, n, rows = self.w, self.n, self.shape.rows
        self.sums = w.alloca(self.scalar, max(rows * VECTORS, ALONE))
        alone = w.icmp("eq", n["rows"], 1)
        none = constant("i64", 0)
        self.either(
            alone,
            lambda: loop(w, n["columns"], lambda c: self.tile(none, c, 1, ALONE), step=ALONE),
            lambda: loop(w, n["rows"], lambda r: loop(
                w, n["columns"], lambda c: self.tile(r, c, rows, VECTORS), step=VECTORS), step=rows),
        )

    def tile(self, row: Value, column: Value, rows: int, columns: int) -> None:
        w, n, lanes, kind = self.w, self.n, self.shape.lanes, self.shape.kind
        cells = self.cells(rows * columns)
        for cell in cells:
            w.store(constant(self.vector, 0), cell)
        present, beside = self.lasting(row, rows), self.least(w.sub(n["columns"], column), columns)
        a = self.places(self.at(self.a, (row, n["a_row"])), n["a_row"], present, rows)
        b = self.places(self.at(self.b, (column, n["b_column"])), n["b_column"], beside, columns)

        def step(a: Sequence[Value], b: Sequence[Value], q: Value, mask: Value | None) -> None:
            bs = [vectors.load(w, kind, w.gep(self.scalar, x, q, flags=""), lanes, mask) for x in b]
            for r in range(rows):
                x = vectors.load(w, kind, w.gep(self.scalar, a[r], q, flags=""), lanes, mask)
                for c in range(columns):
                    self.multiply_add(cells[r * columns + c], x, bs[c])

        main = w.and_(n["k3"], -lanes)
        rest = w.sub(n["k3"], main)
        mask = self.mask(rest)

        def line(q1: Value, q2: Value) -> None:
            here = [self.at(x, (q1, n["a1"]), (q2, n["a2"])) for x in a]
            there = [self.at(x, (q1, n["b1"]), (q2, n["b2"])) for x in b]
            loop(w, main, lambda q: step(here, there, q, None), step=lanes)
            self.when(w.icmp("sgt", rest, 0), lambda: step(here, there, main, mask))

        loop(w, n["k1"], lambda q1: loop(w, n["k2"], lambda q2: line(q1, q2)))
        for k, cell in enumerate(cells):
            w.store(vectors.folded(w, "sum", kind, w.load(self.vector, cell)), w.gep(self.scalar, self.sums, k))
        loop(w, present, lambda r: loop(w, beside, lambda c: self.put(row, r, column, c, columns)))

    def put(self, row: Value, r: Value, column: Value, c: Value, columns: int) -> None:
        w, n, kind = self.w, self.n, self.shape.kind
        place = self.at(self.out, (w.add(row, r), n["out_row"]), (w.add(column, c), n["out_column"]))
        total = memory.load(w, kind, self.at(self.sums, (r, constant("i64", columns)), (c, constant("i64", 1))))
        before = memory.load(w, kind, w.select(self.fresh, Value("ptr", "@pb.nothing"), place))
        memory.store(w, kind, w.fadd(before, total), place)
