"""One step of gradient descent of a network with one hidden layer, softmax and cross-entropy."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness.native import function
from harness.program import OURS, Bar, Call, Contender, Data, Program

import pullback as pb

SOURCE = Path(__file__).parents[2] / "examples" / "mlp.pull"
SIZES = {
    "n=128 784-256-10": (128, 784, 256, 10),
    "n=32 64-32-10": (32, 64, 32, 10),
    "n=16 4-8-3": (16, 4, 8, 3),
    "n=1 784-256-10": (1, 784, 256, 10),
}
RATE = 0.1


def data(n: int, d: int, h: int, k: int) -> Data:
    rng = np.random.default_rng(0)
    net = [rng.normal(size=(d, h)) / np.sqrt(d), np.zeros(h), rng.normal(size=(h, k)) / np.sqrt(h), np.zeros(k)]
    return [*net, rng.normal(size=(n, d)), rng.integers(0, k, n)]


def ours(data: Data) -> Mapping[str, Call]:
    m = pb.compile(SOURCE)
    return {"value": lambda: m.loss(*data), "step": lambda: m.step(*data, RATE)}


def in_c(data: Data) -> Mapping[str, Call]:
    *net, xs, ys = data
    result, (n, d), (h, k) = ctypes.c_double, xs.shape, net[2].shape
    new, rate = [np.empty_like(a) for a in net], np.array([RATE])
    value = function("mlp", "mlp_value", result=result)(*net, xs, ys, n, d, h, k)
    step = function("mlp", "mlp_step", result=result)(*net, xs, ys, rate, *new, n, d, h, k)
    return {"value": value, "step": lambda: (step(), new)}


def in_jax(data: Data) -> Mapping[str, Call]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    *net, xs, ys = (jnp.asarray(a) for a in data)

    def loss(net: Any, xs: Any, ys: Any) -> Any:
        w1, b1, w2, b2 = net
        z = jax.nn.relu(xs @ w1 + b1) @ w2 + b2
        return (jax.nn.logsumexp(z, axis=1) - z[jnp.arange(len(ys)), ys]).mean()

    @jax.jit
    def step(net: Any, xs: Any, ys: Any, rate: Any) -> Any:
        value, slope = jax.value_and_grad(loss)(net, xs, ys)
        return value, [p - rate * g for p, g in zip(net, slope, strict=True)]

    value = jax.jit(loss)
    return {
        "value": lambda: jax.block_until_ready(value(net, xs, ys)),
        "step": lambda: jax.block_until_ready(step(net, xs, ys, RATE)),
    }


def in_torch(data: Data) -> Mapping[str, Call]:
    import torch
    from torch.nn.functional import cross_entropy

    *net, xs, ys = (torch.from_numpy(a) for a in data)
    for p in net:
        p.requires_grad_()

    def loss() -> Any:
        w1, b1, w2, b2 = net
        return cross_entropy(torch.addmm(b2, torch.relu(torch.addmm(b1, xs, w1)), w2), ys)

    def value() -> Any:
        with torch.no_grad():
            return loss()

    def step() -> Any:
        result = loss()
        slope = torch.autograd.grad(result, net)
        with torch.no_grad():
            return result, [p - RATE * g for p, g in zip(net, slope, strict=True)]

    return {"value": value, "step": step}


PROGRAM = Program(
    name="mlp",
    title="A training step of a two-layer network",
    sizes=SIZES,
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender("JAX", in_jax),
        Contender("PyTorch", in_torch),
        Contender("C, loops", in_c, threads=False),
    ),
    bars=(
        Bar("step never slower than JAX and PyTorch", "step", (("JAX", "step"), ("PyTorch", "step")), 1.0),
        Bar("value never slower than C", "value", (("C, loops", "value"),), 1.0),
    ),
    quick="n=32 64-32-10",
)
