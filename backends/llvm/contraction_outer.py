"""Sums of products with columns in vectors: `outer` of `contraction.py`."""

from __future__ import annotations

from . import emit_memory as memory
from . import emit_vector as vectors
from .contraction_panel import Panel
from .contraction_text import VECTORS, Kernel, Shape, Text
from .emit_instructions import size_of
from .emit_memory import loop
from .shuffles import halves
from .text import Value, constant, lanes_of

__all__ = ["OUTER", "Outer"]

OUTER = ("rows1", "out_row1", "a_row1", "rows2", "out_row2", "a_row2", "rows", "out_row", "a_row",
         "columns", "b_column", "k1", "a1", "b1", "k2", "a2", "b2", "k3", "a3", "b3")  # fmt: skip
"""The numbers `outer` takes after out, a, b: how many, and by how many elements an operand moves. Rows are in up to three
loops, tiles in the innermost. out's columns are neighbours; of `dot` the k of the innermost loop are, in a and in b."""

DEPTH = 256
"""So many k at a time that a panel of `b` stays in the first cache."""

FEW = 2
"""Rows that are too few for a tile: the result is streamed. So it is where it is a product of a column and a row."""

ABREAST = 4
"""Rows of `b` that a stream adds at a time."""

BAND = 128
"""So many rows at a time that what they read of `a` stays in the second cache."""


