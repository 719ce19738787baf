"""contract: graph → graph. Sums of products that use each number many times become arrays, made by loops of their own.

    sum l: a[i, l] · b[l, j]        in loops over i and j        contract(build i: build j: sum l: a[i, l] · b[l, j])[i, j]

Where one factor does not mention i and the other does not mention j, a block of the result can be made in registers from
short strips of both, instead of reading both from memory for each product. That takes loops over i, j and l with nothing else
in them: so the factors, where they are more than elements of arrays, are kept in memory first, and so is the result.
Convolutions are such sums too, their indices being sums of loop variables, and so are cotangents (sums of one-hots).

A sequential loop and its reverse keep their states and nothing else: what a step makes of a state that was kept is made in that
step, although for all steps at once it would be a contraction.

Values per iteration that also depend on what both factors share (the i of sum l: a[i, l] · b[i, l, j]) are not moved to
memory for this: many small products are better made where they are used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ..graph.node import BINDERS, Graph, Node, Pool, bodies, topological
from ..graph.proof import Prover
from ..graph.substitute import rebuild

LEAST = 4
"""A range of fewer iterations, where the program says so, is not worth a loop of its own."""

_MOST = 16
"""Factors of a product that is looked at: values share parts, and paths to them can be many."""

_PEELED = ("sum", "build", "onehot")


@dataclass(frozen=True)
class Contraction:
    """Σ over ``summed`` of ``left`` · ``right``: ``node`` is the value, which mentions ``outer``; ``left`` and ``right`` are
    products of factors that mention the same variables."""

    node: Node
    outer: tuple[Node, ...]
    left: tuple[Node, ...]
    right: tuple[Node, ...]


def contract(graph: Graph) -> Graph:
    """The same function; what is contracted stands under ``contract``, what is kept for it under ``keep``."""
    finder = _Finder(graph)
    found = finder.all()
    if not found:
        return graph
    done: dict[Node, Node] = {}
    for node in topological(graph.results, lambda n: finder.needs(n, found)):
        if node in found:
            done[node] = _Rewriting(graph.pool, done).contracted(found[node])
        elif node.op == "build":
            done[node] = _built(graph.pool, done[node.args[0]], done[node.args[1]])
        elif node.args or node.shape:
            done[node] = rebuild(graph.pool, node, done.__getitem__)
        else:
            done[node] = node
    return Graph(graph.name, graph.inputs, graph.sizes, tuple(done[r] for r in graph.results), graph.pool)


def _built(pool: Pool, var: Node, body: Node) -> Node:
    """build v: a[v] is a."""
    if body.op == "index" and body.args[1] is var and var not in body.args[0].free and body.args[0].op in ("contract", "keep"):
        return body.args[0]
    return pool.make("build", (var, body), None, body.element, (var.args[0], *body.shape))


class _Rewriting:
    """Puts a contraction, its parts rewritten, in the place of a value."""

    def __init__(self, pool: Pool, done: dict[Node, Node]) -> None:
        self.pool, self.done = pool, done

    def contracted(self, c: Contraction) -> Node:
        factors = {id(part): self.operand(part) for part in (c.left, c.right)}
        body = self.rebuilt(c.node, c, factors)
        return self.array("contract", c.outer, body)

    def array(self, op: str, over: Sequence[Node], body: Node) -> Node:
        """The array of ``body`` over variables, in memory; its element for them."""
        pool, made = self.pool, body
        for v in reversed(over):
            made = pool.intern("build", (v, made), None, made.element, (v.args[0], *made.shape))
        made = pool.intern(op, (made,), None, made.element, made.shape)
        for v in over:
            made = pool.make("index", (made, v), None, made.element, made.shape[1:])
        return made

    def operand(self, factors: Sequence[Node]) -> Node:
        """The product of factors as an element of an array."""
        product = self.done[factors[0]]
        for f in factors[1:]:
            product = self.pool.make("mul", (product, self.done[f]), None, product.element)
        if is_element(product):
            return product
        return self.array("keep", sorted(v for v in product.free if v.op == "var"), product)

    def rebuilt(self, node: Node, c: Contraction, factors: dict[int, Node]) -> Node:
        """The loops of the sum around the product of its two new factors; no rule may take them apart again."""
        pool = self.pool
        match node.op:
            case "mul" if node.is_scalar:
                return pool.intern("mul", (factors[id(c.left)], factors[id(c.right)]), None, node.element)
            case "onehot":
                size, k = (self.done.get(a, a) for a in node.args[:2])
                value = self.rebuilt(node.args[2], c, factors)
                return pool.intern("onehot", (size, k, value), None, node.element, (size, *value.shape))
        inner = self.rebuilt(node.args[1], c, factors)
        shape = (node.args[0].args[0], *inner.shape) if node.op == "build" else inner.shape
        return pool.intern(node.op, (node.args[0], inner), None, node.element, shape)


class _Finder:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.prover = Prover(graph.pool)
        self.nodes = topological(graph.results, lambda n: (*n.args, *n.shape))
        self.sequential: dict[Node, frozenset[Node]] = {}  # carry -> the variables around the loops that bind it
        for node in self.nodes:
            if node.op in ("loop", "while"):
                var = frozenset(node.args[:1]) if node.op == "loop" else frozenset()
                for a in node.args:
                    if a.op == "carry" and a not in node.free:
                        self.sequential[a] = self.sequential.get(a, frozenset()) | var | node.free
        self.steps: dict[Node, set[Node]] = {}  # the variable of a sequential loop -> the values its steps make
        for node in self.nodes:
            if node.op == "loop":
                made = self.steps.setdefault(node.args[0], set())
                made.update(topological(bodies(node), lambda n, var=node.args[0]: [a for a in n.args if var in a.free]))

    def all(self) -> dict[Node, Contraction]:
        """The contractions that are reached, none inside another."""
        every = {node: c for node in self.nodes if (c := self.contraction(node)) is not None}
        reached = topological(self.graph.results, lambda n: self.needs(n, every))
        return {node: every[node] for node in reached if node in every}

    def needs(self, node: Node, found: dict[Node, Contraction]) -> tuple[Node, ...]:
        """What must be rewritten before a node."""
        c = found.get(node)
        return (*c.left, *c.right) if c is not None else (*node.args, *node.shape)

    def contraction(self, node: Node) -> Contraction | None:
        """A sum of products as a contraction, or None where it is none or not worth it."""
        if node.op != "sum" or not node.element.is_float:
            return None
        summed, made, product = self.peeled(node)
        if product is None:
            return None
        bound = frozenset().union(*(self.sequential.get(n, frozenset()) for n in node.free if n.op == "carry"))
        bound |= frozenset(v for v in node.free if node in self.steps.get(v, ()) and _reads_states(product, v))
        outer = tuple(sorted(v for v in node.free if v.op == "var" and v not in bound))
        inside = frozenset((*outer, *summed, *made))
        if any(not v.args[0].free.isdisjoint(inside) for v in inside):
            return None  # no box
        factors = tuple(islice(_factors(product), _MOST + 1))
        if len(factors) > _MOST or len(set(factors)) < len(factors):
            return None  # (a·b)² is not taken apart: a² may overflow where that does not
        sides = self.sides(factors, inside)
        if sides is None:
            return None
        left, right = (frozenset().union(*(f.free for f in side)) & inside for side in sides)
        for group in ((left - right) - set(summed), (right - left) - set(summed), (left & right) & set(summed)):
            if not group or self.is_small(group):
                return None
        shared = (left & right) - set(summed)
        if shared and not all(len(side) == 1 and is_element(side[0]) for side in sides):
            return None
        return Contraction(node, outer, *sides)

    def peeled(self, node: Node) -> tuple[list[Node], list[Node], Node | None]:
        """The variables summed over, those the sum makes rows for, and the product inside; None where there is none."""
        summed: list[Node] = []
        made: list[Node] = []
        while node.op in _PEELED:
            if node.op == "onehot":
                if not is_affine(node.args[1]):
                    return summed, made, None
                # a row of the sum for each place: the variables in it are no longer summed over
                moved = [v for v in summed if v in node.args[1].free]
                summed = [v for v in summed if v not in moved]
                made += moved
                node = node.args[2]
                continue
            (summed if node.op == "sum" else made).append(node.args[0])
            node = node.args[1]
        return summed, made, node if node.op == "mul" and node.is_scalar else None

    def sides(self, factors: tuple[Node, ...], inside: frozenset[Node]) -> tuple[tuple[Node, ...], tuple[Node, ...]] | None:
        """The factors as two products, neither of which mentions all that the other does."""
        sets = [f.free & inside for f in factors]
        largest = [s for k, s in enumerate(sets) if not any(s < t or (s == t and j < k) for j, t in enumerate(sets))]
        if len(largest) != 2:
            return None
        left = tuple(f for f, s in zip(factors, sets, strict=True) if s <= largest[0])
        return left, tuple(f for f, s in zip(factors, sets, strict=True) if not s <= largest[0])

    def is_small(self, group: frozenset[Node]) -> bool:
        """Whether a group of loops is known to have few iterations together."""
        count = 1
        for v in group:
            if v.args[0].op != "constant":
                return False
            count *= int(v.args[0].data)
        return count < LEAST


def _factors(node: Node) -> Iterator[Node]:
    if node.op == "mul":
        for a in node.args:
            yield from _factors(a)
    else:
        yield node


def _reads_states(product: Node, var: Node) -> bool:
    """Whether a factor that differs from one step ``var`` to the next is read from what a sequential loop made."""
    factors = [f for f in _factors(product) if var in f.free]
    return any(a.op == "get" for a in topological(factors, lambda n: n.args if n.op != "loop" else ()))


def is_element(node: Node) -> bool:
    """Whether a scalar is an element of an array in memory at places that move evenly."""
    if node.op != "index":
        return False
    while node.op == "index":
        if not is_affine(node.args[1]):
            return False
        node = node.args[0]
    return node.op in ("input", "carry", "get", "keep", "contract")


def is_affine(index: Node) -> bool:
    """Whether an index is a sum of loop variables, sizes and numbers, some of them times a number."""
    match index.op:
        case "var" | "size" | "constant":
            return True
        case "add" | "sub":
            return is_affine(index.args[0]) and is_affine(index.args[1])
        case "mul":
            return any(a.op == "constant" for a in index.args) and all(map(is_affine, index.args))
        case "guard":
            return index.data == "proved" and index.args[2].op == "constant" and is_affine(index.args[0])
    return not any(n.op == "var" for n in index.free) and index.op not in BINDERS and index.op != "guard"
