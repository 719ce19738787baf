"""Reverse rules that a program gives: what they are used for, how often they can be derived, and what is no rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import DerivativeFault, PullbackError

NORM = """
def norm(x: f64[n]) -> f64 = sqrt(sum i: x[i]^2)
reverse norm(x, dy) =
    let r = norm(x)
    for i: if r > 0 then dy * x[i] / r else 0
"""


def test_a_rule_is_used_wherever_the_function_is_called() -> None:
    m = pb.compile(NORM + "def f(x: f64[n], y: f64[n]) -> f64 = norm(x) * norm(for i: y[i] + x[i])")
    zero, one = np.zeros(3), np.ones(3)
    gradient = pb.grad(m.f, (0, 1))(zero, one)
    np.testing.assert_array_equal(gradient[1], zero)
    assert np.isfinite(gradient[0]).all()
    pb.check_grads(m.f, ([0.3, -1.0], [0.5, 2.0]), order=3)


def test_only_the_rule_is_used() -> None:
    """A rule that is not the derivative, so that it shows: also in forward mode, which is its transpose."""
    m = pb.compile("""
def f(x: f64[n], k: i64) -> f64[n] = for i: floor(x[i]) * f64(k)
reverse f(x, k, dy) = for i: dy[n - 1 - i] * x[i] * 100
def g(x: f64[n]) -> f64 = sum i: f(x, 2)[i] * f64(i)
""")
    x = np.array([0.5, 1.5, 2.5])
    np.testing.assert_allclose(pb.grad(m.g)(x), 100 * x * [2, 1, 0])
    value, change = pb.jvp(m.g, (x,), (np.array([1.0, 10.0, 100.0]),))
    assert value == 2 * (1 * 1 + 2 * 2)
    np.testing.assert_allclose(change, 100 * x @ (np.array([1.0, 10.0, 100.0]) * [2, 1, 0]))


def test_records_sizes_and_discrete_parameters() -> None:
    m = pb.compile("""
type P = {w: f64[n], b: f64}
def take(k: i64, p: P, on: bool) -> {y: f64[k], z: f64, count: i64} =
    {y: for i < k: if on then p.w[i] else 0, z: p.b, count: k}
reverse take(k, {w, b: offset}, on, {y, z}) =
    {w: for j < n: if on and j < k then y[j] else 0, b: z + 0 * offset}
def f(p: P) -> f64 =
    let t = take(2, p, true)
    (sum i: t.y[i]^2 * f64(t.count)) * t.z
""")
    pb.check_grads(m.f, ({"w": np.array([0.5, 2.0, 3.0]), "b": 1.5},))


def test_a_rule_goes_with_its_function_into_other_files(tmp_path: Path) -> None:
    (tmp_path / "norms.pull").write_text(NORM)
    (tmp_path / "main.pull").write_text(
        "import norms\nfrom norms import norm as size\ndef f(x: f64[n]) -> f64 = size(x) + norms.norm(x)\n")
    gradient = pb.grad(pb.compile(tmp_path / "main.pull").f)(np.zeros(2))
    np.testing.assert_array_equal(gradient, np.zeros(2))


def test_a_rule_that_calls_its_function_has_three_derivatives() -> None:
    m = pb.compile("def f(x: f64) -> f64 = exp(x)\nreverse f(x, dy) = dy * f(x)")
    g = m.f
    for _ in range(3):
        g = pb.grad(g)
        assert g(0.5) == pytest.approx(np.exp(0.5))
    with pytest.raises(DerivativeFault, match="PB0506"):
        pb.grad(g)
    plain = pb.compile("def e(x: f64) = exp(x)\ndef f(x: f64) -> f64 = e(x)\nreverse f(x, dy) = dy * e(x)").f
    assert pb.grad(pb.grad(pb.grad(pb.grad(plain))))(0.5) == pytest.approx(np.exp(0.5))


@pytest.mark.parametrize(("text", "code", "said"), [
    ("def f(x: f64) -> f64 = x\nreverse f(x) = x", "PB0304", "takes 2 parameters, not 1"),
    ("def f(x: f64) -> f64 = x\nreverse f(x, dy) = (dy, dy)", "PB0301", "what the reverse rule of `f` gives"),
    ("def f(x: f64[n]) -> f64 = x[0]\nreverse f(x, dy) = for i < n + 1: dy", "PB0401", "what the reverse rule of `f` gives"),
    ("def f(x: f64) -> f64 = x\nreverse g(x, dy) = dy", "PB0201", "there is no function `g`"),
    ("def f(x: f64) -> f64 = x\nreverse f(x, dy) = dy\nreverse f(x, dz) = dz", "PB0202", "twice"),
    ("def f(k: i64) -> f64 = 1\nreverse f(k, dy) = dy", "PB0502", "no parameter to differentiate by"),
    ("def f(x: f64) -> i64 = 1\nreverse f(x, dy) = dy", "PB0503", "has no derivative"),
    ("def f(x: f64) -> f64 = x\nreverse f(x, dy) = dz", "PB0201", "unknown name `dz`"),
    ("def f(x: f64) -> f64 = x\nreverse f(x, x) = x", "PB0202", "twice"),
    ("def f(g: (f64) -> f64, x: f64) -> f64 = g(x)\nreverse f(g, x, dy) = dy\ndef h(x: f64) = f(fn t: t, x)", "PB0305",
     "takes a function"),
    ("def f(x: f64) -> f64 = f(x)\nreverse f(x, dy) = dy", "PB0206", "called from itself"),
])  # fmt: skip
def test_what_is_no_rule(text: str, code: str, said: str) -> None:
    with pytest.raises(PullbackError) as caught:
        pb.compile(text)
    assert caught.value.code == code
    assert said in caught.value.message
