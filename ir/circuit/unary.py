"""A circuit as a unary morphism, so that what is said about terms holds of it: derivatives, loops around it, backends.

The way back is the interpreter on wires (`backends/interpreter/circuit.py`), at known sizes.
"""

from __future__ import annotations

from ..unary.builder import Builder
from ..unary.term import Term
from .circuit import Circuit, Compare, Kind


def term(c: Circuit) -> Term:
    """(inputs, state) → (outputs, next state), each wire a scalar of the semiring."""
    names = [f"x{k}" for k in range(c.inputs)] + [f"s{k}" for k in range(c.states)]
    builder = Builder(c.name, (), names, (c.ring,) * c.first)
    made = list(range(c.first))
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        made.append(_gate(builder, c, c.kinds[op], made[a] if a >= 0 else -1, made[b] if b >= 0 else -1))
    return builder.finish([made[w] for w in (*c.outputs.tolist(), *c.next.tolist())])


def _gate(builder: Builder, c: Circuit, kind: Kind, a: int, b: int) -> int:
    """constant + left·a + right·b + both·a·b, without the parts that are zero."""
    if isinstance(kind, Compare):
        return builder.apply("compare", a, b)

    def scaled(coefficient: int, wire: int) -> int:
        return wire if coefficient == 1 else builder.apply("mul", builder.constant(coefficient, c.ring), wire)

    terms = [builder.constant(kind.constant, c.ring)] if kind.constant else []
    terms += [scaled(k, w) for k, w in ((kind.left, a), (kind.right, b)) if k]
    terms += [scaled(kind.both, builder.apply("mul", a, b))] if kind.both else []
    total = terms[0] if terms else builder.constant(0, c.ring)
    for other in terms[1:]:
        total = builder.add(total, other)
    return total
