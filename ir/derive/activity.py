"""Which wires depend on the ones being differentiated: only through them must a derivative exist.

``floor(x[i]) * w`` has a gradient by ``w`` although floor has none, because nothing active goes through floor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.objects import is_differentiable
from ..unary import term as t


@dataclass(frozen=True)
class Activity:
    """The active positions of a block; positions below ``base`` are the enclosing block's."""

    parent: Activity | None
    base: int
    flags: set[int] = field(default_factory=set)

    def __contains__(self, position: int) -> bool:
        here: Activity | None = self
        while here is not None:
            if position >= here.base:
                return position in here.flags
            here = here.parent
        return False

    def child(self, base: int, params: Sequence[bool]) -> Activity:
        """The activity of a block whose parameters begin at ``base``."""
        return Activity(self, base, {base + k for k, flag in enumerate(params) if flag})

    def mark(self, position: int, flags: Sequence[bool]) -> None:
        self.flags.update(position + k for k, flag in enumerate(flags) if flag)


def results_active(step: t.Step, active: Activity, position: int) -> tuple[bool, ...]:
    """Which results of a step (its first at ``position``) depend on an active wire and can carry a derivative."""
    match step:
        case t.Apply():
            return (any(a in active for a in step.args),)
        case t.Index():
            return (step.array in active,)
        case t.OneHot():
            return (step.value in active,)
        case t.Loop():
            carried, outputs = _settled(step, active, position)
            return (*carried, *(f and k not in DISCRETE for f, k in zip(outputs, step.kinds, strict=True)))
        case t.While():
            return (*carries_active(step, active, position), False)
        case t.Branch():
            then = _block(step.then, active.child(position, ()), position)
            orelse = _block(step.orelse, active.child(position, ()), position)
            return tuple(a or b for a, b in zip(then, orelse, strict=True))
        case t.Custom():
            flag = any(a in active for a in step.args)
            return tuple(flag and is_differentiable(w) for w in step.primal.cod)
        case t.Constant() | t.Zero() | t.Extent() | t.Open() | t.Stop():
            return (False,)


DISCRETE = ("argmax", "argmin", "all", "any")


def carries_active(step: t.Loop | t.While, active: Activity, position: int) -> tuple[bool, ...]:
    """The carries that are active in some iteration: the least fixed point of one iteration's activity."""
    return _settled(step, active, position)[0]


def _settled(step: t.Loop | t.While, active: Activity, position: int) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """The same, and the outputs. As a rule the body is looked at once: loops may nest, and that doubles at each level."""
    count = len(step.inits)
    flags = tuple(p in active for p in step.inits)
    while True:
        results = _block(step.body, active.child(position, (False, *flags)), position)
        after = tuple(a or b for a, b in zip(flags, results[:count], strict=True))
        if after == flags:
            return flags, results[count:]
        flags = after


def _block(block: t.Block, inner: Activity, position: int) -> tuple[bool, ...]:
    position += len(block.params)
    for step in block.steps:
        flags = results_active(step, inner, position)
        inner.mark(position, flags)
        position += len(flags)
    return tuple(r in inner and is_differentiable(w) for r, w in zip(block.results, block.cod, strict=True))
