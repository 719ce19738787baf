"""Constructors of graph nodes by meaning, over a pool. Also the `Algebra` of graph nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ...core.objects import BOOL, I64, Scalar
from ...core.operation import Operation
from ...core.operations import operation_of
from .node import KINDS, Node, Pool


@dataclass(frozen=True)
class Construct:
    """An `Algebra` whose handles are nodes, with the structural constructors beside it."""

    pool: Pool

    # -- scalars -----------------------------------------------------------------------------------------------------
    def apply(self, op: str | Operation, *args: Node, to: Scalar | None = None) -> Node:
        result = operation_of(op).typing([a.element for a in args], to)
        return self.pool.make(op, args, None, result) if isinstance(op, str) else self.pool.make("call", args, op, result)

    def constant(self, value: float | int | bool, like: Scalar) -> Node:
        return self.pool.intern("constant", (), like.number(value), like)

    def object(self, handle: Node) -> Scalar:
        return handle.element

    def integer(self, value: int) -> Node:
        return self.constant(value, I64)

    def true(self) -> Node:
        return self.constant(True, BOOL)

    # -- arrays ------------------------------------------------------------------------------------------------------
    def zero(self, element: Scalar, shape: Sequence[Node] = ()) -> Node:
        return self.pool.intern("zero", (), None, element, shape)

    def zero_like(self, node: Node) -> Node:
        return self.zero(node.element, node.shape)

    def add(self, left: Node, right: Node) -> Node:
        return self.pool.make("add", (left, right), None, left.element, left.shape)

    def index(self, array: Node, index: Node) -> Node:
        return self.pool.make("index", (array, index), None, array.element, array.shape[1:])

    def onehot(self, size: Node, index: Node, value: Node) -> Node:
        return self.pool.make("onehot", (size, index, value), None, value.element, (size, *value.shape))

    def select(self, condition: Node, yes: Node, no: Node) -> Node:
        return self.pool.make("select", (condition, yes, no), None, yes.element, yes.shape)

    # -- binders -----------------------------------------------------------------------------------------------------
    def var(self, bound: Node, apart_from: Iterable[Node] = ()) -> Node:
        """The first loop variable over ``bound`` that is none of ``apart_from``."""
        taken, k = set(apart_from), 0
        while True:
            candidate = self.pool.intern("var", (bound,), k)
            if candidate not in taken:
                return candidate
            k += 1

    def build(self, var: Node, body: Node) -> Node:
        return self.pool.make("build", (var, body), None, body.element, (var.args[0], *body.shape))

    def reduce(self, kind: str, var: Node, body: Node) -> Node:
        element = I64 if kind in ("argmax", "argmin") else body.element
        op = {k: o for o, k in KINDS.items()}.get(kind, kind)
        return self.pool.make(op, (var, body), None, element, body.shape)

    def output(self, kind: str, var: Node, body: Node) -> Node:
        """What a parallel loop over ``var`` makes of a body value."""
        return self.build(var, body) if kind == "build" else self.reduce(kind, var, body)

    def elementwise(self, array: Node, *others: Node, body: Callable[..., Node], beside: Sequence[Node] = ()) -> Node:
        """``build v: body(array[v], others[v]…)``, with a variable free neither in them nor in what is ``beside`` them."""
        v = self.var(array.shape[0], frozenset().union(*(n.free for n in (array, *others, *beside))))
        return self.build(v, body(*(self.index(n, v) for n in (array, *others))))
