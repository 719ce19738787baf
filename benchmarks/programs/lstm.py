"""ADBench's lstm: two layers of elementwise cells read 1024 characters over an alphabet of 14; loss and gradient.

Peers scan over time; both layers are unrolled, and the gates of a cell are computed side by side.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness.native import function
from harness.program import OURS, Bar, Call, Contender, Data, Program

import pullback as pb

SOURCE = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "lstm.pull"
SIZES = {"l=2 b=14 n=1024": (2, 14, 1024), "l=4 b=14 n=4096": (4, 14, 4096), "l=2 b=64 n=1024": (2, 64, 1024)}


def data(layers: int, b: int, n: int) -> Data:
    """main, extra, h, c and the sequence, one-hot."""
    rng = np.random.default_rng(0)
    sequence = np.eye(b)[rng.integers(0, b, n)]
    return [0.5 * rng.normal(size=shape) for shape in ((layers, 2, 4, b), (3, b), (layers, b), (layers, b))] + [sequence]


def ours(data: Data) -> Mapping[str, Call]:
    main, extra, h, c, sequence = data
    loss = pb.compile(SOURCE).loss
    both = pb.value_and_grad(loss, argnums=("main", "extra"))
    arguments = (main, extra, {"h": h, "c": c}, sequence)
    return {"value": lambda: loss(*arguments), "gradient": lambda: both(*arguments)}


def in_c(data: Data) -> Mapping[str, Call]:
    main, extra, h, c, sequence = data
    result, (layers, _, _, b), n = ctypes.c_double, main.shape, len(sequence)
    value = function("lstm", "lstm_value", result=result)(main, extra, h, c, sequence, layers, b, n)
    dmain, dextra = np.empty_like(main), np.empty_like(extra)
    gradient = function("lstm", "lstm_gradient", result=result)(main, extra, h, c, sequence, dmain, dextra, layers, b, n)
    return {"value": value, "gradient": lambda: (gradient(), (dmain, dextra))}


def in_jax(data: Data) -> Mapping[str, Call]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    main, extra, h, c, sequence = (jnp.asarray(a) for a in data)

    def loss(main: Any, extra: Any, h: Any, c: Any, sequence: Any) -> Any:
        def step(state: Any, characters: Any) -> Any:
            (h, c), (now, following) = state, characters
            x, hs, cs = now * extra[0], [], []
            for w, bias, before, memory in zip(main[:, 0], main[:, 1], h, c, strict=True):
                inputs = jnp.stack([x, before, x, before])
                gates = inputs * w + bias
                forget, take, put = jax.nn.sigmoid(gates[:3])
                memory = forget * memory + take * jnp.tanh(gates[3])
                x = put * jnp.tanh(memory)
                hs.append(x)
                cs.append(memory)
            y = x * extra[1] + extra[2]
            guess = y - jnp.log(2 + jnp.exp(y).sum())
            return (jnp.stack(hs), jnp.stack(cs)), (following * guess).sum()

        _, terms = jax.lax.scan(step, (h, c), (sequence[:-1], sequence[1:]))
        return -terms.sum() / ((len(sequence) - 1) * sequence.shape[1])

    return jitted(loss, (0, 1), (main, extra, h, c, sequence))


def jitted(loss: Callable[..., Any], argnums: tuple[int, ...], arguments: tuple[Any, ...]) -> Mapping[str, Call]:
    """JAX's value, and value and gradient, compiled, each until its results are there."""
    import jax

    value, both = jax.jit(loss), jax.jit(jax.value_and_grad(loss, argnums=argnums))
    return {
        "value": lambda: jax.block_until_ready(value(*arguments)),
        "gradient": lambda: jax.block_until_ready(both(*arguments)),
    }


def in_torch(data: Data) -> Mapping[str, Call]:
    import torch

    main, extra, h, c, sequence = (torch.from_numpy(a) for a in data)
    main.requires_grad_()
    extra.requires_grad_()

    def loss() -> Any:
        hs, cs, total = list(h), list(c), torch.zeros((), dtype=torch.float64)
        for t in range(len(sequence) - 1):
            x = sequence[t] * extra[0]
            for layer in range(len(hs)):
                (w, bias), before = main[layer], hs[layer]
                forget, take = torch.sigmoid(x * w[0] + bias[0]), torch.sigmoid(before * w[1] + bias[1])
                put, change = torch.sigmoid(x * w[2] + bias[2]), torch.tanh(before * w[3] + bias[3])
                cs[layer] = forget * cs[layer] + take * change
                x = hs[layer] = put * torch.tanh(cs[layer])
            y = x * extra[1] + extra[2]
            total = total + (sequence[t + 1] * (y - torch.log(2 + torch.exp(y).sum()))).sum()
        return -total / ((len(sequence) - 1) * sequence.shape[1])

    def value() -> Any:
        with torch.no_grad():
            return loss()

    def gradient() -> Any:
        result = loss()
        return result.detach(), torch.autograd.grad(result, (main, extra))

    return {"value": value, "gradient": gradient}


PROGRAM = Program(
    name="lstm",
    title="lstm: loss and gradient by all weights",
    sizes=SIZES,
    data=data,
    contenders=(
        Contender(OURS, ours),
        Contender("JAX", in_jax),
        Contender("PyTorch", in_torch, threads=False),
        Contender("C, loops", in_c, threads=False),
    ),
    bars=(
        Bar("gradient, half of JAX's and PyTorch's", "gradient", (("JAX", "gradient"), ("PyTorch", "gradient")), 0.5),
        Bar("gradient / own value", "gradient", ((OURS, "value"),), 2.5),
        Bar("value never slower than C", "value", (("C, loops", "value"),), 1.0),
    ),
    quick="l=2 b=14 n=1024",
)
