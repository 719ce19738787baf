"""What a circuit is to be learned from, and how well it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...backends.bits.samples import simulate
from ...ir.circuit.arithmetic import Word, winner
from ...ir.circuit.build import Builder
from ...ir.circuit.canonical import canonical
from ...ir.circuit.circuit import Circuit, Names

Bits = NDArray[np.bool_]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Examples:
    """Bits [n, v] and the numbers of their classes [n]."""

    xs: Bits
    ys: Labels

    def __len__(self) -> int:
        return len(self.ys)


@dataclass(frozen=True)
class Problem:
    """Examples to learn from, and others on which to choose: the best circuit on these is kept.

    names    of the bits
    classes  their names
    image    (rows, columns, levels), where the bits are those of an image, in this order
    """

    learned: Examples
    held: Examples
    names: tuple[str, ...]
    classes: tuple[str, ...]
    image: tuple[int, int, int] | None = None

    @property
    def one_hot(self) -> Bits:
        """The classes of the examples to learn from, a bit for each."""
        return np.eye(len(self.classes), dtype=bool)[self.learned.ys]


@dataclass(frozen=True)
class Progress:
    """How far learning is: accuracies are those of the circuit, between 0 and 1; ``loss`` is NaN for methods without one."""

    epoch: int
    epochs: int
    loss: float
    learned: float
    held: float


Report = Callable[[Progress], None]


def chosen(scores: NDArray[np.integer]) -> Labels:
    """The class with the highest score, the first of those, for each example."""
    return scores.argmax(axis=1)


def accuracy(scores: NDArray[np.integer], examples: Examples) -> float:
    """The share of examples whose class has the highest score; NaN of none."""
    return float((chosen(scores) == examples.ys).mean()) if len(examples) else float("nan")


def right(circuit: Circuit, examples: Examples) -> float:
    """The share of examples of which a circuit with an output for each class says their own class, and no other."""
    outputs, _ = simulate(circuit, examples.xs)
    said = outputs[np.arange(len(examples)), examples.ys] & (outputs.sum(axis=1) == 1)
    return float(said.mean()) if len(examples) else float("nan")


def classifier(b: Builder, scores: list[Word], problem: Problem, name: str) -> Circuit:
    """The circuit whose outputs say, one for each class, which score is the highest: canonical, with names."""
    names = Names(inputs=problem.names, outputs=problem.classes)
    return canonical(b.circuit(winner(b, scores), names=names, name=name))
