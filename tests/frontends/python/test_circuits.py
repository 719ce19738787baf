"""Functions as circuits and back, from Python."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import pullback as pb
from pullback.backends.bits.sequence import run_steps
from pullback.ir.circuit.evaluate import evaluate

pytestmark = pytest.mark.slow

SOURCE = """\
def half(a: bit, b: bit) -> (bit, bit) = (a + b, a * b)

# the next count, and what is carried out
def step(count: bit[n], on: bit) -> (bit[n], bit) =
    let (carries, sums) = scan (carry, total): (bit, bit) = (on, on) for i:
        let (s, c) = half(count[i], carry)
        (c, s)
    (sums, fold c = on for i: carries[i])

def row(theta: bit[c], k: i64) -> bit = theta[k]
def horner(c: z<7>[n], x: z<7>) -> z<7> = fold s: z<7> = 0 for i < n: s * x + c[n - 1 - i]
def same(x: sat<4>, y: sat<4>) -> sat<4> = compare(x, y)

# straight-through, by choice: the cotangent passes to both
def through(x: sat<4>, y: sat<4>) -> sat<4> = compare(x, y)
reverse through(x, y, d) = (d, d)
"""


@pytest.fixture(scope="module")
def program() -> pb.Module:
    return pb.compile(SOURCE)


def test_a_step_counts(program: pb.Module) -> None:
    counter = pb.circuit(program.step, sizes={"n": 3}, state=["count"], given={"count": [True, False, False]})
    assert (counter.inputs, counter.states, counter.start.tolist()) == (1, 3, [1, 0, 0])
    on = np.array([1, 1, 0, 1, 1, 1, 1, 1])
    out, states = run_steps(counter, on[:, None, None])
    assert (states[:, 0] @ [1, 2, 4]).tolist() == [1, 2, 3, 3, 4, 5, 6, 7, 0]
    assert out.ravel().astype(int).tolist() == [0, 0, 0, 0, 0, 0, 0, 1]


def test_integers_are_given(program: pb.Module) -> None:
    assert pb.circuit(program.row, sizes={"c": 3}, given={"k": 2}).outputs.tolist() == [2]
    with pytest.raises(pb.ArgumentFault, match="`k` is i64"):
        pb.circuit(program.row, sizes={"c": 3})
    with pytest.raises(pb.ArgumentFault, match="has no size `m`"):
        pb.circuit(program.row, sizes={"m": 3})
    with pytest.raises(pb.ArgumentFault, match="is no step"):
        pb.circuit(program.row, sizes={"c": 3}, given={"k": 2}, state=["theta"])


def test_what_is_given_tells_sizes_and_must_fit(program: pb.Module) -> None:
    made = pb.circuit(program.horner, given={"c": [1, 2, 3]})
    assert [evaluate(made, [[x]])[0].item() for x in range(7)] == [(1 + 2 * x + 3 * x * x) % 7 for x in range(7)]
    with pytest.raises(pb.ArgumentFault, match="0 to 6"):
        pb.circuit(program.horner, given={"c": [1, 9]})
    with pytest.raises(pb.ArgumentFault, match="c"):
        pb.circuit(program.horner, given={"c": [1.5, 2.0]})
    with pytest.raises(pb.ArgumentFault, match="shape"):
        pb.circuit(program.horner, sizes={"n": 2}, given={"c": [1, 2, 3]})
    with pytest.raises(pb.ArgumentFault):
        pb.circuit(program.step, sizes={"n": 3}, state=["count"], given={"count": [1, 2, 3]})


def test_a_circuit_is_a_function_with_derivatives(program: pb.Module) -> None:
    circuit = pb.circuit(program.horner, sizes={"n": 3})
    f = pb.from_circuit(circuit)
    for c, x in itertools.product([(1, 2, 3), (0, 5, 6)], range(7)):
        assert f(*c, x) == program.horner(np.array(c), x) == evaluate(circuit, [*c, x])[0].item()
        dc, dx = pb.reverse(program.horner)(np.array(c), x, 1)
        assert pb.reverse(f)(*c, x, 1) == (*dc, dx)


def test_straight_through_is_a_choice_at_the_use(program: pb.Module) -> None:
    assert pb.reverse(program.same)(2, 2, 3) == (0, 0)
    assert pb.reverse(program.through)(2, 2, 3) == (3, 3)
