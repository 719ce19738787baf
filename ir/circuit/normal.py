"""The polynomials that a circuit computes, in normal form: sums of monomials. Over Z2 this is algebraic normal form.

Two circuits are equal in the category of polynomial circuits exactly if their polynomials are (PolyCirc_S is a presentation of
Poly_S: Wilson & Zanasi, Categories of Differentiable Polynomial Circuits, 2022); that is the phase "semiring", and holds before
differentiation. In the phase "function" xᵖ = x as well, over bit and z<p> with p a prime: then exactly the equal functions are
equal. `compare` is a free generator in the first phase, and a polynomial in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.objects import BIT, Scalar
from ...core.semiring import semiring
from .canonical import Phase
from .circuit import Circuit, Compare

Monomial = tuple[int, ...]
"""Wires (inputs, then state) in order, each as often as its exponent says."""

Polynomial = dict[Monomial, int]
"""Coefficients other than zero."""


class TooManyTerms(Exception):
    """A polynomial has more monomials than were allowed."""


@dataclass
class Polynomials:
    """Arithmetic of polynomials over a finite semiring, of at most ``most`` terms each.

    Raises ValueError where the phase has no normal form, as over z<4>."""

    ring: Scalar
    phase: Phase = "semiring"
    most: int = 1 << 14
    compared: dict[frozenset[frozenset[tuple[Monomial, int]]], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._s = semiring(self.ring)
        self._p = len(self._s.elements or ())
        if self.phase == "function" and (not self._s.has_negation or any(self._p % k == 0 for k in range(2, self._p))):
            raise ValueError(f"functions over {self.ring} have no normal form as polynomials")

    def add(self, x: Polynomial, y: Polynomial) -> Polynomial:
        found = dict(x)
        for monomial, coefficient in y.items():
            self._put(found, monomial, coefficient)
        return self._checked(found)

    def mul(self, x: Polynomial, y: Polynomial) -> Polynomial:
        found: Polynomial = {}
        if len(x) * len(y) > 64 * self.most:
            raise TooManyTerms
        for m, c in x.items():
            for k, d in y.items():
                self._put(found, self._product(m, k), int(self._s.mul(c, d)))
        return self._checked(found)

    def scale(self, coefficient: int, x: Polynomial) -> Polynomial:
        found: Polynomial = {}
        for monomial, c in x.items():
            self._put(found, monomial, int(self._s.mul(coefficient, c)))
        return found

    def constant(self, value: int) -> Polynomial:
        return {(): value} if value else {}

    def compare(self, x: Polynomial, y: Polynomial, free: int) -> Polynomial:
        """Wires from ``free`` on are those of comparisons."""
        if self.phase == "semiring":
            key = frozenset((frozenset(x.items()), frozenset(y.items())))
            return {(free + self.compared.setdefault(key, len(self.compared)),): 1}
        minus = self._p - 1
        difference = self.add(x, self.scale(minus, y))
        power = self.constant(1)
        for _ in range(self._p - 1):
            power = self.mul(power, difference)
        return self.add(self.constant(1), self.scale(minus, power))

    def _product(self, m: Monomial, k: Monomial) -> Monomial:
        if self.phase == "semiring":
            return tuple(sorted(m + k))
        if self.ring == BIT:
            return tuple(sorted({*m, *k}))
        counts: dict[int, int] = {}
        for wire in m + k:
            counts[wire] = counts.get(wire, 0) % (self._p - 1) + 1  # xᵖ = x
        return tuple(w for w in sorted(counts) for _ in range(counts[w]))

    def _put(self, found: Polynomial, monomial: Monomial, coefficient: int) -> None:
        total = int(self._s.add(found.get(monomial, 0), coefficient))
        if total:
            found[monomial] = total
        else:
            found.pop(monomial, None)

    def _checked(self, found: Polynomial) -> Polynomial:
        if len(found) > self.most:
            raise TooManyTerms
        return found


def polynomials(c: Circuit, phase: Phase = "semiring", using: Polynomials | None = None) -> list[Polynomial]:
    """Of each output, then of each next state. Comparisons are wires from ``c.first`` on.

    ``using`` lets several circuits have their comparisons in common, and bounds the work. Raises TooManyTerms, and ValueError
    where there is no normal form."""
    ring = using or Polynomials(c.ring, phase)
    made: list[Polynomial] = [{(wire,): 1} for wire in range(c.first)]
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        kind = c.kinds[op]
        if isinstance(kind, Compare):
            made.append(ring.compare(made[a], made[b], c.first))
            continue
        total = ring.constant(kind.constant)
        total = ring.add(total, ring.scale(kind.left, made[a])) if kind.left else total
        total = ring.add(total, ring.scale(kind.right, made[b])) if kind.right else total
        total = ring.add(total, ring.scale(kind.both, ring.mul(made[a], made[b]))) if kind.both else total
        made.append(total)
    return [made[w] for w in (*c.outputs.tolist(), *c.next.tolist())]


def equal(a: Circuit, b: Circuit, phase: Phase = "semiring", most: int = 1 << 14) -> bool:
    """Whether two circuits of one shape are the same polynomials (or functions). Raises as `polynomials`."""
    ring = Polynomials(a.ring, phase, most)
    return polynomials(a, phase, ring) == polynomials(b, phase, ring)


def show(p: Polynomial, names: Sequence[str]) -> str:
    """As text: `1 + 2*x*y + x^2`, the terms by degree.

    >>> show({(): 1, (0, 0): 1, (0, 1): 2}, ["x", "y"])
    '1 + x^2 + 2*x*y'
    """
    words = []
    for monomial in sorted(p, key=lambda m: (len(m), m)):
        powers = [f"{names[w]}^{monomial.count(w)}" if monomial.count(w) > 1 else names[w] for w in dict.fromkeys(monomial)]
        factors = [str(p[monomial])] if p[monomial] != 1 or not powers else []
        words.append("*".join((*factors, *powers)))
    return " + ".join(words) or "0"
