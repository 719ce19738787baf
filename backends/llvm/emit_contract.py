"""Loops with a `tile`: which loops are rows, columns and depth of the register tile, and the calls of what computes them.

The roles depend on the strides, which are known here, and on the sizes, which are not: where there are several ways, the code
chooses when it runs. Loops without a role go around the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...core.objects import I64
from ...ir.loops import nest
from ...ir.loops.contraction import Contraction, Place, contraction
from ...ir.loops.nest import Operand
from . import contraction_roles as roles
from . import emit_memory as memory
from . import emit_vector as vectors
from .contraction import symbol
from .contraction_dot import ALONE, DOT
from .contraction_outer import OUTER
from .contraction_roles import DEEPEST, Roles
from .contraction_text import VECTORS
from .emit_body import Body
from .emit_instructions import apply, llvm_type, size_of
from .text import Value, constant

__all__ = ["contract"]

_SHORT = 16
"""Vectors of columns from which on it does not matter how full the last tile of a line is."""


def contract(body: Body, loop: nest.For, start: Value | None, bound: Value) -> bool:
    """Write the iterations from ``start`` (None: the first) on up to ``bound`` in tiles and return True, or write nothing where
    the loop is none that can be."""
    c = contraction(loop)
    outer, dot = (roles.outer(c), roles.dot(c)) if c is not None else ([], None)
    if c is None or not (outer or dot):
        return False
    _Site(body, loop, c, start, bound).write(outer, dot, roles.apart(c))
    return True


class _Site:
    """One contraction being written."""

    def __init__(self, body: Body, loop: nest.For, c: Contraction, start: Value | None, bound: Value) -> None:
        self.body, self.c, self.w = body, c, body.w
        self.lanes, self.rows = loop.lanes, loop.tile
        first = start or constant("i64", 0)
        counts = {v: body.operand(size) for v, size in c.loops} | {loop.index: self.w.sub(bound, first)}
        self.bounds = {v: self.w.intrinsic("smax", count, 0) for v, count in counts.items()}
        zero = {v: constant("i64", 0) for v in self.bounds} | {loop.index: first}
        places = (c.out, c.left, c.right)
        self.starts = {p.role: self.position(p, zero) for p in places}
        self.strides = {p.role: {v: self.stride(p, v, zero) for v in self.bounds} for p in places}

    # -- positions
    def position(self, p: Place, at: Mapping[str, Value]) -> Value:
        """The position of an operand's element for values of the variables."""
        w, buffer, total = self.w, self.body.frame.buffers[p.buffer], constant("i64", 0)
        values = dict(at)
        for k, index in enumerate(p.indices):
            here = self.value(index, values)
            total = here if k == 0 else w.add(w.mul(total, self.body.operand(buffer.shape[k])), here)
        return total

    def value(self, operand: Operand, values: dict[str, Value]) -> Value:
        if isinstance(operand, str) and operand in values:
            return values[operand]
        let = self.c.lets.get(operand) if isinstance(operand, str) else None
        if let is None:
            return self.body.operand(operand)
        values[let.name] = apply(self.w, let.instruction, I64, [self.value(a, values) for a in let.args])
        return values[let.name]

    def stride(self, p: Place, v: str, zero: Mapping[str, Value]) -> Value:
        if v not in p.strides:
            return constant("i64", 0)
        return self.w.sub(self.position(p, {**zero, v: self.w.add(zero[v], 1)}), self.starts[p.role])

    # -- choices
    def write(self, outer: Sequence[Roles], dot: Roles | None, apart: Roles | None) -> None:
        """Each way there is, under the condition that it is better than those after it."""
        branch = self.body.branch

        def usual() -> None:
            if dot is None or not outer:
                self.widest(outer or [dot])  # type: ignore[list-item]
            else:
                branch(self.prefers_dot(outer, dot), lambda: self.run(dot), lambda: self.widest(outer))

        if apart is None:
            usual()
        else:
            branch(self.prefers_apart(outer, apart), lambda: self.run(apart), usual)

    def prefers_apart(self, outer: Sequence[Roles], r: Roles) -> Value:
        """Where the result's neighbours are few, columns apart fill vectors, and many rows share the panels turned for them."""
        w, columns, rows = self.w, self.bounds[r.columns], constant("i64", 1)
        for v in r.rows:
            rows = w.mul(rows, self.bounds[v])
        whole = w.and_(w.add(columns, self.lanes - 1), -self.lanes)
        full = w.icmp("sge", w.mul(columns, 4), w.mul(whole, 3))
        many = w.icmp("sge", rows, 4 * self.rows)
        return w.and_(self.at_most([o.columns for o in outer], self.lanes // 2), w.and_(full, many))

    def prefers_dot(self, outer: Sequence[Roles], dot: Roles) -> Value:
        """Where the sum runs through neighbours that fill vectors, and columns do not, or have to be copied for few rows."""
        w, columns, depth = self.w, [r.columns for r in outer], self.bounds[dot.depth[-1]]
        few = self.at_most(columns, 2 * self.lanes - 1)
        if not outer[0].b.strides[outer[0].columns]:
            few = w.or_(few, self.at_most(outer[0].rows, 3 * self.rows))
        scant = self.at_most(columns, self.lanes // 2)
        for v in dict.fromkeys(columns):
            scant = w.and_(scant, w.icmp("sge", depth, w.mul(self.bounds[v], 3)))
        return w.or_(w.and_(few, w.icmp("sge", depth, 2 * self.lanes)), scant)

    def at_most(self, variables: Sequence[str], most: int) -> Value:
        w, found = self.w, constant("i1", 1)
        for v in variables:
            found = w.and_(found, w.icmp("sle", self.bounds[v], most))
        return found

    def widest(self, ways: Sequence[Roles]) -> None:
        """The way with the most columns."""
        if len(ways) == 1:
            self.run(ways[0])
            return
        w, first = self.w, ways[0]
        wins = constant("i1", 1)
        for other in ways[1:]:
            wins = w.and_(wins, w.icmp("sge", self.bounds[first.columns], self.bounds[other.columns]))
        self.body.branch(wins, lambda: self.run(first), lambda: self.widest(ways[1:]))

    # -- the call
    def run(self, r: Roles) -> None:
        def each() -> None:
            self.around(r.around, {}, lambda at: self.call(r, at))

        lines = [v for v in r.around if self.makes_one_row(r, v)]
        if r.form == "outer" and self.c.out.strides[r.columns] != 1:
            self.elsewhere(r)
        elif lines:
            self.body.branch(self.is_nearly_full(r, lines[-1]), lambda: self.in_one_row(r, lines[-1]), each)
        else:
            each()

    # -- results in memory of their own, and then where they belong
    def elsewhere(self, r: Roles) -> None:
        """Columns that lie apart in the result as neighbours; then one by one."""
        w, columns = self.w, self.bounds[r.columns]
        counts = [self.bounds[v] for v in r.rows]
        pitches = [columns]
        for count in reversed(counts[1:]):
            pitches.insert(0, w.mul(count, pitches[0]))
        made = self.room(r, w.mul(counts[0], pitches[0]))
        own = {f"out_row{k}": pitch for k, pitch in zip(("", 2, 1), reversed(pitches), strict=False)}

        def put(at: Mapping[str, Value]) -> None:
            self.call(r, at, own, made)
            self.around(r.rows, {}, lambda rows: self.put(
                {**at, **rows}, r.columns, columns, self.moved(made, *zip(rows.values(), pitches, strict=True)), 1))

        self.around(r.around, {}, put)

    def makes_one_row(self, r: Roles, line: str) -> bool:
        """Whether the columns for all of ``line`` lie in one row of ``b``, with gaps."""
        c, both = self.c, (line, r.columns)
        return r.form == "outer" and r.b.strides[r.columns] == 1 \
            and all(v in c.out.strides and v in r.b.strides and v not in r.a.strides for v in both)

    def is_nearly_full(self, r: Roles, line: str) -> Value:
        """Whether lines are short, so that much of the last tile of each would be empty, and gaps between them are shorter."""
        w, columns, pitch = self.w, self.bounds[r.columns], self.strides[r.b.role][line]
        short = w.icmp("slt", columns, _SHORT * self.lanes)
        several = w.icmp("sgt", self.bounds[line], 1)
        dense = w.and_(w.icmp("sle", columns, pitch), w.icmp("sle", w.mul(pitch, 8), w.mul(columns, 9)))
        return w.and_(w.and_(short, several), dense)

    def in_one_row(self, r: Roles, line: str) -> None:
        """All lines at once, gaps and all; then line by line."""
        w, pitch, columns, rows = self.w, self.strides[r.b.role][line], self.bounds[r.columns], self.bounds[r.rows[-1]]
        length = w.add(w.mul(w.sub(self.bounds[line], 1), pitch), columns)
        made = self.room(r, w.mul(rows, length))

        def put(at: Mapping[str, Value]) -> None:
            self.call(r, at, {"columns": length, "out_row": length}, made)
            memory.loop(w, rows, lambda row: memory.loop(w, self.bounds[line], lambda k: self.put(
                {**at, r.rows[-1]: row, line: k}, r.columns, columns, self.moved(made, (row, length), (k, pitch)), self.lanes)))

        self.around([v for v in r.around if v != line], {}, put)

    def room(self, r: Roles, count: Value) -> Value:
        """Memory for so many elements."""
        name = f"{r.rows[-1]}.elsewhere"
        self.body.frame.values[name] = count
        made = nest.Allocate(f"{name}.made", self.c.kind, (name,))
        self.body.make(made, lanes=1)
        return self.body.frame.buffers[made.name].address(self.w)

    def moved(self, base: Value, *steps: tuple[Value, Value]) -> Value:
        return memory.moved(self.w, self.c.kind, base, *steps)

    def put(self, at: Mapping[str, Value], columns: str, count: Value, made: Value, lanes: int) -> None:
        """A row that was made, into the result or added to it: with several lanes, neighbours in both."""
        w, kind, type = self.w, self.c.kind, llvm_type(self.c.kind)
        start, stride = self.address(self.c.out, at), self.strides["out"][columns]
        if lanes > 1 and not self.c.adds:
            memory.copy(w, start, made, w.mul(count, size_of(kind)))
            return

        def move(k: Value, lanes: int) -> None:
            target = w.gep(type, start, k if lanes > 1 else w.mul(k, stride), flags="")
            x = vectors.load(w, kind, w.gep(type, made, k, flags=""), lanes, None)
            if self.c.adds:
                x = w.fadd(vectors.load(w, kind, target, lanes, None), x)
            vectors.store(w, kind, x, target, None)

        main = w.and_(count, -lanes)
        memory.loop(w, main, lambda k: move(k, lanes), step=lanes)
        if lanes > 1:
            memory.loop(w, count, lambda k: move(k, 1), main)

    def around(self, rest: Sequence[str], at: Mapping[str, Value], action: Callable[[Mapping[str, Value]], None]) -> None:
        if rest:
            memory.loop(self.w, self.bounds[rest[0]], lambda i: self.around(rest[1:], {**at, rest[0]: i}, action))
        else:
            action(at)

    def address(self, p: Place, at: Mapping[str, Value]) -> Value:
        w, buffer, position = self.w, self.body.frame.buffers[p.buffer], self.starts[p.role]
        for v, i in at.items():
            if v in p.strides:
                position = w.add(position, w.mul(i, self.strides[p.role][v]))
        return w.gep(llvm_type(self.c.kind), buffer.address(w), position, flags="")

    def call(
        self, r: Roles, at: Mapping[str, Value], other: Mapping[str, Value] | None = None, out: Value | None = None
    ) -> None:
        """``other``: numbers instead of those that the loops say; ``out``: another place for the result."""
        w, c, one, none = self.w, self.c, constant("i64", 1), constant("i64", 0)
        numbers: dict[str, Value] = {"columns": self.bounds[r.columns]}
        numbers |= {"out_column": self.strides["out"][r.columns], "b_column": self.strides[r.b.role][r.columns]}
        for k, v in zip(("", "2", "1"), (*reversed(r.rows), *[None] * DEEPEST), strict=False):
            numbers[f"rows{k}"] = self.bounds[v] if v is not None else one
            numbers[f"out_row{k}"] = self.strides["out"][v] if v is not None else none
            numbers[f"a_row{k}"] = self.strides[r.a.role][v] if v is not None else none
        for k, v in zip("321", (*reversed(r.depth), *[None] * DEEPEST), strict=False):
            numbers[f"k{k}"] = self.bounds[v] if v is not None else one
            numbers[f"a{k}"] = self.strides[r.a.role][v] if v is not None else none
            numbers[f"b{k}"] = self.strides[r.b.role][v] if v is not None else none
        numbers |= other or {}
        a, b = self.address(r.a, at), self.address(r.b, at)
        if r.form == "dot":
            a, b = self.turned(numbers, a, b)
        passed = [numbers[name] for name in (OUTER if r.form == "outer" else DOT)]
        places = [out or self.address(c.out, at), a, b]
        name = symbol(r.form, c.kind, self.lanes, self.rows, w.flags)
        w.call("void", name, [*places, *passed, constant("i1", out is not None or not c.adds)])

    def turned(self, numbers: dict[str, Value], a: Value, b: Value) -> tuple[Value, Value]:
        """Rows and columns the other way round where that makes fewer tiles, or a single row."""
        w = self.w

        def tiles(rows: Value, columns: Value) -> Value:
            def of(count: Value, size: int) -> Value:
                return w.binary("sdiv", w.add(count, size - 1), constant("i64", size))

            square = w.mul(w.mul(of(rows, self.rows), of(columns, VECTORS)), self.rows * VECTORS)
            return w.select(w.icmp("eq", rows, 1), w.mul(of(columns, ALONE), ALONE), square)

        rows, columns = numbers["rows"], numbers["columns"]
        turn = w.icmp("slt", tiles(columns, rows), tiles(rows, columns))
        for one, other in (("rows", "columns"), ("out_row", "out_column"), ("a_row", "b_column"), ("a1", "b1"), ("a2", "b2")):
            x, y = numbers[one], numbers[other]
            numbers[one], numbers[other] = w.select(turn, y, x), w.select(turn, x, y)
        return w.select(turn, b, a), w.select(turn, a, b)
