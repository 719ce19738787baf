"""The derivative held against what it is the limit of: difference quotients in finer arithmetic, and the complex step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...core.objects import element
from ...core.operation import Operation
from ...ir.unary import term as t
from .carriers import COMPLEX, FINER, carried
from .laws import Case, D, Law, Sides, Values, meaning, movable

STEPS = (4e-5, 2e-5, 1e-5)
"""So small that a kink is met by chance only; in finer arithmetic the quotients still have eleven digits."""

IMAGINARY = 1e-40
ANALYTIC = frozenset({"add", "sub", "mul", "neg", "div", "exp", "expm1", "log", "log1p", "log2", "sqrt", "rsqrt", "sin", "cos",
                      "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan"})  # fmt: skip
"""What NumPy computes on complex numbers as the continuation of what it computes on real ones."""


def apart(case: Case) -> Values:
    """The point moved a little, off the round numbers where kinks and ties are."""
    moved = []
    for k, (w, x) in enumerate(zip(case.f.dom, case.point, strict=True)):
        value = np.asarray(x)
        if element(w).is_float:
            places = np.arange(value.size).reshape(value.shape)
            value = (value + 0.0371 * np.sin(1.7 + 2.3 * places + k)).astype(value.dtype)
        moved.append(value)
    return moved


def quotient(c: Case) -> Iterator[Sides]:
    """D[f](a, v) = lim (f(a + hv) − f(a − hv)) / 2h, extrapolated (Richardson 1911), with an estimate of its error."""
    if not _real(c) or any(isinstance(s, t.Stop) for s in steps(c.f.steps)):
        return
    d, point, v, fine = D(c.f), apart(c), c.near(c.inputs), carried(c.f, FINER)
    active, results = movable(c.f.dom), movable(c.f.cod)
    errors: Values = []

    def at(h: float) -> Values:
        values = [np.asarray(x, element(w).dtype) for x, w in zip(point, fine.dom, strict=True)]
        for k, change in zip(active, v, strict=True):
            values[k] = values[k] + np.asarray(h, values[k].dtype) * change
        found = meaning(fine, [values], c.sizes)
        return [np.asarray(found[k]) for k in results]

    def limit(run: Any) -> Values:
        with np.errstate(all="ignore"):
            coarse, middle, last = ([(x - y) / (2 * h) for x, y in zip(at(h), at(-h), strict=True)] for h in STEPS)
            first = [(4 * y - x) / 3 for x, y in zip(coarse, middle, strict=True)]
            second = [(4 * y - x) / 3 for x, y in zip(middle, last, strict=True)]
            size = [float(np.max(np.abs(x[np.isfinite(x)]), initial=0.0)) for x in at(0.0)]
            errors[:] = [4 * abs(x - y) + 1e-9 * s for x, y, s in zip(first, second, size, strict=True)]
            return [(16 * y - x) / 15 for x, y in zip(first, second, strict=True)]

    yield Sides("D[f](a, v) and the limit of difference quotients", c.results, lambda run: run(d, point, v), limit,
                lambda: errors)  # fmt: skip


def complex_step(c: Case) -> Iterator[Sides]:
    """D[f](a, v) = Im f(a + ihv) / h, exact to rounding, where f is analytic."""
    if not _real(c) or not all(is_analytic(s) for s in steps(c.f.steps)):
        return
    d, point, v, wide = D(c.f), apart(c), c.near(c.inputs), carried(c.f, COMPLEX)
    active, results = movable(c.f.dom), movable(c.f.cod)

    def imaginary(run: Any) -> Values:
        values = [np.asarray(x, element(w).dtype) for x, w in zip(point, wide.dom, strict=True)]
        for k, change in zip(active, v, strict=True):
            values[k] = values[k] + 1j * IMAGINARY * change
        found = meaning(wide, [values], c.sizes)
        return [np.imag(found[k]) / IMAGINARY for k in results]

    yield Sides("D[f](a, v) and Im f(a + ihv) / h", c.results, lambda run: run(d, point, v), imaginary)


def _real(c: Case) -> bool:
    return all(element(w).is_float for w in (*c.inputs, *c.results))


def is_analytic(step: t.Step) -> bool:
    match step:
        case t.Apply():
            return not isinstance(step.op, Operation) and step.op in ANALYTIC
        case t.Loop():
            return set(step.kinds) <= {"build", "sum", "prod"}
        case t.Stop() | t.Branch() | t.While():
            return False
    return True


def steps(of: Any) -> Iterator[t.Step]:
    """All steps, those inside blocks included; of a custom rule its value, not the rule."""
    for step in of:
        yield step
        for name, block in vars(step).items():
            if isinstance(block, t.Block) and name != "reverse":
                yield from steps(block.steps)


QUOTIENTS = (
    Law("difference quotients", "D[f](a, v) = lim (f(a + hv) - f(a - hv)) / 2h, in finer arithmetic", quotient),
    Law("complex step", "D[f](a, v) = Im f(a + ihv) / h, where f is analytic", complex_step),
)
