"""Programs as circuits: what a circuit of a term computes is what the term does, and so are its derivatives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from effort import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.backends.interpreter.circuit import trace
from pullback.core.errors import ArgumentFault, TypeFault
from pullback.core.objects import BIT, I64, Array, Scalar, element, is_differentiable
from pullback.core.sizes import atom
from pullback.ir.circuit.circuit import Circuit
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.reverse import reverse
from pullback.ir.derive import reverse as reverse_term
from pullback.ir.unary.builder import Builder
from pullback.ir.unary.term import Term
from pullback.testing import arguments, nearby, terms

pytestmark = pytest.mark.slow  # together they take many seconds

RINGS = (BIT, Scalar("z", 2), Scalar("z", 7), Scalar("sat", 4))
over_rings = pytest.mark.parametrize("scalar", RINGS, ids=str)


def flat(values: list[Any]) -> np.ndarray:
    return np.array([int(x) for v in values for x in np.ravel(v)], dtype=int)


def wires(term: Term, values: list[Any]) -> np.ndarray:
    """The values of the inputs that a circuit of the term has: all but its integers."""
    return flat([v for v, w in zip(values, term.dom, strict=True) if element(w) != I64])


def traced(term: Term, sizes: dict[str, int], values: list[Any]) -> Circuit:
    given = {n: v for n, w, v in zip(term.names, term.dom, values, strict=True) if element(w) == I64}
    try:
        return trace(term, sizes, given)
    except TypeFault as fault:
        # What terms do that circuits cannot: a `while` that ends by the data; the check at run time of a loop's inverse.
        assume("`while`" not in fault.message and "`cast` of bool as i64" not in fault.message)
        raise


@over_rings
@examples(50)
@given(data=st.data())
def test_the_circuit_of_a_term_means_the_same(scalar: Scalar, data: st.DataObject) -> None:
    """Also where conditions depend on the data. The circuit is the same whatever the inputs are: it is tried on others."""
    term = data.draw(terms(scalar, "formal"))
    sizes, first = data.draw(arguments(term))
    circuit = traced(term, sizes, first)
    others = data.draw(nearby([w for w in term.dom if element(w) != I64], sizes))
    second = [v if element(w) == I64 else others.pop(0) for v, w in zip(first, term.dom, strict=True)]
    for values in (first, second):
        out, _ = evaluate(circuit, wires(term, values))
        np.testing.assert_array_equal(out.astype(int), flat(run(term, values, sizes)))


@over_rings
@examples(20)
@given(data=st.data())
def test_the_reverse_derivative_of_the_circuit_is_that_of_the_term(scalar: Scalar, data: st.DataObject) -> None:
    """R of the traced circuit is the circuit of the traced R, on terms made of semiring operations (grade smooth)."""
    term = data.draw(terms(scalar, "smooth"))
    assume(all(is_differentiable(w) for w in term.cod))
    sizes, point = data.draw(arguments(term))
    change = data.draw(nearby(term.cod, sizes))
    circuit = traced(term, sizes, point)
    got, _ = evaluate(reverse(circuit), np.concatenate((wires(term, point), flat(change))))
    want = run(reverse_term(term), [*point, *change], sizes)
    kept = [is_differentiable(w) for w, v in zip(term.dom, point, strict=True) if element(w) != I64 for _ in np.ravel(v)]
    np.testing.assert_array_equal(got.astype(int)[np.array(kept, dtype=bool)], flat(want))
    again = traced(reverse_term(term), sizes, [*point, *change])
    np.testing.assert_array_equal(evaluate(again, wires(reverse_term(term), [*point, *change]))[0].astype(int), flat(want))


def test_names_tell_which_wire_is_which() -> None:
    b = Builder("f", ("n",), ("x", "y"), (Array(BIT, (atom("n"),)), BIT))
    c = trace(b.finish([0, 1]), {"n": 2})
    assert c.names.inputs == ("x[0]", "x[1]", "y") and c.names.outputs == ("result[0][0]", "result[0][1]", "result[1]")
    assert trace(b.finish([1]), {"n": 1}, {"x": [True]}, ["y"]).names.outputs == ("y'",)


def sums(scalar: Scalar, to: Scalar | None = None) -> Term:
    b = Builder("f", (), ("x", "y"), (scalar, scalar))
    made = b.add(0, 1)
    return b.finish([made if to is None else b.apply("cast", made, to=to)])


def test_what_is_no_circuit_is_refused() -> None:
    with pytest.raises(TypeFault, match="gives i64"):
        trace(sums(Scalar("z", 5), I64))
    with pytest.raises(ArgumentFault, match="must be given"):
        trace(Builder("f", (), ("x", "k"), (BIT, I64)).finish([0]))
    with pytest.raises(ArgumentFault, match="size `n`"):
        trace(Builder("f", ("n",), ("x",), (Array(BIT, (atom("n"),)),)).finish([0]))
    with pytest.raises(TypeFault, match="one semiring"):
        trace(Builder("f", (), ("x", "y"), (BIT, Scalar("z", 5))).finish([0, 1]))
    b = Builder("f", (), ("x",), (Scalar("z", 5),))
    number = b.apply("cast", 0, to=I64)
    with pytest.raises(TypeFault, match="do not depend on them"):
        trace(b.finish([b.apply("cast", number, to=Scalar("z", 5))]))
