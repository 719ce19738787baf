"""Circuits over z<n> and sat<n> in machine code mean what `ir.circuit.evaluate` says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.bits.elements import element_bytes, elements, run_elements
from pullback.backends.bits.kernels import kernel
from pullback.backends.bits.samples import simulate
from pullback.backends.numba.run import compile_numba
from pullback.core.objects import Scalar
from pullback.ir.circuit.circuit import Bilinear, Circuit, Compare, make, uses
from pullback.ir.circuit.evaluate import evaluate
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds: an interpreter is compiled for each semiring

SMALL = [Scalar(kind, n) for kind in ("z", "sat") for n in (2, 3, 4, 5, 8)]
LARGE = [Scalar(kind, n) for kind in ("z", "sat")
         for n in (40, 41, 251, 256, 257, 1625, 1626, 65521, 65536, 65537, 2**21 + 1, 2**31 - 1, 2**31)]  # fmt: skip
"""About where a polynomial, and then a product, no longer fits into 16 and 32 bits; and the largest."""


def layered(ring: Scalar, gates: int, inputs: int = 20, reach: int = 100, seed: int = 0) -> Circuit:
    """A random circuit of gates of all shapes, some of which nobody reads, with the greatest coefficients among them."""
    rng, top = np.random.default_rng(seed), (ring.modulus or 2) - 1
    drawn = (Bilinear(*(int(v) for v in rng.integers(0, top + 1, 4))) for _ in range(8))
    kinds = (Bilinear(0, 1, 1, 0), Bilinear(0, 0, 0, 1), Compare(), Bilinear(top, top, top, top), Bilinear(1, 0, 0, 0), *drawn)
    own = inputs + np.arange(gates)
    left, right = (np.maximum(own - rng.integers(1, reach + 1, gates), 0) for _ in range(2))
    return make(ring, inputs, rng.integers(0, len(kinds), gates), left, right, own[-15:], kinds=kinds)


@pytest.mark.parametrize("ring", SMALL, ids=str)
@given(data=st.data())
def test_small_circuits_mean_the_same(ring: Scalar, data: st.DataObject) -> None:
    c = data.draw(circuits(ring))
    x = all_inputs(c)[:2000]
    got = simulate(c, x[:, : c.inputs], x[:, c.inputs :])
    for a, b in zip(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), got, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("ring", [*SMALL, *LARGE], ids=str)
def test_nothing_overflows(ring: Scalar) -> None:
    c, top = layered(ring, 600), (ring.modulus or 2) - 1
    x = np.random.default_rng(1).integers(0, top + 1, (150, c.inputs))
    x[:40] = np.where(x[:40] % 2, top, x[:40] % 3 % (top + 1))
    np.testing.assert_array_equal(simulate(c, x)[0], evaluate(c, x)[0])


@pytest.mark.parametrize("count", (0, 1, 2, 63, 64, 65, 511, 512, 513, 5000))
@pytest.mark.parametrize("threads", (1, 3))
def test_any_number_of_samples(count: int, threads: int) -> None:
    c = layered(Scalar("z", 7), 2000)
    x = np.random.default_rng(count).integers(0, 7, (count, c.inputs))
    np.testing.assert_array_equal(run_elements(elements(c), x.T, threads).T, evaluate(c, x)[0])


def test_more_places_than_the_cache_holds() -> None:
    c = layered(Scalar("z", 2**31), 2000, reach=2000)
    c = replace(c, outputs=np.arange(c.first, c.wires, dtype=np.int32))
    made = elements(c)
    assert made.places * 1024 > 512 << 10
    x = np.random.default_rng(1).integers(0, 2**31, (300, c.inputs))
    np.testing.assert_array_equal(run_elements(made, x.T).T, evaluate(c, x)[0])


def test_elements_are_as_narrow_as_products_let_them_be() -> None:
    assert [element_bytes(Scalar("z", n)) for n in (2, 256, 257, 2**16, 2**16 + 1, 2**31)] == [2, 2, 4, 4, 8, 8]


def test_places_are_reused_and_dead_gates_left_out() -> None:
    own, ring, kinds = 2 + np.arange(1000), Scalar("z", 5), (Bilinear(0, 1, 1, 0),)
    chain = make(ring, 2, [0] * 1000, [0, *own[:-1]], [1] * 1000, [own[-1]], kinds=kinds)
    assert elements(chain).places <= 4
    assert elements(replace(chain, outputs=np.array([own[9]], dtype=np.int32))).gates == 10
    squares = make(ring, 1, [0] * 50, np.arange(50), np.arange(50), [50], kinds=(Bilinear(0, 0, 0, 1),))
    assert elements(squares).places == 2  # a wire read twice by one gate gives its place back once


def test_the_kernel_means_the_same_as_python() -> None:
    c = layered(Scalar("sat", 4), 200)
    roots = np.concatenate((c.outputs, c.next))
    given = [np.ascontiguousarray(a, dtype=np.int64) for a in (c.op, c.left, c.right, *uses(c), roots)]
    python = compile_numba(replace(kernel("places"), name="places"), jit=False)
    code, sources, results, facts = python(*given, n=c.gates, f=c.first, w=c.wires, m=len(roots), s=4 * c.gates)
    made = elements(c)
    assert facts.tolist() == [made.gates, made.places]
    for got, want in ((code[: 4 * made.gates], made.code), (sources, made.sources), (results, made.results)):
        np.testing.assert_array_equal(got, want)


def test_what_is_no_element_is_refused() -> None:
    c = layered(Scalar("z", 5), 10)
    for value in (-1, 5, 2**16):
        with pytest.raises(ValueError, match="elements of z<5> are 0 to 4"):
            simulate(c, np.full((2, c.inputs), value))
