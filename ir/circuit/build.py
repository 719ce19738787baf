"""Making circuits gate by gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...core.objects import BIT, Scalar
from .circuit import BITS, NOTHING, Bilinear, Circuit, Compare, Kind, Names, make, uses


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


def place(b: Builder, part: Circuit, wires: Sequence[int]) -> list[int]:
    """The gates of a circuit made again where its inputs and state are ``wires``: where each of its wires is."""
    made, numbers = list(wires), [b.kind(kind) for kind in part.kinds]
    left, right = (np.where(used, w, NOTHING).tolist() for used, w in zip(uses(part), (part.left, part.right), strict=True))
    for op, x, y in zip(part.op.tolist(), left, right, strict=True):
        made.append(b.gate(numbers[op], made[x] if x >= 0 else NOTHING, made[y] if y >= 0 else NOTHING))
    return made
