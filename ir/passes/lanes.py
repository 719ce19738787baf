"""lanes: kernel → kernel. Marks the parallel loops that run in vector registers.

An innermost parallel loop gets lanes where each iteration is straight-line and touches memory at consecutive places (or
computes so much that gathering does not matter). Wider than one register: several independent accumulators hide latency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...core.operation import INSTRUCTIONS
from ..loops import nest

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])
_STRAIGHT = (nest.Let, nest.Load, nest.Store, nest.Accumulate, nest.Reduce, nest.Cell, nest.Assign, nest.Read)


@dataclass(frozen=True)
class Lanes:
    """``bytes``: the width of a vector register; ``registers``: how many of them one step of a loop fills."""

    bytes: int = 64
    registers: int = 4
    name: str = "lanes"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        return replace(kernel, body=self._block(kernel.body))

    def _block(self, statements: Sequence[nest.Statement]) -> tuple[nest.Statement, ...]:
        return tuple(self._statement(s) for s in statements)

    def _statement(self, s: nest.Statement) -> nest.Statement:
        match s:
            case nest.For():
                if s.parallel and all(isinstance(inner, _STRAIGHT) for inner in s.body) and _pays(s):
                    return replace(s, lanes=self._count(s.body))
                return replace(s, body=self._block(s.body))
            case nest.Loop():
                return replace(s, head=self._block(s.head), body=self._block(s.body))
            case nest.If():
                return replace(s, then=self._block(s.then), orelse=self._block(s.orelse))
            case _:
                return s

    def _count(self, body: Sequence[nest.Statement]) -> int:
        """Lanes so that the narrowest wide element fills the registers: 32 of f64, 64 of f32."""
        kinds = {s.kind.kind for s in body if isinstance(s, nest.Let | nest.Load)}
        width = 4 if "f32" in kinds and not kinds & {"f64", "i64"} else 8
        return self.registers * self.bytes // width


def _pays(loop: nest.For) -> bool:
    """Whether all memory is reached at consecutive places, or there is a transcendental to share the cost of gathering."""
    if any(isinstance(s, nest.Let) and s.instruction in _FUNCTIONS for s in loop.body):
        return True
    if any(isinstance(s, nest.Load) and s.when is not None for s in loop.body):
        return False
    steps = _steps(loop)
    accesses = [s for s in loop.body if isinstance(s, nest.Load | nest.Store | nest.Accumulate)]
    return all(_consecutive(s.indices, steps) for s in accesses)


def _steps(loop: nest.For) -> dict[str, int | None]:
    """How each integer scalar of the body moves with the index: by a constant step, or (None) in some other way."""
    steps: dict[str, int | None] = {loop.index: 1}
    for s in loop.body:
        if not isinstance(s, nest.Let):
            if isinstance(s, nest.Load | nest.Read):
                steps[s.name] = None
            continue
        moves = [steps.get(a, 0) if isinstance(a, str) else 0 for a in s.args]
        if any(m is None for m in moves) or s.instruction not in ("iadd", "isub"):
            if any(moves) or None in moves:
                steps[s.name] = None
            continue
        left, right = (m or 0 for m in moves)
        steps[s.name] = left + right if s.instruction == "iadd" else left - right
    return steps


def _consecutive(indices: Sequence[nest.Operand], steps: dict[str, int | None]) -> bool:
    moves = [steps.get(i, 0) if isinstance(i, str) else 0 for i in indices]
    return all(m == 0 for m in moves[:-1]) and (not moves or moves[-1] in (0, 1))
