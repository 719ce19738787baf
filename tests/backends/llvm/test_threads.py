"""Threads change no result: the same bits every time, the first failure, from any thread, inside one another, after a fork."""

import ctypes
import os
import platform
import subprocess
import sys
import threading

import numpy as np
import pytest

import pullback as pb
from pullback.backends.llvm import jit, library
from pullback.backends.llvm.emit import emit, imports
from pullback.backends.llvm.pool import pool
from pullback.backends.llvm.processors import processors
from pullback.core.errors import ArgumentFault, IndexFault
from pullback.ir.loops.text import parse
from pullback.ir.loops.verify import verify

pytestmark = pytest.mark.slow  # together they take many seconds

SUMS = """
kernel sums(x: f64[n]; n) -> (s: f64, g: f64[4], m: f64, at: i64) {
  site PB0701 "index outside its array"
  cell total: f64 = 0.0
  cell most: f64 = -inf
  cell where: i64 = -1
  fill g with 0.0
  for i < n parallel lanes 4 split PARTS threads THREADS own g {
    a: f64 = x[i]
    b: f64 = exp(a)
    k: i64 = imod(i, 4)
    total sum= b over f64
    g[k] += b over f64
    most argmax= a over f64 at i into where
  }
  r: f64 = read total
  s := r
  q: f64 = read most
  m := q
  w: i64 = read where
  at := w
}
"""


class Sums:
    def __init__(self, parts, threads):
        kernel = parse(SUMS.replace("PARTS", str(parts)).replace("THREADS", str(threads)))
        verify(kernel)
        code, *others = library.objects(emit(kernel))
        self.code = jit.load(code, ["sums"], imports(kernel), others)
        self.call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self.code["sums"])

    def __call__(self, x):
        s, g, m, at, record = np.zeros(1), np.zeros(4), np.zeros(1), np.zeros(1, np.int64), np.zeros(4, np.int64)
        slots = np.array([x.ctypes.data, len(x), *(a.ctypes.data for a in (s, g, m, at, record))], np.int64)
        assert self.call(slots.ctypes.data) == 0
        return [*s, *g, *m, *at]


def test_results_depend_on_the_number_of_parts_alone():
    """Not on how many threads there are, nor on which of them was first."""
    x = np.random.default_rng(0).normal(size=10_001)
    expected = Sums(7, 2)(x)
    for threads in (2, 3, 7, 50):
        f = Sums(7, threads)
        for _ in range(50):
            assert f(x) == expected
    assert Sums(8, 2)(x) != expected  # (rounding tells)
    np.testing.assert_allclose(Sums(8, 2)(x), expected, rtol=1e-13)
    assert expected[-1] == x.argmax()


def test_workers_round_like_their_caller():
    """Who rounds upwards (or flushes subnormal numbers) must not be told by the results which parts others took."""
    upward = {"x86_64": 0x800, "AMD64": 0x800, "aarch64": 0x400000, "arm64": 0x400000}[platform.machine()]
    libm = ctypes.CDLL(None)
    x, f = np.random.default_rng(0).normal(size=200_001), Sums(40, 8)
    nearest = f(x)
    before = libm.fegetround()
    try:
        assert libm.fesetround(upward) == 0
        results = [f(x) for _ in range(20)]
    finally:
        libm.fesetround(before)
    assert all(r == results[0] for r in results)
    assert results[0] != nearest
    assert f(x) == nearest


@pytest.mark.parametrize("parts", [-1, 0, 1, 2, 5, 300])
@pytest.mark.parametrize("n", [0, 1, 4, 5, 17])
def test_any_number_of_parts_of_any_number_of_iterations(parts, n):
    x = np.arange(float(n)) / 8
    s, *g, m, at = Sums(parts, 3)(x)
    np.testing.assert_allclose(s, np.exp(x).sum())
    np.testing.assert_allclose(g, [np.exp(x[k::4]).sum() for k in range(4)])
    assert (m, at) == ((x[-1], n - 1) if n else (-np.inf, -1))


CHECKED = """
kernel checked(at: i64[n], limit: i64; n) -> (y: i64[n]) {
  site PB0701 "index outside its array"
  site PB0701 "index outside its array"
  for i < n parallel split 7 threads 4 {
    k: i64 = at[i]
    buffer inner: f64[k]
    small: bool = ilt(k, limit)
    check small site 0 (k, i)
    positive: bool = igt(k, 0)
    check positive site 1 (k, i)
    y[i] = k
  }
}
"""


