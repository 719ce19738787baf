"""Each statement of the loop nests means the same in every backend: hand-written kernels against NumPy.

The sizes run around multiples of the lanes, so that full vectors, leftovers and empty loops all occur.
"""

from functools import partial

import numpy as np
import pytest

from pullback.backends.numba.run import KernelError

pytestmark = pytest.mark.slow  # together they take some seconds

SIZES = (0, 1, 3, 4, 5, 7, 8, 9, 17)
rng = np.random.default_rng(0)
agree = partial(np.testing.assert_allclose, rtol=1e-14, atol=1e-14)


def test_map_and_sum(compiled):
    f = compiled("""
        kernel f(x: f64[n], a: f64; n) -> (y: f64[n], s: f64) {
          cell total: f64 = 0.0
          for i < n parallel {
            v: f64 = x[i]
            u: f64 = fmul(v, a)
            e: f64 = exp(u)
            y[i] = e
            total sum= e over f64
          }
          r: f64 = read total
          s := r
        }""")
    for n in SIZES:
        x = rng.normal(size=n)
        y, s = f(x, 0.5)
        agree(y, np.exp(0.5 * x))
        agree(s, np.exp(0.5 * x).sum())


def test_f32_stays_f32(compiled):
    f = compiled("""
        kernel f(x: f32[n], a: f32; n) -> (y: f32[n], s: f32, p: f32) {
          cell total: f32 = 0.0_f32
          cell product: f32 = 1.0_f32
          for i < n parallel {
            v: f32 = x[i]
            u: f32 = fmul(v, a)
            w: f32 = fadd(u, 0.1_f32)
            y[i] = w
            total sum= w over f32
            product prod= w over f32
          }
          r: f32 = read total
          s := r
          q: f32 = read product
          p := q
        }""")
    for n in SIZES:
        x = rng.normal(size=n).astype(np.float32)
        y, s, p = f(x, 0.3)
        w = x * np.float32(0.3) + np.float32(0.1)
        assert y.dtype == np.float32 and type(s) is type(p) is np.float32
        np.testing.assert_allclose(y, w, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(s, w.sum(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(p, w.prod(), rtol=1e-5)


def test_rows_columns_and_gathers(compiled):
    f = compiled("""
        kernel f(x: f64[n, m], at: i64[n]; n, m) -> (row: f64[n, m], turned: f64[m, n], picked: f64[n], back: f64[n]) {
          for i < n parallel {
            for j < m {
              v: f64 = x[i, j]
              row[i, j] = v
              turned[j, i] = v
            }
            k: i64 = at[i]
            p: f64 = x[k, 0]
            picked[i] = p
            last: i64 = isub(n, 1)
            mirrored: i64 = isub(last, i)
            q: f64 = x[mirrored, 0]
            back[mirrored] = q
          }
        }""")
    for n in SIZES:
        x, at = rng.normal(size=(n, 3)), rng.integers(0, max(n, 1), size=n)
        for got, wanted in zip(f(x, at), (x, x.T, x[at, 0], x[:, 0]), strict=True):
            np.testing.assert_array_equal(got, wanted)


def test_shifted_windows(compiled):
    f = compiled("""
        kernel f(x: f64[n], y: f64[n]; n) -> (d: f64[n]) {
          last: i64 = isub(n, 1)
          fill d with 0.0
          for i < last parallel {
            j: i64 = iadd(i, 1)
            a: f64 = x[i]
            b: f64 = x[j]
            c: f64 = fsub(b, a)
            d[j] = c
          }
        }""")
    for n in SIZES:
        x = rng.normal(size=n)
        agree(f(x, x)[0], np.concatenate([[0.0][: n > 0], np.diff(x)]))


def test_predicated_access_touches_no_memory(compiled):
    """The index is far outside the array where the condition does not hold."""
    f = compiled("""
        kernel f(x: f64[n], far: i64[n]; n) -> (y: f64[n], h: f64[n], one: f64[n], s: f64[1]) {
          fill h with 0.0
          fill s with 0.0
          for i < n parallel {
            j: i64 = far[i]
            ok: bool = ilt(j, n)
            v: f64 = x[j] when ok
            y[i] = v
            h[j] += v over f64 when ok
            no: bool = ilt(n, 0)
            out: f64 = x[1000000000000] when no
            one[i] = out
            hole: i64 = select(ok, 0, 1000000000000)
            maybe: f64 = x[hole] when ok
            s[0] += maybe over f64 when ok
            s[1000000000000] += maybe over f64 when no
          }
        }""")
    for n in SIZES:
        x, far = rng.normal(size=n), rng.integers(0, max(n, 1), size=n)
        gone = rng.random(n) < 0.5
        far[gone] = 10**12
        y, h, one, s = f(x, far)
        wanted = np.zeros(n)
        np.add.at(wanted, far[~gone], x[far[~gone]])
        np.testing.assert_array_equal(y, np.where(gone, 0.0, x[np.where(gone, 0, far)] if n else x))
        agree(h, wanted)
        np.testing.assert_array_equal(one, np.zeros(n))
        agree(s, [x[0] * (~gone).sum() if n else 0.0])


def test_local_buffers_and_inner_loops(compiled):
    """A small array for each iteration, filled in a loop and read at places that differ; one of run-time size."""
    f = compiled("""
        kernel f(x: f64[n, m], at: i64[n]; n, m) -> (y: f64[n], z: f64[n]) {
          for i < n parallel {
            buffer t: f64[4]
            buffer u: f64[m] zero
            fill t with 2.0
            for j < m {
              v: f64 = x[i, j]
              e: f64 = fmul(v, v)
              k: i64 = imod(j, 4)
              t[k] += e over f64
              u[j] = e
            }
            buffer w: f64[4]
            copy w from t
            p: i64 = at[i]
            a: f64 = w[p]
            y[i] = a
            w[p] = 0.0
            w[p] += 7.0 over f64
            cell s: f64 = 0.0
            for j2 < m backward {
              b: f64 = u[j2]
              s sum= b over f64
            }
            c: f64 = w[0]
            s sum= c over f64
            r: f64 = read s
            z[i] = r
          }
        }""")
    for n in SIZES:
        for m in (0, 3, 6):
            x, at = rng.normal(size=(n, m)), rng.integers(0, 4, size=n)
            t = np.full((n, 4), 2.0)
            for j in range(m):
                t[:, j % 4] += x[:, j] ** 2
            w = t.copy()
            w[np.arange(n), at] = 7.0
            y, z = f(x, at)
            agree(y, t[np.arange(n), at])
            agree(z, (x**2).sum(axis=1) + w[:, 0])


def test_branches(compiled):
    """Stores, sums, checks, accumulations and cells happen only where the branch is taken."""
    f = compiled("""
        kernel f(x: f64[n]; n) -> (y: f64[n], s: f64, count: i64, h: f64[1], last: f64) {
          site PB0701 "no"
          cell total: f64 = 0.0
          cell steps: i64 = 0
          cell top: f64 = -inf
          cell place: i64 = -1
          fill h with 0.0
          for i < n parallel {
            v: f64 = x[i]
            up: bool = fgt(v, 0.0)
            cell c: f64 = -1.0
            if up {
              l: f64 = log(v)
              y[i] = l
              total sum= l over f64
              top argmax= l over f64 at i into place
              h[0] += 1.0 over f64
              check up site 0 (i, n)
              c := l
              big: bool = fgt(v, 1.0)
              if big {
                c := 100.0
                steps sum= 1 over i64
              }
            } else {
              y[i] = v
              down: bool = bnot(up)
              check down site 0 (i, n)
              steps sum= 1000 over i64
            }
            r: f64 = read c
            y[i] += r over f64
          }
          r1: f64 = read total
          s := r1
          r2: i64 = read steps
          count := r2
          r3: f64 = read top
          last := r3
        }""")
    for n in SIZES:
        x = np.append(rng.normal(size=n), 2.0)
        x[rng.random(n + 1) < 0.1] = np.nan
        with np.errstate(invalid="ignore"):
            log = np.log(x)
        up = x > 0
        y, s, count, h, top = f(x)
        np.testing.assert_allclose(y, np.where(up, log, x) + np.where(x > 1, 100.0, np.where(up, log, -1.0)), rtol=1e-14)
        agree(s, log[up].sum())
        assert count == (x > 1).sum() + 1000 * (~up).sum()
        assert h[0] == up.sum()
        agree(top, max(log[up], default=-np.inf))


def test_sequential_loops_with_carries(compiled):
    """A scan from either end; a recurrence over two buffers that change places."""
    f = compiled("""
        kernel f(x: f64[n], k: i64; n) -> (up: f64[n], down: f64[n], smooth: f64[n]) {
          cell a: f64 = 0.0
          for i < n {
            v: f64 = x[i]
            a sum= v over f64
            r: f64 = read a
            up[i] = r
          }
          cell b: f64 = 0.0
          for i2 < n backward {
            v2: f64 = x[i2]
            b sum= v2 over f64
            r2: f64 = read b
            down[i2] = r2
          }
          buffer now: f64[n]
          buffer next: f64[n]
          copy now from x
          for t < k {
            for i3 < n parallel {
              v3: f64 = now[i3]
              w3: f64 = fmul(v3, 0.5)
              u3: f64 = sitofp(t)
              z3: f64 = fadd(w3, u3)
              next[i3] = z3
            }
            swap now, next
          }
          copy smooth from now
        }""")
    for n in SIZES:
        for k in (0, 1, 4):
            x = rng.normal(size=n)
            up, down, smooth = f(x, k)
            agree(up, np.cumsum(x))
            agree(down, np.cumsum(x[::-1])[::-1])
            for t in range(k):
                x = x * 0.5 + t
            agree(smooth, x)


def test_loops_that_last_as_long_as_their_lane_wants(compiled):
    """`while` with a condition that differs between lanes, and a bound that does; swaps inside."""
    f = compiled("""
        kernel f(x: i64[n]; n) -> (steps: i64[n], triangle: i64[n], flipped: i64[n], total: i64) {
          cell all: i64 = 0
          for i < n parallel {
            start: i64 = x[i]
            cell c: i64 = start
            cell k: i64 = 0
            loop {
              v: i64 = read c
              going: bool = ine(v, 1)
            } while going {
              half: i64 = ifloordiv(v, 2)
              odd: i64 = iand(v, 1)
              is_odd: bool = ieq(odd, 1)
              more: i64 = imul(v, 3)
              next: i64 = iadd(more, 1)
              new: i64 = select(is_odd, next, half)
              c := new
              k sum= 1 over i64
              all sum= 1 over i64
            }
            r: i64 = read k
            steps[i] = r
            cell t: i64 = 0
            for j < start {
              t sum= j over i64
            }
            r2: i64 = read t
            triangle[i] = r2
            buffer a: i64[2]
            buffer b: i64[2]
            a[1] = start
            b[1] = -1
            swap a, b
            swap a, b
            swap a, b
            q: i64 = b[1]
            w: i64 = a[1]
            z: i64 = iadd(q, w)
            flipped[i] = z
          }
          r3: i64 = read all
          total := r3
        }""")

    def collatz(v):
        steps = 0
        while v != 1:
            v, steps = (3 * v + 1 if v & 1 else v // 2), steps + 1
        return steps

    for n in SIZES:
        x = rng.integers(1, 30, size=n)
        steps, triangle, flipped, total = f(x)
        assert steps.tolist() == [collatz(v) for v in x.tolist()]
        assert triangle.tolist() == (x * (x - 1) // 2).tolist()
        assert flipped.tolist() == (x - 1).tolist()
        assert total == steps.sum()


def test_a_failing_check_stops_with_its_record(compiled):
    f = compiled("""
        kernel f(at: i64[n], x: f64[m]; n, m) -> (y: f64[n]) {
          site PB0702 "never"
          site PB0701 "index outside its array"
          buffer big: f64[n, 100]
          for i < n parallel {
            buffer own: f64[m]
            k: i64 = at[i]
            low: bool = ige(k, 0)
            high: bool = ilt(k, m)
            ok: bool = band(low, high)
            check true site 0 (0, 0)
            check ok site 1 (k, m)
            v: f64 = x[k]
            y[i] = v
          }
        }""")
    x = np.arange(5.0)
    for n in SIZES:
        at = rng.integers(0, 5, size=n)
        agree(f(at, x)[0], x[at])
        for wrong in range(n):
            for value in (-1, 5, 10**15):
                bad = at.copy()
                bad[wrong] = value
                bad[wrong + 1 :] = 99
                with pytest.raises(KernelError) as stop:
                    f(bad, x)
                assert stop.value.record == (1, 1, value, 5)


def test_scalars_of_every_kind_go_in_and_out(compiled):
    f = compiled("""
        kernel f(a: f64, b: f32, c: i64, d: i32, e: bool, z: bool[n]; n) -> (
            a1: f64, b1: f32, c1: i64, d1: i32, e1: bool, z1: bool[n]) {
          a1 := a
          b1 := b
          c1 := c
          d1 := d
          not: bool = bnot(e)
          e1 := not
          for i < n parallel {
            v: bool = z[i]
            w: bool = bxor(v, e)
            z1[i] = w
          }
        }""")
    for n in SIZES:
        z = rng.random(n) < 0.5
        *scalars, flipped = f(-1.5, 0.1, -(2**63), -7, True, z)
        assert scalars == [-1.5, np.float32(0.1), -(2**63), -7, False]
        np.testing.assert_array_equal(flipped, ~z)


def test_shapes_are_computed_from_sizes(compiled):
    f = compiled("""
        kernel f(x: f64[n, m]; n, m) -> (flat: f64[nm], tri: f64[t, 2]) {
          nm: i64 = imul(n, m)
          less: i64 = isub(n, 1)
          twice: i64 = imul(n, less)
          t: i64 = ifloordiv(twice, 2)
          for k < nm parallel {
            i: i64 = ifloordiv(k, m)
            j: i64 = imod(k, m)
            v: f64 = x[i, j]
            flat[k] = v
          }
          fill tri with 3.0
        }""")
    for n in SIZES:
        x = rng.normal(size=(n, 3))
        flat, tri = f(x)
        np.testing.assert_array_equal(flat, x.ravel())
        np.testing.assert_array_equal(tri, np.full((n * (n - 1) // 2, 2), 3.0))


def test_loops_under_branches(compiled):
    """Lanes for which the branch is not taken stay out of the loops inside it, however long theirs would have been."""
    f = compiled("""
        kernel f(x: i64[n]; n) -> (s: i64, own: i64[n], most: i64) {
          cell total: i64 = 0
          cell longest: i64 = -9
          for i < n parallel {
            v: i64 = x[i]
            two: i64 = imod(v, 2)
            odd: bool = ieq(two, 1)
            cell c: i64 = 0
            if odd {
              for j < v {
                total sum= j over i64
                c sum= 1 over i64
                longest max= j over i64
                k: i64 = imod(j, 3)
                third: bool = ieq(k, 0)
                if third {
                  c sum= 100 over i64
                }
              }
              loop {
                r: i64 = read c
                going: bool = igt(r, 50)
              } while going {
                c sum= -50 over i64
                total sum= 1000 over i64
              }
            }
            q: i64 = read c
            own[i] = q
          }
          r1: i64 = read total
          s := r1
          r2: i64 = read longest
          most := r2
        }""")
    for n in SIZES:
        x = rng.integers(0, 9, size=n)
        odd = x[x % 2 == 1]
        count = odd + 100 * ((odd + 2) // 3)
        rounds = np.maximum(0, -((50 - count) // 50))
        s, own, most = f(x)
        assert s == (odd * (odd - 1) // 2).sum() + 1000 * rounds.sum()
        assert own[x % 2 == 1].tolist() == (count - 50 * rounds).tolist() and not own[x % 2 == 0].any()
        assert most == max(odd - 1, default=-9)
