"""Whether two circuits compute the same: by their structure, by trying, by normal form, by trying everything, or by a solver.

Circuits with state are compared as steps, (state, inputs) → (next state, outputs), and by their first states: what is shown
equal behaves equally for ever; a difference may be in a state that is never reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...ir.circuit.canonical import canonical
from ...ir.circuit.circuit import Circuit
from ...ir.circuit.evaluate import evaluate
from ...ir.circuit.normal import Polynomials, TooManyTerms, polynomials
from ...ir.circuit.table import combinations, elements
from .plan import plan
from .run import run
from .sweep import Undecided, difference

EXHAUSTIVE = 24
"""Up to so many inputs and latches over bit, all combinations are tried; over other semirings as long as these are no more."""

_TRIED = 1 << 10
"""Words of 64 random samples that are tried first."""

_BLOCK = 1 << 12
"""Words that are tried at a time."""

_TERMS = 1 << 10
"""Monomials to an output up to which normal forms are compared."""

How = Literal["structure", "shape", "trial", "normal form", "exhaustion", "solver", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """``equal``: True, False, or None where it could not be decided. ``how`` it was. ``example``: inputs, then state, on which
    the outputs or the next states differ."""

    equal: bool | None
    how: How
    example: tuple[int, ...] | None = None


def equivalent(a: Circuit, b: Circuit, seed: int = 0) -> Verdict:
    """Compare two circuits over one semiring, as functions. What neither a normal form of little size nor all combinations
    (`EXHAUSTIVE`) decide needs a solver, which there is for bit (``pip install pullback[circuits]``).

    Raises ValueError for circuits over different semirings."""
    if a.ring != b.ring:
        raise ValueError(f"a circuit over {a.ring} cannot be compared with one over {b.ring}")
    if _shape(a) != _shape(b) or a.start.tolist() != b.start.tolist():
        return Verdict(False, "shape")
    a, b = canonical(a, "function"), canonical(b, "function")
    if a == b:
        return Verdict(True, "structure")
    return _over_bit(a, b, seed) if a.ring == BIT else _over_others(a, b, seed)


def _shape(c: Circuit) -> tuple[int, int, int]:
    return c.inputs, c.states, len(c.outputs)


def _over_bit(a: Circuit, b: Circuit, seed: int) -> Verdict:
    plans = plan(a), plan(b)
    words = np.random.default_rng(seed).integers(0, 2**64, (a.first, _TRIED), dtype=np.uint64)
    found = _difference(run(plans[0], words), run(plans[1], words))
    if found is not None:
        return Verdict(False, "trial", _sample(words, found))
    if a.first > EXHAUSTIVE:
        return _beyond(a, b)
    for words in _all(a.first):
        found = _difference(run(plans[0], words), run(plans[1], words))
        if found is not None:
            return Verdict(False, "exhaustion", _sample(words, found))
    return Verdict(True, "exhaustion")


def _beyond(a: Circuit, b: Circuit) -> Verdict:
    """Two circuits over bit of many inputs."""
    if _one_normal_form(a, b):
        return Verdict(True, "normal form")
    try:
        example = difference(a, b)
    except (ImportError, Undecided):
        return Verdict(None, "undecided")
    return Verdict(example is None, "solver", example)


def _one_normal_form(a: Circuit, b: Circuit) -> bool | None:
    """Whether they have the same normal form as functions; None where there is none, or it is too large."""
    try:
        ring = Polynomials(a.ring, "function", _TERMS)
        return polynomials(a, "function", ring) == polynomials(b, "function", ring)
    except (TooManyTerms, ValueError):
        return None


def _over_others(a: Circuit, b: Circuit, seed: int) -> Verdict:
    n, count = elements(a.ring), 1 << 10
    found = _try(a, b, np.random.default_rng(seed).integers(0, n, (count, a.first)))
    if found is not None:
        return Verdict(False, "trial", found)
    if _one_normal_form(a, b):
        return Verdict(True, "normal form")
    if n**a.first > 1 << EXHAUSTIVE:
        return Verdict(None, "undecided")
    for x in combinations(a.ring, a.first, max(1, (1 << 22) // max(1, a.wires, b.wires))):
        found = _try(a, b, x)
        if found is not None:
            return Verdict(False, "exhaustion", found)
    return Verdict(True, "exhaustion")


def _try(a: Circuit, b: Circuit, x: NDArray[np.int64]) -> tuple[int, ...] | None:
    """A row on which they differ."""
    results = [np.concatenate(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), axis=1) for c in (a, b)]
    rows = np.flatnonzero((results[0] != results[1]).any(axis=1))
    return tuple(x[rows[0]].tolist()) if len(rows) else None


# -- bits in words -----------------------------------------------------------------------------------------------------
def _difference(left: NDArray[Any], right: NDArray[Any]) -> int | None:
    """A sample on which some result differs."""
    differs = np.bitwise_or.reduce(left ^ right, axis=0) if len(left) else np.zeros(0, dtype=np.uint64)
    words = np.flatnonzero(differs)
    if not len(words):
        return None
    word = int(differs[words[0]])
    return 64 * int(words[0]) + (word & -word).bit_length() - 1


def _sample(words: NDArray[np.uint64], sample: int) -> tuple[int, ...]:
    return tuple(int(w) >> sample % 64 & 1 for w in words[:, sample // 64])


_LOW = [sum(1 << s for s in range(64) if s >> k & 1) for k in range(6)]
"""Bit k of the numbers 0 to 63, as words."""


def _all(wires: int) -> Iterator[NDArray[np.uint64]]:
    """All combinations of the values of so many wires, some words at a time."""
    count = max(1, (1 << wires) // 64)
    for first in range(0, count, _BLOCK):
        numbers = np.arange(first, min(first + _BLOCK, count), dtype=np.uint64)
        rows = [np.full(len(numbers), _LOW[k], dtype=np.uint64) for k in range(min(wires, 6))]
        rows += [
            np.where(numbers >> np.uint64(k - 6) & np.uint64(1), np.uint64(2**64 - 1), np.uint64(0)) for k in range(6, wires)
        ]
        yield np.array(rows, dtype=np.uint64).reshape(wires, len(numbers))
