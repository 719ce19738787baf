"""Which functions polynomials reach, and why `compare` is needed (Wilson & Zanasi 2022, theorem 5.2)."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from pullback.core.objects import Scalar
from pullback.core.operations import OPERATIONS
from pullback.core.semiring import semiring

# unary functions that sums and products of the variable and constants give
REACHED = {
    ("z", 2): 4, ("z", 3): 27, ("z", 4): 64, ("z", 5): 3125,
    ("sat", 2): 3, ("sat", 3): 6, ("sat", 4): 11, ("sat", 5): 17,
}  # fmt: skip


def closure(scalar: Scalar) -> set[tuple[int, ...]]:
    """All unary polynomial functions as tables: constants and the variable, closed under addition and multiplication."""
    ring, n = semiring(scalar), scalar.modulus or 0
    basis = [np.arange(n), *(np.full(n, v) for v in range(n))]
    found = {tuple(b.tolist()) for b in basis}
    new = set(found)
    while new:
        have, fresh = np.array(sorted(found)), np.array(sorted(new))
        made = [op(have[:, None], row) for row in fresh for op in (ring.add, ring.mul)]
        new = {tuple(r) for block in made for r in block.reshape(-1, n).tolist()} - found
        found |= new
        if len(found) == n**n:
            break
    return found


@pytest.mark.parametrize("kind", REACHED, ids=lambda k: f"{k[0]}{k[1]}")
def test_how_many_unary_functions_polynomials_reach(kind: tuple[str, int]) -> None:
    """All only over fields; over composite moduli and saturated numbers `compare` is needed."""
    if kind == ("z", 5):  # interpolation: the polynomials of degree < p are different functions, and p^p of them
        tables = {tuple(np.polyval(c, np.arange(5)) % 5) for c in itertools.product(range(5), repeat=5)}
        assert len(tables) == REACHED[kind]
    else:
        assert len(closure(Scalar(*kind))) == REACHED[kind]


@pytest.mark.parametrize("scalar", [Scalar("z", 4), Scalar("sat", 3), Scalar("sat", 4)], ids=str)
def test_with_compare_all_functions_are_reached(scalar: Scalar) -> None:
    """f(x) = sum of compare(s, x) · f(s) over the elements s: all functions of one variable, or a thousand of them."""
    ring, n = semiring(scalar), scalar.modulus or 0
    x = np.arange(n)
    tables = list(itertools.product(range(n), repeat=n))
    for table in tables[:: max(1, len(tables) // 1000)]:
        total = np.zeros(n, dtype=int)
        for s in range(n):
            total = ring.add(total, ring.mul(OPERATIONS["compare"].meaning(scalar, np.full(n, s), x), table[s]))
        assert total.tolist() == list(table)
