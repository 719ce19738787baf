"""Reductions of loops and what they accumulate are the same in every backend: hand-written kernels against NumPy.

The sizes run around multiples of the lanes, so that full vectors, leftovers and empty loops all occur.
"""

from functools import partial

import numpy as np
import pytest

pytestmark = pytest.mark.slow  # together they take some seconds

SIZES = (0, 1, 3, 4, 5, 7, 8, 9, 17)
INF, NAN = np.inf, np.nan
rng = np.random.default_rng(0)
agree = partial(np.testing.assert_allclose, rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("kind, function, start", [("max", np.argmax, "-inf"), ("min", np.argmin, "+inf")])
def test_extrema_and_their_first_winners(compiled, kind, function, start):
    f = compiled(f"""
        kernel f(x: f64[n]; n) -> (m: f64, at: i64) {{
          cell best: f64 = {start}
          cell other: f64 = {start}
          cell where: i64 = -1
          for i < n parallel {{
            v: f64 = x[i]
            best {kind}= v over f64
            other arg{kind}= v over f64 at i into where
          }}
          r: f64 = read best
          m := r
          q: i64 = read where
          at := q
        }}""")
    assert f([]) == (float(start), -1)
    worst = float(start)
    special = [[NAN], [worst], [worst, worst], [1.0, NAN, NAN], [NAN, 1.0], [2.0, 2.0, 1.0, 2.0], [-INF, INF, INF]]
    drawn = [rng.integers(0, 4, size=n).astype(float) for n in SIZES[1:] for _ in range(5)]
    dotted = [np.where(rng.random(n) < 0.1, NAN, rng.integers(0, 4, size=n)) for n in (9, 17, 33) for _ in range(5)]
    for x in [*special, *drawn, *dotted]:
        m, at = f(x)
        assert at == function(x), x
        np.testing.assert_equal(m, np.asarray(x, float)[at])


def test_integer_and_boolean_reductions(compiled):
    f = compiled("""
        kernel f(x: i32[n], y: i64[n]; n) -> (s: i32, most: i64, at: i64, every: bool, some: bool, odd: bool) {
          cell c1: i32 = 0_i32
          cell c2: i64 = -9223372036854775808
          cell c3: i64 = -1
          cell c4: bool = true
          cell c5: bool = false
          cell c6: bool = false
          for i < n parallel {
            v: i32 = x[i]
            u: i64 = y[i]
            p: bool = igt(v, 0_i32)
            q: i64 = iand(u, 1)
            o: bool = inttobool(q)
            c1 sum= v over i32
            c2 argmax= u over i64 at i into c3
            c4 all= p over bool
            c5 any= p over bool
            c6 sum= o over bit
          }
          r1: i32 = read c1
          s := r1
          r2: i64 = read c2
          most := r2
          r3: i64 = read c3
          at := r3
          r4: bool = read c4
          every := r4
          r5: bool = read c5
          some := r5
          r6: bool = read c6
          odd := r6
        }""")
    for n in SIZES[1:]:
        x = rng.integers(-1, 2**31 - 1, size=n).astype(np.int32)
        y = rng.integers(-5, 5, size=n)
        with np.errstate(over="ignore"):
            wanted = (x.sum(dtype=np.int32), y.max(), y.argmax(), (x > 0).all(), (x > 0).any(), bool((y & 1).sum() & 1))
        assert f(x, y) == wanted
    assert f([], []) == (0, -(2**63), -1, True, False, False)


@pytest.mark.parametrize("ring, wanted", [("z<7>", lambda x: x.sum() % 7), ("z<8>", lambda x: x.sum() % 8),
                                          ("sat<5>", lambda x: min(x.sum(), 4))])  # fmt: skip
def test_sums_in_other_semirings(compiled, ring, wanted):
    f = compiled(f"""
        kernel f(x: i64[n]; n) -> (s: i64, h: i64[1]) {{
          cell c: i64 = 0
          fill h with 0
          for i < n parallel {{
            v: i64 = x[i]
            c sum= v over {ring}
            h[0] += v over {ring}
          }}
          r: i64 = read c
          s := r
        }}""")
    for n in SIZES:
        x = rng.integers(0, 5, size=n)
        s, h = f(x)
        assert s == h[0] == wanted(x)


def test_products_in_other_semirings(compiled):
    f = compiled("""
        kernel f(x: i64[n]; n) -> (s: i64, t: i64) {
          cell c: i64 = 1
          cell d: i64 = 1
          for i < n parallel {
            v: i64 = x[i]
            c prod= v over z<7>
            d prod= v over sat<5>
          }
          r: i64 = read c
          s := r
          q: i64 = read d
          t := q
        }""")
    for n in SIZES:
        x = rng.integers(1, 4, size=n)
        assert f(x) == (x.prod() % 7, min(x.prod(), 4))


def test_accumulation_everywhere(compiled):
    """Into one place, into each lane's own, into the lane's row, and where lanes collide."""
    f = compiled("""
        kernel f(x: f64[n], at: i64[n]; n) -> (one: f64[2], own: f64[n], row: f64[n, 2], bins: f64[3]) {
          fill one with 0.0
          fill own with 1.0
          fill row with 0.0
          fill bins with 0.0
          for i < n parallel {
            v: f64 = x[i]
            k: i64 = at[i]
            one[1] += v over f64
            one[0] += 1.0 over f64
            own[i] += v over f64
            row[i, 1] += v over f64
            bins[k] += v over f64
          }
        }""")
    for n in SIZES:
        x, at = rng.normal(size=n), rng.integers(0, 3, size=n)
        one, own, row, bins = f(x, at)
        agree(one, [n, x.sum()])
        agree(own, 1 + x)
        agree(row, np.stack([0 * x, x], axis=1))
        agree(bins, np.bincount(at, x, 3))


def test_a_reduction_inside_an_inner_loop(compiled):
    """Partial sums of lanes are kept apart until the loop ends; the outer value takes part once."""
    f = compiled("""
        kernel f(x: f64[n, m], first: f64; n, m) -> (s: f64, at: i64) {
          cell c: f64 = first
          cell best: f64 = first
          cell where: i64 = -1
          for i < n parallel {
            cell own: f64 = 0.0
            for j < m {
              v: f64 = x[i, j]
              c sum= v over f64
              own sum= v over f64
            }
            r: f64 = read own
            best argmax= r over f64 at i into where
          }
          r2: f64 = read c
          s := r2
          r3: i64 = read where
          at := r3
        }""")
    for n in SIZES[1:]:
        x = rng.normal(size=(n, 3))
        s, at = f(x, 10.0)
        agree(s, 10.0 + x.sum())
        assert at == x.sum(axis=1).argmax()


def test_a_winner_of_two_loops(compiled):
    """The first loop's winner stays, unless the second has a better one; at a tie the first was earlier."""
    f = compiled("""
        kernel f(x: f64[n], y: f64[n]; n) -> (m: f64, at: i64) {
          cell best: f64 = -inf
          cell where: i64 = -1
          for i < n parallel {
            v: f64 = x[i]
            best argmax= v over f64 at i into where
          }
          for j < n parallel {
            w: f64 = y[j]
            k: i64 = iadd(n, j)
            best argmax= w over f64 at k into where
          }
          r: f64 = read best
          m := r
          q: i64 = read where
          at := q
        }""")
    for n in SIZES[1:]:
        for _ in range(10):
            both = rng.integers(0, 5, size=2 * n).astype(float)
            both[rng.random(2 * n) < 0.05] = NAN
            m, at = f(both[:n], both[n:])
            assert at == both.argmax()
            np.testing.assert_equal(m, both[at])
