"""Lookup tables learned by reverse derivative ascent (`tables.pull`, `ring_tables.pull`), and the circuits they are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.objects import BIT, Scalar
from ...ir.circuit.arithmetic import Word, lookup, total
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import Circuit
from ..programs import program
from .problem import Bits, Problem, Progress, Report, accuracy, classifier

Indices = NDArray[np.int64]
Wiring = Callable[[Problem, np.random.Generator], "Units"]
"""How units are put to the bits of a problem: `Lookup`, `Linear`, `Convolution`."""
Values = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """Which bits each unit looks at [t, a], lowest first, and which table it has [t]."""

    wires: Indices
    which: Indices


REMEMBERING = Scalar("sat", 2)
"""The semiring in which 1 + 1 is 1."""


MOST = 1 << 28
"""So many cells at most: more would not fit into memory."""


@dataclass(frozen=True)
class Tables:
    """Units with tables, each of which votes for classes.

    wiring  of units to the bits of a problem
    ring    what cells are made of, which decides the rule: bit as published, the last label wins; sat<n> labels are counted;
            z<n> votes are amended where the class with the most is wrong
    epochs  how often all examples are shown (over sat<n> once is all); after each the tables are tried on those held out
    batch   how many examples are shown at a time
    """

    wiring: Wiring
    ring: Scalar = REMEMBERING
    epochs: int = 1
    batch: int = 16
    seed: int = 0

    def learn(self, problem: Problem, report: Report = lambda progress: None) -> Circuit:
        """The circuit of the best tables."""
        return hardened(*self.cells(problem, report), problem)

    def cells(self, problem: Problem, report: Report = lambda progress: None) -> tuple[Values, Units]:
        """The tables that do best on the examples held out, of those after each epoch (without such, the last ones), as votes
        [tables, cells, classes]. Raises ValueError where they would not fit into memory, or the wiring does not the problem."""
        rng = np.random.default_rng(self.seed)
        units = self.wiring(problem, rng)
        step = _step(self.ring)
        shape = (int(units.which.max(initial=-1)) + 1, 2 ** units.wires.shape[1], len(problem.classes))
        if math.prod(shape) > MOST:
            raise ValueError(f"there would be {math.prod(shape):.2g} cells; units should look at fewer bits")
        theta = np.zeros(shape, self.ring.dtype)
        ys = problem.one_hot.astype(self.ring.dtype)
        best: tuple[float, Values] | None = None
        for epoch in range(self.epochs):
            order = rng.permutation(len(problem.learned)) if self.epochs > 1 else np.arange(len(problem.learned))
            for part in _batches(order, self.batch):
                theta = step(theta, units.wires, units.which, problem.learned.xs, ys, part)
            cells = votes(theta, self.ring)
            learned, held = (accuracy(scores(cells, units, e.xs), e) for e in (problem.learned, problem.held))
            report(Progress(epoch + 1, self.epochs, float("nan"), learned, held))
            if best is None or not held <= best[0]:
                best = held, cells
        assert best is not None
        return best[1], units


def _step(ring: Scalar) -> Callable[..., NDArray[np.generic]]:
    match ring.kind:
        case "bit":
            return program("circuits.ring_tables", ring="bit").write
        case "z":
            return program("circuits.ring_tables", ring=str(ring)).amend
        case _:
            return program("circuits.tables", ring=str(ring)).remember


def _batches(order: Indices, size: int) -> list[Indices]:
    """The order in rows of that size, and the rest in one of its own."""
    whole = len(order) // size * size
    return [part for part in (order[:whole].reshape(-1, size), order[whole:][None]) if part.size]


def votes(theta: NDArray[np.generic], ring: Scalar) -> Values:
    """What a cell counts for each class: elements of z<n> stand for the number nearest to 0."""
    cells = theta.astype(np.int64)
    return np.where(2 * cells >= ring.modulus, cells - ring.modulus, cells) if ring.kind == "z" and ring.modulus else cells


def scores(cells: Values, units: Units, xs: Bits) -> Values:
    """The sum of the votes of all units, [examples, classes]."""
    found = np.zeros((len(xs), cells.shape[2]), dtype=np.int64)
    for wires, which in zip(units.wires, units.which, strict=True):
        found += cells[which, xs[:, wires] @ (1 << np.arange(len(wires)))]
    return found


def hardened(cells: Values, units: Units, problem: Problem) -> Circuit:
    """The circuit of the tables and of the vote. Votes are made positive, which changes no winner: to all those of a unit the
    same is added."""
    b = Builder(BIT, len(problem.names))
    words: list[list[Word]] = [[] for _ in problem.classes]
    for wires, which in zip(units.wires.tolist(), units.which.tolist(), strict=True):
        table = cells[which] - cells[which].min(initial=0)
        digits = max(1, int(table.max(initial=0)).bit_length())
        bits = table[:, :, None] >> np.arange(digits) & 1
        outputs = lookup(b, wires, bits.reshape(len(table), -1))
        for k, word in enumerate(words):
            word.append(outputs[k * digits : (k + 1) * digits])
    return classifier(b, [total(b, word) for word in words], problem, "tables")


# -- wirings -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lookup:
    """So many units that look at ``bits`` random bits each, all bits used about equally often; of a problem with no more bits
    than that, one unit that looks at all."""

    bits: int = 8
    units: int = 200

    def __call__(self, problem: Problem, rng: np.random.Generator) -> Units:
        v = len(problem.names)
        if v <= self.bits:
            return Units(np.arange(v)[None], np.zeros(1, dtype=np.int64))
        each = v // self.bits
        rounds = [rng.permutation(v)[: each * self.bits].reshape(each, self.bits) for _ in range(-(-self.units // each))]
        wires = np.concatenate(rounds)[: self.units]
        return Units(wires, np.arange(len(wires)))


@dataclass(frozen=True)
class Linear:
    """A unit for each bit."""

    def __call__(self, problem: Problem, rng: np.random.Generator) -> Units:
        v = len(problem.names)
        return Units(np.arange(v)[:, None], np.arange(v))


@dataclass(frozen=True)
class Convolution:
    """Of images: so many filters, each looking at ``bits`` random bits of a window, put at every place. A filter's places share
    its table within each of ``regions`` × ``regions`` parts of the image.

    Raises ValueError for a problem that is not of images, or whose images or windows are too small."""

    window: int = 4
    bits: int = 8
    filters: int = 8
    regions: int = 3

    def __call__(self, problem: Problem, rng: np.random.Generator) -> Units:
        if problem.image is None:
            raise ValueError("a convolution needs images")
        rows, columns, levels = problem.image
        if self.window > min(rows, columns) or self.bits > self.window**2 * levels:
            raise ValueError(f"there is no window of side {self.window} with {self.bits} bits in {rows} × {columns} × {levels}")
        wires, which = [], []
        down, across = rows - self.window + 1, columns - self.window + 1
        for f in range(self.filters):
            bit = rng.choice(self.window**2 * levels, self.bits, replace=False)
            (y, x), level = divmod(bit // levels, self.window), bit % levels
            for top in range(down):
                for left in range(across):
                    wires.append(((top + y) * columns + left + x) * levels + level)
                    region = top * self.regions // down * self.regions + left * self.regions // across
                    which.append(f * self.regions**2 + region)
        return Units(np.array(wires), np.array(which))
