"""Elementary and special functions of an array that fits the cache, on one thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from harness import peers
from harness.program import OURS, Bar, Calls, Contender, Data, Program

import pullback as pb

COUNT = 4096

ARGUMENTS = {
    "exp": (-5, 5), "expm1": (-5, 5), "log": (0.1, 10), "log1p": (-0.9, 10), "log2": (0.1, 10), "sqrt": (0.1, 10),
    "rsqrt": (0.1, 10), "sin": (-5, 5), "cos": (-5, 5), "tan": (-5, 5), "asin": (-1, 1), "acos": (-1, 1), "atan": (-5, 5),
    "atan2": (-5, 5), "pow": (0.1, 5), "sinh": (-5, 5), "cosh": (-5, 5), "tanh": (-5, 5), "sigmoid": (-5, 5),
    "softplus": (-5, 5), "erf": (-5, 5), "erfc": (-5, 5), "lgamma": (0.1, 20), "digamma": (0.1, 20), "trigamma": (0.1, 20),
    "tetragamma": (0.1, 20), "exp2": (-5, 5), "log10": (0.1, 10), "asinh": (-5, 5), "acosh": (1, 10), "atanh": (-0.9, 0.9),
    "cbrt": (-5, 5), "hypot": (-5, 5),
}  # fmt: skip
"""Each function, and where its first argument lies; a second one lies in [-3, 3]."""

BINARY = ("atan2", "pow", "hypot")

NUMPY = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "atan2": "arctan2", "asinh": "arcsinh", "acosh": "arccosh",
         "atanh": "arctanh", "pow": "power"}  # fmt: skip


def data(kind: str) -> Data:
    rng = np.random.default_rng(0)
    type = {"f64": np.float64, "f32": np.float32}[kind]
    first = [rng.uniform(*ends, COUNT).astype(type) for ends in ARGUMENTS.values()]
    return [kind, *first, rng.uniform(-3, 3, COUNT).astype(type)]


def arguments(given: Data) -> dict[str, tuple[Any, ...]]:
    """The arrays by the function they are for."""
    pairs = zip(ARGUMENTS, given[1:-1], strict=True)
    return {name: (x, given[-1]) if name in BINARY else (x,) for name, x in pairs}


def calling(function: Callable[..., Any], given: tuple[Any, ...], **options: Any) -> Callable[[], Any]:
    return lambda: function(*given, **options)


def ours(given: Data) -> Calls:
    kind, calls = given[0], {}
    for name, arrays in arguments(given).items():
        call = "x[i] ^ y[i]" if name == "pow" else f"{name}(x[i], y[i])" if name in BINARY else f"{name}(x[i])"
        parameters = ", ".join(f"{p}: {kind}[n]" for p, _ in zip("xy", arrays, strict=False))
        calls[name] = calling(pb.compile(f"def f({parameters}) -> {kind}[n] = for i: {call}").f, arrays)
    return calls


def numpy(given: Data) -> Calls:
    found = {name: getattr(np, NUMPY.get(name, name), None) for name in ARGUMENTS}
    return {name: calling(found[name], a, out=np.empty_like(a[0])) for name, a in arguments(given).items() if found[name]}


def torch(given: Data) -> Calls:
    library = peers.torch()
    special = {"softplus": library.nn.functional.softplus, "trigamma": lambda x: library.special.polygamma(1, x),
               "tetragamma": lambda x: library.special.polygamma(2, x)}
    found = {name: special.get(name) or getattr(library, name, None) for name in ARGUMENTS}  # it has no cbrt
    return {name: calling(found[name], tuple(peers.tensors(a))) for name, a in arguments(given).items() if found[name]}


PROGRAM = Program(
    name="functions",
    title=__doc__ + f" {COUNT} elements; accuracy is measured in tests/backends/llvm/test_vectormath.py.",
    sizes={"f64": ("f64",), "f32": ("f32",)},
    data=data,
    contenders=(Contender(OURS, ours, threads=False), Contender("NumPy", numpy, threads=False),
                Contender("PyTorch", torch, threads=False)),
    bars=tuple(Bar(f"{name}, the faster of NumPy and PyTorch", name, (("NumPy", name), ("PyTorch", name)), 1)
               for name in ARGUMENTS),
    tolerance=1e-5,
)
