"""Fewer gates for the same functions. These are laws of functions, not of polynomials: they stand after differentiation only.

Every round brings a circuit into canonical form, finds gates that are equal as functions of all inputs where these are few, and
else by small cones: the functions of at most four wires that each gate is (its cuts, as in Mishchenko, Chatterjee & Brayton,
DAG-aware AIG rewriting, 2006). A cone that is a constant, one wire, an earlier gate or its complement becomes that, one that
depends on two wires a gate of these, and one of three the least gates for its function if that is fewer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT
from ...core.semiring import semiring
from .build import Builder
from .canonical import canonical
from .circuit import Circuit
from .evaluate import apply
from .table import combinations, elements

_ROWS = 1 << 12
"""Rows up to which all gates are told apart by their whole tables."""

_LEAVES = 4
_CUTS = 5
"""Wires of a cone, and cones kept for a gate."""

_ROUNDS = 8
_LITTLE = 0.995
"""Rounds, and what a round leaves of the gates when no other is worth it."""

Cut = tuple[tuple[int, ...], int]
"""Wires in order, and a function of them: bit r of the number is its value where wire j is bit j of r."""


def simplify(c: Circuit) -> Circuit:
    """A circuit of the same functions with no more gates, often fewer. Not before differentiation.

    >>> from .text import parse, show
    >>> c = parse("circuit c over bit (_, _, _) {\\n 3 = 0*1\\n 4 = 0*2\\n 5 = 3 + 4 + 3*4\\n} -> 5")  # ab or ac
    >>> print(show(simplify(c)))
    circuit c over bit (_, _, _) {
      3 = 2 + 1 + 2*1
      4 = 3*0
    } -> 4
    <BLANKLINE>
    """
    best = canonical(c, "function")
    for _ in range(_ROUNDS):
        made = _by_tables(best) if elements(c.ring) ** c.first <= _ROWS else best
        made = canonical(_by_cones(made), "function") if c.ring == BIT else made
        if made.gates >= best.gates:
            break
        little, best = made.gates > _LITTLE * best.gates, made
        if little:
            break
    return best


# -- equal as functions of all inputs ----------------------------------------------------------------------------------
def _by_tables(c: Circuit) -> Circuit:
    """Each gate replaced by the first wire, or over bit its complement, that has the same table."""
    ring, n = semiring(c.ring), elements(c.ring)
    builder = Builder(c.ring, c.inputs, tuple(c.start.tolist()))
    numbers = [builder.kind(kind) for kind in c.kinds]
    x = next(combinations(c.ring, c.first, n**c.first)).astype(c.ring.dtype)
    values: list[NDArray[np.generic]] = list(x.T)
    nothing = np.zeros(len(x), dtype=c.ring.dtype)
    wires, first = list(range(c.first)), dict[bytes, int]()
    for s in range(n):
        first[np.full(len(x), s, dtype=c.ring.dtype).tobytes()] = -1 - s
    for wire in range(c.first):
        first.setdefault(values[wire].tobytes(), wire)
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        value = apply(ring, c.kinds[op], *(values[w] if w >= 0 else nothing for w in (a, b)))
        values.append(value)
        found = first.get(value.tobytes())
        if found is None and c.ring == BIT:
            complement = first.get((~value.astype(bool)).tobytes())
            found = builder.negated(complement) if complement is not None else None
        if found is None:
            found = builder.gate(numbers[op], *(wires[w] if w >= 0 else w for w in (a, b)))
        elif found < 0:
            found = builder.constant(-1 - found)
        first.setdefault(value.tobytes(), found)
        wires.append(found)
    made = builder.circuit([wires[w] for w in c.outputs.tolist()], [wires[w] for w in c.next.tolist()], c.names, c.name)
    return canonical(made, "function")


# -- by small cones ----------------------------------------------------------------------------------------------------
def _by_cones(c: Circuit) -> Circuit:
    cones = _Cones(c)
    for gate in range(c.gates):
        cones.place(gate)
    return cones.builder.circuit(
        [cones.wires[w] for w in c.outputs.tolist()], [cones.wires[w] for w in c.next.tolist()], c.names, c.name
    )


class _Cones:
    """Makes the gates of a circuit again, in order, each by the cheapest of its cones."""

    def __init__(self, c: Circuit) -> None:
        self.first = c.first
        self.builder = Builder(BIT, c.inputs, tuple(c.start.tolist()))
        self.gates = list(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True))
        self.cuts: list[list[Cut]] = [[((w,), 0b10)] for w in range(c.first)]
        self.wires = list(range(c.first))
        self.made: dict[Cut, int] = {}
        self.readers = np.bincount(
            np.concatenate((c.left[c.left >= 0], c.right[c.right >= 0], c.outputs, c.next)), minlength=c.wires
        ).tolist()

    def place(self, gate: int) -> None:
        """Make one gate."""
        own, (op, a, b) = self.first + gate, self.gates[gate]
        found = sorted({self._combined(op, x, y) for x in self._of(a) for y in self._of(b)} - {None}, key=_order)
        cuts: list[Cut] = [cut for cut in found if cut is not None][:_CUTS]
        self.wires.append(self._wire(own, cuts))
        self.cuts.append([*cuts, ((own,), 0b10)])
        for cut in cuts:
            self.made.setdefault(cut, self.wires[own])

    def _of(self, wire: int) -> list[Cut]:
        return self.cuts[wire] if wire >= 0 else [((), 0)]

    def _combined(self, op: int, x: Cut, y: Cut) -> Cut | None:
        leaves = tuple(sorted({*x[0], *y[0]}))
        if len(leaves) > _LEAVES:
            return None
        count = len(leaves)
        t, u = (_spread(table, tuple(leaves.index(w) for w in own), count) for own, table in (x, y))
        full = (1 << (1 << count)) - 1
        value = (full if op & 1 else 0) ^ (t if op & 2 else 0) ^ (u if op & 4 else 0) ^ (t & u if op & 8 else 0)
        used, small = _support(value, count)
        return tuple(leaves[k] for k in used), small

    def _wire(self, own: int, cuts: list[Cut]) -> int:
        """The wire of the gate in the new circuit."""
        b = self.builder
        for leaves, table in cuts:
            full = (1 << (1 << len(leaves))) - 1
            if not leaves:
                return b.constant(table)
            if len(leaves) == 1:
                return self.wires[leaves[0]] if table == 0b10 else b.negated(self.wires[leaves[0]])
            if (leaves, table) in self.made:
                return self.made[leaves, table]
            if (leaves, full ^ table) in self.made:
                return b.negated(self.made[leaves, full ^ table])
        gain, best = 0, None
        for leaves, table in cuts:
            if len(leaves) <= 3:
                program = _program(table, len(leaves))
                here = self._freed(own, leaves) - len(program)
                if here > gain:
                    gain, best = here, (leaves, program)
        if best is not None:
            wires = [self.wires[w] for w in best[0]]
            for op, x, y in best[1]:
                wires.append(b.gate(op, wires[x], wires[y]))
            return wires[-1]
        op, x, y = self.gates[own - self.first]
        return b.gate(op, *(self.wires[w] if w >= 0 else w for w in (x, y)))

    def _freed(self, own: int, leaves: tuple[int, ...]) -> int:
        """The gates between these wires and a gate, itself included, that only it needs."""
        lost: dict[int, int] = {}
        waiting, freed = [own], 0
        while waiting:
            freed += 1
            for w in set(self.gates[waiting.pop() - self.first][1:]):
                if w >= self.first and w not in leaves:
                    lost[w] = lost.get(w, 0) + 1
                    if lost[w] == self.readers[w]:
                        waiting.append(w)
        return freed


def _order(cut: Cut | None) -> tuple[int, Cut]:
    return (len(cut[0]), cut) if cut is not None else (99, ((), 0))


@lru_cache(maxsize=1 << 16)
def _spread(table: int, places: tuple[int, ...], count: int) -> int:
    """A function of the wires at these places, as one of ``count`` wires."""
    found = 0
    for row in range(1 << count):
        at = sum((row >> place & 1) << k for k, place in enumerate(places))
        found |= (table >> at & 1) << row
    return found


@lru_cache(maxsize=1 << 16)
def _support(table: int, count: int) -> tuple[tuple[int, ...], int]:
    """The wires that a function depends on, and it as a function of these."""
    bits = [table >> row & 1 for row in range(1 << count)]
    used = tuple(k for k in range(count) if any(bits[row] != bits[row ^ 1 << k] for row in range(1 << count)))
    rows = (sum((small >> k & 1) << place for k, place in enumerate(used)) for small in range(1 << len(used)))
    return used, sum(bits[row] << small for small, row in enumerate(rows))


def _two(table: int) -> int:
    """The gate of a function of two wires."""
    t = [table >> row & 1 for row in range(4)]
    return t[0] | (t[0] ^ t[1]) << 1 | (t[0] ^ t[2]) << 2 | (t[0] ^ t[1] ^ t[2] ^ t[3]) << 3


Program = tuple[tuple[int, int, int], ...]
"""Gates (kind, left, right) on three wires and the gates before."""


def _program(table: int, count: int) -> Program:
    """The fewest gates for a function of two or three wires."""
    return ((_two(table), 0, 1),) if count == 2 else _programs()[table]


@lru_cache(maxsize=1)
def _programs() -> dict[int, Program]:
    """Of all functions of three wires that depend on each, found by trying all programs of one more gate at a time."""
    start = (0b10101010, 0b11001100, 0b11110000)
    found: dict[int, Program] = {}
    missing = {table for table in range(256) if len(_support(table, 3)[0]) == 3}
    level: list[tuple[tuple[int, ...], Program]] = [(start, ())]
    while missing:
        longer: dict[frozenset[int], tuple[tuple[int, ...], Program]] = {}
        for tables, program in level:
            for value, (op, x, y) in _gates(tables):
                if value in missing:
                    found[value], found[255 ^ value] = (*program, (op, x, y)), (*program, (op ^ 1, x, y))
                    missing -= {value, 255 ^ value}
                if value not in tables:
                    longer.setdefault(frozenset((*tables, value)), ((*tables, value), (*program, (op, x, y))))
            if not missing:
                break
        level = list(longer.values())
    return found


def _gates(tables: tuple[int, ...]) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """What one gate makes of these, up to complement."""
    for y in range(len(tables)):
        for x in range(y):
            t, u = tables[x], tables[y]
            for op, value in ((8, t & u), (10, t & ~u & 255), (12, ~t & u & 255), (14, t | u), (6, t ^ u)):
                yield value, (op, x, y)
