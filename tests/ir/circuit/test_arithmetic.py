"""Circuits that count, compare and choose do what Python's numbers do."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.objects import BIT
from pullback.ir.circuit.arithmetic import count, exceeds, gates, insert, lookup, total, winner
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import BITS, Circuit
from pullback.ir.circuit.evaluate import evaluate


def rows(inputs: int) -> np.ndarray:
    return (np.arange(2**inputs)[:, None] >> np.arange(inputs) & 1).astype(bool)


def number(bits: np.ndarray) -> np.ndarray:
    return bits @ (1 << np.arange(bits.shape[1]))


@pytest.mark.parametrize("n", range(9))
def test_count_is_the_number_of_ones(n: int) -> None:
    b = Builder(BIT, inputs=n)
    x = rows(n)
    np.testing.assert_array_equal(number(evaluate(b.circuit(count(b, range(n))), x)[0]), x.sum(axis=1))


def test_counting_takes_about_five_gates_a_bit() -> None:
    b = Builder(BIT, inputs=1000)
    assert b.circuit(count(b, range(1000))).gates < 5 * 1000


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5).filter(lambda sizes: sum(sizes) <= 10))
def test_total_is_the_sum(sizes: list[int]) -> None:
    b, starts = Builder(BIT, inputs=sum(sizes)), np.cumsum([0, *sizes])
    words = [range(at, at + size) for at, size in zip(starts, sizes, strict=False)]
    x = rows(sum(sizes))
    found = evaluate(b.circuit(total(b, words)), x)[0]
    np.testing.assert_array_equal(number(found), sum(number(x[:, list(w)]) for w in words))


@pytest.mark.parametrize(("m", "n"), [(0, 2), (1, 1), (3, 3), (4, 2), (2, 4)])
def test_exceeds_is_greater_than(m: int, n: int) -> None:
    b = Builder(BIT, inputs=m + n)
    x = rows(m + n)
    found = evaluate(b.circuit([exceeds(b, range(m), range(m, m + n))]), x)[0][:, 0]
    np.testing.assert_array_equal(found, number(x[:, :m]) > number(x[:, m:]))


@pytest.mark.parametrize("sizes", [(2,), (1, 1, 1, 1, 1), (2, 3, 1), (3, 3, 3), (2, 2, 2, 2)])
def test_the_winner_is_the_first_of_the_highest(sizes: tuple[int, ...]) -> None:
    b, starts = Builder(BIT, inputs=sum(sizes)), np.cumsum([0, *sizes])
    words = [range(at, at + size) for at, size in zip(starts, sizes, strict=False)]
    x = rows(sum(sizes))
    scores = np.stack([number(x[:, list(w)]) for w in words], axis=1)
    expected = np.eye(len(sizes), dtype=bool)[scores.argmax(axis=1)]
    np.testing.assert_array_equal(evaluate(b.circuit(winner(b, words)), x)[0], expected)


def test_a_circuit_inserted_into_another_reads_the_wires_it_is_given() -> None:
    part = Builder(BIT, inputs=2)
    adder: Circuit = part.circuit([part.add(0, 1), part.mul(0, 1), part.constant(1)])
    b = Builder(BIT, inputs=3)
    x = rows(3)
    found = evaluate(b.circuit(insert(b, adder, [2, 0])), x)[0]
    np.testing.assert_array_equal(found, np.stack([x[:, 2] ^ x[:, 0], x[:, 2] & x[:, 0], np.ones(8, bool)], axis=1))


@given(st.integers(0, 5), st.integers(0, 3), st.randoms(use_true_random=False))
def test_a_lookup_reads_the_row(digits: int, columns: int, random: Random) -> None:
    table = np.array([[random.random() < 0.4 for _ in range(columns)] for _ in range(2**digits)]).reshape(2**digits, columns)
    b = Builder(BIT, inputs=digits)
    np.testing.assert_array_equal(evaluate(b.circuit(lookup(b, range(digits), table)), rows(digits))[0], table)


def test_equal_choices_are_made_once() -> None:
    """Parity has 1024 rows, but at each digit only two that differ."""
    b = Builder(BIT, inputs=10)
    parity = rows(10).sum(axis=1)[:, None] % 2
    assert b.circuit(lookup(b, range(10), parity)).gates < 8 * 10
    with pytest.raises(ValueError, match="4 bits"):
        lookup(b, range(4), parity)


def test_a_layer_has_all_sixteen_gates() -> None:
    b = Builder(BIT, inputs=2)
    found = evaluate(b.circuit(gates(b, range(16), [0] * 16, [1] * 16, [0, 1])), rows(2))[0]
    assert len({tuple(column) for column in found.T.tolist()}) == len(BITS)
