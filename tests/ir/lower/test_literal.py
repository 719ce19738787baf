"""Arrays of a few rows at constant places are stored row by row: no zeros first, no additions."""

import numpy as np

import pullback as pb
from pullback.core.objects import F64, I64, parse
from pullback.core.sizes import atom, size
from pullback.ir.evaluate import evaluate
from pullback.ir.loops.text import show
from pullback.ir.lower import lower
from pullback.ir.unary import term as t
from pullback.ir.unary.builder import Builder


def literal(row, places, extent):
    """f(x)[i] is an array of ``extent`` rows, of which those at ``places`` are made by ``row(builder, x[i], place)``."""
    b = Builder("f", ["n"], ["x"], [parse("f64[n]")])

    def body(_, i, carries):
        x, total = b.index(0, i), None
        for k in places:
            one = b.one(t.OneHot(size(extent), b.constant(k, I64), row(b, x, k)))
            total = one if total is None else b.add(total, one)
        return [total]

    return b.finish(b.loop("i", atom("n"), [], ["build"], body))


def scaled(b, x, k):
    return b.apply("mul", x, b.constant(k + 1, F64))


def pair(b, x, k):
    return b.loop("j", size(2), [], ["build"], lambda _, j, c: [scaled(b, x, k)])[0]


def run(term, x):
    from pullback.backends.executable import Executable

    return Executable(term)(x)[0]


def test_rows_are_stored():
    term = literal(scaled, (2, 0, 1), 3)
    text = show(lower(evaluate(term)))
    assert "fill" not in text
    assert "+=" not in text
    np.testing.assert_array_equal(run(term, np.array([1.0, 2.0])), [[1, 2, 3], [2, 4, 6]])


def test_a_place_that_is_not_given_is_zero():
    np.testing.assert_array_equal(run(literal(scaled, (2, 0), 4), np.array([1.0, 2.0])), [[1, 0, 3, 0], [2, 0, 6, 0]])
    rows = run(literal(pair, (1,), 3), np.array([1.0, 2.0]))
    np.testing.assert_array_equal(rows, [[[0, 0], [2, 2], [0, 0]], [[0, 0], [4, 4], [0, 0]]])


def test_a_place_given_twice_is_added_up():
    np.testing.assert_array_equal(run(literal(scaled, (1, 1), 2), np.array([1.0])), [[0, 4]])


def test_checked_indices_run_in_lanes():
    f = pb.compile("def f(x: f64[n], at: i64[m]) -> f64[m] = for e: sin(x[at[e]]) * exp(x[at[e]])").f
    assert "lanes" in f.as_text("schedule")
    x, at = np.linspace(0, 1, 7), np.arange(101) % 7
    np.testing.assert_allclose(f(x, at), np.sin(x[at]) * np.exp(x[at]), rtol=1e-13)
    for place, wrong in ((0, 7), (57, -1), (100, 9)):
        spoilt = at.copy()
        spoilt[place] = wrong
        try:
            f(x, spoilt)
        except pb.IndexFault as fault:
            assert f"index {wrong} is outside an array of 7" in str(fault)
        else:
            raise AssertionError("an index outside its array was read")
