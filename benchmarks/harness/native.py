"""C beside us: a file of `benchmarks/c`, compiled by the C compiler that is there, called through ctypes.

Functions take their arrays as pointers and their sizes as `long`, and return nothing or a double.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .program import Absent

SOURCES = Path(__file__).parents[1] / "c"
BUILT = Path(__file__).parents[1] / "out"
FLAGS = ("-O3", "-march=native")
FAST = (*FLAGS, "-ffast-math")


@cache
def compiler() -> str:
    """The path of gcc, or of what else answers to CC, cc or clang."""
    for name in (os.environ.get("CC", ""), "gcc", "cc", "clang"):
        if name and (found := shutil.which(name)):
            return found
    raise Absent("no C compiler (gcc, cc or clang) is on the PATH")


@cache
def version() -> str:
    return subprocess.run([compiler(), "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


@cache
def library(name: str, flags: Sequence[str] = FLAGS) -> ctypes.CDLL:
    """The shared library of c/name.c."""
    source = SOURCES / f"{name}.c"
    if not source.exists():
        raise Absent(f"there is no benchmarks/c/{name}.c")
    texts = [f.read_text(encoding="utf-8") for f in sorted(SOURCES.iterdir())]  # all, since they include one another
    stamp = hashlib.sha256("\n".join([name, version(), *flags, *texts]).encode()).hexdigest()[:16]
    target = BUILT / f"{name}-{stamp}.so"
    if not target.exists():
        BUILT.mkdir(exist_ok=True)
        half, code = target.with_suffix(f".{os.getpid()}"), target.with_suffix(f".{os.getpid()}.o")
        # Linked apart: with -ffast-math, linking brings code that makes the whole process flush subnormals to zero.
        for command in ([*flags, "-fPIC", "-c", "-o", str(code), str(source)], ["-shared", "-o", str(half), str(code), "-lm"]):
            done = subprocess.run([compiler(), *command], capture_output=True, text=True)
            if done.returncode:
                raise Absent(f"{source.name} does not compile: {done.stderr.strip().splitlines()[-1:]}")
        code.unlink()
        half.replace(target)
    return ctypes.CDLL(str(target))


def function(name: str, symbol: str, flags: Sequence[str] = FLAGS, result: Any = None) -> Callable[..., Any]:
    """A C function of arrays and integers, ready to be called: it keeps its arguments' pointers.

    ``function("gmm", "gmm_value", result=ctypes.c_double)(n, x)`` gives a call without arguments.
    """
    raw = getattr(library(name, tuple(flags)), symbol)
    raw.restype = result

    def bound(*arguments: Any) -> Callable[[], Any]:
        kept = [np.ascontiguousarray(a) if isinstance(a, np.ndarray) else a for a in arguments]
        passed = [ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else ctypes.c_long(a) for a in kept]

        def call(kept: object = kept) -> Any:  # the arrays live as long as the call does
            return raw(*passed)

        return call

    return bound
