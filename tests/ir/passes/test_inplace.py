"""An array that only one other is made of, element by element, lives in that one's memory: and only such an array."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.objects import parse as wire
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes.inplace import InPlace

STEP = """kernel step(w: f64[n, m], x: f64[n], y: f64[m]; n, m) -> (out: f64[n, m]) {
  buffer v: f64[n, m] zero
  for i < n parallel {
    for j < m parallel {
      a: f64 = x[i]
      b: f64 = y[j]
      c: f64 = fmul(a, b)
      v[i, j] += c over f64
    }
  }
  for k < n parallel {
    for l < m parallel {
      p: f64 = w[k, l]
      q: f64 = v[k, l]
      r: f64 = fsub(p, q)
      out[k, l] = r
    }
  }
}
"""


def buffers(kernel):
    return [s.name for s in kernel.body if isinstance(s, nest.Allocate)]


@pytest.mark.parametrize("n, m", [(0, 3), (1, 1), (2, 5), (3, 4), (4, 9)])
def test_a_step_needs_no_array_for_the_slope(n, m):
    kernel = InPlace().run(parse(STEP))
    verify(kernel)
    assert parse(show(kernel)) == kernel and not buffers(kernel)
    assert [(d.place, d.choice) for d in kernel.decisions] == [("out", "holds v first")]
    rng = np.random.default_rng(n)
    args, sizes = [rng.normal(size=s) for s in ((n, m), n, m)], {"n": n, "m": m}
    for made in (in_python(kernel, args, sizes), Machine(kernel)(args, sizes, [wire("f64[n, m]")])):
        np.testing.assert_allclose(made[0], args[0] - np.outer(*args[1:]), rtol=1e-14)


@pytest.mark.parametrize("change", [
    ("v[k, l]", "v[l, k]"),  # another element, perhaps one that was written before
    ("q: f64 = v[k, l]", "k1: i64 = isub(n, k)\n k2: i64 = isub(k1, 1)\n q: f64 = v[k2, l]"),
    ("out[k, l] = r", "out[k, l] = r\n z: f64 = v[k, l]\n out[k, l] = z"),  # read after it was written
    ("for k < n", "out[0, 0] = 1.0\n for k < n"),  # something is there already
    ("q: f64 = v[k, l]\n      r: f64 = fsub(p, q)\n      out[k, l] = r",
     "q: f64 = v[k, k]\n r: f64 = fsub(p, q)\n out[k, k] = r"),  # more than once, and read again in between
    ("out[k, l] = r", "for h < 2 parallel {\n out[k, l] = r\n }"),  # more than once
    ("out[k, l] = r\n    }\n  }", "out[k, l] = r\n    }\n  }\n  z: f64 = v[0, 0]\n  out[0, 0] = z"),  # still needed
])  # fmt: skip
def test_what_is_needed_otherwise_stays(change):
    square = STEP.replace(", m]", ", n]").replace("f64[m]", "f64[n]").replace("< m", "< n").replace("; n, m", "; n")
    kernel = parse(square.replace(*change))
    assert kernel != parse(square)
    verify(kernel)
    assert InPlace().run(kernel) == kernel


def test_an_array_of_zeros_holds_no_other():
    """Half of it is written: the rest is zeros."""
    half = "  buffer u: f64[n, m] zero\n  half: i64 = ifloordiv(n, 2)\n  for k < half"
    text = STEP.replace("out[k, l] = r", "u[k, l] = r").replace("  for k < n", half)
    kernel = parse(text.replace("    }\n  }\n}\n", "    }\n  }\n  copy out from u\n}\n"))
    verify(kernel)
    assert InPlace().run(kernel) == kernel


def test_a_local_array_holds_another_first():
    text = STEP.replace("out[k, l] = r", "u[k, l] = r").replace("  for k < n", "  buffer u: f64[n, m]\n  for k < n")
    text = text.replace("    }\n  }\n}\n", "    }\n  }\n  copy out from u\n}\n")
    kernel = InPlace().run(parse(text))
    verify(kernel)
    assert buffers(kernel) == ["u"]
    rng = np.random.default_rng(0)
    args, sizes = [rng.normal(size=s) for s in ((3, 2), 3, 2)], {"n": 3, "m": 2}
    np.testing.assert_allclose(in_python(kernel, args, sizes)[0], args[0] - np.outer(*args[1:]), rtol=1e-14)


def test_a_copy_is_not_made():
    kernel = InPlace().run(parse(STEP.replace("r: f64 = fsub(p, q)", "").replace("out[k, l] = r", "out[k, l] = q").replace(
        "p: f64 = w[k, l]", "")))
    verify(kernel)
    assert len([s for s in kernel.body if isinstance(s, nest.For)]) == 1 and not buffers(kernel)


def test_buffers_that_are_exchanged_stay():
    text = STEP.replace("  for k < n", "  buffer u: f64[n, m]\n  swap u, v\n  swap u, v\n  for k < n")
    assert InPlace().run(parse(text)) == parse(text)


def test_a_training_step_allocates_nothing_as_large_as_its_weights():
    f = pb.compile("""
        def loss(w: f64[d, h], x: f64[n, d]) -> f64 = sum i, j: tanh(sum l: x[i, l] * w[l, j])
        def step(w: f64[d, h], x: f64[n, d]) -> f64[d, h] =
            let slope = grad(loss, wrt=w)
            w - 0.1 * slope(w, x)
        """).step
    kernel = parse(f.as_text("schedule"))
    assert not [s for s in kernel.body if isinstance(s, nest.Allocate) and s.shape == ("d", "h")]
    rng = np.random.default_rng(0)
    for d, h, n in [(0, 2, 2), (1, 1, 1), (3, 5, 2), (4, 13, 1), (5, 3, 0)]:
        args = rng.normal(size=(d, h)), rng.normal(size=(n, d))
        np.testing.assert_allclose(f(*args), f.with_settings(backend="interpreter")(*args), rtol=1e-13, atol=1e-15)
