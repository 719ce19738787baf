"""What a kernel returns is all written, also where two results are one array."""

import numpy as np
import pytest

from pullback.core.objects import parse
from pullback.frontends.testing.ways import Machine, in_python, interpreted, lowered
from pullback.ir.derive import vjp
from pullback.ir.unary import text

TWICE = {
    "zero": "1 = zero : f64[n]",
    "map": "1 = loop i < n (1: i64) {\n 2 = index 0 1 : f64\n 3 = sin 2 : f64\n } build 3",
    "sum of arrays": "1 = loop i < n (1: i64) {\n 2 = index 0 1 : f64\n 3 = onehot 1 2 of n : f64[n]\n } sum 3",
    "accumulated": "1 = loop i < n (1: i64) {\n 2 = index 0 1 : f64\n 3 = constant 0 : i64\n"
    " 4 = onehot 3 2 of n : f64[n]\n } sum 4",
    "carried": "1 = loop i < n (1: i64, 2: f64[n] = 0) {\n } 2",
    "scanned": "1 = constant 1.0 : f64\n 2, 3 = loop i < n (2: i64, 3: f64 = 1) {\n 4 = index 0 2 : f64\n"
    " 5 = mul 3 4 : f64\n } 5, build 5",
}  # fmt: skip


@pytest.mark.parametrize("what", TWICE)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_one_array_returned_three_times(what, count):
    last = 3 if what == "scanned" else 1
    term = text.parse(f"unary f [n] (0 x: f64[n]) {{\n{TWICE[what]}\n}} -> {last}, {last}, {last}\n")
    args, sizes = [np.arange(1.0, count + 1)], {"n": count}
    want = interpreted(term, args, sizes)
    kernel = lowered(term)
    for have in (in_python(kernel, args, sizes), Machine(kernel, 0)(args, sizes, term.cod)):
        for a, b in zip(want, have, strict=True):
            np.testing.assert_allclose(b, a, rtol=1e-14)


def test_the_gradient_of_a_sum_by_both_summands():
    term = text.parse(
        "unary f [n] (0 x: f64[n], 1 y: f64[n], 2 k: i64) {\n 3 = add 0 1 : f64[n]\n 4 = index 3 2 : f64\n} -> 4\n"
    )
    gradient = vjp(term, [0, 1], value=False)
    zeros = np.zeros(4)
    assert str(parse("f64[n]")) == str(gradient.cod[0])
    for way in (in_python(lowered(gradient), [zeros, zeros, np.int64(2), np.float64(5.0)], {"n": 4}),):
        assert [w.tolist() for w in way] == [[0.0, 0.0, 5.0, 0.0]] * 2
