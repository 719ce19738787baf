"""The names a kernel takes from the program and those that lowering makes up never meet."""

import numpy as np
import pytest

from pullback.core.objects import parse
from pullback.frontends.testing.ways import in_python, lowered
from pullback.ir.unary.builder import Builder


@pytest.mark.parametrize("scalar, array", [("x2", "x1"), ("t1", "i1"), ("v1", "r2"), ("out0", "out0.1"), ("n", "n.1")])
def test_parameters_named_like_temporaries(scalar, array):
    b = Builder("f", ["n"], [scalar, array], [parse("f64"), parse("f64[n]")])
    (scaled,) = b.loop("i", parse("f64[n]").shape[0], [], ["build"], lambda _, i, c: [b.apply("mul", 0, b.index(1, i))])
    kernel = lowered(b.finish([scaled, b.apply("sin", 0)]))
    out, sine = in_python(kernel, [np.float64(2.0), np.arange(3.0)], {"n": 3})
    assert out.tolist() == [0.0, 2.0, 4.0]
    assert sine == np.sin(2.0)
