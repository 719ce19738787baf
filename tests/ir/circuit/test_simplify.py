"""Simplified circuits are the same functions, with no more gates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits.equivalence import equivalent
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit import simplify as module
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import AND, NOT, OR, XOR, Circuit
from pullback.ir.circuit.simplify import simplify
from pullback.ir.circuit.table import synthesise, tabulate
from pullback.testing import circuits

pytestmark = pytest.mark.slow  # together they take some seconds

RINGS = st.sampled_from((BIT, Scalar("z", 3), Scalar("sat", 3)))


@given(RINGS.flatmap(circuits))
def test_it_means_the_same_and_is_no_larger(c: Circuit) -> None:
    d = simplify(c)
    np.testing.assert_array_equal(tabulate(d), tabulate(c))
    assert d.gates <= canonical(c).gates


@given(c=circuits())
def test_cones_alone_mean_the_same(c: Circuit) -> None:
    d = module._by_cones(canonical(c, "function"))
    np.testing.assert_array_equal(tabulate(d), tabulate(c))


@given(st.integers(0, 2**32))
def test_large_circuits_mean_the_same(seed: int) -> None:
    """Forty gates on twenty wires, most of them near, so that cones have something to find."""
    rng = np.random.default_rng(seed)
    b = Builder(BIT, inputs=20)
    wires = list(range(20))
    for _ in range(40):
        x, y = rng.integers(max(0, len(wires) - 24), len(wires), 2)
        wires.append(b.gate(int(rng.integers(16)), wires[x], wires[y]))
    c = b.circuit(wires[-4:])
    assert equivalent(c, simplify(c)).equal


@pytest.mark.parametrize("table", range(0, 256, 5))
def test_programs_of_three_wires_are_right(table: int) -> None:
    rows = np.array([table >> r & 1 for r in range(8)])
    c = simplify(synthesise(rows))
    np.testing.assert_array_equal(tabulate(c)[:, 0], rows)
    assert c.gates <= 4


def test_exclusive_ors_are_found_among_ands() -> None:
    b = Builder(BIT, inputs=2)
    left, right = b.gate(AND, 0, b.gate(NOT, 1)), b.gate(AND, b.gate(NOT, 0), 1)
    assert simplify(b.circuit([b.gate(OR, left, right)])).gates == 1


def test_what_can_be_absorbed_is() -> None:
    """a + ab = a, as sets; and a gate of many inputs, where no table is made."""
    b = Builder(BIT, inputs=30)
    wire = 0
    for k in range(1, 30):
        wire = b.gate(OR, 0, b.gate(AND, wire, k))
    assert simplify(b.circuit([wire])).gates == 0


def test_constants_come_from_functions() -> None:
    b = Builder(Scalar("z", 3), inputs=1)
    cube = b.mul(0, b.mul(0, 0))
    assert simplify(b.circuit([b.add(cube, b.scale(2, 0))])).gates == 1  # x³ − x is 0, which takes a gate to say
    c = Builder(Scalar("sat", 3), inputs=1)
    assert simplify(c.circuit([c.compare(c.add(0, c.constant(2)), c.constant(2))])).gates == 1


def test_a_half_adder_stays() -> None:
    b = Builder(BIT, inputs=2)
    assert simplify(b.circuit([b.gate(XOR, 0, 1), b.gate(AND, 0, 1)])).gates == 2
