"""Samples of bits, and of elements of z<n> and sat<n>, and circuits run on many of them at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...core.objects import BIT
from ...ir.circuit.circuit import UNKNOWN, Circuit
from .elements import Elements, elements, run_elements
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


def prepared(c: Circuit) -> Plan | Elements:
    """The plan of a circuit over any semiring, for `simulate`."""
    return plan(c) if c.ring == BIT else elements(c)


def simulate(
    c: Circuit, inputs: ArrayLike, state: ArrayLike | None = None, how: Plan | Elements | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """(the outputs, the next state) of a circuit, for each sample: what `ir.circuit.evaluate` means, fast.

    ``inputs`` are [samples, inputs] of elements (over bit of bool, or of 0 and 1), and so are ``state`` and the results. Over
    bit they may also be packed, uint64 of [inputs, words] (see `pack`), and then the results are. Without ``state`` it is the
    first one, unknown elements of it 0. ``how``: the circuit's plan (`prepared`), for those who call often.

    Raises ValueError for arrays that do not fit, and for what is no element."""
    values = np.asarray(inputs)
    packed = values.dtype == np.uint64 and c.ring == BIT
    axis = 0 if packed else 1
    if values.ndim != 2 or values.shape[axis] != c.inputs:
        shape = f"[{c.inputs}, words]" if packed else f"[samples, {c.inputs}]"
        raise ValueError(f"{c!r} takes an array {shape}, not one of shape {values.shape}")
    count = values.shape[1 - axis]
    before = _first(c, count, packed) if state is None else np.asarray(state)
    if before.shape != ((c.states, count) if packed else (count, c.states)):
        raise ValueError(f"the state is one of {c.states} wires for each of {count}, not of shape {before.shape}")
    cut, how = len(c.outputs), how or prepared(c)
    if isinstance(how, Elements):
        given = np.concatenate((_elements(c, values), _elements(c, before)), axis=1)
        whole = run_elements(how, given.T).T.astype(c.ring.dtype)
        return whole[:, :cut], whole[:, cut:]
    words = np.concatenate((values, before)) if packed else pack(np.concatenate((_bits(values), _bits(before)), axis=1))
    results = run(how, words)
    whole = results if packed else unpack(results, count)
    return (whole[:cut], whole[cut:]) if packed else (whole[:, :cut], whole[:, cut:])


def _first(c: Circuit, count: int, packed: bool) -> NDArray[Any]:
    start = np.where(c.start == UNKNOWN, 0, c.start)
    if packed:
        return np.repeat(np.where(start, np.uint64(2**64 - 1), np.uint64(0))[:, None], count, axis=1)
    return np.broadcast_to(start.astype(c.ring.dtype), (count, c.states))


def _elements(c: Circuit, values: NDArray[Any]) -> NDArray[Any]:
    if values.size and not (values.min() >= 0 and values.max() < (c.ring.modulus or 2)):
        raise ValueError(f"elements of {c.ring} are 0 to {(c.ring.modulus or 2) - 1}")
    return values


def _bits(values: NDArray[Any]) -> NDArray[np.bool_]:
    if values.dtype != bool and values.size and not np.isin(values, (0, 1)).all():
        raise ValueError("bits are false and true, or 0 and 1")
    return values.astype(bool)
