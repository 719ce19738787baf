"""Features as bits: thermometers of numbers and one bit for each word. Bits are named by what they say, `width>2.5` or
`colour=red`, so a circuit whose inputs have such names tells how to encode what it is given."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from ...core.errors import FileFault

Column = NDArray[np.generic]
"""A feature of all examples: numbers, or words."""


Spacing = Literal["even", "quantile"]


@dataclass(frozen=True)
class Bit:
    """One bit: whether a feature is above a number, or is a word."""

    feature: str
    test: Literal[">", "="]
    value: float | str

    def __str__(self) -> str:
        return f"{self.feature}{self.test}{self.value if isinstance(self.value, str) else f'{self.value:.9g}'}"

    def of(self, column: Column) -> NDArray[np.bool_]:
        holds = np.greater if self.test == ">" else np.equal
        found: NDArray[np.bool_] = holds(column, self.value)
        return found


@dataclass(frozen=True)
class Code:
    """The bits of examples.

    >>> code = Code.thermometer({"width": np.array([0.0, 4.0])}, levels=3)
    >>> code.names
    ('width>1', 'width>2', 'width>3')
    >>> code.encode({"width": np.array([2.5])}).astype(int)
    array([[1, 1, 0]])
    """

    bits: tuple[Bit, ...]

    @classmethod
    def thermometer(
        cls, features: Mapping[str, Column], levels: int, spacing: Spacing = "even", alike: bool = False
    ) -> Self:
        """At most so many bits for each feature of numbers: whether it is above thresholds that part its range evenly, or its
        values into groups of one size. A feature of words has a bit for each word, a constant one none. ``alike`` features (of
        numbers, as pixels are) have the thresholds of all of them together."""
        if alike:
            common = _edges(np.concatenate([np.zeros(0), *features.values()]), levels, spacing)
            return cls(tuple(Bit(name, ">", edge) for name in features for edge in common))
        bits: list[Bit] = []
        for name, column in features.items():
            if column.dtype.kind == "U":
                bits += [Bit(name, "=", str(word)) for word in np.unique(column)]
            else:
                bits += [Bit(name, ">", edge) for edge in _edges(column, levels, spacing)]
        return cls(tuple(bits))

    @classmethod
    def read(cls, names: Sequence[str]) -> Self:
        """The code that names of bits say. Raises FileFault PB0813 where one says none."""
        bits: list[Bit] = []
        for name in names:
            if match := re.fullmatch(r"(.+)>([-+.\deinf]+)", name):
                bits.append(Bit(match[1], ">", float(match[2])))
            elif match := re.fullmatch(r"(.+?)=(.*)", name):
                bits.append(Bit(match[1], "=", match[2]))
            else:
                raise FileFault("PB0813", f"the input `{name}` does not say what it is a bit of, as `width>2.5` does")
        return cls(tuple(bits))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(str, self.bits))

    def encode(self, features: Mapping[str, Column]) -> NDArray[np.bool_]:
        """[examples, bits]."""
        if not self.bits:
            return np.zeros((len(next(iter(features.values()), ())), 0), dtype=bool)
        return np.stack([bit.of(features[bit.feature]) for bit in self.bits], axis=1)


def _edges(column: Column, levels: int, spacing: Spacing) -> list[float]:
    """The thresholds of numbers, each once, and none that all or no numbers are above."""
    if not column.size:
        return []
    low, high, parts = float(np.min(column)), float(np.max(column)), np.linspace(0, 1, levels + 2)[1:-1]
    edges = low + (high - low) * parts if spacing == "even" else np.quantile(column.astype(float), parts)
    return [edge for edge in dict.fromkeys(float(f"{e:.9g}") for e in edges) if low <= edge < high]
