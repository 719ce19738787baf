"""How far the results of a program may be from what it means: running error analysis (Wilkinson; Higham, Accuracy and
Stability, 3.3), by evaluation beside the interpreter, so that the bound follows from the program and its arguments.

Every real value is a midpoint, computed in f64, with a radius that holds it in any order of evaluation, with products and sums
fused or not; and a magnitude, what the value would be if no terms cancelled, of which sums in another order may be off by
units in the last place. Operations carry radii by being evaluated at the ends, not by their derivatives, which are on trial
themselves. A discrete value that the radii leave open is undecided; a branch, index or size that is undecided ends it, for no
evaluation is then wrong (`Undecided`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from pullback.backends.interpreter.evaluate import Machine, bind_sizes
from pullback.core.objects import F64, Scalar, Wire, element
from pullback.core.operations import OPERATIONS, operation_of
from pullback.core.semiring import semiring
from pullback.ir.unary import term as t

ULPS = {"add": 2.0, "sub": 2.0, "mul": 2.0, "div": 3.0, "sqrt": 2.0, "neg": 0.0, "abs": 0.0, "max": 0.0, "min": 0.0,
        "select": 0.0, "floor": 0.0, "ceil": 0.0, "round": 0.0, "trunc": 0.0, "sign": 0.0, "copysign": 0.0, "relu": 0.0,
        "lgamma": 24.0, "digamma": 24.0, "trigamma": 24.0, "tetragamma": 24.0}  # fmt: skip
"""Units in the last place that two evaluations of an operation may be apart (docs/functions.md, and as much for NumPy's own);
`ANY` for others."""
ANY = 10.0


class Undecided(Exception):
    """What the program does turns on the last bits."""


@dataclass(frozen=True)
class Ball:
    """``mid`` (f64 for reals, else the value), ``radius`` and ``size`` of its shape. Of a discrete value the radius is 0 or
    infinite. ``terms``: how many a sum of sums has, which may be added up one after another."""

    mid: Any
    radius: Any
    size: Any
    terms: float = 1.0

    @property
    def is_certain(self) -> bool:
        return not np.any(self.radius)


def exact(value: Any) -> Ball:
    mid = np.asarray(value)
    mid = mid.astype(np.float64) if mid.dtype.kind == "f" else mid
    return Ball(mid, np.zeros(mid.shape), np.abs(mid).astype(np.float64))


def bounds(term: t.Term, args: Sequence[Any], sizes: Mapping[str, int]) -> list[Ball]:
    """The results of a term as balls. Raises Undecided."""
    values = [np.asarray(a, dtype=element(w).dtype) for a, w in zip(args, term.dom, strict=True)]
    machine = _Balls(bind_sizes(term, values) | dict(sizes), [exact(v) for v in values], list(term.dom), None)
    with np.errstate(all="ignore"):
        machine.steps(term.steps)
    return [machine.values[r] for r in term.results]


def holds(ball: Ball, have: Any) -> bool:
    """Whether a result lies where evaluations of the program lie."""
    have = np.asarray(have)
    if have.shape != np.shape(ball.mid):
        return False
    if have.dtype.kind != "f":
        return bool(np.all((have == ball.mid) | (ball.radius > 0)))
    with np.errstate(all="ignore"):
        same = (have == ball.mid) | (np.isnan(have) & np.isnan(ball.mid))
        return bool(np.all(same | (np.abs(have - ball.mid) <= ball.radius) | ~np.isfinite(ball.radius)))


def _unit(scalar: Scalar) -> tuple[float, float, float]:
    """Half a unit in the last place of 1, the least and the greatest number."""
    info = np.finfo(scalar.dtype)
    return float(info.eps) / 2, float(info.smallest_subnormal), float(info.max)


def _rounded(mid: Any, radius: Any, size: Any, ulps: float, scalar: Scalar, terms: float = 1.0) -> Ball:
    """A value with what rounding adds to it; what may overflow may be anything."""
    unit, least, most = _unit(scalar)
    size = np.maximum(size, np.abs(mid))
    radius = radius + ulps * (unit * size + (least if scalar.kind == "f32" else 0.0))
    radius = np.where(np.isnan(radius) | (size > most / 2), np.inf, radius)
    return Ball(mid, np.where(~np.isfinite(mid) & ~np.isfinite(radius), np.inf, radius), size, terms)


def _total(parts: Sequence[Ball], zero: Ball, scalar: Scalar) -> Ball:
    mid = sum((p.mid for p in parts), zero.mid)
    size = sum((p.size for p in parts), zero.size)
    terms = sum(p.terms for p in parts)
    return _rounded(mid, sum((p.radius for p in parts), zero.radius), size, 2.0 * terms, scalar, max(terms, 1.0))


def _widened(mid: Any, ends: Sequence[Any]) -> Any:
    """Twice how far the ends are from the middle; for what is neither finite nor the same, any distance."""
    radius = np.zeros(np.shape(mid))
    for end in ends:
        same = (end == mid) | (np.isnan(end) & np.isnan(mid))
        radius = np.maximum(radius, np.where(same, 0.0, np.abs(end - mid)))
    return np.where(np.isnan(radius), np.inf, 2 * radius)


class _Balls(Machine):
    """The interpreter on balls. What moves values about is inherited."""

    def zero(self, wire: Wire) -> Ball:
        return exact(super().zero(wire))

    def step(self, step: t.Step, kinds: Sequence[Wire]) -> Sequence[Any]:
        values = self.values
        match step:
            case t.Constant():
                return (exact(self.full((), step.value, step.kind)),)
            case t.Extent():
                return (exact(np.asarray(self.size(step.size))),)
            case t.Open():
                self.sizes[step.atom] = max(int(self.certain(step.arg)), 0)
                return (exact(np.asarray(self.sizes[step.atom])),)
            case t.Index():
                i, a = int(self.certain(step.index)), values[step.array]
                if not 0 <= i < len(a.mid):
                    raise IndexError(i)
                return (Ball(np.asarray(a.mid[i]), np.asarray(a.radius[i]), np.asarray(a.size[i]), a.terms),)
            case t.OneHot():
                i, v, count = int(self.certain(step.index)), values[step.value], max(self.size(step.size), 0)
                if not 0 <= i < count:
                    raise IndexError(i)
                made, nothing = [], self.zero(kinds[0])
                for hot, part in ((nothing.mid, v.mid), (nothing.radius, v.radius), (nothing.size, v.size)):
                    hot[i] = part
                    made.append(hot)
                return (Ball(*made, v.terms),)
        return [r if isinstance(r, Ball) else exact(r) for r in super().step(step, kinds)]

    def branch(self, step: t.Branch) -> Sequence[Any]:
        return self.block(step.then if self.certain(step.cond) else step.orelse, ())

    def holds(self, condition: Ball, span: Any) -> bool:
        if not condition.is_certain:
            raise Undecided
        return bool(condition.mid)

    def certain(self, position: int) -> Any:
        ball: Ball = self.values[position]
        if not ball.is_certain:
            raise Undecided
        return ball.mid

    def block(self, block: t.Block, params: Sequence[Any]) -> list[Any]:
        return super().block(block, [p if isinstance(p, Ball) else exact(p) for p in params])

    # -- operations ------------------------------------------------------------------------------------------------------
    def _apply(self, step: t.Apply, wire: Wire) -> Any:
        operation, args = operation_of(step.op), [self.values[a] for a in step.args]
        return self.apply(operation, [], element(wire), args, step.span)

    def apply(self, operation: Any, objects: Any, result: Scalar, args: Sequence[Any], span: Any) -> Any:
        if result.is_weight:
            return _weighed(operation, result, args)
        if not result.is_float or operation.name == "cast":
            return self._discrete(operation, result, args)
        name = operation.name
        if name == "select":
            return _choice(*args)
        ulps = ULPS.get(name, ANY)
        a, b = args[0], args[-1]
        match name:
            case "neg":
                return Ball(-a.mid, a.radius, a.size, a.terms)
            case "add" | "sub":
                mid = a.mid + b.mid if name == "add" else a.mid - b.mid
                return _rounded(mid, a.radius + b.radius, a.size + b.size, ulps, result, a.terms + b.terms)
            case "mul":
                spread = _times(np.abs(a.mid), b.radius) + _times(np.abs(b.mid), a.radius) + _times(a.radius, b.radius)
                return _rounded(a.mid * b.mid, spread, _times(a.size, b.size), ulps, result, max(a.terms, b.terms))
        mid = operation.meaning(F64, *(x.mid for x in args))
        ends = [operation.meaning(F64, *places) for places in _ends(args)]
        floor = 1.0 if name in ("lgamma", "digamma", "trigamma", "tetragamma") else 0.0
        return _rounded(mid, _widened(mid, ends), np.maximum(np.abs(mid), floor), ulps, result)

    def _discrete(self, operation: Any, result: Scalar, args: Sequence[Ball]) -> Ball:
        """A comparison, arithmetic of a finite object, or a cast."""
        as_computed = F64 if result.is_float else result
        mid = operation.meaning(as_computed, *(x.mid for x in args))
        if all(x.is_certain for x in args) and not result.is_float:
            return exact(mid)
        ends = [operation.meaning(as_computed, *places) for places in _ends(args)]
        undecided = sum((~np.isfinite(x.radius) for x in args), np.zeros(np.shape(mid), bool))
        if result.is_float:
            spread = np.where(undecided, np.inf, _widened(mid, ends))
            return _rounded(mid, spread, np.abs(mid), 1.0, result)
        differs = sum((e != mid for e in ends), np.zeros(np.shape(mid), bool))
        return Ball(mid, np.where(undecided | differs, np.inf, 0.0), np.abs(mid).astype(np.float64))

    # -- loops -------------------------------------------------------------------------------------------------------------
    def _stacked(self, values: Sequence[Any], wire: Wire, bound: int) -> Any:
        scalar = element(wire)
        rest = np.shape(values[0].mid) if values else self.zero_shape(wire)
        dtypes = (np.float64 if scalar.is_float else scalar.dtype, np.float64, np.float64)
        stacks = [[v.mid for v in values], [v.radius for v in values], [v.size for v in values]]
        parts = (np.asarray(s, dtype=d).reshape((bound, *rest)) for s, d in zip(stacks, dtypes, strict=True))
        return Ball(*parts, max((v.terms for v in values), default=1.0))

    def fold(self, kind: str, values: Sequence[Any], wire: Wire, span: Any) -> Any:
        scalar = element(wire)
        if scalar.is_float and kind == "sum":
            return _total(values, self.zero(wire), scalar)
        if scalar.is_float and kind == "prod":
            return _product(values, semiring(scalar).one, scalar)
        if scalar.is_weight and kind in ("sum", "prod"):
            total = self.zero(wire) if kind == "sum" else exact(np.asarray(semiring(scalar).one))
            for v in values:
                total = _weighed(OPERATIONS["add" if kind == "sum" else "mul"], scalar, [total, v])
            return total
        if kind in ("sum", "prod"):
            mid = super().zero(wire) if kind == "sum" else np.asarray(semiring(scalar).one, dtype=scalar.dtype)
            for v in values:
                mid = OPERATIONS["add" if kind == "sum" else "mul"].meaning(scalar, mid, v.mid)
            return Ball(mid, sum((v.radius for v in values), np.zeros(np.shape(mid))), np.abs(mid).astype(np.float64))
        mid = super().fold(kind, [v.mid for v in values], F64 if scalar.is_float else wire, span)
        if all(v.is_certain for v in values):
            return exact(mid)
        if kind in ("argmax", "argmin"):
            return Ball(mid, np.asarray(0.0 if _is_won(values, int(mid), kind) else np.inf), np.abs(mid).astype(float))
        if kind in ("max", "min"):
            known = not np.isnan(mid) and all(np.isfinite(v.radius) for v in values)
            return Ball(mid, np.asarray(max(v.radius for v in values) if known else np.inf), np.abs(mid))
        sure = [bool(v.mid) for v in values if v.is_certain]
        decided = not all(sure) if kind == "all" else any(sure)
        return Ball(mid, np.asarray(0.0 if decided else np.inf), np.abs(mid).astype(float))


def _times(a: Any, b: Any) -> Any:
    """A product in which nothing times anything is nothing."""
    return np.where((a == 0) | (b == 0), 0.0, a * b)


def _ends(args: Sequence[Ball]) -> list[list[Any]]:
    """The arguments at every combination of the ends of those that are not exact reals, and of the signs a zero may have."""
    return [list(places) for places in product(*map(_sides, args))]


def _sides(x: Ball) -> tuple[Any, ...]:
    if np.asarray(x.mid).dtype.kind != "f":
        return (x.mid,)
    if not x.is_certain:
        return (x.mid - x.radius, x.mid + x.radius)
    return (x.mid, np.where(x.mid == 0, -x.mid, x.mid)) if np.any(x.mid == 0) else (x.mid,)


def _weighed(operation: Any, result: Scalar, args: Sequence[Ball]) -> Ball:
    """An operation on weights: what they add is their maximum or a logarithm, and their zero is infinite."""
    mid = operation.meaning(result, *(x.mid for x in args))
    ends = [operation.meaning(result, *places) for places in _ends(args)]
    size = sum(np.where(np.isfinite(s), np.abs(s), 0.0) for s in (mid, *(x.size for x in args)))
    return Ball(mid, _widened(mid, ends) + ANY * _unit(result)[0] * size, size)


def _choice(condition: Ball, yes: Ball, no: Ball) -> Ball:
    taken = np.where(condition.mid, yes.mid, no.mid)
    radius = np.where(condition.mid, yes.radius, no.radius)
    size = np.where(condition.mid, yes.size, no.size)
    undecided = condition.radius > 0
    same = (yes.mid == no.mid) | (np.isnan(yes.mid) & np.isnan(no.mid))
    apart = np.where(same, 0.0, np.abs(yes.mid - no.mid)) + np.maximum(yes.radius, no.radius)
    radius = np.where(undecided, np.where(np.isnan(apart), np.inf, apart), radius)
    return Ball(taken, radius, np.where(undecided, np.maximum(yes.size, no.size), size), max(yes.terms, no.terms))


def _product(values: Sequence[Ball], one: Any, scalar: Scalar) -> Ball:
    mid, radius, size = np.asarray(float(one)), np.asarray(0.0), np.asarray(abs(float(one)))
    for v in values:
        radius = _times(np.abs(mid), v.radius) + _times(np.abs(v.mid), radius) + _times(radius, v.radius)
        mid, size = mid * v.mid, _times(size, v.size)
    return _rounded(mid, radius, size, 2.0 * len(values), scalar)


def _is_won(values: Sequence[Ball], winner: int, kind: str) -> bool:
    """Whether the winner of an argmax or argmin wins wherever in its ball each value is (an exact tie goes to the first)."""
    best = values[winner]
    for k, v in enumerate(values):
        if k == winner or (best.is_certain and v.is_certain):
            continue
        gap = best.mid - v.mid if kind == "argmax" else v.mid - best.mid
        if not gap > best.radius + v.radius:
            return False
    return True


__all__ = ["Ball", "Undecided", "bounds", "exact", "holds"]
