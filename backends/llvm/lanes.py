"""Which values of a loop differ between its iterations: what must be a vector when several run at once.

A scalar is *uniform* (the same in every lane), *linear* (a uniform number plus the lane's number: the loop's index and
what is added to it), *turning* (the remainder of a linear number by a uniform one) or *varying*. A cell or buffer of the
loop's own is varying where lanes may come to hold different values in it, also because some lanes are not there (under a
condition that differs between lanes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.objects import I64
from ...ir.loops import nest
from ...ir.loops.nest import Operand, Statement

__all__ = ["LINEAR", "TURNING", "UNIFORM", "VARYING", "Ineligible", "Shapes", "analyse"]

UNIFORM, LINEAR, TURNING, VARYING = range(4)


class Ineligible(Exception):
    """Why a loop cannot run in lanes. It then runs one iteration at a time."""


@dataclass
class Shapes:
    """``scalars``: the shape of each; ``varying``: own cells and buffers with a value for each lane; ``reduced``: cells
    from outside the loop that it reduces into, with the reduction (for argmax and argmin, both cells with the same)."""

    scalars: dict[str, int] = field(default_factory=dict)
    varying: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    reduced: dict[str, nest.Reduce] = field(default_factory=dict)

    def of(self, operand: Operand | None) -> int:
        return self.scalars.get(operand, UNIFORM) if isinstance(operand, str) else UNIFORM

    def worst(self, operands: Sequence[Operand | None]) -> int:
        return max(map(self.of, operands), default=UNIFORM)


def analyse(loop: nest.For) -> Shapes:
    """The shapes in a parallel loop. Raises Ineligible."""
    if loop.backward:
        raise Ineligible("it runs backward")
    shapes = Shapes({loop.index: LINEAR})
    before = -1
    while before != (before := _weight(shapes)):  # shapes only grow, and cells carry them around loops
        _Walk(shapes).block(loop.body, control=False)
    return shapes


def _weight(shapes: Shapes) -> int:
    return sum(shapes.scalars.values()) + len(shapes.varying) + len(shapes.scalars)


@dataclass
class _Walk:
    """One pass over the body. ``control``: whether lanes may be missing here."""

    shapes: Shapes

    def block(self, body: Sequence[Statement], control: bool) -> None:
        for s in body:
            self.statement(s, control)

    def statement(self, s: Statement, control: bool) -> None:
        shapes = self.shapes
        match s:
            case nest.Let():
                shapes.scalars[s.name] = self.let(s)
            case nest.Call():
                raise Ineligible("a function that is not ours is called, and takes one value at a time")
            case nest.Load():
                varies = s.buffer in shapes.varying or shapes.worst((*s.indices, s.when))
                shapes.scalars[s.name] = VARYING if varies else UNIFORM
            case nest.Store():
                self.write(s.buffer, (s.value, *s.indices), control)
            case nest.Accumulate():
                self.write(s.buffer, (s.value, *s.indices, s.when), control)
            case nest.Cell():
                shapes.own.add(s.name)
                self.write(s.name, (s.init,), False)
            case nest.Assign():
                self.owned(s.cell, "a cell from outside is assigned")
                self.write(s.cell, (s.value,), control)
            case nest.Read():
                if s.cell in shapes.reduced:
                    raise Ineligible("a cell it reduces into is read")
                shapes.scalars[s.name] = VARYING if s.cell in shapes.varying else UNIFORM
            case nest.Reduce():
                self.reduce(s, control)
            case _:
                self.compound(s, control)

    def compound(self, s: Statement, control: bool) -> None:
        shapes = self.shapes
        match s:
            case nest.Allocate():
                if shapes.worst(s.shape):
                    raise Ineligible("the size of a buffer differs between iterations")
                shapes.own.add(s.name)
            case nest.Fill():
                self.owned(s.buffer, "a buffer from outside is filled")
                self.write(s.buffer, (s.value,), control)
            case nest.Copy():
                self.owned(s.target, "a buffer from outside is copied into")
                self.write(s.target, (), control or s.source in shapes.varying)
            case nest.Swap():
                self.owned(s.left, "a buffer from outside is exchanged")
                self.owned(s.right, "a buffer from outside is exchanged")
                if control:
                    raise Ineligible("buffers are exchanged in some iterations and not in others")
                self.together(s.left, s.right)
            case nest.For():
                shapes.scalars.setdefault(s.index, UNIFORM)
                self.block(s.body, control or shapes.of(s.bound) != UNIFORM)
            case nest.Loop():
                for _ in range(2):  # the condition is known only after the head
                    control = control or shapes.of(s.cond) != UNIFORM
                    self.block(s.head, control)
                self.block(s.body, control)
            case nest.If():
                control = control or shapes.of(s.cond) != UNIFORM
                self.block(s.then, control)
                self.block(s.orelse, control)

    def let(self, s: nest.Let) -> int:
        moves = [self.shapes.of(a) for a in s.args]
        worst = max(moves)
        shifts = s.kind == I64 and (
            (s.instruction == "iadd" and moves in ([LINEAR, UNIFORM], [UNIFORM, LINEAR]))
            or (s.instruction == "isub" and moves == [LINEAR, UNIFORM])
        )
        turns = s.kind == I64 and s.instruction == "imod" and moves == [LINEAR, UNIFORM]
        return LINEAR if shifts else TURNING if turns else VARYING if worst else UNIFORM

    def write(self, place: str, operands: Sequence[Operand | None], control: bool) -> None:
        if place in self.shapes.own and (control or self.shapes.worst(operands)):
            self.shapes.varying.add(place)

    def owned(self, place: str, reason: str) -> None:
        if place not in self.shapes.own:
            raise Ineligible(reason)

    def together(self, left: str, right: str) -> None:
        if self.shapes.varying & {left, right}:
            self.shapes.varying |= {left, right}

    def reduce(self, s: nest.Reduce, control: bool) -> None:
        shapes = self.shapes
        if s.cell in shapes.own:
            self.write(s.cell, (s.value, s.index), control)
            if s.where is not None:
                self.owned(s.where, "a winner's index is outside and its value is not")
                self.write(s.where, (s.value, s.index), control)
                self.together(s.cell, s.where)
            return
        if s.where is not None and (s.where in shapes.own or shapes.of(s.index) != LINEAR):
            raise Ineligible("a winner's index is not the loop's own")
        for cell in (s.cell, s.where):
            if cell is not None:
                known = shapes.reduced.setdefault(cell, s)
                if (known.kind, known.ring, known.where) != (s.kind, s.ring, s.where):
                    raise Ineligible("a cell is reduced into in two ways")
