"""`pullback.check_inverse`: whether the inverses that folds declare undo their steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...backends.interpreter import run
from ...backends.llvm.arguments import bind_sizes, convert
from ...core.errors import ArgumentFault, DerivativeFault
from ...ir.unary import term as t
from .function import Function
from .trees import flatten

__all__ = ["WrongInverse", "check_inverse"]

RTOL = {8: 1e-9, 4: 1e-4}
"""By default, by the bytes of a float: how far a number may be off after one step, relative to 1 + its size."""


class WrongInverse(DerivativeFault, AssertionError):
    """PB0505: an inverse does not undo a step (a Python `AssertionError` too)."""


def check_inverse(f: Function, args: Sequence[Any], rtol: float | None = None) -> None:
    """Run ``f`` on ``args`` by its meaning and undo every step of a fold that declares an ``inverse``, at once.

    ``rtol`` is how far a float may be off, relative to 1 + its size: by default 1e-9 in f64, 1e-4 in f32. All else must be
    equal. Raises WrongInverse (also an AssertionError) at the first step that is not undone; ArgumentFault PB0602 for a
    function without inverses, so that a check that checks nothing does not pass."""
    if not isinstance(f, Function):
        raise ArgumentFault("PB0602", f"`check_inverse` takes a function of a compiled module, not {f!r}")
    executable, m = f.executable, f.morphism
    values = f.arranged(tuple(args), {})
    leaves = convert(executable.signature, [x for p, v in zip(m.parameters, values, strict=True)
                                            for x in flatten(p.name, p.type, v)])  # fmt: skip
    steps = undone_steps(executable.bare, leaves, bind_sizes(executable.signature, leaves), rtol)
    if not steps:
        raise ArgumentFault("PB0602", f"no step with an inverse is run by `{f.name}` on these arguments",
                            hint="a fold declares one by `inverse`, before its `:`")


def undone_steps(term: t.Term, leaves: Sequence[Any], sizes: Mapping[str, int], rtol: float | None = None) -> int:
    """Run a term and undo every step of a loop with an inverse; how many there were. Raises WrongInverse."""
    steps = 0

    def watch(loop: t.Loop | t.While, index: int, before: Sequence[Any], found: Sequence[Any]) -> None:
        nonlocal steps
        steps += 1
        for k, (x, y) in enumerate(zip(before, found, strict=True)):
            _compare(loop, index, f"part {k} of the state" if len(before) > 1 else "the state", x, y, rtol)

    run(term, leaves, sizes, watch)
    return steps


def _compare(loop: t.Loop | t.While, index: int, what: str, before: Any, found: Any, rtol: float | None) -> None:
    x, y = np.asarray(before), np.asarray(found)
    limit = (rtol or RTOL[x.dtype.itemsize]) * (1 + np.abs(x)) if x.dtype.kind == "f" else 0
    with np.errstate(all="ignore"):
        off = (x != y) & ~(np.abs(np.subtract(x, y, dtype=float)) <= limit) & ~((x != x) & (y != y))
    if off.any():
        at = tuple(int(i) for i in np.argwhere(off)[0])
        where = f" at [{', '.join(map(str, at))}]" if at else ""
        raise WrongInverse(
            "PB0505",
            f"the inverse does not undo step {index}: {what}{where} was {x[at]:.9g}, and comes back as {y[at]:.9g}",
            loop.span,
        )
