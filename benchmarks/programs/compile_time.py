"""How long until a program has run once: from its text to the first result, in a new process, imports apart.

Cold, with an empty cache on disk, and cached, when another process has compiled the same program before. The reverse derivative
of a dot product over z<7> comes after that of a shorter one, so that it is the compiler's time alone.
"""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness import peers
from harness.program import OURS, Bar, Clocked, Contender, Data, Program

import pullback as pb

from . import gmm

HERE = Path(__file__).resolve().parents[1]
ADBENCH = HERE.parent / "frontends" / "gradbench" / "evals"
WARM = "def warm(x: f64[n]) -> f64 = sum i: exp(x[i])"
DOT = "def dot(x: z<7>[{0}], y: z<7>[{0}]) -> z<7> = sum i: x[i] * y[i]"


def generated(operations: int, seed: int = 0) -> list[str]:
    """Lines `v3 = sin(v1) * v0`: a straight body with so many operations or somewhat more, each reading two earlier values."""
    rng, lines, names = random.Random(seed), [], ["x"]
    for k in range(operations):
        a, b = rng.choice(names[-8:]), rng.choice(names[-8:])
        forms = (f"{a} * {b}", f"{a} + {b}", f"{a} - {b}", f"sin({a}) * {b}", f"tanh({a} + {b})")
        lines.append(f"v{k} = {rng.choice(forms)}")
        names.append(f"v{k}")
    return lines


def text_of(lines: list[str]) -> str:
    """The lines as a program: the body of a sum over an array."""
    body = "".join(f"        let {line}\n" for line in lines)
    return f"def f(array: f64[n]) -> f64 =\n    sum i:\n        let x = array[i]\n{body}        v{len(lines) - 1}\n"


def ours(what: str, size: str) -> Callable[[], object]:
    """Compile and call; what takes time has been loaded before."""
    program, function, wrt, arguments = source(size)
    pb.compile(WARM).warm(np.ones(3))
    if size == INTEGERS:
        ones = np.ones(100, np.int64)
        reverse = pb.reverse(pb.compile(DOT.format(100)).dot)
        reverse(ones, ones, 1)
        return lambda: pb.reverse(getattr(pb.compile(program), function))(*arguments)
    transform = pb.value_and_grad  # loaded when first asked for, as all of `pb`

    def first() -> object:
        f = getattr(pb.compile(program), function)
        return (f if what == "value" else transform(f, argnums=wrt))(*arguments)

    return first


def source(size: str) -> tuple[str | Path, str, Any, list[Any]]:
    """A program, the name of its function, what the derivative is by, and arguments."""
    match size:
        case "gmm":
            return ADBENCH / "gmm.pull", "objective", gmm.WRT, [*gmm.data(50, 4, 3), {"gamma": 1.0, "m": 0}]
        case "lstm":
            l, b = 2, 14
            state = {"h": np.ones((l, b)), "c": np.ones((l, b))}
            return ADBENCH / "lstm.pull", "loss", (0, 1), [np.ones((l, 2, 4, b)), np.ones((3, b)), state, np.ones((5, b))]
        case _ if size == INTEGERS:
            return DOT.format(128), "dot", None, [np.arange(128) % 7, np.ones(128, np.int64), 3]
        case _:
            return text_of(generated(int(size.split()[0]))), "f", 0, [np.linspace(0.1, 0.9, 64)]


def jax(what: str, size: str) -> Callable[[], object]:
    """Trace, compile and call."""
    library = peers.jax()
    if size == "gmm":
        objective = gmm.by_pairs(library.numpy, lambda x, axis: library.scipy.special.logsumexp(x, axis=axis))
        arguments, wrt = gmm.data(50, 4, 3), gmm.WRT
    else:
        lines = generated(int(size.split()[0]))
        scope: dict[str, Any] = {"sin": library.numpy.sin, "tanh": library.numpy.tanh}
        exec("\n    ".join(["def f(x):", *lines, f"return v{len(lines) - 1}.sum()"]), scope)
        objective, arguments, wrt = scope["f"], [np.linspace(0.1, 0.9, 64)], 0
    library.block_until_ready(library.jit(lambda x: library.numpy.exp(x).sum())(np.ones(3)))
    compiled = library.jit(objective if what == "value" else library.value_and_grad(objective, wrt))
    return lambda: library.block_until_ready(compiled(*arguments))


MAKERS: Mapping[str, Callable[[str, str], Callable[[], object]]] = {OURS: ours, "JAX": jax}


def child(who: str, what: str, size: str, cache: str) -> float:
    """Seconds of the first call in a new process."""
    command = [sys.executable, "-c", "from programs.compile_time import main; main()", who, what, size]
    done = subprocess.run(command, cwd=HERE, env={**os.environ, "PULLBACK_CACHE": cache}, check=True, capture_output=True,
                          text=True)
    return float(json.loads(done.stdout))


def main() -> None:
    """What the child does."""
    who, what, size = sys.argv[1:]
    first = MAKERS[who](what, size)
    gc.collect()  # what imports have left is not for the first call to look through
    gc.freeze()
    start = time.process_time()
    first()
    print(json.dumps(time.process_time() - start))


def cold(who: str, what: str, size: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return child(who, what, size, folder)


def our_calls(given: Data) -> Mapping[str, Clocked]:
    (size,) = given
    calls: dict[str, Clocked] = {}
    for what in ("value", "gradient") if size != INTEGERS else ("gradient",):
        kept = tempfile.TemporaryDirectory()  # goes when the calls go
        child(OURS, what, size, kept.name)
        calls[f"{what}, cold"] = Clocked(lambda what=what: cold(OURS, what, size))  # type: ignore[misc]
        calls[f"{what}, cached"] = Clocked(lambda what=what, kept=kept: child(OURS, what, size, kept.name))  # type: ignore[misc]
    return calls


def jax_calls(given: Data) -> Mapping[str, Clocked]:
    (size,) = given
    peers.jax()
    if size in ("lstm", LARGEST, INTEGERS):  # here JAX has no lstm and no z<7>; the other takes it a minute
        return {}
    return {f"{what}, cold": Clocked(lambda what=what: cold("JAX", what, size))  # type: ignore[misc]
            for what in ("value", "gradient")}


SMALL, LARGEST, LARGE = ("10 operations", "100 operations"), "1000 operations", ("gmm", "lstm")
INTEGERS = "dot(128) over z<7>"
SIZES = (*SMALL, LARGEST, *LARGE, INTEGERS)

PROGRAM = Program(
    name="compile_time",
    title=__doc__,
    sizes={size: (size,) for size in SIZES},
    data=lambda size: [size],
    contenders=(Contender(OURS, our_calls, threads=False), Contender("JAX", jax_calls, threads=False)),
    bars=(
        Bar("value, cold", "value, cold", (), 0.1, SMALL),
        Bar("value and gradient, cold", "gradient, cold", (), 0.1, SMALL),
        Bar("value and gradient, cold", "gradient, cold", (), 0.4, LARGE),
        Bar("reverse derivative, its compiler warm", "gradient, cold", (), 0.03, (INTEGERS,)),
        Bar("value and gradient, cached", "gradient, cached", (), 5e-3),
    ),
    quick="100 operations",
    answers=False,
)
