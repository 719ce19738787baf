"""Indices that are remainders of a loop's index: rows that turn from the last place to the first, read, added to, written."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import PullbackError

SIZES = (1, 2, 3, 7, 8, 9, 16, 31, 63, 64, 65, 127, 130, 200)
SHIFTS = (0, 1, -1, 5, 64, -130)

PROGRAM = """
def shifted(w: f64[n], k: i64) -> f64[n] = for i < n: w[(i + k) % n]
def rows(w: f64[m, n], k: i64) -> f64[m, n] = for j < m, i < n: w[j, (i + k) % n] - w[(j + k) % m, i]
def often(w: f64[m], x: f64[n]) -> f64[n] = for i < n: if x[i] > 0 then w[(i + 3) % m] * x[i] else w[(2 * i) % m]
def numbers(n: i64, k: i64, d: i64) -> f64[n] = for i < n: f64((i + k) % d)
"""


@pytest.fixture(scope="module")
def programs():
    return pb.compile(PROGRAM)


def whole(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).integers(-9, 10, shape).astype(float)


def test_rows_that_are_read_from_another_place_on(programs) -> None:
    for n, k in product(SIZES, SHIFTS):
        w = whole(n)
        np.testing.assert_array_equal(programs.shifted(w, k), np.roll(w, -k), err_msg=f"{n} {k}")
    assert programs.shifted(np.zeros(0), 1).shape == (0,)


def test_and_are_added_to(programs) -> None:
    """The reverse adds each element to the place that it came from."""
    back = pb.reverse(programs.shifted)
    for n, k in product(SIZES, SHIFTS):
        c = whole(n)
        np.testing.assert_array_equal(back(c, k, c), np.roll(c, k), err_msg=f"{n} {k}")


@pytest.mark.parametrize("n", SIZES)
def test_in_either_axis(programs, n: int) -> None:
    back = pb.reverse(programs.rows)
    for m, k in product((1, 3, 20), SHIFTS):
        w = whole(m, n)
        np.testing.assert_array_equal(programs.rows(w, k), np.roll(w, -k, 1) - np.roll(w, -k, 0))
        np.testing.assert_array_equal(back(w, k, w), np.roll(w, k, 1) - np.roll(w, k, 0))


def test_turning_often_and_in_some_lanes_only(programs) -> None:
    """Rows shorter than the loop, also than its lanes, which meet in one place then."""
    back = pb.reverse(programs.often)
    for m, n in product((1, 2, 7, 8, 63, 64, 100), (1, 8, 64, 65, 300)):
        w, x, c = whole(m), whole(n), whole(n) + 0.5
        i = np.arange(n)
        np.testing.assert_array_equal(programs.often(w, x), np.where(x > 0, w[(i + 3) % m] * x, w[2 * i % m]))
        dw, dx = np.zeros(m), np.where(x > 0, w[(i + 3) % m] * c, 0)
        np.add.at(dw, np.where(x > 0, (i + 3) % m, 2 * i % m), np.where(x > 0, x * c, c))
        have = back(w, x, c)
        np.testing.assert_array_equal(have[0], dw, err_msg=f"{m} {n}")
        np.testing.assert_array_equal(have[1], dx)


def test_remainders_have_the_sign_of_the_divisor(programs) -> None:
    for n, k, d in product((1, 64, 300), (-7, 0, 3), (-100, -5, 1, 5, 64, 1000)):
        np.testing.assert_array_equal(programs.numbers(n, k, d), (np.arange(n) + k) % d)
    with pytest.raises(PullbackError, match="PB0702"):
        programs.numbers(70, 0, 0)


STORED = """
kernel f(x: f64[n], k: i64, m: i64; n) -> (y: f64[m]) {
  fill y with -1.0
  for i < n parallel {
    a: f64 = x[i]
    t: i64 = iadd(i, k)
    j: i64 = imod(t, m)
    y[j] = a
  }
}
"""


@pytest.mark.parametrize("lanes", [2, 8, 32])
def test_written(llvm, lanes: int) -> None:
    f = llvm(STORED, lanes)
    for n, more, k in product(SIZES, (0, 1, 40), (0, 1, 5, -3)):
        x, y = whole(n), np.full(n + more, -1.0)
        y[(np.arange(n) + k) % (n + more)] = x
        np.testing.assert_array_equal(f(x, k, n + more)[0], y, err_msg=f"{n} {more} {k}")