class Outer(Kernel):
    NUMBERS = OUTER

    def body(self) -> None:
        """Blocks of k; in each, bands of rows; in each, tiles of columns. Where the k of a block are found, relative to the
        first, is written down once for a block: ``a_way`` and ``b_way``."""
        w, n = self.w, self.n
        self.width = VECTORS * self.shape.lanes
        self.panel = w.alloca(self.scalar, DEPTH * self.width, align=64)
        self.a_way, self.b_way, self.panel_way = (w.alloca("i64", DEPTH) for _ in range(3))
        self.q2, self.q3, self.a_at, self.b_at = (w.alloca("i64") for _ in range(4))
        for cell in (self.q2, self.q3, self.a_at, self.b_at):
            w.store(constant("i64", 0), cell)
        total = w.mul(w.mul(n["k1"], n["k2"]), n["k3"])
        few = w.or_(w.icmp("sle", n["rows"], FEW), w.icmp("eq", total, 1))
        rows = w.and_(w.icmp("eq", n["b_column"], 1), w.icmp("sgt", n["columns"], self.width))
        single = w.icmp("eq", w.mul(n["rows1"], n["rows2"]), 1)
        self.streams = w.and_(w.and_(w.and_(few, single), w.icmp("sgt", total, 0)), rows)
        loop(w, constant("i64", DEPTH), lambda k: w.store(w.mul(k, self.width), w.gep("i64", self.panel_way, k)))
        head, done, before = w.new_label("block"), w.new_label("blocks"), w.current
        w.branch(head)  # at least once: an empty sum is written too
        w.label(head)
        first = w.phi("i64", [(constant("i64", 0), before)])
        self.block(first, self.least(w.sub(total, first), DEPTH))
        following = w.add(first, DEPTH)
        w.add_incoming(first, following, w.current)
        w.branch_if(w.icmp("slt", following, total), head, done)
        w.label(done)

    def block(self, first: Value, depth: Value) -> None:
        """The part of the sum whose k lie in one block."""
        w, n = self.w, self.n
        self.depth = depth
        single = w.icmp("eq", w.mul(n["k1"], n["k2"]), 1)
        self.either(single, lambda: loop(w, depth, lambda k: self.count(first, k)), lambda: loop(w, depth, self.find))
        self.zero = w.and_(self.fresh, w.icmp("eq", first, 0))
        self.either(
            self.streams, lambda: loop(w, n["rows"], self.stream), lambda: loop(w, n["rows"], self.band, step=BAND))

    def stream(self, row: Value) -> None:
        """A whole row of the result: rows of ``b`` are added to it, a few at a time."""
        w, n = self.w, self.n
        out, a = self.at(self.out, (row, n["out_row"])), self.at(self.a, (row, n["a_row"]))
        main = w.and_(self.depth, -ABREAST)
        loop(w, main, lambda k: self.add_rows(out, a, k, ABREAST), step=ABREAST)
        loop(w, self.depth, lambda k: self.add_rows(out, a, k, 1), main)

    def add_rows(self, out: Value, a: Value, first: Value, count: int) -> None:
        w, n, lanes, kind = self.w, self.n, self.shape.lanes, self.shape.kind
        fresh = w.and_(self.zero, w.icmp("eq", first, 0))
        factors, rows = [], []
        for k in range(count):
            a_step, b_step = (w.load("i64", w.gep("i64", way, w.add(first, k))) for way in (self.a_way, self.b_way))
            factors.append(memory.load(w, kind, w.gep(self.scalar, a, a_step, flags="")))
            rows.append(w.gep(self.scalar, self.b, b_step, flags=""))

        def add(column: Value, lanes: int) -> None:
            place = w.gep(self.scalar, out, column, flags="")
            before = vectors.load(w, kind, place, lanes, None)
            total = w.select(fresh, constant(before.type, 0), before)
            for factor, row in zip(factors, rows, strict=True):
                x = factor if lanes == 1 else w.splat(factor, lanes)
                total = w.fadd(w.fmul(x, vectors.load(w, kind, w.gep(self.scalar, row, column, flags=""), lanes, None)), total)
            vectors.store(w, kind, total, place, None)

        main = w.and_(n["columns"], -lanes)
        loop(w, main, lambda column: add(column, lanes), step=lanes)
        loop(w, n["columns"], lambda column: add(column, 1), main)

    def count(self, first: Value, k: Value) -> None:
        """Write down where a k is, if there is only the innermost loop."""
        w, n, at = self.w, self.n, self.w.add(first, k)
        for x, way in (("a", self.a_way), ("b", self.b_way)):
            w.store(w.mul(at, n[f"{x}3"]), w.gep("i64", way, k))

    def find(self, k: Value) -> None:
        """Write down where the next k is, and go on: the innermost loop first."""
        w, n = self.w, self.n
        a, b, q2, q3 = (w.load("i64", cell) for cell in (self.a_at, self.b_at, self.q2, self.q3))
        w.store(a, w.gep("i64", self.a_way, k))
        w.store(b, w.gep("i64", self.b_way, k))
        over3 = w.icmp("eq", w.add(q3, 1), n["k3"])
        over2 = w.and_(over3, w.icmp("eq", w.add(q2, 1), n["k2"]))
        w.store(w.select(over3, 0, w.add(q3, 1)), self.q3)
        w.store(w.select(over2, 0, w.select(over3, w.add(q2, 1), q2)), self.q2)
        for x, here, cell in (("a", a, self.a_at), ("b", b, self.b_at)):
            back3 = w.mul(w.sub(n["k3"], 1), n[f"{x}3"])
            back2 = w.mul(w.sub(n["k2"], 1), n[f"{x}2"])
            next2 = w.sub(n[f"{x}2"], back3)
            next1 = w.sub(w.sub(n[f"{x}1"], back2), back3)
            w.store(w.add(here, w.select(over2, next1, w.select(over3, next2, n[f"{x}3"]))), cell)

    def band(self, first: Value) -> None:
        w, n, lanes = self.w, self.n, self.shape.lanes
        self.first, self.end = first, w.add(first, self.least(w.sub(n["rows"], first), BAND))
        # Where the innermost loop is short, as in a convolution, its neighbours are read again and are near anyway.
        tiles = w.select(w.icmp("sge", n["k3"], 8), constant("i64", 8), constant("i64", 16))
        many = w.icmp("sge", w.sub(self.end, first), w.mul(tiles, self.shape.rows))
        many = w.and_(many, w.icmp("sge", self.depth, 64))
        self.copied = w.or_(many, w.icmp("ne", n["b_column"], 1))
        self.way = w.select(self.copied, self.panel_way, self.b_way)
        before, head, done = w.current, w.new_label("across"), w.new_label("done")
        w.branch_if(w.icmp("sgt", n["columns"], 0), head, done)
        w.label(head)
        column = w.phi("i64", [(constant("i64", 0), before)])
        left = w.sub(n["columns"], column)
        count = w.binary("sdiv", w.add(left, lanes - 1), constant("i64", lanes))
        # Four vectors that are left are two and two: one alone would not keep the machine busy.
        wide = w.select(w.icmp("eq", count, 4), 2, self.least(count, VECTORS))
        self.columns(column, left, wide)
        following = w.add(column, w.mul(wide, lanes))
        w.add_incoming(column, following, w.current)
        w.branch_if(w.icmp("slt", following, n["columns"]), head, done)
        w.label(done)

    def columns(self, column: Value, left: Value, wide: Value) -> None:
        """All rows of the band, by ``wide`` vectors of columns of which ``left`` elements are there."""
        w, n, lanes = self.w, self.n, self.shape.lanes
        b, panel = self.at(self.b, (column, n["b_column"])), Panel(self, self.panel, self.b_way, n["b_column"])
        there = self.least(w.sub(left, w.mul(w.sub(wide, 1), lanes)), lanes)  # in the last vector
        self.when(self.copied, lambda: panel.fill(b, self.least(left, self.width), self.depth))
        b = w.select(self.copied, self.panel, b)
        out = w.gep(self.scalar, self.out, column)
        last = w.select(self.copied, constant("i64", lanes), there)

        def down(r1: Value, r2: Value) -> None:
            here = self.at(out, (r1, n["out_row1"]), (r2, n["out_row2"]))
            a = self.at(self.a, (r1, n["a_row1"]), (r2, n["a_row2"]))
            for count in range(1, VECTORS + 1):
                self.when(
                    w.icmp("eq", wide, count),
                    lambda count=count: loop(  # type: ignore[misc]
                        w, self.end, lambda i: self.tile(count, i, a, b, here, last, there), self.first, self.shape.rows
                    ),
                )

        loop(w, n["rows1"], lambda r1: loop(w, n["rows2"], lambda r2: down(r1, r2)))

    def tile(self, count: int, row: Value, a: Value, b: Value, out: Value, last: Value, there: Value) -> None:
        """One tile of ``count`` vectors: of the last vector ``last`` lanes are read of b, ``there`` are of out."""
        w, n, rows, lanes, kind = self.w, self.n, self.shape.rows, self.shape.lanes, self.shape.kind
        cells = self.cells(rows * count)
        present = self.lasting(row, rows)
        outs = self.places(self.at(out, (row, n["out_row"])), n["out_row"], present, rows)
        rows_of_a = self.places(self.at(a, (row, n["a_row"])), n["a_row"], present, rows)
        for cell in cells:
            w.store(constant(self.vector, 0), cell)

        def vector_at(base: Value, v: int, mask: Value | None) -> Value:
            address = w.gep(self.scalar, base, v * lanes, flags="")
            return vectors.load(w, kind, address, lanes, mask if v == count - 1 else None)

        def read() -> None:
            inside = self.mask(there)
            for r in range(rows):
                for v in range(count):
                    w.store(vector_at(outs[r], v, inside), cells[r * count + v])

        self.when(w.not_(self.zero), read)

        def step(k: Value, mask: Value | None) -> None:
            a_step, b_step = (w.load("i64", w.gep("i64", way, k)) for way in (self.a_way, self.way))
            place = w.gep(self.scalar, b, b_step, flags="")
            bs = [vector_at(place, v, mask) for v in range(count)]
            for r in range(rows):
                x = self.broadcast(w.gep(self.scalar, rows_of_a[r], a_step, flags=""))
                for v in range(count):
                    self.multiply_add(cells[r * count + v], x, bs[v])

        full, mask = w.icmp("eq", last, lanes), self.mask(last)  # a mask is one register more than there are
        self.either(
            full, lambda: loop(w, self.depth, lambda k: step(k, None)), lambda: loop(w, self.depth, lambda k: step(k, mask)))

        def write(r: int) -> None:
            for v in range(count):
                address, x = w.gep(self.scalar, outs[r], v * lanes, flags=""), w.load(self.vector, cells[r * count + v])
                if v < count - 1:
                    vectors.store(w, kind, x, address, None)
                else:
                    w.call("void", self.name + ".put", [x, address, there])

        for r in range(rows):
            self.when(w.icmp("sgt", present, r), lambda r=r: write(r))  # type: ignore[misc]

    def text(self) -> str:
        return super().text() + "\n" + _put(self.name + ".put", self.shape)


def _put(name: str, shape: Shape) -> str:
    """A function that stores the first ``there`` lanes: whole, or in halves (a masked store is slow on some machines)."""
    text = Text(shape)
    w, scalar, lanes = text.w, text.scalar, shape.lanes
    x, address, there = given = Value(text.vector, "%x"), Value("ptr", "%address"), Value("i64", "%there")

    def whole() -> None:
        vectors.store(w, shape.kind, x, address, None)
        w.ret()

    yes, no = w.new_label("whole"), w.new_label("part")
    w.branch_if(w.icmp("eq", there, lanes), yes, no)
    w.label(yes)
    whole()
    w.label(no)
    while (half := lanes_of(x.type) // 2) >= 1:
        low, high = halves(w, x)
        held = w.icmp("ne", w.and_(there, half), 0)
        text.when(held, lambda low=low, address=address: w.store(low, address, size_of(shape.kind)))  # type: ignore[misc]
        x = w.select(held, high, low)
        address = w.gep(scalar, address, w.select(held, constant("i64", half), constant("i64", 0)), flags="")
    w.ret()
    return w.function(name, given, "void", "internal", "nounwind")
