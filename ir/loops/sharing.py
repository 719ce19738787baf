"""What the iterations of a parallel loop share: what has to be known before parts of it run side by side.

Parts are ranges of neighbouring iterations. What a part *stores* from outside is its own by the meaning of a parallel loop;
what it *adds* is, where one of the indices is the loop's own (no two iterations meet there). A buffer in which they may meet is
*summed*: each part needs a copy, which starts at zero and is added up afterwards. So is a cell they *reduce* into.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...core.objects import I64, Scalar
from . import nest
from .nest import Operand, Statement

__all__ = ["Inseparable", "Sharing", "sharing"]


class Inseparable(Exception):
    """Why parts of a loop cannot run side by side."""


@dataclass(frozen=True)
class Sharing:
    """Names from outside the loop, in the order they are met. ``scalars``, ``buffers``: what is read or written; ``summed``:
    buffers to be had in copies, each with its semiring; ``reduced``: cells, each with a statement that reduces into it (the
    cell of a winner's index with that of its value)."""

    scalars: tuple[str, ...]
    buffers: tuple[str, ...]
    written: frozenset[str]
    summed: Mapping[str, Scalar]
    reduced: Mapping[str, nest.Reduce]


def sharing(loop: nest.For) -> Sharing:
    """Raises Inseparable where an iteration sees what another one does, or the order of iterations shows."""
    if not loop.parallel or loop.backward:
        raise Inseparable("its iterations have an order")
    walk = _Walk(loop.index)
    walk.own.add(loop.index)
    walk.block(loop.body)
    for name, ring in walk.summed.items():
        if name in walk.loaded or name in walk.written:
            raise Inseparable(f"`{name}` is added to and seen by all")
        if walk.rings[name] != {ring}:
            raise Inseparable(f"`{name}` is added to in two semirings")
    walk.scalar(loop.bound)
    return Sharing(tuple(walk.scalars), tuple(walk.buffers), frozenset(walk.written | walk.rings.keys()), walk.summed,
                   walk.reduced)


@dataclass
class _Walk:
    index: str
    own: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)
    """Scalars that differ between any two iterations: the index, and what is added to it."""
    scalars: dict[str, None] = field(default_factory=dict)
    buffers: dict[str, None] = field(default_factory=dict)
    loaded: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)
    rings: dict[str, set[Scalar]] = field(default_factory=dict)
    summed: dict[str, Scalar] = field(default_factory=dict)
    reduced: dict[str, nest.Reduce] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.apart.add(self.index)

    # -- names
    def scalar(self, *operands: Operand | None) -> None:
        for operand in operands:
            if isinstance(operand, str) and operand not in self.own:
                self.scalars.setdefault(operand)

    def buffer(self, name: str) -> bool:
        """Whether the buffer comes from outside."""
        if name in self.own:
            return False
        self.buffers.setdefault(name)
        return True

    def block(self, body: Iterable[Statement]) -> None:
        for s in body:
            self.statement(s)

    def statement(self, s: Statement) -> None:
        match s:
            case nest.Let() | nest.Call():
                self.scalar(*s.args)
                self.own.add(s.name)
                if isinstance(s, nest.Let) and self.shifts(s):
                    self.apart.add(s.name)
            case nest.Load():
                self.scalar(*s.indices, s.when)
                self.own.add(s.name)
                if self.buffer(s.buffer):
                    self.loaded.add(s.buffer)
            case nest.Store():
                self.scalar(*s.indices, s.value)
                if self.buffer(s.buffer):
                    self.written.add(s.buffer)
            case nest.Accumulate():
                self.accumulate(s)
            case nest.Reduce():
                self.reduce(s)
            case nest.Check():
                self.scalar(s.ok, s.value, s.bound)
            case nest.Cell() | nest.Assign() | nest.Read():
                self.cell(s)
            case nest.Allocate() | nest.Fill() | nest.Copy() | nest.Swap():
                self.whole(s)
            case nest.For() | nest.Loop() | nest.If():
                self.control(s)
            case _:
                raise TypeError(f"not a statement: {s!r}")

    def shifts(self, s: nest.Let) -> bool:
        moving = [a in self.apart for a in s.args]
        inside = [a in self.own and a not in self.apart for a in s.args]
        return s.kind == I64 and s.instruction in ("iadd", "isub") and sum(moving) == 1 and not any(inside)

    def accumulate(self, s: nest.Accumulate) -> None:
        self.scalar(*s.indices, s.value, s.when)
        if self.buffer(s.buffer):
            self.rings.setdefault(s.buffer, set()).add(s.ring)
            if not any(i in self.apart for i in s.indices):
                self.summed[s.buffer] = s.ring

    def reduce(self, s: nest.Reduce) -> None:
        self.scalar(s.value, s.index)
        cells = [c for c in (s.cell, s.where) if c is not None]
        outside = [c for c in cells if c not in self.own]
        if outside and outside != cells:
            raise Inseparable("of a winner and its index, one is outside and the other is not")
        for cell in outside:
            known = self.reduced.setdefault(cell, s)
            if (known.cell, known.kind, known.ring, known.where) != (s.cell, s.kind, s.ring, s.where):
                raise Inseparable(f"`{cell}` is reduced into in two ways")

    def cell(self, s: nest.Cell | nest.Assign | nest.Read) -> None:
        match s:
            case nest.Cell():
                self.scalar(s.init)
                self.own.add(s.name)
            case nest.Assign():
                self.scalar(s.value)
                if s.cell not in self.own:
                    raise Inseparable(f"`{s.cell}` is assigned")
            case nest.Read():
                self.own.add(s.name)
                if s.cell not in self.own:
                    raise Inseparable(f"`{s.cell}` is read")

    def whole(self, s: nest.Allocate | nest.Fill | nest.Copy | nest.Swap) -> None:
        changed: Sequence[str] = ()
        match s:
            case nest.Allocate():
                self.scalar(*s.shape)
                self.own.add(s.name)
            case nest.Fill():
                self.scalar(s.value)
                changed = (s.buffer,)
            case nest.Copy():
                if self.buffer(s.source):
                    self.loaded.add(s.source)
                changed = (s.target,)
            case nest.Swap():
                changed = (s.left, s.right)
        for name in changed:
            if name not in self.own:
                raise Inseparable(f"the whole of `{name}` is written")

    def control(self, s: nest.For | nest.Loop | nest.If) -> None:
        match s:
            case nest.For():
                self.scalar(s.bound)
                self.own.add(s.index)
                self.block(s.body)
            case nest.Loop():
                self.block(s.head)
                self.scalar(s.cond)
                self.block(s.body)
            case nest.If():
                self.scalar(s.cond)
                self.block(s.then)
                self.block(s.orelse)