def test_of_all_failures_the_first_iteration_s_is_reported():
    kernel = parse(CHECKED)
    verify(kernel)
    code = jit.load(jit.object_code(emit(kernel)), ["checked"], imports(kernel))
    call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(code["checked"])
    random = np.random.default_rng(1)
    for _ in range(200):
        n = int(random.integers(1, 60))
        at = random.integers(1, 9, n)
        for wrong in random.integers(0, n, int(random.integers(0, 4))):
            at[wrong] = random.choice([0, 10])
        y, record = np.zeros(n, np.int64), np.zeros(4, np.int64)
        slots = np.array([at.ctypes.data, 9, n, y.ctypes.data, record.ctypes.data], np.int64)
        status = call(slots.ctypes.data)
        failing = [i for i in range(n) if not 0 < at[i] < 9]
        if failing:
            i = failing[0]
            assert (status, record.tolist()) == (1, [1, int(at[i] == 0), at[i], i])
        else:
            assert status == 0
            assert y.tolist() == at.tolist()


PROGRAM = """
def pick(x: f64[n], k: i64[m]) -> f64[m] = for i: exp(sin(x[k[i]])) + lgamma(2 + x[k[i]]^2)
def energy(x: f64[n]) -> f64 = sum i: exp(sin(x[i])) * lgamma(2 + x[i]^2)
"""


def test_errors_and_results_are_those_of_one_thread():
    one, two = (pb.compile(PROGRAM, threads=t) for t in (1, 4))
    assert " split " in two.pick.as_text("schedule") and " split " not in one.pick.as_text("schedule")
    x, k = np.linspace(-3, 3, 1000), np.arange(200_000) % 1000
    np.testing.assert_array_equal(one.pick(x, k), two.pick(x, k))
    np.testing.assert_allclose(pb.grad(one.energy)(x.repeat(99)), pb.grad(two.energy)(x.repeat(99)), rtol=1e-12)
    k[[150_000, 70_001, 70_000, 199_999]] = 5000, 4000, 3000, -1
    for module in (one, two):
        with pytest.raises(IndexFault, match="index 3000 is outside an array of 1000"):
            module.pick(x, k)


def test_many_python_threads_at_once():
    f = pb.compile(PROGRAM, threads=3).energy
    x = np.linspace(-3, 3, 60_000)
    expected, wrong = f(x), []

    def work():
        wrong.extend(v for v in (f(x) for _ in range(20)) if v != expected)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for w in workers:
        w.start()
    for w in workers:
        w.join(60)
    assert not any(w.is_alive() for w in workers)
    assert not wrong


NESTING = """
define void @leaf(ptr %count, i64 %part) {
  %r = atomicrmw add ptr %count, i64 1 seq_cst
  ret void
}

define void @branch(ptr %count, i64 %part) {
  call void @pb.pool.run(ptr @leaf, ptr %count, i64 5, i64 3)
  ret void
}

define void @root(ptr %count, i64 %part) {
  call void @pb.pool.run(ptr @branch, ptr %count, i64 4, i64 3)
  ret void
}

declare void @pb.pool.run(ptr, ptr, i64, i64)

define void @tree(ptr %count) {
  call void @pb.pool.run(ptr @root, ptr %count, i64 6, i64 4)
  ret void
}
"""


def test_calls_inside_parts_end_and_do_everything_once():
    code = jit.load(jit.object_code(NESTING), ["tree"], pool().imports)
    tree = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(code["tree"])
    for _ in range(300):
        count = np.zeros(1, np.int64)
        tree(count.ctypes.data)
        assert count[0] == 6 * 4 * 5


def test_after_a_fork_parent_and_child_both_compute():
    f = pb.compile(PROGRAM, threads=2).energy
    x = np.linspace(-3, 3, 60_000)
    expected = f(x)
    child = os.fork()
    if child == 0:
        os._exit(0 if all(f(x) == expected for _ in range(3)) else 1)
    assert f(x) == expected
    assert os.waitpid(child, 0)[1] == 0


SCRIPT = f"""
import numpy as np, pullback as pb, sys
f = pb.compile({PROGRAM!r}, threads=2).energy
print(f(np.linspace(-3, 3, 60_000)).hex())
"""


def test_a_process_ends_with_workers_and_its_machine_code_serves_the_next(tmp_path):
    answers = []
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", SCRIPT], env={**os.environ, "PULLBACK_CACHE": str(tmp_path)},
                              capture_output=True, text=True, check=True, timeout=120)
        answers.append((done.stdout, sorted(p.name for p in tmp_path.iterdir())))
    assert answers[0] == answers[1]  # nothing was compiled anew
    assert len(answers[0][1]) >= 2  # the kernel, and the pool


def test_how_many_threads(monkeypatch):
    monkeypatch.delenv("PULLBACK_THREADS", raising=False)
    assert 1 <= processors() <= (os.cpu_count() or 1)
    assert processors(5) == 5
    monkeypatch.setenv("PULLBACK_THREADS", "3")
    assert (processors(), processors(5)) == (3, 5)
    for wrong in ("0", "two", "-1", "1.5"):
        monkeypatch.setenv("PULLBACK_THREADS", wrong)
        with pytest.raises(ArgumentFault, match="PULLBACK_THREADS is"):
            processors()
    for wrong in (0, -1, 1.0, True, "2"):
        with pytest.raises(ArgumentFault, match="no number of threads"):
            pb.compile(PROGRAM, threads=wrong)
