"""Circuits at random, and all their inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.objects import BIT, Scalar
from ...ir.circuit.circuit import BITS, Bilinear, Circuit, Compare, make
from .choices import Choices


def grown_circuit(choices: Choices, ring: Scalar = BIT, states: int = 3) -> Circuit:
    """A small circuit: at most four inputs, ``states`` latches, twelve gates and three outputs; also with none of some."""
    inputs, latches, gates = choices.between(0, 4), choices.between(0, states), choices.between(0, 12)
    first, modulus = inputs + latches, ring.modulus or 2
    kinds: tuple[Bilinear | Compare, ...] = BITS
    if ring != BIT:
        some = [Bilinear(*(choices.between(0, modulus - 1) for _ in range(4))) for _ in range(choices.between(1, 4))]
        kinds = (*dict.fromkeys(some), Compare())
    rows = []
    for wire in range(first, first + gates):
        op = choices.between(0, len(kinds) - 1) if wire else 0
        rows.append((op, choices.between(0, wire - 1), choices.between(0, wire - 1)) if wire else (op, -1, -1))
    if rows and not first:
        kinds = kinds if ring == BIT else (Bilinear(1, 0, 0, 0), *kinds)
        rows[0] = (0, -1, -1)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    last = first + gates - 1
    outputs = [choices.between(0, last) for _ in range(choices.between(0, 3))] if last >= 0 else []
    following = [choices.between(0, last) for _ in range(latches)]
    start = [choices.between(-1, modulus - 1) for _ in range(latches)]
    return make(ring, inputs, table[:, 0], table[:, 1], table[:, 2], outputs, kinds=kinds, start=start, next=following)


def all_inputs(c: Circuit) -> Any:
    """Every combination of elements of the inputs and then the state, a sample to a row."""
    modulus, wires = c.ring.modulus or 2, c.inputs + c.states
    if not wires:
        return np.zeros((1, 0), dtype=int)
    return np.stack(np.unravel_index(np.arange(modulus**wires), (modulus,) * wires), axis=1)
