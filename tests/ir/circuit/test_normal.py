"""Normal forms decide equality: of polynomials before derivatives, of functions after; and equations have the right phase."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.objects import BIT, Scalar
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import AND, XOR, Circuit
from pullback.ir.circuit.equations import EQUATIONS, Equation
from pullback.ir.circuit.normal import Polynomials, TooManyTerms, equal, polynomials, show
from pullback.ir.circuit.reverse import reverse
from pullback.ir.circuit.table import synthesise, tabulate
from pullback.testing import circuits

pytestmark = pytest.mark.slow  # together they take some seconds

Z3 = Scalar("z", 3)
RINGS = (BIT, Z3, *(Scalar("z", n) for n in (4, 5)), *(Scalar("sat", n) for n in (2, 3, 4)))
small = st.sampled_from((BIT, Z3))


@pytest.mark.parametrize("ring", RINGS, ids=str)
@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda e: e.name)
def test_equations_hold_in_their_phase(equation: Equation, ring: Scalar) -> None:
    for element in range(ring.modulus or 2) if equation.holds(ring) else ():
        left, right = equation.sides(ring, element)
        np.testing.assert_array_equal(tabulate(left), tabulate(right))
        if equation.phase == "semiring":
            assert equal(left, right)
            assert equal(reverse(left), reverse(right))
        else:
            assert not equal(left, right)


@pytest.mark.parametrize("equation", [e for e in EQUATIONS if e.phase == "function"], ids=lambda e: e.name)
def test_those_of_functions_would_break_derivatives(equation: Equation) -> None:
    """Over z<3> the derivatives of both sides differ as functions, or those of the circuit x ↦ side(x)·x do."""
    left, right = equation.sides(Z3)
    differ = [not np.array_equal(*(tabulate(reverse(side)) for side in (left, right)))]

    def times(c: Circuit) -> Circuit:
        b = Builder(Z3, c.inputs)
        wires = list(range(c.inputs))
        for op, x, y in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
            wires.append(b.gate(b.kind(c.kinds[op]), *(wires[w] if w >= 0 else w for w in (x, y))))
        return b.circuit([b.mul(wires[c.outputs[0]], 0)])

    differ.append(not np.array_equal(*(tabulate(reverse(times(side))) for side in (left, right))))
    assert any(differ) == (equation.name != "a wire equals itself")


@given(small.flatmap(lambda ring: st.tuples(circuits(ring, states=0), circuits(ring, states=0))))
def test_functions_are_equal_if_their_normal_forms_are(pair: tuple[Circuit, Circuit]) -> None:
    a, b = pair
    if (a.inputs, len(a.outputs)) == (b.inputs, len(b.outputs)):
        assert equal(a, b, "function") == np.array_equal(tabulate(a), tabulate(b))


@given(st.sampled_from(RINGS).flatmap(circuits))
def test_the_canonical_form_has_the_same_polynomials(c: Circuit) -> None:
    assert equal(c, canonical(c))


@given(st.lists(st.integers(0, 2), min_size=9, max_size=9))
def test_two_circuits_of_a_function_have_one_normal_form(values: list[int]) -> None:
    a, b = (synthesise(values, Z3, how) for how in ("compare", "polynomial"))
    assert equal(a, b, "function")


def test_a_square_is_another_polynomial_but_the_same_function() -> None:
    b = Builder(BIT, inputs=1)
    square, plain = b.circuit([b.gate(AND, 0, 0)]), b.circuit([0])
    assert not equal(square, plain)
    assert equal(square, plain, "function")


def test_normal_forms_print() -> None:
    b = Builder(Z3, inputs=2)
    c = b.circuit([b.add(b.mul(b.add(0, 1), b.add(0, 1)), b.constant(2))])
    assert show(polynomials(c)[0], ["x", "y"]) == "2 + x^2 + 2*x*y + y^2"


def test_where_there_is_no_normal_form_or_none_of_that_size() -> None:
    with pytest.raises(ValueError, match="no normal form"):
        Polynomials(Scalar("z", 4), "function")
    b = Builder(BIT, inputs=40)
    total = b.gate(XOR, 0, 1)
    for k in range(2, 40, 2):
        total = b.gate(AND, total, b.gate(XOR, k, k + 1))
    with pytest.raises(TooManyTerms):
        polynomials(b.circuit([total]))
