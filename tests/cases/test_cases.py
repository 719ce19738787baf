"""Values and derivatives against a reference implementation in C++ (GradBench's hand-written one): the JSON files beside this.

Every number must agree to |x − y| ≤ 1e-9 · max(1, |x| + |y|), and every array to 1e-9 of its norm, since the first measure
alone would let small gradients be zero.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullback as pb

HERE = Path(__file__).parent
PROGRAMS = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals"


@cache
def module(name: str) -> pb.Module:
    return pb.compile(PROGRAMS / f"{name}.pull")


def case(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def agree(ours: Any, theirs: Any) -> None:
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    assert ours.shape == theirs.shape
    assert np.all(np.abs(ours - theirs) <= 1e-9 * np.maximum(1, np.abs(ours) + np.abs(theirs)))
    assert np.linalg.norm(ours - theirs) <= 1e-9 * np.linalg.norm(theirs)


def arrays(given: dict[str, Any], *names: str) -> list[np.ndarray]:
    return [np.asarray(given[name], dtype=float) for name in names]


def test_gmm() -> None:
    it = case("gmm_d2_k5_n1000")
    given, m = it["input"], module("gmm")
    arguments = [*arrays(given, "alpha", "mu", "q", "l", "x"), {"gamma": given["gamma"], "m": given["m"]}]
    agree(m.objective(*arguments), it["value"])
    gradient = pb.grad(m.objective, argnums=("alpha", "mu", "q", "l"))(*arguments)
    for name, ours in zip(("alpha", "mu", "q", "l"), gradient, strict=True):
        agree(ours, it["derivative"][name])


@pytest.mark.parametrize("name", ["lse_n7", "lse_n2500"])
def test_lse(name: str) -> None:
    it, m = case(name), module("lse")
    (x,) = arrays(it["input"], "x")
    agree(m.logsumexp(x), it["value"])
    agree(pb.grad(m.logsumexp)(x), it["derivative"])


@pytest.mark.parametrize("name", ["kmeans_k3_n20_d2", "kmeans_k10_n1000_d8"])
def test_kmeans(name: str) -> None:
    """The derivative of the cases is Newton's step: gradient over Hessian-vector product with ones, here made in two ways."""
    it, m = case(name), module("kmeans")
    points, centroids = arrays(it["input"], "points", "centroids")
    agree(m.cost(points, centroids), it["value"])
    gradient = pb.grad(m.cost, argnums="centroids")(points, centroids)
    curvature = pb.hvp(m.cost, argnums="centroids")(points, centroids, np.ones_like(centroids))
    agree(gradient / curvature, it["derivative"])
    agree(m.newton(points, centroids), it["derivative"])


def test_lstm() -> None:
    it, m = case("lstm_l2_c128"), module("lstm")
    main, extra, state, sequence = arrays(it["input"], "main_params", "extra_params", "state", "sequence")
    layers, b = len(state) // 2, state.shape[1]
    arguments = (main.reshape(layers, 2, 4, b), extra, {"h": state[0::2], "c": state[1::2]}, sequence)
    agree(m.loss(*arguments), it["value"])
    gradient = pb.grad(m.loss, argnums=("main", "extra"))(*arguments)
    agree(np.concatenate([g.ravel() for g in gradient]), it["derivative"])


def test_ba() -> None:
    """All observations are alike; the Jacobian is compared as CSR: its first 30 entries and its last."""
    it, m = case("ba_p1000"), module("ba")
    given = it["input"]
    n, points, p = given["n"], given["m"], given["p"]
    cameras, xs = np.tile(given["cam"], (n, 1)), np.tile(given["x"], (points, 1))
    weights, seen = np.full(p, given["w"]), np.tile(given["feat"], (p, 1))
    at = np.stack([np.arange(p) % n, np.arange(p) % points], axis=1)
    misses, weight_errors = m.errors(cameras, xs, weights, seen, at)
    agree(misses, np.tile(it["value"]["reproj_error"]["elements"], (p, 1)))
    agree(weight_errors, np.full(p, it["value"]["w_err"]["element"]))

    rows, weight_rows = m.jacobian(cameras, xs, weights, seen, at)
    columns = np.concatenate([
        11 * at[:, :1] + np.arange(11), 11 * n + 3 * at[:, 1:] + np.arange(3),
        11 * n + 3 * points + np.arange(p)[:, None]], axis=1)
    expected = it["derivative"]
    agree(np.append(rows.reshape(-1)[:30], weight_rows[-1]), expected["vals"])
    assert [*np.repeat(columns, 2, axis=0).reshape(-1)[:30], columns[-1, -1]] == expected["cols"]
    counts = np.concatenate([[0], np.cumsum([15] * (2 * p) + [1] * p)])
    assert [*counts[:30], counts[-1]] == expected["rows"]

    sparse = pb.sparse_jacobian(m.errors, ("cameras", "points", "weights"))(cameras, xs, weights, seen, at)
    agree(np.append(sparse.data[:30], sparse.data[-1]), expected["vals"])
    assert [*sparse.indices[:30], sparse.indices[-1]] == expected["cols"]
    assert [*sparse.indptr[:30], sparse.indptr[-1]] == expected["rows"]
    agree(sparse.data, np.append(rows.reshape(-1), weight_rows))
