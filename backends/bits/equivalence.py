"""Whether two circuits over bit compute the same: by their structure, by trying, by trying everything, or by a solver.

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
from .plan import plan
from .run import run

EXHAUSTIVE = 24
"""Up to so many inputs and latches, all combinations are tried."""

_TRIED = 1 << 10
"""Words of 64 random samples that are tried first."""

_BLOCK = 1 << 12
"""Words that are tried at a time."""

How = Literal["structure", "shape", "trial", "exhaustion", "solver", "undecided"]


@dataclass(frozen=True)
class Verdict:
    """``equal``: True, False, or None where it could not be decided. ``how`` it was. ``example``: inputs, then state, on which
    the outputs or the next states differ."""

    equal: bool | None
    how: How
    example: tuple[int, ...] | None = None


def equivalent(a: Circuit, b: Circuit, seed: int = 0) -> Verdict:
    """Compare two circuits over bit. Beyond `EXHAUSTIVE` inputs it needs z3 (``pip install pullback[circuits]``).

    Raises ValueError for other semirings."""
    if a.ring != BIT or b.ring != BIT:
        raise ValueError("circuits over bit can be compared")
    if _shape(a) != _shape(b) or a.start.tolist() != b.start.tolist():
        return Verdict(False, "shape")
    a, b = canonical(a), canonical(b)
    if a == b:
        return Verdict(True, "structure")
    plans = plan(a), plan(b)
    words = np.random.default_rng(seed).integers(0, 2**64, (a.first, _TRIED), dtype=np.uint64)
    found = _difference(run(plans[0], words), run(plans[1], words))
    if found is not None:
        return Verdict(False, "trial", _sample(words, found))
    if a.first > EXHAUSTIVE:
        return _solved(a, b)
    for words in _all(a.first):
        found = _difference(run(plans[0], words), run(plans[1], words))
        if found is not None:
            return Verdict(False, "exhaustion", _sample(words, found))
    return Verdict(True, "exhaustion")


def _shape(c: Circuit) -> tuple[int, int, int]:
    return c.inputs, c.states, len(c.outputs)


def _difference(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> int | None:
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


# -- by a solver -------------------------------------------------------------------------------------------------------
def _solved(a: Circuit, b: Circuit) -> Verdict:
    """Satisfiability of the miter: some result of one is not that of the other."""
    try:
        import z3
    except ImportError:
        return Verdict(None, "undecided")
    wires = [z3.Bool(f"w{k}") for k in range(a.first)]
    solver = z3.SolverFor("QF_FD")
    pairs = zip(_results(z3, a, wires), _results(z3, b, wires), strict=True)
    solver.add(z3.Or([z3.Xor(x, y) for x, y in pairs]))
    if solver.check() != z3.sat:
        return Verdict(True, "solver")
    model = solver.model()
    return Verdict(False, "solver", tuple(int(z3.is_true(model.eval(w, model_completion=True))) for w in wires))


def _results(z3: Any, c: Circuit, wires: list[Any]) -> list[Any]:
    made = list(wires)
    for op, x, y in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        terms = [made[w] for w, bit in ((x, 2), (y, 4)) if op & bit]
        terms += [z3.And(made[x], made[y])] if op & 8 else []
        value = z3.BoolVal(bool(op & 1))
        for term in terms:
            value = z3.Xor(value, term)
        made.append(z3.simplify(value) if len(terms) < 2 else value)
    return [made[w] for w in (*c.outputs.tolist(), *c.next.tolist())]
