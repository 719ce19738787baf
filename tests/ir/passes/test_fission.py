"""Adding to places that an iteration computes leaves the loop that computes them, where that changes nothing."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.objects import parse as wire
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes import schedule
from pullback.ir.passes.fission import Fission

NEAREST = """kernel nearest(x: f64[n, d], c: f64[k, d], w: f64[n]; n, d, k) -> (out: f64[k, d]) {
  fill out with 0.0
  for i < n parallel {
    cell best: f64 = +inf
    cell at: i64 = 0
    for a < k parallel {
      cell s: f64 = 0.0
      for j < d parallel {
        p: f64 = x[i, j]
        q: f64 = c[a, j]
        r: f64 = fsub(p, q)
        t: f64 = fmul(r, r)
        s sum= t over f64
      }
      u: f64 = read s
      best argmin= u over f64 at a into at
    }
    b: i64 = read at
    e: f64 = w[i]
    f: f64 = fmul(e, 2.0)
    g: bool = igt(b, 0)
    for m < d parallel {
      v: f64 = x[i, m]
      y: f64 = fmul(f, v)
      out[b, m] += y over f64 when g
    }
  }
}
"""


def loops(kernel):
    return [s for s in kernel.body if isinstance(s, nest.For)]


def arguments(n, d, k):
    rng = np.random.default_rng(n)
    return [rng.normal(size=(n, d)), rng.normal(size=(k, d)), rng.normal(size=n)], {"n": n, "d": d, "k": k}


def test_the_scatter_runs_after_and_needs_one_number():
    kernel = Fission().run(parse(NEAREST))
    verify(kernel)
    assert parse(show(kernel)) == kernel
    first, second = loops(kernel)
    assert not [s for s in first.body if isinstance(s, nest.For) and any(isinstance(t, nest.Accumulate) for t in s.body)]
    assert [s.name for s in kernel.body if isinstance(s, nest.Allocate)] == ["b.each"], "the rest is cheap to make again"
    assert second.parallel and {d.choice for d in kernel.decisions} == {"kept", "a loop of its own"}


def test_what_stands_in_an_array_of_the_iteration_is_kept_too():
    """The loop after it has no such array."""
    text = NEAREST.replace("    cell best", "    buffer h: f64[k]\n    cell best").replace("e: f64 = w[i]", "e: f64 = h[b]")
    kernel = Fission().run(parse(text.replace("u: f64 = read s", "u: f64 = read s\n      h[a] = u")))
    verify(kernel)
    assert [s.name for s in kernel.body if isinstance(s, nest.Allocate)] == ["b.each", "e.each"]


@pytest.mark.parametrize("sizes", [(1, 1, 1), (37, 3, 4), (5, 0, 2), (0, 2, 2), (64, 8, 9)])
def test_the_result_is_the_same(sizes):
    args, known = arguments(*sizes)
    kernel = parse(NEAREST)
    (want,) = in_python(kernel, args, known)
    (have,) = in_python(Fission().run(kernel), args, known)
    np.testing.assert_allclose(have, want, rtol=1e-13)
    for step in schedule():
        kernel = step.run(kernel)
        verify(kernel)
    (have,) = Machine(kernel)(args, known, [wire("f64[k, d]")])
    np.testing.assert_allclose(have, want, rtol=1e-12)


@pytest.mark.parametrize("why, old, new", [
    ("the loop reads what is added to", "q: f64 = c[a, j]", "q: f64 = out[a, j]"),
    ("what is added reads the sums", "v: f64 = x[i, m]", "v: f64 = out[b, m]"),
    ("the place is the iteration's own", "out[b, m] +=", "out[i, m] +="),
    ("the place is everybody's", "out[b, m] +=", "out[0, m] +="),
    ("a local buffer would be kept for every iteration", "    b: i64 = read at\n",
     "    b: i64 = read at\n    buffer z: f64[d]\n    fill z with 1.0\n"),
    ("the loop could not run in lanes", "    b: i64 = read at\n", "    b: i64 = read at\n    for z < b {\n    }\n"),
    ("too many numbers would be", "y: f64 = fmul(f, v)",
     "y1: f64 = fmul(f, h1)\n y2: f64 = fmul(h2, h3)\n y: f64 = fadd(y1, y2)"),
])  # fmt: skip
def test_where_nothing_is_parted(why, old, new):
    text = NEAREST.replace(old, new)
    if "z:" in new:
        text = text.replace("v: f64 = x[i, m]", "v: f64 = z[m]")
    if "h1" in new:
        text = text.replace("    g: bool", "".join(f"    h{k}: f64 = exp({v})\n" for k, v in ((1, "e"), (2, "f"), (3, "h1")))
                            + "    g: bool")
    kernel = parse(text)
    assert Fission().run(kernel) == kernel, why


def test_a_loop_with_nothing_but_a_scatter_stays():
    f = pb.grad(pb.compile("def f(p: f64[m], at: i64[n]) -> f64 = sum i: p[at[i] % m] ^ 2").f)
    assert "loop of its own" not in f.as_text("schedule")


def test_k_means():
    """The nearest is found in lanes; its gradient and the Hessian's product with ones are what they were."""
    program = "def f(x: f64[n, d], c: f64[k, d]) -> f64 = sum i: min a: sum j: (x[i, j] - c[a, j]) ^ 2"
    cost = pb.compile(program).f
    rng = np.random.default_rng(5)
    x, c = rng.normal(size=(83, 3)), rng.normal(size=(7, 3))
    nearest = ((x[:, None] - c) ** 2).sum(-1).argmin(1)
    want = np.zeros_like(c)
    np.add.at(want, nearest, 2 * (c[nearest] - x))
    gradient, product = pb.grad(cost, argnums="c"), pb.hvp(cost, argnums="c")
    np.testing.assert_allclose(gradient(x, c), want, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(product(x, c, np.ones_like(c)), 2.0 * np.bincount(nearest, minlength=7)[:, None] + 0 * c)
    for function in (gradient, product):
        assert "a loop of its own" in function.as_text("schedule")
