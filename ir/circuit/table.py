"""Functions of a finite semiring as tables: those of circuits, and circuits for those.

A table of a function Sᵐ → Sᵏ has |S|ᵐ rows and k columns. Row r belongs to the inputs that are the digits of r in base |S|, the
first input the highest digit, as tables are written on paper.

The circuit is the sum of minterms f(x) = Σ_s [x = s]·f(s) (Wilson & Zanasi, Categories of Differentiable Polynomial Circuits,
2022, Theorem 5.2), taken one input at a time, so that equal cofactors, and over rings those that differ by a constant, are made
once: a decision diagram.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ...core.objects import BIT, Scalar
from ...core.semiring import semiring
from .build import Builder
from .canonical import canonical
from .circuit import Circuit, Names
from .evaluate import evaluate

Table = NDArray[np.int64]

_MOST = 1 << 24
"""Rows a table may have."""

_CELLS = 1 << 22
"""Values of wires that are held at a time while a table is made."""


def elements(ring: Scalar) -> int:
    """How many elements a finite semiring has. Raises ValueError for others."""
    found = semiring(ring).elements
    if found is None:
        raise ValueError(f"{ring} has no finite table")
    return len(found)


def combinations(ring: Scalar, wires: int, block: int) -> Iterator[Table]:
    """All values of so many wires, ``block`` rows at a time, in the order of tables."""
    n = elements(ring)
    rows = n**wires
    weights = n ** np.arange(wires - 1, -1, -1, dtype=np.int64)
    for first in range(0, rows, block):
        yield np.arange(first, min(first + block, rows))[:, None] // weights % n


def tabulate(c: Circuit) -> Table:
    """The table of a circuit; of one with state, of the step: (inputs, state) → (outputs, next state).

    Raises ValueError for one of more than 2²⁴ rows."""
    if elements(c.ring) ** c.first > _MOST:
        raise ValueError(f"a table of {c.first} wires over {c.ring} would have more than {_MOST} rows")
    found = []
    for x in combinations(c.ring, c.first, max(1, _CELLS // max(1, c.wires))):
        found.append(np.concatenate(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), axis=1).astype(np.int64))
    return np.concatenate(found)


def synthesise(
    table: ArrayLike,
    ring: Scalar = BIT,
    how: Literal["compare", "polynomial"] = "compare",
    names: Names | None = None,
    name: str = "circuit",
) -> Circuit:
    """A circuit whose table this is, [|S|ᵐ, k] or, of one output, [|S|ᵐ].

    ``how`` inputs are told apart: by `compare`, or by the polynomial that says the same over z<p>, p a prime: 1 − (a − b)ᵖ⁻¹
    (Fermat). Over bit both are one, and the circuit's polynomial is the algebraic normal form of the function, so that its
    derivative is that of the function.

    Raises ValueError where the rows are no power of |S|, a value is no element, or there is no such polynomial."""
    n, values = elements(ring), np.asarray(table)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2:
        raise ValueError(f"a table has rows and columns, this one has the shape {values.shape}")
    inputs = round(float(np.log(max(1, len(values))) / np.log(n)))
    if n**inputs != len(values):
        raise ValueError(f"a table over {ring} has a power of {n} rows, this one has {len(values)}")
    if values.size and not np.isin(values, np.arange(n)).all():
        raise ValueError(f"a value of the table is no element of {ring}")
    diagram, roots = _diagram(values.astype(np.int64), n, inputs, semiring(ring).has_negation)
    builder = Builder(ring, inputs)
    unary = _Unary(builder, n, by_polynomial=how == "polynomial" or ring == BIT)
    wires = _gates(diagram, builder, unary)
    outputs = [builder.add(wires[node], builder.constant(shift)) for node, shift in roots]
    return canonical(builder.circuit(outputs, names=names, name=name))


# -- the decision diagram ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Node:
    """A function that depends on ``input``: for each of its values a node, and a constant to be added."""

    input: int
    nodes: tuple[int, ...]
    shifts: tuple[int, ...]


_ZERO = 0
"""The node of the constant 0; over semirings without negation that of each constant s is s."""


def _diagram(values: Table, n: int, inputs: int, shifted: bool) -> tuple[list[int | _Node], list[tuple[int, int]]]:
    """All nodes, each after those it refers to, constants as numbers; and for each column its node and shift."""
    diagram: list[int | _Node] = [0] if shifted else list(range(n))
    columns = values.T
    nodes = np.zeros_like(columns) if shifted else columns.copy()
    shifts = columns.copy() if shifted else np.zeros_like(columns)
    for k in reversed(range(inputs)):
        rows, offsets = nodes.reshape(-1, n), shifts.reshape(-1, n)
        first = offsets[:, :1]
        keys = np.concatenate((rows, (offsets - first) % n if shifted else offsets), axis=1)
        made, which = np.unique(keys, axis=0, return_inverse=True)
        same = (made[:, :n] == made[:, :1]).all(axis=1) & (made[:, n:] == 0).all(axis=1)
        number = np.where(same, made[:, 0], len(diagram) + np.cumsum(~same) - 1)
        diagram += [_Node(k, tuple(r[:n]), tuple(r[n:])) for r in made[~same].tolist()]
        nodes, shifts = (a.reshape(len(columns), n**k) for a in (number[which.ravel()], first))
    return diagram, list(zip(nodes[:, 0].tolist(), shifts[:, 0].tolist(), strict=True))


def _gates(diagram: Sequence[int | _Node], builder: Builder, unary: _Unary) -> list[int]:
    """The wire of each node: Σ_s [x = s]·(its node for s + its shift)."""
    wires: list[int] = []
    for node in diagram:
        if isinstance(node, int):
            wires.append(builder.constant(node))
            continue
        rest, terms = [0] * len(node.nodes), []
        for child in dict.fromkeys(node.nodes):
            group = [s for s, other in enumerate(node.nodes) if other == child]
            constant, shifts = diagram[child], {node.shifts[s] for s in group}
            if isinstance(constant, int):
                for s in group:  # one of constant and shift is zero
                    rest[s] = constant + node.shifts[s]
                continue
            factor = wires[child]
            if len(shifts) == 1:
                factor = builder.add(factor, builder.constant(shifts.pop()))
            else:
                for s in group:
                    rest[s] = node.shifts[s]
            terms.append(builder.mul(unary.wire(node.input, [int(s in group) for s in range(len(rest))]), factor))
        if any(rest):
            terms.append(unary.wire(node.input, rest))
        wires.append(_sum(builder, terms))
    return wires


def _sum(builder: Builder, terms: Sequence[int]) -> int:
    total = terms[0]
    for term in terms[1:]:
        total = builder.add(total, term)
    return total


@dataclass(frozen=True)
class _Unary:
    """Makes gates of any function of one input."""

    builder: Builder
    n: int
    by_polynomial: bool

    def __post_init__(self) -> None:
        if self.by_polynomial and any(self.n % k == 0 for k in range(2, self.n)):
            raise ValueError(f"comparing is a polynomial over z<p>, p a prime, and not over {self.builder.ring}")
        if self.by_polynomial and not semiring(self.builder.ring).has_negation:
            raise ValueError(f"comparing is no polynomial over {self.builder.ring}")

    def wire(self, x: int, values: Sequence[int]) -> int:
        """The wire of f(x), where f(s) = values[s]."""
        b = self.builder
        if len(set(values)) == 1:
            return b.constant(values[0])
        if self.by_polynomial:
            total = b.constant(0)
            for coefficient in reversed(interpolate(values)):  # Horner
                total = b.add(b.mul(total, x), b.constant(coefficient))
            return total
        return _sum(b, [b.scale(v, b.compare(x, b.constant(s))) for s, v in enumerate(values) if v])


def interpolate(values: Sequence[int]) -> list[int]:
    """The coefficients, lowest first, of the polynomial of degree below p with f(s) = values[s] over z<p>, p = len(values).

    [x = s] = 1 − (x − s)ᵖ⁻¹ has at xʲ the coefficient −(p−1 choose j)·(−s)ᵖ⁻¹⁻ʲ = −sᵖ⁻¹⁻ʲ, and one more at 1.

    >>> interpolate([1, 0, 0])
    [1, 0, 2]
    """
    p = len(values)
    return [values[0], *(-sum(v * s ** (p - 1 - j) for s, v in enumerate(values)) % p for j in range(1, p))]
