"""Checkpoints: a loop that is to keep few of its carries is written as a loop over segments of its steps.

    loop i < n: f(i)   =   loop c < ⌈n/s⌉: loop k < min(s, n − c·s): f(c·s + k)

Nothing else is needed. The reverse of the outer loop keeps the carries that each segment begins with, and runs a segment
again to keep those within it: n/s + s of them at a time, for one more run (Griewank 1992, of two levels). What it makes
is unary form without checkpoints, whose derivatives of any order hold as little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.objects import F64, I64
from ...core.sizes import Size, atom
from ..unary import term as t
from ..unary.builder import Builder, Replay, Scope, copy
from .activity import Activity, carries_active, results_active

_HELD = ("build", "argmax", "argmin")
"""Outputs that cannot be folded segment by segment: a loop that stacks something holds a row for each step anyway."""


def segmented(term: t.Term, wrt: Sequence[int]) -> t.Term:
    """The same term with the loops that have checkpoints, and carry what depends on ``wrt``, run in segments."""
    if not _checkpoints(term.steps):
        return term
    builder = Builder(term.name, term.sizes, term.names, term.dom)
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    _replay(builder, term.steps, scope, Activity(None, 0, set(wrt)), len(term.dom))
    return builder.finish([scope[r] for r in term.results])


def _checkpoints(steps: Sequence[t.Step]) -> bool:
    return any(
        (isinstance(step, t.Loop | t.While) and step.checkpoint is not None)
        or any(_checkpoints(block.steps) for block in vars(step).values() if isinstance(block, t.Block))
        for step in steps
    )


def _replay(builder: Builder, steps: Sequence[t.Step], scope: Scope, active: Activity, position: int) -> None:
    for step in steps:
        flags = results_active(step, active, position)
        active.mark(position, flags)
        if not any(flags) or isinstance(step, t.Custom):
            copy(builder, step, scope, position)
        elif isinstance(step, t.Loop | t.While):
            params = (False, *carries_active(step, active, position))
            if step.checkpoint is not None and not any(k in _HELD for k in getattr(step, "kinds", ())):
                _segments(builder, step, scope, active.child(position, params), position)
            else:
                kept = replace(step, checkpoint=None)
                copy(builder, kept, scope, position, _inside(active, position, params))
        else:
            copy(builder, step, scope, position, _inside(active, position, ()))
        position += len(flags)


def _inside(active: Activity, base: int, params: Sequence[bool]) -> Replay:
    return lambda builder, steps, scope, at: _replay(builder, steps, scope, active.child(base, params), at)


def _segments(b: Builder, step: t.Loop | t.While, scope: Scope, active: Activity, position: int) -> None:
    """Append the loop over segments and record where its results are."""
    b.span = step.span or b.span
    kinds, backward = (step.kinds, step.backward) if isinstance(step, t.Loop) else ((), False)
    if isinstance(step, t.Loop):
        bound = scope.size(step.bound)
    else:  # the first run counts
        bound = b.open("trips", copy(b, replace(step, checkpoint=None), scope, position)[-1])
    assert step.checkpoint is not None
    every = _every(b, scope.checkpoint(step.checkpoint), bound)

    def segment(name: str, _: int, carries: tuple[int, ...]) -> Sequence[int]:
        start = atom(name) * every
        first = b.one(t.Extent(start))
        steps = b.open("steps", b.apply("min", b.one(t.Extent(every)), b.one(t.Extent(bound - start))))

        def run(inner: str, k: int, carries: tuple[int, ...]) -> Sequence[int]:
            within = scope.child(position)
            if isinstance(step, t.Loop):
                within.atoms[step.index] = start + atom(inner)
            for j, p in enumerate((b.apply("add", first, k), *carries)):
                within[position + j] = p
            _replay(b, step.body.steps, within, active, position + 1 + len(carries))
            return [within[r] for r in step.body.results]

        return b.loop("step", steps, carries, kinds, run, backward)

    inits = [scope[p] for p in step.inits]
    for k, p in enumerate(b.loop("segment", (bound + every - 1) // every, inits, kinds, segment, backward)):
        scope[position + k] = p


def _every(b: Builder, checkpoint: t.Checkpoint | None, bound: Size) -> Size:
    """How many steps a segment has, at least 1: as many as said, but no more than there are, or ⌈√bound⌉."""
    every = checkpoint.every if checkpoint is not None else None
    steps = b.one(t.Extent(bound))
    if every is not None:
        length = b.apply("min", b.one(t.Extent(every)), steps)
    else:
        root = b.apply("sqrt", b.apply("cast", b.apply("max", steps, b.constant(0, I64)), to=F64))
        length = b.apply("cast", b.apply("ceil", root), to=I64)
    return b.open("every", b.apply("max", length, b.constant(1, I64)))
