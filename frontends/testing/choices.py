"""Where a generator's decisions come from: hypothesis, which can shrink them, or a plain random number generator, which is fast
and spreads wider.

Generators are written once against `Choices`. The first option is the simplest one: what shrinking goes to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included; ``low`` is the simplest."""

    def pick(self, options: Sequence[T]) -> T:
        """One of at least one; the first is the simplest."""


class Drawn:
    """The choices of a hypothesis test: ``draw`` of a composite strategy, or of `st.data()`."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        from hypothesis import strategies

        self._draw, self._integers = draw, strategies.integers

    def between(self, low: int, high: int) -> int:
        return int(self._draw(self._integers(low, high))) if low < high else low

    def pick(self, options: Sequence[T]) -> T:
        return options[self.between(0, len(options) - 1)]


class Seeded:
    """The choices that follow from a seed: the same ones for the same seed, on every machine."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def pick(self, options: Sequence[T]) -> T:
        return options[self._random.randrange(len(options))]
