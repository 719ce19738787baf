"""A loop that stands inside another over the same variable, or with the same carries: each keeps its own."""

import numpy as np
import pytest

import pullback as pb

m = pb.compile("""
def running(x: f64[n], a: f64[m]) -> f64[m] = scan s = (sum j: sin(x[j])) for i < m: tanh(s + a[i])

def nested(x: f64[n, n]) -> f64 =
    let rows = for j: fold s = 0.5 for i < n: s * x[j, i] + 1
    fold s = 0.5 for j < n: s * 2 + rows[j]

def scans(x: f64[n, n]) -> f64[n] =
    let rows = for j: scan s = 0.5 for i < n: tanh(s * x[j, i] + x[i, j])
    scan s = 0.5 for j < n: s * 2 + rows[j, n - 1 - j]

def loops(x: f64[n]) -> f64[n] =
    let steps = for j: fold s = x[j] while s < 10: s * 2 + 1
    scan s = 0.5 for j < n: s * 0.5 + steps[j]
""")


@pytest.mark.parametrize("name", ["nested", "scans", "loops"])
def test_a_loop_inside_a_loop(name):
    f, rng = m[name], np.random.default_rng(0)
    x = rng.random(3) if name == "loops" else rng.normal(size=(3, 3))
    slow = f.with_settings(backend="interpreter")
    np.testing.assert_allclose(f(x), slow(x), rtol=1e-13)
    for derivative in (pb.jacrev, pb.jacfwd):
        np.testing.assert_allclose(derivative(f)(x), derivative(slow)(x), rtol=1e-12)


def test_a_transposed_scan():
    """The columns of a Jacobian are scans over the index that its rows have."""
    rng = np.random.default_rng(0)
    x, a = rng.normal(size=2), rng.normal(size=5)
    expected = np.cos(x) * np.cumprod(1 - m.running(x, a) ** 2)[:, None]
    np.testing.assert_allclose(pb.jacfwd(m.running)(x, a), expected, rtol=1e-12)
    np.testing.assert_allclose(pb.jacrev(m.running)(x, a), expected, rtol=1e-12)
