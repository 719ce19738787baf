"""The values of a sparse matrix as a program: coefficients of one row side by side, wherever rows can be told from loops.

A block holds one number per slot for all values of its variables. Entries whose row index *is* a tuple of loop variables and
that have a constant number of columns there become one block: its values are then rows of the matrix as CSR has them, and
are written there without being sorted. Any other entry is a block by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from ..graph.construct import Construct
from ..graph.node import Graph, Node, Pool
from ..graph.substitute import substitute
from ..passes.unroll import unroll
from .coordinates import Entry, is_rectangular

SLOTS = 16
"""Columns that one entry has in a row at most to be written out as slots of a block."""


@dataclass(frozen=True)
class Block:
    """For all values of ``over``, the coefficients ``slots``; as an array, of those axes and one for the slots, if several."""

    row: int
    over: tuple[Node, ...]
    slots: tuple[Entry, ...]


@dataclass(frozen=True)
class Reading:
    """Which side of a linear map is the rows: the results of a forward derivative, or the seeds of a reverse one."""

    forward: bool

    def row(self, e: Entry) -> tuple[int, tuple[Node, ...]]:
        return (e.result, e.target) if self.forward else (e.seed, e.source)

    def column(self, e: Entry) -> tuple[int, tuple[Node, ...]]:
        return (e.seed, e.source) if self.forward else (e.result, e.target)


def blocks(pool: Pool, entries: Sequence[Entry], rows: Sequence[Node], reading: Reading) -> tuple[Block, ...]:
    """Blocks of all the entries, those of the first array of rows first. ``rows``: arrays of the shapes that rows have."""
    made: list[Block] = []
    for k, like in enumerate(rows):
        regular: tuple[Node, ...] | None = None
        slots: list[Entry] = []
        rest: list[Entry] = []
        for e in entries:
            number, at = reading.row(e)
            if number != k:
                continue
            if not _is_regular(e, at, like.shape):
                rest.append(e)
                continue
            regular = at if regular is None else regular
            slots += _unrolled(pool, _renamed(pool, e, dict(zip(at, regular, strict=True))), regular)
        if regular is not None:
            slots.sort(key=lambda e: _order(reading.column(e)))
            made.append(Block(k, regular, tuple(slots)))
        made += [Block(k, _in_order(e, reading), (e,)) for e in rest]
    return tuple(made)


def values(graph: Graph, blocks: Sequence[Block], inputs: int) -> Graph:
    """The graph that computes the arrays of the blocks from the first ``inputs`` inputs."""
    results = unroll(graph.pool, [_array(Construct(graph.pool), block) for block in blocks])
    return Graph(graph.name, graph.inputs[:inputs], graph.sizes, results, graph.pool)


def _array(c: Construct, block: Block) -> Node:
    row = block.slots[0].value
    if len(block.slots) > 1:
        width = c.integer(len(block.slots))
        row = c.onehot(width, c.integer(0), row)
        for k, e in enumerate(block.slots[1:], 1):
            row = c.add(row, c.onehot(width, c.integer(k), e.value))
    for var in reversed(block.over):
        row = c.build(var, row)
    return row


def _is_regular(e: Entry, at: Sequence[Node], shape: Sequence[Node]) -> bool:
    """Whether the rows are all of the array, each once, with a small constant number of columns."""
    if len(set(at)) < len(at) or any(i not in e.over or i.args[0] is not n for i, n in zip(at, shape, strict=True)):
        return False
    others = [v.args[0] for v in e.over if v not in at]
    return all(b.op == "constant" for b in others) and prod(b.data for b in others) <= SLOTS


def _in_order(e: Entry, reading: Reading) -> tuple[Node, ...]:
    """The variables of an entry, those of its row first and then those of its column, where loops may be exchanged."""
    if not is_rectangular(e.over):
        return e.over
    places = (*reading.row(e)[1], *reading.column(e)[1], *e.over)
    return tuple(dict.fromkeys(i for i in places if i in e.over))


def _renamed(pool: Pool, e: Entry, names: dict[Node, Node]) -> Entry:
    changes = {old: new for old, new in names.items() if old is not new}
    if not changes:
        return e

    def moved(nodes: Sequence[Node]) -> tuple[Node, ...]:
        return tuple(substitute(pool, n, changes) for n in nodes)

    return replace(e, target=moved(e.target), source=moved(e.source), over=moved(e.over), value=moved([e.value])[0])


def _unrolled(pool: Pool, e: Entry, kept: Sequence[Node]) -> Iterator[Entry]:
    """The entry for each value of its variables that are not among ``kept``."""
    c = Construct(pool)
    others = [v for v in e.over if v not in kept]
    for numbers in product(*(range(v.args[0].data) for v in others)):
        part = _renamed(pool, e, {v: c.integer(k) for v, k in zip(others, numbers, strict=True)})
        if part.value.op != "zero":
            yield replace(part, over=tuple(kept))


def _order(column: tuple[int, tuple[Node, ...]]) -> tuple[object, ...]:
    """Columns of one row in order, as far as constant indices tell."""
    number, at = column
    return (number, *((1, i.data) if i.op == "constant" else (0, i.id) for i in at))
