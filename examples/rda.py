"""Learn boolean circuits from data by reverse derivative ascent: the programs are in `rda.pull`, the data are Fisher's irises.

    python examples/rda.py

Prints the accuracy on held-out flowers of the experiments of Wilson & Zanasi (2021) beside what they published, and of two
variants that do better with counters instead of bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import pullback as pb

HERE = Path(__file__).parent
EACH, TRAINED = 50, 25  # flowers of a kind, and how many of them, the first in the file, are learned from


@dataclass(frozen=True)
class Flowers:
    """Bits [n, a] and kinds [n], learned from and held out."""

    xs: np.ndarray
    ys: np.ndarray
    held_xs: np.ndarray
    held_ys: np.ndarray


def read(kinds: int, thresholds: Sequence[float] = (0.5,)) -> Flowers:
    """The first so many kinds. A bit for each feature and threshold: whether it is above that part of its range."""
    table = np.loadtxt(HERE / "data" / "iris.csv", delimiter=",", skiprows=1)[: kinds * EACH]
    low, high = table[:, :4].min(axis=0), table[:, :4].max(axis=0)
    scaled = (table[:, :4] - low) / (high - low)
    bits = np.concatenate([scaled > t for t in thresholds], axis=1)
    learned = np.arange(len(table)) % EACH < TRAINED
    ys = table[:, 4].astype(int)
    return Flowers(bits[learned], ys[learned], bits[~learned], ys[~learned])


def ascent(program: pb.Module, kinds: int, labels: np.ndarray) -> float:
    """Accuracy, in per cent, of a table of bits after one pass; ``labels`` [kinds, b] are the codes of the kinds."""
    data = read(kinds)
    theta = np.zeros((2 ** data.xs.shape[1], labels.shape[1]), dtype=bool)
    theta = program.train(theta, data.xs, labels[data.ys])
    right = (program.predict(theta, data.held_xs) == labels[data.held_ys]).all(axis=1)
    return 100 * float(right.mean())


def counters(program: pb.Module, kinds: int, thresholds: Sequence[float]) -> float:
    """Accuracy, in per cent, of a table of counters."""
    data = read(kinds, thresholds)
    theta = np.zeros((2 ** data.xs.shape[1], kinds), dtype=np.int64)
    theta = program.count_all(theta, data.xs, np.eye(kinds, dtype=np.int64)[data.ys])
    return 100 * float((program.most(theta, data.held_xs) == data.held_ys).mean())


def binary(kinds: int) -> np.ndarray:
    """The kinds as numbers, lowest bit first."""
    bits = max(1, (kinds - 1).bit_length())
    return (np.arange(kinds)[:, None] >> np.arange(bits) & 1).astype(bool)


def main() -> dict[str, float]:
    program = pb.compile(HERE / "rda.pull")
    rows: list[tuple[str, float | None, float]] = []
    for kinds, published in ((2, 98.0), (3, 73.3)):
        rows.append((f"{kinds} kinds, labels as numbers", published, ascent(program, kinds, binary(kinds))))
        rows.append((f"{kinds} kinds, one bit a label", published, ascent(program, kinds, np.eye(kinds, dtype=bool))))
    rows.append(("3 kinds, counters", None, counters(program, 3, (0.5,))))
    rows.append(("3 kinds, counters, two thresholds a feature", None, counters(program, 3, (1 / 3, 2 / 3))))
    print(f"{'held-out accuracy, per cent':<45} published   here")
    for name, published, here in rows:
        print(f"{name:<45} {published if published is not None else '-':>9} {here:>6.1f}")
    return {name: here for name, _, here in rows}


if __name__ == "__main__":
    main()
