"""The interpreter with an eye on numbers that stop being numbers: which operations make NaN or infinities of finite ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.errors import Span
from ...core.objects import Scalar, Wire, element
from ...core.operation import Operation
from ...ir.unary import term as t
from .evaluate import Machine, Value, bind_sizes

Site = tuple[str, Span | None]
"""Where something is made: the operation, or the kind of reduction, and its place."""


@dataclass(frozen=True)
class Made:
    """The first time that an operation gave a NaN without having one, or an infinity of finite numbers."""

    what: str
    span: Span | None
    arguments: tuple[Any, ...]
    result: Any
    at: Mapping[str, int]
    """The indices of the loops around."""

    @property
    def site(self) -> Site:
        return self.what, self.span


class _Watching(Machine):
    def __init__(self, sizes: dict[str, int], values: list[Value], term: t.Term, mended: Site | None) -> None:
        super().__init__(sizes, values, list(term.dom), None)
        self.indices = frozenset(_indices(term.steps))
        self.mended = mended
        self.found: dict[Site, Made] = {}

    def apply(self, operation: Operation, objects: Sequence[Scalar], result: Scalar, args: Sequence[Value],
              span: Span | None) -> Value:  # fmt: skip
        return self.seen(operation.name, span, args, super().apply(operation, objects, result, args, span))

    def fold(self, kind: str, values: Sequence[Value], wire: Wire, span: Span | None) -> Value:
        folded = super().fold(kind, values, wire, span)
        return self.seen(kind, span, values, folded)

    def seen(self, what: str, span: Span | None, args: Sequence[Value], result: Value) -> Value:
        if result.dtype.kind != "f" or np.isfinite(result).all():
            return result
        floats = [a for a in map(np.asarray, args) if a.dtype.kind == "f"]
        made = np.isnan(result).any() and not any(np.isnan(a).any() for a in floats)
        if not (made or all(np.isfinite(a).all() for a in floats)):
            return result
        if (what, span) == self.mended:
            return np.where(np.isfinite(result), result, result.dtype.type(1))
        if (what, span) not in self.found:
            at = {name: self.sizes[name] for name in self.sizes if name in self.indices}
            self.found[what, span] = Made(what, span, tuple(args), result, at)
        return result


def _indices(steps: Sequence[t.Step]) -> list[str]:
    found = [step.index for step in steps if isinstance(step, t.Loop)]
    for step in steps:
        for block in vars(step).values():
            found += _indices(block.steps) if isinstance(block, t.Block) else []
    return found


def watched(term: t.Term, args: Sequence[Any], sizes: Mapping[str, int],
            mended: Site | None = None) -> tuple[list[Value], list[Made]]:  # fmt: skip
    """The results, and what made NaN or infinities, in the order it happened. What ``mended`` makes is made 1 instead."""
    values = [np.asarray(a, element(w).dtype) for a, w in zip(args, term.dom, strict=True)]
    machine = _Watching(bind_sizes(term, values) | dict(sizes), values, term, mended)
    with np.errstate(all="ignore"):
        machine.steps(term.steps)
    return [machine.values[r] for r in term.results], list(machine.found.values())


def culprit(term: t.Term, args: Sequence[Any], sizes: Mapping[str, int]) -> Made | None:
    """The first operation whose NaN or infinity reaches a result: with what it makes mended, more of the result is finite.

    None where all results are finite. What a condition throws away does no harm, and is passed over."""
    results, found = watched(term, args, sizes)
    worst = _unfinished(results)
    if not worst:
        return None
    for made in found:
        if _unfinished(watched(term, args, sizes, made.site)[0]) < worst:
            return made
    return found[0] if found else None


def _unfinished(results: Sequence[Value]) -> int:
    return sum(int((~np.isfinite(r)).sum()) for r in map(np.asarray, results) if r.dtype.kind == "f")
