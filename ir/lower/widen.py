"""Triangles filled up: a value that an inner loop makes for ``c < r`` only, made once for every c below r's own bound.

Where the value does not mention r, the loop over r would make it again each time; kept over the whole range it is a plain
array. Only what is right beyond the triangle is: no check, no loop, and no array read but at c itself within its size.
"""

from __future__ import annotations

from collections.abc import Callable

from ..graph.construct import Construct
from ..graph.node import BINDERS, Node, Pool
from ..graph.substitute import substitute

_PARTIAL = frozenset((*BINDERS, "get", "guard", "assure", "call"))
"""What could fail, or not end, or is not ours, where the program does not ask for it."""


def widened(pool: Pool, node: Node, var: Node, is_closed: Callable[[Node], bool]) -> tuple[Node, Node] | None:
    """A variable over a closed bound that is no less than that of ``var``, and ``node`` in it; None where that is not safe."""
    bound = var.args[0]
    while not is_closed(bound):
        outer = _one_above(bound)
        if outer is None:
            return None
        bound = outer.args[0]
    if not _is_total(node, var, bound):
        return None
    wide = Construct(pool).var(bound, node.free)
    return wide, substitute(pool, node, {var: wide})


def _one_above(bound: Node) -> Node | None:
    """The variable v of a bound that is v or v + 1: what is below it is below v's own bound."""
    if bound.op == "var":
        return bound
    if bound.op == "add":
        for v, other in (bound.args, reversed(bound.args)):
            if v.op == "var" and other.op == "constant" and other.data in (0, 1):
                return v
    return None


def _is_total(root: Node, var: Node, bound: Node) -> bool:
    seen, stack = {root}, [root]
    while stack:
        node = stack.pop()
        if var not in node.free or node is var:
            continue
        if node.op in _PARTIAL:
            return False
        if node.op == "index" and var in node.args[1].free and not (node.args[1] is var and node.args[0].shape[0] is bound):
            return False
        for a in node.args:
            if a not in seen:
                seen.add(a)
                stack.append(a)
    return True
