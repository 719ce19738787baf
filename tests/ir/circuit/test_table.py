"""Tables become circuits, and circuits tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.circuit import Bilinear, Circuit, Compare
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.table import interpolate, synthesise, tabulate
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take some seconds

Z3 = Scalar("z", 3)
RINGS = (BIT, Z3, *(Scalar("z", n) for n in (4, 5, 6)), *(Scalar("sat", n) for n in (2, 3, 4)))


@given(st.sampled_from((BIT, Z3, Scalar("sat", 3))).flatmap(circuits))
def test_a_table_has_a_row_for_each_combination(c: Circuit) -> None:
    x = all_inputs(c)
    np.testing.assert_array_equal(tabulate(c), np.concatenate(evaluate(c, x[:, : c.inputs], x[:, c.inputs :]), axis=1))


@pytest.mark.parametrize("ring", RINGS, ids=str)
@given(data=st.data())
def test_the_circuit_of_a_table_has_that_table(ring: Scalar, data: st.DataObject) -> None:
    n = ring.modulus or 2
    rows, columns = n ** data.draw(st.integers(0, 3 if n < 4 else 2)), data.draw(st.integers(0, 3))
    flat = data.draw(st.lists(st.integers(0, n - 1), min_size=rows * columns, max_size=rows * columns))
    table = np.array(flat, dtype=int).reshape(rows, columns)
    np.testing.assert_array_equal(tabulate(synthesise(table, ring)), table)


@pytest.mark.slow
@pytest.mark.parametrize("how", ("compare", "polynomial"))
def test_every_binary_function_over_z3(how: str) -> None:
    """All 3⁹ of them, as the outputs of one circuit: about one gate each."""
    functions = np.array(np.unravel_index(np.arange(3**9), (3,) * 9))
    c = synthesise(functions, Z3, how)
    np.testing.assert_array_equal(tabulate(c), functions)
    assert any(isinstance(k, Compare) for k in c.kinds) == (how == "compare")
    assert c.gates < 1.01 * 3**9


@pytest.mark.parametrize("p", (2, 3, 5, 7))
def test_over_a_prime_every_function_of_one_element_is_a_polynomial(p: int) -> None:
    rng = np.random.default_rng(p)
    for values in rng.integers(0, p, (50, p)).tolist():
        polynomial = interpolate(values)
        assert [sum(c * s**j for j, c in enumerate(polynomial)) % p for s in range(p)] == values


def test_there_may_be_more_than_256_kinds_of_gates() -> None:
    table = np.random.default_rng(0).integers(0, 257, 257)
    c = synthesise(table, Scalar("z", 257))
    assert len(c.kinds) > 256
    np.testing.assert_array_equal(tabulate(c)[:, 0], table)


def test_minterms_are_shared() -> None:
    """The parity of eight bits takes seven gates, the sum of eight as a threshold fewer than a minterm each."""
    ones = np.array([r.bit_count() for r in range(256)])
    assert synthesise(ones % 2).gates == 7
    assert synthesise(ones >= 4).gates < 60


@given(st.lists(st.booleans(), min_size=8, max_size=8))
def test_over_bit_the_polynomial_is_the_algebraic_normal_form(values: list[bool]) -> None:
    """No square of an input occurs, and there is but one such polynomial; so the derivative of the circuit, as polynomials, is
    that of the function: f(x + eᵢ) + f(x)."""

    c = synthesise(np.array(values))
    one, sets = frozenset[int](), list[frozenset[frozenset[int]]]()
    sets += [frozenset([frozenset([k])]) for k in range(3)]
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        kind = c.kinds[op]
        assert isinstance(kind, Bilinear)
        total = frozenset([one]) if kind.constant else frozenset()
        total ^= (sets[a] if kind.left else frozenset()) ^ (sets[b] if kind.right else frozenset())
        if kind.both:
            for m in sets[a]:
                for k in sets[b]:
                    assert not m & k
                    total ^= frozenset([m | k])
        sets.append(total)


def test_what_is_no_table_is_refused() -> None:
    for table, ring, how, words in (
        ([0, 1, 2], BIT, "compare", "power of 2"),
        ([0, 2], BIT, "compare", "no element"),
        ([0, 1, 2, 3], Scalar("z", 4), "polynomial", "prime"),
        ([0, 1, 2], Scalar("sat", 3), "polynomial", "no polynomial"),
        ([0.0], Scalar("f64"), "compare", "finite"),
    ):
        with pytest.raises(ValueError, match=words):
            synthesise(table, ring, how)
