"""The writer of a kernel's function: what it can do beyond one instruction after another.

LLVM's time grows faster than the length of what it compiles, so how much is inlined and unrolled is decided here, by what
pays: vector functions that are called in few places, and loops whose bodies are a few instructions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .text import Value, Writer
from .vectormath import lines_of

__all__ = ["ROLLED", "FunctionWriter"]

INLINED = 400
"""Lines of vector functions that are inlined into a kernel."""

SHORT = 24
"""Lines of a loop that LLVM may unroll without knowing how often it runs; a longer one keeps the machine busy by itself."""

ROLLED = "!llvm.loop !0"
"""The metadata of the other loops."""


class FunctionWriter(Writer):
    """``calls``: for each symbol, the lines that call it, but for those in what is left over of a loop in lanes."""

    def __init__(self, flags: str = "") -> None:
        super().__init__(flags)
        self.calls: dict[str, list[int]] = {}
        self._rest = False

    def at_entry(self, text: str) -> None:
        """Append to the start of the function."""
        self._entry_lines.append(f"  {text}")

    @contextmanager
    def rest(self) -> Iterator[None]:
        """Within, code that runs a few times at most: nothing is inlined or unrolled."""
        outer, self._rest = self._rest, True
        yield
        self._rest = outer

    # -- loops
    def again(self, condition: Value, head: str, done: str, first: int) -> None:
        """Close a loop whose body began at line ``first``."""
        rolled = self._rest or len(self.lines) - first > SHORT
        self.branch_if(condition, head, done, f", {ROLLED}" if rolled else "")

    # -- calls
    def call(self, type: str, symbol: str, arguments: Sequence[Value], flags: str | None = "") -> Value:
        if not self._rest:
            self.calls.setdefault(symbol, []).append(len(self.lines))
        return super().call(type, symbol, arguments, flags)

    def function(self, symbol: str, parameters: Sequence[Value], result: str, linkage: str = "", attributes: str = "") -> str:
        self._inline()
        return super().function(symbol, parameters, result, linkage, attributes)

    def _inline(self) -> None:
        """Inline the vector functions that add least, up to `INLINED` lines. The others are called: registers are allocated
        badly in a very long function."""
        room, sizes = INLINED, {symbol: lines_of(symbol) for symbol in self.calls}
        for lines, symbol in sorted((size * len(self.calls[symbol]), symbol) for symbol, size in sizes.items() if size):
            room -= lines
            for line in self.calls[symbol] if room >= 0 else ():
                self.lines[line] += " alwaysinline"
