"""Equality of circuits of many inputs, by a solver: gates that seem to be equal are shown to be so one after another, from the
inputs on, so that each proof may use those before (Kuehlmann & Krohm, Equivalence checking using cuts and heaps, 1997).

What seems to be equal is what random samples, and then the counterexamples that were found, do not tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...ir.circuit.canonical import canonical
from ...ir.circuit.circuit import Circuit, make
from ...ir.circuit.simplify import simplify

_WORDS = 16
"""Words of 64 random samples."""

_EFFORT = 500
"""Conflicts that are worth a proof that two gates inside are equal."""

_PATIENCE = 1_000_000
"""Conflicts after which a result is given up: minutes."""

_LIKELY = 64
"""Counterexamples that are collected before gates are told apart anew."""


def joined(a: Circuit, b: Circuit) -> Circuit:
    """Both circuits on the same inputs and state, the results of one after those of the other, simplified as one."""

    def moved(wires: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.where(wires >= b.first, wires + np.int32(a.gates), wires)

    results = np.concatenate((a.outputs, a.next, moved(b.outputs), moved(b.next)))
    whole = make(
        BIT,
        a.first,
        np.concatenate((a.op, b.op)),
        np.concatenate((a.left, moved(b.left))),
        np.concatenate((a.right, moved(b.right))),
        results,
    )
    return simplify(whole) if whole.gates < 1 << 16 else canonical(whole, "function")


class Undecided(Exception):
    """The solver has given up."""


def difference(a: Circuit, b: Circuit) -> tuple[int, ...] | None:
    """Inputs, then state, on which two circuits of one shape have different results; None if there are none.

    Raises ImportError without the solver (``pip install pullback[circuits]``), and Undecided where that gives up."""
    from pysat.solvers import Glucose42

    both = joined(a, b)
    half = len(both.outputs) // 2
    pairs = list(zip(both.outputs[:half].tolist(), both.outputs[half:].tolist(), strict=True))
    if all(x == y for x, y in pairs):
        return None
    with Glucose42() as solver:
        return _Sweep(both, solver).difference(pairs)


class _Sweep:
    """A circuit in a solver. The literal of wire w is w + 1, its complement −(w + 1); equal gates get one literal."""

    def __init__(self, c: Circuit, solver: Any) -> None:
        self.c, self.solver = c, solver
        self.gates = list(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True))
        self.literals = list(range(1, c.first + 1))
        self.samples = np.random.default_rng(0).integers(0, 2**64, (c.first, _WORDS), dtype=np.uint64)
        self.found: list[NDArray[np.bool_]] = []  # counterexamples that are not yet among the samples

    def difference(self, pairs: Sequence[tuple[int, int]]) -> tuple[int, ...] | None:
        last = max(max(pair) for pair in pairs)
        first = self._classes()
        for wire in range(self.c.first, last + 1):
            self._encode(wire)
            like, flipped = first[wire]
            if like < wire:
                self._merge(wire, like, flipped)
            if len(self.found) == _LIKELY:
                self._learn()
                first = self._classes()
        for x, y in pairs:
            example = self._differ(self.literals[x], self.literals[y])
            if example is not None:
                return tuple(int(v) for v in example)
        return None

    def _encode(self, wire: int) -> None:
        """Clauses for a gate: its literal is true exactly if its function is."""
        op, a, b = self.gates[wire - self.c.first]
        x, y = (self.literals[w] if w >= 0 else 0 for w in (a, b))
        if not op & 0b1110:
            self.literals.append(wire + 1)
            self.solver.add_clause([wire + 1 if op & 1 else -wire - 1])
            return
        if not op & 8 and op & 6 != 6:
            literal = x if op & 2 else y
            self.literals.append(-literal if op & 1 else literal)
            return
        own = wire + 1
        self.literals.append(own)
        if op & 8:
            x, y = -x if op & 4 else x, -y if op & 2 else y
            z = -own if (op ^ op >> 1 & op >> 2) & 1 else own
            clauses = [[-z, x], [-z, y], [z, -x, -y]]
        else:
            z = -own if op & 1 else own
            clauses = [[-z, x, y], [-z, -x, -y], [z, -x, y], [z, x, -y]]
        for clause in clauses:
            self.solver.add_clause(clause)

    def _merge(self, wire: int, like: int, flipped: bool) -> None:
        """Give a gate the literal of one that it seems to be equal to, if it is."""
        x, y = self.literals[wire], self.literals[like]
        y = -y if flipped else y
        if x == y:
            return
        for assumed in ([x, -y], [-x, y]):
            self.solver.conf_budget(_EFFORT)
            answer = self.solver.solve_limited(assumptions=assumed)
            if answer:
                self.found.append(self._inputs())
            if answer is not False:
                return
        for clause in ([-x, y], [x, -y]):
            self.solver.add_clause(clause)
        self.literals[wire] = y

    def _differ(self, x: int, y: int) -> NDArray[np.bool_] | None:
        if x == y:
            return None
        for assumed in ([x, -y], [-x, y]):
            self.solver.conf_budget(_PATIENCE)
            answer = self.solver.solve_limited(assumptions=assumed)
            if answer is None:
                raise Undecided
            if answer:
                return self._inputs()
        return None

    def _inputs(self) -> NDArray[np.bool_]:
        """Of the model that the solver has found; what it leaves open is false."""
        model = self.solver.get_model()
        true = {v for v in model[: self.c.first] if v > 0} if len(model) >= self.c.first else set(model)
        return np.array([k + 1 in true for k in range(self.c.first)], dtype=bool)

    def _learn(self) -> None:
        rows = np.ascontiguousarray(np.packbits(np.array(self.found).T, axis=1, bitorder="little"))
        self.samples = np.concatenate((self.samples, rows.view("<u8").astype(np.uint64)), axis=1)
        self.found = []

    def _classes(self) -> list[tuple[int, bool]]:
        """For each wire the first that no sample tells from it or from its complement, and which of both."""
        values = np.empty((self.c.wires, self.samples.shape[1]), dtype=np.uint64)
        values[: self.c.first] = self.samples
        ones = np.uint64(2**64 - 1)
        for wire, (op, a, b) in enumerate(self.gates, start=self.c.first):
            value = np.full(values.shape[1], ones if op & 1 else 0, dtype=np.uint64)
            for used, term in ((op & 2, values[a]), (op & 4, values[b]), (op & 8, values[a] & values[b])):
                if used:
                    value ^= term
            values[wire] = value
        flips = (values[:, 0] & np.uint64(1)).astype(bool)
        values[flips] ^= ones
        first: dict[bytes, int] = {}
        likes = [first.setdefault(row.tobytes(), wire) for wire, row in enumerate(values)]
        return [(like, bool(flips[wire] != flips[like])) for wire, like in enumerate(likes)]
