"""Small constant ranges written out: the same values, and nothing left to choose by comparing with constants."""

import numpy as np
from effort import examples
from hypothesis import given
from hypothesis import strategies as st

import pullback as pb
from pullback.core.objects import F64
from pullback.frontends.testing.ways import interpreted
from pullback.ir.evaluate import evaluate
from pullback.ir.graph.node import Graph, topological
from pullback.ir.passes.unroll import unroll
from pullback.ir.readback import readback
from pullback.testing import arguments, terms


def unrolled(term):
    graph = evaluate(term)
    return Graph(graph.name, graph.inputs, graph.sizes, unroll(graph.pool, graph.results), graph.pool)


@examples(40)
@given(data=st.data())
def test_the_values_stay_the_same(data):
    term = data.draw(terms(F64, "any"))
    sizes, args = data.draw(arguments(term))
    again = interpreted(readback(unrolled(term)), args, sizes)
    for ours, theirs in zip(again, interpreted(term, args, sizes), strict=True):
        np.testing.assert_allclose(np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float), rtol=1e-12, atol=1e-12)


def test_components_are_no_loop_and_no_choice():
    f = pb.compile("""
        def cross(a: f64[3], b: f64[3]) -> f64[3] =
            [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
        def f(a: f64[3], b: f64[3]) -> f64 = sum i: cross(a, b)[i] * a[i]
        """).f
    ops = {node.op for node in topological(unrolled(f.term).results)}
    assert not ops & {"sum", "build", "var", "select", "eq"}


def test_what_would_grow_too_much_stays_as_it_is():
    deep = " + ".join(f"x[i{k}]" for k in range(4))
    loops = "".join(f"sum i{k} < 4: " for k in range(4))
    f = pb.compile(f"def f(x: f64[4]) -> f64 = {loops}tanh({deep})").f
    graph = evaluate(f.term)
    assert unroll(graph.pool, graph.results) == graph.results
