"""whole: kernel → kernel. A contraction that adds to every element of an array of zeros writes the array instead.

    v = 0; for l, i, j: v[i, j] += a[i, l] · b[l, j]      for i, j: v[i, j] = sum l: a[i, l] · b[l, j]

Derivatives are full of the first: a cotangent is added to wherever its array was read. The second needs no zeros, and threads
that share it have rows of their own instead of copies of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..loops import nest
from ..loops.contraction import Contraction, contraction, is_zero
from .pad import gathered
from .tile import is_worth
from .vary import buffers_in, statements_in

_Shapes = Mapping[str, tuple[nest.Operand, ...]]


_PADDED = "from a copy with zeros around it, each element being a sum of its own; where the zeros are few"


@dataclass(frozen=True)
class Whole:
    """No options."""

    name: str = "whole"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        writing = _Writing(frozenset(p.name for p in (*kernel.inputs, *kernel.outputs)))
        body = writing.block(kernel.body, {p.name: p.shape for p in kernel.outputs if isinstance(p, nest.Array)})
        return replace(kernel, body=body, decisions=(*kernel.decisions, *writing.decisions))


@dataclass
class _Writing:
    """``taken``: names that are not ours."""

    taken: frozenset[str]
    decisions: list[nest.Decision] = field(default_factory=list)

    def block(self, statements: Sequence[nest.Statement], shapes: _Shapes) -> tuple[nest.Statement, ...]:
        """``shapes``: of the buffers that are there before the block and can be written."""
        shapes = {**shapes, **{s.name: s.shape for s in statements if isinstance(s, nest.Allocate)}}
        made: list[nest.Statement] = []
        loops: dict[int, Sequence[nest.Statement]] = {}  # those that write now, by their place in the block
        for k, s in enumerate(statements):
            buffer = _zeroed(s)
            if buffer is not None and (found := self.first_use(statements[k + 1:], buffer, shapes)) is not None:
                distance, loops[k + 1 + distance] = found
                if isinstance(s, nest.Allocate):
                    made.append(replace(s, zero=False))
            else:
                made += loops[k] if k in loops else (self.inside(s, shapes),)
        return tuple(made)

    def inside(self, s: nest.Statement, shapes: _Shapes) -> nest.Statement:
        match s:
            case nest.For():
                return replace(s, body=self.block(s.body, shapes))
            case nest.Loop():
                return replace(s, head=self.block(s.head, shapes), body=self.block(s.body, shapes))
            case nest.If():
                return replace(s, then=self.block(s.then, shapes), orelse=self.block(s.orelse, shapes))
        return s

    def first_use(
        self, later: Sequence[nest.Statement], buffer: str, shapes: _Shapes
    ) -> tuple[int, Sequence[nest.Statement]] | None:
        """Where a buffer is used first, and what writes all of it instead of the loop there, if that can be."""
        at = next((k for k, s in enumerate(later) if buffer in buffers_in((s,))), None)
        if at is None or buffer not in shapes or not isinstance(loop := later[at], nest.For):
            return None
        c = contraction(loop)
        if c is None or not c.adds or c.out.buffer != buffer or not is_worth(c):
            return None
        if (written := self.as_writing(loop, c, shapes[buffer])) is not None:
            self.decisions.append(nest.Decision(buffer, "written", "a contraction makes all of it, and adds to no zeros"))
            return at, (written,)
        if (both := gathered(loop, c, shapes[buffer], self.fresh)) is not None:
            self.decisions.append(nest.Decision(buffer, "gathered", _PADDED))
            return at, both
        return None

    def as_writing(self, loop: nest.For, c: Contraction, shape: tuple[nest.Operand, ...]) -> nest.For | None:
        """The loops of a contraction, those of the result outside, around a sum in a cell."""
        bounds, places = dict(c.loops), [str(i) for i in c.out.indices]
        if len(set(places)) < len(shape) or tuple(map(bounds.get, places)) != shape:
            return None
        work = [s for s in statements_in((loop,)) if isinstance(s, nest.Let | nest.Load)]
        (last,) = (s for s in statements_in((loop,)) if isinstance(s, nest.Accumulate))
        cell, total = self.fresh(f"{loop.index}.cell"), self.fresh(f"{loop.index}.sum")
        body: tuple[nest.Statement, ...] = (*work, nest.Reduce(cell, "sum", last.value, last.ring))
        for v in reversed(c.summed):
            body = (nest.For(v, bounds[v], body, parallel=True),)
        zero = nest.Literal(0.0, c.kind)
        body = (nest.Cell(cell, c.kind, zero), *body, nest.Read(total, c.kind, cell),
                nest.Store(last.buffer, last.indices, total))  # fmt: skip
        for v in reversed(places[1:]):
            body = (nest.For(v, bounds[v], body, parallel=True),)
        return nest.For(places[0], bounds[places[0]], body, parallel=True, span=loop.span)

    def fresh(self, name: str) -> str:
        while name in self.taken:  # the fields of a record have such names
            name += "s"
        return name


def _zeroed(s: nest.Statement) -> str | None:
    """The buffer of which a statement makes all elements zero."""
    match s:
        case nest.Allocate() if s.zero:
            return s.name
        case nest.Fill() if is_zero(s.value):
            return s.buffer
    return None
