"""Lenses form a category, and the same learner learns over the reals and over Z2 (Cruttwell et al. 2022)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pullback.core import lens
from pullback.core.lens import IDENTITY, Lens, Parametrised, fixed, learner

Z = 7
numbers = st.integers(0, Z - 1)


def polynomial(coefficients: list[int]) -> Lens:
    """x ↦ Σ cₖ·xᵏ over Z7, with its derivative."""

    def value(x: int) -> int:
        return sum(c * x**k for k, c in enumerate(coefficients)) % Z

    def slope(x: int) -> int:
        return sum(k * c * x ** (k - 1) for k, c in enumerate(coefficients) if k) % Z

    return Lens(lambda x: (value(x), lambda dy: slope(x) * dy % Z))


lenses = st.lists(numbers, min_size=1, max_size=4).map(polynomial)


def same(f: Lens, g: Lens, a: Any, db: Any) -> bool:
    return f.get(a) == g.get(a) and f.put(a, db) == g.put(a, db)


@given(lenses, lenses, lenses, numbers, numbers)
def test_composition_is_associative_and_has_units(f: Lens, g: Lens, h: Lens, a: int, db: int) -> None:
    assert same((f >> g) >> h, f >> (g >> h), a, db)
    assert same(IDENTITY >> f, f, a, db) and same(f >> IDENTITY, f, a, db)


@given(lenses, lenses, lenses, lenses, st.tuples(numbers, numbers), st.tuples(numbers, numbers))
def test_side_by_side_is_a_functor(f: Lens, g: Lens, h: Lens, k: Lens, a: tuple[int, int], db: tuple[int, int]) -> None:
    assert same((f @ g) >> (h @ k), (f >> h) @ (g >> k), a, db)
    assert same(IDENTITY @ IDENTITY, IDENTITY, a, db)


@given(st.lists(numbers, min_size=1, max_size=4), st.lists(numbers, min_size=1, max_size=4), numbers)
def test_the_composite_carries_back_the_derivative_of_the_composite(p: list[int], q: list[int], a: int) -> None:
    """The chain rule, against the polynomial q(p(x)) written out."""
    composed = np.polynomial.Polynomial([0])
    for c in reversed(q):
        composed = composed * np.polynomial.Polynomial(p) + c
    both = polynomial(p) >> polynomial(q)
    assert both.get(a) == round(composed(a)) % Z
    assert both.put(a, 1) == round(composed.deriv()(a)) % Z


def test_every_part_of_a_chain_runs_once() -> None:
    """As pairs of functions a chain of 32 would run 496 of them again."""
    runs = []

    def link(x: int) -> tuple[int, Callable[[int], int]]:
        runs.append(x)
        return x + 1, lambda dy: dy

    chain = IDENTITY
    for _ in range(32):
        chain = chain >> Lens(link)
    assert chain.put(0, 5) == 5 and len(runs) == 32


@given(numbers, numbers, numbers, numbers)
def test_parameters_of_a_composite_are_pairs(p: int, q: int, a: int, dc: int) -> None:
    add = Parametrised(Lens(lambda pa: ((pa[0] + pa[1]) % Z, lambda d: (d, d))))
    times = Parametrised(Lens(lambda pa: (pa[0] * pa[1] % Z, lambda d: (pa[1] * d % Z, pa[0] * d % Z))))
    both = (add >> times).lens
    assert both.get(((q, p), a)) == q * (p + a) % Z
    assert both.put(((q, p), a), dc) == (((p + a) * dc % Z, q * dc % Z), q * dc % Z)
    assert (fixed(IDENTITY) >> add).lens.put(((p, ()), a), dc) == ((dc, ()), dc)


def test_weights_are_tied_by_a_reparametrisation() -> None:
    """copy : p ↦ (p, p) carries back the sum."""
    add = Parametrised(Lens(lambda pa: ((pa[0][0] * pa[1] + pa[0][1]), lambda d: ((pa[1] * d, d), pa[0][0] * d))))
    copy = Lens(lambda p: ((p, p), lambda d: d[0] + d[1]))
    assert add.reparametrised(copy).lens.put((3, 5), 1) == (6, 3)


# -- one learner, two worlds -------------------------------------------------------------------------------------------
def test_it_is_gradient_descent_over_the_reals() -> None:
    """A line through points, by a quadratic loss: every step is the one of the closed form."""
    line = Parametrised(lens.of(lambda p, a: p[0] * a + p[1], lambda p, a, d: ((a * d, d), p[0] * d)))
    loss = Parametrised(lens.of(lambda y, x: (x - y) ** 2 / 2, lambda y, x, d: (d * (y - x), d * (x - y))))
    update = Lens(lambda p: (p, lambda d: (p[0] + d[0], p[1] + d[1])))
    step = learner(line, loss, lambda value: -0.1, update)
    p, (w, b) = (0.0, 0.0), (0.0, 0.0)
    for x, y in [(1.0, 3.0), (2.0, 5.0), (0.0, 1.0)] * 300:
        p = step(p, x, y)
        error = w * x + b - y
        w, b = w - 0.1 * error * x, b - 0.1 * error
        assert np.allclose(p, (w, b), atol=1e-12)
    assert np.allclose(p, (2, 1), atol=1e-3)


def test_it_is_reverse_derivative_ascent_over_bits() -> None:
    """A table of four bits: the error is exclusive or, the rate the identity, and a step writes the label into the cell."""
    table = Parametrised(lens.of(lambda p, a: p[a], lambda p, a, d: (tuple(d * (k == a) for k in range(4)), None)))
    error = Parametrised(lens.of(lambda y, x: y ^ x, lambda y, x, d: (d, d)))
    update = Lens(lambda p: (p, lambda d: tuple(a ^ b for a, b in zip(p, d, strict=True))))
    step = learner(table, error, lambda value: value, update)
    p: tuple[int, ...] = (0, 1, 1, 0)
    for a, y in [(0, 1), (1, 1), (2, 0), (3, 0), (0, 0)]:
        expected = (*p[:a], y, *p[a + 1 :])
        p = step(p, a, y)
        assert p == expected
