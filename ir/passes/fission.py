"""fission: kernel → kernel. What scatters leaves a loop that could run in lanes, and becomes a loop after it.

Lanes that add to places they compute have to take turns. So where an iteration first finds a place (with loops of its own)
and then adds a row there, the finding runs in lanes, the few numbers that the adding needs are kept for every iteration, and
the rows are added one by one, each in lanes along the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.objects import Scalar
from ...core.operation import INSTRUCTIONS
from ..loops import nest
from .lanes import obstacle
from .vary import operands_in, statements_in, varying_names

_MOST = 2
"""Numbers kept for every iteration, at most."""


@dataclass(frozen=True)
class Fission:
    """No options."""

    name: str = "fission"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        decisions: list[nest.Decision] = []
        body = tuple(_block(kernel.body, decisions))
        return replace(kernel, body=body, decisions=(*kernel.decisions, *decisions))


def _block(statements: Sequence[nest.Statement], decisions: list[nest.Decision]) -> Iterator[nest.Statement]:
    for s in statements:
        match s:
            case nest.For() if s.tile:
                yield s
            case nest.For() if s.parallel:
                yield from _parted(s, decisions)
            case nest.For() | nest.Loop():
                yield replace(s, body=tuple(_block(s.body, decisions)))
            case _:
                yield s


def _parted(loop: nest.For, decisions: list[nest.Decision]) -> Iterator[nest.Statement]:
    """The loop, or what it was parted into."""
    varying = varying_names(loop)
    moved = [s for s in loop.body if _scatters(s, loop.index, varying)]
    rest = [s for s in loop.body if s not in moved]
    finds = any(isinstance(s, nest.For) for s in rest) and obstacle(replace(loop, body=tuple(rest))) is None
    if not moved or not finds or not _independent(moved, rest):
        yield loop
        return
    supply = _Supply(loop, rest)
    if not supply.bring(sorted({n for s in moved for n in _names(s)})):
        yield loop
        return
    kept = {name: f"{name}.each" for name in supply.stored}
    for name, kind in supply.stored.items():
        yield nest.Allocate(kept[name], kind, (loop.bound,))
        decisions.append(nest.Decision(kept[name], "kept", f"the loop over {supply.index} adds where it says"))
    decisions.append(nest.Decision(supply.index, "a loop of its own", f"in {loop.index} lanes would take turns at its sums"))
    body: list[nest.Statement] = []
    for s in rest:
        body.append(s)
        if isinstance(s, nest.Let | nest.Load | nest.Read) and s.name in kept:
            body.append(nest.Store(kept[s.name], (loop.index,), s.name))
    yield replace(loop, body=tuple(body))
    loads = [nest.Load(supply.names[n], kind, kept[n], (supply.index,)) for n, kind in supply.stored.items()]
    parts = (*loads, *supply.made, *(_renamed(s, supply.names) for s in moved))
    yield nest.For(supply.index, loop.bound, parts, parallel=True)


def _scatters(s: nest.Statement, index: str, varying: frozenset[str]) -> bool:
    """Whether a statement only computes, and adds to places that differ between iterations in no known way."""
    inside = list(statements_in((s,)))
    if not all(isinstance(t, nest.For | nest.Let | nest.Load | nest.Accumulate) for t in inside):
        return False
    return any(
        isinstance(t, nest.Accumulate) and t.buffer not in varying and index not in t.indices
        and any(i in varying for i in t.indices)
        for t in inside
    )  # fmt: skip


def _independent(moved: Sequence[nest.Statement], rest: Sequence[nest.Statement]) -> bool:
    """Whether it is the same to do all of ``rest`` first."""
    written, read = _buffers(rest)
    added, used = _buffers(moved)
    own = {s.name for s in rest if isinstance(s, nest.Allocate)}
    return not (added & (written | read | used) or used & (written | own))


def _buffers(statements: Sequence[nest.Statement]) -> tuple[set[str], set[str]]:
    """The buffers written, and those read."""
    written: set[str] = set()
    read: set[str] = set()
    for s in statements_in(statements):
        match s:
            case nest.Store() | nest.Accumulate() | nest.Fill():
                written.add(s.buffer)
            case nest.Load():
                read.add(s.buffer)
            case nest.Copy():
                written.add(s.target)
                read.add(s.source)
            case nest.Swap():
                written |= {s.left, s.right}
    return written, read


class _Supply:
    """What the new loop needs of an iteration: made again where that is cheap, else stored by the old one."""

    def __init__(self, loop: nest.For, rest: Sequence[nest.Statement]) -> None:
        self.index = f"{loop.index}.then"
        self.names: dict[str, str] = {loop.index: self.index}
        self.stored: dict[str, Scalar] = {}
        self.made: list[nest.Statement] = []
        self.where = {s.name: s for s in rest if isinstance(s, nest.Let | nest.Load | nest.Read)}
        self.written, _ = _buffers(rest)
        self.own = {s.name for s in rest if isinstance(s, nest.Allocate | nest.Cell)}

    def bring(self, names: Sequence[str]) -> bool:
        """Whether all these can be had there."""
        for name in names:
            s = self.where.get(name)
            if s is None or name in self.names:
                continue
            self.names[name] = f"{name}.then"
            if isinstance(s, nest.Let) and s.instruction not in INSTRUCTIONS["function"]:
                if not self.bring([a for a in s.args if isinstance(a, str)]):
                    return False
                self.made.append(_renamed(s, self.names))
            elif isinstance(s, nest.Load) and s.buffer not in self.written | self.own:
                if not self.bring([a for a in (*s.indices, s.when) if isinstance(a, str)]):
                    return False
                self.made.append(_renamed(s, self.names))
            else:
                self.stored[name] = s.kind
        return len(self.stored) <= _MOST


def _names(s: nest.Statement) -> Iterator[str]:
    """The scalars a statement reads."""
    return (o for o in operands_in((s,)) if isinstance(o, str))


def _renamed(s: nest.Statement, names: Mapping[str, str]) -> nest.Statement:
    def new(o: nest.Operand) -> nest.Operand:
        return names.get(o, o) if isinstance(o, str) else o

    def maybe(o: nest.Operand | None) -> nest.Operand | None:
        return None if o is None else new(o)

    match s:
        case nest.Let():
            return replace(s, name=names.get(s.name, s.name), args=tuple(map(new, s.args)))
        case nest.Load():
            name, when = names.get(s.name, s.name), maybe(s.when)
            return replace(s, name=name, indices=tuple(map(new, s.indices)), when=when)
        case nest.Accumulate():
            return replace(s, indices=tuple(map(new, s.indices)), value=new(s.value), when=maybe(s.when))
        case nest.For():
            return replace(s, bound=new(s.bound), body=tuple(_renamed(t, names) for t in s.body))
    return s
