"""prune: graph → graph. Sequential loops lose the carries and outputs that nobody reads, and carries that do not change.

The reverse derivative asks forward loops for everything it might need; this is where what it does not need goes.
"""

from __future__ import annotations

from ..graph.node import Graph, LoopData, Node, binders, topological
from ..graph.substitute import substitute


def prune(graph: Graph) -> Graph:
    """The same function with only live parts of its loops."""
    while True:  # what an inner loop loses may have been all that needed a carry of an outer one
        pruned = _pruned(graph)
        if pruned.results == graph.results:
            return pruned
        graph = pruned


def _pruned(graph: Graph) -> Graph:
    live = _live(graph.results)
    done: dict[Node, Node] = {}
    for node in topological(graph.results, lambda n: _children(n, live)):
        done[node] = _rebuilt(graph, node, live, done)
    inputs = tuple(done.get(n, n) for n in graph.inputs)
    return Graph(graph.name, inputs, graph.sizes, tuple(done[r] for r in graph.results), graph.pool)


def _count(loop: Node) -> int:
    carries: int = loop.data.carries if isinstance(loop.data, LoopData) else loop.data
    return carries


def _body(loop: Node, k: int) -> Node:
    """What result ``k`` of a loop is in each iteration."""
    first = 1 if loop.op == "loop" else 0
    return loop.args[first + 2 * _count(loop) + k + (0 if loop.op == "loop" else 1)]


def _live(results: tuple[Node, ...]) -> dict[Node, set[int]]:
    """For each loop, the results that are read, directly or by a live part of the loop itself."""
    live: dict[Node, set[int]] = {}
    seen: set[Node] = set()
    stack = list(results)
    while stack:
        node = stack.pop()
        if node.op == "get":
            loop, k = node.args[0], node.data
            if loop not in live:
                live[loop] = set()
                if loop.op == "while":
                    condition = loop.args[2 * loop.data]
                    stack.append(condition)
                    stack.extend(_mark_carries(loop, condition, live))
                else:
                    stack.append(loop.args[0])
            stack.extend(_mark(loop, k, live))
        if node in seen:
            continue
        seen.add(node)
        if node.op not in ("loop", "while", "get"):
            stack.extend(node.args)
        stack.extend(node.shape)
    return live


def _mark(loop: Node, k: int, live: dict[Node, set[int]]) -> list[Node]:
    """Result ``k`` of a loop is live, and with it the carries it mentions: what must be looked at for it."""
    if k in live[loop]:
        return []
    live[loop].add(k)
    count, first = _count(loop), 1 if loop.op == "loop" else 0
    body = _body(loop, k)
    own = [body, *([loop.args[first + count + k]] if k < count else [])]
    return own + _mark_carries(loop, body, live)


def _mark_carries(loop: Node, body: Node, live: dict[Node, set[int]]) -> list[Node]:
    return [n for j, carry in enumerate(_carry_nodes(loop)) if carry in body.free for n in _mark(loop, j, live)]


def _carry_nodes(loop: Node) -> tuple[Node, ...]:
    return binders(loop)[1:] if loop.op == "loop" else binders(loop)


def _children(node: Node, live: dict[Node, set[int]]) -> tuple[Node, ...]:
    if node.op not in ("loop", "while"):
        return (*node.args, *node.shape)
    count, first = _count(node), 1 if node.op == "loop" else 0
    parts = [node.args[0] if node.op == "loop" else node.args[2 * count]]
    for k in sorted(live.get(node, ())):
        parts += [_body(node, k), *([node.args[first + k], node.args[first + count + k]] if k < count else [])]
    return tuple(parts)


def _rebuilt(graph: Graph, node: Node, live: dict[Node, set[int]], done: dict[Node, Node]) -> Node:
    pool = graph.pool
    if node.op == "get":
        loop, kept = done[node.args[0]], sorted(live[node.args[0]])
        return pool.make("get", (loop,), kept.index(node.data), node.element, [done[s] for s in node.shape])
    if node.op in ("loop", "while"):
        count, first, kept = _count(node), 1 if node.op == "loop" else 0, sorted(live[node])
        carried = [k for k in kept if k < count]
        carries = [done[node.args[first + k]] for k in carried]
        inits = [done[node.args[first + count + k]] for k in carried]
        bodies = [done[_body(node, k)] for k in kept]
        still = {c: i for c, i, body in zip(carries, inits, bodies, strict=False) if body is i or body is c}
        if still:  # what no iteration changes is no state
            bodies = [substitute(pool, body, still) for body in bodies]
        if node.op == "while":
            return pool.make("while", (*carries, *inits, done[node.args[2 * count]], *bodies), len(carried))
        kinds = tuple(node.data.kinds[k - count] for k in kept if k >= count)
        data = LoopData(node.data.backward, len(carried), kinds)
        return pool.make("loop", (done[node.args[0]], *carries, *inits, *bodies), data)
    if not node.args and not node.shape:
        return node
    return pool.make(node.op, [done[a] for a in node.args], node.data, node.element, [done[s] for s in node.shape])
