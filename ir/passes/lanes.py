"""lanes: kernel → kernel. Chooses the parallel loops that run in vector registers.

Of a nest, either the outermost parallel loop gets the lanes (a block of iterations side by side, every scalar that depends
on it a vector), or the innermost ones do. Which, an estimate decides: gathers from memory and horizontal sums are dear,
everything else is shared by the lanes. Outermost loops are taken to be long, inner ones short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..loops import nest
from .registers import FUNCTION, Machine, fitting
from .stage import is_staged
from .vary import FUNCTIONS, loop_ties, runs_along, statements_in, varying_names

_SHORT = 24.0
"""Iterations an inner loop is taken to have."""

_SURE = 1.25
"""By how much a loop with lanes has to be faster than with lanes inside: it may have fewer iterations than lanes."""


_ALONG = 2.0
"""An access along rows of the lanes' own, by one in lanes: every row has a beginning, and an end where sums are added up."""


@dataclass(frozen=True)
class Lanes:
    """``bytes``: the width of a vector register; ``lanes``: how many a loop that gets some has, where it is not for the
    estimate to say."""

    bytes: int = 64
    lanes: int | None = None
    name: str = "lanes"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        body, decisions = self._block(kernel.body, _Around())
        return replace(kernel, body=body, decisions=(*kernel.decisions, *decisions))

    def _block(
        self, statements: Sequence[nest.Statement], around: _Around
    ) -> tuple[tuple[nest.Statement, ...], list[nest.Decision]]:
        parts = [self._statement(s, around) for s in statements]
        return tuple(s for s, _ in parts), [d for _, decisions in parts for d in decisions]

    def _statement(self, s: nest.Statement, around: _Around) -> tuple[nest.Statement, list[nest.Decision]]:
        match s:
            case nest.For() if s.tile:
                return s, []
            case nest.For():
                return self._for(s, around)
            case nest.Loop():
                (head, first), (body, then) = self._block(s.head, around), self._block(s.body, around)
                return replace(s, head=head, body=body), first + then
            case nest.If():
                (yes, first), (no, then) = self._block(s.then, around), self._block(s.orelse, around)
                return replace(s, then=yes, orelse=no), first + then
            case _:
                return s, []

    def _for(self, s: nest.For, around: _Around) -> tuple[nest.For, list[nest.Decision]]:
        body, decisions = self._block(s.body, _Around(loops=True, parallel=around.parallel or s.parallel))
        inner = replace(s, body=body)
        reason = obstacle(s)
        lanes, why = self._count(s, outermost=not around.loops) if reason is None else (1, "")
        if self.lanes is None and isinstance(s.bound, nest.Literal) and s.bound.value < lanes:
            reason = f"it has fewer iterations than the {lanes} lanes it would get"
        if reason is None:
            wide = replace(s, lanes=lanes)
            ratio = _estimate((inner,), None) / _estimate((wide,), None, rows=not around.parallel)
            if ratio >= (_SURE if any(t.lanes > 1 for t in statements_in(body) if isinstance(t, nest.For)) else 1.0):
                return wide, [nest.Decision(s.index, f"lanes {lanes}", f"{ratio:.1f} times as fast as without; {why}")]
            reason = f"with lanes inside or none it is {1 / ratio:.1f} times as fast"
            if ratio > 1:
                reason = f"lanes here would be {ratio:.1f} times as fast, too little for a loop that may be short"
        return inner, [nest.Decision(s.index, "lanes 1", reason), *decisions] if decisions or not around.loops else []

    def _count(self, loop: nest.For, outermost: bool) -> tuple[int, str]:
        """So many lanes that the elements fill the registers (32 of f64, 64 of f32 for four registers of 64 bytes), and why."""
        if self.lanes is not None:
            return self.lanes, "their number was asked for"
        kinds = {s.kind.kind for s in statements_in(loop.body) if isinstance(s, nest.Let | nest.Load)}
        width = 4 if "f32" in kinds and "f64" not in kinds else 8
        if not outermost and any(isinstance(s, nest.Let) and s.instruction in FUNCTIONS for s in statements_in(loop.body)):
            return 2 * self.bytes // width, "a loop inside is taken to be short, and with functions fills two registers"
        if not outermost:
            return self.bytes // width, "a loop inside is taken to be short, and fills one register"
        registers, why = fitting(loop, Machine(self.bytes))
        return registers * self.bytes // width, f"{registers} registers: {why}"


