"""Whether the ways to run a function agree, and where rounding is all that keeps them apart.

Semirings agree exactly. Floats agree up to rounding: machine code fuses products with sums, adds in another order and has
functions of its own, each within an ulp or so of NumPy's. A condition on data may turn on the last bit, though: where results
do not agree, the meaning itself must be unstable there under changes of that size, which is seen by making them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ...backends.executable import Executable, Settings
from ...backends.interpreter import run
from ...core.errors import PullbackError
from ...ir.unary.term import Term

TOLERANCE = {"float64": 1e-9, "float32": 1e-3}
"""Relative to the largest result. Values that are drawn are moderate and few: there is room for every difference in rounding
and for none in kind."""

WAYS: Mapping[str, Settings] = {
    "LLVM, unoptimised": Settings(level=0, lanes=False, threads=1),
    "LLVM, one thread": Settings(threads=1),
    "LLVM, two threads": Settings(threads=2),
    "LLVM, strict": Settings(mode="strict", threads=1),
    "Python": Settings(backend="python"),
}
"""The ways to run a function that are held against its meaning."""


def agree(want: Sequence[Any], have: Sequence[Any]) -> bool:
    """Whether two lists of results are the same up to rounding; NaN stands for any NaN."""
    return all(_same(np.asarray(a), np.asarray(b)) for a, b in zip(want, have, strict=True))


def _same(a: Any, b: Any) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    bound = TOLERANCE.get(str(a.dtype))
    if bound is None:
        return bool(np.array_equal(a, b))
    largest = float(np.max(np.abs(a[np.isfinite(a)]), initial=0.0))
    return bool(np.allclose(a, b, rtol=bound, atol=bound * (1 + largest), equal_nan=True))


def unstable(term: Term, args: Sequence[Any], sizes: Mapping[str, int]) -> bool:
    """Whether what a term means turns on the last bits of its arguments here."""
    with np.errstate(all="ignore"):
        want = run(term, args, sizes)
        return any(not agree(want, run(term, moved, sizes)) for moved in _moved(args))


def _moved(args: Sequence[Any]) -> Iterator[list[Any]]:
    """The arguments with every float moved by a few units in the last place."""
    for seed in range(4):
        random = np.random.default_rng(seed)
        values = [np.asarray(a) for a in args]
        ulps = [1 + random.integers(-8, 9, a.shape) * np.finfo(a.dtype).eps if a.dtype.kind == "f" else 1 for a in values]
        yield [a if a.dtype.kind != "f" else (a * u).astype(a.dtype) for a, u in zip(values, ulps, strict=True)]


def executables(term: Term, counts: Mapping[str, int], ways: Mapping[str, Settings] = WAYS) -> dict[str, Executable]:
    """A term in each way, compiled when first called."""
    return {name: Executable(term, settings, counts) for name, settings in ways.items()}


Outcome = tuple[Any, ...] | str
"""Results, or the code of the error that came instead."""


def outcome(call: Callable[[], Sequence[Any]]) -> Outcome:
    try:
        return tuple(call())
    except PullbackError as fault:
        return fault.code


def parted(meant: Outcome, had: Outcome) -> bool:
    """Whether two ways came to something else."""
    if isinstance(meant, str) or isinstance(had, str):
        return meant != had
    kinds = [np.asarray(a).dtype for a in meant]
    return not agree(meant, [np.asarray(b, kind) for b, kind in zip(had, kinds, strict=True)])
