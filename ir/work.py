"""How long a loop runs, roughly, as a polynomial in the sizes: what has to be known before there are sizes.

A polynomial maps a monomial, the sorted names of scalars, to its coefficient. An inner loop's index counts as half its bound,
so that a triangle is half a square; what is known only inside a loop counts as a few. Nanoseconds are those of a machine of
2020, and within a factor of two or three.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType

from ..core.objects import I64
from ..core.operation import INSTRUCTIONS
from .loops import nest

__all__ = ["Polynomial", "Work", "plus", "times"]

Polynomial = Mapping[tuple[str, ...], float]

_FUNCTIONS = frozenset(INSTRUCTIONS["function"])

_UNKNOWN = 16.0
"""Iterations of a loop whose bound nobody knows before."""

_ABREAST = 8.0
"""How much faster iterations are that run in lanes."""

_INSTRUCTION, _INTEGER, _FUNCTION, _ACCESS, _UPDATE = 0.3, 0.1, 10.0, 0.8, 1.0
"""Nanoseconds of an instruction, one on integers (they are moved out of loops), a function, reading or writing memory, adding
to memory or a cell."""

_CALL, _TRIP, _BUFFER = 10.0, 0.5, 30.0
"""Nanoseconds of a foreign function, an iteration itself, a local buffer."""

_LONGER: Mapping[str, float] = MappingProxyType({"pow": 3.0, "lgamma": 6.0, "digamma": 6.0, "trigamma": 3.0, "tetragamma": 3.0})
"""Functions that take as long as so many others."""


def plus(a: Polynomial, b: Polynomial) -> Polynomial:
    total = dict(a)
    for m, c in b.items():
        total[m] = total.get(m, 0.0) + c
    return total


def times(a: Polynomial, b: Polynomial) -> Polynomial:
    total: dict[tuple[str, ...], float] = {}
    for m, c in a.items():
        for n, d in b.items():
            product = tuple(sorted((*m, *n)))
            total[product] = total.get(product, 0.0) + c * d
    return total


def _nanoseconds(s: nest.Let) -> float:
    if s.instruction in _FUNCTIONS:
        return _FUNCTION * _LONGER.get(s.instruction, 1.0)
    return _INTEGER if s.kind == I64 else _INSTRUCTION


def _constant(value: float) -> Polynomial:
    return {(): value}


@dataclass
class Work:
    """``known``: the scalars that polynomials may mention."""

    known: Set[str]
    inner: dict[str, Polynomial] = field(default_factory=dict)
    """Integers from inside a loop, as far as they can be told."""
    varying: set[str] = field(default_factory=set)
    """In lanes: what differs between them. What does not is done once for all of them."""
    lanes: int = 1

    def block(self, statements: Sequence[nest.Statement], share: float = 1.0) -> Polynomial:
        total: dict[tuple[str, ...], float] = {}
        for s in statements:
            for m, c in self.statement(s, share).items():
                total[m] = total.get(m, 0.0) + c
        return total

    def statement(self, s: nest.Statement, share: float) -> Polynomial:
        """``share``: 1, or less in lanes."""
        match s:
            case nest.Let():
                self.follow(s)
                return _constant(self.alone(s.name, s.args) * share * _nanoseconds(s))
            case nest.Load():
                return _constant(self.alone(s.name, (s.buffer, *s.indices, s.when)) * share * _ACCESS)
            case nest.Store():
                return _constant(share * _ACCESS)
            case nest.Cell() | nest.Read():
                self.alone(s.name, (s.name,))
                return _constant(0.0)
            case nest.Accumulate() | nest.Reduce():
                return _constant(share * _UPDATE)
            case nest.Call():
                return _constant(_CALL)
            case nest.Allocate():
                self.alone(s.name, (s.name,))
                return plus(_constant(_BUFFER), times(self.elements(s.shape), _constant(share * _ACCESS if s.zero else 0.0)))
            case nest.For():
                return self.loop(s, share)
            case nest.Loop():
                return times(self.block((*s.head, *s.body), share), _constant(_UNKNOWN))
            case nest.If():
                return plus(self.block(s.then, share), self.block(s.orelse, share))
            case _:
                return _constant(share * _INSTRUCTION)

    def alone(self, name: str, read: Sequence[nest.Operand | None]) -> float:
        """The share of what is the same in all lanes; takes note of what is not."""
        if not self.varying or name in read or any(operand in self.varying for operand in read):
            self.varying |= {name} if self.varying else set()
            return 1.0
        return _ABREAST / self.lanes

    def loop(self, s: nest.For, share: float = 1.0) -> Polynomial:
        """The time of a whole loop."""
        bound = self.bound(s.bound)
        self.inner[s.index] = times(bound, _constant(0.5))
        inside = share / _ABREAST if s.lanes > 1 else share
        if s.lanes > 1:
            self.varying, self.lanes = {s.index}, s.lanes
        return times(bound, plus(_constant(inside * _TRIP), self.block(s.body, inside)))

    def elements(self, shape: Sequence[nest.Operand]) -> Polynomial:
        """How many elements a buffer of that shape has."""
        total: Polynomial = _constant(1.0)
        for size in shape:
            total = times(total, self.bound(size))
        return total

    def bound(self, operand: nest.Operand) -> Polynomial:
        """An integer as a polynomial."""
        if isinstance(operand, nest.Literal):
            return _constant(float(operand.value))
        if operand in self.known:
            return {(operand,): 1.0}
        return self.inner.get(operand, _constant(_UNKNOWN))

    def follow(self, s: nest.Let) -> None:
        """Sums, differences and products of integers are followed; of a smaller or a greater one, what is no literal."""
        if s.kind != I64 or len(s.args) != 2 or any(isinstance(a, str) and a not in (*self.known, *self.inner) for a in s.args):
            return
        a, b = map(self.bound, s.args)
        match s.instruction:
            case "iadd":
                self.inner[s.name] = plus(a, b)
            case "isub":
                self.inner[s.name] = plus(a, times(b, _constant(-1.0)))
            case "imul":
                self.inner[s.name] = times(a, b)
            case "imin" | "imax":
                self.inner[s.name] = b if isinstance(s.args[0], nest.Literal) else a
