"""What a circuit's evaluation does, as rows of numbers: runs of gates of one kind, with the places in memory they work on.

A place is reused once nobody reads its wire any more, so that a block of samples of a large circuit stays in the caches: 10⁵
gates that read only what is near need a few hundred places. `planner.py` says how it is made.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...ir.circuit.circuit import Circuit
from .planner import planner

WINDOW = 1024
"""Gates that may change places in the order: the runs get longer with it, and slowly the memory."""

AND, BUT, OR, XOR = range(4)
"""The kinds of gates that are left: a·b, a·(1 + b), a ∨ b, a + b."""


@dataclass(frozen=True, eq=False)
class Plan:
    """code: runs, each a kind of gate, how many there are, and for each the two places it reads and the one it writes;
    sources: the place of each input and wire of the state, −1 where nobody reads it;
    results: twice the place of each output and next state, plus 1 where it is the complement of what is there;
    places: how many there are, of which the first is always 0; gates: how many there are in the runs."""

    code: NDArray[np.int32]
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    places: int
    gates: int


def plan(c: Circuit, window: int = WINDOW) -> Plan:
    """The plan of a circuit over bit. Raises ValueError for another semiring."""
    if c.ring != BIT:
        raise ValueError(f"{c.ring} does not fit into bits")
    roots = np.concatenate((c.outputs, c.next))
    inputs = [np.ascontiguousarray(a, dtype=np.int64) for a in (c.op, c.left, c.right, roots)]
    capacity = 5 * c.gates  # at worst each gate is a run
    code, sources, results = (np.empty(n, dtype=np.int32) for n in (capacity, c.first, len(roots)))
    facts, record = np.zeros(3, dtype=np.int64), np.zeros(4, dtype=np.int64)
    slots = [*(a.ctypes.data for a in inputs), window, c.gates, c.first, c.wires, len(roots), capacity]
    slots += [a.ctypes.data for a in (code, sources, results, facts, record)]
    if planner()((ctypes.c_uint64 * len(slots))(*slots)):
        raise MemoryError(f"there is not enough memory to plan {c.gates} gates")
    length, places, gates = facts.tolist()
    return Plan(code[:length].copy(), sources, results, places, gates)
