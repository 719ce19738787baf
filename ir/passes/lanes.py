"""lanes: kernel → kernel. Chooses the parallel loops that run in vector registers.

Of a nest, either the outermost parallel loop gets the lanes (a block of iterations side by side, every scalar that depends
on it a vector), or the innermost ones do. Which, an estimate decides: gathers from memory and horizontal sums are dear,
everything else is shared by the lanes. Outermost loops are taken to be long, inner ones short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ...core.operation import INSTRUCTIONS
from ..loops import nest
from .stage import is_staged

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])
_SHORT = 24.0
"""Iterations an inner loop is taken to have."""

_FUNCTION = 15.0
"""Additions that a transcendental function is worth."""

_LONG = 64.0
"""Additions in a row that keep one register busy enough."""


@dataclass(frozen=True)
class Lanes:
    """``bytes``: the width of a vector register; ``registers``: how many of them a step of an outermost loop fills."""

    bytes: int = 64
    registers: int = 4
    name: str = "lanes"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        return replace(kernel, body=self._block(kernel.body, self.registers))

    def _block(self, statements: Sequence[nest.Statement], registers: int) -> tuple[nest.Statement, ...]:
        return tuple(self._statement(s, registers) for s in statements)

    def _statement(self, s: nest.Statement, registers: int) -> nest.Statement:
        match s:
            case nest.For() if s.tile:
                return s
            case nest.For():
                inner = replace(s, body=self._block(s.body, 1))
                if not (s.parallel and is_eligible(s)):
                    return inner
                wide = replace(s, lanes=self._count(s, registers))
                return wide if _estimate((wide,), None) <= _estimate((inner,), None) else inner
            case nest.Loop():
                return replace(s, head=self._block(s.head, registers), body=self._block(s.body, registers))
            case nest.If():
                return replace(s, then=self._block(s.then, registers), orelse=self._block(s.orelse, registers))
            case _:
                return s

    def _count(self, loop: nest.For, registers: int) -> int:
        """So many lanes that the elements fill the registers: 32 of f64, 64 of f32 for four registers of 64 bytes.

        A long straight block has enough independent work in one register, and four would multiply what LLVM compiles."""
        kinds = {s.kind.kind for s in _all(loop.body) if isinstance(s, nest.Let | nest.Load)}
        width = 4 if "f32" in kinds and "f64" not in kinds else 8
        longest = max(_length(block) for block in _blocks(loop.body))
        fitting = registers if longest <= _LONG else max(registers // 2, 1) if longest <= 2 * _LONG else 1
        return fitting * self.bytes // width


def _blocks(statements: Sequence[nest.Statement]) -> Iterator[Sequence[nest.Statement]]:
    yield statements
    for s in statements:
        if isinstance(s, nest.For):
            yield from _blocks(s.body)


def _length(block: Sequence[nest.Statement]) -> float:
    """The instructions of a straight block, a function as many as its polynomial has."""
    return sum(_FUNCTION if s.instruction in _FUNCTIONS else 1.0 for s in block if isinstance(s, nest.Let))


def is_eligible(loop: nest.For) -> bool:
    """Whether iterations can run side by side: inner loops and local arrays must not depend on the iteration, and what is
    not ours takes one value at a time."""
    varying = varying_names(loop)
    for s in _all(loop.body):
        if isinstance(s, nest.Loop | nest.Check | nest.Copy | nest.Call):
            return False
        if isinstance(s, nest.For) and (s.tile or s.bound in varying):
            return False
        if isinstance(s, nest.Allocate) and any(d in varying for d in s.shape):
            return False
    return True


def varying_names(loop: nest.For) -> frozenset[str]:
    """The scalars, cells and local buffers of a loop's body that differ from one iteration to the next."""
    varying = {loop.index} | {s.name for s in _all(loop.body) if isinstance(s, nest.Allocate | nest.Cell)}
    for s in _all(loop.body):
        read: Sequence[nest.Operand | None] = ()
        if isinstance(s, nest.Let | nest.Call):
            read = s.args
        elif isinstance(s, nest.Load):
            read = (s.buffer, *s.indices, s.when)
        elif isinstance(s, nest.Read):
            read = (s.cell,)
        if isinstance(s, nest.Let | nest.Call | nest.Load | nest.Read) and any(a in varying for a in read):
            varying.add(s.name)
    return frozenset(varying)


def _all(statements: Sequence[nest.Statement]) -> Iterator[nest.Statement]:
    for s in statements:
        yield s
        if isinstance(s, nest.For):
            yield from _all(s.body)
        elif isinstance(s, nest.Loop):
            yield from _all((*s.head, *s.body))
        elif isinstance(s, nest.If):
            yield from _all((*s.then, *s.orelse))


# -- the estimate --------------------------------------------------------------------------------------------------------
def _estimate(statements: Sequence[nest.Statement], lane: nest.For | None) -> float:
    """Time of a block per iteration of the loop in lanes (``lane``), in scalar additions."""
    names = varying_names(lane) if lane is not None else frozenset()
    return sum(_time(s, lane, names, 0) for s in statements)


def _time(s: nest.Statement, lane: nest.For | None, varying: frozenset[str], depth: int) -> float:
    share = 1.0 if lane is None else 1.0 / 8.0
    match s:
        case nest.For() if s.lanes > 1:
            return 8.0 + _SHORT * _estimate(s.body, s)
        case nest.For():
            return 2.0 * share + _SHORT * sum(_time(inner, lane, varying, depth + 1) for inner in s.body)
        case nest.Let():
            return share * (_FUNCTION if s.instruction in _FUNCTIONS else 1.0)
        case nest.Load() | nest.Store():
            if lane is None or s.buffer in varying or _consecutive(s.indices, lane, varying):
                return share
            return share if isinstance(s, nest.Load) and is_staged(s, lane.index, depth) else 1.0
        case nest.Accumulate() if lane is not None:
            if s.buffer in varying or not any(i in varying for i in s.indices):
                return 3.0 * share
            return 2.0 * share if _consecutive(s.indices, lane, varying) else 3.0
        case nest.Accumulate() | nest.Reduce():
            return 3.0 * share
        case nest.Check() | nest.Loop() | nest.If() | nest.Call():
            return 4.0
        case _:
            return share


def _consecutive(indices: Sequence[nest.Operand], lane: nest.For, varying: frozenset[str]) -> bool:
    """Whether lanes reach consecutive (or all the same) places: only the last index moves, and it is the lane's own."""
    moving = [i for i in indices if i in varying]
    return not moving or (moving == [lane.index] and indices[-1] == lane.index)
