"""Branches inside loops over arrays: their reverse takes as long as they do, up to a factor."""

import numpy as np
import pytest

import pullback as pb
from pullback.ir.cost import cost

CHOLESKY = """
def cholesky(a: f64[n, n]) -> f64[n, n] =
    fold l = (for i < n, j < n: 0.0) for k < n:
        let d = sqrt(a[k, k] - (sum r < k: l[k, r]^2))
        for i, j: if j == k and i >= k then (if i == k then d else (a[i, k] - (sum r < k: l[i, r] * l[k, r])) / d) else l[i, j]
def f(a: f64[n, n]) -> f64 =
    let l = cholesky(a)
    2 * (sum i: log(l[i, i]))
"""
ROWS = """
def f(a: f64[n, n]) -> f64 =
    let b = fold s = a for k < n: for i, j: if i == k then (if j > k then s[i, j] * s[k, k] else s[j, i]) else s[i, j] / 2
    sum i, j: b[i, j]^2
"""


@pytest.fixture
def definite():
    rng = np.random.default_rng(2)
    a = rng.normal(size=(7, 7))
    return a @ a.T + 7 * np.eye(7)


@pytest.mark.parametrize("program", [CHOLESKY, ROWS])
def test_the_gradient_is_the_same(program, definite):
    g = pb.grad(pb.compile(program).f)
    np.testing.assert_allclose(g(definite), g.with_settings(backend="interpreter")(definite), rtol=1e-12, atol=1e-13)


def test_of_the_logarithm_of_a_determinant_it_is_the_inverse(definite):
    g = pb.grad(pb.compile(CHOLESKY).f)(definite)  # of the lower triangle, which alone is read
    np.testing.assert_allclose(np.tril(g) / (2 - np.eye(7)), np.tril(np.linalg.inv(definite)), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("program", [CHOLESKY, ROWS])
def test_it_takes_a_few_times_as_long_at_any_size(program):
    f = pb.compile(program).f
    for n in (16, 128):
        value, both = (cost(g.executable.kernel, {"n": n}) for g in (f, pb.value_and_grad(f)))
        assert both.flops < 8 * value.flops and both.loads < 8 * value.loads
