"""Which sums become contractions, and that it is a matter of speed alone."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.ir.graph.text import parse, show
from pullback.ir.graph.verify import verify
from pullback.ir.passes.contract import contract
from pullback.ir.passes.prune import prune

YES = {
    "a product": ("a: f64[n, k], b: f64[k, m]", "for i, j: sum l: a[i, l] * b[l, j]"),
    "inside more": ("a: f64[n, k], b: f64[k, m], c: f64[m]", "for i, j: tanh((sum l: a[i, l] * b[l, j]) + c[j])"),
    "of what is computed": ("a: f64[n, k], b: f64[k, m]", "for i, j: sum l: exp(a[i, l]) * b[l, j]"),
    "in f32": ("a: f32[n, k], b: f32[k, m]", "for i, j: sum l: a[i, l] * b[l, j]"),
    "in each step": ("a: f64[n, n], b: f64[n, n]", "fold x = b for t < 3: for i, j: sum l: a[i, l] * x[l, j]"),
    "many": ("a: f64[p, n, k], b: f64[p, k, m]", "for s, i, j: sum l: a[s, i, l] * b[s, l, j]"),
}
NO = {
    "a matrix times a vector": ("a: f64[n, k], b: f64[k]", "for i: sum l: a[i, l] * b[l]"),
    "a dot product": ("a: f64[k], b: f64[k]", "sum l: a[l] * b[l]"),
    "distances": ("a: f64[n, k], b: f64[m, k]", "for i, j: sum l: (a[i, l] - b[j, l])^2"),
    "a triangle": ("a: f64[n, n], b: f64[n, m]", "for i, j: sum l < i: a[i, l] * b[l, j]"),
    "rotations": ("a: f64[3, 3], b: f64[n, 3]", "for i, j: sum l: a[j, l] * b[i, l]"),
    "whole numbers": ("a: i64[n, k], b: i64[k, m]", "for i, j: sum l: a[i, l] * b[l, j]"),
    "residuals of many": ("a: f64[p, m, k], b: f64[n, k], c: f64[p, k]",
                          "for i, s, j: sum l: a[s, j, l] * (b[i, l] - c[s, l])"),
}  # fmt: skip


def contracted(parameters: str, body: str) -> str:
    graph = prune(pb.compile(f"def f({parameters}) = {body}").f.executable.graph)
    made = contract(graph)
    verify(made)
    text = show(made)
    assert show(parse(text)) == text
    return text


@pytest.mark.parametrize("name", YES)
def test_contractions(name: str) -> None:
    assert "contract(" in contracted(*YES[name])


@pytest.mark.parametrize("name", NO)
def test_no_contractions(name: str) -> None:
    parameters, body = NO[name]
    graph = prune(pb.compile(f"def f({parameters}) = {body}").f.executable.graph)
    assert contract(graph) is graph


NETWORK = """
def loss(w: f64[d, h], v: f64[h, k], x: f64[n, d], ys: i64[n]) -> f64 =
    let a = for i, j: tanh(sum l: x[i, l] * w[l, j])
    let z = for i, c: sum j: a[i, j] * v[j, c]
    sum i: (log(sum c: exp(z[i, c]))) - z[i, ys[i]]
"""


def test_a_network_learns_the_same_on_every_backend() -> None:
    rng, m = np.random.default_rng(0), pb.compile(NETWORK)
    arguments = (rng.normal(size=(9, 6)), rng.normal(size=(6, 4)), rng.normal(size=(5, 9)), np.array([0, 3, 2, 1, 1]))
    gradient = pb.value_and_grad(m.loss, argnums=("w", "v"))
    assert gradient.as_text("schedule").count(" tile ") == 5
    value, slopes = gradient(*arguments)
    for backend in ("python", "interpreter"):
        other, others = pb.value_and_grad(pb.compile(NETWORK, backend=backend).loss, argnums=("w", "v"))(*arguments)
        np.testing.assert_allclose(value, other, rtol=1e-13)
        for ours, theirs in zip(slopes, others, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-11, atol=1e-13)


def test_an_index_outside_is_still_found() -> None:
    m = pb.compile("def f(a: f64[n, k], b: f64[k, m], at: i64[n]) = for i, j: sum l: a[at[i], l] * b[l, j]")
    a, b = np.ones((3, 4)), np.ones((4, 5))
    np.testing.assert_array_equal(m.f(a, b, np.array([2, 0, 1])), 4 * np.ones((3, 5)))
    with pytest.raises(pb.IndexFault):
        m.f(a, b, np.array([0, 3, 1]))
