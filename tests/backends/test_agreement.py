"""One meaning: the interpreter, the kernel as Python, machine code unoptimised, and machine code optimised in lanes.

On programs at random and their reverse and forward derivatives. Semirings must agree exactly, floats up to rounding
(`frontends/testing/agreement.py` says how far that is, and what happens where a condition turns on the last bit).
"""

import numpy as np
import pytest
from effort import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from pullback.core.errors import DerivativeFault
from pullback.core.objects import BIT, F32, F64, Scalar, is_differentiable
from pullback.frontends.testing.agreement import agree, unstable
from pullback.frontends.testing.ways import Failed, Machine, every, in_python, interpreted, lowered
from pullback.ir.derive import jvp, vjp
from pullback.ir.loops import nest
from pullback.ir.unary import text
from pullback.testing import arguments, arrays, terms

pytestmark = pytest.mark.slow  # together they take many seconds

DERIVED = {"value": lambda term, wrt: term, "vjp": vjp, "jvp": jvp}


def check(term, args, sizes):
    want = interpreted(term, args, sizes)
    kernel, outer, inner = lowered(term), lowered(term, "outer"), lowered(term, "inner")
    ways = {
        "as Python": lambda: in_python(kernel, args, sizes),
        "O0": lambda: Machine(kernel, 0)(args, sizes, term.cod),
        "O2, outer loops in lanes": lambda: Machine(outer, 2)(args, sizes, term.cod),
    }
    if inner != outer:
        ways["O2, inner loops in lanes"] = lambda: Machine(inner, 2)(args, sizes, term.cod)
    for way, run in ways.items():
        have = run()
        if agree(want, have):
            continue
        if any(np.asarray(a).dtype.kind == "f" for a in args) and unstable(term, args, sizes):
            assume(False)
        pytest.fail(f"{way}: {have}\nmeant: {want}\nsizes {sizes}, arguments {args}\n{text.show(term)}")


@pytest.mark.parametrize("derivative", DERIVED)
@pytest.mark.parametrize("scalar", [F64, F32, BIT, Scalar("z", 7), Scalar("sat", 4)], ids=str)
@examples(20)
@given(st.data())
def test_every_backend_computes_what_the_term_means(scalar, derivative, data):
    term = data.draw(terms(scalar, "any"))
    sizes, args = data.draw(arguments(term))
    try:
        term = DERIVED[derivative](term, [k for k, w in enumerate(term.dom) if is_differentiable(w)])
    except DerivativeFault:
        assume(False)
    more = [data.draw(arrays(w, sizes)) for w in term.dom[len(args) :]]
    check(term, [*args, *more], sizes)


@pytest.mark.parametrize("scalar", [F64, F32], ids=str)
@examples(15)
@given(st.data())
def test_nan_and_infinities_pass_through_alike(scalar, data):
    """Without conditions and without what is undefined on infinities, all ways give NaN and infinities in the same places."""
    term = data.draw(terms(scalar, "smooth", constructs=3, depth=1))
    sizes, args = data.draw(arguments(term))
    strange = st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0])
    for a in args:
        if a.dtype.kind == "f" and a.size:
            a.flat[data.draw(st.integers(0, a.size - 1))] = data.draw(strange)
    check(term, args, sizes)


OUTSIDE = """unary f [n] (0 x: f64[n], 1 k: i64) {
  2 = index 0 1 : f64
} -> 2
"""
OUTSIDE_UNDER_A_BRANCH = """unary f [n] (0 x: f64[n], 1 k: i64, 2 c: bool) {
  3 = if 2 {
    3 = index 0 1 : f64
  } 3 else {
    3 = constant 7.0 : f64
  } 3
} -> 3
"""
IN_AN_EMPTY_LOOP = """unary f [n] (0 x: f64[n], 1 k: i64) {
  2 = loop i < n (2: i64) {
    3 = index 0 1 : f64
  } sum 3
} -> 2
"""


def outcome(run):
    try:
        return float(run()[0])
    except (IndexError, Failed):
        return "outside"


@pytest.mark.parametrize("lanes", ["", "outer"])
@pytest.mark.parametrize(
    "term, rest, expected",
    [
        (OUTSIDE, (2,), 30.0),
        (OUTSIDE, (3,), "outside"),
        (OUTSIDE, (-1,), "outside"),
        (OUTSIDE_UNDER_A_BRANCH, (1, True), 20.0),
        (OUTSIDE_UNDER_A_BRANCH, (9, True), "outside"),
        (OUTSIDE_UNDER_A_BRANCH, (9, False), 7.0),
        (IN_AN_EMPTY_LOOP, (0,), 30.0),
        (IN_AN_EMPTY_LOOP, (5,), "outside"),
    ],
)
def test_an_index_outside_is_an_error_exactly_where_it_is_reached(term, rest, expected, lanes):
    term = text.parse(term)
    args = [np.array([10.0, 20.0, 30.0]), *(np.asarray(r) for r in rest)]
    args[0] = np.full(3, 10.0) if term == text.parse(IN_AN_EMPTY_LOOP) else args[0]
    kernel = lowered(term, lanes)
    for run in (
        lambda: interpreted(term, args, {"n": 3}),
        lambda: in_python(kernel, args, {"n": 3}),
        lambda: Machine(kernel, 0)(args, {"n": 3}, term.cod),
        lambda: Machine(kernel, 2)(args, {"n": 3}, term.cod),
    ):
        assert outcome(run) == expected


def test_an_empty_loop_reaches_no_index():
    term = text.parse(IN_AN_EMPTY_LOOP)
    args = [np.zeros(0), np.int64(5)]
    assert interpreted(term, args, {"n": 0})[0] == 0.0
    assert in_python(lowered(term), args, {"n": 0})[0] == 0.0
    assert Machine(lowered(term), 2)(args, {"n": 0}, term.cod)[0] == 0.0


TIES = """unary f [n] (0 x: f64[n]) {
  1, 2, 3, 4 = loop i < n (1: i64) {
    2 = index 0 1 : f64
  } max 2, argmax 2, min 2, argmin 2
} -> 1, 2, 3, 4
"""


@pytest.mark.parametrize(
    "values, expected",
    [
        ([], [-np.inf, -1, np.inf, -1]),
        ([3.0], [3.0, 0, 3.0, 0]),
        ([1.0, 5.0, 5.0, 1.0], [5.0, 1, 1.0, 0]),
        ([-np.inf, -np.inf], [-np.inf, 0, -np.inf, 0]),
        ([np.inf, np.inf], [np.inf, 0, np.inf, 0]),
        ([1.0, np.nan, 2.0, np.nan], [np.nan, 1, np.nan, 1]),
        ([1.0] * 40, [1.0, 0, 1.0, 0]),
        ([0.0] * 17 + [np.nan] + [9.0] * 50, [np.nan, 17, np.nan, 17]),
    ],
)
def test_ties_go_to_the_first_and_a_nan_wins(values, expected):
    term = text.parse(TIES)
    args, sizes = [np.array(values)], {"n": len(values)}
    results = [interpreted(term, args, sizes), in_python(lowered(term), args, sizes)]
    results += [Machine(lowered(term, lanes), level)(args, sizes, term.cod) for lanes, level in (("", 0), ("outer", 2))]
    for result in results:
        np.testing.assert_array_equal([float(r) for r in result], expected)


def test_lanes_are_formed_in_what_is_compared():
    """Otherwise the comparison above would say nothing about lanes."""
    for way in ("outer", "inner"):
        assert any(isinstance(s, nest.For) and s.lanes == 2 for s in every(lowered(text.parse(TIES), way).body))
