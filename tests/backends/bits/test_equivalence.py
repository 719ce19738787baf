"""Circuits that compute the same are found equal, and for others an example is given that tells them apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from pullback.backends.bits import equivalence
from pullback.backends.bits.equivalence import equivalent
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import AND, NOT, XOR, Circuit, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.testing import all_inputs, circuits


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
    monkeypatch.setitem(__import__("sys").modules, "z3", None)
    assert equivalent(parity(40, False), parity(40, True)) == equivalence.Verdict(None, "undecided")
    b = Builder(BIT, inputs=40)
    assert equivalent(parity(40, False), b.circuit([b.gate(NOT, 3)])).how == "trial"


def test_only_bits() -> None:
    c = make(Scalar("z", 3), 1, [], [], [], [0], kinds=())
    with pytest.raises(ValueError, match="over bit"):
        equivalent(c, c)
