"""Writing sequential loops: carries in cells and buffers, the body a scope in which they are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ...core.objects import I64, Scalar
from ..graph.node import Node, Pool, binders
from ..loops import nest
from .demand import Add, Fold, Put, Set, Write, allocated, carrier, cell_start, reads
from .plan import accumulates
from .scalars import Scalars
from .scope import Scope


class Lowering(Protocol):
    """What is needed of the lowering that calls."""

    pool: Pool
    scalars: Scalars
    outputs: dict[Node, str]

    def run(self, scope: Scope, writes: Sequence[Write], arrays: Sequence[Node] = ()) -> None: ...

    def hoist(self, scope: Scope, roots: Sequence[Node]) -> None: ...


@dataclass(frozen=True)
class Carry:
    """Where a carry lives: a cell, or a buffer with a second one in which the next value is made."""

    node: Node
    body: Node
    place: str
    spare: str | None


def run_sequential(lowering: Lowering, scope: Scope, loop: Node) -> None:
    """Write a loop or while node at ``scope`` and record where its results are."""
    count = loop.data.carries if loop.op == "loop" else loop.data
    first = 1 if loop.op == "loop" else 0
    inits = loop.args[first + count : first + 2 * count]
    results = loop.args[first + 2 * count + (0 if loop.op == "loop" else 1) :]
    bound = binders(loop)[first:]
    carries = [_carry(lowering, scope, *parts) for parts in zip(bound, inits, results[:count], strict=True)]
    if loop.op == "loop":
        _for(lowering, scope, loop, carries, results[count:])
    else:
        _while(lowering, scope, loop, carries)
    for k, (carry, init) in enumerate(zip(carries, inits, strict=True)):
        node = lowering.pool.intern("get", (loop,), k, carry.node.element, init.shape)
        if carry.spare is None:
            scope.names[node] = _read(lowering, scope, carry.place, node.element)
        else:
            scope.buffers[node] = carry.place


def _carry(lowering: Lowering, scope: Scope, node: Node, init: Node, body: Node) -> Carry:
    s = lowering.scalars
    if node.is_scalar:
        place = s.fresh("c")
        scope.statements.append(nest.Cell(place, carrier(node.element), s.operand(scope, init)))
        return Carry(node, body, place, None)
    place, spare = s.fresh("c"), s.fresh("c")
    shape = s.operands(scope, init.shape)
    scope.statements += allocated(place, node.element, shape, accumulates(init))
    scope.statements.append(nest.Allocate(spare, carrier(node.element), shape))
    lowering.run(scope, [Put(place, (), init)])
    return Carry(node, body, place, spare)


def _enter(lowering: Lowering, inner: Scope, carries: Sequence[Carry]) -> None:
    """Make the carries known in a body: cells are read once, at its beginning."""
    for carry in carries:
        if carry.spare is None:
            inner.names[carry.node] = _read(lowering, inner, carry.place, carry.node.element)
        else:
            inner.buffers[carry.node] = carry.place


def _advance(lowering: Lowering, inner: Scope, carries: Sequence[Carry], outputs: Sequence[Write]) -> None:
    """Write one iteration: outputs, the next carries, then the exchange."""
    writes = list(outputs)
    for carry in carries:
        if carry.spare is None:
            writes.append(Set(carry.place, carry.body))
            continue
        if accumulates(carry.body):
            inner.statements.append(nest.Fill(carry.spare, lowering.scalars.zero(carry.node.element)))
        writes.append(Put(carry.spare, (), carry.body))
    lowering.run(inner, writes)
    for carry in carries:
        if carry.spare is not None:
            inner.statements.append(nest.Swap(carry.place, carry.spare))


def _for(lowering: Lowering, scope: Scope, loop: Node, carries: Sequence[Carry], outputs: Sequence[Node]) -> None:
    s, var = lowering.scalars, loop.args[0]
    made = [
        _output(lowering, scope, loop, len(carries) + k, kind, body)
        for k, (kind, body) in enumerate(zip(loop.data.kinds, outputs, strict=True))
    ]
    writes = [write for write, _ in made]
    lowering.hoist(scope, [n for w in writes for n in reads(w)] + [c.body for c in carries])
    bound = s.operand(scope, var.args[0])
    inner = scope.child(var, *(c.node for c in carries))
    index = s.fresh("i")
    inner.names[var] = index
    _enter(lowering, inner, carries)
    _advance(lowering, inner, carries, writes)
    scope.statements.append(nest.For(index, bound, tuple(inner.statements), loop.data.backward))
    for (write, node), kind in zip(made, loop.data.kinds, strict=True):
        if node in scope.direct:
            continue
        if isinstance(write, Fold):
            cell = write.where if kind in ("argmax", "argmin") and write.where else write.cell
            scope.names[node] = _read(lowering, scope, cell, node.element)
        else:
            scope.buffers[node] = write.buffer  # type: ignore[union-attr]


def _output(lowering: Lowering, scope: Scope, loop: Node, k: int, kind: str, body: Node) -> tuple[Write, Node]:
    """Declare where an output goes; what an iteration writes there, and the node that reads it afterwards."""
    s, var = lowering.scalars, loop.args[0]
    if kind == "build" or not body.is_scalar:
        shape = (var.args[0], *body.shape) if kind == "build" else body.shape
        node = lowering.pool.intern("get", (loop,), k, body.element, shape)
        place = scope.direct.get(node)
        if place is not None:
            at = (*place.at, var) if kind == "build" else place.at
            return replace(place, at=at, value=body), node
        target = lowering.outputs.get(node) if scope.parent is None else None
        zero = kind == "sum" or accumulates(body)
        if target is None:
            target = s.fresh("v")
            scope.statements += allocated(target, body.element, s.operands(scope, shape), zero)
        elif zero:
            scope.statements.append(nest.Fill(target, s.zero(body.element)))
        return (Put(target, (var,), body) if kind == "build" else Add(target, (), body)), node
    finds = kind in ("argmax", "argmin")
    cell, start = s.fresh("v"), cell_start(kind, body.element)
    scope.statements.append(nest.Cell(cell, start.kind, start))
    if finds:
        scope.statements.append(nest.Cell(f"{cell}.at", I64, nest.Literal(-1, I64)))
    node = lowering.pool.intern("get", (loop,), k, I64 if finds else body.element, ())
    return Fold(cell, kind, body, body.element, f"{cell}.at" if finds else None, var if finds else None), node


def _while(lowering: Lowering, scope: Scope, loop: Node, carries: Sequence[Carry]) -> None:
    condition = loop.args[2 * loop.data]
    nodes = [c.node for c in carries]
    lowering.hoist(scope, [condition, *(c.body for c in carries)])
    head, body = scope.child(*nodes), scope.child(*nodes)
    _enter(lowering, head, carries)
    holds = lowering.scalars.fresh("w")
    start = nest.Literal(False, Scalar("bool"))
    scope.statements.append(nest.Cell(holds, start.kind, start))
    lowering.run(head, [Set(holds, condition)])
    again = _read(lowering, head, holds, start.kind)
    _enter(lowering, body, carries)
    _advance(lowering, body, carries, ())
    scope.statements.append(nest.Loop(tuple(head.statements), again, tuple(body.statements)))


def _read(lowering: Lowering, scope: Scope, cell: str, element: Scalar) -> str:
    name = lowering.scalars.fresh("r")
    scope.statements.append(nest.Read(name, carrier(element), cell))
    return name
