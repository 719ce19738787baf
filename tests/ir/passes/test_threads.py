"""Which loops threads share, into how many parts, and what must not be shared."""

import numpy as np
import pytest

import pullback as pb
from pullback.backends.numba.run import compile_numba
from pullback.core.errors import VerifyFault
from pullback.core.objects import I64
from pullback.ir.loops import nest
from pullback.ir.loops.sharing import Inseparable, sharing
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes import Lanes, Threads, Tile
from pullback.ir.work import Work

PROGRAM = """
def predict(w: f64[d], b: f64, x: f64[d]) -> f64 = sigmoid((sum j: w[j] * x[j]) + b)
def loss(w: f64[d], b: f64, xs: f64[n, d], ys: f64[n]) -> f64 =
    let p = for i: predict(w, b, xs[i])
    mean i: -(ys[i] * log(p[i]) + (1 - ys[i]) * log(1 - p[i]))
"""


def cut(function, threads=2, bytes=64):
    kernel = Threads(threads).run(Lanes(bytes).run(function.executable.kernel))
    verify(kernel)
    assert parse(show(kernel)) == kernel
    return kernel


def loops(statements):
    for s in statements:
        if isinstance(s, nest.For):
            yield s
            yield from loops(s.body)


def parts(kernel, **sizes):
    """How many parts each shared loop has at these sizes, by index: the kernel is run for it, in Python, without its loops."""
    found = {}
    for s in kernel.body:
        if isinstance(s, nest.For) and s.split is not None:
            number = nest.Number("parts", I64)
            lets = [t for t in kernel.body if isinstance(t, nest.Let) and t.name.startswith((f"{s.index}.", "t"))]
            integers = [t for t in lets if not any(a.startswith("r") for a in t.args if isinstance(a, str))]
            assign = nest.Assign("parts", s.split.parts)
            asked = nest.Kernel("asked", (), kernel.sizes, (number,), (*integers, assign))
            found[s.index] = int(compile_numba(asked, jit=False)(**{k: np.int64(v) for k, v in sizes.items()})[0])
    return found


def test_the_gradient_of_logistic_regression(golden):
    golden(show(cut(pb.grad(pb.compile(PROGRAM).loss, argnums=(0, 1)))))


def test_one_thread_changes_nothing():
    kernel = pb.compile(PROGRAM).loss.executable.kernel
    assert Threads(1).run(kernel) is kernel


def test_a_small_loop_has_one_part_and_a_large_one_at_most_four_for_each_thread():
    f = pb.compile("def f(x: f64[n]) -> f64[n] = for i: exp(x[i])").f
    for threads in (2, 16):
        kernel = cut(f, threads)
        assert parts(kernel, n=0) == {"i1": 0}
        assert parts(kernel, n=100_000) == {"i1": 0}
        assert 2 <= parts(kernel, n=1_000_000)["i1"] <= 8
        assert parts(kernel, n=10**9) == {"i1": 4 * threads}


def test_a_part_of_a_contraction_has_rows_enough_for_a_tile():
    f = pb.compile("def f(a: f64[n, k], b: f64[k, m]) = for i, j: sum l: a[i, l] * b[l, j]").f
    kernel = Threads(4).run(Tile().run(f.executable.kernel))
    (loop,) = (s for s in loops(kernel.body) if s.tile)
    for n, least in ((8, 4), (64, 4), (1600, 16)):
        assert parts(kernel, n=n, k=4000, m=4000)[loop.index] == least


def test_a_loop_that_is_short_whatever_the_sizes_are_stays_whole():
    for size, split in (("128", False), ("n", True), ("10_000_000", True)):
        (loop,) = loops(cut(pb.compile(f"def f(x: f64[{size}]) -> f64[{size}] = for i: x[i] * x[i]").f).body)
        assert (loop.split is not None) is split


def test_copies_are_paid_for_by_work():
    """The same work on a wider array: clearing and adding up copies of it would take longer than is won."""
    kernel = cut(pb.grad(pb.compile("def f(w: f64[d], k: i64[n], x: f64[n]) -> f64 = sum i: exp(w[k[i]] * x[i])").f))
    (loop,) = (s for s in loops(kernel.body) if s.split)
    assert loop.split.own == ("out0",)
    assert parts(kernel, n=10**6, d=10)[loop.index] >= 4
    assert parts(kernel, n=10**6, d=10**6)[loop.index] <= 1


