"""unite: graph → graph. Sequential loops that run the same steps in the same scope become one, with the outputs of all.

Inside a parallel loop the reverse derivative replays a fold to keep its carries, where the value runs it for its result:
two loops that differ in their outputs only. Loops share a scope if they mention the same variables.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from ..graph.node import Graph, LoopData, Node, topological


def unite(graph: Graph) -> Graph:
    """The same function with every loop run once."""
    while True:
        members = _alike(graph.results)
        if not members:
            return graph
        graph = _united(graph, members)


def _alike(results: Sequence[Node]) -> list[Node]:
    """The first loops found that differ in their outputs only, none of which needs another; none if there are no two."""
    classes: dict[Hashable, list[Node]] = {}
    for node in topological(results):
        if node.op != "loop":
            continue
        core = node.args[: 1 + 3 * node.data.carries]
        members = classes.setdefault((core, node.data.backward, node.data.carries, node.free), [])
        if not members or not _reaches(node, members):
            members.append(node)
    return next((members for members in classes.values() if len(members) > 1), [])


def _reaches(root: Node, targets: Sequence[Node]) -> bool:
    seen, stack = {root}, [root]
    while stack:
        for a in stack.pop().args:
            if a in targets:
                return True
            if a not in seen:
                seen.add(a)
                stack.append(a)
    return False


def _united(graph: Graph, members: Sequence[Node]) -> Graph:
    """The graph with one loop instead of ``members``: it stands where the last of them stood."""
    pool, first = graph.pool, members[0]
    count = first.data.carries
    outputs: list[tuple[str, Node]] = []
    places: dict[tuple[Node, int], int] = {}
    for loop in members:
        for k, output in enumerate(zip(loop.data.kinds, loop.args[1 + 3 * count :], strict=True)):
            if output not in outputs:
                outputs.append(output)
            places[loop, count + k] = count + outputs.index(output)
    data = LoopData(first.data.backward, count, tuple(kind for kind, _ in outputs))
    whole = (*first.args[: 1 + 3 * count], *(body for _, body in outputs))

    done: dict[Node, Node] = {}
    for node in topological(graph.results, lambda n: (*(whole if n in members else n.args), *n.shape)):
        shape = [done[s] for s in node.shape]
        if node in members:
            done[node] = pool.make("loop", [done[a] for a in whole], data)
        elif node.op == "get":
            k = places.get((node.args[0], node.data), node.data)
            done[node] = pool.make("get", (done[node.args[0]],), k, node.element, shape)
        elif not node.args and not shape:
            done[node] = node
        else:
            done[node] = pool.make(node.op, [done[a] for a in node.args], node.data, node.element, shape)
    inputs = tuple(done.get(n, n) for n in graph.inputs)
    return Graph(graph.name, inputs, graph.sizes, tuple(done[r] for r in graph.results), pool)
