"""What one call costs: three arrays of three elements, everything checked."""

from __future__ import annotations

import numpy as np
from harness import peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

PROGRAM_TEXT = "def f(x: f64[n], y: f64[n], z: f64[n]) -> f64 = sum i: x[i] * y[i] + z[i]"


def data(n: int) -> Data:
    return [np.arange(float(n)) for _ in range(3)]


def ours(given: Data) -> Calls:
    f, (x, y, z) = pb.compile(PROGRAM_TEXT).f, given
    g = pb.grad(f)
    return {"value": lambda: f(x, y, z), "gradient": lambda: g(x, y, z)}


def jax(given: Data) -> Calls:
    library = peers.jax()

    def f(x: object, y: object, z: object) -> object:
        return library.numpy.sum(x * y + z)

    return {"value": peers.jitted(f, given), "gradient": peers.jitted(library.grad(f), given)}


def torch(given: Data) -> Calls:
    library = peers.torch()
    (x, y, z), (w, _, _) = peers.tensors(given), peers.tensors(given, leaves=(0,))
    return {"value": lambda: (x * y + z).sum(), "gradient": lambda: library.autograd.grad((w * y + z).sum(), w)}


def numpy(given: Data) -> Calls:
    x, y, z = given
    return {"value": lambda: float(np.sum(x * y + z))}


PROGRAM = Program(
    name="call_time",
    title=__doc__ + " A new array is made for a gradient. The size is n.",
    sizes={"3": (3,)},
    data=data,
    contenders=(Contender(OURS, ours, threads=False), Contender("JAX", jax, threads=False),
                Contender("PyTorch", torch, threads=False), Contender("NumPy", numpy, threads=False)),
    bars=(Bar("value", "value", (), 1e-6), Bar("gradient", "gradient", (), 1e-6)),
)
