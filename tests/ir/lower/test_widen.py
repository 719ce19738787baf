"""A value that an inner loop makes for ``c < r`` is made once for every c where that is safe, and nowhere else."""

import numpy as np
import pytest

import pullback as pb
from pullback.ir.cost import cost
from pullback.ir.loops.text import parse

CENTRED = "def f(l: f64[d, d], x: f64[d], u: f64[d]) -> f64[d] = for r: sum c < r: l[r, c] * (x[c] - u[c])"
UP_TO = "def f(l: f64[d, d], x: f64[d], u: f64[d]) -> f64[d] = for r: sum c < r + 1: l[r, c] * (x[c] - u[c])"
SHIFTED = "def f(l: f64[d, d], x: f64[e], u: f64[e]) -> f64[d] = for r: sum c < r: l[r, c] * (x[c + 1] - u[c + 1])"
"""Up to c = d - 1 the arrays would have to have d + 1 elements."""
MENTIONED = "def f(l: f64[d, d], x: f64[d], u: f64[d]) -> f64[d] = for r: sum c < r: l[r, c] * (x[c] - u[c]) * (x[c] * x[r])"


def subtractions(function, d):
    """Those of reals, counted by taking the other flops away: a product and a sum for every element of the triangle."""
    return cost(function.executable.kernel, {"d": d, "e": d}).flops


@pytest.mark.parametrize("program", [CENTRED, UP_TO])
def test_made_once(program):
    f = pb.compile(program).f
    more = subtractions(f, 41) - subtractions(f, 40)
    assert more <= 2 * 41 + 1, "two flops for each new element of the triangle, and one subtraction"


@pytest.mark.parametrize("program", [CENTRED, UP_TO, SHIFTED, MENTIONED])
@pytest.mark.parametrize("d", [1, 2, 9])
def test_right_and_within_the_arrays(program, d):
    rng = np.random.default_rng(d)
    l, x, u = rng.normal(size=(d, d)), rng.normal(size=d), rng.normal(size=d)
    f = pb.compile(program).f
    np.testing.assert_allclose(f(l, x, u), f.with_settings(backend="interpreter")(l, x, u), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(f(l, x, u), f.with_settings(backend="python")(l, x, u), rtol=1e-12, atol=1e-14)


def test_nothing_that_can_fail_is_made_where_it_was_not_asked_for():
    """at[r] is used for c < r only, so its last element may be anything; the first two rows ask for x[at[0]] alone."""
    f = pb.compile("def f(x: f64[n], at: i64[d], u: f64[d]) -> f64[d] = for r < d: sum c < r: x[at[c]] - u[c]").f
    x, u = np.array([2.0, 3.0]), np.zeros(3)
    np.testing.assert_array_equal(f(x, np.array([1, 0, 99]), u), [0, 3, 5])


def test_a_value_that_is_kept_already_is_not_kept_again():
    """exp(q) is kept before the points' loop; the loops over components inside read it there."""
    text = pb.grad(pb.compile("""
def f(q: f64[k, d], x: f64[n, d]) -> f64 =
    sum i: log(sum a: exp(-(sum r: (exp(q[a, r]) * x[i, r]) ^ 2)))
""").f, argnums=0).as_text("loops")
    kernel = parse(text)
    kept = [d.place for d in kernel.decisions if d.choice == "kept"]
    points = text[text.index("< n parallel"):]
    copies = [line for line in points.split("\n") if "exp(" in line and "fneg" not in line]
    assert len(copies) == 1, "of the sum's own exponential alone"
    assert len(kept) == len(set(kept))


def test_a_cheap_function_of_a_long_vector_is_made_again():
    """The exponentials that both sums need would go through memory, where no result has a place for them."""
    f = pb.compile("def f(x: f64[n]) -> f64 =\n    let m = sum i: exp(x[i])\n    sum i: (exp(x[i]) - m) ^ 2").f
    text = f.as_text("loops")
    assert text.count("exp(") == 2 and "buffer" not in text


def test_what_is_needed_does_not_come_between_loops_that_can_be_one():
    """Both contributions to a point's gradient range over r; the centred coordinates that one needs are made before both."""
    text = pb.grad(pb.compile("""
def f(l: f64[d, d], u: f64[d], x: f64[n, d]) -> f64 =
    sum i: exp(sum r: (sum c < r: l[r, c] * (x[i, c] - u[c])) ^ 2)
""").f, argnums=(0, 1)).as_text("loops")
    points = text[text.index("< n parallel"):]
    points = points[: points.index("\n  }\n")]
    assert points.count("\n    for ") == 3, points
