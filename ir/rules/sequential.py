"""Rules on sequential loops: carries that do not change, outputs that are zero."""

from __future__ import annotations

from ..graph.construct import Construct
from ..graph.node import Node, Pool
from .rule import Rule


def _get(pool: Pool, node: Node) -> Node | None:
    loop, k = node.args[0], node.data
    count = loop.data.carries if loop.op == "loop" else loop.data
    if k < count:
        first = 1 if loop.op == "loop" else 0
        carry, init = loop.args[first + k], loop.args[first + count + k]
        body = loop.args[first + 2 * count + k + (0 if loop.op == "loop" else 1)]
        return init if body is carry or body is init else None
    body = loop.args[1 + 2 * count + k]
    if loop.data.kinds[k - count] in ("build", "sum") and body.op == "zero":
        return Construct(pool).zero_like(node)
    return None


SEQUENTIAL = (
    Rule(
        "carry-unchanged",
        ("get",),
        _get,
        "a carry that every iteration hands on, or sets to its first value, is that value",
    ),
)
