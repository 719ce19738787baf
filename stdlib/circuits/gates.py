"""Networks of learned gates, trained relaxed (`gates.pull`) and hardened to a circuit over bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...backends.bits.samples import simulate
from ...core.objects import BIT
from ...ir.circuit.arithmetic import count, insert
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import Circuit, make
from ..programs import program
from .problem import Bits, Examples, Labels, Problem, Progress, Report, accuracy, classifier

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Gates:
    """A network of learned gates.

    width, depth  gates in a layer (rounded up, so that each class has its share of the last one), and layers
    batch         examples in a step, but no more than an eighth of all
    temperature   what sums of outputs are divided by to be scores
    start         the logits gates start with, so that they pass their left wire on
    shifted       of images, the share of examples that are shown shifted by up to one pixel
    threads       with another number of them sums are rounded otherwise, and other gates are learned
    """

    width: int = 2000
    depth: int = 4
    temperature: float = 10.0
    rate: float = 0.02
    epochs: int = 100
    batch: int = 64
    start: float = 3.0
    shifted: float = 0.0
    seed: int = 0
    threads: int = 1

    def learn(self, problem: Problem, report: Report = lambda progress: None) -> Circuit:
        """The circuit that does best on the examples held out, of those after each epoch; without such, the last one.

        Raises ValueError where what is to be shifted is no image."""
        if self.shifted and problem.image is None:
            raise ValueError("what is to be shown shifted should be images")
        rng = np.random.default_rng(self.seed)
        classes, n = len(problem.classes), len(problem.learned)
        width = -(-self.width // classes) * classes
        left, right = connections(rng, len(problem.names), width, self.depth)
        theta = np.tile(np.array([-self.start, -self.start, self.start, self.start], np.float32), (self.depth, width, 1))
        moments = {"mean": np.zeros_like(theta), "square": np.zeros_like(theta)}
        xs, ys = _with_shifts(problem, self.shifted)
        epoch = program("circuits.gates", real="f32").epoch.with_settings(threads=self.threads)
        batch = min(self.batch, max(1, n // 8))  # so that an epoch has some steps
        steps = n // batch
        best: tuple[float, Circuit] | None = None
        for k in range(self.epochs):
            order = (_orders(rng, n, len(xs) // n, self.shifted)[: steps * batch]).reshape(steps, batch)
            batches = xs[order].transpose(0, 2, 1).astype(np.float32)  # wires along the rows, examples in the lanes
            rest = (classes, self.temperature, self.rate, k * steps)
            theta, moments, loss = epoch(theta, moments, left, right, batches, ys[order], *rest)
            network = hardened(theta, left, right, len(problem.names))
            learned, held = (_accuracy(network, e, classes) for e in (problem.learned, problem.held))
            report(Progress(k + 1, self.epochs, float(loss), learned, held))
            if best is None or not held <= best[0]:
                best = held, network
        assert best is not None
        return _classifier(best[1], problem)


def connections(rng: np.random.Generator, inputs: int, width: int, depth: int) -> tuple[Indices, Indices]:
    """For each gate of each layer the two wires it reads, drawn so that all wires are read about equally often."""

    def drawn(wires: int) -> Indices:
        rounds = [rng.permutation(wires) for _ in range(-(-2 * width // wires))]
        return rng.permutation(np.concatenate(rounds)[: 2 * width]).reshape(2, width)

    layers = np.stack([drawn(inputs if layer == 0 else width) for layer in range(depth)], axis=1)
    return layers[0], layers[1]


def hardened(theta: NDArray[np.floating], left: Indices, right: Indices, inputs: int) -> Circuit:
    """The network with each gate's most likely table; its outputs are the last layer."""
    depth, width, _ = theta.shape
    t = (theta > 0).astype(np.uint8)  # its value where the wires are 00, 01, 10, 11
    op = t[..., 0] | (t[..., 0] ^ t[..., 2]) << 1 | (t[..., 0] ^ t[..., 1]) << 2 | np.bitwise_xor.reduce(t, axis=-1) << 3
    base = np.array([0, *(inputs + layer * width for layer in range(depth - 1))])[:, None]
    last = inputs + (depth - 1) * width
    return make(BIT, inputs, op.ravel(), (base + left).ravel(), (base + right).ravel(), range(last, last + width))


def _accuracy(network: Circuit, examples: Examples, classes: int) -> float:
    outputs, _ = simulate(network, examples.xs)
    return accuracy(outputs.reshape(len(examples), classes, -1).sum(axis=2), examples)


def _classifier(network: Circuit, problem: Problem) -> Circuit:
    b = Builder(BIT, network.inputs)
    wires = insert(b, network, range(network.inputs))
    share = len(wires) // len(problem.classes)
    return classifier(b, [count(b, wires[k * share : (k + 1) * share]) for k in range(len(problem.classes))], problem, "gates")


def _with_shifts(problem: Problem, shifted: float) -> tuple[Bits, Labels]:
    """The examples, and behind them, of images of which some are to be shown shifted, all of them in the eight other places."""
    xs, ys = problem.learned.xs, problem.learned.ys
    if not shifted or problem.image is None:
        return xs, ys
    rows, columns, levels = problem.image
    padded = np.pad(xs.reshape(-1, rows, columns, levels), ((0, 0), (1, 1), (1, 1), (0, 0)))
    places = [(1, 1), *((y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1))]
    moved = [padded[:, y : y + rows, x : x + columns].reshape(xs.shape) for y, x in places]
    return np.concatenate(moved), np.tile(ys, len(places))


def _orders(rng: np.random.Generator, n: int, places: int, shifted: float) -> Indices:
    """All examples in random order, some of them in another place."""
    order = rng.permutation(n)
    if places > 1:
        order += n * np.where(rng.random(n) < shifted, rng.integers(0, places, n), 0)
    return order
