"""A linear map as coordinates: from the graph of a derivative, where its non-zeros are and what they are.

The graph of D[f] or R[f] is linear in its seeds. A result is taken apart into *leaves*, each a scalar at a place, for all
values of some loop variables: the accumulation loops of a reverse derivative are the coordinate form of its matrix. In a leaf
the seeds are read at places of their own; with one read set to one and the others to zero, what the leaf evaluates to is the
coefficient. So everything the leaves share they go on sharing, and nothing is multiplied by zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod

from ...core.operations import OPERATIONS
from ...core.semiring import semiring
from ..graph.construct import Construct
from ..graph.node import Graph, Node, Pool, binders, topological
from ..graph.substitute import rebuild, substitute

SMALL = 64
"""Elements up to which a read of whole rows of constant size is rather a block than taken apart further."""


PIECES = 64
"""Summands that a leaf is taken apart into at most."""


@dataclass(frozen=True)
class Entry:
    """For all values of the variables ``over``: ``value`` is the coefficient of element ``source`` of seed number
    ``seed`` in element ``target`` of result number ``result``. Where entries coincide they are to be added."""

    result: int
    target: tuple[Node, ...]
    seed: int
    source: tuple[Node, ...]
    over: tuple[Node, ...]
    value: Node


@dataclass(frozen=True)
class Leaf:
    """A scalar of a result, at a place, for all values of some variables."""

    at: tuple[Node, ...]
    over: tuple[Node, ...]
    value: Node


@dataclass(frozen=True)
class Read:
    """An array of seeds that is read: a seed at the first few of its indices. The others are all read."""

    seed: int
    at: tuple[Node, ...]
    node: Node


def entries(graph: Graph, seeds: Sequence[int]) -> tuple[Entry, ...]:
    """The entries of a graph that is linear in the inputs ``seeds``."""
    maker = _Coordinates(graph.pool, {graph.inputs[k]: j for j, k in enumerate(seeds)})
    return tuple(e for k, node in enumerate(graph.results) for e in maker.result(k, node))


@dataclass(frozen=True)
class _Coordinates:
    pool: Pool
    seeds: Mapping[Node, int]

    @property
    def c(self) -> Construct:
        return Construct(self.pool)

    def result(self, k: int, node: Node) -> Iterator[Entry]:
        for leaf in self.leaves(Leaf((), (), node)):
            for part in self.parts(leaf):
                yield from self.coefficients(k, part)

    # -- leaves ----------------------------------------------------------------------------------------------------
    def leaves(self, whole: Leaf) -> Iterator[Leaf]:
        """The scalars of an array, each at its place."""
        node, c = whole.value, self.c
        if node.op == "zero":
            return
        if node.is_scalar:
            yield whole
            return
        match node.op:
            case "add":
                for part in node.args:
                    yield from self.leaves(Leaf(whole.at, whole.over, part))
            case "build" | "sum":
                var, body = self.opened(node, whole.over)
                at = (*whole.at, var) if node.op == "build" else whole.at
                yield from self.leaves(Leaf(at, (*whole.over, var), body))
            case "onehot":
                yield from self.hot(whole)
            case "select":
                condition, yes, no = node.args
                for side, holds in ((yes, condition), (no, c.apply("not", condition))):
                    for leaf in self.leaves(Leaf(whole.at, whole.over, side)):
                        yield Leaf(leaf.at, leaf.over, c.select(holds, leaf.value, c.zero_like(leaf.value)))
            case _:
                var = self.fresh(node.shape[0], [node, *whole.over])
                yield from self.leaves(Leaf((*whole.at, var), (*whole.over, var), c.index(node, var)))

    def hot(self, whole: Leaf) -> Iterator[Leaf]:
        """A row at one place; if values decide which, at all places, zero but at that one."""
        bound, place, row = whole.value.args
        if is_structural(place):
            yield from self.leaves(Leaf((*whole.at, place), whole.over, row))
            return
        var, c = self.fresh(bound, [whole.value, *whole.over]), self.c
        here = c.apply("eq", var, place)
        for leaf in self.leaves(Leaf((*whole.at, var), (*whole.over, var), row)):
            yield Leaf(leaf.at, leaf.over, c.select(here, leaf.value, c.zero_like(leaf.value)))

    def opened(self, binder: Node, over: Sequence[Node]) -> tuple[Node, Node]:
        """The variable and body of a binder, renamed if the variable is taken, or bound again in the body."""
        var, body = binder.args
        if var not in over and var not in _bound(body):
            return var, body
        new = self.fresh(var.args[0], [body, *over])
        return new, substitute(self.pool, body, {var: new})

    def fresh(self, bound: Node, beside: Sequence[Node]) -> Node:
        """A variable that occurs nowhere in ``beside``, bound or free."""
        return self.c.var(bound, (n for n in topological(beside) if n.op == "var"))

    # -- sums over what is read --------------------------------------------------------------------------------------
    def parts(self, leaf: Leaf) -> Iterator[Leaf]:
        """A leaf as a sum of leaves, so that where possible the seeds are read at places the variables tell."""
        pieces: dict[tuple[Node, ...], Node] = {}
        split = list(islice(self.split(leaf.over, leaf.value), PIECES + 1))
        for over, value in split if len(split) <= PIECES else [(leaf.over, leaf.value)]:
            pieces[over] = self.c.add(pieces[over], value) if over in pieces else value
        for over, value in pieces.items():
            yield self.apart(Leaf(leaf.at, over, value))

    def apart(self, leaf: Leaf) -> Leaf:
        """The leaf with variables of its own: none is also bound inside its value."""
        bound = _bound(leaf.value)
        changes: dict[Node, Node] = {}
        for var in leaf.over:
            if var in bound:
                changes[var] = self.fresh(var.args[0], [leaf.value, *leaf.at, *leaf.over, *changes.values()])
        if not changes:
            return leaf

        def moved(nodes: Sequence[Node]) -> tuple[Node, ...]:
            return tuple(substitute(self.pool, n, changes) for n in nodes)

        return Leaf(moved(leaf.at), moved(leaf.over), moved([leaf.value])[0])

    def split(self, over: tuple[Node, ...], e: Node) -> Iterator[tuple[tuple[Node, ...], Node]]:
        c = self.c
        if e.op == "zero":
            return
        if all(self.is_small(read) for read in self.reads(over, e)):
            yield over, e
            return
        match e.op:
            case "add":
                for a in e.args:
                    yield from self.split(over, a)
            case "sub":
                yield from self.split(over, e.args[0])
                for inner, piece in self.split(over, e.args[1]):
                    yield inner, c.apply("neg", piece)
            case "neg":
                for inner, piece in self.split(over, e.args[0]):
                    yield inner, c.apply("neg", piece)
            case "mul" | "div" if not self.is_linear(e.args[1]):
                for inner, piece in self.split(over, e.args[0]):
                    yield inner, c.apply(e.op, piece, e.args[1])
            case "mul":
                for inner, piece in self.split(over, e.args[1]):
                    yield inner, c.apply("mul", e.args[0], piece)
            case "select" if not self.is_linear(e.args[0]):
                condition, yes, no = e.args
                for inner, piece in self.split(over, yes):
                    yield inner, c.select(condition, piece, c.zero_like(piece))
                for inner, piece in self.split(over, no):
                    yield inner, c.select(condition, c.zero_like(piece), piece)
            case "sum":
                var, body = self.opened(e, over)
                yield from self.split((*over, var), body)
            case _:
                yield over, e

    def is_linear(self, node: Node) -> bool:
        """Whether a node reads seeds."""
        return any(n in self.seeds for n in topological([node]))

    @staticmethod
    def is_small(read: Read) -> bool:
        """Whether what is read at once is one element, or a few."""
        rest = read.node.shape
        return all(s.op == "constant" for s in rest) and prod(s.data for s in rest) <= SMALL

    # -- reads and coefficients ----------------------------------------------------------------------------------------
    def reads(self, over: Sequence[Node], e: Node) -> list[Read]:
        """The places where a value reads the seeds, as far as ``over`` tells them; none of them is part of another."""
        found: dict[Node, Read] = {}
        known, c = frozenset(over), self.c
        for node in topological([e], self._into):
            chain, base = [], node
            while base.op == "index":
                chain.append(base.args[1])
                base = base.args[0]
            if base not in self.seeds:
                continue
            at: tuple[Node, ...] = ()
            for i in reversed(chain):
                if not (i.free <= known and is_structural(i)):
                    break
                at = (*at, i)
                base = c.index(base, i)
            found[base] = Read(self.seeds[_seed(base)], at, base)
        return [r for r in found.values() if not any(o is not r and _covers(o, r) for o in found.values())]

    def _into(self, node: Node) -> tuple[Node, ...]:
        """A chain of indices into a seed is looked at as a whole."""
        if node.op == "index" and _seed(node) in self.seeds:
            indices = []
            while node.op == "index":
                indices.append(node.args[1])
                node = node.args[0]
            return tuple(indices)
        return node.args

    def coefficients(self, k: int, leaf: Leaf) -> Iterator[Entry]:
        reads = self.reads(leaf.over, leaf.value)
        for read in reads:
            rest: list[Node] = []
            for bound in read.node.shape:
                rest.append(self.fresh(bound, [leaf.value, *leaf.over, *rest]))
            values = {r.node: self.unit(r.node, rest) if r is read else self.c.zero_like(r.node) for r in reads}
            value = self.replaced(leaf.value, values)
            if value.op != "zero":
                yield Entry(k, leaf.at, read.seed, (*read.at, *rest), (*leaf.over, *rest), value)

    def unit(self, like: Node, at: Sequence[Node]) -> Node:
        """The array of zeros that is one at ``at``."""
        value = self.c.constant(semiring(like.element).one, like.element)
        for bound, i in zip(reversed(like.shape), reversed(at), strict=True):
            value = self.c.onehot(bound, i, value)
        return value

    def replaced(self, e: Node, values: Mapping[Node, Node]) -> Node:
        """``e`` with reads replaced; their variables are bound nowhere in it."""
        done: dict[Node, Node] = dict(values)
        for node in topological([e], lambda n: () if n in values else n.args):
            if node not in done:
                changed = any(done[a] is not a for a in node.args)
                done[node] = rebuild(self.pool, node, lambda n: done.get(n, n)) if changed else node
        return done[e]


def _bound(node: Node) -> frozenset[Node]:
    """The variables that are bound somewhere in a value."""
    return frozenset(b for n in topological([node]) for b in binders(n))


def _seed(node: Node) -> Node:
    while node.op == "index":
        node = node.args[0]
    return node


def _covers(outer: Read, inner: Read) -> bool:
    return outer.seed == inner.seed and len(outer.at) < len(inner.at) and inner.at[: len(outer.at)] == outer.at


def is_structural(index: Node) -> bool:
    """Whether an index depends on integers and sizes alone: then so does the structure of a matrix with entries there."""
    return all(not n.element.is_differentiable and n.op in _INTEGRAL for n in topological([index], _without_paths))


_INTEGRAL = frozenset(("constant", "zero", "size", "input", "var", "guard", "assure", "index", *OPERATIONS))


def _without_paths(node: Node) -> tuple[Node, ...]:
    return node.args[:1] if node.op == "guard" else node.args


def is_rectangular(over: Sequence[Node]) -> bool:
    """Whether no bound of a variable mentions another."""
    return not any(v.args[0].free for v in over)


