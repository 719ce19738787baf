"""The graph: hash-consed values with bound loop variables.

A loop variable is a node, and a value belongs to the loops whose variables it mentions (``free``). ``build`` and the
reductions bind one variable; ``loop`` and ``while`` bind carries too. Where loops begin and end is decided later, by the
schedule; here a forward loop and its reverse simply share what they both mention.

Operators, besides the scalar operations of `core/operations` (and ``add`` of arrays):

    input size constant zero           leaves
    var (bound)                        a loop variable, 0 ≤ var < bound, told apart from others of that bound by ``data``
    carry ()                           a loop-carried value; ``data`` is (level, number)
    call (args…)                       an operation that is none of ours: ``data`` is it
    index (array, i)                   one row; i is proved in range, or a guard
    guard (i, size, path, pins…)        i, after a check that 0 ≤ i < size wherever the condition ``path`` holds; where it does
                                       not, memory must not be touched. ``data`` "proved": the check can be left out
    assure (x, ok, path, pins…)         x, after a check that ok holds wherever ``path`` does; ``data`` is the error's code
                                       and words
    onehot (size, i, value)            value at row i, zero elsewhere
    keep (array)                       the array, as a place in memory that is written once
    contract (array)                   the same, of sums of products, made by loops of its own (passes/contract.py)
    build (var, e)                     the array of e
    sum prod maximum minimum all any argmax argmin (var, e)
    loop (var, carries…, inits…, body carries…, outputs…)    sequential; ``data`` is a `LoopData`
    while (carries…, inits…, cond, body carries…)            ``data`` is the number of carries
    get (loop)                         result ``data`` of a loop or while
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.errors import Span
from ...core.objects import I64, Scalar

REDUCTIONS = ("sum", "prod", "maximum", "minimum", "all", "any", "argmax", "argmin")
"""Operators that fold a loop; two are not called like their kinds, because max and min are operations on two numbers."""
KINDS = {"maximum": "max", "minimum": "min"}
IN_MEMORY = ("keep", "contract")
"""Operators that say no more than that an array is in memory: no rule looks through them."""
BINDERS = frozenset(("build", *REDUCTIONS, "loop", "while"))


@dataclass(frozen=True)
class LoopData:
    """What a sequential loop is besides its nodes: its direction, how many carries, and what becomes of each output."""

    backward: bool
    carries: int
    kinds: tuple[str, ...]


class Node:
    """A value. Nodes are equal exactly if they are the same object; `Pool` sees to it."""

    __slots__ = ("args", "data", "element", "free", "id", "normal", "op", "shape", "span")

    def __init__(
        self,
        id: int,
        op: str,
        args: tuple[Node, ...],
        data: Any,
        element: Scalar,
        shape: tuple[Node, ...],
        free: frozenset[Node],
        span: Span | None,
    ) -> None:
        self.id, self.op, self.args, self.data = id, op, args, data
        self.element, self.shape, self.free, self.span = element, shape, free, span
        self.normal: Node | None = None

    def __repr__(self) -> str:
        data = "" if self.data is None else f"[{self.data}]"
        return f"%{self.id}={self.op}{data}({', '.join(f'%{a.id}' for a in self.args)})"

    @property
    def is_scalar(self) -> bool:
        return not self.shape

    def __lt__(self, other: Node) -> bool:
        return self.id < other.id


def kind(node: Node) -> str:
    """The output kind of unary form that a reduction is."""
    return KINDS.get(node.op, node.op)


def binders(node: Node) -> tuple[Node, ...]:
    """The variables and carries a node binds."""
    if node.op == "loop":
        return node.args[: 1 + node.data.carries]
    if node.op == "while":
        return node.args[: node.data]
    return node.args[:1] if node.op in BINDERS else ()


def bodies(node: Node) -> tuple[Node, ...]:
    """The arguments in which the binders are bound."""
    if node.op == "loop":
        return node.args[1 + 2 * node.data.carries :]
    if node.op == "while":
        return node.args[2 * node.data :]
    return node.args[1:] if node.op in BINDERS else ()


def outside(node: Node) -> tuple[Node, ...]:
    """What a node reads in the scope it stands in: all arguments, or for a binder the bounds and first values."""
    if node.op == "loop":
        count = node.data.carries
        return (node.args[0].args[0], *node.args[1 + count : 1 + 2 * count])
    if node.op == "while":
        return node.args[node.data : 2 * node.data]
    if node.op in BINDERS:
        return node.args[0].args
    return node.args


class Pool:
    """The nodes of one compilation. ``make`` interns a node and brings it to normal form by the rules given."""

    def __init__(self, rules: Mapping[str, Sequence[Any]]) -> None:
        self.rules = rules
        self.nodes: dict[tuple[Any, ...], Node] = {}
        self.span: Span | None = None
        self.fired: dict[str, int] = {}

    def intern(
        self, op: str, args: Sequence[Node] = (), data: Any = None, element: Scalar = I64, shape: Sequence[Node] = ()
    ) -> Node:
        """The node, without rewriting."""
        if isinstance(data, float) and data != data:
            data = math.nan  # one NaN, which is itself: so that a graph or kernel that is read back is equal
        key = (
            op,
            tuple(a.id for a in args),
            data,
            type(data),
            repr(data) if isinstance(data, float) else None,
            element,
            tuple(s.id for s in shape),
        )
        found = self.nodes.get(key)
        if found is None:
            found = Node(len(self.nodes), op, tuple(args), data, element, tuple(shape), frozenset(), self.span)
            found.free = _free(found)
            self.nodes[key] = found
        return found

    def make(
        self, op: str, args: Sequence[Node] = (), data: Any = None, element: Scalar = I64, shape: Sequence[Node] = ()
    ) -> Node:
        """The node in normal form: the first rule that applies gives its value."""
        node = self.intern(op, args, data, element, shape)
        if node.normal is None:
            node.normal = node  # a rule that asks for the node it is rewriting gets it as it is
            for rule in self.rules.get(op, ()):
                rewritten = rule.apply(self, node)
                if rewritten is not None and rewritten is not node:
                    self.fired[rule.name] = self.fired.get(rule.name, 0) + 1
                    node.normal = rewritten
                    break
        return node.normal


def _free(node: Node) -> frozenset[Node]:
    bound = frozenset(binders(node))
    if not bound and node.op not in ("zero", "var", "carry"):  # nearly always; and what is the same is kept once
        found: frozenset[Node] = frozenset()
        for a in node.args:
            found = a.free if found <= a.free else found if a.free <= found else found | a.free
        return found
    inner: set[Node] = set()
    for a in bodies(node):
        inner |= a.free
    outer: set[Node] = set()
    for a in (*outside(node), *(node.shape if node.op in ("zero", "carry") else ())):
        outer |= a.free
    if node.op in ("var", "carry"):
        outer.add(node)
    return frozenset((inner - bound) | outer)


def topological(roots: Iterable[Node], into: Any = lambda node: node.args) -> list[Node]:
    """Every node under the roots, each after what it reads; deterministic. Iterative: graphs are deep."""
    seen: set[Node] = set()
    order: list[Node] = []
    for root in roots:
        stack: list[tuple[Node, Iterator[Node]]] = []
        if root not in seen:
            seen.add(root)
            stack.append((root, iter(into(root))))
        while stack:
            node, children = stack[-1]
            for child in children:
                if child not in seen:
                    seen.add(child)
                    stack.append((child, iter(into(child))))
                    break
            else:
                order.append(node)
                stack.pop()
    return order


@dataclass(frozen=True)
class Graph:
    """A function as a graph: its inputs in order, its size parameters, its results."""

    name: str
    inputs: tuple[Node, ...]
    sizes: tuple[str, ...]
    results: tuple[Node, ...]
    pool: Pool


def conditions(index: Node) -> tuple[Node, ...]:
    """The path conditions under which memory may be touched at an index: those of the guards it is computed from."""
    found: list[Node] = []
    stack, seen = [index], {index}
    while stack:
        node = stack.pop()
        if node.op == "guard":
            if node.args[2].op != "constant" and node.args[2] not in found:
                found.append(node.args[2])
        elif node.op != "index":
            for a in node.args:
                if a not in seen:
                    seen.add(a)
                    stack.append(a)
    return tuple(found)
