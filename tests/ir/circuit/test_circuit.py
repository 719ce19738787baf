"""Circuits as arrays: what is refused, what they mean, their canonical form and their text."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import SyntaxFault, VerifyFault
from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit import text
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import AND, NOT, OR, XOR, Circuit, Names, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.measure import depth
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds

Z3, SAT4 = Scalar("z", 3), Scalar("sat", 4)
RINGS = st.sampled_from((BIT, Z3, SAT4))
ANY = RINGS.flatmap(circuits)


def outcome(c: Circuit) -> tuple[np.ndarray, np.ndarray]:
    x = all_inputs(c)
    return evaluate(c, x[:, : c.inputs], x[:, c.inputs :])


def full_adder() -> Circuit:
    b = Builder(BIT, inputs=3)
    half = b.gate(XOR, 0, 1)
    return b.circuit([b.gate(XOR, half, 2), b.gate(OR, b.gate(AND, 0, 1), b.gate(AND, half, 2))])


def test_a_full_adder_adds() -> None:
    c = full_adder()
    x = all_inputs(c)
    (out, _) = evaluate(c, x)
    np.testing.assert_array_equal(out[:, 0] + 2 * out[:, 1], x.sum(axis=1))
    assert (c.gates, depth(c)) == (5, 3)


@pytest.mark.parametrize("op", range(16))
def test_the_sixteen_gates_are_the_functions_of_two_bits(op: int) -> None:
    c = make(BIT, 2, [op], [0], [1], [2])
    (out, _) = evaluate(c, all_inputs(c))
    a, b = all_inputs(c).T
    np.testing.assert_array_equal(out[:, 0], ((op & 1) + (op >> 1 & 1) * a + (op >> 2 & 1) * b + (op >> 3) * a * b) % 2)


def test_an_equal_gate_is_made_once() -> None:
    b = Builder(Z3, inputs=2)
    assert b.add(0, 1) == b.add(0, 1) != b.mul(0, 1)


def test_a_square_is_not_the_wire() -> None:
    """x·x = x holds for functions over Z2, not for polynomials: canonical forms stand before differentiation."""
    assert canonical(make(BIT, 1, [AND], [0], [0], [1])).gates == 1


def test_the_sum_of_a_wire_with_itself_is_zero_over_bit() -> None:
    c = canonical(make(BIT, 1, [XOR, AND], [0, 1], [0, 0], [2]))
    assert text.show(c).split("\n")[1] == "  1 = 0."


@given(ANY)
def test_the_canonical_form_means_the_same(c: Circuit) -> None:
    for a, b in zip(outcome(c), outcome(canonical(c)), strict=True):
        np.testing.assert_array_equal(a, b)


@given(ANY)
def test_the_canonical_form_is_canonical(c: Circuit) -> None:
    assert canonical(canonical(c)) == canonical(c)


@given(circuits(), st.randoms(use_true_random=False))
def test_it_does_not_depend_on_the_order_of_gates_and_operands(c: Circuit, random: object) -> None:
    b = Builder(BIT, c.inputs, tuple(c.start.tolist()))
    b.gate(NOT, 0) if c.first else None  # a dead gate
    place = list(range(c.first))
    for op, left, right in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        swapped = op & 0b1001 | op >> 1 & 0b0010 | op << 1 & 0b0100
        x, y = (place[w] if w >= 0 else -1 for w in (left, right))
        place.append(b.gate(swapped, y, x))
    other = b.circuit([place[w] for w in c.outputs.tolist()], [place[w] for w in c.next.tolist()])
    assert canonical(other) == canonical(c)


@given(ANY)
def test_text_reads_back(c: Circuit) -> None:
    assert text.parse(text.show(canonical(c))) == canonical(c)
    assert canonical(text.parse(text.show(c))) == canonical(c)


def test_names_read_back() -> None:
    source = 'circuit "a b" over bit (x, "y\\""; s = ?) {\n  3 = 0 + 1\n} -> sum = 3; 0\n'
    assert text.show(text.parse(source)) == source


@given(st.text(), st.lists(st.text(), min_size=2, max_size=2), st.text())
def test_any_names_read_back(name: str, inputs: list[str], output: str) -> None:
    c = make(BIT, 1, [NOT], [0], [-1], [2], start=[0], next=[1], names=Names((inputs[0],), (inputs[1],), (output,)), name=name)
    d = text.parse(text.show(c))
    assert d == c
    assert (d.name, d.names) == (c.name, c.names)


@given(
    st.text(max_size=60)
    | st.builds("circuit c over bit (_, _) {{\n{}\n}} -> {}".format, st.text(max_size=20), st.text(max_size=9))
)
def test_any_other_text_is_refused_with_words(source: str) -> None:
    with contextlib.suppress(SyntaxFault, VerifyFault):
        text.parse(source)


MISTAKES = {
    "a gate that reads itself": lambda: make(BIT, 1, [AND], [1], [0], [1]),
    "an operand that is missing": lambda: make(BIT, 1, [AND], [0], [-1], [1]),
    "an output that is not there": lambda: make(BIT, 1, [], [], [], [1]),
    "a kind that is not there": lambda: make(Z3, 1, [0], [0], [0], [1], kinds=()),
    "latches without a next value": lambda: make(BIT, 1, [], [], [], [0], start=[0]),
    "a first value outside the semiring": lambda: make(BIT, 1, [], [], [], [0], start=[2], next=[0]),
    "no finite semiring": lambda: make(Scalar("f64"), 1, [], [], [], [0], kinds=()),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_no_circuit_is_refused(mistake: str) -> None:
    with pytest.raises(VerifyFault, match=r"no circuit|no finite"):
        MISTAKES[mistake]()
