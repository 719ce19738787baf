"""What may be infinite, or no number, though all that a function is given is finite.

A factor that moves out of a sum stands there even if the sum has no terms: ``sum i < n: 1/n * x[i]`` is 0 for n = 0, but
``1/n * (sum i < n: x[i])`` is ∞ · 0. So such a factor counts as 0 where the sum is over nothing.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import product

import numpy as np

from ...core.objects import F64
from ...core.operations import OPERATIONS
from ..graph.construct import Construct
from ..graph.node import Node

PLACES = (-1100.0, -1.5, -1.0, 0.0, 0.5, 1.0, 1100.0)
"""Where functions have poles, leave the real numbers, or overflow."""

UNKNOWN = ("maximum", "minimum", "carry", "get", "call")
"""Operators of what may be anything: the most of nothing, and what a loop or a foreign function comes to."""

MOST = 24
"""Nodes that are looked at: what is put together of more is not known to be finite."""


def factor(c: Construct, a: Node, var: Node) -> Node:
    """``a``, which does not mention ``var``, as a factor of a sum over it: 0 if that has no terms, where it matters."""
    bound = var.args[0]
    if not a.element.is_float or _has_terms(a, bound) or is_finite(a):
        return a
    return c.select(c.apply("gt", bound, c.integer(0)), a, c.zero_like(a))


def _has_terms(a: Node, bound: Node) -> bool:
    """Whether the bound is positive wherever ``a`` is computed: it is so inside any loop below it."""
    return (bound.op == "constant" and bound.data > 0) or any(v.op == "var" and v.args[0] is bound for v in a.free)


def is_finite(node: Node) -> bool:
    """Whether a value of finite arguments is finite, overflow of sums and products apart."""
    seen, pending = {node}, [node]
    while pending:
        at = pending.pop()
        infinite = at.op == "constant" and not math.isfinite(at.data)
        if infinite or at.op in UNKNOWN or (at.op in OPERATIONS and escapes(at.op)) or len(seen) > MOST:
            return False
        fresh = [b for b in at.args if b not in seen and b.element.is_float]
        seen.update(fresh)
        pending += fresh
    return True


@cache
def escapes(name: str) -> bool:
    """Whether an operation makes something infinite or no number of finite numbers."""
    operation = OPERATIONS[name]
    if (F64,) * operation.arity not in operation.objects:
        return False
    with np.errstate(all="ignore"):
        return not all(np.isfinite(operation.meaning(F64, *map(np.asarray, at))).all()
                       for at in product(PLACES, repeat=operation.arity))
