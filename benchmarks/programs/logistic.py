"""Logistic regression: the mean cross-entropy of n points with d features, and its gradient by weights and bias."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness.native import function
from harness.program import OURS, Bar, Call, Contender, Data, Program

import pullback as pb

SOURCE = Path(__file__).parents[2] / "examples" / "logistic.pull"
SIZES = {"n=569 d=30": (569, 30), "n=10000 d=10": (10000, 10), "n=10000 d=100": (10000, 100), "n=2000 d=1000": (2000, 1000)}


def data(n: int, d: int) -> Data:
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(n, d))
    return [rng.normal(size=d) / np.sqrt(d), 0.1, xs, (xs[:, 0] > 0).astype(float)]


def ours(data: Data) -> Mapping[str, Call]:
    loss = pb.compile(SOURCE).loss
    both = pb.value_and_grad(loss, argnums=("w", "b"))
    return {"value": lambda: loss(*data), "gradient": lambda: both(*data)}


def in_c(data: Data) -> Mapping[str, Call]:
    w, b, xs, ys = data
    (n, d), result = xs.shape, ctypes.c_double
    bias, dw, db = np.array([b]), np.empty_like(w), np.empty(1)
    value = function("logistic", "logistic_value", result=result)(w, bias, xs, ys, n, d)
    gradient = function("logistic", "logistic_gradient", result=result)(w, bias, xs, ys, dw, db, n, d)
    return {"value": value, "gradient": lambda: (gradient(), (dw, db))}


def in_jax(data: Data) -> Mapping[str, Call]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    arguments = [jnp.asarray(a) for a in data]

    def loss(w: Any, b: Any, xs: Any, ys: Any) -> Any:
        p = jax.nn.sigmoid(xs @ w + b)
        return -(ys * jnp.log(p) + (1 - ys) * jnp.log(1 - p)).mean()

    value, both = jax.jit(loss), jax.jit(jax.value_and_grad(loss, argnums=(0, 1)))
    return {
        "value": lambda: jax.block_until_ready(value(*arguments)),
        "gradient": lambda: jax.block_until_ready(both(*arguments)),
    }


def in_torch(data: Data) -> Mapping[str, Call]:
    import torch

    w, b, xs, ys = (torch.as_tensor(a, dtype=torch.float64) for a in data)
    w.requires_grad_()
    b.requires_grad_()

    def loss() -> Any:
        return torch.nn.functional.binary_cross_entropy(torch.sigmoid(torch.addmv(b, xs, w)), ys)

    def value() -> Any:
        with torch.no_grad():
            return loss()

    def gradient() -> Any:
        result = loss()
        return result.detach(), torch.autograd.grad(result, (w, b))

    return {"value": value, "gradient": gradient}


PROGRAM = Program(
    name="logistic",
    title="Logistic regression: loss and gradient",
    sizes=SIZES,
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender("JAX", in_jax),
        Contender("PyTorch", in_torch),
        Contender("C, loops", in_c, threads=False),
    ),
    bars=(
        Bar("gradient never slower than JAX and PyTorch", "gradient", (("JAX", "gradient"), ("PyTorch", "gradient")), 1.0),
        Bar("value never slower than C", "value", (("C, loops", "value"),), 1.0),
    ),
    quick="n=569 d=30",
)
