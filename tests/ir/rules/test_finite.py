"""A factor that has left a sum does not make something of a sum over nothing, even if it is infinite or no number."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.operations import OPERATIONS
from pullback.ir.rules.finite import escapes

MEANS = """
def weighed(x: f64[n]) -> f64 =
    let w = 1 / f64(n)
    sum i: w * x[i]
def shared(m: f64[d, d], x: f64[n, d]) -> f64 =
    let w = 1 / f64(n)
    w + (sum i, r: (sum c: log(m[r, c]) * x[i, c])^2)
def least(x: f64[n, m], y: f64[m]) -> f64[m] = for j: sum i: exp(max k: x[k, j]) * x[i, j] * y[j]
def few(y: f64[m]) -> f64 = sum i < m: (sum j < m: tanh(sum k < i: cos(y[j]) / f64(i)))
def each(x: f64[n], y: f64[m]) -> f64[m] = for j: sum i: x[i] * log(y[j])
def below(x: f64[n], y: f64) -> f64 = sum i: x[i] * (1 + log(y))
def told(x: f64[n], k: i64) -> f64 = sum i < min(max(k, 0), n): x[i] * (1 / f64(k))
"""


@pytest.fixture(scope="module")
def m():
    return pb.compile(MEANS)


@pytest.mark.parametrize(("name", "args"), [
    ("weighed", [np.zeros(0)]), ("least", [np.zeros((0, 3)), np.ones(3)]), ("few", [np.array([0.5, 2.0])]),
    ("each", [np.zeros(0), np.zeros(2)]), ("below", [np.zeros(0), 0.0]),
    ("told", [np.array([1.0, 2.0]), 0]), ("shared", [np.zeros((2, 2)), np.zeros((0, 2))]),
])  # fmt: skip
def test_over_nothing_machine_code_says_what_the_program_means(m, name, args):
    for f in (m[name], *([] if name in ("least", "each") else [pb.grad(m[name])])):
        np.testing.assert_allclose(f(*args), f.with_settings(backend="interpreter")(*args), rtol=1e-14)


def test_its_gradient_is_finite_where_the_value_is(m):
    assert m.weighed(np.zeros(0)) == 0.0 and m.told(np.array([1.0, 2.0]), 0) == 0.0
    assert np.isfinite(pb.grad(m.few)(np.array([0.5, 2.0]))).all()


def test_the_operations_that_may_be_infinite_are_found_by_what_they_mean():
    found = {name for name in OPERATIONS if escapes(name)}
    assert {"div", "log", "exp", "exp2", "pow", "lgamma", "acosh", "sqrt"} <= found
    assert not {"add", "mul", "sin", "tanh", "sigmoid", "select", "cast", "max", "floordiv", "eq"} & found
