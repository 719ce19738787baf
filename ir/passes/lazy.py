"""lazy: graph → graph. Sums over z<n> are made over a multiple of n, so that their terms need no reduction of their own.

    sum i: x[i] · y[i]  over z<7>        (sum i: x[i] · y[i]  over z<2147483646>) mod 7

The integers mod a multiple M of n go to those mod n by a homomorphism of rings, so products and sums may be taken there, and
as plain integers as long as they stay below M: one division a sum instead of one a term. This is a law of functions, after
differentiation.
"""

from __future__ import annotations

from ...core.objects import I64, Scalar
from ..graph.construct import Construct
from ..graph.node import Graph, Node, Pool, topological
from ..graph.substitute import rebuild

_LIMIT = 1 << 31
"""What the modulus of z<n> is at most."""

_HALF = (1 << 32) - 1
"""Factors are told to be half words, as in `core/semiring.py`."""


def lazy(graph: Graph) -> Graph:
    """The same function."""
    if not any(map(_is_lazy, topological(graph.results))):
        return graph
    done: dict[Node, Node] = {}
    for node in topological(graph.results, lambda n: (*n.args, *n.shape)):
        made = rebuild(graph.pool, node, done.__getitem__) if node.args or node.shape else node
        done[node] = _summed(graph.pool, made) if _is_lazy(made) else made
    return Graph(graph.name, graph.inputs, graph.sizes, tuple(done[r] for r in graph.results), graph.pool)


def _is_lazy(node: Node) -> bool:
    """Whether it is a sum of sums and products of small elements, so that something is saved."""
    if node.op != "sum" or node.shape or node.element.kind != "z":
        return False
    return (node.element.modulus or 0) ** 2 <= _LIMIT and node.args[1].op in ("add", "mul")


def _summed(pool: Pool, node: Node) -> Node:
    c, n = Construct(pool), node.element.modulus or 1
    multiple = Scalar("z", _LIMIT // n * n)
    value, _ = _plain(c, node.args[1], _LIMIT // n * n)
    total = c.reduce("sum", node.args[0], c.apply("element", value, to=multiple))
    return c.apply("cast", c.apply("carrier", total, to=I64), to=node.element)


def _plain(c: Construct, node: Node, limit: int) -> tuple[Node, int]:
    """An element as an integer below ``limit`` that stands for it, not reduced where that can be, and what it is at most."""
    if node.op in ("add", "mul") and not node.shape:
        (x, most_x), (y, most_y) = (_plain(c, a, limit) for a in node.args)
        most = most_x + most_y if node.op == "add" else most_x * most_y
        if most < limit:
            if node.op == "mul":
                x, y = (c.apply("bitand", v, c.integer(_HALF)) for v in (x, y))
            return c.apply(node.op, x, y), most
    return c.apply("carrier", node, to=I64), (node.element.modulus or 1) - 1
