"""Latches as state: a circuit is a step (state, inputs) → (next state, outputs), repeated with a delay.

This is the category St(C) of Sprunger & Katsumata (Differentiable causal computations, 2019) over the polynomials of a
semiring: `latched` is the delayed trace, `unrolled` the finite prefixes that decide equality, `tangent` the differential
operator D*, whose state is twice that of the step, so that nothing is unrolled for a derivative. The reverse derivative runs
against time and needs the states of a whole run: `backends/bits/sequence.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .build import Builder, place
from .circuit import UNKNOWN, Circuit, Compare, Names, make
from .signals import FALSE, Signal, Signals


def step(c: Circuit) -> Circuit:
    """One step without latches: (inputs, state) → (outputs, next state)."""
    names = Names(c.names.inputs + c.names.state) if c.names.inputs and c.names.state else Names()
    outputs = np.concatenate((c.outputs, c.next))
    return make(c.ring, c.first, c.op, c.left, c.right, outputs, kinds=c.kinds, names=names, name=c.name)


def latched(c: Circuit, start: Sequence[int]) -> Circuit:
    """The delayed trace: the last inputs of a circuit without latches become its state, whose next value the last outputs are.

    ``start`` has a first value for each. The inverse of `step`. Raises ValueError where there are not so many."""
    count = len(start)
    if c.states or count > c.inputs or count > len(c.outputs):
        raise ValueError(f"{c!r} has no {count} inputs and outputs that could be its state")
    inputs, outputs = c.inputs - count, len(c.outputs) - count
    names = Names(c.names.inputs[:inputs], c.names.inputs[inputs:], c.names.outputs[:outputs])
    return make(
        c.ring, inputs, c.op, c.left, c.right, c.outputs[:outputs],
        kinds=c.kinds, start=start, next=c.outputs[outputs:], names=names, name=c.name,
    )  # fmt: skip


def unrolled(c: Circuit, steps: int) -> Circuit:
    """So many steps one after another, without latches: the inputs of all steps → the outputs of all steps, in order of time.

    It begins in the first state; where an element of that is unknown, it is an input more, behind the others."""
    unknown = [k for k, v in enumerate(c.start.tolist()) if v == UNKNOWN]
    s = Signals(Builder(c.ring, steps * c.inputs + len(unknown)))
    state: list[Signal] = [s.constant(v) for v in c.start.tolist()]
    for n, k in enumerate(unknown):
        state[k] = steps * c.inputs + n
    outputs: list[Signal] = []
    for t in range(steps):
        made = place(s.builder, c, [*range(t * c.inputs, (t + 1) * c.inputs), *(s.wire(v) for v in state)])
        outputs += [made[w] for w in c.outputs.tolist()]
        state = [made[w] for w in c.next.tolist()]
    return s.circuit(outputs, name=c.name)


def tangent(c: Circuit) -> Circuit:
    """D*: (inputs, their tangents) → (outputs, their tangents), with the state (state, its tangent), which starts at 0.

    Without latches it is the forward derivative D. `Compare` has the derivative 0."""
    start = (*c.start.tolist(), *(0 for _ in range(c.states)))
    s = Signals(Builder(c.ring, 2 * c.inputs, start))
    states = 2 * c.inputs
    made = place(s.builder, c, [*range(c.inputs), *range(states, states + c.states)])
    moved: list[Signal] = [*range(c.inputs, states), *range(states + c.states, states + 2 * c.states)]
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        kind = c.kinds[op]
        if isinstance(kind, Compare):
            moved.append(FALSE)
        else:
            parts = ((a, kind.left, made[b]), (b, kind.right, made[a]))
            moved.append(s.sum(s.scaled(own, kind.both, other, moved[w]) for w, own, other in parts if own or kind.both))
    return s.circuit(
        [made[w] for w in c.outputs.tolist()] + [moved[w] for w in c.outputs.tolist()],
        [made[w] for w in c.next.tolist()] + [moved[w] for w in c.next.tolist()],
        name=f"D_{c.name}",
    )
