"""Reading a graph back: the term means the same, is well formed, and evaluates to the same graph."""

import numpy as np
import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.objects import F64, Scalar
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.frontends.testing.ways import interpreted
from pullback.ir.derive import jvp, vjp
from pullback.ir.evaluate import evaluate
from pullback.ir.graph.construct import Construct
from pullback.ir.graph.node import Graph, Pool
from pullback.ir.readback import readback
from pullback.ir.rules import BY_OP
from pullback.ir.unary.typing import verify
from pullback.testing import arguments, terms

pytestmark = pytest.mark.slow  # together they take many seconds


def settled(term):
    """The graph and the term read back from it; once around, so that variables have their first numbers."""
    return evaluate(readback(evaluate(term)))


@pytest.mark.parametrize("scalar", [F64, Scalar("z", 7), Scalar("bit")], ids=str)
@examples(60)
@given(data=st.data())
def test_the_term_means_what_the_graph_means(scalar, data):
    term = data.draw(terms(scalar, "any"))
    again = readback(evaluate(term))
    verify(again)
    assert (again.dom, again.cod, again.sizes) == (term.dom, term.cod, term.sizes)
    sizes, args = data.draw(arguments(term))
    for ours, theirs in zip(interpreted(again, args, sizes), interpreted(term, args, sizes), strict=True):
        np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=1e-12, atol=1e-12)


@examples(40)
@given(data=st.data())
def test_derivatives_are_read_back(data):
    term = data.draw(terms(F64, "smooth"))
    wrt = [k for k, w in enumerate(term.dom) if str(w).startswith("f64")]
    derived = vjp(term, wrt)
    again = readback(evaluate(derived))
    verify(again)
    sizes, args = data.draw(arguments(derived))
    for ours, theirs in zip(interpreted(again, args, sizes), interpreted(derived, args, sizes), strict=True):
        np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=1e-9, atol=1e-9)


def test_what_the_winner_of_none_leads_to_is_not_touched():
    """Places computed from a guarded one are under its path too."""
    term = elaborate(load_text("def f(x: f64[n, n]) = min i < n, j < n: x[n - 1 - j, n - 1 - i]"), "f").term
    derived = jvp(term, [0])
    again = readback(evaluate(derived))
    for n in (0, 2):
        args = [np.arange(n * n, dtype=float).reshape(n, n)] * 2
        for ours, theirs in zip(interpreted(again, args, {"n": n}), interpreted(derived, args, {"n": n}), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_an_inner_loop_may_bind_the_variable_of_one_around_it():
    """What mentions it is another value inside than outside. (Graphs let them share it only after a rewrite: the gradient of
    a squared matrix product by its second factor does.)"""
    pool = Pool(BY_OP)
    c = Construct(pool)
    n = pool.intern("size", (), "n")
    x = pool.intern("input", (), (0, "x"), F64, (n,))
    i, j = c.var(n), c.var(n, [c.var(n)])
    inner = pool.intern("sum", (i, c.apply("mul", c.index(x, i), c.index(x, j))), None, F64)
    outer = pool.intern("sum", (j, c.apply("mul", c.index(x, i), inner)), None, F64)
    term = readback(Graph("f", (x,), ("n",), (c.build(i, outer),), pool))
    values = np.array([1.0, 2.0, 4.0])
    np.testing.assert_array_equal(interpreted(term, [values], {"n": 3})[0], values * 49)
