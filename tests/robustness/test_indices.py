"""No index is taken to be inside that is not: at every edge machine code reads, or raises, as the interpreter does."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import PullbackError

PROGRAMS = (
    "def f(x: f64[n], k: i64) = sum i < n: x[i + k]",
    "def f(x: f64[n], k: i64) = sum i < n: x[i + 1]",
    "def f(x: f64[n], k: i64) = sum i < n: x[n - i]",
    "def f(x: f64[n], k: i64) = sum i < n: x[n - 1 - i]",
    "def f(x: f64[n], k: i64) = sum i < n: x[i - 1]",
    "def f(x: f64[n], k: i64) = sum i < n: if i + 1 < n then x[i + 1] else 0",
    "def f(x: f64[n], k: i64) = sum i < n: if i + 1 <= n then x[i + 1] else 0",
    "def f(x: f64[n], k: i64) = if k >= 0 and k < n then x[k] else -1",
    "def f(x: f64[n], k: i64) = if k >= 0 and k <= n then x[k] else -1",
    "def f(x: f64[n], k: i64) = if k > -2 and k < n then x[k] else -1",
    "def f(x: f64[n], k: i64) = if k > 0 and n > k then x[k - 1] else -1",
    "def f(x: f64[n], k: i64) = if k >= 0 and n >= k then x[k] else -1",
    "def f(x: f64[n], k: i64) = if not (k >= n) and not (k < 0) then x[k] else -1",
    "def f(x: f64[n], k: i64) = if not (k > n) and not (k < 0) then x[k] else -1",
    "def f(x: f64[n], k: i64) = if not (k < 1) and k < n + 2 then x[k - 2] else -1",
    "def f(x: f64[n], k: i64) = if k < 1 then -1 else (if k < n + 2 then x[k - 2] else -1)",
    "def f(x: f64[n], k: i64) = if k < 0 or k >= n then -1 else x[k]",
    "def f(x: f64[n], k: i64) = if k < 0 then x[0] else x[k]",
    "def f(x: f64[n], k: i64) = if k == n then x[k] else -1",
    "def f(x: f64[n], k: i64) = if k == n - 1 and k >= 0 then x[k] else -1",
    "def f(x: f64[n], k: i64) = (sum i < n: x[i]) + (for j < 3: f64(j))[k % 4]",
    "def f(x: f64[n], k: i64) = (sum i < n: x[i]) + (for j < 4: f64(j))[k % 4]",
    "def f(x: f64[n], k: i64) = (sum i < n: x[i]) + (for j < 5: f64(j))[k % 5]",
    "def f(x: f64[n], k: i64) = sum i < n: x[min(i + 1, n - 1)]",
    "def f(x: f64[n], k: i64) = sum i < n: x[max(i - 1, 0)]",
    "def f(x: f64[n], k: i64) = sum i < n: x[max(i - k, 0)]",
    "def f(x: f64[n], k: i64) = sum i < n, j < i: x[j + 1] * x[i - 1 - j]",
    "def f(x: f64[n], k: i64) = sum i < n, j < i: x[i + j]",
    "def f(x: f64[n], k: i64) = sum i < n, j < i + 1: x[j] * x[i - j]",
    "def f(x: f64[n], k: i64) = sum i < n // 2: x[2 * i + 1]",
    "def f(x: f64[n], k: i64) = sum i < n: x[(i + k) % n]",
    "def f(x: f64[n], k: i64) = sum i < n: x[k % n]",
    "def f(x: f64[n], k: i64) = sum i < n + 1: x[i % n]",
    "def f(x: f64[n], k: i64) = sum i < n - 1: x[(i + k) % n]",
    "def f(x: f64[n], k: i64) = sum i < n: x[(i + 1) % (n + 1)]",
    "def f(x: f64[n], k: i64) = sum i < n: x[(i + 1) % (n - 1)]",
    "def f(x: f64[n], k: i64) = sum i < n: x[i % k]",
    "def f(x: f64[n], k: i64) = sum i < n, j < 3: x[(i + j) % (i + 1)]",
    "def f(x: f64[n], k: i64) = sum i < (n + 1) // 2: x[2 * i]",
    "def f(x: f64[n], k: i64) = sum i < (n + 1) // 2: x[2 * i + 1]",
    "def f(x: f64[n], k: i64) = sum i < n: if x[i] > 2 then x[i] else x[i + k]",
)


@pytest.mark.parametrize("source", PROGRAMS)
def test_machine_code_reads_what_the_interpreter_reads(source: str) -> None:
    f = pb.compile(source).f
    meaning = f.with_settings(backend="interpreter")
    for n in (0, 1, 2, 3, 4):
        x = np.arange(1.0, n + 1)
        for k in (-2, -1, 0, 1, n - 1, n, n + 1, 2**62, -(2**62)):
            assert outcome(f, x, k) == outcome(meaning, x, k), f"n = {n}, k = {k}"


def outcome(f: object, x: np.ndarray, k: int) -> object:
    try:
        return f(x, k)  # type: ignore[operator]
    except IndexError:
        return "outside"
    except PullbackError as fault:
        return fault.code


def test_a_remainder_by_the_length_of_the_loop_is_not_checked() -> None:
    """Inside the loop it is above 0; outside of it nothing is read where it is not."""
    f = pb.compile("def f(x: f64[n], k: i64) = sum i < n: x[(i + k) % n] * x[k % n]").f
    assert "assure" not in f.as_text("graph") and "check" not in f.as_text("schedule")
    assert f(np.zeros(0), 3) == 0


def test_some_of_these_do_reach_outside() -> None:
    """Else the comparison would say little."""
    outside = 0
    for source in PROGRAMS:
        f = pb.compile(source).f.with_settings(backend="interpreter")
        outside += any(outcome(f, np.arange(3.0), k) == "outside" for k in (-1, 3))
    assert outside >= 10


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_nothing_is_checked_at_the_place_of_a_winner_where_nothing_won(n: int) -> None:
    """The change of a minimum is that of its winner; among none there is no remainder by n = 0 to be refused."""
    f = pb.compile("def f(x: f64[n]) -> f64 = tanh(min i in 1..n: tanh(x[n - 1 - i] + x[(i + 1) % n]))").f
    x, dx = np.arange(1.0, n + 1), np.ones(n)
    meant = pb.jvp(f.with_settings(backend="interpreter"), (x,), (dx,))
    np.testing.assert_allclose(pb.jvp(f, (x,), (dx,)), meant, rtol=1e-12)
