"""Circuits over z<n> and sat<n> on many samples.

Gates of all shapes, polynomials of two wires with any coefficients and comparisons, which read back at most 512 wires. NumPy
does the same gates row by row, on elements as narrow as ours. A size is a semiring; 10⁴ gates, 64 inputs, 10⁵ samples.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from harness.program import OURS, Bar, Calls, Contender, Data, Program

from pullback.backends.bits.elements import element_bytes, elements, run_elements
from pullback.core.objects import Scalar
from pullback.ir.circuit.circuit import Bilinear, Circuit, Compare, make

GATES, INPUTS, SAMPLES, REACH = 10_000, 64, 100_000, 512


def circuit(ring: Scalar) -> Circuit:
    rng, n = np.random.default_rng(0), ring.modulus or 2
    drawn = (Bilinear(*(int(v) for v in rng.integers(0, n, 4))) for _ in range(12))
    kinds = (Bilinear(0, 1, 1, 0), Bilinear(0, 0, 0, 1), Compare(), *drawn)
    own = INPUTS + np.arange(GATES)
    left, right = (np.maximum(own - rng.integers(1, REACH + 1, GATES), 0) for _ in range(2))
    return make(ring, INPUTS, rng.integers(0, len(kinds), GATES), left, right, own[-256:], kinds=kinds)


def data(kind: str, n: int) -> Data:
    ring = Scalar(kind, n)
    values = np.random.default_rng(1).integers(0, n, (INPUTS, SAMPLES)).astype(f"u{element_bytes(ring)}")
    return [circuit(ring), values]


def ours(given: Data) -> Calls:
    c, values = given
    made = elements(c)
    return {"simulated": lambda: run_elements(made, values), "planned": lambda: elements(c).gates}


def numpy(given: Data) -> Calls:
    """With our plan, so that memory is reused as well as it is with us."""
    c, values = given
    p, n = elements(c), c.ring.modulus or 2
    memory = np.zeros((p.places, values.shape[1]), dtype=values.dtype)
    wide = np.dtype("u8") if n > 40 else values.dtype  # where the polynomial would not fit
    reduced: Callable[[np.ndarray], np.ndarray] = (lambda v: v % n) if c.ring.kind == "z" else (lambda v: np.minimum(v, n - 1))
    gates, used = p.code.reshape(-1, 4).tolist(), p.sources >= 0

    def call() -> np.ndarray:
        memory[p.sources[used]] = values[used]
        for op, a, b, o in gates:
            kind, x, y = c.kinds[op], memory[a].astype(wide, copy=False), memory[b].astype(wide, copy=False)
            if isinstance(kind, Compare):
                memory[o] = x == y
                continue
            total = np.full(values.shape[1], kind.constant, wide)
            if kind.left:
                total += wide.type(kind.left) * x
            if kind.right:
                total += wide.type(kind.right) * y
            if kind.both:
                total += wide.type(kind.both) * (x * y)
            memory[o] = reduced(total)
        return memory[p.results]

    return {"simulated": call}


PROGRAM = Program(
    name="elements",
    title=__doc__,
    sizes={"z<7>": ("z", 7), "z<257>": ("z", 257), "sat<4>": ("sat", 4)},
    data=data,
    contenders=(Contender(OURS, ours), Contender("NumPy", numpy, threads=False)),
    bars=(Bar("NumPy, gate by gate", "simulated", (("NumPy", "simulated"),), 0.2),),
    quick="z<7>",
    alone=frozenset({"planned"}),
)
