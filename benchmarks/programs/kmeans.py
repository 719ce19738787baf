"""ADBench's k-means: every point pays the squared distance to its nearest centroid; gradient by the centroids, and the
product of the Hessian with ones, which is its diagonal (gradient and product together are Newton's step)."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
from harness import native, peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

PULL = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "kmeans.pull"


def data(n: int, d: int, k: int) -> Data:
    rng = np.random.default_rng(0)
    return [rng.normal(size=(n, d)), rng.normal(size=(k, d)), np.ones((k, d))]


def ours(given: Data) -> Calls:
    cost = pb.compile(PULL).cost
    gradient, product = pb.grad(cost, argnums="centroids"), pb.hvp(cost, argnums="centroids")
    points, centroids, ones = given
    return {"value": lambda: cost(points, centroids), "gradient": lambda: gradient(points, centroids),
            "HVP": lambda: product(points, centroids, ones)}


def by_minimum(xp: Any) -> Any:
    """The definition: the smallest of all squared distances."""

    def cost(points: Any, centroids: Any) -> Any:
        return ((points[:, None, :] - centroids[None]) ** 2).sum(-1).min(1).sum()

    return cost


def by_winner(xp: Any, still: Any) -> Any:
    """The nearest centroid is found by a matrix product, out of the derivative's sight; only its distance is differentiated."""

    def cost(points: Any, centroids: Any) -> Any:
        fixed = still(centroids)
        nearest = xp.argmin((fixed * fixed).sum(-1) - 2 * (points @ fixed.T), 1)
        return ((points - centroids[nearest]) ** 2).sum()

    return cost


def jax(given: Data, winner: bool) -> Calls:
    library = peers.jax()
    cost = by_winner(library.numpy, library.lax.stop_gradient) if winner else by_minimum(library.numpy)
    gradient = library.grad(cost, 1)

    def product(points: Any, centroids: Any, v: Any) -> Any:
        return library.jvp(lambda c: gradient(points, c), (centroids,), (v,))[1]

    return {"value": peers.jitted(cost, given[:2]), "gradient": peers.jitted(gradient, given[:2]),
            "HVP": peers.jitted(product, given)}


def torch(given: Data) -> Calls:
    """PyTorch with the winner: the faster of the two there."""
    library = peers.torch()
    cost = by_winner(library, lambda c: c.detach())
    (points, fixed, ones), (_, centroids) = peers.tensors(given), peers.tensors(given[:2], leaves=(1,))

    def product() -> Any:
        (slope,) = library.autograd.grad(cost(points, centroids), centroids, create_graph=True)
        return library.autograd.grad(slope, centroids, ones)

    return {"value": lambda: cost(points, fixed), "gradient": lambda: library.autograd.grad(cost(points, centroids), centroids),
            "HVP": product}


def c(given: Data) -> Calls:
    points, centroids, _ = given
    sizes, out, curvature = (*points.shape, len(centroids)), np.empty_like(centroids), np.empty_like(centroids)
    gradient = native.function("kmeans", "kmeans_gradient")(*sizes, points, centroids, out)
    product = native.function("kmeans", "kmeans_product")(*sizes, points, centroids, curvature)
    return {"value": native.function("kmeans", "kmeans_value", result=ctypes.c_double)(*sizes, points, centroids),
            "gradient": lambda: gradient() or out, "HVP": lambda: product() or curvature}


JAX, WINNER, C = "JAX", "JAX, nearest only", "C, loops"


def peers_at(what: str) -> tuple[tuple[str, str], ...]:
    return ((JAX, what), (WINNER, what), ("PyTorch", what))


PROGRAM = Program(
    name="kmeans",
    title=__doc__ + " Sizes are n, d, k.",
    sizes={"10000, 8, 100": (10000, 8, 100)},
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender(JAX, lambda given: jax(given, winner=False)),
        Contender(WINNER, lambda given: jax(given, winner=True)),
        Contender("PyTorch", torch),
        Contender(C, c, threads=False),
    ),
    bars=(
        Bar("gradient, half of the fastest of JAX and PyTorch", "gradient", peers_at("gradient"), 1 / 2),
        Bar("HVP, half of the fastest of JAX and PyTorch", "HVP", peers_at("HVP"), 1 / 2),
        Bar("gradient over own value", "gradient", ((OURS, "value"),), 1.4),
        Bar("HVP over own value", "HVP", ((OURS, "value"),), 1.4),
        Bar("value, plain loops in C", "value", ((C, "value"),), 1),
    ),
)
