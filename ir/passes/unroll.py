"""unroll: nodes → nodes. Loops over a small constant range are written out: sums as additions, arrays as literal rows.

What is chosen by comparing the variable with constants (`if i == 0 then …`, the components of small vectors) is then known.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.construct import Construct
from ..graph.node import Node, Pool, topological
from ..graph.substitute import rebuild, substitute

RANGE = 4
"""The longest range that is written out."""

GROWTH = 8
"""How many times as many values there may be afterwards; else everything stays as it is."""


def unroll(pool: Pool, roots: Sequence[Node]) -> tuple[Node, ...]:
    """The same values."""
    done: dict[Node, Node] = {}
    for node in topological(roots):
        changed = any(done[a] is not a for a in node.args)
        new = rebuild(pool, node, lambda n: done.get(n, n)) if changed else node
        done[node] = _written_out(pool, new)
    found = tuple(done[r] for r in roots)
    return found if len(topological(found)) <= GROWTH * len(topological(roots)) else tuple(roots)


def _written_out(pool: Pool, node: Node) -> Node:
    c = Construct(pool)
    if node.op not in ("build", "sum") or (bound := node.args[0].args[0]).op != "constant" or bound.data > RANGE:
        return node
    var, body = node.args
    total = c.zero_like(node)
    for k in range(bound.data):
        row = substitute(pool, body, {var: c.integer(k)})
        total = c.add(total, row if node.op == "sum" else c.onehot(bound, c.integer(k), row))
    return total
