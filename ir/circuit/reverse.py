"""The derivatives of a circuit, as circuits (Wilson & Zanasi, Categories of Differentiable Polynomial Circuits, 2022, §4).

All gates but `Compare` are bilinear, and one rule has them all: R(a, b; y) = ((c₁ + c₃·b)·y, (c₂ + c₃·a)·y), each part again
one gate. The derivative is that of the polynomial, not of the function: over Z2 that of a·a is 0.
"""

from __future__ import annotations

from .build import Builder, place
from .circuit import Circuit, Compare
from .signals import FALSE, Signal, Signals


def reverse(c: Circuit, *, straight_through: bool = False) -> Circuit:
    """R: (inputs, state, cotangents of the outputs, of the next state) → (cotangents of the inputs, of the state).

    Without latches, also where the circuit has some: it is the reverse of one step. `Compare` has the derivative 0, which all
    equations of circuits bear; ``straight_through`` lets the cotangent pass to both its wires, which none of them does."""
    s = Signals(Builder(c.ring, c.first + len(c.outputs) + c.states))
    made = place(s.builder, c, range(c.first))
    cotangents: list[Signal] = [FALSE] * c.wires
    for k, wire in enumerate((*c.outputs.tolist(), *c.next.tolist())):
        cotangents[wire] = s.add(cotangents[wire], c.first + k)
    gates = list(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True))
    for wire in range(c.wires - 1, c.first - 1, -1):
        op, a, b = gates[wire - c.first]
        kind, y = c.kinds[op], cotangents[wire]
        if y == FALSE:
            continue
        if isinstance(kind, Compare):
            parts = ((a, y), (b, y)) if straight_through else ()
        else:
            parts = ((a, s.scaled(kind.left, kind.both, made[b], y)), (b, s.scaled(kind.right, kind.both, made[a], y)))
        for w, part in parts:
            if part != FALSE:
                cotangents[w] = s.add(cotangents[w], part)
    return s.circuit(cotangents[: c.first], name=f"R_{c.name}")

