"""Loops that do nothing but add products into an array: what they are, seen from the loop nest.

    for i < n parallel { for j < m parallel { for l < k parallel { out[i, j] += a[i, l] · b[l, j] } } }

in any order of the loops, with the sum in a cell or in memory. Indices are sums of loop variables, so that convolutions are
among them. An operand moves by a fixed distance when one variable goes on by one: its *stride*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...core.objects import F32, F64, I64, Scalar
from . import nest
from .nest import Literal, Operand

__all__ = ["Contraction", "Place", "contraction"]


@dataclass(frozen=True)
class Place:
    """An operand (``role`` is out, left or right): a buffer and the indices of its element. ``strides`` are the variables it
    moves with: 1 where it moves to the neighbour, 0 where the distance is known when it runs. ``together``: of these, those
    that share an index."""

    role: str
    buffer: str
    indices: tuple[Operand, ...]
    strides: Mapping[str, int]
    together: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contraction:
    """out (+)= Σ left · right over the box of ``loops`` (variable and bound, outermost first); ``adds`` to what is there,
    or else writes. ``lets`` are what the indices are computed from."""

    loops: tuple[tuple[str, Operand], ...]
    out: Place
    left: Place
    right: Place
    kind: Scalar
    adds: bool
    lets: Mapping[str, nest.Let]

    @property
    def summed(self) -> tuple[str, ...]:
        return tuple(v for v, _ in self.loops if v not in self.out.strides)

    def bound(self, variable: str) -> Operand:
        return dict(self.loops)[variable]


class _NotOne(Exception):
    pass


def contraction(loop: nest.For) -> Contraction | None:
    """The contraction that a loop with all inside it is, or None."""
    try:
        return _Reader().read(loop)
    except _NotOne:
        return None


class _Reader:
    def __init__(self) -> None:
        self.loops: list[tuple[str, Operand]] = []
        self.lets: dict[str, nest.Let] = {}
        self.loads: dict[str, nest.Load] = {}
        self.inner: set[str] = set()

    def read(self, loop: nest.For) -> Contraction:
        target, value, adds = self.walk(loop)
        self.need(isinstance(value, str) and value in self.lets)
        product = self.lets.pop(str(value))
        self.need(product.instruction == "fmul" and product.kind in (F64, F32))
        left, right = (self.factor(a) for a in product.args)
        self.need(all(let.kind == I64 for let in self.lets.values()))
        self.need({load.name for load in (left, right)} == set(self.loads))
        operands = {"out": target, "left": left, "right": right}
        places = {role: self.place(role, x.buffer, x.indices) for role, x in operands.items()}
        self.need(target.buffer not in (left.buffer, right.buffer))
        self.need(all(v in places["left"].strides or v in places["right"].strides for v, _ in self.loops))
        self.need(all(not (isinstance(bound, str) and bound in self.inner) for _, bound in self.loops))
        return Contraction(tuple(self.loops), **places, kind=product.kind, adds=adds, lets=dict(self.lets))

    def need(self, holds: bool) -> None:
        if not holds:
            raise _NotOne

    # -- statements
    def walk(self, loop: nest.For) -> tuple[nest.Store | nest.Accumulate, Operand, bool]:
        """Down the loops: the element that is written, the product, and whether it is added there."""
        cells: list[str] = []
        while True:
            self.enter(loop)
            body = self.plain(loop.body)
            if len(body) == 1 and isinstance(body[0], nest.For) and not cells:
                loop = body[0]
                continue
            if len(body) == 1 and isinstance(body[0], nest.Accumulate) and not cells:
                self.need(body[0].when is None and body[0].ring.is_float)
                return body[0], body[0].value, True
            target, loop, cell = self.reduced(body)
            return target, self.sum_in(loop, cell), False

    def enter(self, loop: nest.For) -> None:
        self.need(loop.parallel and not loop.backward)
        self.loops.append((loop.index, loop.bound))
        self.inner.add(loop.index)

    def plain(self, body: tuple[nest.Statement, ...]) -> list[nest.Statement]:
        """The statements that are more than index arithmetic, products and loads; those are noted."""
        rest: list[nest.Statement] = []
        for s in body:
            if isinstance(s, nest.Let):
                self.lets[s.name] = s
                self.inner.add(s.name)
            elif isinstance(s, nest.Load):
                self.need(s.when is None)
                self.loads[s.name] = s
                self.inner.add(s.name)
            else:
                rest.append(s)
        return rest

    def reduced(self, body: list[nest.Statement]) -> tuple[nest.Store, nest.For, str]:
        """cell c = 0; for … { … c sum= … }; r = read c; out[…] = r"""
        self.need(len(body) == 4)
        cell, loop, read, store = body
        self.need(isinstance(cell, nest.Cell) and isinstance(loop, nest.For))
        self.need(isinstance(read, nest.Read) and isinstance(store, nest.Store))
        assert isinstance(cell, nest.Cell) and isinstance(loop, nest.For)
        assert isinstance(read, nest.Read) and isinstance(store, nest.Store)
        self.need(is_zero(cell.init) and read.cell == cell.name and store.value == read.name)
        return store, loop, cell.name

    def sum_in(self, loop: nest.For, cell: str) -> Operand:
        """The product that loops add into a cell, a sum of sums in one cell for each."""
        while True:
            self.enter(loop)
            body = self.plain(loop.body)
            if len(body) == 1 and isinstance(body[0], nest.For):
                loop = body[0]
                continue
            last = body[-1] if body else None
            self.need(isinstance(last, nest.Reduce) and last.cell == cell and last.kind == "sum" and last.ring.is_float)
            assert isinstance(last, nest.Reduce)
            if len(body) == 1:
                return last.value
            self.need(len(body) == 4)
            inner, following, read = body[:3]
            self.need(isinstance(inner, nest.Cell) and isinstance(following, nest.For) and isinstance(read, nest.Read))
            assert isinstance(inner, nest.Cell) and isinstance(following, nest.For) and isinstance(read, nest.Read)
            self.need(is_zero(inner.init) and read.cell == inner.name and last.value == read.name)
            loop, cell = following, inner.name

    # -- operands
    def factor(self, operand: Operand) -> nest.Load:
        self.need(isinstance(operand, str) and operand in self.loads)
        return self.loads[str(operand)]

    def place(self, role: str, buffer: str, indices: tuple[Operand, ...]) -> Place:
        strides: dict[str, int] = {}
        together: set[str] = set()
        for k, index in enumerate(indices):
            moves = self.moves(index)
            if len(moves) > 1:
                together |= set(moves)
            for variable, step in moves.items():
                neighbour = k == len(indices) - 1 and step == 1 and variable not in strides
                strides[variable] = int(neighbour)
        return Place(role, buffer, indices, strides, frozenset(together))

    def moves(self, index: Operand) -> dict[str, int]:
        """By how much an index grows with each variable; 0 for a distance that is known only when it runs."""
        if not isinstance(index, str) or index not in self.inner:
            return {}
        if index in dict(self.loops):
            return {index: 1}
        let = self.lets.get(index)
        self.need(let is not None)
        assert let is not None
        args = [self.moves(a) for a in let.args]
        match let.instruction:
            case "iadd" | "isub":
                sign = 1 if let.instruction == "iadd" else -1
                both = {v: args[0].get(v, 0) + sign * args[1].get(v, 0) for v in (*args[0], *args[1])}
                unknown = {v for part in args for v, step in part.items() if step == 0}
                return {v: 0 if v in unknown else step for v, step in both.items()}
            case "imul" if not (args[0] and args[1]):
                by, moved = (let.args[0], args[1]) if args[1] else (let.args[1], args[0])
                known = int(by.value) if isinstance(by, Literal) else 0
                return {v: step * known for v, step in moved.items()}
        self.need(not any(args))
        return {}


def is_zero(operand: Operand) -> bool:
    return isinstance(operand, Literal) and operand.value == 0
