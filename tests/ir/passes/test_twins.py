"""A maximum beside its argmax costs nothing more, and is the same number."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.objects import F64, I64
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse
from pullback.ir.loops.verify import verify
from pullback.ir.passes.twins import Twins

BOTH = """kernel both(x: f64[n]; n) -> (most: f64, at: i64) {
  cell top: f64 = -inf
  cell best: f64 = -inf
  cell where: i64 = -1
  for i < n parallel {
    v: f64 = x[i]
    top max= v over f64
    best argmax= v over f64 at i into where
  }
  a: f64 = read top
  b: i64 = read where
  most := a
  at := b
}
"""


@pytest.mark.parametrize("values", [[], [2.0], [1.0, 5.0, 5.0], [1.0, np.nan, 7.0], [-np.inf]])
def test_one_of_two_is_enough(values):
    kernel = Twins().run(parse(BOTH))
    verify(kernel)
    assert [s.name for s in kernel.body if isinstance(s, nest.Cell)] == ["best", "where"]
    x = np.array(values)
    for run in (lambda k: in_python(k, [x], {"n": len(x)}), lambda k: Machine(k)([x], {"n": len(x)}, [F64, I64])):
        np.testing.assert_array_equal(run(kernel), run(parse(BOTH)))


@pytest.mark.parametrize("old, new", [
    ("top max= v", "w: f64 = fadd(v, 1.0)\n top max= w"),
    ("top max= v", "top min= v"),
    ("top: f64 = -inf", "top: f64 = 0.0"),
    ("a: f64 = read top", "top := 3.0\n a: f64 = read top"),
    ("  a: f64", "  for j < n {\n top max= 2.0 over f64\n }\n  a: f64"),
])  # fmt: skip
def test_what_is_not_the_same_stays(old, new):
    kernel = parse(BOTH.replace(old, new))
    assert Twins().run(kernel) == kernel


def test_value_and_gradient_of_a_maximum_look_once():
    f = pb.value_and_grad(pb.compile("def f(x: f64[n]) -> f64 = max i: x[i]").f)
    assert " max= " not in f.as_text("schedule") and " max= " in f.as_text("loops")
    value, slope = f(np.array([1.0, 4.0, 2.0]))
    assert value == 4.0 and list(slope) == [0.0, 1.0, 0.0]
