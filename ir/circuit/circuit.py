"""Circuits as data: gates of two wires over a finite commutative semiring, in flat arrays.

Every gate but `Compare` is bilinear, c₀ + c₁·a + c₂·b + c₃·a·b: constants, sums, products, copies and, over Z2, all sixteen
functions of two bits. So one rule differentiates them, R(a, b; y) = ((c₁ + c₃·b)·y, (c₂ + c₃·a)·y), and 10⁶ gates are three
arrays. The gate is a polynomial, not a function: over Z2 a·a and a are different gates until after differentiation.

Wires are numbered: first the inputs, then the state (latches), then the gates, each after the wires it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...core.errors import VerifyFault
from ...core.objects import BIT, Scalar

Wires = NDArray[np.int32]

UNKNOWN = -1
"""As a first value of the state: any element."""

NOTHING = -1
"""As the operand of a gate: it has none there, the coefficients that would use it being zero."""


@dataclass(frozen=True)
class Bilinear:
    """constant + left·a + right·b + both·a·b, the coefficients elements of the semiring."""

    constant: int
    left: int
    right: int
    both: int


@dataclass(frozen=True)
class Compare:
    """1 where a = b, else 0; its derivative is 0 (`core/operations/circuit.py`)."""


Kind = Bilinear | Compare

BITS: tuple[Kind, ...] = tuple(Bilinear(k & 1, k >> 1 & 1, k >> 2 & 1, k >> 3 & 1) for k in range(16))
"""The gates over Z2: all functions of two bits, numbered by their coefficients."""

ZERO, ONE, COPY, NOT, XOR, AND, OR = 0b0000, 0b0001, 0b0010, 0b0011, 0b0110, 0b1000, 0b1110


@dataclass(frozen=True)
class Names:
    """What inputs, state and outputs are called; () where they have no names."""

    inputs: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Circuit:
    """step : (state, inputs) → (next state, outputs), without state simply inputs → outputs.

    ring         the semiring: bit, z<n> or sat<n>
    inputs       how many inputs there are
    start        the first value of each wire of the state, `UNKNOWN` for any
    kinds        what gates there can be; over bit it is `BITS`
    op           for each gate, which of the kinds it is
    left, right  for each gate, the wires it reads; `NOTHING` may stand where the kind ignores one
    next         for each wire of the state, the wire that is its next value
    outputs      the wires that are the outputs
    """

    ring: Scalar
    inputs: int
    start: NDArray[np.int64]
    kinds: tuple[Kind, ...]
    op: NDArray[np.integer]
    left: Wires
    right: Wires
    next: Wires
    outputs: Wires
    names: Names = field(default_factory=Names)
    name: str = "circuit"

    @property
    def states(self) -> int:
        return len(self.start)

    @property
    def gates(self) -> int:
        return len(self.op)

    @property
    def first(self) -> int:
        """The wire of the first gate."""
        return self.inputs + self.states

    @property
    def wires(self) -> int:
        return self.first + self.gates

    def __eq__(self, other: object) -> bool:
        """The same gates in the same order; names do not count."""
        if not isinstance(other, Circuit):
            return NotImplemented
        same = (self.ring, self.inputs, self.kinds) == (other.ring, other.inputs, other.kinds)
        return same and all(np.array_equal(a, b) for a, b in zip(_arrays(self), _arrays(other), strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        state = f", {self.states} latches" if self.states else ""
        size = f"{self.inputs} inputs{state}, {self.gates} gates, {len(self.outputs)} outputs"
        return f"<Circuit {self.name} over {self.ring}: {size}>"


def _arrays(c: Circuit) -> tuple[NDArray[np.generic], ...]:
    return c.start, c.op, c.left, c.right, c.next, c.outputs


def make(
    ring: Scalar,
    inputs: int,
    op: Sequence[int] | NDArray[np.integer],
    left: Sequence[int] | NDArray[np.integer],
    right: Sequence[int] | NDArray[np.integer],
    outputs: Sequence[int] | NDArray[np.integer],
    *,
    kinds: tuple[Kind, ...] = BITS,
    start: Sequence[int] | NDArray[np.integer] = (),
    next: Sequence[int] | NDArray[np.integer] = (),
    names: Names | None = None,
    name: str = "circuit",
) -> Circuit:
    """A circuit of anything that NumPy takes as arrays, verified. Raises VerifyFault PB0960."""
    wires = [np.asarray(a, dtype=np.int32) for a in (left, right, next, outputs)]
    circuit = Circuit(
        ring,
        inputs,
        np.asarray(start, dtype=np.int64),
        kinds,
        np.asarray(op, dtype=np.uint8 if len(kinds) <= 256 else np.int32),
        wires[0],
        wires[1],
        wires[2],
        wires[3],
        names or Names(),
        name,
    )
    verify(circuit)
    return circuit


def verify(c: Circuit) -> None:
    """Raises VerifyFault PB0960 where the arrays are no circuit: wires that are not there, or read before they are made."""
    if c.ring == BIT and c.kinds != BITS:
        raise _fault("the gates over bit are `BITS`")
    modulus = 2 if c.ring == BIT else c.ring.modulus
    if modulus is None:
        raise _fault(f"{c.ring} has no finite semiring")
    if not (len(c.op) == len(c.left) == len(c.right)) or len(c.next) != len(c.start):
        raise _fault("its arrays have different lengths")
    if c.gates and int(c.op.max()) >= len(c.kinds):
        raise _fault(f"gate {int(np.argmax(c.op >= len(c.kinds)))} is of no kind")
    own = np.arange(c.first, c.wires, dtype=np.int32)
    for what, used in zip((c.left, c.right), uses(c), strict=True):
        wrong = (what < np.where(used, 0, NOTHING)) | (what >= own)
        if wrong.any():
            gate = int(np.argmax(wrong))
            raise _fault(f"wire {c.first + gate} reads wire {int(what[gate])}, which is not before it")
    for what in (c.next, c.outputs):
        if len(what) and not (int(what.min()) >= 0 and int(what.max()) < c.wires):
            raise _fault(f"there are {c.wires} wires, and one beyond them is read")
    if len(c.start) and not (int(c.start.min()) >= UNKNOWN and int(c.start.max()) < modulus):
        raise _fault(f"a first value of the state is no element of {c.ring}")
    for kind in c.kinds:
        if isinstance(kind, Bilinear) and not all(
            0 <= v < modulus for v in (kind.constant, kind.left, kind.right, kind.both)
        ):
            raise _fault(f"{kind} has coefficients outside {c.ring}")
    for names, count in ((c.names.inputs, c.inputs), (c.names.state, c.states), (c.names.outputs, len(c.outputs))):
        if names and len(names) != count:
            raise _fault(f"there are {len(names)} names for {count} wires")


def uses(c: Circuit) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each gate, whether its value depends on its left and on its right wire, as a polynomial."""
    if not c.gates:
        return (np.zeros(0, dtype=bool),) * 2
    left = [isinstance(k, Compare) or bool(k.left or k.both) for k in c.kinds]
    right = [isinstance(k, Compare) or bool(k.right or k.both) for k in c.kinds]
    return np.array(left)[c.op], np.array(right)[c.op]


def _fault(what: str) -> VerifyFault:
    return VerifyFault("PB0960", f"these arrays are no circuit: {what}")
