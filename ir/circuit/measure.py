"""How large a circuit is."""

from __future__ import annotations

from collections import Counter

from .circuit import Circuit, uses
from .text import polynomial


def depth(c: Circuit) -> int:
    """The most gates on a way from an input or the state to an output or the next state."""
    levels = [0] * c.wires
    reads = zip(*(u.tolist() for u in uses(c)), strict=True)
    for w, (a, b, (is_left, is_right)) in enumerate(
        zip(c.left.tolist(), c.right.tolist(), reads, strict=True), start=c.first
    ):
        levels[w] = 1 + max(levels[a] if is_left else 0, levels[b] if is_right else 0)
    return max((levels[w] for w in (*c.outputs.tolist(), *c.next.tolist())), default=0)


def measure(c: Circuit) -> dict[str, int | dict[str, int]]:
    """inputs, latches, outputs, gates, depth, and how many gates there are of each kind, as a polynomial in a and b."""
    kinds = Counter(c.op.tolist())
    by_kind = {polynomial(c.kinds[k], "a", "b"): kinds[k] for k in sorted(kinds)}
    return {
        "inputs": c.inputs,
        "latches": c.states,
        "outputs": len(c.outputs),
        "gates": c.gates,
        "depth": depth(c),
        "kinds": by_kind,
    }
