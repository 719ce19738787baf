"""What is done to evaluate a circuit over bit: what is left of its gates, in order for the interpreter, or as machine code.

A place in memory is reused once nobody reads its wire any more, so that a block of samples of a large circuit stays in the
caches: 10⁵ gates that read only what is near need a few hundred places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...ir.circuit.circuit import Circuit
from .assembler import Straight, assemble
from .kernels import call

WINDOW = 1024
"""Gates that may change places in the order: the runs get longer with it, and slowly the memory."""

AND, BUT, OR, XOR = range(4)
"""The kinds of gates that are left: a·b, a·(1 + b), a ∨ b, a + b."""


@dataclass(frozen=True, eq=False)
class Runs:
    """What the interpreter runs, from `runs.loops`.

    code: runs, each a kind of gate, how many there are, and for each the two places it reads and the one it writes;
    sources: the place of each input and wire of the state, −1 where nobody reads it;
    results: twice the place of each output and next state, plus 1 where it is the complement of what is there;
    places: how many there are, of which the first is always 0; gates: how many there are in the runs."""

    code: NDArray[np.int32]
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    places: int
    gates: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A circuit without what is not needed, from `reduce.loops`: for each gate its kind (−1: nothing is left of it) and
    the wires it reads, and of each output and next state the literal. ``first`` is the wire of the first gate."""

    first: int
    kind: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    ends: NDArray[np.int64]

    @cached_property
    def runs(self) -> Runs:
        """For the interpreter."""
        return runs(self)

    @cached_property
    def straight(self) -> Straight | None:
        """As machine code; None where the system has no place for it."""
        return assemble((self.kind, self.left, self.right), self.ends, self.first)

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Of the kernels: gates, sources, wires, results."""
        return len(self.kind), self.first, self.first + len(self.kind), len(self.ends)


def plan(c: Circuit) -> Plan:
    """The plan of a circuit over bit. Raises ValueError for another semiring."""
    if c.ring != BIT:
        raise ValueError(f"{c.ring} does not fit into bits")
    roots = np.concatenate((c.outputs, c.next))
    inputs = [np.ascontiguousarray(a, dtype=np.int64) for a in (c.op, c.left, c.right, roots)]
    kind, left, right, ends = (np.empty(n, dtype=np.int64) for n in (c.gates, c.gates, c.gates, len(roots)))
    call("reduce", inputs, (c.gates, c.first, c.wires, len(roots)), (kind, left, right, ends))
    return Plan(c.first, kind, left, right, ends)


def runs(p: Plan, window: int = WINDOW) -> Runs:
    """The gates in the order of the interpreter, with places in memory."""
    gates, sources, _, results = p.sizes
    capacity = 5 * gates  # at worst each gate is a run
    made = [np.empty(n, dtype=np.int32) for n in (capacity, sources, results)]
    facts = np.zeros(3, dtype=np.int64)
    call("runs", (p.kind, p.left, p.right, p.ends, window), (*p.sizes, capacity), (*made, facts))
    length, places, left = facts.tolist()
    return Runs(made[0][:length].copy(), made[1], made[2], places, left)
