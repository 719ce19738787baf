"""The meaning, on examples small enough to reckon by hand, and what happens at the edges."""

import math

import numpy as np
import pytest

from pullback.backends.interpreter.evaluate import run
from pullback.core.errors import ArgumentFault, IndexFault, Source, Span
from pullback.core.objects import I64, parse
from pullback.core.sizes import atom
from pullback.ir.unary import text
from pullback.ir.unary.builder import Builder

n = atom("n")


def meant(body, args, results, head="[n] (0 x: f64[n])", sizes=None):
    term = text.parse(f"unary f {head} {{\n{body}\n}} -> {results}\n")
    return [np.asarray(v).tolist() for v in run(term, args, sizes)]


EVERY_FOLD = """1, 2, 3, 4, 5, 6, 7 = loop i < n (1: i64) {
  2 = index 0 1 : f64
} build 2, sum 2, prod 2, max 2, min 2, argmax 2, argmin 2"""


@pytest.mark.parametrize(
    "values, expected",
    [
        ([], [[], 0.0, 1.0, -math.inf, math.inf, -1, -1]),
        ([-2.0], [[-2.0], -2.0, -2.0, -2.0, -2.0, 0, 0]),
        ([3.0, -1.0, 3.0, -1.0], [[3.0, -1.0, 3.0, -1.0], 4.0, 9.0, 3.0, -1.0, 0, 1]),
        ([1.0, 0.0, math.inf], [[1.0, 0.0, math.inf], math.inf, math.nan, math.inf, 0.0, 2, 1]),
        ([1.0, math.nan, 9.0], [[1.0, math.nan, 9.0], *[math.nan] * 4, 1, 1]),
    ],
)
def test_every_fold(values, expected):
    have = meant(EVERY_FOLD, [np.array(values)], "1, 2, 3, 4, 5, 6, 7")
    for a, b in zip(have, expected, strict=True):
        np.testing.assert_array_equal(a, b)


def test_folds_of_truth_and_of_semirings():
    body = "1, 2 = loop i < n (1: i64) {\n 2 = index 0 1 : bool\n} all 2, any 2"
    for values, expected in (([], [True, False]), ([True, False], [False, True]), ([True], [True, True])):
        assert meant(body, [np.array(values, bool)], "1, 2", "[n] (0 x: bool[n])") == expected
    body = "1, 2 = loop i < n (1: i64) {{\n 2 = index 0 1 : {0}\n}} sum 2, prod 2"
    for kind, values, expected in (
        ("z<7>", [5, 4, 3], [5, 4]),
        ("sat<4>", [2, 1, 2], [3, 3]),
        ("bit", [True, True, True], [True, True]),
        ("z<7>", [], [0, 1]),
    ):
        assert meant(body.format(kind), [np.array(values)], "1, 2", f"[n] (0 x: {kind}[n])") == expected


def test_a_scan_forwards_and_backwards():
    body = """1 = constant 10.0 : f64
    2, 3 = loop i < n{} (2: i64, 3: f64 = 1) {{
      4 = index 0 2 : f64
      5 = mul 3 4 : f64
    }} 5, build 3"""
    x = [np.array([2.0, 3.0, 5.0])]
    assert meant(body.format(""), x, "2, 3") == [300.0, [10.0, 20.0, 60.0]]
    assert meant(body.format(" backward"), x, "2, 3") == [300.0, [150.0, 50.0, 10.0]]
    assert meant(body.format(""), [np.zeros(0)], "2, 3") == [10.0, []]


def test_inner_bounds_depend_on_outer_indices():
    body = """1 = loop i < n (1: i64) {
      2 = loop j < i (2: i64) {
        3 = index 0 2 : f64
      } sum 3
    } build 2"""
    assert meant(body, [np.array([1.0, 10.0, 100.0])], "1") == [[0.0, 1.0, 11.0]]


def test_a_bound_below_zero_is_none():
    body = "1 = loop i < n - 2 (1: i64) {\n 2 = constant 1.0 : f64\n} build 2"
    for count, expected in ((0, []), (2, []), (3, [1.0])):
        assert meant(body, [np.zeros(count)], "1") == [expected]


