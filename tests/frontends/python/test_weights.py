"""Tropical and log semirings: products of matrices are shortest paths and sums over paths, and the reverse derivative tells
through which edge they go."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest

import pullback as pb

PROGRAM = """
type weight = maxplus

def matmul(a: weight[n, m], b: weight[m, k]) -> weight[n, k] = for i, j: sum l: a[i, l] * b[l, j]

# All walks of so many edges between two nodes, each the product of its edges, added up.
def walks(edges: weight[n, n], first: i64, final: i64, steps: i64) -> weight =
    let last = fold p = (for i < n: edges[first, i]) for t in 1..steps: for j: sum i: p[i] * edges[i, j]
    last[final]

def scatter(x: weight[n], at: i64[n], k: i64) -> weight[k] = for c < k: sum i: if at[i] == c then x[i] else nothing()
def nothing() -> weight = sum i < 0: weight(0)
def read(x: weight[n], at: i64[m]) -> weight = sum j: x[at[j]] * x[at[0]]
def update(x: weight[n], at: i64[m], dy: weight) -> weight[n] =
    let (_, d) = vjp(read)(x, at, dy)
    for i: x[i] + d[i]
def powers(x: weight[n]) -> weight = (prod i: x[i]) + (sum i: x[i]^3)
def many(x: weight, n: i64) -> weight = sum i < n: x
def real(x: weight) -> f64 = f64(x)
"""
pytestmark = pytest.mark.slow  # together they take many seconds

SUMS = {"maxplus": np.max, "minplus": np.min, "logplus": lambda x: np.logaddexp.reduce(x)}
NOTHING = {"maxplus": -np.inf, "minplus": np.inf, "logplus": -np.inf}


@pytest.fixture(params=SUMS)
def ring(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["llvm", "interpreter"])
def module(request: pytest.FixtureRequest, ring: str) -> Any:
    return pb.compile(PROGRAM, types={"weight": ring}, backend=request.param)


def test_a_matrix_product_adds_up_the_ways_through_the_middle(module: Any, ring: str) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(20, 17)), rng.normal(size=(17, 33))
    a[3] = b[:, 5] = NOTHING[ring]  # no way at all
    expected = np.array([[SUMS[ring](a[i] + b[:, j]) for j in range(33)] for i in range(20)])
    np.testing.assert_allclose(module.matmul(a, b), expected, rtol=1e-13)


def every_walk(edges: np.ndarray, start: int, end: int, steps: int) -> tuple[list[tuple[int, ...]], list[float]]:
    nodes = [(start, *between, end) for between in product(range(len(edges)), repeat=steps - 1)]
    return nodes, [sum(edges[a, b] for a, b in pairwise(w)) for w in nodes]


def test_the_derivative_of_the_best_walk_says_which_edges_are_on_one(module: Any, ring: str) -> None:
    """∂p/∂e is the sum over walks through e of all but e (once for each time e is on it): e ⊗ ∂p/∂e = p in a tropical semiring
    exactly where e is on a best walk; in the log semiring it is p plus the logarithm of the number of times one expects e."""
    rng = np.random.default_rng(1)
    edges, steps = rng.integers(1, 9, (5, 5)).astype(float), 4
    p = module.walks(edges, 0, 3, steps)
    through = edges + pb.grad(module.walks)(edges, 0, 3, steps)
    walks, weights = every_walk(edges, 0, 3, steps)
    assert np.isclose(p, SUMS[ring](np.array(weights)))
    uses = np.zeros((len(walks), 5, 5))
    for k, nodes in enumerate(walks):
        for a, b in pairwise(nodes):
            uses[k, a, b] += 1
    if ring == "logplus":
        expected = np.tensordot(np.exp(np.array(weights) - p), uses, 1)
        np.testing.assert_allclose(np.exp(through - p), expected, rtol=1e-10)
    else:
        best = np.isclose(weights, p)
        np.testing.assert_array_equal(np.isclose(through, p), uses[best].any(axis=0))


def test_the_log_semiring_is_the_forward_algorithm_and_its_derivative_the_posterior() -> None:
    """A hidden Markov model: p = Σ over paths; x ⊗ ∂p/∂x − p is the logarithm of the posterior of each state, as by hand."""
    hmm = pb.compile("""
def evidence(start: logplus[k], move: logplus[k, k], seen: logplus[t, k]) -> logplus =
    let alpha = fold a = (for i: start[i] * seen[0, i]) for s in 1..t: for j: seen[s, j] * (sum i: a[i] * move[i, j])
    sum i: alpha[i]
