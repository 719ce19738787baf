"""Tables learn what the rules say in closed form, whatever the semiring, and their circuits vote as they do."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.backends.bits.samples import simulate
from pullback.core.objects import Scalar, parse
from pullback.stdlib.circuits.problem import Problem, chosen, right
from pullback.stdlib.circuits.tables import Convolution, Linear, Lookup, Tables, hardened, scores, votes
from pullback.stdlib.programs import program

pytestmark = pytest.mark.slow  # together they take some seconds

RINGS = ("bit", "z<2>", "z<3>", "z<5>", "z<256>", "sat<2>", "sat<4>", "sat<100>")


def ring(text: str) -> Scalar:
    found = parse(text)
    assert isinstance(found, Scalar)
    return found


def addresses(xs: np.ndarray, wires: np.ndarray) -> np.ndarray:
    return xs[:, wires] @ (1 << np.arange(wires.shape[1]))


def some_units(problem: Problem, count: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Units of three bits, the last two of which share a table."""
    rng = np.random.default_rng(3)
    return rng.integers(0, len(problem.names), (count, 3)), np.array([*range(count - 1), count - 2])


@pytest.mark.parametrize("name", RINGS)
def test_remembering_counts_in_the_semiring(problem: Problem, name: str) -> None:
    """θ[cell, label] is 1 added up as often as the cell has met the label, whichever way the examples are batched."""
    wires, which = some_units(problem)
    expected = np.zeros((4, 8, 3), dtype=np.int64)
    for row, label in zip(addresses(problem.learned.xs, wires), problem.learned.ys, strict=True):
        for unit, cell in enumerate(row):
            expected[which[unit], cell, label] += 1
    kind = ring(name)
    n = kind.modulus or 2
    expected = np.minimum(expected, n - 1) if kind.kind == "sat" else expected % n
    theta = np.zeros((4, 8, 3), kind.dtype)
    for size in (1, 40):
        order = np.arange(200).reshape(-1, size)
        found = program("circuits.tables", ring=name).remember(
            theta, wires, which, problem.learned.xs, problem.one_hot.astype(kind.dtype), order
        )
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["bit", "z<3>", "z<5>"])
def test_as_published_the_last_label_wins(problem: Problem, name: str) -> None:
    wires, which = some_units(problem)
    wires, which = wires[:4], which[:4]
    theta = np.zeros((4, 8, 3), ring(name).dtype)
    expected = theta.copy()
    for row, label in zip(addresses(problem.learned.xs, wires), problem.learned.ys, strict=True):
        expected[np.arange(4), row] = np.arange(3) == label
    found = program("circuits.ring_tables", ring=name).write(
        theta, wires, which, problem.learned.xs, problem.one_hot.astype(theta.dtype), np.arange(200)[:, None]
    )
    np.testing.assert_array_equal(found, expected)


def test_over_bits_units_that_share_a_table_may_cancel() -> None:
    """What 1 + 1 = 0 does to a convolution, and 1 + 1 = 1 does not."""
    wires, which, xs, order = np.array([[0], [1]]), np.array([0, 0]), np.array([[True, True]]), np.array([[0]])
    over_bits = program("circuits.tables", ring="bit").remember(
        np.zeros((1, 2, 1), bool), wires, which, xs, np.ones((1, 1), bool), order
    )
    over_sat = program("circuits.tables", ring="sat<2>").remember(
        np.zeros((1, 2, 1), int), wires, which, xs, np.ones((1, 1), int), order
    )
    assert over_bits.ravel().tolist() == [False, False] and over_sat.ravel().tolist() == [0, 1]


def test_amending_is_the_perceptron(problem: Problem) -> None:
    """Against the rule in signed numbers: only where the winner is wrong, one more for the label and one less for it."""
    wires, which = some_units(problem)
    weights = np.zeros((4, 8, 3), dtype=np.int64)
    for row, label in zip(addresses(problem.learned.xs, wires), problem.learned.ys, strict=True):
        winner = weights[which, row].sum(axis=0).argmax()
        for table, cell in zip(which, row, strict=True):
            weights[table, cell, label] += 1
            weights[table, cell, winner] -= 1
    kind = ring("z<256>")
    found = program("circuits.ring_tables", ring="z<256>").amend(
        np.zeros((4, 8, 3), int), wires, which, problem.learned.xs, problem.one_hot.astype(int), np.arange(200)[:, None]
    )
    np.testing.assert_array_equal(votes(found, kind), weights)


def test_reading_a_cell_is_the_polynomial_of_the_published_model() -> None:
    """`units` reads a cell by its number; Σ θ[i]·minterm(x, i) is what that means, and both have one derivative by θ."""
    published = pb.compile("""
def minterm(x: bit[a], i: i64) -> bit = prod j: if bitand(shr(i, j), 1) == 1 then x[j] else 1 + x[j]
def table(theta: bit[c, b], x: bit[a]) -> bit[b] = for o: sum i: theta[i, o] * minterm(x, i)
""").table
    units = program("circuits.tables").units
    rng = np.random.default_rng(0)
    wires, which = np.arange(3)[None], np.zeros(1, dtype=np.int64)
    for x in np.ndindex(2, 2, 2):
        theta, dy, bits = rng.random((8, 2)) < 0.5, rng.random(2) < 0.5, np.array(x, bool)
        value, back = pb.vjp(units, theta[None], wires, which, bits)
        expected, back_published = pb.vjp(published, theta, bits)
        np.testing.assert_array_equal(value[0], expected)
        np.testing.assert_array_equal(back(dy[None])[0][0], back_published(dy)[0])


MODELS = (
    Tables(Lookup(4, 12)),
    Tables(Lookup(12, 1)),
    Tables(Lookup(4, 12), Scalar("sat", 16)),
    Tables(Lookup(3, 8), Scalar("z", 64), epochs=3),
    Tables(Lookup(4, 12), Scalar("bit"), batch=1),
    Tables(Linear(), Scalar("z", 256), epochs=4, batch=1),
)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_the_circuit_says_what_the_tables_say(problem: Problem, model: Tables) -> None:
    cells, units = model.cells(problem)
    circuit = hardened(cells, units, problem)
    winner = chosen(scores(cells, units, problem.held.xs))
    np.testing.assert_array_equal(simulate(circuit, problem.held.xs)[0], np.eye(3, dtype=bool)[winner])
    assert circuit.names.outputs == problem.classes and circuit.names.inputs == problem.names
    assert right(circuit, problem.learned) > 0.75


def test_a_convolution_learns_what_does_not_depend_on_the_place(images: Problem) -> None:
    circuit = Tables(Convolution(window=2, bits=4, filters=2, regions=2), epochs=1).learn(images)
    assert right(circuit, images.held) == 1


def test_a_convolution_shares_tables_within_regions(images: Problem) -> None:
    units = Convolution(window=2, bits=3, filters=2, regions=2)(images, np.random.default_rng(0))
    assert units.wires.shape == (2 * 3 * 5, 3) and set(units.which.tolist()) == set(range(8))
    top_left = units.wires[0]  # its bits, moved by a pixel to the right
    np.testing.assert_array_equal(units.wires[1], top_left + 2)


def test_what_does_not_go_with_a_problem_is_said(problem: Problem, images: Problem) -> None:
    with pytest.raises(ValueError, match="needs images"):
        Tables(Convolution()).learn(problem)
    with pytest.raises(ValueError, match="no window of side 5"):
        Tables(Convolution(window=5)).learn(images)
