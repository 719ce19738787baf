"""Making circuits gate by gate, and putting them into canonical form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT, Scalar
from ...core.semiring import semiring
from .circuit import BITS, NOTHING, Bilinear, Circuit, Compare, Kind, Names, make


@dataclass
class Builder:
    """Appends gates; an equal gate is made once. That holds in every semiring, and before differentiation too.

    >>> b = Builder(BIT, inputs=2)
    >>> b.circuit([b.add(0, 1), b.mul(0, 1)])
    <Circuit circuit over bit: 2 inputs, 2 gates, 2 outputs>
    """

    ring: Scalar
    inputs: int
    start: tuple[int, ...] = ()
    op: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    _kinds: dict[Kind, int] = field(default_factory=dict)
    _made: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.ring == BIT:
            self._kinds.update((kind, k) for k, kind in enumerate(BITS))

    def kind(self, kind: Kind) -> int:
        """The number of a kind here."""
        return self._kinds.setdefault(kind, len(self._kinds))

    def gate(self, kind: int, a: int = NOTHING, b: int = NOTHING) -> int:
        """The wire of a gate of that kind."""
        key = (kind, a, b)
        wire = self._made.get(key)
        if wire is None:
            wire = self._made[key] = self.inputs + len(self.start) + len(self.op)
            self.op.append(kind)
            self.left.append(a)
            self.right.append(b)
        return wire

    def constant(self, value: int) -> int:
        return self.gate(self.kind(Bilinear(value, 0, 0, 0)))

    def add(self, a: int, b: int) -> int:
        return self.gate(self.kind(Bilinear(0, 1, 1, 0)), a, b)

    def mul(self, a: int, b: int) -> int:
        return self.gate(self.kind(Bilinear(0, 0, 0, 1)), a, b)

    def scale(self, coefficient: int, a: int) -> int:
        return self.gate(self.kind(Bilinear(0, coefficient, 0, 0)), a)

    def compare(self, a: int, b: int) -> int:
        return self.gate(self.kind(Compare()), a, b)

    def negated(self, a: int) -> int:
        """1 + a."""
        return self.gate(self.kind(Bilinear(1, 1, 0, 0)), a)

    def circuit(
        self, outputs: Iterable[int], next: Iterable[int] = (), names: Names | None = None, name: str = "circuit"
    ) -> Circuit:
        """The circuit so far."""
        return make(
            self.ring,
            self.inputs,
            self.op,
            self.left,
            self.right,
            list(outputs),
            kinds=tuple(self._kinds),
            start=self.start,
            next=list(next),
            names=names,
            name=name,
        )


def canonical(c: Circuit) -> Circuit:
    """The same polynomials as a circuit that does not depend on how it was put together: no dead gate, no copy, no gate twice,
    operands and gates in an order that only their definitions decide. Circuits of equal structure become equal arrays.

    Only laws of commutative semirings are used: it may stand before differentiation."""
    table = _Kinds.of(c)
    signs = [_mix(w, 0xD1B54A32D192ED03) for w in range(c.first)]
    place, levels = list(range(c.first)), [0] * c.first
    made: dict[tuple[int, int, int], int] = {}
    rows: list[tuple[int, int, int]] = []
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        a, b = place[a] if a >= 0 else NOTHING, place[b] if b >= 0 else NOTHING
        op, a, b = table.normal(table.own[op], a, b, signs)
        if op == table.copy:
            place.append(a)
            continue
        key = (op, a, b)
        found = made.get(key)
        if found is None:
            found = made[key] = c.first + len(rows)
            rows.append(key)
            signs.append(_mix(_mix(table.marks[op], signs[a] if a >= 0 else 1), signs[b] if b >= 0 else 2))
            levels.append(1 + max(levels[a] if a >= 0 else 0, levels[b] if b >= 0 else 0))
        place.append(found)
    live = _live(c.first, rows, [place[w] for w in (*c.outputs.tolist(), *c.next.tolist())])
    order = sorted(live, key=lambda g: (levels[c.first + g], signs[c.first + g]))
    return _numbered(c, table.kinds, np.array(rows, dtype=np.int64).reshape(-1, 3), np.array(order, dtype=np.int64), place)


def _numbered(
    c: Circuit, kinds: tuple[Kind, ...], rows: NDArray[np.int64], order: NDArray[np.int64], place: list[int]
) -> Circuit:
    """The circuit of those ``rows`` (kind, left, right) that are in ``order``; ``place`` has each old wire among them."""
    table = np.full(c.first + len(rows) + 1, NOTHING, dtype=np.int32)  # the last place is that of NOTHING
    table[: c.first] = np.arange(c.first)
    table[c.first + order] = np.arange(c.first, c.first + len(order))
    gates, wires = rows[order], np.array(place, dtype=np.int64)
    if c.ring != BIT:  # the kinds there are, numbered as they come
        used, at = np.unique(gates[:, 0], return_index=True)
        by_use = used[np.argsort(at)]
        rank = np.zeros(len(kinds), dtype=np.int64)
        rank[by_use] = np.arange(len(by_use))
        kinds, gates[:, 0] = tuple(kinds[k] for k in by_use), rank[gates[:, 0]]
    return make(
        c.ring,
        c.inputs,
        gates[:, 0],
        table[gates[:, 1]],
        table[gates[:, 2]],
        table[wires[c.outputs]],
        kinds=kinds,
        start=c.start,
        next=table[wires[c.next]],
        names=c.names,
        name=c.name,
    )


@dataclass(frozen=True)
class _Kinds:
    """All kinds that normal forms of the gates of a circuit can have, in one order, and what happens to them.

    own: the number of each kind of the circuit; ``swapped``, ``doubled``: the kind with its operands exchanged, and on
    equal ones; reads: whether it reads its left and its right; marks: its share in signatures; copy: that of a copy, or −1."""

    kinds: tuple[Kind, ...]
    own: list[int]
    swapped: list[int]
    doubled: list[int]
    reads: list[tuple[bool, bool]]
    marks: list[int]
    copy: int

    @staticmethod
    def of(c: Circuit) -> _Kinds:
        found = set(c.kinds)
        found |= {_doubled(c.ring, k) for k in found}
        found |= {_swapped(k) for k in found}
        kinds = c.kinds if c.ring == BIT else tuple(sorted(found, key=lambda k: (isinstance(k, Compare), repr(k))))
        number = {kind: k for k, kind in enumerate(kinds)}
        reads = [isinstance(k, Compare) or (bool(k.left or k.both), bool(k.right or k.both)) for k in kinds]
        return _Kinds(
            kinds,
            [number.get(k, -1) for k in c.kinds],
            [number[_swapped(k)] for k in kinds],
            [number[_doubled(c.ring, k)] for k in kinds],
            [(True, True) if r is True else r for r in reads],
            [_mark(k) for k in kinds],
            number.get(Bilinear(0, 1, 0, 0), -1),
        )

    def normal(self, op: int, a: int, b: int, signs: list[int]) -> tuple[int, int, int]:
        """The same gate on the same wires: operands that do not count left out, the others in order."""
        if a == b >= 0:
            op = self.doubled[op]
        left, right = self.reads[op]
        a, b = a if left else NOTHING, b if right else NOTHING
        if (right and not left) or (left and right and signs[a] > signs[b]):
            return self.swapped[op], b, a
        return op, a, b


def _swapped(kind: Kind) -> Kind:
    return kind if isinstance(kind, Compare) else Bilinear(kind.constant, kind.right, kind.left, kind.both)


def _doubled(ring: Scalar, kind: Kind) -> Kind:
    """The kind on two equal operands: c₁·a + c₂·a = (c₁ + c₂)·a; a·a stays, and so does a comparison, a free generator."""
    if isinstance(kind, Compare):
        return kind
    return Bilinear(kind.constant, int(semiring(ring).add(kind.left, kind.right)), 0, kind.both)


def _live(first: int, rows: list[tuple[int, int, int]], roots: list[int]) -> list[int]:
    """The rows that the roots depend on."""
    live = [False] * (first + len(rows) + 1)  # the last is that of NOTHING
    for wire in roots:
        live[wire] = True
    for g in range(len(rows) - 1, -1, -1):
        if live[first + g]:
            _, a, b = rows[g]
            live[a] = live[b] = True
    return [g for g in range(len(rows)) if live[first + g]]


def _mark(kind: Kind) -> int:
    if isinstance(kind, Compare):
        return _mix(0, 1)
    mark = 1
    for coefficient in (kind.constant, kind.left, kind.right, kind.both):
        mark = _mix(mark, coefficient)
    return mark


def _mix(x: int, y: int) -> int:
    """64 bits that depend on both, in this order."""
    z = (x * 0xBF58476D1CE4E5B9 + y + 0x632BE59BD9B4E019) & 0xFFFFFFFFFFFFFFFF
    z = ((z ^ (z >> 30)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return z ^ (z >> 31)
