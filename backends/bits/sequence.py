"""Circuits with latches run over time, and differentiated against it.

The reverse derivative of a run keeps the states of all steps and then goes back through them with R of the one step:
(dS_t, dx_t) = R[step](S_t, x_t; dS_{t+1}, dy_t). Nothing is unrolled: code does not grow with time, memory by a state a step.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...ir.circuit.canonical import canonical
from ...ir.circuit.circuit import UNKNOWN, Circuit
from ...ir.circuit.reverse import reverse
from .samples import prepared, simulate


def run_steps(c: Circuit, inputs: ArrayLike, state: ArrayLike | None = None) -> tuple[NDArray[Any], NDArray[Any]]:
    """(outputs [steps, samples, outputs], states [steps + 1, samples, latches]) for inputs [steps, samples, inputs].

    The last of the states is that after the last step. Without ``state`` [samples, latches] it is the first one, unknown
    elements of it 0. Raises ValueError for arrays that do not fit."""
    xs = _three(c, inputs, c.inputs)
    count, how = xs.shape[1], prepared(c)
    first = np.where(c.start == UNKNOWN, 0, c.start) if state is None else np.asarray(state)
    states = np.empty((len(xs) + 1, count, c.states), dtype=c.ring.dtype)
    outputs = np.empty((len(xs), count, len(c.outputs)), dtype=c.ring.dtype)
    states[0] = first
    for t, x in enumerate(xs):
        outputs[t], states[t + 1] = simulate(c, x, states[t], how)
    return outputs, states


def reverse_steps(
    c: Circuit, inputs: ArrayLike, cotangents: ArrayLike, state: ArrayLike | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """(cotangents of the inputs [steps, samples, inputs], of the first state [samples, latches]) for those of the outputs
    [steps, samples, outputs]; the arguments are those of `run_steps`."""
    xs, ys = _three(c, inputs, c.inputs), _three(c, cotangents, len(c.outputs))
    _, states = run_steps(c, xs, state)
    back = canonical(reverse(c))
    how = prepared(back)
    changes = np.empty_like(xs)
    later = np.zeros((xs.shape[1], c.states), dtype=c.ring.dtype)
    for t in range(len(xs) - 1, -1, -1):
        found, _ = simulate(back, np.concatenate((xs[t], states[t], ys[t], later), axis=1), np.zeros((xs.shape[1], 0)), how)
        changes[t], later = found[:, : c.inputs], found[:, c.inputs :]
    return changes, later


def _three(c: Circuit, values: ArrayLike, wires: int) -> NDArray[Any]:
    array = np.asarray(values, dtype=c.ring.dtype)
    if array.ndim != 3 or array.shape[2] != wires:
        raise ValueError(f"{c!r} takes an array [steps, samples, {wires}] here, not one of shape {array.shape}")
    return array
