"""Sharing: a primitive that was applied before, to the same wires, is not applied again.

Naturality of copy, so it holds in every category and may stand before the derivative, where it pays: one value has one
cotangent, and its transpose runs once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import term as t
from .builder import Builder, Replay, Scope, copy, moved, replay


def share(term: t.Term) -> t.Term:
    """The same term without repeated primitives. Blocks see what their enclosing blocks have applied."""
    builder = Builder(term.name, term.sizes, term.names, term.dom)
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    _replay(builder, term.steps, scope, len(term.dom), {})
    return builder.finish([scope[r] for r in term.results])


def _replay(builder: Builder, steps: Sequence[t.Step], scope: Scope, position: int, known: dict[object, int]) -> None:
    for step in steps:
        if isinstance(step, t.Apply | t.Constant | t.Zero | t.Extent | t.Index | t.OneHot):
            here = moved(builder, step, scope, position, replay)
            key = _key(here)
            if (found := known.get(key)) is None:
                found = known[key] = builder.one(here)
            scope[position] = found
            position += 1
        else:
            seen = {} if isinstance(step, t.Custom) else known  # a block that is closed stays closed
            position += len(copy(builder, step, scope, position, _inside(seen)))


def _inside(known: Mapping[object, int]) -> Replay:
    return lambda builder, steps, scope, position: _replay(builder, steps, scope, position, dict(known))


def _key(step: t.Step) -> object:
    """What is equal if two steps are: spans do not count, and constants that compare equal but differ (0.0 and −0.0, 1 and
    true) are told apart by how they print."""
    return (step, repr(step.value)) if isinstance(step, t.Constant) else step