@dataclass(frozen=True)
class _Around:
    """Whether there are loops around a statement, and whether one of them is parallel."""

    loops: bool = False
    parallel: bool = False


def obstacle(loop: nest.For) -> str | None:
    """Why iterations cannot run side by side; None if they can."""
    if not loop.parallel:
        return "an iteration needs the one before"
    varying = varying_names(loop)
    for s in statements_in(loop.body):
        match s:
            case nest.Loop():
                return "there is a while inside"
            case nest.Copy():
                return "a whole array is copied inside"
            case nest.Call():
                return f"{s.function} is not ours, and takes one value at a time"
            case nest.For() if s.tile:
                return f"{s.index} runs in tiles"
            case nest.For() if s.bound in varying:
                return f"how often {s.index} runs differs between iterations"
            case nest.Allocate() if any(d in varying for d in s.shape):
                return f"the size of {s.name} differs between iterations"
    return None


def is_eligible(loop: nest.For) -> bool:
    """Whether iterations can run side by side: inner loops and local arrays must not depend on the iteration, and what is
    not ours takes one value at a time."""
    return obstacle(loop) is None


# -- the estimate --------------------------------------------------------------------------------------------------------
def _estimate(statements: Sequence[nest.Statement], lane: nest.For | None, rows: bool = False) -> float:
    """Time of a block per iteration of the loop in lanes (``lane``), in scalar additions. ``rows``: whether loops along rows
    are counted as such."""
    estimate = _Estimate(lane, rows)
    return sum(estimate.time(s, ()) for s in statements)


def _trips(loop: nest.For) -> float:
    """Iterations that an inner loop is taken to have; with lanes, so many as if what is left over at the end took no longer."""
    if not isinstance(loop.bound, nest.Literal):
        return _SHORT
    whole, rest = divmod(int(loop.bound.value), loop.lanes)
    return float(whole * loop.lanes + rest * min(loop.lanes, 8))


class _Estimate:
    """Of the statements in a loop that runs in lanes, or of statements in none."""

    def __init__(self, lane: nest.For | None, rows: bool) -> None:
        self.lane, self.rows = lane, rows
        self.varying = varying_names(lane) if lane is not None else frozenset()
        self.ties = loop_ties(lane) if lane is not None else {}
        self.share = 1.0 if lane is None else 1.0 / 8.0
        self.along: set[str] = set()  # the loops that run along rows

    def time(self, s: nest.Statement, loops: tuple[str, ...]) -> float:
        """Of a statement inside these loops."""
        share = self.share
        match s:
            case nest.For() if s.lanes > 1:
                return 8.0 + _trips(s) * _estimate(s.body, s, self.rows)
            case nest.For():
                if self.rows and self.lane is not None and not loops and runs_along(s, self.lane.index, self.varying):
                    self.along.add(s.index)
                return 2.0 * share + _trips(s) * sum(self.time(inner, (*loops, s.index)) for inner in s.body)
            case nest.Let():
                return share * (FUNCTION if s.instruction in FUNCTIONS else 1.0)
            case nest.Load() | nest.Store():
                if self.lane is None or s.buffer in self.varying or self.consecutive(s.indices):
                    return share
                if isinstance(s, nest.Load) and is_staged(s, self.lane.index, loops, self.ties):
                    return share
                return _ALONG * share if loops and loops[-1] in self.along else 1.0
            case nest.Accumulate() if self.lane is not None:
                if s.buffer in self.varying or not any(i in self.varying for i in s.indices):
                    return 3.0 * share
                near = self.consecutive(s.indices) or is_staged(s, self.lane.index, loops, self.ties)
                return 2.0 * share if near else 3.0
            case nest.Accumulate() | nest.Reduce():
                return 3.0 * share
            case nest.Check() | nest.Loop() | nest.If() | nest.Call():
                return 4.0
            case _:
                return share

    def consecutive(self, indices: Sequence[nest.Operand]) -> bool:
        """Whether lanes reach consecutive (or all the same) places: only the last index moves, and it is the lane's own."""
        assert self.lane is not None
        moving = [i for i in indices if i in self.varying]
        return not moving or (moving == [self.lane.index] and indices[-1] == self.lane.index)
