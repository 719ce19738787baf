"""Rows that lanes read are read as they lie, or in squares and turned in registers; also what does not fill one, and rests."""

import numpy as np
import pytest

from pullback.backends.llvm.emit import emit
from pullback.ir.loops.text import parse

ROWS = """
    kernel f(x: KIND[n, m, d], w: KIND[d]; n, m, d) -> (z: KIND[n], y: KIND[d], v: KIND[n, d]) {
      fill y with HALF
      fill v with HALF
      for i < n parallel {
        cell c: KIND = ZERO
        for k < m parallel {
          for j < d parallel {
            a: KIND = x[i, k, j]
            b: KIND = w[j]
            t: KIND = fmul(a, b)
            c sum= t over KIND
            y[j] += a over KIND
            v[i, j] += t over KIND
          }
        }
        r: KIND = read c
        z[i] = r
      }
    }"""


@pytest.mark.parametrize("kind", ["f64", "f32"])
def test_rows(compiled, kind):
    """On small whole numbers sums are exact in any order."""
    suffix = "" if kind == "f64" else "_f32"
    f = compiled(ROWS.replace("KIND", kind).replace("HALF", f"0.5{suffix}").replace("ZERO", f"0.0{suffix}"))
    rng, type = np.random.default_rng(0), np.float64 if kind == "f64" else np.float32
    for n in (0, 1, 4, 8, 19):
        for d in (0, 1, 3, 4, 9, 16):
            x, w = rng.integers(-9, 9, (n, 3, d)).astype(type), rng.integers(-9, 9, d).astype(type)
            z, y, v = f(x, w)
            np.testing.assert_array_equal(z, (x * w).sum((1, 2)))
            np.testing.assert_array_equal(y, x.sum((0, 1)) + type(0.5))
            np.testing.assert_array_equal(v, (x * w).sum(1) + type(0.5))


def test_squares_and_their_sum(compiled):
    """A row of squares for each i, beside a sum over all of them."""
    f = compiled("""
        kernel f(x: f64[n, d]; n, d) -> (y: f64[d], z: f64[n, d]) {
          fill y with 1.0
          for i < n parallel {
            for j < d parallel {
              a: f64 = x[i, j]
              b: f64 = fmul(a, a)
              z[i, j] = b
              y[j] += b over f64
            }
          }
        }""")
    x = np.arange(9.0 * 6).reshape(9, 6)
    y, z = f(x)
    np.testing.assert_array_equal(z, x * x)
    np.testing.assert_array_equal(y, (x * x).sum(0) + 1)


def test_a_gather_is_left_in_the_rest_only():
    text = ROWS.replace("KIND", "f64").replace("HALF", "0.5").replace("ZERO", "0.0")
    text = text.replace("            v[i, j] += t over f64\n", "").replace("n parallel {", "n parallel lanes 8 {", 1)
    code = emit(parse(text))
    assert code.count("call <8 x double> @llvm.masked.gather") == 2  # of the columns, and of the rows
    assert "load <4 x double>" in code


CHOICES = """
    kernel f(x: f64[n, d], t: f64[n], w: f64[d]; n, d) -> (z: f64[n], y: f64[d], v: f64[n, d], u: f64[n, d], s: f64) {
      fill y with 1.0
      fill u with 0.5
      cell all: f64 = 2.0
      for i < n parallel {
        r: f64 = t[i]
        p: bool = fgt(r, 0.0)
        cell c: f64 = 3.0
        k: i64 = iadd(i, 0)
        for j < d parallel {
          a: f64 = x[k, j]
          b: f64 = w[j]
          e: bool = flt(a, b)
          both: bool = band(e, p)
          g: f64 = select(both, a, r)
          h: f64 = fmul(g, b)
          c sum= h over f64
          all sum= g over f64
          y[j] += g over f64
          v[i, j] = h
          u[i, j] += b over f64
        }
        q: f64 = read c
        z[i] = q
      }
      o: f64 = read all
      s := o
    }"""


def test_what_belongs_to_a_lane_goes_along_its_row(compiled):
    """Numbers and truths of a lane, choices, sums into a cell of the lane's and of all, every way to write."""
    f = compiled(CHOICES)
    rng = np.random.default_rng(0)
    for n in (0, 1, 3, 4, 5, 8, 17):
        for d in (0, 1, 3, 4, 5, 8, 13):
            x, t, w = (rng.integers(-9, 9, size).astype(float) for size in ((n, d), n, d))
            z, y, v, u, s = f(x, t, w)
            g = np.where((x < w) & (t[:, None] > 0), x, t[:, None])
            for got, wanted in ((z, 3 + (g * w).sum(1)), (y, 1 + g.sum(0)), (v, g * w), (u, 0.5 + 0 * x + w), (s, 2 + g.sum())):
                np.testing.assert_array_equal(got, wanted)


@pytest.mark.parametrize("change", [
    ("g: f64 = select(both, a, r)", "l: f64 = sitofp(j)\n g: f64 = fadd(a, l)"),  # the number of the iteration
    ("a: f64 = x[k, j]", "m: i64 = imin(i, 2)\n a: f64 = x[m, j]"),  # rows that are not the lanes' own
    ("b: f64 = w[j]", "b: f64 = v[i, j]"),  # read where it is written
    ("h: f64 = fmul(g, b)", "h: f64 = exp(g)"),
    ("b: f64 = w[j]", "cell own: f64 = 0.0\n own sum= a over f64\n b: f64 = read own"),  # a sum that is each iteration's own
])  # fmt: skip
def test_other_loops_do_not_run_along_rows(change):
    text = CHOICES.replace("n parallel {", "n parallel lanes 4 {", 1)
    assert emit(parse(text)).count("load <4 x double>") > emit(parse(text.replace(*change))).count("load <4 x double>")
