"""What the reverse of a fold holds, counted: every allocation that machine code makes goes through a heap of the test.

The bars: within 1.1 × (steps × state) as a rule, O(√steps) with checkpoints, flat where steps are undone; and in no case
does the number of allocations depend on the number of steps."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

import pullback as pb
from pullback.backends.llvm import jit, library, shelf
from pullback.backends.llvm.emit import emit
from pullback.ir.cost import cost
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse

pytestmark = pytest.mark.slow  # together they take many seconds

PROGRAM = """
def step(s: f64[n], w: f64[n, n]) -> f64[n] =
    let z = for i: sum j: w[i, j] * s[j]
    let m = max i: abs(z[i])
    for i: tanh(z[i]) / (1 + m)
def all(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = s for k < t: step(s, w)
    sum i: y[i]
def some(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = s for k < t checkpoint: step(s, w)
    sum i: y[i]
def every(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = s for k < t checkpoint every 10: step(s, w)
    sum i: y[i]

def kick(q: f64[n], p: f64[n]) =
    let r = for i: p[i] - 0.01 * sin(q[i])
    {q: for i: q[i] + 0.01 * r[i], p: r}
def unkick(q: f64[n], p: f64[n]) =
    let q0 = for i: q[i] - 0.01 * p[i]
    {q: q0, p: for i: p[i] + 0.01 * sin(q0[i])}
def record(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = {q: s, p: s} for k < t: kick(s.q, s.p)
    sum i: y.q[i]
def none(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = {q: s, p: s} for k < t inverse unkick(s.q, s.p): kick(s.q, s.p)
    sum i: y.q[i]
def nested(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let y = fold s = s for k < t:
        fold u = s for j < 3: step(u, w)
    sum i: y[i]
def loop(s: f64[n], w: f64[n, n], t: i64) -> f64 =
    let (y, _) = fold (s, k) = (s, 0) while k < t: (step(s, w), k + 1)
    sum i: y[i]
"""
N = 24
STATE = 8 * N


class Heap:
    """malloc and free for machine code, counted. ``places``: of a shelf of its own."""

    def __init__(self, places: int = 0) -> None:
        self.shelf = (ctypes.c_int64 * (1 + shelf.PLACES))(places)
        libc = ctypes.CDLL(None)
        libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
        self.sizes: dict[int, int] = {}
        self.calls = self.held = self.peak = 0

        def malloc(size: int) -> int:
            place = libc.malloc(size)
            self.sizes[place] = size
            self.calls += 1
            self.held += size
            self.peak = max(self.peak, self.held)
            return int(place)

        def free(place: int) -> None:
            self.held -= self.sizes.pop(place)
            libc.free(place)

        self._malloc = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)(malloc)
        self._free = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(free)

    @property
    def imports(self) -> dict[str, int]:
        counted = {f"counted_{name}": int(ctypes.cast(f, ctypes.c_void_p).value or 0)
                   for name, f in (("malloc", self._malloc), ("free", self._free))}  # fmt: skip
        return {**counted, "pb.shelf": ctypes.addressof(self.shelf)}


class Measured:
    """The gradient of a function, whose calls tell how much they held and how often they allocated."""

    def __init__(self, name: str) -> None:
        self.function = pb.value_and_grad(getattr(pb.compile(PROGRAM, threads=1), name), (0, 1))
        self.kernel: nest.Kernel = replace(self.function.executable.wide, name=f"measured.{name}")
        text = emit(self.kernel, "contract")
        for symbol in ("malloc", "free"):
            text = text.replace(f"@{symbol}(", f"@counted_{symbol}(")
        self.heap = Heap()
        code, *others = library.objects(text)
        self.code = jit.load(code, [self.kernel.name], self.heap.imports, others)

    def __call__(self, steps: int) -> tuple[int, int]:
        """Bytes held at most, and allocations."""
        rng = np.random.default_rng(steps)
        s, w = rng.normal(size=N), rng.normal(size=(N, N)) / 5
        outputs: list[Any] = [np.zeros(()), np.zeros(N), np.zeros((N, N))]
        words = [s.ctypes.data, w.ctypes.data, steps, N, *(o.ctypes.data for o in outputs), np.zeros(4, np.int64).ctypes.data]
        self.heap.calls = self.heap.peak = 0
        call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self.code[self.kernel.name])
        assert call(np.array(words, np.int64).ctypes.data) == 0
        assert self.heap.held == 0, "something was not given back"
        value, (ds, dw) = self.function(s, w, steps)
        for have, want in zip(outputs, (value, ds, dw), strict=True):
            np.testing.assert_allclose(have, want, rtol=1e-12, atol=1e-13)
        return self.heap.peak, self.heap.calls


@cache
def measured(name: str) -> Measured:
    return Measured(name)


@pytest.mark.parametrize(("name", "state"), [("all", STATE), ("record", STATE), ("nested", STATE)])
def test_a_fold_keeps_its_states_and_nothing_else(name: str, state: int) -> None:
    """(Of the record, only q is needed: the step is linear in p.)"""
    few, many = measured(name)(1000), measured(name)(2000)
    assert many[0] <= 1.1 * 2000 * state
    assert many[0] - few[0] == 1000 * state
    assert many[1] == few[1]
    held = cost(measured(name).kernel, {"t": 2000, "n": N}).held
    assert many[0] <= held + 100 * many[1] and held <= 1.1 * 2000 * state, "the cost model tells the same"


@pytest.mark.parametrize("steps", [100, 400, 1600, 6400])
def test_checkpoints_keep_the_root(steps: int) -> None:
    peak, calls = measured("some")(steps)
    assert peak <= (2 * steps**0.5 + 24) * STATE
    assert calls == measured("some")(7)[1]


def test_checkpoints_as_told() -> None:
    peak, calls = measured("every")(1000)
    assert (1000 // 10 + 10) * STATE <= peak <= (1000 // 10 + 10 + 24) * STATE
    assert calls == measured("every")(5)[1]


def test_an_inverse_keeps_nothing() -> None:
    assert measured("none")(10) == measured("none")(1000)


def test_a_while_keeps_its_states() -> None:
    few, many = measured("loop")(500), measured("loop")(1000)
    assert many[0] <= 1.1 * 1000 * STATE
    assert many[1] == few[1]


@pytest.mark.parametrize(("name", "forward", "reverse"), [("some", 4, 10), ("none", 0, 10)])
def test_second_derivatives_hold_as_little(name: str, forward: int, reverse: int) -> None:
    """At most so many roots of the number of steps: jvp of the gradient, and its reverse derivative; by the cost model."""
    function = getattr(pb.compile(PROGRAM), name)
    for derived, roots in ((pb.hvp(function), forward), (pb.reverse(pb.grad(function)), reverse)):
        few, many = (cost(derived.executable.kernel, {"t": t, "n": N}).held for t in (400, 6400))
        assert many - few <= (6400**0.5 - 400**0.5) * roots * STATE


# -- the shelf -----------------------------------------------------------------------------------------------------------
BUFFERS = """kernel f(x: f64[n]; n) -> (y: f64[n]) {
  buffer a: f64[n]
  buffer b: f64[n]
  for i < n parallel {
    u: f64 = x[i]
    a[i] = u
    b[i] = 1.0
  }
  for k < n parallel {
    v: f64 = a[k]
    w: f64 = b[k]
    s: f64 = fadd(v, w)
    y[k] = s
  }
}
"""


class Shelved:
    """A function with two buffers, on a shelf of so many places."""

    def __init__(self, places: int) -> None:
        self.heap = Heap(places)
        text = emit(replace(parse(BUFFERS), name="pb.two"))
        for symbol in ("malloc", "free"):
            text = text.replace(f"@{symbol}(", f"@counted_{symbol}(")
        self.code = jit.load(jit.object_code(text), ["pb.two"], self.heap.imports)

    def __call__(self, n: int) -> int:
        """How often memory was asked for."""
        x, y, before = np.arange(float(n)), np.zeros(n), self.heap.calls
        slots = np.array([x.ctypes.data, n, y.ctypes.data, np.zeros(4, np.int64).ctypes.data], np.int64)
        assert ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self.code["pb.two"])(slots.ctypes.data) == 0
        np.testing.assert_array_equal(y, x + 1)
        return self.heap.calls - before

    @property
    def lying(self) -> int:
        return sum(word != 0 for word in self.heap.shelf[1:])


LARGE = shelf.LEAST // 8


def test_large_buffers_are_asked_for_once() -> None:
    f = Shelved(4)
    assert [f(LARGE), f(LARGE), f(LARGE - 9), f(LARGE)] == [2, 0, 2, 0], "a smaller one the C library keeps"
    assert f.lying == len(f.heap.sizes) == 2


def test_what_lies_there_fits_or_stays() -> None:
    f = Shelved(4)
    assert [f(2 * LARGE), f(LARGE), f(2 * LARGE + 1), f(5 * LARGE)] == [2, 0, 2, 2]
    assert f.lying == len(f.heap.sizes) == 4
    assert f(5 * LARGE) < 2, "newer blocks take the places of older ones"


def test_nothing_lies_there_but_what_there_is_room_for() -> None:
    f = Shelved(1)
    for n in (LARGE, 3 * LARGE, 9 * LARGE, 3, shelf.MOST // 8 + 1):
        f(n)
        assert f.lying == len(f.heap.sizes) == 1
    assert [Shelved(0)(LARGE), Shelved(0)(LARGE)] == [2, 2]


@pytest.mark.parametrize(("setting", "places"), [("off", 0), ("", shelf.PLACES)])
def test_the_environment_can_do_without_a_shelf(setting: str, places: int) -> None:
    script = (
        "import ctypes, numpy as np, pullback as pb\n"
        "from pullback.backends.llvm import shelf\n"
        "f = pb.compile('def f(x: f64[n]) -> f64[n] = fold y = x for k < 2: for i < n: y[n - 1 - i] + 1').f\n"
        f"print(float(f(np.zeros({LARGE}))[0]), ctypes.c_int64.from_address(shelf.address()).value)"
    )
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PULLBACK_SHELF": setting}, text=True,
                          capture_output=True, check=True)  # fmt: skip
    assert done.stdout.split() == ["2.0", str(places)]


def test_threads_take_from_one_shelf() -> None:
    f = pb.compile("def f(x: f64[n], k: i64) = fold y = x for _ < k: for i < n: y[n - 1 - i] + 1", threads=1).f
    x = np.arange(2.0 * LARGE)

    def work(number: int) -> bool:
        return all(np.array_equal(f(x[: len(x) - 7 * (j % 3)], 2), x[: len(x) - 7 * (j % 3)] + 2) for j in range(40))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))
