"""What a circuit means, on NumPy: the definition that everything faster is compared with."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...core.semiring import Semiring, semiring
from .circuit import UNKNOWN, Circuit, Compare, Kind


def evaluate(c: Circuit, inputs: ArrayLike, state: ArrayLike | None = None) -> tuple[NDArray[Any], NDArray[Any]]:
    """(the outputs, the next state) for samples of the inputs, which lie along the last axis; leading axes are the samples'.

    ``state`` is like the inputs; without it, it is the first state, any unknown element of which is 0. Values are elements of
    the semiring in its dtype. Raises ValueError where the last axis is not as long as there are inputs (or latches)."""
    ring = semiring(c.ring)
    values = np.asarray(inputs, dtype=c.ring.dtype)
    if values.ndim == 0 or values.shape[-1] != c.inputs:
        raise ValueError(f"{c!r} takes {c.inputs} inputs along the last axis, not an array of shape {values.shape}")
    before = np.where(c.start == UNKNOWN, 0, c.start) if state is None else np.asarray(state)
    if before.shape[-1:] != (c.states,):
        raise ValueError(f"{c!r} takes {c.states} wires of state along the last axis, not an array of shape {before.shape}")
    before = np.broadcast_to(before.astype(c.ring.dtype), (*values.shape[:-1], c.states))
    wires = np.empty((c.wires, *values.shape[:-1]), dtype=c.ring.dtype)
    wires[: c.inputs] = np.moveaxis(values, -1, 0)
    wires[c.inputs : c.first] = np.moveaxis(before, -1, 0)
    for gate, (op, a, b) in enumerate(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True), start=c.first):
        wires[gate] = apply(ring, c.kinds[op], wires[a], wires[b])
    return np.moveaxis(wires[c.outputs], 0, -1), np.moveaxis(wires[c.next], 0, -1)


def apply(ring: Semiring, kind: Kind, a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """The value of one gate on arrays; what the kind ignores may be anything."""
    if isinstance(kind, Compare):
        return np.asarray(a == b).astype(a.dtype)
    value = np.full_like(a, kind.constant)
    for coefficient, term in ((kind.left, lambda: a), (kind.right, lambda: b), (kind.both, lambda: ring.mul(a, b))):
        if coefficient:
            value = ring.add(value, ring.mul(np.full_like(a, coefficient), term()))
    return value
