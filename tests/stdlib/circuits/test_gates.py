"""Learned gates: at the corners the relaxed network is the circuit, its derivative is right, and it learns."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.backends.bits.samples import simulate
from pullback.stdlib.circuits.gates import Gates, connections, hardened
from pullback.stdlib.circuits.problem import Problem, Progress, right
from pullback.stdlib.programs import program

pytestmark = pytest.mark.slow  # together they take some seconds


def test_at_the_corners_the_relaxed_network_is_the_circuit() -> None:
    """Logits of ±40 are certain, so on bits both give the same bits: any of the sixteen gates, in three layers."""
    rng = np.random.default_rng(0)
    left, right_wires = connections(rng, 7, 20, 3)
    theta = rng.choice([-40.0, 40.0], (3, 20, 4))
    x = rng.random((50, 7)) < 0.5
    relaxed = program("circuits.gates", real="f64").network(theta, left, right_wires, x.T.astype(float))
    exact, _ = simulate(hardened(theta, left, right_wires, 7), x)
    np.testing.assert_allclose(relaxed.T, exact, atol=1e-12)


def test_a_relaxed_gate_is_the_expectation_of_its_table() -> None:
    """Of independent random bits through a random table."""
    rng = np.random.default_rng(1)
    theta, x = rng.normal(size=(1, 1, 4)), rng.random((2, 6))
    table = 1 / (1 + np.exp(-theta[0, 0]))
    a, b = x
    expected = table[0] * (1 - a) * (1 - b) + table[1] * (1 - a) * b + table[2] * a * (1 - b) + table[3] * a * b
    found = program("circuits.gates", real="f64").network(theta, np.array([[0]]), np.array([[1]]), x)
    np.testing.assert_allclose(found[0], expected)


def test_the_derivative_of_the_loss() -> None:
    rng = np.random.default_rng(2)
    left, right_wires = connections(rng, 5, 6, 3)
    theta, x, ys = rng.normal(size=(3, 6, 4)), rng.random((5, 8)), rng.integers(0, 3, 8)
    pb.check_grads(program("circuits.gates", real="f64").loss, (theta, left, right_wires, x, ys, 3, 2.0), order=1)


def test_every_wire_is_read_about_equally_often() -> None:
    left, right_wires = connections(np.random.default_rng(0), 30, 100, 2)
    read = np.bincount(np.concatenate((left[0], right_wires[0])), minlength=30)
    assert left.shape == (2, 100) and read.max() - read.min() <= 1


def test_it_learns_and_reports(problem: Problem) -> None:
    history: list[Progress] = []
    circuit = Gates(width=90, depth=3, temperature=3.0, epochs=40, batch=20).learn(problem, history.append)
    assert [p.epoch for p in history] == list(range(1, 41))
    assert history[-1].loss < history[0].loss / 2
    assert right(circuit, problem.held) == pytest.approx(max(p.held for p in history))
    assert history[-1].learned > 0.8
    assert circuit.names.outputs == problem.classes


def test_the_same_seed_learns_the_same_circuit(images: Problem) -> None:
    model = Gates(width=20, depth=2, temperature=2.0, epochs=3, batch=16, shifted=0.5, seed=5)
    assert model.learn(images) == model.learn(images)


def test_only_images_can_be_shifted(problem: Problem) -> None:
    with pytest.raises(ValueError, match="should be images"):
        Gates(shifted=0.5).learn(problem)
