"""Random circuits for the tests of every room."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.circuit import BITS, Bilinear, Circuit, Compare, make


@st.composite
def circuits(draw: st.DrawFn, ring: Scalar = BIT, states: int = 3) -> Circuit:
    """Small circuits: at most four inputs, ``states`` latches, twelve gates and three outputs; also with none of some."""
    inputs, latches, gates = draw(st.integers(0, 4)), draw(st.integers(0, states)), draw(st.integers(0, 12))
    first, modulus = inputs + latches, ring.modulus or 2
    element = st.integers(0, modulus - 1)
    some = st.lists(st.builds(Bilinear, element, element, element, element), min_size=1, max_size=4, unique=True)
    kinds = BITS if ring == BIT else (*draw(some), Compare())
    rows = []
    for wire in range(first, first + gates):
        op = draw(st.integers(0, len(kinds) - 1)) if wire else 0
        rows.append((op, draw(st.integers(0, wire - 1)), draw(st.integers(0, wire - 1))) if wire else (op, -1, -1))
    if rows and not first:
        kinds = kinds if ring == BIT else (Bilinear(1, 0, 0, 0), *kinds)
        rows[0] = (0, -1, -1)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    wire = st.integers(0, first + gates - 1)
    outputs = draw(st.lists(wire, max_size=3)) if first + gates else []
    following = [draw(wire) for _ in range(latches)]
    start = [draw(st.integers(-1, modulus - 1)) for _ in range(latches)]
    return make(ring, inputs, table[:, 0], table[:, 1], table[:, 2], outputs, kinds=kinds, start=start, next=following)


def all_inputs(c: Circuit) -> np.ndarray:
    """Every combination of elements of the inputs and then the state, a sample to a row."""
    modulus, wires = c.ring.modulus or 2, c.inputs + c.states
    return (
        np.stack(np.unravel_index(np.arange(modulus**wires), (modulus,) * wires), axis=1)
        if wires
        else np.zeros((1, 0), dtype=int)
    )
