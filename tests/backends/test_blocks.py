"""Rows that lanes read are read in squares and turned in registers, also what does not fill one, and rests of lanes."""

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
    assert code.count("call <8 x double> @llvm.masked.gather") == 1
    assert "shufflevector <4 x double>" in code
