"""Σ_i A v_i = A (Σ_i v_i): what a shared matrix does to many vectors is done once, to their sum."""

import numpy as np
import pytest

import pullback as pb
from pullback.ir.cost import cost

WHITENED = """
def f(m: f64[d, d], u: f64[d], s: f64[k], x: f64[n, d]) -> f64 =
    sum i, a: s[a] * sin(sum r: (sum c: m[r, c] * (x[i, c] - u[c])) ^ 2)
"""
TRIANGULAR = """
def f(m: f64[d, d], u: f64[d], s: f64[k], x: f64[n, d]) -> f64 =
    sum i, a: s[a] * sin(sum r: (m[r, r] * u[r] + (sum c < r: m[r, c] * (x[i, c] - u[c]))) ^ 2)
"""
SIGNED = """
def f(m: f64[d, d], u: f64[d], s: f64[k], x: f64[n, d]) -> f64 =
    sum i: -(sum r: exp(-(sum c: m[c, r] * u[c]) * x[i, r]) + s[0] * u[r])
"""


def arguments(n, d, k):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) / 3 for shape in ((d, d), (d,), (k,), (n, d))]


def flops(function, n, d, k):
    return cost(function.executable.kernel, {"n": n, "d": d, "k": k}).flops


@pytest.mark.parametrize("program", [WHITENED, TRIANGULAR, SIGNED])
@pytest.mark.parametrize("sizes", [(5, 3, 2), (1, 1, 1), (7, 4, 0), (4, 0, 3)])
def test_the_gradient_is_the_same(program, sizes):
    if program is SIGNED and sizes[2] == 0:
        sizes = (*sizes[:2], 1)
    g = pb.grad(pb.compile(program).f, argnums=(0, 1, 2))
    args = arguments(*sizes)
    meaning = g.with_settings(backend="interpreter")(*args)
    for have, want in zip(g(*args), meaning, strict=True):
        np.testing.assert_allclose(have, want, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("program", [WHITENED, TRIANGULAR])
def test_a_shared_matrix_is_applied_once(program):
    """By u the gradient's reverse half needs a vector for each i alone: more points cost no more products with the matrix."""
    f = pb.compile(program).f
    d = 40
    own, both = ([flops(h, n, d, 1) for n in (10, 20)] for h in (f, pb.grad(f, argnums=1)))
    assert both[1] - both[0] < 1.2 * (own[1] - own[0])


def test_a_sum_that_serves_one_contribution_serves_all():
    """Besides the spread contribution to u, its own element's is linear in the same vector."""
    f = pb.grad(pb.compile(TRIANGULAR).f, argnums=1)
    text = f.as_text("loops")
    per_point = text[text.index("< n parallel"):]
    per_point = per_point[: per_point.index("\n  }\n")]
    assert per_point.count("+=") == 1, per_point


def test_what_depends_on_the_place_stays():
    """The place itself differs from term to term: no sum can be made first."""
    program = "def f(p: f64[m], w: f64[n], at: i64[n]) -> f64 = sum i, j < 3: w[i] * p[(at[i] + j) % m] ^ 2"
    g = pb.grad(pb.compile(program).f, argnums=0)
    p, w, at = np.arange(4.0), np.arange(5.0), np.array([0, 3, 2, 2, 1])
    want = np.zeros(4)
    for i in range(5):
        for j in range(3):
            want[(at[i] + j) % 4] += 2 * w[i] * p[(at[i] + j) % 4]
    np.testing.assert_allclose(g(p, w, at), want)
