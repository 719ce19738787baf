"""Arithmetic on the wires of a circuit that is being made, with constants that cost no gate.

A *signal* is a wire, or a constant: the element v is written −1 − v. Of the laws of commutative semirings those of 0 and 1 are
used, so what is made here may still be differentiated. Truth is 0 and 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...core.objects import BIT
from ...core.semiring import semiring
from .build import Builder
from .circuit import Bilinear, Circuit, Kind, Names

Signal = int

FALSE, TRUE = -1, -2
"""The constants 0 and 1."""


class Signals:
    """The operations of a semiring, comparison and logic, on signals of the circuit that a builder makes."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.ring = semiring(builder.ring)
        self.top = (builder.ring.modulus or 2) - 1

    def constant(self, value: int) -> Signal:
        return -1 - int(value)

    def bilinear(self, constant: int, left: int, right: int, both: int, a: int, b: int = -1) -> Signal:
        """The gate with these coefficients on wires."""
        kind: Kind = Bilinear(constant, left, right, both)
        return self.builder.gate(self.builder.kind(kind), a, b)

    # -- the semiring ----------------------------------------------------------------------------------------------------
    def add(self, a: Signal, b: Signal) -> Signal:
        if a < 0:
            a, b = b, a
        if a < 0:
            return self.constant(self.ring.add(-1 - a, -1 - b))
        if b < 0:
            return a if b == FALSE else self.bilinear(-1 - b, 1, 0, 0, a)
        return self.bilinear(0, 1, 1, 0, *sorted((a, b)))

    def mul(self, a: Signal, b: Signal) -> Signal:
        if a < 0:
            a, b = b, a
        if a < 0:
            return self.constant(self.ring.mul(-1 - a, -1 - b))
        if b < 0:
            return (a if b == TRUE else FALSE) if b >= TRUE else self.bilinear(0, -1 - b, 0, 0, a)
        return self.bilinear(0, 0, 0, 1, *sorted((a, b)))

    def scaled(self, alone: int, both: int, wire: int, a: Signal) -> Signal:
        """(alone + both·wire)·a, in one gate: how a bilinear gate passes a change of one of its wires on."""
        if a < 0 or not both:
            return self.mul(a, self.constant(alone)) if not both else self.mul(a, self.bilinear(alone, both, 0, 0, wire))
        return self.bilinear(0, 0, alone, both, wire, a)

    def neg(self, a: Signal) -> Signal:
        """Raises ValueError over a semiring without negation."""
        return self.mul(self.constant(self._minus_one()), a)

    def sub(self, a: Signal, b: Signal) -> Signal:
        """Raises ValueError over a semiring without negation."""
        if b < 0 or a < 0 or self.top == 1:
            return self.add(a, self.neg(b))
        return self.bilinear(0, 1, self._minus_one(), 0, a, b)

    def _minus_one(self) -> int:
        if self.ring.neg is None:
            raise ValueError(f"{self.ring.name} has no negation")
        return int(self.ring.neg(1))

    def sum(self, signals: Iterable[Signal]) -> Signal:
        """The sum, as a tree of least depth."""
        level = list(signals) or [FALSE]
        while len(level) > 1:
            level = [self.add(*level[k : k + 2]) if k + 1 < len(level) else level[k] for k in range(0, len(level), 2)]
        return level[0]

    def prod(self, signals: Iterable[Signal]) -> Signal:
        """The product, as a tree of least depth."""
        level = list(signals) or [TRUE]
        while len(level) > 1:
            level = [self.mul(*level[k : k + 2]) if k + 1 < len(level) else level[k] for k in range(0, len(level), 2)]
        return level[0]

    # -- truth -----------------------------------------------------------------------------------------------------------
    def equal(self, a: Signal, b: Signal) -> Signal:
        """1 where a = b, else 0. Over bit it is the polynomial 1 + a + b, elsewhere a `Compare`."""
        if self.builder.ring == BIT:
            return self.add(TRUE, self.add(a, b))
        if a == b or (a < 0 and b < 0):
            return TRUE if a == b else FALSE
        return self.builder.compare(*sorted((self.wire(a), self.wire(b))))

    def negation(self, a: Signal) -> Signal:
        """Of a truth value."""
        return self.sub(TRUE, a) if self.ring.has_negation else self.equal(a, FALSE)

    def either(self, a: Signal, b: Signal) -> Signal:
        """Of truth values."""
        if a < 0 or b < 0:
            return TRUE if TRUE in (a, b) else max(a, b)
        if self.ring.neg is None:
            return self.negation(self.mul(self.negation(a), self.negation(b)))
        return self.bilinear(0, 1, 1, self._minus_one(), *sorted((a, b)))

    def differ(self, a: Signal, b: Signal) -> Signal:
        """1 where a ≠ b, else 0."""
        return self.negation(self.equal(a, b))

    def less(self, a: Signal, b: Signal) -> Signal:
        """1 where a < b as numbers, else 0: in as many comparisons as there are elements. Raises ValueError beyond 256."""
        if self.top > 255:
            raise ValueError(f"an order of the {self.top + 1} elements of {self.ring.name}")
        above, found = FALSE, []  # above: whether b > k
        for k in range(self.top - 1, -1, -1):
            above = self.add(above, self.equal(b, self.constant(k + 1)))
            found.append(self.mul(self.equal(a, self.constant(k)), above))
        return self.sum(found)

    def select(self, condition: Signal, yes: Signal, no: Signal) -> Signal:
        """yes where the condition is 1, no where it is 0."""
        if yes == no:
            return yes
        return self.add(self.mul(condition, yes), self.mul(self.negation(condition), no))

    # -- the circuit -----------------------------------------------------------------------------------------------------
    def wire(self, signal: Signal) -> int:
        """The wire that carries it: a constant gets a gate."""
        return signal if signal >= 0 else self.builder.constant(-1 - signal)

    def circuit(
        self, outputs: Iterable[Signal], next: Iterable[Signal] = (), names: Names | None = None, name: str = "circuit"
    ) -> Circuit:
        """The circuit so far."""
        results, following = [self.wire(s) for s in outputs], [self.wire(s) for s in next]
        return self.builder.circuit(results, following, names, name)
