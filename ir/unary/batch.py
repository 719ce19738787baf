"""Batches: a term applied along a new first axis of some of its wires, as one parallel loop around it.

A functor on unary form: batch(f; g) = batch(f); batch(g), and it commutes with the derivatives, since a parallel loop does.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...core.objects import stack
from ...core.sizes import atom
from . import term as t
from .builder import Builder, embed


def batch(term: t.Term, along: Sequence[int], size: str) -> t.Term:
    """dom, where the wires ``along`` have a first axis of ``size`` more → the results, each with that axis."""
    dom = [stack(atom(size), w) if k in along else w for k, w in enumerate(term.dom)]
    b = Builder(f"batch({term.name})", (*term.sizes, size), term.names, dom)

    def one(_: str, i: int, carries: Sequence[int]) -> Sequence[int]:
        args = [b.index(k, i) if k in along else k for k in range(len(dom))]
        return embed(b, term, args, {name: atom(name) for name in term.sizes})

    return b.finish(b.loop("i", atom(size), [], ["build"] * len(term.results), one))
