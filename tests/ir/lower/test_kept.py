"""What two loops both need is computed once and kept: a value, never the loop that makes it."""

import numpy as np
import pytest

import pullback as pb
from pullback.frontends.testing.ways import in_python, interpreted, lowered
from pullback.ir.loops import nest
from pullback.ir.loops import text as loops
from pullback.ir.unary import text

TWO_LOOPS_NEED_ONE_WHILE = """unary f [n] (0 x: f64[n]) {
  1 = loop i < n (1: i64) {
    2 = index 0 1 : f64
    3, 4 = while (3: i64, 4: f64[n] = 0) {
      5 = constant 0 : i64
      6 = lt 3 5 : bool
    } 6 do {
      5 = loop j < n (5: i64) {
      } build 2
    } 5
  } sum 3
  2 = loop i < n (2: i64) {
    3 = index 1 2 : f64
  } sum 3
  3 = loop i < n (3: i64) {
    4 = index 0 3 : f64
    5, 6 = while (5: i64, 6: f64[n] = 0) {
      7 = constant 0 : i64
      8 = lt 5 7 : bool
    } 8 do {
      7 = loop j < n (7: i64) {
      } build 4
    } 7
    7 = open trips 6 : i64
    8, 9 = loop t < trips backward (8: i64, 9: f64 = 2) {
      10 = mul 9 9 : f64
    } 10, sum 9
    10 = onehot 3 9 of n : f64[n]
  } sum 10
} -> 2, 3
"""


def test_the_results_of_a_while_that_two_loops_need():
    term = text.parse(TWO_LOOPS_NEED_ONE_WHILE)
    for args in ([np.array([0.5, 2.0, -1.0])], [np.zeros(0)]):
        sizes = {"n": len(args[0])}
        for have, want in zip(in_python(lowered(term), args, sizes), interpreted(term, args, sizes), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-13)


SHARES = "def f(x: f64[n]) -> f64[n] =\n    let s = sum i: VALUE\n    for i: VALUE / s"


@pytest.mark.parametrize("value, kept", [("exp(x[i] - 1)", True), ("exp(x[i]) * sin(x[i])", True), ("(x[i] - 1)^2", False)])
def test_what_a_result_is_made_of_is_kept_in_its_memory(value, kept):
    """Where an array of the same elements is made anyway, an exponential is kept in it, and is not computed twice."""
    f = pb.compile(SHARES.replace("VALUE", value)).f
    kernel = loops.parse(f.as_text("schedule"))
    assert [d.place for d in kernel.decisions if d.choice.startswith("holds")] == ["out0"] * kept
    assert not any(isinstance(s, nest.Allocate) for s in kernel.body)
    for n in (0, 1, 2, 3, 5, 16, 17, 33):
        x = np.random.default_rng(n).normal(size=n)
        np.testing.assert_allclose(f(x), f.with_settings(backend="interpreter")(x), rtol=1e-13)


def test_only_one_array_is_kept_in_a_result():
    f = pb.compile(SHARES.replace("sum i: VALUE", "(sum i: exp(x[i])) * (sum i: sin(x[i]))").replace(
        "VALUE", "(exp(x[i]) + 1) * sin(x[i])")).f
    kernel = loops.parse(f.as_text("schedule"))
    assert len([d for d in kernel.decisions if d.choice == "kept"]) == 1
    assert not any(isinstance(s, nest.Allocate) for s in kernel.body)
    x = np.random.default_rng(0).normal(size=9)
    np.testing.assert_allclose(f(x), f.with_settings(backend="interpreter")(x), rtol=1e-13)
