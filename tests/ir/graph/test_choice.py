"""A greatest or least of two indices is the one that it is where a condition leads; and else stays what it was."""

import numpy as np
import pytest

import pullback as pb

BORDERS = {  # whether the index is then a sum, which lanes read as it lies
    "if i == 0 then 7.0 else x[max(i - 1, 0)]": True,
    "if i != 0 then x[max(0, i - 1)] else 7.0": True,
    "if i > 1 then x[max(i - 2, 0)] else 7.0": True,
    "if i < n - 1 then x[min(i + 1, n - 1)] else 7.0": True,
    "if i > 0 and i < n - 1 then x[max(min(i + 1, n - 1), 0)] else 7.0": True,
    "x[max(i - 1, 0)]": False,
    "if i == 1 then 7.0 else x[max(i - 1, 0)]": False,
    "if i == 0 then 7.0 else x[max(i - 2, 0)]": False,
    "if i >= k then x[max(min(i - k, n - 1), 0)] else 7.0": False,  # i - k may be beyond 2^63
}


@pytest.mark.parametrize("body", BORDERS)
def test_what_the_choice_is(body):
    f = pb.compile(f"def f(x: f64[n], k: i64) -> f64[n] = for i < n: {body}").f
    text = f.as_text("loops")
    assert ("imax" not in text and "imin" not in text) == BORDERS[body]
    assert not BORDERS[body] or "check" not in text
    for n in (0, 1, 2, 3, 5, 8, 9, 17):
        x = np.random.default_rng(n).normal(size=n)
        for k in (0, 1, -1, -(2**63), 2**63 - 1):
            np.testing.assert_array_equal(f(x, k), f.with_settings(backend="interpreter")(x, k))


def test_the_reverse_of_a_step_with_a_border():
    f = pb.compile("""
        def step(y: f64[n]) -> f64[n] = for i < n: y[i] * (if i == 0 then 1.0 else y[max(i - 1, 0)])
        def f(y: f64[n], s: i64) -> f64 =
            let z = fold z = y for _ < s: step(z)
            sum i: z[i]
        """).f
    slope = pb.grad(f)
    assert "check" not in slope.as_text("loops")
    for n in (0, 1, 2, 3, 5, 8, 9):
        y = np.random.default_rng(n).normal(size=n)
        np.testing.assert_allclose(slope(y, 3), slope.with_settings(backend="interpreter")(y, 3), rtol=1e-13, atol=1e-14)
