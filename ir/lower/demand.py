"""What a scope is asked to do, and what must exist before it can be done.

A *write* is a value with a destination. A *production* is a value that takes loops to make: a reduction, an array kept in
memory, a sequential loop. It is made in the outermost scope in which everything it mentions is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...core.objects import Scalar
from ...core.semiring import semiring
from ..graph.node import BINDERS, IN_MEMORY, REDUCTIONS, Node, binders, outside, topological
from ..loops import nest
from ..rules.worth import KEPT, weight


@dataclass(frozen=True)
class Put:
    """buffer[at] = value: of a scalar, or of a whole array under that prefix."""

    buffer: str
    at: tuple[Node, ...]
    value: Node


@dataclass(frozen=True)
class Add:
    """buffer[at] += value, where the condition ``when`` holds."""

    buffer: str
    at: tuple[Node, ...]
    value: Node
    when: Node | None = None


@dataclass(frozen=True)
class Fold:
    """cell ⊕= value with the monoid of a reduction; ``where`` is the second cell of argmax and argmin."""

    cell: str
    kind: str
    value: Node
    ring: Scalar
    where: str | None
    index: Node | None


@dataclass(frozen=True)
class Set:
    """cell = value, once everything else in the scope is done."""

    cell: str
    value: Node


Write = Put | Add | Fold | Set


def reads(write: Write) -> tuple[Node, ...]:
    """The nodes a write mentions."""
    match write:
        case Put():
            return (write.value, *write.at)
        case Add():
            return (write.value, *write.at, *((write.when,) if write.when is not None else ()))
        case Fold():
            return (write.value, *((write.index,) if write.index is not None else ()))
        case Set():
            return (write.value,)


@dataclass(frozen=True)
class Item:
    """A loop to run at a scope: its variable and what one iteration writes. ``sequential`` is a loop or while node;
    with ``alone`` no other loop is fused with it."""

    var: Node | None
    write: Write | None
    sequential: Node | None = None
    alone: bool = False


def is_production(node: Node) -> bool:
    """Whether a *scalar position* reading this node needs loops to have run before."""
    return (node.op in REDUCTIONS and node.is_scalar) or node.op in ("loop", "while")


def base(node: Node) -> tuple[Node, tuple[Node, ...]]:
    """The array at the bottom of a chain of indices, and the indices outermost first."""
    indices: list[Node] = []
    while node.op == "index":
        indices.append(node.args[1])
        node = node.args[0]
    return node, tuple(reversed(indices))


def is_heavy(root: Node, scope: frozenset[Node], least: float = KEPT) -> bool:
    """Whether computing ``root`` in a loop under ``scope`` takes ``least`` or more (in additions) that varies there."""
    total, seen, stack = 0.0, {root}, [root]
    while stack:
        node = stack.pop()
        if node.free <= scope or node.op in IN_MEMORY:
            continue
        total += weight(node) if node.op != "get" else 0.0
        if total >= least:
            return True
        for a in node.args if node.op not in BINDERS else (*outside(node), *node.args):
            if a not in seen and a not in binders(node):
                seen.add(a)
                stack.append(a)
    return False


def reachable(roots: Iterable[Node], stop: frozenset[Node] | set[Node], scope: frozenset[Node]) -> list[Node]:
    """Nodes under the roots that vary inside ``scope`` (in any loop opened there), down to the ones in ``stop``."""
    seen: set[Node] = set()
    order: list[Node] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        if node in seen or node.free <= scope:
            continue
        seen.add(node)
        order.append(node)
        if node not in stop and node.op not in IN_MEMORY:
            stack.extend(node.args)
    return order


def used_once(results: Sequence[Node]) -> frozenset[Node]:
    """The nodes that a single chain of uses leads to, from the results or from the loop that computes them."""
    uses: dict[Node, int] = {}
    for r in results:
        uses[r] = uses.get(r, 0) + 1
    for node in reversed(topological(results)):
        count = 1 if node.op in ("loop", "while") else uses.get(node, 0)
        for a in node.args:
            uses[a] = min(uses.get(a, 0) + count, 2)
    return frozenset(node for node, count in uses.items() if count == 1)


def cell_start(kind: str, element: Scalar) -> nest.Literal:
    """The unit of a reduction's monoid."""
    match kind:
        case "sum":
            return nest.Literal(semiring(element).zero, carrier(element))
        case "prod":
            return nest.Literal(semiring(element).one, carrier(element))
        case "all":
            return nest.Literal(True, carrier(element))
        case "any":
            return nest.Literal(False, carrier(element))
    low = kind in ("max", "argmax")
    if element.is_float:
        return nest.Literal(float("-inf") if low else float("inf"), element)
    bits = 63 if element.kind != "i32" else 31
    return nest.Literal(-(2**bits) if low else 2**bits - 1, carrier(element))


def allocated(name: str, element: Scalar, shape: tuple[nest.Operand, ...], zero: bool) -> list[nest.Statement]:
    """A local buffer, filled with the semiring's zero if ``zero``: memory comes cleared, which is the zero of most."""
    empty = semiring(element).zero
    if not zero or empty == 0:
        return [nest.Allocate(name, carrier(element), shape, zero)]
    return [nest.Allocate(name, carrier(element), shape), nest.Fill(name, nest.Literal(empty, carrier(element)))]


def carrier(element: Scalar) -> Scalar:
    """The plain machine scalar that carries an element."""
    return element.carrier
