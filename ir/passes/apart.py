"""apart: graph → graph. A sequential loop inside another over the same variable, or with the same carries, gets its own.

Evaluation gives loops the first variable and the first carries that are not in scope where they are written; substitution may
move them to where those are. The graph is right all the same, since the inner loop hides what it binds; but a schedule asks of
a value what it mentions, and would take the inner loop's variable for the outer one's.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..graph.node import Graph, Node, Pool, binders, bodies, topological
from ..graph.substitute import rebuild, substitute


def apart(graph: Graph) -> Graph:
    """The same function. What stands by itself may keep its variables: it is run outside the loops around it."""
    order = topological(graph.results, lambda n: (*n.args, *n.shape))
    hidden = {n for n, around in _around(order) if n.op in ("loop", "while") and n.free and around & set(binders(n))}
    if not hidden:
        return graph
    pool, done = graph.pool, dict[Node, Node]()
    fresh = 1 + max(b.data if b.op == "var" else b.data[0] for b in order if b.op in ("var", "carry"))
    for node in order:
        changed = any(done[a] is not a for a in (*node.args, *node.shape))
        new = rebuild(pool, node, done.__getitem__) if changed else node
        if node in hidden:
            new, fresh = _renamed(pool, new, fresh), fresh + 1
        done[node] = new
    inputs = tuple(done.get(n, n) for n in graph.inputs)
    return Graph(graph.name, inputs, graph.sizes, tuple(done[r] for r in graph.results), pool)


def _around(order: list[Node]) -> Iterable[tuple[Node, frozenset[Node]]]:
    """Every node with the variables and carries that loops around it bind, in whichever place it is read."""
    nothing: frozenset[Node] = frozenset()
    around = dict.fromkeys(order, nothing)
    for node in reversed(order):
        here = around[node]
        yield node, here
        inside = here | frozenset(binders(node))
        for a in (*node.args, *node.shape):
            if not here <= around[a]:
                around[a] |= here
        for a in bodies(node):
            if not inside <= around[a]:
                around[a] |= inside


def _renamed(pool: Pool, loop: Node, fresh: int) -> Node:
    names = {}
    for b in binders(loop):
        data = fresh if b.op == "var" else (fresh, b.data[1])
        names[b] = pool.intern(b.op, b.args, data, b.element, b.shape)
    inner = {a: substitute(pool, a, names) for a in bodies(loop)}
    first = len(loop.args) - len(bodies(loop))
    args = [*(names.get(a, a) for a in loop.args[: len(names)]), *loop.args[len(names) : first],
            *(inner[a] for a in loop.args[first:])]
    return pool.make(loop.op, args, loop.data, loop.element, loop.shape)
