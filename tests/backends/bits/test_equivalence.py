"""Circuits that compute the same are found equal, and for others an example is given that tells them apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits import equivalence
from pullback.backends.bits.equivalence import equivalent
from pullback.backends.bits.sweep import difference
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import AND, NOT, OR, XOR, Circuit, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take some seconds


def outcome(c: Circuit, x: np.ndarray) -> np.ndarray:
    return np.concatenate(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), axis=1)


@given(circuits(), circuits())
def test_the_verdict_is_right_and_examples_differ(a: Circuit, b: Circuit) -> None:
    verdict = equivalent(a, b)
    same_shape = (a.inputs, a.states, len(a.outputs)) == (
        b.inputs,
        b.states,
        len(b.outputs),
    ) and a.start.tolist() == b.start.tolist()
    x = all_inputs(a)
    assert verdict.equal == (same_shape and np.array_equal(outcome(a, x), outcome(b, x)))
    if verdict.example is not None:
        sample = np.array([verdict.example])
        assert not np.array_equal(outcome(a, sample), outcome(b, sample))


def parity(wires: int, late: bool) -> Circuit:
    """The sum of all inputs, from the left or from the right."""
    b = Builder(BIT, inputs=wires)
    order = list(range(wires))[:: -1 if late else 1]
    total = order[0]
    for w in order[1:]:
        total = b.gate(XOR, total, w)
    return b.circuit([total])


@pytest.mark.parametrize("wires", (6, 7, 20))
def test_everything_is_tried(wires: int) -> None:
    assert equivalent(parity(wires, False), parity(wires, True)) == equivalence.Verdict(True, "exhaustion")


def test_a_needle_in_a_haystack_is_found() -> None:
    """Two circuits that differ on one of 2^20 inputs."""
    b = Builder(BIT, inputs=20)
    all_ones = 0
    for w in range(1, 20):
        all_ones = b.gate(AND, all_ones, w)
    verdict = equivalent(b.circuit([all_ones]), make(BIT, 20, [0], [-1], [-1], [20]))
    assert verdict == equivalence.Verdict(False, "exhaustion", (1,) * 20)


def test_without_a_solver_many_inputs_are_undecided_unless_an_example_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysat.solvers", None)
    assert equivalent(adder(32, False), adder(32, True)) == equivalence.Verdict(None, "undecided")
    b = Builder(BIT, inputs=40)
    assert equivalent(parity(40, False), b.circuit([b.gate(NOT, 3)])).how == "trial"


def test_normal_forms_decide_where_they_are_small() -> None:
    assert equivalent(parity(40, False), parity(40, True)) == equivalence.Verdict(True, "normal form")


def adder(bits: int, by_majority: bool) -> Circuit:
    """The sum of two numbers, a0 b0 a1 b1 …, with carries as majorities or by generate and propagate."""
    b, carry, sums = Builder(BIT, 2 * bits), None, list[int]()
    for k in range(bits):
        x, y = 2 * k, 2 * k + 1
        half = b.gate(XOR, x, y)
        both = b.gate(AND, x, y)
        if carry is None:
            sums, carry = [half], both
            continue
        sums.append(b.gate(XOR, half, carry))
        if by_majority:
            carry = b.gate(OR, both, b.gate(AND, carry, b.gate(OR, x, y)))
        else:
            carry = b.gate(XOR, both, b.gate(AND, half, carry))
    return b.circuit([*sums, carry])


def test_a_solver_decides_beyond_that() -> None:
    assert equivalent(adder(64, False), adder(64, True)) == equivalence.Verdict(True, "solver")


def test_a_solver_finds_an_example() -> None:
    """Two circuits of forty inputs that differ on one of 2⁴⁰."""
    b = Builder(BIT, inputs=40)
    all_ones = b.gate(AND, 0, b.gate(OR, 1, 0))
    for w in range(1, 40):
        all_ones = b.gate(AND, all_ones, w)
    never = b.gate(AND, all_ones, b.gate(NOT, b.gate(OR, 5, 7)))
    a, zero = adder(20, True), make(BIT, 40, [0], [-1], [-1], [40])
    assert equivalent(b.circuit([all_ones]), zero) == equivalence.Verdict(False, "solver", (1,) * 40)
    assert equivalent(b.circuit([never]), zero).equal
    assert difference(a, a) is None


@given(circuits(), circuits())
def test_the_solver_agrees_with_trying_everything(a: Circuit, b: Circuit) -> None:
    if (a.inputs, a.states, len(a.outputs)) == (b.inputs, b.states, len(b.outputs)):
        x, example = all_inputs(a), difference(a, b)
        assert (example is None) == np.array_equal(outcome(a, x), outcome(b, x))
        if example is not None:
            assert not np.array_equal(outcome(a, np.array([example])), outcome(b, np.array([example])))


@pytest.mark.parametrize("ring", (Scalar("z", 3), Scalar("z", 4), Scalar("sat", 3)), ids=str)
@given(data=st.data())
def test_other_semirings(ring: Scalar, data: st.DataObject) -> None:
    a, b = data.draw(circuits(ring, states=1)), data.draw(circuits(ring, states=1))
    verdict = equivalent(a, b)
    if verdict.how != "shape":
        assert verdict.equal == np.array_equal(outcome(a, all_inputs(a)), outcome(b, all_inputs(a)))
    if verdict.example is not None:
        sample = np.array([verdict.example])
        assert not np.array_equal(outcome(a, sample), outcome(b, sample))


def test_over_one_semiring_only() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        equivalent(make(BIT, 1, [], [], [], [0]), make(Scalar("z", 3), 1, [], [], [], [0], kinds=()))
