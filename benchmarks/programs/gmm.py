"""ADBench's gmm: the log-likelihood of a Gaussian mixture under a Wishart prior, and its gradient."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from math import lgamma, log, pi
from pathlib import Path
from typing import Any

import numpy as np
from harness import native, peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

PULL = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "gmm.pull"
WRT = (0, 1, 2, 3)


def data(n: int, d: int, k: int) -> Data:
    rng = np.random.default_rng(0)
    shapes = ((k,), (k, d), (k, d), (k, d * (d - 1) // 2), (n, d))
    return [scale * rng.normal(size=shape) for shape, scale in zip(shapes, (1, 1, 0.1, 0.1, 1), strict=True)]


def ours(given: Data) -> Calls:
    objective = pb.compile(PULL).objective
    gradient, prior = pb.grad(objective, argnums=WRT), {"gamma": 1.0, "m": 0}
    return {"value": lambda: objective(*given, prior), "gradient": lambda: gradient(*given, prior)}


def constants(n: int, d: int, k: int) -> float:
    """What does not depend on the parameters: of the densities, and of the Wishart prior with γ = 1 and m = 0."""
    multigamma = d * (d - 1) / 4 * log(pi) + sum(lgamma((d + 1 - j) / 2) for j in range(d))
    return -n * d * log(2 * pi) / 2 - k * (d * (d + 1) / 2 * log(2) + multigamma)


def by_pairs(xp: Any, exponentials: Callable[..., Any]) -> Callable[..., Any]:
    """ADBench's formulation: the factor of every component times every centred point."""

    def objective(alpha: Any, mu: Any, q: Any, l: Any, x: Any) -> Any:
        (n, d), k = x.shape, len(alpha)
        centred = x[:, None, :] - mu[None]
        z = xp.exp(q)[None] * centred + xp.einsum("krc,nkc->nkr", lower(xp, l, k, d), centred)
        beta = alpha + q.sum(1) - (z**2).sum(-1) / 2
        return finish(xp, exponentials, beta, alpha, q, l, n, d)

    return objective


def by_one_product(xp: Any, exponentials: Callable[..., Any]) -> Callable[..., Any]:
    """All factors stacked: one matrix product with the points, and the means moved out of it."""

    def objective(alpha: Any, mu: Any, q: Any, l: Any, x: Any) -> Any:
        (n, d), k = x.shape, len(alpha)
        factors = lower(xp, l, k, d) + xp.exp(q)[:, :, None] * xp.asarray(np.eye(d))
        z = (x @ factors.reshape(k * d, d).T).reshape(n, k, d) - xp.einsum("krc,kc->kr", factors, mu)
        beta = alpha + q.sum(1) - (z * z).sum(-1) / 2
        return finish(xp, exponentials, beta, alpha, q, l, n, d)

    return objective


def lower(xp: Any, l: Any, k: int, d: int) -> Any:
    """The packed columns below the diagonals of k matrices."""
    columns, rows = np.triu_indices(d, 1)
    if hasattr(l, "at"):
        return xp.zeros((k, d, d)).at[:, rows, columns].set(l)
    return xp.zeros((k, d, d), dtype=l.dtype).index_put((xp.arange(k)[:, None], xp.tensor(rows), xp.tensor(columns)), l)


def finish(xp: Any, exponentials: Callable[..., Any], beta: Any, alpha: Any, q: Any, l: Any, n: int, d: int) -> Any:
    likelihood = exponentials(beta, 1).sum() - n * exponentials(alpha, 0)
    return likelihood + constants(n, d, len(alpha)) - (xp.exp(2 * q).sum() + (l * l).sum()) / 2


def jax(formulation: Callable[..., Callable[..., Any]]) -> Callable[[Data], Calls]:
    def calls(given: Data) -> Calls:
        library = peers.jax()
        objective = formulation(library.numpy, lambda x, axis: library.scipy.special.logsumexp(x, axis=axis))
        return {"value": peers.jitted(objective, given), "gradient": peers.jitted(library.grad(objective, WRT), given)}

    return calls


def torch(given: Data) -> Calls:
    """The formulation that is the faster one in PyTorch: one product."""
    library = peers.torch()
    objective = by_one_product(library, library.logsumexp)
    arguments, fixed = peers.tensors(given, leaves=WRT), peers.tensors(given)
    return {"value": lambda: objective(*fixed),
            "gradient": lambda: library.autograd.grad(objective(*arguments), arguments[:4])}


def c(name: str, flags: tuple[str, ...]) -> Callable[[Data], Calls]:
    def calls(given: Data) -> Calls:
        (n, d), k = given[4].shape, len(given[0])
        out = [np.empty_like(a) for a in given[:4]]
        gradient = native.function(name, "gmm_gradient", flags)(n, d, k, *given, *out)
        value = native.function(name, "gmm_value", flags, ctypes.c_double)(n, d, k, *given)
        return {"value": value, "gradient": lambda: gradient() or out}

    return calls


JAX, BEST, TORCH, C = "JAX, ADBench", "JAX, one product", "PyTorch", "C, loops"
BLOCKED, FAST = "C, blocked by hand", "C, blocked, -ffast-math"
PEERS = tuple((name, "gradient") for name in (JAX, BEST, TORCH))
SMALL = ("1000, 10, 25", "10000, 10, 25", "2500, 32, 50")

PROGRAM = Program(
    name="gmm",
    title=__doc__ + " Sizes are n, d, k.",
    sizes={"1000, 10, 25": (1000, 10, 25), "10000, 10, 25": (10000, 10, 25), "1000, 64, 25": (1000, 64, 25),
           "2500, 32, 50": (2500, 32, 50)},
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender(JAX, jax(by_pairs)),
        Contender(BEST, jax(by_one_product)),
        Contender(TORCH, torch),
        Contender(C, c("gmm_loops", native.FLAGS), threads=False),
        Contender(BLOCKED, c("gmm_blocked", native.FLAGS), threads=False),
        Contender(FAST, c("gmm_blocked", native.FAST), threads=False),
    ),
    bars=(
        Bar("gradient, a sixth of JAX's in ADBench's formulation", "gradient", ((JAX, "gradient"),), 1 / 6),
        Bar("gradient, JAX's best and PyTorch's", "gradient", PEERS, 1),
        Bar("gradient, half of them", "gradient", PEERS, 1 / 2, goal=True),
        Bar("gradient, C blocked by hand", "gradient", ((BLOCKED, "gradient"),), 1.3),
        Bar("gradient, the same with -ffast-math", "gradient", ((FAST, "gradient"),), 1.3, goal=True),
        Bar("gradient over own value", "gradient", ((OURS, "value"),), 2.5, SMALL),
        Bar("gradient over own value", "gradient", ((OURS, "value"),), 4, ("1000, 64, 25",)),
        Bar("value, plain loops in C", "value", ((C, "value"),), 1),
    ),
)
