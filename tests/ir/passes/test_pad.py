"""A convolution's reverse by its images gathers what it would scatter, where that is allowed and worth it."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.objects import parse as wire
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes.tile import Tile
from pullback.ir.passes.vary import statements_in
from pullback.ir.passes.whole import Whole

BACK = """kernel back(w: f64[o, c, r], g: f64[n, o, u]; n, o, c, r, u, y) -> (out: f64[n, c, y]) {
  fill out with 0.0
  for i < n parallel {
    for f < o parallel {
      for k < u parallel {
        a: f64 = g[i, f, k]
        for p < c parallel {
          for q < r parallel {
            b: f64 = w[f, p, q]
            t: f64 = fmul(b, a)
            at: i64 = iadd(k, q)
            out[i, p, at] += t over f64
          }
        }
      }
    }
  }
}
"""


def expected(w, g, y):
    out = np.zeros((len(g), w.shape[1], y))
    for k in range(g.shape[2]):
        for q in range(w.shape[2]):
            out[:, :, k + q] += g[:, :, k] @ w[:, :, q]
    return out


SHAPES = [  # n, o, c, r, u, and places that are left over
    (2, 3, 4, 3, 9, 0), (1, 5, 2, 1, 4, 0), (1, 1, 1, 2, 2, 0), (2, 4, 3, 3, 14, 2), (1, 2, 13, 3, 5, 0), (3, 2, 2, 4, 30, 0),
    (1, 2, 3, 9, 4, 0), (1, 2, 3, 3, 5, 7),  # few places to gather from
    (0, 2, 2, 2, 4, 0), (1, 0, 2, 2, 4, 0), (1, 2, 0, 2, 4, 0), (1, 2, 2, 0, 4, 1), (1, 2, 2, 2, 0, 1), (1, 2, 2, 0, 0, 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def machine():
    return Machine(Tile(32).run(Whole().run(parse(BACK))))


@pytest.mark.parametrize("shape", SHAPES)
def test_gathered_or_scattered_it_is_the_same(machine, shape):
    n, o, c, r, u, rest = shape
    y = max(u + r - 1, 0) + rest
    kernel = Whole().run(parse(BACK))
    verify(kernel)
    assert parse(show(kernel)) == kernel
    assert [(d.place, d.choice) for d in kernel.decisions] == [("out", "gathered")]
    rng, sizes = np.random.default_rng(n), dict(zip("nocruy", (n, o, c, r, u, y), strict=True))
    args = [rng.normal(size=(o, c, r)), rng.normal(size=(n, o, u))]
    for made in (in_python(kernel, args, sizes), machine(args, sizes, [wire("f64[n, c, y]")])):
        np.testing.assert_allclose(made[0], expected(*args, y), rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("worst", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("zero", [False, True])
def test_what_is_not_finite_spoils_no_place_to_which_it_does_not_come(machine, worst, zero):
    """A weight times a zero that only stands around the cotangent is not part of the sum."""
    kernel, (n, o, c, r, u) = Whole().run(parse(BACK)), (2, 2, 3, 3, 9)
    sizes = {"n": n, "o": o, "c": c, "r": r, "u": u, "y": u + r - 1}
    w, g = np.ones((o, c, r)), np.zeros((n, o, u)) if zero else np.ones((n, o, u))
    w[1, 2, 0] = worst
    with np.errstate(invalid="ignore"):
        want = expected(w, g, u + r - 1)
    assert np.isfinite(want[:, 2]).any()
    for made in (in_python(kernel, [w, g], sizes), machine([w, g], sizes, [wire("f64[n, c, y]")])):
        np.testing.assert_array_equal(made[0], want)


@pytest.mark.parametrize("change", [
    ("at: i64 = iadd(k, q)", "at: i64 = isub(k, q)"),
    ("at: i64 = iadd(k, q)", "k2: i64 = imul(k, 2)\n at: i64 = iadd(k2, q)"),  # a step
    ("a: f64 = g[i, f, k]", "z: i64 = iadd(k, 1)\n a: f64 = g[i, f, z]"),  # not all of it
    ("for i < n parallel {", "for i < 1 parallel {"),
    ("fill out with 0.0", "fill out with 1.0"),
])  # fmt: skip
def test_others_are_left_alone(change):
    kernel = parse(BACK.replace(*change))
    assert kernel != parse(BACK)
    assert Whole().run(kernel) == kernel


def test_the_reverse_of_a_convolution_in_two_directions():
    f = pb.compile("""def f(w: f64[o, c, r, s], im: f64[n, c, y, x]) =
        for i, f, a < y - r + 1, b < x - s + 1: sum p, q, t: w[f, p, q, t] * im[i, p, a + q, b + t]""").f
    back = pb.reverse(f)
    kernel = parse(back.as_text("schedule"))
    assert "gathered" in [d.choice for d in kernel.decisions]
    assert any(isinstance(s, nest.If) and any(isinstance(t, nest.For) and t.tile for t in s.then) for s in kernel.body)
    assert len({s.index for s in statements_in(kernel.body) if isinstance(s, nest.For)}) == len(
        [s for s in statements_in(kernel.body) if isinstance(s, nest.For)])  # passes tell loops apart by their indices
    rng = np.random.default_rng(0)
    for n, o, c, r, s, y, x in [(2, 2, 2, 2, 3, 5, 6), (1, 2, 1, 3, 3, 3, 3)]:
        w, images = rng.normal(size=(o, c, r, s)), rng.normal(size=(n, c, y, x))
        cotangent = rng.normal(size=(n, o, y - r + 1, x - s + 1))
        meaning = back.with_settings(backend="interpreter")
        for have, want in zip(back(w, images, cotangent), meaning(w, images, cotangent), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-12, atol=1e-13)
