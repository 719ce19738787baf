"""Straight-line machine code of a circuit, made by `assemble.loops` in the time of a glance: some hundred nanoseconds a gate.

For x86-64 with AVX2 or AVX-512: elsewhere there is the interpreter. LLVM would need a hundred times as long for the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..llvm.target import host
from .encode import encode
from .kernels import call
from .memory import Executable, executable

WINDOW = 8192
"""Gates that are put in order together, depth first."""


@dataclass(frozen=True)
class Tuning:
    """Gates of a chunk; for a block of samples, the bytes of all rows together and how many rows, at least and at most."""

    chunk: int
    cached: int
    rows: tuple[int, int]


TUNED = {32: Tuning(1250, 260 << 10, (4, 64)), 64: Tuning(16000, 1 << 20, (1, 8))}
"""By the width of registers. With AVX2 a chunk is what the processor keeps decoded: at 2000 gates Zen 3 is a sixth slower. With
AVX-512 an instruction does so much that it may be read from the second cache, and few rows stay in the first."""


@dataclass(frozen=True, eq=False)
class Straight:
    """code: f(memory, rows, stride); sources: the slot of each input and wire of the state, −1 where nobody reads it;
    results: twice the slot of each output and next state, plus 1 where it is the complement of what is there;
    slots: how many there are, of which the first is always 0; gates: how many there are; width: bytes of a slot."""

    code: Executable
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    slots: int
    gates: int
    width: int


@cache
def available() -> bool:
    """Whether this machine runs such code."""
    return bool(widths())


@cache
def widths() -> tuple[int, ...]:
    """The bytes that registers can have here, the most first."""
    features = host().features.split(",") if host().triple.startswith("x86_64") else []
    return tuple(width for feature, width in (("+avx512f", 64), ("+avx2", 32)) if feature in features)


def assemble(
    gates: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    ends: NDArray[np.int64],
    first: int,
    window: int = WINDOW,
    chunk: int | None = None,
    width: int | None = None,
) -> Straight | None:
    """The code of gates (kind, left, right) from `reduce.loops`; None where it could not be put where it can run."""
    width = width or widths()[0]
    chunk = chunk or TUNED[width].chunk
    count = len(gates[0])
    capacity = 3 * count + count // chunk + 1  # for a gate itself, a load and a store; and the end of a chunk
    code, facts = np.empty(capacity, dtype=np.int64), np.zeros(3, dtype=np.int64)
    sources, results = (np.empty(n, dtype=np.int32) for n in (first, len(ends)))
    sizes = (count, first, first + count, len(ends), capacity)
    call("assemble", (*gates, ends, window, chunk, width // 2), sizes, (code, sources, results, facts))
    length, slots, left = facts.tolist()
    made = executable(encode(code[:length], width))
    return None if made is None else Straight(made, sources, results, slots, left, width)
