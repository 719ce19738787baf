"""recall: graph → graph. What a sequential loop left behind is read there instead of being computed again.

The reverse of a fold begins each step with the state before it, which the forward loop has kept, and replays the step. But the
state after a step is the state before the next: it has been kept too. So the loop keeps its states *after* each step,

    before[i]  =  if i > 0 then after[i - 1] else start,

which takes no more memory, and of the replay only what is no part of the state is left. What nobody reads then is pruned.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from ..graph.construct import Construct
from ..graph.node import Graph, LoopData, Node, Pool, topological
from ..graph.substitute import rebuild, substitute
from ..rules.worth import KEPT, weight
from .prune import prune


def recall(graph: Graph) -> Graph:
    """The same function; loops that are replayed in part keep more, or other, outputs."""
    while True:
        for loop in topological(graph.results):
            if loop.op == "loop" and not loop.data.backward:
                plan = _planned(graph, loop)
                if plan is not None:
                    graph = prune(_Rewriting(graph, plan).graph())
                    break
        else:
            return graph


@dataclass(frozen=True)
class _Plan:
    """``after``: carries whose next values are kept, in the order of the new outputs. ``again``: values that are computed
    again, with the carry and the variables over which they are its next value. ``before``: results of loops that are the
    states before each step, with those after it (a carry of ``loop``, or one of ``again``) and the state at the start."""

    loop: Node
    after: tuple[int, ...]
    again: dict[Node, tuple[int, tuple[Node, ...]]]
    before: dict[Node, tuple[int | Node, Node]]


def _planned(graph: Graph, loop: Node) -> _Plan | None:
    pool, c, count = graph.pool, Construct(graph.pool), loop.data.carries
    carries = loop.args[1 : 1 + count]
    bodies, outputs = loop.args[1 + 2 * count :][:count], loop.args[1 + 3 * count :]
    kept = {body: k for k, body in enumerate(outputs) if loop.data.kinds[k] == "build" and body in carries}
    if not kept:
        return None
    replayed = {carry: c.index(_output(pool, loop, count + k), loop.args[0]) for carry, k in kept.items()}
    nodes = topological(graph.results)
    there, results = set(nodes), {_identity(n): n for n in nodes if n.op == "get"}
    again: dict[Node, tuple[int, tuple[Node, ...]]] = {}
    for j, body in enumerate(bodies):
        over: list[Node] = []
        while body.op == "build":
            over.append(body.args[0])
            body = body.args[1]
        if body.op in ("carry", "input", "constant", "zero") or not _takes(body, loop.args[0]):
            continue
        if any(n in carries and n not in replayed for n in body.free):
            continue
        made = substitute(pool, body, replayed)
        found = results.get(_identity(made)) if made.op == "get" else made if made in there else None
        if found is not None and found is not body:
            again[found] = (j, tuple(over))
    if not again:
        return None
    after = tuple(sorted({j for j, _ in again.values()}))
    before: dict[Node, tuple[int | Node, Node]] = {}
    for body, k in kept.items():
        j = carries.index(body)
        if j in after:
            before[_output(pool, loop, count + k)] = (j, loop.args[1 + count + j])
    for result in again:
        before |= _states(pool, result)
    return _Plan(loop, after, again, before)


def _states(pool: Pool, after: Node) -> dict[Node, tuple[int | Node, Node]]:
    """The results that are the states before each step of an inner loop, where ``after`` is the states after each."""
    found: dict[Node, tuple[int | Node, Node]] = {}
    if after.op != "get" or after.args[0].op != "loop" or after.args[0].data.backward:
        return found
    loop, count = after.args[0], after.args[0].data.carries
    if after.data < count or loop.data.kinds[after.data - count] != "build":
        return found
    for j in range(count):
        carry, start, body = (loop.args[1 + m * count + j] for m in range(3))
        for k, output in enumerate(loop.args[1 + 3 * count :]):
            if body is loop.args[1 + 2 * count + after.data] and output is carry and loop.data.kinds[k] == "build":
                found[_output(pool, loop, count + k)] = (after, start)
    return found


def _output(pool: Pool, loop: Node, k: int) -> Node:
    body = loop.args[1 + 2 * loop.data.carries + k]
    return pool.make("get", (loop,), k, body.element, (loop.args[0].args[0], *body.shape))


def _identity(node: Node) -> Hashable:
    """What a result of a loop is, whatever other outputs the loop has."""
    loop, k = node.args[0], node.data
    if loop.op != "loop" or k < loop.data.carries:
        return node
    count = loop.data.carries
    return loop.args[: 1 + 3 * count], loop.data.backward, loop.data.kinds[k - count], loop.args[1 + 2 * count + k]


def _takes(root: Node, var: Node) -> bool:
    """Whether a value is worth keeping: it takes a loop or a costly function."""
    total, seen, stack = 0.0, {root}, [root]
    while stack and total < KEPT:
        node = stack.pop()
        total += weight(node) if node.op != "get" or node.args[0].op == "loop" else 0.0
        if node.op in ("input", "carry"):
            continue
        for a in node.args:
            if a not in seen:
                seen.add(a)
                stack.append(a)
    return total >= KEPT


class _Rewriting:
    def __init__(self, original: Graph, plan: _Plan) -> None:
        self.original, self.plan, self.pool = original, plan, original.pool
        self.c = Construct(self.pool)
        self.done: dict[Node, Node] = {}

    def graph(self) -> Graph:
        g = self.original
        for node in topological(g.results, self.needs):
            self.done[node] = self.rewritten(node)
        inputs = tuple(self.done.get(n, n) for n in g.inputs)
        return Graph(g.name, inputs, g.sizes, tuple(self.done[r] for r in g.results), self.pool)

    def needs(self, node: Node) -> Sequence[Node]:
        plan = self.plan
        if node in plan.again:
            return (plan.loop, *plan.again[node][1])
        if self.is_before(node):
            after, start = plan.before[node.args[0]]
            return (after if isinstance(after, Node) else plan.loop, node.args[1], start)
        return (*node.args, *node.shape)

    def is_before(self, node: Node) -> bool:
        return node.op == "index" and node.args[0] in self.plan.before

    def rewritten(self, node: Node) -> Node:
        plan, done, c = self.plan, self.done, self.c
        if node is plan.loop:
            return self.keeping()
        if node in plan.again:
            carry, over = plan.again[node]
            found = c.index(self.after(carry), plan.loop.args[0])
            for v in over:
                found = c.index(found, done[v])
            return found
        if self.is_before(node):
            after, start = plan.before[node.args[0]]
            states = done[after] if isinstance(after, Node) else self.after(after)
            i = done[node.args[1]]
            later = c.apply("gt", i, c.integer(0))
            place = self.pool.make("guard", (c.apply("sub", i, c.integer(1)), states.shape[0], later), "proved")
            return c.select(later, c.index(states, place), done[start])
        if not node.args and not node.shape:
            return node
        return rebuild(self.pool, node, done.__getitem__)

    def keeping(self) -> Node:
        """The loop with the states after each step as outputs more."""
        loop, count = self.plan.loop, self.plan.loop.data.carries
        bodies = [loop.args[1 + 2 * count + j] for j in self.plan.after]
        data = LoopData(loop.data.backward, count, (*loop.data.kinds, *("build" for _ in bodies)))
        return self.pool.make("loop", [self.done[a] for a in (*loop.args, *bodies)], data)

    def after(self, carry: int) -> Node:
        loop = self.done[self.plan.loop]
        return _output(self.pool, loop, len(loop.args) - 1 - 2 * loop.data.carries - len(self.plan.after)
                       + self.plan.after.index(carry))  # fmt: skip
