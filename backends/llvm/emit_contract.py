"""Loops with a `tile`: which loops are rows, columns and depth of the register tile, and the calls of what computes them.

The roles depend on the strides, which are known here, and on the sizes, which are not: where there are several ways, the code
chooses when it runs. Loops without a role go around the call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...core.objects import I64
from ...ir.loops import nest
from ...ir.loops.contraction import Contraction, Place, contraction
from ...ir.loops.nest import Operand
from . import emit_memory as memory
from .contraction import symbol
from .contraction_dot import ALONE, DOT
from .contraction_outer import OUTER
from .contraction_text import VECTORS
from .emit_body import Body
from .emit_instructions import apply, llvm_type, size_of
from .text import Value, constant

__all__ = ["contract"]

_DEEPEST = 3
"""Loops of a sum that a function runs by itself."""

_SHORT = 16
"""Vectors of columns from which on it does not matter how full the last tile of a line is."""


@dataclass(frozen=True)
class _Roles:
    """``a`` has the rows, ``b`` the columns; ``depth`` are loops of the sum, innermost last; ``around`` the others."""

    form: str
    a: Place
    b: Place
    rows: str
    columns: str
    depth: tuple[str, ...]
    around: tuple[str, ...]


def contract(body: Body, loop: nest.For, start: Value | None, bound: Value) -> bool:
    """Write the iterations from ``start`` (None: the first) on up to ``bound`` in tiles and return True, or write nothing where
    the loop is none that can be."""
    c = contraction(loop)
    outer, dot = (_outer(c), _dot(c)) if c is not None else ([], None)
    if c is None or not (outer or dot):
        return False
    site = _Site(body, loop, c, start, bound)
    if not outer:
        site.run(dot)  # type: ignore[arg-type]
    elif dot is None:
        site.widest(outer)
    else:
        body.branch(site.prefers_dot(outer, dot), lambda: site.run(dot), lambda: site.widest(outer))
    return True


def _outer(c: Contraction) -> list[_Roles]:
    """The ways to have neighbours of the result as columns: those first whose columns are neighbours in a factor too."""
    found = []
    for v, step in c.out.strides.items():
        for a, b in ((c.left, c.right), (c.right, c.left)):
            if step == 1 and v in b.strides and v not in a.strides:
                rows = _rows(c, a, b)
                if rows is not None and len(c.summed) <= _DEEPEST:
                    found.append(_with_rest(c, "outer", a, b, rows, v, c.summed))
    return sorted(found, key=lambda r: not r.b.strides[r.columns])


def _dot(c: Contraction) -> _Roles | None:
    """The way to have the innermost loop of the sum in vectors: it must go through neighbours in both factors."""
    inner = [v for v in c.summed if c.left.strides.get(v) == 1 and c.right.strides.get(v) == 1]
    rows, columns = _rows(c, c.left, c.right), _rows(c, c.right, c.left)
    if not inner or rows is None or columns is None or len(c.summed) > _DEEPEST:
        return None
    depth = (*(v for v in c.summed if v != inner[-1]), inner[-1])
    return _with_rest(c, "dot", c.left, c.right, rows, columns, depth)


def _rows(c: Contraction, a: Place, b: Place) -> str | None:
    """A loop of the result that ``a`` mentions and ``b`` does not: rather one with an index of its own."""
    own = [v for v in c.out.strides if v in a.strides and v not in b.strides]
    return min(own, key=lambda v: (v in c.out.together, c.out.strides[v]), default=None)


def _with_rest(c: Contraction, form: str, a: Place, b: Place, rows: str, columns: str, depth: tuple[str, ...]) -> _Roles:
    around = tuple(v for v, _ in c.loops if v not in (rows, columns, *depth))
    return _Roles(form, a, b, rows, columns, depth, around)


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
    def prefers_dot(self, outer: Sequence[_Roles], dot: _Roles) -> Value:
        """Where the sum runs through neighbours that fill vectors, and columns do not, or have to be copied for few rows."""
        w, columns, depth = self.w, [r.columns for r in outer], self.bounds[dot.depth[-1]]
        few = self.at_most(columns, 2 * self.lanes - 1)
        if not outer[0].b.strides[outer[0].columns]:
            few = w.or_(few, self.at_most([outer[0].rows], 3 * self.rows))
        scant = self.at_most(columns, self.lanes // 2)
        for v in dict.fromkeys(columns):
            scant = w.and_(scant, w.icmp("sge", depth, w.mul(self.bounds[v], 3)))
        return w.or_(w.and_(few, w.icmp("sge", depth, 2 * self.lanes)), scant)

    def at_most(self, variables: Sequence[str], most: int) -> Value:
        w, found = self.w, constant("i1", 1)
        for v in variables:
            found = w.and_(found, w.icmp("sle", self.bounds[v], most))
        return found

    def widest(self, ways: Sequence[_Roles]) -> None:
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
    def run(self, r: _Roles) -> None:
        def each() -> None:
            self.around(r.around, {}, lambda at: self.call(r, at))

        lines = [v for v in r.around if self.makes_one_row(r, v)]
        if not lines:
            each()
            return
        self.body.branch(self.is_nearly_full(r, lines[-1]), lambda: self.in_one_row(r, lines[-1]), each)

    # -- rows of columns that are one
    def makes_one_row(self, r: _Roles, line: str) -> bool:
        """Whether the columns for all of ``line`` lie in one row of ``b``, with gaps."""
        c, both = self.c, (line, r.columns)
        return not c.adds and all(v in c.out.strides and v in r.b.strides and v not in r.a.strides for v in both) \
            and r.form == "outer" and r.b.strides[r.columns] == 1

    def is_nearly_full(self, r: _Roles, line: str) -> Value:
        """Whether lines are short, so that much of the last tile of each would be empty, and gaps between them are shorter."""
        w, columns, pitch = self.w, self.bounds[r.columns], self.strides[r.b.role][line]
        short = w.icmp("slt", columns, _SHORT * self.lanes)
        several = w.icmp("sgt", self.bounds[line], 1)
        dense = w.and_(w.icmp("sle", columns, pitch), w.icmp("sle", w.mul(pitch, 8), w.mul(columns, 9)))
        return w.and_(w.and_(short, several), dense)

    def in_one_row(self, r: _Roles, line: str) -> None:
        """All lines at once into memory of their own, gaps and all, and then each where it belongs."""
        w, body, kind = self.w, self.body, self.c.kind
        pitch, columns, rows = self.strides[r.b.role][line], self.bounds[r.columns], self.bounds[r.rows]
        length = w.add(w.mul(w.sub(self.bounds[line], 1), pitch), columns)
        names = (f"{r.rows}.rows", f"{r.rows}.row")
        body.frame.values |= dict(zip(names, (rows, length), strict=True))
        apart = nest.Allocate(f"{r.rows}.lines", kind, names)
        body.make(apart, lanes=1)
        address = body.frame.buffers[apart.name].address(w)

        def put(at: Mapping[str, Value]) -> None:
            self.call(r, at, {"columns": length, "out_row": length}, address)
            memory.loop(w, rows, lambda row: memory.loop(w, self.bounds[line], lambda k: memory.copy(
                w, self.address(self.c.out, {**at, r.rows: row, line: k}),
                w.gep(llvm_type(kind), address, w.add(w.mul(row, length), w.mul(k, pitch)), flags=""),
                w.mul(columns, size_of(kind)))))

        self.around([v for v in r.around if v != line], {}, put)

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
        self, r: _Roles, at: Mapping[str, Value], other: Mapping[str, Value] | None = None, out: Value | None = None
    ) -> None:
        """``other``: numbers instead of those that the loops say; ``out``: another place for the result."""
        w, c, one, none = self.w, self.c, constant("i64", 1), constant("i64", 0)
        numbers: dict[str, Value] = {"rows": self.bounds[r.rows], "columns": self.bounds[r.columns]}
        numbers |= {"out_row": self.strides["out"][r.rows], "a_row": self.strides[r.a.role][r.rows]}
        numbers |= {"out_column": self.strides["out"][r.columns], "b_column": self.strides[r.b.role][r.columns]}
        for k in range(_DEEPEST):
            place = len(r.depth) - _DEEPEST + k
            v = r.depth[place] if place >= 0 else None
            numbers[f"k{k + 1}"] = self.bounds[v] if v is not None else one
            numbers[f"a{k + 1}"] = self.strides[r.a.role][v] if v is not None else none
            numbers[f"b{k + 1}"] = self.strides[r.b.role][v] if v is not None else none
        numbers |= other or {}
        a, b = self.address(r.a, at), self.address(r.b, at)
        if r.form == "dot":
            a, b = self.turned(numbers, a, b)
        passed = [numbers[name] for name in (OUTER if r.form == "outer" else DOT)]
        places = [out or self.address(c.out, at), a, b]
        name = symbol(r.form, c.kind, self.lanes, self.rows, w.flags)
        w.call("void", name, [*places, *passed, constant("i1", not c.adds)])

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
