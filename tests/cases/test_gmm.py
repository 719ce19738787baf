"""The mixture in matrices, in NumPy: the case has d = 2, where the packed triangle has one entry and any order would do."""

from __future__ import annotations

from math import lgamma, log, pi
from pathlib import Path

import numpy as np
import pytest

import pullback as pb

GMM = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "gmm.pull"


def objective(alpha: np.ndarray, mu: np.ndarray, q: np.ndarray, l: np.ndarray, x: np.ndarray,
              gamma: float, m: int) -> float:
    """Log-likelihood of x under Σ softmax(alpha)[a] N(mu[a], (QᵀQ)⁻¹), and the Wishart prior of the factors."""
    d, value, terms = x.shape[1], 0.0, []
    for a in range(len(alpha)):
        Q = np.diag(np.exp(q[a]))
        Q.T[np.triu_indices(d, 1)] = l[a]  # the rows of the transpose: column by column
        precision = Q.T @ Q
        z = x - mu[a]
        terms.append(alpha[a] + (np.linalg.slogdet(precision)[1] - np.einsum("ni,ij,nj->n", z, precision, z)) / 2)
        degrees = d + m + 1
        multigamma = d * (d - 1) / 4 * log(pi) + sum(lgamma((degrees - j) / 2) for j in range(d))
        value += degrees * d * (log(gamma) - log(2) / 2) - multigamma
        value += m * q[a].sum() - gamma**2 / 2 * np.sum(Q**2)
    value += np.sum(np.log(np.sum(np.exp(terms), axis=0)))
    return float(value - len(x) * (np.log(np.sum(np.exp(alpha))) + d * log(2 * pi) / 2))


@pytest.mark.parametrize(("d", "m", "gamma"), [(1, 0, 1.0), (4, 0, 1.0), (4, 3, 0.7)])
def test_the_objective_is_that_of_the_matrices(d: int, m: int, gamma: float) -> None:
    rng, (n, k) = np.random.default_rng(d + m), (7, 3)
    shapes = [(k,), (k, d), (k, d), (k, d * (d - 1) // 2), (n, d)]
    arguments = [0.5 * rng.normal(size=shape) for shape in shapes]
    expected = objective(*arguments, gamma, m)
    ours = pb.compile(GMM).objective
    assert ours(*arguments, {"gamma": gamma, "m": m}) == pytest.approx(expected, rel=1e-12)

    gradient = pb.grad(ours, argnums=("alpha", "mu", "q", "l"))(*arguments, {"gamma": gamma, "m": m})
    along = [rng.normal(size=shape) for shape in shapes[:4]]
    h = 1e-5
    ends = [objective(*(a + s * h * v for a, v in zip(arguments, along, strict=False)), arguments[4], gamma, m)
            for s in (1, -1)]
    slope = sum(float(np.sum(g * v)) for g, v in zip(gradient, along, strict=True))
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * h), rel=1e-7)
