"""`pullback.check_grads`: derivatives against difference quotients, and forward mode against reverse mode."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...backends.executable import Executable, Settings
from ...backends.llvm.arguments import convert
from ...core.errors import ArgumentFault, DerivativeFault
from ...core.objects import Wire, element
from . import derivatives
from .function import Function
from .morphism import Morphism
from .trees import flatten

__all__ = ["GradientMismatch", "check_grads"]

RTOL = {"f64": 1e-6, "f32": 1e-2}
STEPS = 9
SHRINK = 1.6
MODES = ("fwd", "rev")


class GradientMismatch(DerivativeFault, AssertionError):
    """PB0504: a derivative is not what difference quotients, or the other mode, say (a Python `AssertionError` too)."""


def check_grads(f: Function, args: Sequence[Any], order: int = 2, modes: Sequence[str] = MODES, rtol: float | None = None,
                entries: int = 20, seed: int = 0) -> None:
    """Check the derivatives of ``f`` at ``args`` up to ``order`` (of order 2: the derivative of the reverse derivative).

    Entry by entry (at most ``entries`` of each argument, drawn with ``seed``) the derivative of ⟨w, f(x)⟩, w drawn too, by
    reverse mode (``rev``) and forward mode (``fwd``) is compared with central differences, extrapolated to step 0 with an
    estimate of their own error (Ridders 1982, in Numerical Recipes §5.7). ``rtol`` is by default 1e-6 in f64 and 1e-2 in f32.
    Then the modes are compared with each other, to rounding.

    Raises GradientMismatch (also an AssertionError) naming the argument and the entry; DerivativeFault PB0503 for values
    that difference quotients are not defined on."""
    if not isinstance(f, Function):
        raise ArgumentFault("PB0602", f"`check_grads` takes a function of a compiled module, not {f!r}")
    if bad := [mode for mode in modes if mode not in MODES]:
        raise ArgumentFault("PB0609", f"there is no mode {bad[0]!r}", hint="the modes are 'fwd' and 'rev'")
    m = f.morphism
    values = f.arranged(tuple(args), {})
    leaves = [leaf for p, v in zip(m.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
    point = [np.array(v) for v in convert(f.executable.signature, leaves)]
    _check(m, point, order, _How(tuple(modes), rtol, entries, f.settings), np.random.default_rng(seed), m.name)


@dataclass(frozen=True)
class _How:
    modes: tuple[str, ...]
    rtol: float | None
    entries: int
    settings: Settings


@dataclass(frozen=True)
class _Quotient:
    """A difference quotient and about how wrong it is."""

    value: float
    error: float


def _check(m: Morphism, point: list[Any], order: int, how: _How, rng: np.random.Generator, what: str) -> None:
    wrt = m.differentiable(range(len(m.parameters)))
    out = [k for k, w in enumerate(m.term.cod) if element(w).is_differentiable]
    for wire in [*(m.term.dom[k] for k in wrt), *(m.term.cod[k] for k in out)]:
        if not element(wire).is_float:
            raise DerivativeFault("PB0503", f"`check_grads` of `{m.name}`: there are no difference quotients over {wire}")
    if not wrt or not out or order < 1:
        return
    value = Executable(m.term, how.settings, m.counts, m.labels)
    base = value(*point)
    weights = [_drawn(rng, base[k], m.term.cod[k]) for k in out]
    if len(out) == 1 and np.ndim(base[out[0]]) == 0:
        weights = [np.ones((), element(m.term.cod[out[0]]).dtype)]  # so that the derivatives shown are those of the function

    def weighted(*args: Any) -> float:
        results = value(*args)
        return float(sum(np.sum(np.multiply(w, results[k], dtype=float)) for w, k in zip(weights, out, strict=True)))

    back = derivatives.reverse(m)
    pulled = Executable(back.term, how.settings, m.counts)(*point, *weights)
    push = derivatives.pushforward(m, [k for k, _ in enumerate(m.parameters) if m.differentiable([k])])
    pushed = Executable(push.term, how.settings, m.counts)

    def forward(along: Sequence[Any]) -> float:
        changes = pushed(*point, *along)[len(m.term.cod):]
        return float(sum(np.sum(np.multiply(w, c, dtype=float)) for w, c in zip(weights, changes, strict=True)))

    for j, k in enumerate(wrt):
        for at in _entries(rng, point[k].shape, how.entries):
            expected = _quotient(weighted, point, k, at)
            ours: dict[str, float] = {}
            if "rev" in how.modes:
                ours["reverse mode"] = float(np.asarray(pulled[j])[at])
            if "fwd" in how.modes:
                ours["forward mode"] = forward([_basis(point[i], at if i == k else None) for i in wrt])
            for mode, found in ours.items():
                _compare(found, expected, how.rtol or RTOL[element(m.term.dom[k]).kind], mode, _entry(m.labels[k], at), what)
    if set(how.modes) == set(MODES):
        tolerance = max(RTOL[element(m.term.dom[k]).kind] for k in wrt)
        _agree(pulled, forward, [_drawn(rng, point[k], m.term.dom[k]) for k in wrt], tolerance, what)
    if order > 1:
        if "rev" in how.modes:
            _check(back, [*point, *weights], order - 1, how, rng, f"the reverse derivative of {what}")
        else:
            along = [_drawn(rng, point[k], m.term.dom[k]) for k in wrt]
            _check(push, [*point, *along], order - 1, how, rng, f"the forward derivative of {what}")


def _agree(pulled: Sequence[Any], forward: Callable[[Sequence[Any]], float], along: Sequence[Any], rtol: float,
           what: str) -> None:
    """⟨w, D[f](x, v)⟩ = ⟨R[f](x, w), v⟩, to rounding."""
    products = [np.multiply(g, v, dtype=float) for g, v in zip(pulled, along, strict=True)]
    back, size = float(sum(map(np.sum, products))), float(sum(np.sum(np.abs(p)) for p in products))
    front = forward(along)
    if not (abs(back - front) <= 1e-4 * rtol * size or _same_special(back, front)):
        raise GradientMismatch("PB0504", f"{what}: forward and reverse mode differ: along a direction drawn at random "
                               f"{front:.12g} by forward mode, {back:.12g} by reverse mode")


def _compare(found: float, expected: _Quotient, rtol: float, mode: str, entry: str, what: str) -> None:
    size = max(abs(found), abs(expected.value))
    near = _same_special(found, expected.value) or abs(found - expected.value) <= rtol * size + 4 * expected.error
    settled = expected.error <= max(rtol * size, 1e-9) or not math.isfinite(expected.value)
    if near and settled:
        return
    raise GradientMismatch(
        "PB0504",
        f"{what}: the derivative by `{entry}` is {found:.9g} in {mode}, but difference quotients give "
        f"{expected.value:.9g} (±{expected.error:.1g})",
        hint=None if settled else "the quotients do not settle: the function may have a kink or a jump near this point, "
        "or lose its digits there")


def _same_special(a: float, b: float) -> bool:
    """Both NaN, or the same infinity."""
    return (math.isnan(a) and math.isnan(b)) or (math.isinf(a) and a == b)


def _quotient(f: Callable[..., float], point: Sequence[Any], k: int, at: tuple[int, ...]) -> _Quotient:
    """The derivative of ``f`` by one entry: central differences over shrinking steps, extrapolated; the best of the tableau.

    Steps are what the numbers moved by as they are stored, so f32 is as exact as it can be."""
    args = [np.array(a) for a in point]
    start = float(point[k][at])
    small = args[k].dtype.itemsize < 8
    step = max(abs(start), 0.1 if small else 0.02) * (0.2 if small else 0.05)
    best, previous = _Quotient(math.nan, math.inf), [math.nan]
    for _ in range(STEPS):
        args[k][at] = start + step
        above, high = float(args[k][at]), f(*args)
        args[k][at] = start - step
        below, low = float(args[k][at]), f(*args)
        args[k][at] = start
        row = [(high - low) / (above - below)]
        noise = 2 * float(np.finfo(args[k].dtype).eps) * max(abs(high), abs(low)) / step
        factor = SHRINK**2
        for last in previous if not math.isnan(previous[0]) else []:
            row.append((row[-1] * factor - last) / (factor - 1))
            factor *= SHRINK**2
            error = max(abs(row[-1] - row[-2]), abs(row[-1] - last)) + noise
            if error < best.error:
                best = _Quotient(row[-1], error)
        previous, step = row, step / SHRINK
    return best if math.isfinite(best.error) else _Quotient(previous[0], 0.0)


def _entries(rng: np.random.Generator, shape: tuple[int, ...], most: int) -> Iterator[tuple[int, ...]]:
    """The indices of an array, or ``most`` of them drawn."""
    size = math.prod(shape)
    chosen = range(size) if size <= most else sorted(rng.choice(size, most, replace=False).tolist())
    for flat in chosen:
        yield tuple(int(i) for i in np.unravel_index(flat, shape)) if shape else ()


def _entry(label: str, at: tuple[int, ...]) -> str:
    return f"{label}[{', '.join(map(str, at))}]" if at else label


def _drawn(rng: np.random.Generator, like: Any, wire: Wire) -> Any:
    return rng.standard_normal(np.shape(like)).astype(element(wire).dtype)


def _basis(like: Any, at: tuple[int, ...] | None) -> Any:
    basis = np.zeros_like(like)
    if at is not None:
        basis[at] = 1
    return basis
