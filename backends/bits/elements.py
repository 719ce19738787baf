"""Circuits over z<n> and sat<n> run on blocks of samples, which threads share: by the interpreter of `gates.py`, on elements as
narrow as their products let them be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...core.objects import Scalar
from ...ir.circuit.circuit import Bilinear, Circuit, uses
from .gates import COEFFICIENTS, text
from .kernels import call
from .memory import aligned
from .parts import Part, part, share

CACHED = 512 << 10
"""Bytes of all places together, if they can: some of the second cache."""

SIZES = (1024, 512, 256, 128)
"""Bytes of a block of samples at a place."""


@dataclass(frozen=True, eq=False)
class Elements:
    """A circuit as the interpreter runs it, from `places.loops`.

    code: four numbers for each gate; kinds: the coefficients of each kind;
    sources: the place of each input and wire of the state, −1 where nobody reads it;
    results: the place of each output and next state;
    places: how many there are, of which the first is nobody's: what is in it is multiplied by zero;
    gates: how many are left."""

    ring: Scalar
    code: NDArray[np.int32]
    kinds: NDArray[np.unsignedinteger]
    sources: NDArray[np.int32]
    results: NDArray[np.int32]
    places: int
    gates: int


def element_bytes(ring: Scalar) -> int:
    """How wide an element is, so that a product fits: 2, 4 or 8 bytes."""
    top = (ring.modulus or 2) - 1
    return next(size for size in (2, 4, 8) if top**2 < 1 << 8 * size)


def elements(c: Circuit) -> Elements:
    """The plan of a circuit over z<n> or sat<n>."""
    roots = np.concatenate((c.outputs, c.next))
    given = [np.ascontiguousarray(a, dtype=np.int64) for a in (c.op, c.left, c.right, *uses(c), roots)]
    code, facts = np.empty(4 * c.gates, dtype=np.int32), np.zeros(2, dtype=np.int64)
    sources, results = (np.empty(count, dtype=np.int32) for count in (c.first, len(roots)))
    call("places", given, (c.gates, c.first, c.wires, len(roots), len(code)), (code, sources, results, facts))
    gates, places = facts.tolist()
    rows = [(k.constant, k.left, k.right, k.both, 0) if isinstance(k, Bilinear) else (0, 0, 0, 0, 1) for k in c.kinds]
    kinds = np.array(rows, dtype=f"u{element_bytes(c.ring)}").reshape(-1, COEFFICIENTS)
    return Elements(c.ring, code[: 4 * gates].copy(), kinds, sources, results, places, gates)


def run_elements(p: Elements, inputs: NDArray[np.unsignedinteger], threads: int | None = None) -> NDArray[np.unsignedinteger]:
    """The results of a plan, [results, samples], for sources [sources, samples]."""
    size = element_bytes(p.ring)
    inputs = np.ascontiguousarray(inputs, dtype=f"u{size}")
    count = inputs.shape[1]
    results = np.empty((len(p.results), count), dtype=inputs.dtype)
    if not count:
        return results
    row = next((s for s in SIZES if s * p.places <= CACHED), SIZES[-1])
    blocks = -(-count * size // row)
    parts, helpers = share(blocks, count * p.gates // 4, threads)
    memory, start = aligned(parts * p.places * row)
    environment = [p.code.ctypes.data, p.gates, p.kinds.ctypes.data, start, p.places * row, inputs.ctypes.data,
                   p.sources.ctypes.data, len(p.sources), results.ctypes.data, p.results.ctypes.data, len(p.results),
                   count, row // size, blocks, parts]  # fmt: skip
    _part(p.ring).run(environment, parts, helpers)
    del memory  # it lived until here
    return results


@cache
def _part(ring: Scalar) -> Part:
    symbol = f"pb.bits.gates.{ring.kind}.{ring.modulus}"
    return part(symbol, text(symbol, ring, element_bytes(ring)))
