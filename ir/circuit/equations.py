"""The equations of polynomial circuits, each with the phase from which on it may be used as a rewrite.

In the phase "semiring" they are those of the category PolyCirc_S (Wilson & Zanasi, Categories of Differentiable Polynomial
Circuits, 2022, Definition 4.1): they may stand before a derivative, which respects them. Those of the phase "function" hold of
what circuits compute only; before a derivative they would break the chain rule. `canonical` and `simplify` use no others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...core.objects import BIT, Scalar
from ...core.semiring import semiring
from .build import Builder
from .canonical import Phase
from .circuit import Circuit

Side = Callable[[Builder, int], int]
"""Makes one side of an equation on the first inputs; the number is an element of the semiring that it may mention."""


@dataclass(frozen=True)
class Equation:
    """``left`` = ``right`` on ``inputs`` wires, over semirings for which it ``holds``."""

    name: str
    inputs: int
    left: Side
    right: Side
    phase: Phase = "semiring"
    holds: Callable[[Scalar], bool] = lambda ring: True

    def sides(self, ring: Scalar, element: int = 1) -> tuple[Circuit, Circuit]:
        """Both sides as circuits."""
        made = []
        for side in (self.left, self.right):
            builder = Builder(ring, self.inputs)
            made.append(builder.circuit([side(builder, element)], name=self.name))
        return made[0], made[1]


def _power(b: Builder, exponent: int) -> int:
    wire = 0
    for _ in range(exponent - 1):
        wire = b.mul(wire, 0)
    return wire


def _size(ring: Scalar) -> int:
    return len(semiring(ring).elements or ())


def _is_prime(ring: Scalar) -> bool:
    n = _size(ring)
    return semiring(ring).has_negation and all(n % k for k in range(2, n))


def _compares(ring: Scalar) -> bool:
    return ring != BIT


EQUATIONS: tuple[Equation, ...] = (
    Equation("addition commutes", 2, lambda b, s: b.add(0, 1), lambda b, s: b.add(1, 0)),
    Equation("addition associates", 3, lambda b, s: b.add(b.add(0, 1), 2), lambda b, s: b.add(0, b.add(1, 2))),
    Equation("zero is the unit of addition", 1, lambda b, s: b.add(b.constant(0), 0), lambda b, s: 0),
    Equation("multiplication commutes", 2, lambda b, s: b.mul(0, 1), lambda b, s: b.mul(1, 0)),
    Equation("multiplication associates", 3, lambda b, s: b.mul(b.mul(0, 1), 2), lambda b, s: b.mul(0, b.mul(1, 2))),
    Equation("one is the unit of multiplication", 1, lambda b, s: b.mul(b.constant(1), 0), lambda b, s: 0),
    Equation(
        "multiplication distributes",
        3,
        lambda b, s: b.mul(0, b.add(1, 2)),
        lambda b, s: b.add(b.mul(0, 1), b.mul(0, 2)),
    ),
    Equation("zero annihilates", 1, lambda b, s: b.mul(b.constant(0), 0), lambda b, s: b.constant(0)),
    Equation(
        "constants add in the semiring",
        0,
        lambda b, s: b.add(b.constant(s), b.constant(s)),
        lambda b, s: b.constant(int(semiring(b.ring).add(s, s))),
    ),
    Equation(
        "constants multiply in the semiring",
        0,
        lambda b, s: b.mul(b.constant(s), b.constant(s)),
        lambda b, s: b.constant(int(semiring(b.ring).mul(s, s))),
    ),
    Equation(
        "a scaled wire is a product",
        1,
        lambda b, s: b.scale(s, 0),
        lambda b, s: b.mul(b.constant(s), 0),
    ),
    Equation("comparison commutes", 2, lambda b, s: b.compare(0, 1), lambda b, s: b.compare(1, 0), holds=_compares),
    Equation(
        "x to the p is x", 1, lambda b, s: _power(b, _size(b.ring)), lambda b, s: 0, phase="function", holds=_is_prime
    ),
    Equation(
        "a wire equals itself",
        1,
        lambda b, s: b.compare(0, 0),
        lambda b, s: b.constant(1),
        phase="function",
        holds=_compares,
    ),
    Equation(
        "comparison is a polynomial",
        2,
        lambda b, s: b.compare(0, 1),
        lambda b, s: _fermat(b),
        phase="function",
        holds=lambda ring: _is_prime(ring) and ring != BIT,
    ),
)


def _fermat(b: Builder) -> int:
    """1 − (x − y)ᵖ⁻¹."""
    minus = _size(b.ring) - 1
    difference = b.add(0, b.scale(minus, 1))
    power = difference
    for _ in range(_size(b.ring) - 2):
        power = b.mul(power, difference)
    return b.add(b.constant(1), b.scale(minus, power))
