"""What a circuit's evaluation does, as rows of numbers: gates in order, each with the places in memory it works on.

A place is reused once nobody reads its wire any more, so that a block of samples of a large circuit stays in the caches: 10⁵
gates that read only what is near need a few hundred places.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...ir.circuit.circuit import Circuit, uses


@dataclass(frozen=True, eq=False)
class Plan:
    """code: for each live gate its function of two bits (the number of `BITS`), the places it reads and the one it writes;
    sources: the places of inputs and state; results: those of outputs and next state; places: how many there are.

    The places of sources and results are their own all the time."""

    code: NDArray[np.int32]
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    places: int


def plan(c: Circuit) -> Plan:
    """The plan of a circuit over bit. Raises ValueError for another semiring."""
    if c.ring != BIT:
        raise ValueError(f"{c.ring} does not fit into bits")
    last = _last_reads(c)
    place, free, count = list(range(c.first)), list[int](), c.first
    rows = []
    left, right = (np.where(used, wires, -1).tolist() for used, wires in zip(uses(c), (c.left, c.right), strict=True))
    for wire, (op, a, b) in enumerate(zip(c.op.tolist(), left, right, strict=True), start=c.first):
        if last[wire] < 0:
            place.append(-1)
            continue
        here = (place[a] if a >= 0 else 0, place[b] if b >= 0 else 0)
        for w in {a, b}:
            if w >= c.first and last[w] == wire:
                free.append(place[w])
        if free:
            own = free.pop()
        else:
            own, count = count, count + 1
        place.append(own)
        rows.append((op, *here, own))
    results = [place[w] for w in (*c.outputs.tolist(), *c.next.tolist())]
    code = np.array(rows, dtype=np.int32).reshape(-1, 4)
    return Plan(code, np.arange(c.first, dtype=np.int32), np.array(results, dtype=np.int32), count)


def _last_reads(c: Circuit) -> list[int]:
    """For each wire the last gate that reads it (`c.wires` for results), −1 for one that no result depends on."""
    last = [-1] * c.wires
    for w in (*c.outputs.tolist(), *c.next.tolist()):
        last[w] = c.wires
    left, right = (np.where(used, wires, -1).tolist() for used, wires in zip(uses(c), (c.left, c.right), strict=True))
    for wire in range(c.wires - 1, c.first - 1, -1):
        if last[wire] >= 0:
            for w in (left[wire - c.first], right[wire - c.first]):
                if w >= 0:
                    last[w] = max(last[w], wire)
    return last
