"""The writer of a kernel's function: what it can do beyond one instruction after another.

LLVM's time grows faster than the length of what it compiles, so what is unrolled is decided here, by what pays: loops whose
bodies are a few instructions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .text import Value, Writer

__all__ = ["ROLLED", "FunctionWriter"]

SHORT = 24
"""Lines of a loop that LLVM may unroll without knowing how often it runs; a longer one keeps the machine busy by itself."""

ROLLED = "!llvm.loop !0"
"""The metadata of the other loops."""


@dataclass
class _Before:
    """What is computed before a loop that begins at line ``at``: the lines, and their values by what computes them."""

    at: int
    lines: list[str] = field(default_factory=list)
    made: dict[str, Value] = field(default_factory=dict)


class FunctionWriter(Writer):
    """Scalar integer arithmetic goes before the loops that do not change it, and is written there once. (LLVM's own motion of
    invariant code is part of a row of passes that takes four times as long as what else has to be done.)"""

    def __init__(self, flags: str = "") -> None:
        super().__init__(flags)
        self._open: list[_Before] = []
        self._begun: list[_Before] = []
        self._depth: dict[str, int] = {}
        """How many loops are open where a value is made; none where it is not in here."""

    def at_entry(self, text: str) -> None:
        """Append to the start of the function."""
        self._entry_lines.append(f"  {text}")

    @contextmanager
    def rest(self, lanes: int) -> Iterator[None]:
        """Within, what a loop with so many lanes left over: code that runs a few times at most, so nothing is unrolled."""
        outer, self.beside = self.beside, lanes
        yield
        self.beside = outer

    # -- invariant code
    def instruction(self, type: str, text: str) -> Value:
        value = super().instruction(type, text)
        if self._open:
            self._depth[value.name] = len(self._open)
        return value

    def pure(self, type: str, text: str, *operands: str) -> Value:
        depth = max(self._depth.get(name, 0) for name in operands)
        if depth == len(self._open) or type.startswith("<"):
            return self.instruction(type, text)
        # What it reads is there before this loop begins: it is made before, and outside the loop.
        before = self._open[depth]
        if text not in before.made:
            value = before.made[text] = Value(type, self.fresh())
            before.lines.append(f"  {value.name} = {text}")
            self._depth[value.name] = depth
        return before.made[text]

    @contextmanager
    def looping(self) -> Iterator[None]:
        """Around a loop, from the branch into it to the branch back."""
        before = _Before(len(self.lines))
        self._begun.append(before)
        self._open.append(before)
        yield
        self._open.pop()

    def written(self) -> list[str]:
        lines, last = [], 0
        for before in self._begun:
            lines += [*self.lines[last : before.at], *before.lines]
            last = before.at
        return [*lines, *self.lines[last:]]

    # -- loops
    def again(self, condition: Value, head: str, done: str, first: int) -> None:
        """Close a loop whose body began at line ``first``."""
        rolled = self.beside > 1 or len(self.lines) - first > SHORT
        self.branch_if(condition, head, done, f", {ROLLED}" if rolled else "")
