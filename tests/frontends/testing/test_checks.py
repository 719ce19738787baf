"""The checks pass what is right, and name what is wrong with its smallest counterexample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import pullback as pb
from pullback.backends.executable import Executable
from pullback.core.errors import ArgumentFault
from pullback.core.objects import F64
from pullback.frontends.testing.laws import Difference
from pullback.testing import (
    LawBroken,
    Seeded,
    check_backends,
    check_custom_rule,
    check_grads,
    check_inverse,
    check_lens,
    check_linear,
    check_rdc,
    check_semiring,
    grown,
)

pytestmark = pytest.mark.slow  # together they take many seconds

TEXT = """
def loss(w: f64[d], xs: f64[n, d]) -> f64 = mean i: tanh(sum j: w[j] * xs[i, j])^2
def scaled(x: f64[n], a: f64) -> f64[n] = for i: x[i] * a
def majority(a: bit, b: bit, c: bit) -> bit = a*b + b*c + c*a
def ramp(k: i64, a: f64) -> f64[k] = for i < k: a * f64(i)
def shares(x: f64[n, m]) -> f64[n] = for i:
    let most = max j: x[i, j]
    sum j: exp(x[i, j] - most)
def kinked(x: f64[n]) -> f64 = sum i: abs(x[i] - 1) + max(x[i], 0.5)

def product(x: f64, y: f64) -> f64 = x * x * y
reverse product(x, y, dx) = (dx * 2 * x * y, dx * x * x)
def wrong(x: f64, y: f64) -> f64 = x * x * y
reverse wrong(x, y, dx) = (dx * x * y, dx * x * x)
def crooked(x: f64) -> f64 = x
reverse crooked(x, dy) = dy * dy

def swing(q: f64, p: f64) -> f64 =
    let (a, b) = fold (s, t) = (q, p) for i < 4 inverse (s - t, t): (s + t, t)
    a + b
def swong(q: f64, p: f64) -> f64 =
    let (a, b) = fold (s, t) = (q, p) for i < 4 inverse (s - 2 * t, t): (s + t, t)
    a + b

def shorter(x: f64[n], y: f64[n - 1]) -> f64 = sum i < n: x[i] * (if i < n - 1 then y[i] else 1)
def wide(x: f64[30, 20]) -> f64 = sum i: x[i, 0]

def get(x: f64[n], y: f64) -> f64 = y
def put(x: f64[n], y: f64, z: f64) -> (f64[n], f64) = (x, z)
def add(x: f64[n], y: f64, z: f64) -> (f64[n], f64) = (x, y + z)
def outside(x: f64[n]) -> f64 = x[n]
"""


@pytest.fixture(scope="module")
def m() -> Any:
    return pb.compile(TEXT.replace("x[n]\n", "x[i64(n)]\n"))


@pytest.mark.parametrize("name", ["loss", "majority", "product", "ramp"])
def test_what_is_right_passes(m: Any, name: str) -> None:
    check_rdc(m[name], examples=3)
    check_backends(m[name], examples=5)
    if name != "majority":
        check_grads(m[name], examples=5)


def test_what_is_right_passes_at_given_arguments(m: Any) -> None:
    args = (np.array([0.5, 2.0]), np.ones((3, 2)))
    check_rdc(m.loss, args)
    check_grads(m.loss, args)
    check_backends(m.loss, args)
    check_custom_rule(m.product, examples=5)
    check_inverse(m.swing, examples=5)
    check_lens(m.get, m.put, examples=5)
    check_linear(m.scaled, wrt=["x"], examples=5)
    check_semiring("z<7>")


def test_the_largest_of_nothing_in_finer_arithmetic(m: Any) -> None:
    """It is -∞ whatever carries it, and nobody reads it (found by verifying an attention of no keys)."""
    check_grads(m.shares, (np.zeros((2, 0)),))


def test_sizes_fit_and_may_be_large(m: Any) -> None:
    check_backends(m.shorter, examples=10)
    check_backends(m.wide, examples=3)


def test_kinks_are_no_errors(m: Any) -> None:
    check_grads(m.kinked, examples=20)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda m: check_rdc(m.wrong), r"`wrong` fails RD\.7: "),
        (lambda m: check_rdc(m.crooked), r"`crooked` fails RD\.2: "),
        (lambda m: check_grads(m.wrong), r"`wrong` fails difference quotients: "),
        (lambda m: check_custom_rule(m.wrong), r"`wrong` fails difference quotients: "),
        (lambda m: check_inverse(m.swong), r"the inverse does not undo step 0"),
        (lambda m: check_linear(m.scaled), r"f\(v \+ w\) and f\(v\) \+ f\(w\) differ: \[4\.\] and \[2\.\]"),
        (lambda m: check_lens(m.get, m.add), r"get\(put\(s, a\)\) and a differ: 2\. and 1\."),
    ],
)
def test_what_is_wrong_is_named(m: Any, check: Callable[[Any], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said) as caught:
        check(m)
    assert "=1" in str(caught.value).replace("'", "").replace("[", "") or "inverse" in said, "the smallest arguments"


@pytest.mark.parametrize("check", [lambda m: check_custom_rule(m.loss), lambda m: check_inverse(m.loss)])
def test_a_check_of_nothing_does_not_pass(m: Any, check: Callable[[Any], None]) -> None:
    with pytest.raises(pb.ArgumentFault, match="loss"):
        check(m)


def test_a_function_that_never_runs_is_not_verified(m: Any) -> None:
    with pytest.raises(pb.ArgumentFault, match="no arguments on which `outside` runs"):
        check_backends(m.outside)


def test_a_backend_that_is_wrong_is_found(m: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    right = Executable.__call__

    def call(self: Executable, *args: Any) -> Any:
        results = right(self, *args)
        return tuple(np.asarray(r) + 1e-6 for r in results) if self.settings.threads == 2 else results

    monkeypatch.setattr(Executable, "__call__", call)
    with pytest.raises(AssertionError, match="by LLVM, two threads is"):
        check_backends(m.loss)


def test_a_counterexample_is_a_program_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    program = grown(Seeded(3))
    monkeypatch.setattr("pullback.frontends.testing.checks.broken", lambda law, case: Difference("both sides", F64, 0.0, 1.0))
    with pytest.raises(LawBroken, match=r"pullback run found\.pull f") as caught:
        check_rdc(program, examples=2)
    assert "def f(" in str(caught.value)


def test_a_wrong_number_is_told_whatever_else_is_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only sides that part for a NaN are excused by one that is made on the way."""
    program = pb.compile("def f(x: f64) =\n    let a = mean k < 0: x\n    (x, for i < 0: a)").f
    for left, error in ((2.0, LawBroken), (np.nan, ArgumentFault)):  # the latter: at no point is there anything to say
        found = Difference("both sides", F64, np.asarray(left), np.asarray(1.0))
        monkeypatch.setattr("pullback.frontends.testing.checks.broken", lambda law, case, found=found: found)
        with pytest.raises(error):
            check_rdc(program, examples=3)