""").evidence
    rng = np.random.default_rng(2)
    k, t = 3, 5
    start, move, seen = (np.log(rng.dirichlet(np.ones(k), size)) for size in (None, k, t))
    posterior = seen + pb.grad(hmm, "seen")(start, move, seen) - hmm(start, move, seen)
    expected, total = np.zeros((t, k)), 0.0
    for states in product(range(k), repeat=t):
        weight = start[states[0]] + sum(move[a, b] for a, b in pairwise(states))
        weight = np.exp(weight + sum(seen[s, i] for s, i in enumerate(states)))
        total += weight
        expected[np.arange(t), states] += weight
    np.testing.assert_allclose(hmm(start, move, seen), np.log(total))
    np.testing.assert_allclose(np.exp(posterior), expected / total)


def test_sums_over_nothing_and_over_many(module: Any, ring: str) -> None:
    x = np.array([0.5, -1.0, 2.0, 0.25])
    assert module.many(1.5, 0) == NOTHING[ring] == module.real(NOTHING[ring])
    assert np.isclose(module.many(1.5, 8), 1.5 + (np.log(8) if ring == "logplus" else 0))
    np.testing.assert_allclose(module.scatter(x, np.array([0, 2, 0, 2]), 3)[[0, 2]], [SUMS[ring](x[::2]), SUMS[ring](x[1::2])])
    assert module.scatter(x, np.zeros(4, int), 2)[1] == NOTHING[ring]


def test_derivatives_add_up_in_the_semiring(ring: str) -> None:
    """Arrays of cotangents begin with its zero, which no cleared memory is; all backends agree, twice over."""
    llvm, numba, meaning = (pb.compile(PROGRAM, types={"weight": ring}, backend=b) for b in ("llvm", "numba", "interpreter"))
    x, at = np.array([0.5, -1.0, 2.0, 0.25, 3.0]), np.array([3, 1, 1, 0])
    for args in ((x, at), (x, np.array([4]))):
        for backend in (llvm, numba):
            np.testing.assert_allclose(pb.grad(backend.read)(*args), pb.grad(meaning.read)(*args), rtol=1e-14)
        np.testing.assert_allclose(llvm.update(*args, 0.5), meaning.update(*args, 0.5), rtol=1e-14)
    assert pb.grad(llvm.read)(x, np.array([4]))[0] == NOTHING[ring]
    np.testing.assert_allclose(pb.grad(llvm.powers)(x), pb.grad(meaning.powers)(x), rtol=1e-14)
    np.testing.assert_allclose(pb.hessian(llvm.powers)(x), pb.hessian(meaning.powers)(x), rtol=1e-14)


def test_threads_add_up_in_the_semiring(ring: str) -> None:
    """Long enough for parts, whose copies of the cotangent are put together."""
    m = pb.compile(PROGRAM, types={"weight": ring})
    rng = np.random.default_rng(3)
    x, at = rng.normal(size=50), rng.integers(0, 50, 400_000)
    alone, shared = (pb.grad(m.read).with_settings(threads=n)(x, at) for n in (1, 2))
    np.testing.assert_allclose(alone, shared, rtol=1e-12)


@pytest.mark.parametrize("text, code, said", (
    ("def f(x: maxplus) -> maxplus = x - x", "PB0303", "`-` is defined on"),
    ("def f(x: logplus) -> logplus = 2 * x", "PB0310", "write `logplus(2)`"),
    ("def f(x: minplus) -> minplus = exp(x)", "PB0303", "`exp` is defined on f64 or f32"),
    ("def f(x: maxplus, y: minplus) = x + y", "PB0302", "maxplus"),
    ("def f(i: i64) -> maxplus = maxplus(i)", "PB0313", "go through f64: maxplus(f64(x))"),
    ("def f(x: f64) -> f64 = grad(fn y: f64(maxplus(y)))(x)", "PB0501", "add up in different ways"),
    ("def f(x: maxplus) -> maxplus = grad(fn y: maxplus(f64(y) / 2))(x)", "PB0501", "add up in different ways"),
))  # fmt: skip
def test_what_has_no_meaning_there_is_an_error(text: str, code: str, said: str) -> None:
    with pytest.raises(pb.PullbackError, match=code) as caught:
        pb.compile(text)
    assert said in str(caught.value)
