"""Circuits run on words of 64 samples: by the interpreter, or by machine code of their own where that pays."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .assembler import available
from .interpreter import interpret
from .plan import Plan
from .straight import run_straight

PAYS = 1024
"""Words of samples from which a circuit gets code of its own: making it takes about as long as interpreting so many."""

Way = Literal["interpreted", "straight"]


def run(p: Plan, inputs: NDArray[np.uint64], threads: int | None = None, way: Way | None = None) -> NDArray[np.uint64]:
    """The results of a plan, [results, words], for sources [sources, words], 64 samples in a word.

    ``threads``: how many share the work, if there is enough of it; as many as there are processors if not given. ``way``: how
    it is run, chosen by the number of samples if not given. Raises ValueError where this machine cannot run it that way."""
    inputs = np.ascontiguousarray(inputs, dtype=np.uint64)
    words = inputs.shape[1]
    results = np.empty((len(p.ends), words), dtype=np.uint64)
    if not words:
        return results
    if way == "straight" or (way is None and words >= PAYS and available()):
        straight = p.straight if available() else None
        if straight is not None:
            run_straight(straight, inputs, results, threads)
            return results
        if way == "straight":
            raise ValueError("straight-line code is for x86-64 with AVX2, and memory where code may be put")
    interpret(p.runs, inputs, results, threads)
    return results
