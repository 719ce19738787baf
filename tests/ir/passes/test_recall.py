"""What a forward loop left behind is not computed again, and the derivative stays what it was."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.ir.graph.text import parse, show
from pullback.ir.graph.verify import verify
from pullback.ir.passes.prune import prune
from pullback.ir.passes.recall import recall

PROGRAMS = {
    "a recurrent layer": """
def f(w: f64[d, d], u: f64[d], x: f64[n]) -> f64 =
    let s = fold h = (for i: u[i] * 0) for t: for i: tanh((sum j: w[i, j] * h[j]) + u[i] * x[t])
    sum i: s[i]^2
""",
    "layers in every step": """
def f(w: f64[d, d], u: f64[d], x: f64[n]) -> f64 =
    let s = fold h = w for t:
        scan y = (for i: u[i] * x[t]) for l: for i: tanh(y[i] * w[l, i] + sigmoid(h[l, i]))
    sum l, i: s[l, i] * u[i]
""",
    "a number": """
def f(w: f64[d, d], u: f64[d], x: f64[n]) -> f64 = fold s = u[0] for t: exp(sin(s) * x[t] - s)
""",
    "two states": """
def f(w: f64[d, d], u: f64[d], x: f64[n]) -> f64 =
    let (a, b) = fold (a, b) = (u, u) for t: (for i: sin(a[i] * b[i]) + x[t], for i: exp(-(b[i]^2)) * x[t] + a[i])
    sum i: a[i] * b[i]
""",
}


def arguments(n: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(n)
    return 0.5 * rng.normal(size=(3, 3)), rng.normal(size=3), rng.normal(size=n)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_derivative_is_the_same(name: str) -> None:
    """Also after no step and after one, where the state before it is the one at the start."""
    wrt = ("w", "u", "x")
    ours = pb.value_and_grad(pb.compile(PROGRAMS[name]).f, argnums=wrt)
    meaning = pb.value_and_grad(pb.compile(PROGRAMS[name], backend="interpreter").f, argnums=wrt)
    for n in (0, 1, 2, 5):
        (value, slopes), (other, others) = ours(*arguments(n)), meaning(*arguments(n))
        np.testing.assert_allclose(value, other, rtol=1e-13)
        for ours_, theirs in zip(slopes, others, strict=True):
            np.testing.assert_allclose(ours_, theirs, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", PROGRAMS)
def test_graphs_stay_well_formed(name: str) -> None:
    graph = recall(prune(pb.grad(pb.compile(PROGRAMS[name]).f, argnums=("w", "u", "x")).executable.graph))
    verify(graph)
    text = show(graph)
    assert show(parse(text)) == text
    verify(prune(graph))


def test_a_step_is_not_replayed() -> None:
    """tanh needs its own value for its derivative, which is the next state: it is computed in the forward loop only."""
    gradient = pb.grad(pb.compile(PROGRAMS["a recurrent layer"]).f, argnums=("w", "u"))
    assert gradient.as_text("loops").count("= tanh(") == 1
    layers = pb.grad(pb.compile(PROGRAMS["layers in every step"]).f, argnums=("w", "u"))
    assert layers.as_text("loops").count("= tanh(") == 1


def test_no_more_is_held_than_the_states() -> None:
    """One array of states over all steps, as before."""
    gradient = pb.grad(pb.compile(PROGRAMS["a recurrent layer"]).f, argnums=("w", "u"))
    assert gradient.as_text("loops").count(": f64[n, d]") == 1


def test_states_that_never_change_are_no_states() -> None:
    text = pb.compile("""
def f(x: f64[n], u: f64[d]) -> f64[d] =
    let (a, b) = fold (a, b) = (u, u) for t: (a, for i: b[i] * x[t] + a[i])
    b
""").f.as_text("loops")
    assert text.count("swap") == 1
