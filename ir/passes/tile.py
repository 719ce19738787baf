"""tile: kernel → kernel. Loops that contract (`loops/contraction.py`) run in register tiles: so many rows × vectors.

A tile of the result stays in registers while the loops of the sum run, and each number that is read is used for a whole row
or column of it. Only what has rows that one factor does not mention and columns that the other does not, can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..loops import nest
from ..loops.contraction import Contraction, contraction
from .vary import statements_in

_BYTES = {"f64": 8, "f32": 4}


@dataclass(frozen=True)
class Tile:
    """``bytes``: the width of a vector register. With the widest there are more registers, and taller tiles."""

    bytes: int = 64
    name: str = "tile"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        body = self._block(kernel.body)
        tiled = [s for s in statements_in(body) if isinstance(s, nest.For) and s.tile]
        return replace(kernel, body=body, decisions=(*kernel.decisions, *(_told(s) for s in tiled)))

    def _block(self, statements: Sequence[nest.Statement]) -> tuple[nest.Statement, ...]:
        return tuple(self._statement(s) for s in statements)

    def _statement(self, s: nest.Statement) -> nest.Statement:
        match s:
            case nest.For():
                found = contraction(s)
                if found is not None and is_worth(found):
                    return replace(s, lanes=self.bytes // _BYTES[found.kind.kind], tile=8 if self.bytes >= 64 else 4)
                return replace(s, body=self._block(s.body))
            case nest.Loop():
                return replace(s, head=self._block(s.head), body=self._block(s.body))
            case nest.If():
                return replace(s, then=self._block(s.then), orelse=self._block(s.orelse))
            case _:
                return s


def _told(loop: nest.For) -> nest.Decision:
    choice = f"tiles of {loop.tile} rows of {loop.lanes} lanes"
    return nest.Decision(loop.index, choice, "sums of products in which each number read is used for many results")


def is_worth(c: Contraction) -> bool:
    """Whether each number that is read is used several times: both factors lack a loop that the result has."""
    left, right = set(c.left.strides), set(c.right.strides)
    rows, columns = left - right, right - left
    return bool(c.summed and rows - set(c.summed) and columns - set(c.summed))