def test_a_count_from_an_array_and_a_record_with_awkward_names():
    """What is loaded before a loop tells its work; names made for that keep clear of a record's fields."""
    function = pb.compile("""
def f(i5: {t0: i64[1], x: f64[n]}) -> f64 = sum k < i5.t0[0]: exp(f64(k) / f64(len(i5.x)))
""").f
    kernel = cut(function)
    (loop,) = (s for s in kernel.body if isinstance(s, nest.For))
    assert loop.split is not None and loop.index == "i5"
    assert function({"t0": np.array([3]), "x": np.ones(2)}) == pytest.approx(np.exp(np.arange(3) / 2).sum())


def test_the_outermost_loop_is_cut_and_a_short_one_is_not():
    kernel = cut(pb.compile("def f(x: f64[3, n, m]) -> f64[3, n, m] = for c, i, j: exp(x[c, i, j])").f)
    assert [bool(s.split) for s in loops(kernel.body)] == [False, True, False]


def test_what_is_next_to_nothing_beside_another_loop_is_left_alone():
    kernel = cut(pb.compile("""
def f(x: f64[n, l, m], w: f64[m]) -> f64 =
    let v = for j: exp(w[j])
    sum i, k, j: exp(x[i, k, j] * v[j])
""").f)
    outer = [s for s in kernel.body if isinstance(s, nest.For)]
    assert [bool(s.split) for s in outer] == [False, True]


def test_work_of_triangles_and_of_bounds_from_inside():
    loop = next(loops(parse("""
        kernel f(x: f64[n, n]; n) -> (y: f64[n]) {
          for i < n parallel {
            k: i64 = iadd(i, 2)
            for j < k {
              y[j] = 1.0
            }
          }
        }""").body))
    work = Work(frozenset(["n"])).loop(loop)
    assert work["n", "n"] * 2 == pytest.approx(Work(frozenset(["n", "k"])).loop(loop)["k", "n"])


SHARED = """
kernel f(x: f64[n], k: i64[n]; n) -> (y: f64[n], h: f64[n, 4], g: f64[4], s: f64) {
  cell total: f64 = 0.0
  for i < n parallel split 3 threads 2 own g {
    a: f64 = x[i]
    at: i64 = k[i]
    next: i64 = iadd(i, n)
    y[i] = a
    h[next, at] += a over f64
    g[at] += a over f64
    total sum= a over f64
  }
}
"""


def test_what_a_loop_shares():
    shared = sharing(next(loops(parse(SHARED).body)))
    assert (shared.scalars, shared.buffers) == (("n",), ("x", "k", "y", "h", "g"))
    assert (list(shared.summed), list(shared.reduced), shared.written) == (["g"], ["total"], {"y", "h", "g"})


@pytest.mark.parametrize("place, apart", [("iadd(i, n)", True), ("isub(n, i)", True), ("iadd(i, at)", False),
                                          ("isub(i, i)", False), ("iadd(n, n)", False), ("imul(i, n)", False)])  # fmt: skip
def test_places_that_no_two_iterations_share(place, apart):
    """An index moved by what stays the same is one: not by what each iteration loads, and not by itself."""
    shared = sharing(next(loops(parse(SHARED.replace("iadd(i, n)", place)).body)))
    assert ("h" in shared.summed) is not apart


@pytest.mark.parametrize("old, new, message", [
    ("own g", "", "parts need copies of ['g'], and have []"),
    ("own g", "own g, h", "parts need copies of ['g'], and have ['g', 'h']"),
    ("threads 2", "threads 1", "one thread shares nothing"),
    ("split 3", "split true", "the number of parts is i64, not bool"),
    ("parallel split", "split", "its iterations have an order"),
    ("parallel split", "backward parallel split", "its iterations have an order"),
    ("y[i] = a", "b: f64 = g[at]", "`g` is added to and seen by all"),
    ("y[i] = a", "g[at] = a", "`g` is added to and seen by all"),
    ("y[i] = a", "b: f64 = read total", "`total` is read"),
    ("y[i] = a", "total max= a over f64", "`total` is reduced into in two ways"),
    ("y[i] = a", "fill y with 0.0", "the whole of `y` is written"),
    ("y[i] = a", "for j < n parallel split 2 threads 2 {\n}", "lies inside another"),
])  # fmt: skip
def test_what_must_not_be_shared_is_refused(old, new, message):
    verify(parse(SHARED))
    with pytest.raises(VerifyFault, match=r"(?s).*") as fault:
        verify(parse(SHARED.replace(old, new)))
    assert message in fault.value.message


def test_two_semirings_in_one_buffer_are_not_shared():
    with pytest.raises(Inseparable, match="two semirings"):
        sharing(next(loops(parse("""
            kernel f(; n) -> (g: i64[4]) {
              for i < n parallel {
                g[0] += 1 over i64
                g[1] += 1 over z<7>
              }
            }""").body)))
