"""What differs between the iterations of a loop: the names that are vectors when it runs in lanes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.objects import I64
from ...core.operation import INSTRUCTIONS
from ..loops import nest

FUNCTIONS = frozenset(INSTRUCTIONS["function"])


def varying_names(loop: nest.For) -> frozenset[str]:
    """The scalars, cells and local buffers of a loop's body that differ from one iteration to the next."""
    varying = {loop.index} | {s.name for s in statements_in(loop.body) if isinstance(s, nest.Allocate | nest.Cell)}
    for s in statements_in(loop.body):
        read: Sequence[nest.Operand | None] = ()
        if isinstance(s, nest.Let | nest.Call):
            read = s.args
        elif isinstance(s, nest.Load):
            read = (s.buffer, *s.indices, s.when)
        elif isinstance(s, nest.Read):
            read = (s.cell,)
        if isinstance(s, nest.Let | nest.Call | nest.Load | nest.Read) and any(a in varying for a in read):
            varying.add(s.name)
    return frozenset(varying)


def loop_ties(loop: nest.For) -> dict[str, frozenset[str]]:
    """For each scalar of a loop's body, the inner loops in which it moves on: their indices."""
    ties: dict[str, frozenset[str]] = {}
    for s in statements_in(loop.body):
        match s:
            case nest.For():
                ties[s.index] = frozenset((s.index,))
            case nest.Let() | nest.Call():
                ties[s.name] = tied(s.args, ties)
            case nest.Load():
                ties[s.name] = tied(s.indices, ties)
    return ties


def tied(operands: Sequence[nest.Operand], ties: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*(ties.get(o, frozenset()) for o in operands if isinstance(o, str)))


def statements_in(statements: Sequence[nest.Statement]) -> Iterator[nest.Statement]:
    """Every statement of a block, those inside others too."""
    for s in statements:
        yield s
        if isinstance(s, nest.For):
            yield from statements_in(s.body)
        elif isinstance(s, nest.Loop):
            yield from statements_in((*s.head, *s.body))
        elif isinstance(s, nest.If):
            yield from statements_in((*s.then, *s.orelse))


def runs_along(inner: nest.For, outer: str, varying: frozenset[str]) -> bool:
    """Whether a loop does nothing but arithmetic along rows, of which each iteration of the loop ``outer`` around it has its
    own or all have the same: then, with lanes over ``outer``, they are read and written as they lie."""
    made = {s.name for s in inner.body if isinstance(s, nest.Let | nest.Load)}
    for s in inner.body:
        match s:
            case nest.Let() if s.instruction not in FUNCTIONS and s.kind != I64:
                pass
            case nest.Reduce(kind="sum"):
                pass
            case nest.Load() | nest.Store() | nest.Accumulate() if s.indices[-1:] == (inner.index,) and s.buffer not in varying:
                if any(i in made or (i in varying and i != outer) for i in s.indices[:-1]):
                    return False
            case _:
                return False
    return inner.parallel


def buffers_in(statements: Sequence[nest.Statement]) -> Iterator[str]:
    """The buffers that a block names, one for each time."""
    for s in statements_in(statements):
        match s:
            case nest.Load() | nest.Store() | nest.Accumulate() | nest.Fill():
                yield s.buffer
            case nest.Copy():
                yield from (s.target, s.source)
            case nest.Swap():
                yield from (s.left, s.right)
            case nest.Allocate():
                yield s.name


def operands_in(statements: Sequence[nest.Statement]) -> Iterator[nest.Operand]:
    """The scalars and literals that a block reads, one for each time."""
    found: Sequence[nest.Operand | None]
    for s in statements_in(statements):
        match s:
            case nest.Let() | nest.Call():
                found = s.args
            case nest.Load():
                found = (*s.indices, s.when)
            case nest.Store():
                found = (*s.indices, s.value)
            case nest.Accumulate():
                found = (*s.indices, s.value, s.when)
            case nest.Reduce():
                found = (s.value, s.index)
            case nest.Assign() | nest.Fill():
                found = (s.value,)
            case nest.Check():
                found = (s.ok, s.value, s.bound)
            case nest.Cell():
                found = (s.init,)
            case nest.Allocate():
                found = s.shape
            case nest.For():
                found = (s.bound,)
            case nest.Loop() | nest.If():
                found = (s.cond,)
            case _:
                found = ()
        yield from (operand for operand in found if operand is not None)
