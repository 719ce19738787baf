"""Folds as loops: each is run once, its results go straight where they are wanted, and its steps allocate nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

import pullback as pb
from pullback.frontends.testing.ways import every, in_python, interpreted, lowered
from pullback.ir.cost import cost
from pullback.ir.loops import nest
from pullback.ir.unary import text

pytestmark = pytest.mark.slow  # together they take many seconds

M = pb.compile("""
def rows(x: f64[n, m], w: f64) -> f64 = sum i: (fold s = 0 for j: tanh(s * w + x[i, j]))
def series(x: f64[t], w: f64) -> f64 = fold s = 0 for k checkpoint: tanh(w * s + x[k])
def triangle(x: f64[n], w: f64) -> f64 = fold s = 0 for i < n: (fold u = s for j < i + 1: sin(u) * x[j])
def turned(x: f64[n], w: f64) -> f64 = fold s = 0 for i < n: (fold u = s for j < n - i: sin(u) * x[j])
def matrices(x: f64[n, n], w: f64) -> f64 =
    let y = fold s = x for k < n:
        let z = for i, j: sum l: s[i, l] * x[l, j]
        let d = sum i, j: z[i, j]^2
        for i, j: z[i, j] / (1 + d)
    sum i, j: y[i, j] * w
def towers(x: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = x for k < t:
        fold u = s for j < 3: for i: tanh(sum l: w[i, l] * u[l])
    sum i: y[i]
def gathered(x: f64[n], w: f64) -> f64 =
    let y = fold s = x for k < 3:
        let z = for i: tanh(sum j: w * s[j] + s[i])
        for i < n: z[(3 * i) % n] * z[(5 * i + 1) % n]
    sum i: y[i]
""")
PROGRAMS = ("rows", "series", "triangle", "turned", "matrices", "gathered")


def gradient(name: str) -> nest.Kernel:
    return pb.value_and_grad(getattr(M, name), (0, 1)).executable.kernel


def growth(name: str, of: str, small: dict[str, int]) -> float:
    """How the elements written grow when one size is doubled twice."""
    few, many = (cost(gradient(name), {**small, of: small[of] * k}) for k in (1, 4))
    return many.stores / few.stores


def test_the_gradient_of_many_folds_is_linear_in_their_number() -> None:
    kernel = gradient("rows")
    loops = [s for s in every(kernel.body) if isinstance(s, nest.For) and not s.parallel]
    assert [s.backward for s in loops] == [False, True], "the fold, and its reverse; the fold is not run again"
    assert growth("rows", "n", {"n": 10, "m": 10}) < 4.1
    assert growth("rows", "m", {"n": 10, "m": 10}) < 4.1
    assert cost(kernel, {"n": 10, "m": 100}).held == 8 * 100


def test_the_gradient_by_what_a_checkpointed_fold_reads_is_linear_in_its_length() -> None:
    """Its segments add to one array; none of them has one of its own."""
    assert growth("series", "t", {"t": 100}) < 4.1
    assert cost(gradient("series"), {"t": 100}).held == 8 * 20


def test_the_gradient_of_a_fold_of_folds_is_linear_in_its_length() -> None:
    """No step makes what other steps need; and of each step the state is kept, nothing else."""
    assert growth("towers", "t", {"t": 10, "n": 5}) < 4.1
    few, many = (cost(gradient("towers"), {"t": t, "n": 5}).held for t in (100, 200))
    assert many - few == 8 * 100 * 5


def allocations(statements: Sequence[nest.Statement], sequential: bool = False) -> Iterator[nest.Allocate]:
    """Those that are done again in every step of a sequential loop."""
    for s in statements:
        match s:
            case nest.Allocate() if sequential:
                yield s
            case nest.For():
                yield from allocations(s.body, not s.parallel)
            case nest.Loop():
                yield from allocations((*s.head, *s.body), True)
            case nest.If():
                yield from allocations((*s.then, *s.orelse), sequential)


def test_no_step_allocates() -> None:
    for name in PROGRAMS:
        for derived in (pb.value_and_grad(getattr(M, name), (0, 1)), pb.hvp(getattr(M, name), 1)):
            kernel = derived.executable.kernel
            assert [s.name for s in allocations(kernel.body)] == [], f"{name}: {derived}"


def test_what_is_allocated_before_is_large_enough() -> None:
    """Sizes that differ from step to step, by the meaning and as kernels."""
    for name in PROGRAMS:
        f = pb.value_and_grad(getattr(M, name), (0, 1))
        rank = len(f.term.dom[0].shape)
        for n in (0, 1, 2, 5, 9):
            x = np.linspace(-1, 1, n**rank).reshape((n,) * rank)
            sizes = dict.fromkeys(f.term.sizes, n)
            expected = interpreted(f.term, [x, np.float64(0.4)], sizes)
            for have, want in zip(in_python(lowered(f.term), [x, np.float64(0.4)], sizes), expected, strict=True):
                np.testing.assert_allclose(have, want, rtol=1e-11, atol=1e-13)


WANTED_OFTEN = """unary f [n] (0 x: f64[n], 1 w: f64) {
  2 = constant 1.0 : f64
  3, 4 = loop i < n (3: i64, 4: f64 = 2) {
    5 = index 0 3 : f64
    6 = mul 4 5 : f64
  } 6, build 4
  5 = loop i < n (5: i64) {
  } build 4
  6 = add 0 4 : f64[n]
  7 = loop i < n (7: i64) {
    8 = index 4 7 : f64
    9 = mul 8 8 : f64
  } sum 9
  8 = loop i < n (8: i64) {
    9 = add 0 4 : f64[n]
  } sum 9
} -> RESULTS
"""


def test_a_result_is_written_straight_only_where_one_place_wants_it() -> None:
    """Every row of an array is the loop's result; it is added to another array and read; it is added in every step."""
    for results in ("5", "6", "8", "5, 6", "6, 7", "6, 8", "4, 6", "4, 5", "5, 8", "3, 5, 6, 7, 8", "6, 6"):
        term = text.parse(WANTED_OFTEN.replace("RESULTS", results))
        for n in (0, 1, 4):
            args = [np.linspace(0.5, 1.5, n), np.float64(2)]
            for have, want in zip(in_python(lowered(term), args, {"n": n}), interpreted(term, args, {"n": n}), strict=True):
                np.testing.assert_allclose(have, want, rtol=1e-13)


TWO_STATES = """unary f [n] (0 x: f64[n], 1 y: f64[n]) {
  2, 3, 4, 5 = loop t < 2 (2: i64, 3: f64[n] = 0, 4: f64[n] = 1) {
    5 = add 3 4 : f64[n]
  } 5, 4, sum 3, sum 4
  6 = add 2 4 : f64[n]
  7 = add 3 5 : f64[n]
  8, 9 = loop t < 2 (8: i64, 9: f64[n] = 6, 10: f64[n] = 7) {
    11 = add 9 10 : f64[n]
  } 11, 9
} -> 8, 9
"""


def test_two_first_states_from_one_loop() -> None:
    """Each first state adds a sum that no one else wants, of a loop that has run before."""
    term = text.parse(TWO_STATES)
    for n in (0, 1, 3):
        args = [np.linspace(0.5, 1.5, n), np.linspace(-1.0, 2.0, n)]
        for have, want in zip(in_python(lowered(term), args, {"n": n}), interpreted(term, args, {"n": n}), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-13)


ONE_NEEDS_THE_OTHER = """unary f [n, m] (0 x: f64[n, m]) {
  1 = loop i < n (1: i64) {
    2 = index 0 1 : f64[m]
    3 = constant 1.0 : f64
    4 = loop j < m (4: i64, 5: f64 = 3) {
      6 = index 2 4 : f64
      7 = mul 5 6 : f64
    } 7
    5, 6 = loop j < m (5: i64, 6: f64 = 3) {
      7 = index 2 5 : f64
      8 = mul 6 7 : f64
      9 = mul 6 4 : f64
    } 8, sum 9
    7, 8 = loop j < m (7: i64, 8: f64 = 3) {
      9 = index 2 7 : f64
      10 = mul 8 9 : f64
    } 10, build 10
    9 = loop k < m (9: i64) {
      10 = index 8 9 : f64
    } sum 10
    10 = add 6 9 : f64
    11 = add 10 7 : f64
  } build 11
} -> 1
"""


def test_loops_that_run_the_same_steps_are_one_unless_one_needs_the_other() -> None:
    term = text.parse(ONE_NEEDS_THE_OTHER)
    kernel = lowered(term)
    assert sum(isinstance(s, nest.For) and not s.parallel for s in every(kernel.body)) == 2
    x = np.linspace(0.5, 1.5, 12).reshape(4, 3)
    (have,), (want,) = in_python(kernel, [x], {"n": 4, "m": 3}), interpreted(term, [x], {"n": 4, "m": 3})
    np.testing.assert_allclose(have, want, rtol=1e-13)
