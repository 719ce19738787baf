"""Covers: sums of products of literals, as gates and from tables. A product has for each input `0`, `1`, or `-` for any."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import AND, NOT, ONE, OR, ZERO


def product(row: str, inputs: Sequence[int], builder: Builder) -> int:
    """The wire of a product."""
    literals = [w if c == "1" else builder.gate(NOT, w) for c, w in zip(row, inputs, strict=True) if c != "-"]
    return balanced(builder, AND, literals) if literals else builder.gate(ONE)


def total(terms: Sequence[int], builder: Builder) -> int:
    """The wire of a sum of products."""
    return balanced(builder, OR, terms) if terms else builder.gate(ZERO)


def balanced(builder: Builder, kind: int, wires: Sequence[int]) -> int:
    """An associative gate over many wires, as a tree of little depth."""
    while len(wires) > 1:
        pairs = [builder.gate(kind, a, b) for a, b in zip(wires[::2], wires[1::2], strict=False)]
        wires = [*pairs, *wires[len(pairs) * 2 :]]
    return wires[0]


def irredundant(column: NDArray[np.integer]) -> list[str]:
    """A cover of a table (row r has the inputs that are the bits of r, the first the highest) of which no product can be left
    out (Minato, Fast generation of irredundant sum-of-products forms from binary decision diagrams, 1992)."""
    table = int.from_bytes(np.packbits(column.astype(bool), bitorder="little").tobytes(), "little")
    return list(_between(table, table, len(column).bit_length() - 1)[0])


@lru_cache(maxsize=1 << 16)
def _between(least: int, most: int, inputs: int) -> tuple[tuple[str, ...], int]:
    """A cover, and what it covers: at least the one set of rows, at most the other."""
    if not least:
        return (), 0
    if most == (1 << (1 << inputs)) - 1:
        return ("-" * inputs,), most
    half = 1 << (inputs - 1)
    low = (1 << half) - 1
    (l0, l1), (m0, m1) = ((t & low, t >> half) for t in (least, most))
    c0, f0 = _between(l0 & ~m1, m0, inputs - 1)
    c1, f1 = _between(l1 & ~m0, m1, inputs - 1)
    rest, f = _between(l0 & ~f0 | l1 & ~f1, m0 & m1, inputs - 1)
    words = (*(f"0{w}" for w in c0), *(f"1{w}" for w in c1), *(f"-{w}" for w in rest))
    return words, f0 | f | (f1 | f) << half
