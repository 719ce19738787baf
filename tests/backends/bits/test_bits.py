"""Circuits on words of 64 samples mean what `ir.circuit.evaluate` says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits.plan import plan
from pullback.backends.bits.samples import pack, simulate, unpack
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.circuit import XOR, Circuit, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.testing import all_inputs, circuits


@given(circuits())
def test_bits_in_words_mean_the_same(c: Circuit) -> None:
    x = all_inputs(c)
    got = simulate(c, x[:, : c.inputs], x[:, c.inputs :])
    for a, b in zip(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), got, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("count", (0, 1, 63, 64, 65, 4095, 4096, 4097, 10_000))
def test_any_number_of_samples(count: int) -> None:
    rng = np.random.default_rng(count)
    c = make(BIT, 5, [0b1011, 0b1110, XOR], [0, 5, 6], [1, 3, 4], [7, 0])
    x = rng.integers(0, 2, (count, 5))
    want = evaluate(c, x)[0]
    np.testing.assert_array_equal(simulate(c, x.astype(bool))[0], want)
    np.testing.assert_array_equal(simulate(c, x)[0], want)
    np.testing.assert_array_equal(unpack(simulate(c, pack(x))[0], count), want)


@given(st.integers(0, 200), st.integers(0, 5), st.integers(0, 2**32))
def test_packing_is_undone(count: int, wires: int, seed: int) -> None:
    x = np.random.default_rng(seed).integers(0, 2, (count, wires)).astype(bool)
    np.testing.assert_array_equal(unpack(pack(x), count), x)


def test_places_are_reused_and_dead_gates_left_out() -> None:
    """A chain of a thousand gates needs a handful of places; gates that no output depends on none."""
    gates = 1000
    own = 2 + np.arange(gates)
    chain = make(BIT, 2, [XOR] * gates, [0, *own[:-1]], [1] * gates, [own[-1]])
    assert plan(chain).runs.places <= 4
    assert plan(make(BIT, 2, [XOR] * gates, [0, *own[:-1]], [1] * gates, [own[9]])).runs.gates == 10


def test_what_does_not_fit_is_refused() -> None:
    c = make(BIT, 2, [XOR], [0], [1], [2])
    with pytest.raises(ValueError, match=r"\[samples, 2\]"):
        simulate(c, np.zeros((3, 4)))
    with pytest.raises(ValueError, match="bits are"):
        simulate(c, np.full((3, 2), 2))
    with pytest.raises(ValueError, match="state"):
        simulate(c, np.zeros((3, 2)), np.zeros((3, 1)))
    with pytest.raises(ValueError, match="z<3>"):
        plan(make(Scalar("z", 3), 1, [], [], [], [0], kinds=()))
