"""Samples of bits, and circuits run on many of them at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...ir.circuit.circuit import UNKNOWN, Circuit
from .plan import Plan, plan
from .run import run


def pack(samples: NDArray[Any]) -> NDArray[np.uint64]:
    """[samples, wires] of bits as [wires, words]: sample s of a wire is bit s % 64 of word s // 64; what is over is 0."""
    count, wires = samples.shape
    words = np.zeros((wires, -(-count // 64) * 8), dtype=np.uint8)
    words[:, : -(-count // 8)] = np.packbits(samples.T.astype(bool), axis=1, bitorder="little")
    return words.view("<u8").astype(np.uint64)


def unpack(words: NDArray[np.uint64], count: int) -> NDArray[np.bool_]:
    """[wires, words] as [count, wires]: the inverse of `pack`."""
    bytes_ = np.ascontiguousarray(words.astype("<u8")).view(np.uint8)
    return np.unpackbits(bytes_, axis=1, count=count, bitorder="little").T.astype(bool)


def simulate(
    c: Circuit, inputs: ArrayLike, state: ArrayLike | None = None, how: Plan | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """(the outputs, the next state) of a circuit over bit, for each sample: what `ir.circuit.evaluate` means, fast.

    ``inputs`` are [samples, inputs] of bool or of 0 and 1, and so are ``state`` and the results; or they are packed, uint64 of
    [inputs, words] (see `pack`), and so are the results. Without ``state`` it is the first one, unknown elements of it 0.
    ``how``: the circuit's plan, for those who call often. Raises ValueError for arrays that do not fit."""
    values = np.asarray(inputs)
    packed = values.dtype == np.uint64
    axis = 0 if packed else 1
    if values.ndim != 2 or values.shape[axis] != c.inputs:
        shape = f"[{c.inputs}, words]" if packed else f"[samples, {c.inputs}]"
        raise ValueError(f"{c!r} takes an array {shape}, not one of shape {values.shape}")
    count = values.shape[1 - axis]
    before = _first(c, count, packed) if state is None else np.asarray(state)
    if before.shape != ((c.states, count) if packed else (count, c.states)):
        raise ValueError(f"the state is one of {c.states} wires for each of {count}, not of shape {before.shape}")
    words = np.concatenate((values, before)) if packed else pack(np.concatenate((_bits(values), _bits(before)), axis=1))
    results = run(how or plan(c), words)
    whole = results if packed else unpack(results, count)
    cut = len(c.outputs)
    return (whole[:cut], whole[cut:]) if packed else (whole[:, :cut], whole[:, cut:])


def _first(c: Circuit, count: int, packed: bool) -> NDArray[Any]:
    start = np.where(c.start == UNKNOWN, 0, c.start)
    if packed:
        return np.repeat(np.where(start, np.uint64(2**64 - 1), np.uint64(0))[:, None], count, axis=1)
    return np.broadcast_to(start.astype(bool), (count, c.states))


def _bits(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype != bool and values.size and not np.isin(values, (0, 1)).all():
        raise ValueError("bits are false and true, or 0 and 1")
    return values.astype(bool)
