"""Circuits on words of 64 samples mean what `ir.circuit.evaluate` says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits.interpreter import run
from pullback.backends.bits.plan import plan
from pullback.backends.bits.planner import TEXT
from pullback.backends.bits.samples import pack, simulate, unpack
from pullback.backends.numba.run import compile_numba
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import AND, NOT, XOR, Circuit, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
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
    assert plan(chain).places <= 4
    assert plan(make(BIT, 2, [XOR] * gates, [0, *own[:-1]], [1] * gates, [own[9]])).gates == 10


def layered(gates: int, reach: int, seed: int, inputs: int = 40, outputs: int = 30) -> Circuit:
    """A random circuit whose wires reach back at most so far, of gates of all kinds, constants and dead gates among them."""
    rng = np.random.default_rng(seed)
    own = inputs + np.arange(gates)
    left, right = (np.maximum(own - rng.integers(1, reach + 1, gates), 0) for _ in range(2))
    op = rng.choice([AND, XOR, *range(16)], gates)
    return make(BIT, inputs, op, left, right, rng.choice(own[-4 * outputs :], outputs))


@pytest.mark.parametrize(("gates", "reach"), [(300, 300), (1024, 60), (1025, 1000), (5000, 400), (5000, 5000), (3000, 2)])
@pytest.mark.parametrize("threads", (1, 3))
def test_large_circuits_mean_the_same(gates: int, reach: int, threads: int) -> None:
    """Over several windows of the planner, with runs of all kinds, and several blocks, the last one not full."""
    c = layered(gates, reach, gates + reach)
    count = 64 * 40 + 5 if threads == 1 else 64 * 1500 + 5
    x = np.random.default_rng(1).integers(0, 2, (count, c.inputs)).astype(bool)
    got = unpack(run(plan(c), pack(x), threads), count)
    some = np.r_[:50, count - 50 : count]
    np.testing.assert_array_equal(got[some], evaluate(c, x[some])[0])
    whole = np.random.default_rng(2).integers(0, count, 20)
    np.testing.assert_array_equal(got[whole], evaluate(c, x[whole])[0])


def test_the_planner_is_a_kernel_that_any_backend_runs() -> None:
    """Its machine code against the same kernel printed as Python."""
    kernel = parse(TEXT)
    verify(kernel)
    assert parse(show(kernel)) == kernel
    c = layered(200, 60, 3)
    f = compile_numba(kernel, jit=False)
    arrays = [a.astype(np.int64) for a in (c.op, c.left, c.right, c.outputs)]
    code, sources, results, facts = f(*arrays, 64, n=c.gates, f=c.first, w=c.wires, m=len(c.outputs), s=5 * c.gates)
    p = plan(c, window=64)
    assert facts.tolist() == [len(p.code), p.places, p.gates]
    np.testing.assert_array_equal(code[: facts[0]], p.code)
    np.testing.assert_array_equal(sources, p.sources)
    np.testing.assert_array_equal(results, p.results)


def test_constants_copies_and_inverters_cost_nothing() -> None:
    b = Builder(BIT, 2)
    not_x, one = b.negated(0), b.constant(1)
    outputs = [not_x, one, b.mul(not_x, one), b.add(not_x, one), b.gate(NOT, b.negated(1)), b.mul(0, b.mul(0, 0))]
    c = b.circuit(outputs)
    assert plan(c).gates == 0
    np.testing.assert_array_equal(simulate(c, all_inputs(c))[0], evaluate(c, all_inputs(c))[0])


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