def test_a_while_counts_its_trips():
    body = """1 = constant 1.0 : f64
    2, 3 = while (2: i64, 3: f64 = 1) {
      4 = lt 3 0 : bool
    } 4 do {
      4 = add 3 3 : f64
    } 4"""
    for limit, expected in ((0.5, [1.0, 0]), (5.0, [8.0, 3]), (math.nan, [1.0, 0])):
        assert meant(body, [limit], "2, 3", "[] (0 x: f64)") == expected


def test_a_size_opened_from_a_value_is_never_negative():
    body = "1 = open k 0 : i64\n2 = loop i < k (2: i64) {\n} build 2\n3 = extent k + 1 : i64"
    for value, expected in ((3, [3, [0, 1, 2], 4]), (0, [0, [], 1]), (-5, [0, [], 1])):
        assert meant(body, [value], "1, 2, 3", "[] (0 x: i64)") == expected


def test_the_side_not_taken_does_not_run():
    body = "2 = if 1 {\n 2 = constant 99 : i64\n 3 = index 0 2 : f64\n} 3 else {\n 2 = constant 7.0 : f64\n} 2"
    assert meant(body, [np.zeros(2), False], "2", "[n] (0 x: f64[n], 1 c: bool)") == [7.0]
    with pytest.raises(IndexFault):
        meant(body, [np.zeros(2), True], "2", "[n] (0 x: f64[n], 1 c: bool)")


def test_a_structural_zero_times_nan_and_a_number_zero_times_nan():
    assert meant("1 = onehot 0 0 of n : i64[n]", [1], "1", "[n] (0 k: i64)", {"n": 3}) == [[0, 1, 0]]
    (product,) = meant("1 = constant 0.0 : f64\n2 = mul 0 1 : f64", [math.nan], "2", "[] (0 x: f64)")
    assert math.isnan(product)


@pytest.mark.parametrize("index", [-1, 3, 2**62])
@pytest.mark.parametrize("operation", ["index", "onehot"])
def test_an_index_outside_says_where(index, operation):
    source = Source("here.pull", "x[k]")
    b = Builder("f", ["n"], ["x", "k"], [parse("f64[n]"), I64])
    b.span = Span(source, 1, 1, 1, 5)
    from pullback.ir.unary import term as t

    result = b.index(0, 1) if operation == "index" else b.one(t.OneHot(n, 1, 1))
    with pytest.raises(IndexFault, match=f"index {index} is outside an array of 3") as caught:
        run(b.finish([result]), [np.zeros(3), index])
    assert caught.value.code == "PB0701"
    assert str(caught.value.span) == "here.pull:1:1"


def test_an_integer_division_by_zero_is_an_error_where_it_is_reached():
    body = "2 = if 1 {\n 2 = constant 5 : i64\n 3 = floordiv 2 0 : i64\n} 3 else {\n} 0"
    head = "[] (0 k: i64, 1 c: bool)"
    assert meant(body, [0, False], "2", head) == [0]
    assert meant(body, [2, True], "2", head) == [2]
    with pytest.raises(IndexFault, match="by zero"):
        meant(body, [0, True], "2", head)


def test_arguments_that_do_not_fit():
    term = text.parse("unary f [n] (0 x: f64[n], 1 y: f64[n]) {\n} -> 0\n")
    with pytest.raises(ArgumentFault, match="`y` is f64\\[n\\], but n is 2, not 3"):
        run(term, [np.zeros(2), np.zeros(3)])
    with pytest.raises(ArgumentFault, match="of 1 dimensions, and got 2"):
        run(term, [np.zeros((2, 2)), np.zeros(2)])


def test_inputs_that_are_views_and_read_only():
    x = np.arange(10.0)[::-2]
    x.flags.writeable = False
    assert meant(EVERY_FOLD, [x], "2") == [25.0]
    assert meant(EVERY_FOLD, [x.astype(">f8")], "1") == [[9.0, 7.0, 5.0, 3.0, 1.0]]
