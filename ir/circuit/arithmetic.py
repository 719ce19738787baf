"""Circuits over bit that count and choose: words of bits, lowest first, and what is computed with them.

>>> from ...core.objects import BIT
>>> b = Builder(BIT, inputs=3)
>>> b.circuit(count(b, [0, 1, 2]))
<Circuit circuit over bit: 3 inputs, 5 gates, 2 outputs>
"""

from __future__ import annotations

from collections.abc import Sequence

from .build import Builder
from .circuit import BITS, Bilinear, Circuit, uses

Word = Sequence[int]
"""Wires of a binary number, the lowest digit first."""


def insert(b: Builder, part: Circuit, wires: Sequence[int]) -> list[int]:
    """A circuit without state put where its inputs are ``wires``; the wires of its outputs."""
    place = list(wires)
    left_used, right_used = (used.tolist() for used in uses(part))
    for gate, (op, x, y) in enumerate(zip(part.op.tolist(), part.left.tolist(), part.right.tolist(), strict=True)):
        a = place[x] if left_used[gate] else -1
        c = place[y] if right_used[gate] else -1
        place.append(b.gate(b.kind(part.kinds[op]), a, c))
    return [place[w] for w in part.outputs.tolist()]


def full_adder(b: Builder, x: int, y: int, carry: int) -> tuple[int, int]:
    """(sum, carry) of three bits, in five gates."""
    both = b.add(x, y)
    return b.add(both, carry), b.add(b.mul(x, y), b.mul(carry, both))


def half_adder(b: Builder, x: int, y: int) -> tuple[int, int]:
    return b.add(x, y), b.mul(x, y)


def count(b: Builder, bits: Sequence[int]) -> list[int]:
    """How many of the bits are 1: columns of one weight are added up three at a time (Wallace 1964)."""
    return total(b, [[bit] for bit in bits])


def total(b: Builder, words: Sequence[Word]) -> list[int]:
    """The sum of words."""
    columns: list[list[int]] = []
    for word in words:
        for k, bit in enumerate(word):
            columns.extend([] for _ in range(k + 1 - len(columns)))
            columns[k].append(bit)
    result = []
    for k, column in enumerate(columns):  # grows while it is gone through
        at = 0
        while len(column) - at > 1:
            if k + 1 == len(columns):
                columns.append([])
            if len(column) - at > 2:
                digit, carry = full_adder(b, *column[at : at + 3])
                at += 3
            else:
                digit, carry = half_adder(b, *column[at : at + 2])
                at += 2
            column.append(digit)
            columns[k + 1].append(carry)
        result += column[at:] or [b.constant(0)]
    return result


def exceeds(b: Builder, x: Word, y: Word) -> int:
    """Whether x > y."""
    greater = b.constant(0)
    for k in range(max(len(x), len(y))):
        if k >= len(y):
            greater = _either(b, x[k], greater)
        elif k >= len(x):
            greater = b.mul(b.negated(y[k]), greater)
        else:  # the digit decides, unless they are equal
            greater = choose(b, b.add(x[k], y[k]), x[k], greater)
    return greater


def choose(b: Builder, which: int, yes: int, no: int) -> int:
    """``yes`` where ``which`` is 1, else ``no``."""
    return b.add(no, b.mul(which, b.add(yes, no)))


def _either(b: Builder, x: int, y: int) -> int:
    return b.gate(b.kind(Bilinear(0, 1, 1, 1)), x, y)


def winner(b: Builder, scores: Sequence[Word]) -> list[int]:
    """One bit for each score: whether it is the highest, and the first of those."""
    if not scores:
        return []
    rounds = [(list(score), [b.constant(1)]) for score in scores]
    while len(rounds) > 1:
        rounds = [_better(b, *rounds[k : k + 2]) if k + 1 < len(rounds) else rounds[k] for k in range(0, len(rounds), 2)]
    return rounds[0][1]


def _better(b: Builder, first: tuple[list[int], list[int]], second: tuple[list[int], list[int]]) -> tuple[list[int], list[int]]:
    """The better of two scores, with the bits of those that were in the running for it."""
    later = exceeds(b, second[0], first[0])
    size, zero = max(len(first[0]), len(second[0])), b.constant(0)
    x, y = ([*word, *[zero] * (size - len(word))] for word in (first[0], second[0]))
    score = [choose(b, later, y[k], x[k]) for k in range(size)]
    earlier = b.negated(later)
    return score, [b.mul(earlier, f) for f in first[1]] + [b.mul(later, f) for f in second[1]]


def gates(b: Builder, op: Sequence[int], left: Sequence[int], right: Sequence[int], wires: Word) -> list[int]:
    """A layer of gates, each of one of the sixteen kinds (`circuit.BITS`), on the places of ``wires`` that it reads."""
    made = []
    for k, x, y in zip(op, left, right, strict=True):
        kind = BITS[k]
        assert isinstance(kind, Bilinear)
        a = wires[x] if kind.left or kind.both else -1
        made.append(b.gate(k, a, wires[y] if kind.right or kind.both else -1))
    return made
