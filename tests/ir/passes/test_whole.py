"""A contraction that makes all of an array of zeros writes it; one that does not, or comes later, adds."""

import numpy as np
import pytest

from pullback.core.objects import parse as wire
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.contraction import contraction
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes.tile import Tile
from pullback.ir.passes.whole import Whole

SLOPE = """kernel slope(x: f64[n, r, d], y: f64[n, r, h]; n, r, d, h) -> (out: f64[d, h]) {
  fill out with 0.0
  for i < n parallel {
    for t < r parallel {
      for l < d parallel {
        a: f64 = x[i, t, l]
        for j < h parallel {
          b: f64 = y[i, t, j]
          c: f64 = fmul(a, b)
          out[l, j] += c over f64
        }
      }
    }
  }
}
"""


def result(kernel):
    loops = [s for s in kernel.body if isinstance(s, nest.For)]
    return contraction(loops[0])


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (1, 1, 1, 30), (0, 2, 3, 3), (1, 2, 0, 3), (7, 1, 5, 17)])
def test_all_of_it_is_written(shape):
    kernel = Whole().run(parse(SLOPE))
    verify(kernel)
    assert parse(show(kernel)) == kernel
    assert not any(isinstance(s, nest.Fill) for s in kernel.body)
    c = result(kernel)
    assert not c.adds and c.summed == ("i", "t") and [v for v, _ in c.loops] == ["l", "j", "i", "t"]
    assert [(d.place, d.choice) for d in kernel.decisions] == [("out", "written")]
    n, r, d, h = shape
    rng, sizes = np.random.default_rng(n), dict(zip("nrdh", shape, strict=True))
    args = [rng.normal(size=(n, r, d)), rng.normal(size=(n, r, h))]
    for made in (in_python(kernel, args, sizes), Machine(Tile(32).run(kernel))(args, sizes, [wire("f64[d, h]")])):
        np.testing.assert_allclose(made[0], np.einsum("nrd,nrh->dh", *args), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("change", [
    ("fill out with 0.0", "fill out with 1.0"),
    ("fill out with 0.0", "fill out with 0.0\n  out[0, 0] = 2.0"),
    ("for l < d", "for l < 1"),  # some rows of it
    ("out[l, j] +=", "out[0, j] +="),
    ("b: f64 = y[i, t, j]", "b: f64 = y[i, t, l]"),  # no product of a row and a column
])  # fmt: skip
def test_else_it_is_added_to(change):
    kernel = parse(SLOPE.replace(*change))
    assert kernel != parse(SLOPE)
    assert Whole().run(kernel) == kernel


def test_names_of_parameters_are_left_alone():
    kernel = Whole().run(parse(SLOPE.replace("x: f64[n, r, d]", "i.cell: f64[n, r, d]").replace("x[i", "i.cell[i")))
    verify(kernel)
    assert not result(kernel).adds
