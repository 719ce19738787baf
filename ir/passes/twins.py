"""twins: kernel → kernel. A maximum beside the argmax of the same values is the argmax's own best value, and is not made again.

The reverse of a maximum asks for the winner, so value and gradient have both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..loops import nest

_OF = {"argmax": "max", "argmin": "min"}


@dataclass(frozen=True)
class Twins:
    """No options."""

    name: str = "twins"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        return replace(kernel, body=_block(kernel.body))


def _block(statements: Sequence[nest.Statement]) -> tuple[nest.Statement, ...]:
    """Of the cells declared in a block, those reduced in the same loop of the block by the same values."""
    starts = {s.name: s.init for s in statements if isinstance(s, nest.Cell)}
    same: dict[str, str] = {}
    for loop in statements:
        if isinstance(loop, nest.For):
            for single, found in _pairs(loop.body):
                if single in starts and starts[single] == starts.get(found) and _reduced(statements, (single, found)) == 2:
                    same[single] = found
    if same:
        statements = [_without(s, same) for s in statements if not (isinstance(s, nest.Cell) and s.name in same)]
    return tuple(map(_inside, statements))


def _inside(s: nest.Statement) -> nest.Statement:
    match s:
        case nest.For():
            return replace(s, body=_block(s.body))
        case nest.Loop():
            return replace(s, head=_block(s.head), body=_block(s.body))
        case nest.If():
            return replace(s, then=_block(s.then), orelse=_block(s.orelse))
    return s


def _pairs(body: Sequence[nest.Statement]) -> Iterator[tuple[str, str]]:
    """The cell of a maximum (or minimum) and that of the argmax (argmin) of the same scalar."""
    finds = {(_OF[s.kind], s.value, s.ring): s.cell for s in body if isinstance(s, nest.Reduce) and s.kind in _OF}
    for s in body:
        if isinstance(s, nest.Reduce) and (s.kind, s.value, s.ring) in finds:
            yield s.cell, finds[s.kind, s.value, s.ring]


def _reduced(statements: Sequence[nest.Statement], cells: tuple[str, str]) -> int:
    """How often these cells are reduced into or assigned, anywhere in a block."""
    count = 0
    for s in statements:
        match s:
            case nest.Reduce() | nest.Assign():
                count += s.cell in cells
            case nest.For():
                count += _reduced(s.body, cells)
            case nest.Loop():
                count += _reduced((*s.head, *s.body), cells)
            case nest.If():
                count += _reduced((*s.then, *s.orelse), cells)
    return count


def _without(s: nest.Statement, same: Mapping[str, str]) -> nest.Statement:
    """A statement that reads the argmax's cell instead, and no longer reduces into the other."""

    def block(statements: Sequence[nest.Statement]) -> tuple[nest.Statement, ...]:
        return tuple(_without(t, same) for t in statements if not (isinstance(t, nest.Reduce) and t.cell in same))

    match s:
        case nest.Read() if s.cell in same:
            return replace(s, cell=same[s.cell])
        case nest.For():
            return replace(s, body=block(s.body))
        case nest.Loop():
            return replace(s, head=block(s.head), body=block(s.body))
        case nest.If():
            return replace(s, then=block(s.then), orelse=block(s.orelse))
    return s
