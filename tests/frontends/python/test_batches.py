"""`vmap`, `jacobian`, `linearize`: what they give is what the plain transformations give, one at a time."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb

m = pb.compile("""
type Params = {w: f64[n, d], b: f64[n]}
def loss(params: Params, x: f64[d], y: f64) -> f64 = ((sum i: tanh((sum j: params.w[i, j] * x[j]) + params.b[i])) - y)^2
def layer(a: f64[n, d], x: f64[d]) -> f64[n] = for i: tanh(sum j: a[i, j] * x[j])
def picked(x: f64[n], k: i64) -> f64 = x[k]^2
def head(x: f64[n], k: i64) -> f64[k] = for i < k: 2 * x[min(i, n - 1)]
def wide(x: f64[n], b: f64[h, n], c: f64[m, h]) -> f64[m] = for i: tanh(sum k: c[i, k] * tanh(sum j: b[k, j] * x[j]))
def deep(x: f64[n]) -> f64[2] =
    let s = scan s = 0.0 for i < n: tanh(s + x[i])
    [s[n - 1], s[n - 1]^2]
""")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_a_gradient_for_every_sample(rng: np.random.Generator) -> None:
    params = {"w": rng.normal(size=(3, 2)), "b": rng.normal(size=3)}
    xs, ys = rng.normal(size=(5, 2)), rng.normal(size=5)
    every = pb.vmap(pb.grad(m.loss), (None, 0, 0))(params, xs, ys)
    for k in range(5):
        one = pb.grad(m.loss)(params, xs[k], ys[k])
        np.testing.assert_allclose(every["w"][k], one["w"], rtol=1e-13)
        np.testing.assert_allclose(every["b"][k], one["b"], rtol=1e-13)
    losses = pb.vmap(m.loss, (None, 0, 0))
    assert losses(params, xs, ys).shape == (5,)
    assert losses(params, xs[:0], ys[:0]).shape == (0,)


def test_batches_of_batches_and_derivatives_of_batches(rng: np.random.Generator) -> None:
    a, x = rng.normal(size=(2, 4, 3)), rng.normal(size=(5, 3))
    table = pb.vmap(pb.vmap(m.layer, (None, 0)), (0, None))(a, x)
    np.testing.assert_allclose(table, np.tanh(np.einsum("bij,sj->bsi", a, x)), rtol=1e-13)
    rows = pb.jacrev(pb.vmap(m.layer, (None, 0)), 1)(a[0], x)
    for s in range(5):
        np.testing.assert_allclose(rows[s, :, s], pb.jacrev(m.layer, 1)(a[0], x[s]), rtol=1e-13)
    assert not rows[0, :, 1:].any()


def test_integers_in_rows(rng: np.random.Generator) -> None:
    x = rng.normal(size=4)
    np.testing.assert_array_equal(pb.vmap(m.picked, (None, 0))(x, np.array([2, 0])), x[[2, 0]] ** 2)
    with pytest.raises(pb.IndexFault):
        pb.vmap(m.picked, (None, 0))(x, np.array([2, 4]))
    with pytest.raises(pb.ArgumentFault, match="would differ from row to row"):
        pb.vmap(m.head)
    assert pb.vmap(m.head, (0, None))(rng.normal(size=(3, 4)), 2).shape == (3, 2)


@pytest.mark.parametrize("axes", [1, None, (0,), (0, 1), (None, None), (True, 0)])
def test_other_axes_are_refused(axes: object) -> None:
    with pytest.raises(pb.ArgumentFault) as caught:
        pb.vmap(m.layer, axes)  # type: ignore[arg-type]
    assert caught.value.code == "PB0609"


def test_a_jacobian_is_taken_the_cheaper_way(rng: np.random.Generator) -> None:
    """Forward where arguments are few, in reverse where results are; what it gives is the same."""
    few, many, names = rng.normal(size=2), rng.normal(size=200), []
    for f, args in ((m.wide, (few, rng.normal(size=(50, 2)), rng.normal(size=(100, 50)))), (m.deep, (many,))):
        jacobian = pb.jacobian(f)
        names.append(jacobian.chosen(*args).name)
        np.testing.assert_allclose(jacobian(*args), pb.jacrev(f)(*args), rtol=1e-12)
        np.testing.assert_allclose(jacobian(*args), pb.jacfwd(f)(*args), rtol=1e-12)
    assert names == ["jacfwd(wide)", "jacrev(deep)"]
    assert pb.hessian(m.loss, 1)({"w": np.ones((1, 2)), "b": np.ones(1)}, few, 1.0).shape == (2, 2)
    np.testing.assert_allclose(pb.jacobian(pb.grad(m.loss, 1), 1)({"w": np.ones((1, 2)), "b": np.ones(1)}, few, 1.0),
                               pb.hessian(m.loss, 1)({"w": np.ones((1, 2)), "b": np.ones(1)}, few, 1.0), rtol=1e-12)


def test_a_linear_map(rng: np.random.Generator) -> None:
    a, x, da, dx = (rng.normal(size=s) for s in ((3, 2), 2, (3, 2), 2))
    value, push = pb.linearize(m.layer, a, x)
    np.testing.assert_array_equal(value, m.layer(a, x))
    np.testing.assert_allclose(push(da, dx), pb.jvp(m.layer, (a, x), (da, dx))[1], rtol=1e-14)
    np.testing.assert_allclose(push(None, 2 * dx), 2 * push(None, dx), rtol=1e-14)
    with pytest.raises(pb.ArgumentFault, match="takes 2 tangents"):
        push(dx)
