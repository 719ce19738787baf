"""`custom_rev`, `checkpoint`, `check_inverse`: what they make, what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import pullback as pb

M = pb.compile("""
def norm(x: f64[n], k: i64) -> f64 = f64(k) * sqrt(sum i: x[i]^2)
def back(x: f64[m], k: i64, dy: f64) -> f64[m] =
    let r = sqrt(sum i: x[i]^2)
    for i: if r > 0 then f64(k) * dy * x[i] / r else 0
def scalar(x: f64[m], k: i64, dy: f64) -> f64 = dy
def longer(x: f64[m], k: i64, dy: f64) -> f64[m + 1] = for i < m + 1: dy
def count(k: i64) -> i64 = k
def dot(x: f64[n], y: f64[n]) -> f64 = sum i: x[i] * y[i]
def tod(x: f64[a], y: f64[b], dz: f64) -> (f64[b], f64[a]) = (for i: dz * y[i], for i: dz * x[i])
def relax(x: f64[t], w: f64) -> f64 = fold s = 0 for k: (fold u = s for j < 3: tanh(w * u + x[k]))
def halve(x: f64, n: i64) -> f64 = fold s = x for k < n inverse 2 * s: s / 2
def third(x: f64, n: i64) -> f64 = fold s = x for k < n inverse 2 * s: s / 3
def turn(s: bit[n], by: i64) -> bit[n] = for i < n: s[(i + by) % n]
def rotate(x: bit[n], k: i64) -> bit[n] = fold s = x for j < k inverse turn(s, n - 1): turn(s, 1)
""")


def test_a_rule_of_ones_own() -> None:
    f = pb.custom_rev(M.norm, M.back)
    assert f is pb.custom_rev(M.norm, M.back)
    assert str(f.parameters) == str(M.norm.parameters)
    np.testing.assert_array_equal(pb.grad(f)(np.zeros(2), 3), np.zeros(2))
    pb.check_grads(f, (np.array([3.0, 4.0]), 2))
    with pytest.raises(pb.DerivativeFault):
        pb.check_grads(pb.custom_rev(M.norm, pb.compile(
            "def back(x: f64[n], k: i64, dy: f64) -> f64[n] = for i: dy * x[i]").back), (np.array([3.0, 4.0]), 2))  # fmt: skip


@pytest.mark.parametrize("rule", [M.scalar, M.longer, M.count, M.norm, M.tod])
def test_what_is_no_rule(rule: Any) -> None:
    with pytest.raises(pb.ArgumentFault, match="is no reverse rule of `norm`"):
        pb.custom_rev(M.norm, rule)


def test_sizes_must_be_those_of_the_function() -> None:
    """The rule for two sizes gives (f64[b], f64[a]), and with both n that is what it must be."""
    pb.check_grads(pb.custom_rev(M.dot, M.tod), (np.array([1.0, 2.0]), np.array([3.0, 5.0])))
    with pytest.raises(pb.ArgumentFault, match="has no reverse derivative"):
        pb.custom_rev(M.count, M.count)


@pytest.mark.parametrize("every", [None, 1, 4, 100])
def test_checkpointed_folds_have_the_same_derivatives(every: int | None) -> None:
    f = pb.checkpoint(M.relax, every)
    x = np.linspace(-1, 1, 23)
    np.testing.assert_allclose(f(x, 0.3), M.relax(x, 0.3), rtol=1e-15)
    for have, want in zip(pb.grad(f, (0, 1))(x, 0.3), pb.grad(M.relax, (0, 1))(x, 0.3), strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-11)
    np.testing.assert_allclose(pb.hessian(f, 1)(x, 0.3), pb.hessian(M.relax, 1)(x, 0.3), rtol=1e-9)
    assert f.as_text().count("checkpoint") == 2


@pytest.mark.parametrize("every", [0, -1, 2.5])
def test_checkpoints_come_every_so_many_steps(every: Any) -> None:
    with pytest.raises(pb.ArgumentFault, match="PB0609"):
        pb.checkpoint(M.relax, every)


def test_inverses_are_checked_step_by_step() -> None:
    pb.check_inverse(M.halve, (3.0, 5))
    pb.check_inverse(M.rotate, (np.array([True, False, False]), 4))
    with pytest.raises(pb.PullbackError, match="does not undo step 0: the state was 3, and comes back as 2"):
        pb.check_inverse(M.third, (3.0, 5))
    with pytest.raises(pb.ArgumentFault, match="no step with an inverse"):
        pb.check_inverse(M.halve, (3.0, 0))
    with pytest.raises(pb.ArgumentFault, match="no step with an inverse"):
        pb.check_inverse(M.relax, (np.ones(3), 0.5))


def test_a_wrong_inverse_gives_no_derivative() -> None:
    assert M.third(3.0, 2) == pytest.approx(1 / 3)
    assert pb.grad(M.third)(3.0, 0) == 1
    with pytest.raises(pb.IndexFault, match="PB0703"):
        pb.grad(M.third)(3.0, 5)
    assert pb.grad(M.halve)(3.0, 5) == 1 / 32
