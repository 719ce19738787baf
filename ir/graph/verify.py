"""Whether a graph is well formed: arities, types, data, scopes. Runs after evaluation and after every pass in tests."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import VerifyFault
from ...core.objects import BOOL, I64
from ...core.operation import Operation
from .node import BINDERS, Graph, LoopData, Node, binders, bodies, outside, topological
from .proof import Prover
from .text import show_node
from .typing import UNTYPED, arity, describe, infer

_OUTPUTS = ("build", "sum", "prod", "max", "min", "all", "any", "argmax", "argmin")
NEIGHBOURS = 5


def verify(graph: Graph) -> None:
    """Raise VerifyFault (PB0910) where the graph is not well formed, showing the node and its neighbours."""
    _Verifier(graph).run()


class _Verifier:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.prover = Prover(graph.pool)
        self.sizes = {graph.pool.intern("size", (), name) for name in graph.sizes}
        self.free: dict[Node, frozenset[Node]] = {}

    def run(self) -> None:
        graph = self.graph
        for k, node in enumerate(graph.inputs):
            if node.op != "input" or node.data[0] != k:
                raise self.fault(node, f"input {k} is {node.op} {node.data}")
        for node in topological((*graph.results, *graph.inputs), lambda n: (*n.args, *n.shape)):
            self.node(node)
            self.free[node] = self.mentioned(node)
            if self.free[node] != node.free:
                raise self.fault(node, f"it says it mentions {_names(node.free)}, and mentions {_names(self.free[node])}")
        for k, node in enumerate(graph.results):
            self.closed(node, f"result {k}")
        for node in graph.inputs:
            self.closed(node, "an input")

    def fault(self, node: Node, message: str) -> VerifyFault:
        around = show_node(self.graph, node, NEIGHBOURS)
        lines = "\n".join(f"{'>' if n is node else ' '} {text}" for n, text in around)
        note = f"values around it:\n{lines}"
        return VerifyFault("PB0910", f"graph `{self.graph.name}`: {node.op}: {message}", node.span, notes=[(note, None)])

    def require(self, node: Node, holds: bool, message: str) -> None:
        if not holds:
            raise self.fault(node, message)

    # -- scopes ----------------------------------------------------------------------------------------------------------
    def mentioned(self, node: Node) -> frozenset[Node]:
        """Variables and carries the node mentions and does not bind, counted afresh."""
        mentioned: set[Node] = set()
        for a in bodies(node):
            mentioned |= self.free[a]
        mentioned -= set(binders(node))
        for a in (*outside(node), *(node.shape if node.op in ("zero", "carry") else ())):
            mentioned |= self.free[a]
        return frozenset(mentioned | ({node} if node.op in ("var", "carry") else set()))

    def closed(self, node: Node, what: str) -> None:
        self.require(node, not self.free[node], f"{what} mentions {_names(self.free[node])}, which no loop around it binds")

    # -- nodes -----------------------------------------------------------------------------------------------------------
    def node(self, node: Node) -> None:
        expected = arity(node.op)
        if expected is not None:
            self.require(node, len(node.args) == expected, f"{len(node.args)} arguments, not {expected}")
        elif node.op in ("guard", "assure"):
            self.require(node, len(node.args) >= 3, f"{len(node.args)} arguments, and a path condition is the third")
            pins = node.args[3:]
            self.require(node, all(p.op in ("var", "carry") for p in pins), "pinned to what is no loop variable")
        elif node.op == "call":
            self.require(node, isinstance(node.data, Operation), f"it calls {node.data!r}, which is no operation")
        else:
            self.require(node, node.op in ("loop", "while"), "there is no such operator")
        for size in node.shape:
            self.require(node, size.element == I64 and not size.shape, f"a size is i64, not {describe(size)}")
        match node.op:
            case "input":
                self.require(node, node in self.graph.inputs, f"`{node.data[1]}` is no input of this graph")
            case "size":
                self.require(node, node in self.sizes, f"`{node.data}` is no size of this graph")
            case "constant":
                self.constant(node)
            case "loop":
                self.loop(node)
            case "while":
                self.tail(node)
            case _ if node.op in BINDERS:
                self.require(node, node.args[0].op == "var", f"it binds {node.args[0].op}, which is no loop variable")
            case "get":
                self.require(node, isinstance(node.data, int), f"result {node.data!r}")
        self.type(node)

    def constant(self, node: Node) -> None:
        self.require(node, type(node.data) is node.element.number and not node.shape, f"{node.data!r} is no {node.element}")

    def type(self, node: Node) -> None:
        """The type follows from what the node reads; sizes may be written otherwise."""
        try:
            implied = infer(node.op, node.args, node.data)
        except ValueError as problem:
            raise self.fault(node, str(problem)) from None
        if implied is None:
            self.require(node, node.op in UNTYPED, "it has no type")
            return
        element, shape = implied
        same = element == node.element and len(shape) == len(node.shape)
        self.require(node, same, f"it gives {element} of rank {len(shape)}, and says {describe(node)}")
        for k, (found, said) in enumerate(zip(shape, node.shape, strict=True)):
            self.require(node, self.equal(found, said), f"size {k + 1} of what it gives is not the one it says")

    def equal(self, left: Node, right: Node) -> bool:
        return left is right or self.prover.polynomial(left) == self.prover.polynomial(right)

    # -- loops -----------------------------------------------------------------------------------------------------------
    def loop(self, node: Node) -> None:
        data = node.data
        self.require(node, isinstance(data, LoopData), f"its data is {data!r}")
        self.require(node, all(k in _OUTPUTS for k in data.kinds), f"outputs {data.kinds}")
        expected = 1 + 3 * data.carries + len(data.kinds)
        self.require(node, len(node.args) == expected, f"{len(node.args)} parts, not {expected}")
        self.require(node, node.args[0].op == "var", f"it runs over {node.args[0].op}, which is no loop variable")
        self.carries(node, node.args[1:], data.carries, node.args[1 + 2 * data.carries :])
        for k in range(len(data.kinds)):
            try:
                infer("get", (node,), data.carries + k)
            except ValueError as problem:
                raise self.fault(node, str(problem)) from None

    def tail(self, node: Node) -> None:
        count = node.data
        self.require(node, isinstance(count, int), f"its data is {count!r}")
        self.require(node, len(node.args) == 3 * count + 1, f"{len(node.args)} parts, not {3 * count + 1}")
        cond = node.args[2 * count]
        self.require(node, cond.element == BOOL and not cond.shape, f"its condition is {describe(cond)}, not bool")
        self.carries(node, node.args, count, node.args[2 * count + 1 :])

    def carries(self, node: Node, parts: Sequence[Node], count: int, after: Sequence[Node]) -> None:
        """Each carry, its first value and its next have one type."""
        bound = parts[:count]
        self.require(node, len(set(bound)) == count, "one carry is bound twice")
        for k, carry in enumerate(bound):
            self.require(node, carry.op == "carry", f"it carries {carry.op}")
            for other, what in ((parts[count + k], "begins as"), (after[k], "becomes")):
                same = other.element == carry.element and len(other.shape) == len(carry.shape)
                same = same and all(map(self.equal, other.shape, carry.shape))
                self.require(node, same, f"carry {k + 1} is {describe(carry)} and {what} {describe(other)}")


def _names(nodes: frozenset[Node]) -> str:
    return ", ".join(f"{n.op} {n.id}" for n in sorted(nodes)) or "nothing"


__all__ = ["verify"]
