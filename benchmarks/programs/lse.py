"""The logarithm of a sum of exponentials of a long vector, and its gradient."""

from __future__ import annotations

import ctypes
from pathlib import Path

import numpy as np
from harness import native, peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

PULL = Path(__file__).parents[2] / "frontends" / "gradbench" / "evals" / "lse.pull"


def data(n: int) -> Data:
    return [np.random.default_rng(0).normal(size=n)]


def ours(given: Data) -> Calls:
    value = pb.compile(PULL).logsumexp
    gradient = pb.grad(value)
    return {"value": lambda: value(*given), "gradient": lambda: gradient(*given)}


def jax(given: Data) -> Calls:
    library = peers.jax()
    value = library.scipy.special.logsumexp
    return {"value": peers.jitted(value, given), "gradient": peers.jitted(library.grad(value), given)}


def torch(given: Data) -> Calls:
    library = peers.torch()
    (fixed,), (x,) = peers.tensors(given), peers.tensors(given, leaves=(0,))
    return {"value": lambda: library.logsumexp(fixed, 0),
            "gradient": lambda: library.autograd.grad(library.logsumexp(x, 0), x)}


def c(given: Data) -> Calls:
    out = np.empty_like(given[0])
    gradient = native.function("lse", "lse_gradient")(len(out), given[0], out)
    return {"value": native.function("lse", "lse_value", result=ctypes.c_double)(len(out), given[0]),
            "gradient": lambda: gradient() or out}


PEERS = (("JAX", "gradient"), ("PyTorch", "gradient"))

PROGRAM = Program(
    name="lse",
    title=__doc__ + " The size is n.",
    sizes={"1280000": (1_280_000,)},
    data=data,
    contenders=(Contender(OURS, ours), Contender("JAX", jax), Contender("PyTorch", torch),
                Contender("C, loops", c, threads=False)),
    bars=(
        Bar("gradient, the faster of JAX and PyTorch", "gradient", PEERS, 1),
        Bar("gradient over own value", "gradient", ((OURS, "value"),), 1.2),
        Bar("value, plain loops in C", "value", (("C, loops", "value"),), 1),
    ),
)
