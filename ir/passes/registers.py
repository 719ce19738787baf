"""How many vector registers one step of a loop in lanes should fill: an estimate of its time for every lane.

More registers share what is not in lanes (indices, loop overhead, the tail of a horizontal sum) and hide the latency of
sums; once what is alive no longer fits the register file, each register too many is stored and loaded again, and once rows of
local arrays no longer fit the first cache, they come from the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.objects import I64
from ..loops import nest
from .vary import FUNCTIONS, operands_in, statements_in, varying_names

FUNCTION = 15.0
"""Instructions that a transcendental function is worth."""

_LIVE = 3
"""Values such a function has alive at once."""

_WIDTH = 3.0
"""Instructions that start in one cycle."""

_LATENCY = 4.0
"""Cycles until the next term can be added to a sum."""

_INNER = 8
"""Iterations an inner loop of unknown length is taken to have."""

_ACROSS = 6.0
"""Instructions that add the lanes of one register and the result to memory."""

_LONG = ((768, 1), (192, 2), (64, 4))
"""From so many instructions in a row, how many registers at most: more would only multiply what LLVM compiles."""


@dataclass(frozen=True)
class Machine:
    """``bytes`` of a vector register, and how many of them there are."""

    bytes: int = 64

    @property
    def registers(self) -> int:
        return 32 if self.bytes >= 64 else 16


_ROW = 64
"""Elements that a row of a local array is taken to have where its length is unknown: too many registers for longer rows cost
more than too few for shorter ones."""

_CACHE = 48 << 10
"""Bytes of a first cache."""

_ENOUGH = 256
"""Bytes of lanes that keep the arithmetic about busy and share the overhead of a loop: fewer are not worth a cache."""

_CROWDED, _AS_GOOD = 1.5, 1.04
"""Where so many times as much is alive as there are registers, of times that differ by so little that with fewer counts: how
often each value is stored and loaded again is a guess."""

_MANY = 192
"""So does it where there would be so many instructions in a row, all registers together: LLVM compiles each."""


def fitting(loop: nest.For, machine: Machine) -> tuple[int, str]:
    """The number of registers (a power of two up to 8) with about the least time for a lane, and why."""
    longest = max(_length(block) for block in _blocks(loop.body))
    most = next((registers for length, registers in _LONG if longest > length), 8)
    if most == 1:
        return 1, f"{longest} instructions in a row are work enough for one register"
    rows = _rows(loop) * machine.bytes
    fits = {r: r * machine.bytes <= _ENOUGH or r * rows <= _CACHE for r in (8, 4, 2, 1) if r <= most}
    candidates = [r for r in fits if fits[r]]
    varying = varying_names(loop)
    times = {r: _time(loop.body, r, machine, varying) / r for r in candidates}
    best = min(candidates, key=lambda r: times[r])
    crowded = max(_alive(block, varying) for block in _blocks(loop.body)) * best > _CROWDED * machine.registers
    if crowded or longest * best > _MANY:
        best = min(r for r in candidates if times[r] <= _AS_GOOD * times[best])
    others = ", ".join(f"{times[r] / times[best]:.2f} with {r}" for r in candidates if r != best)
    beyond = "" if all(fits.values()) else "; with more, rows of local arrays may be too long for the first cache"
    return best, f"estimated time for a lane, this being 1: {others}{beyond}"


def _rows(loop: nest.For) -> int:
    """Elements of the local arrays of a loop, a row of each: what goes around inner loops again and again."""
    found = [s.shape[-1] for s in statements_in(loop.body) if isinstance(s, nest.Allocate) and s.shape]
    return sum(int(n.value) if isinstance(n, nest.Literal) else _ROW for n in found)


def _blocks(statements: Sequence[nest.Statement]) -> Iterator[Sequence[nest.Statement]]:
    yield statements
    for s in statements:
        if isinstance(s, nest.For):
            yield from _blocks(s.body)


def _length(block: Sequence[nest.Statement]) -> int:
    """The instructions of a straight block, a function one: in a long block it is called."""
    return sum(isinstance(s, nest.Let) for s in block)


def _time(block: Sequence[nest.Statement], registers: int, machine: Machine, varying: frozenset[str]) -> float:
    """Cycles of one step over a block, loops in it included."""
    inner = sum(_trips(s) * _time(s.body, registers, machine, varying) for s in block if isinstance(s, nest.For))
    work = _Work.of(block, registers, machine.bytes // 8, varying)
    alive = _alive(block, varying) * registers
    spilt = max(0.0, alive + 1.0 - machine.registers)
    busy = (2.0 + work.instructions + 2.0 * spilt) / _WIDTH
    return max(busy, _LATENCY if work.carried else 0.0) + inner


def _alive(block: Sequence[nest.Statement], varying: frozenset[str]) -> int:
    """So many values of each lane are alive in a block: those carried around it, and the most others at a time."""
    work = _Work.of(block, 1, 1, varying)
    return work.carried + max(work.live, _crowd(block, varying))


def _crowd(block: Sequence[nest.Statement], varying: frozenset[str]) -> int:
    """The most scalars of a block, different between lanes, that are alive at a time: made, and still to be read. Indices
    do not count; integers do that are computed from what is in memory, as elements of z<n> are."""
    last = {o: k for k, s in enumerate(block) for o in operands_in((s,)) if isinstance(o, str)}
    alive, most, ends = 0, 0, Counter[int]()
    elements: set[str] = set()
    for k, s in enumerate(block):
        alive -= ends[k]
        if not isinstance(s, nest.Let | nest.Load | nest.Read) or s.name not in varying:
            continue
        if s.kind != I64 or not isinstance(s, nest.Let) or not elements.isdisjoint(operands_in((s,))):
            elements.add(s.name)
        if s.name in elements and last.get(s.name, k) > k:
            alive += 1
            ends[last[s.name]] += 1
        most = max(most, alive)
    return most


def _trips(loop: nest.For) -> int:
    return int(loop.bound.value) if isinstance(loop.bound, nest.Literal) else _INNER


@dataclass
class _Work:
    """What a straight block is for so many registers: instructions, cells carried around it, other values alive at once."""

    registers: int
    width: int
    varying: frozenset[str]
    instructions: float = 0.0
    carried: int = 0
    live: int = 1

    @classmethod
    def of(cls, block: Sequence[nest.Statement], registers: int, width: int, varying: frozenset[str]) -> _Work:
        work = cls(registers, width, varying)
        for s in block:
            work.count(s)
        return work

    def count(self, s: nest.Statement) -> None:
        wide = float(self.registers)
        match s:
            case nest.Let() if s.name not in self.varying:
                self.instructions += 1.0
            case nest.Let():
                self.instructions += wide * (FUNCTION if s.instruction in FUNCTIONS else 1.0)
                self.live = max(self.live, _LIVE if s.instruction in FUNCTIONS else 1)
            case nest.Load() if s.name not in self.varying:
                self.instructions += 1.0
            case nest.Load() | nest.Store():
                apart = s.buffer not in self.varying and any(i in self.varying for i in s.indices[:-1])
                self.instructions += wide * (self.width if apart else 1.0)
            case nest.Accumulate() if s.buffer in self.varying:
                self.instructions += 3.0 * wide
            case nest.Accumulate():
                apart = any(i in self.varying for i in s.indices)
                self.instructions += 3.0 * wide * self.width if apart else wide - 1.0 + _ACROSS
            case nest.Reduce() if s.kind in ("sum", "prod", "all", "any"):
                self.instructions += wide
                self.carried += 1
            case nest.Reduce():  # comparisons, for NaN too, and selections
                finds = s.where is not None
                self.instructions += wide * (5.0 if finds else 3.0)
                self.carried += 2 if finds else 1
                self.live = max(self.live, 3 if finds else 2)
