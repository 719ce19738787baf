"""Straight-line machine code of a circuit, made by `assemble.loops` in the time of a glance: some hundred nanoseconds a gate.

For x86-64 with AVX2 alone: elsewhere there is the interpreter. LLVM would need a hundred times as long for the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..llvm.target import host
from .kernels import call
from .memory import Executable, executable

WINDOW = 8192
"""Gates that are put in order together, depth first."""

CHUNK = 1250
"""Gates of a chunk: some 2400 instructions, which the processor keeps decoded. At 2000 it is a sixth slower."""


@dataclass(frozen=True, eq=False)
class Straight:
    """code: f(memory, rows, stride); sources: the slot of each input and wire of the state, −1 where nobody reads it;
    results: twice the slot of each output and next state, plus 1 where it is the complement of what is there;
    slots: how many there are, of which the first is always 0; gates: how many there are."""

    code: Executable
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    slots: int
    gates: int


@cache
def available() -> bool:
    """Whether this machine runs such code."""
    return host().triple.startswith("x86_64") and "+avx2" in host().features.split(",")


def assemble(
    gates: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    ends: NDArray[np.int64],
    first: int,
    window: int = WINDOW,
    chunk: int = CHUNK,
) -> Straight | None:
    """The code of gates (kind, left, right) from `reduce.loops`; None where it could not be put where it can run."""
    count = len(gates[0])
    capacity = 3 * count + 5 * (count // chunk + 1) + 4  # for a gate itself, a load and a store; and what closes a chunk
    code, facts = np.empty(capacity, dtype=np.int64), np.zeros(3, dtype=np.int64)
    sources, results = (np.empty(n, dtype=np.int32) for n in (first, len(ends)))
    sizes = (count, first, first + count, len(ends), capacity)
    call("assemble", (*gates, ends, window, chunk), sizes, (code, sources, results, facts))
    words, slots, left = facts.tolist()
    made = executable(code[:words].tobytes())
    return None if made is None else Straight(made, sources, results, slots, left)
