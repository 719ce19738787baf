"""Circuits over bit that count and choose: words of bits, lowest first, and what is computed with them.

>>> from ...core.objects import BIT
>>> b = Builder(BIT, inputs=3)
>>> b.circuit(count(b, [0, 1, 2]))
<Circuit circuit over bit: 3 inputs, 5 gates, 2 outputs>
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .build import Builder, place
from .circuit import BITS, Bilinear, Circuit

Word = Sequence[int]
"""Wires of a binary number, the lowest digit first."""


def insert(b: Builder, part: Circuit, wires: Sequence[int]) -> list[int]:
    """A circuit without state put where its inputs are ``wires``; the wires of its outputs."""
    made = place(b, part, wires)
    return [made[w] for w in part.outputs.tolist()]


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
    if len(scores) < 2:
        return [b.constant(1) for _ in scores]
    rounds: list[tuple[Word, Word]] = [(score, ()) for score in scores]
    while len(rounds) > 1:
        rounds = [_better(b, *rounds[k : k + 2]) if k + 1 < len(rounds) else rounds[k] for k in range(0, len(rounds), 2)]
    return list(rounds[0][1])


def _better(b: Builder, first: tuple[Word, Word], second: tuple[Word, Word]) -> tuple[Word, Word]:
    """The better of two scores, and for each of those that were in the running whether it is that one. A score that has not met
    another yet has no such bits."""
    x, y = first[0], second[0]
    later = exceeds(b, y, x)
    earlier = b.negated(later)
    common = min(len(x), len(y))
    score = [choose(b, later, y[k], x[k]) for k in range(common)]
    score += [b.mul(earlier, digit) for digit in x[common:]] + [b.mul(later, digit) for digit in y[common:]]
    flags = [b.mul(earlier, f) for f in first[1]] or [earlier], [b.mul(later, f) for f in second[1]] or [later]
    return score, flags[0] + flags[1]


def lookup(b: Builder, address: Word, table: NDArray[np.integer]) -> list[int]:
    """The row of a table of bits [2ᵃ, k] that an address numbers: a tree of choices, of which those that are equal are made
    once (a decision diagram, read from the lowest digit up).

    Raises ValueError for a table that has not 2ᵃ rows."""
    if table.ndim != 2 or len(table) != 2 ** len(address):
        raise ValueError(f"an address of {len(address)} bits has {2 ** len(address)} rows to number, not {table.shape}")
    zero, one = b.constant(0), b.constant(1)
    found = np.where(table.astype(bool), one, zero)
    for digit in address:
        halves = found.reshape(len(found) // 2, 2, found.shape[1]).swapaxes(1, 2)
        pairs, which = np.unique(halves.reshape(-1, 2), axis=0, return_inverse=True)
        wires = [_read(b, digit, low, high, zero, one) for low, high in pairs.tolist()]
        found = np.array(wires, dtype=np.int64)[which.ravel()].reshape(halves.shape[:2])
    return [int(w) for w in found[0]]


def _read(b: Builder, digit: int, low: int, high: int, zero: int, one: int) -> int:
    """``high`` where the digit is 1, else ``low``, in as few gates as constants allow."""
    if low == high:
        return low
    if low == zero:
        return digit if high == one else b.mul(digit, high)
    if high == zero:
        return b.negated(digit) if low == one else b.mul(b.negated(digit), low)
    if low == one:  # 1 + digit·(1 + high)
        return b.gate(b.kind(Bilinear(1, 1, 0, 1)), digit, high)
    return _either(b, digit, low) if high == one else choose(b, digit, high, low)


def gates(b: Builder, op: Sequence[int], left: Sequence[int], right: Sequence[int], wires: Word) -> list[int]:
    """A layer of gates, each of one of the sixteen kinds (`circuit.BITS`), on the places of ``wires`` that it reads."""
    made = []
    for k, x, y in zip(op, left, right, strict=True):
        kind = BITS[k]
        assert isinstance(kind, Bilinear)
        a = wires[x] if kind.left or kind.both else -1
        made.append(b.gate(k, a, wires[y] if kind.right or kind.both else -1))
    return made
