"""What the emitter promises beyond values: the text itself, memory given back on every way out, modes, lanes that form."""

import ctypes
import re

import numpy as np
import pytest

from pullback.backends.llvm import jit, library, shelf
from pullback.backends.llvm.emit import emit
from pullback.backends.llvm.lanes import Ineligible, analyse
from pullback.backends.llvm.pool import pool
from pullback.backends.numba.run import KernelError
from pullback.ir.loops.text import parse

DOT = """
kernel dot(x: f64[n], y: f64[n]; n) -> (out: f64) {
  cell total: f64 = 0.0
  for i < n parallel lanes 2 {
    a: f64 = x[i]
    b: f64 = y[i]
    c: f64 = fmul(a, b)
    total sum= c over f64
  }
  r: f64 = read total
  out := r
}
"""


def test_the_text_of_a_small_kernel(golden):
    golden(emit(parse(DOT)))


def test_the_text_depends_on_nothing_but_the_kernel():
    kernel = DOT.replace("fmul(a, b)", "atan2(a, b)")
    assert emit(parse(kernel)) == emit(parse(kernel))


@pytest.mark.parametrize("mode, fused", [("strict", False), ("contract", True)])
def test_modes(llvm, mode, fused):
    """contract may fuse a·b + c, and does where the machine can; strict never does."""
    f = llvm("""
        kernel f(a: f64, b: f64, c: f64) -> (r: f64) {
          p: f64 = fmul(a, b)
          q: f64 = fadd(p, c)
          r := q
        }""", mode=mode)  # fmt: skip
    a = 1 + 2.0**-30
    exact, rounded = 2.0**-60, 0.0
    (got,) = f(a, a, -(1 + 2.0**-29))
    assert got in ((exact, rounded) if fused else (rounded,))


NESTED = """
kernel nested(at: i64[n], m: i64; n) -> (y: f64[n]) {
  site PB0701 "index outside its array"
  buffer outer: f64[n, 3]
  for i < n parallel {
    buffer inner: f64[m]
    k: i64 = at[i]
    ok: bool = ilt(k, n)
    check ok site 0 (k, n)
    cell c: i64 = 0
    loop {
      buffer deep: i64[m]
      v: i64 = read c
      going: bool = ilt(v, 2)
    } while going {
      buffer deeper: bool[m, 2] zero
      c sum= 1 over i64
      w: i64 = iadd(v, k)
      fine: bool = ilt(w, n)
      check fine site 0 (w, n)
    }
    y[i] = 1.0
  }
}
"""


class Memory:
    """Counts what is held between `malloc` and `free`; refuses after ``allowed`` calls."""

    def __init__(self, text):
        libc = ctypes.CDLL(None)
        libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
        self.held, self.calls, self.allowed, self.most = set(), 0, 10**9, 0

        def malloc(size):
            self.calls += 1
            if self.calls > self.allowed or size > 2**40:
                return None
            address = libc.malloc(size)
            self.held.add(address)
            self.most = max(self.most, len(self.held))
            return address

        def free(address):
            self.held.remove(address)
            libc.free(address)

        self.callbacks = (ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)(malloc),
                          ctypes.CFUNCTYPE(None, ctypes.c_void_p)(free))  # fmt: skip
        addresses = [ctypes.cast(c, ctypes.c_void_p).value for c in self.callbacks]
        text = text.replace("@malloc(", "@test.malloc(").replace("@free(", "@test.free(")
        self.shelf = (ctypes.c_int64 * (1 + shelf.PLACES))()  # nothing is kept
        imports = {**pool().imports, **dict(zip(("test.malloc", "test.free"), addresses, strict=True))}
        imports["pb.shelf"] = ctypes.addressof(self.shelf)
        self.loaded = jit.load(jit.object_code(text), ["nested"], imports)
        self.call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self.loaded["nested"])

    def run(self, at, m):
        at, y, record = np.array(at, np.int64), np.zeros(len(at)), np.zeros(4, np.int64)
        slots = np.array([at.ctypes.data, m, len(at), y.ctypes.data, record.ctypes.data], np.int64)
        self.calls = 0
        return self.call(slots.ctypes.data), record.tolist(), y


@pytest.fixture(params=[1, 4])
def counted(request):
    return Memory(emit(parse(NESTED.replace("parallel", f"parallel lanes {request.param}"))))


def test_memory_is_given_back_at_the_end_of_its_block(counted):
    status, _, y = counted.run([0, 1, 2, 0, 1, 2, 0, 0, 0], 1)
    assert (status, counted.held) == (0, set())
    assert y.tolist() == [1.0] * 9
    assert counted.most == 4  # outer, inner, deep, deeper: never those of two iterations


def test_memory_is_given_back_after_a_failing_check(counted):
    for at, wrong in (([0, 9, 0, 0, 0], 9), ([0, 0, 0, 0, 5], 5), ([0, 4, 0, 0, 0], 5)):
        status, record, _ = counted.run(at, 1)
        assert (status, record, counted.held) == (1, [1, 0, wrong, 5], set())


def test_memory_that_cannot_be_had_is_an_error_and_gives_back_the_rest(counted):
    counted.run([0] * 5, 1)
    enough = counted.calls
    for counted.allowed in range(enough):
        status, record, _ = counted.run([0] * 5, 1)
        assert (status, record[:2], counted.held) == (1, [2, -1], set())
    counted.allowed = enough
    assert counted.run([0] * 5, 1)[0] == 0


def test_parts_give_their_memory_back_and_do_without():
    """Failing checks, and every allocation refused in turn; where there is none for the parts, the loop has one part."""
    shared = Memory(emit(parse(NESTED.replace("parallel", "parallel split 3 threads 3"))))
    assert shared.run([0] * 9, 1)[0] == 0
    assert shared.held == set()
    for at, wrong in (([0, 9, 0, 0, 0], 9), ([0, 0, 0, 0, 5], 5), ([7, 4, 0, 0, 6], 7)):
        status, record, _ = shared.run(at, 1)
        assert (status, record, shared.held) == (1, [1, 0, wrong, 5], set())
    shared.run([0] * 5, 1)
    for allowed in range(shared.calls):
        shared.allowed = allowed
        status, record, _ = shared.run([0] * 5, 1)
        assert (status, record[:2], shared.held) == (1, [2, -1], set())


@pytest.mark.parametrize("m, asked", [(2**60, (-1,)), (2**63 - 1, (-1,)), (2**58, (2**61, 2**63)), (2**45, (2**48, 2**50))])
def test_sizes_beyond_all_memory(counted, m, asked):
    status, record, _ = counted.run([0] * 5, m)
    assert (status, record[:2], counted.held) == (1, [2, -1], set())
    assert record[2] in (*asked, -1)


def test_a_negative_size_is_an_empty_buffer(counted):
    assert counted.run([0] * 5, -5)[0] == 0


def test_small_buffers_need_no_memory_from_outside():
    text = emit(parse("""
        kernel f(x: f64[n]; n) -> (y: f64[n]) {
          for i < n parallel lanes 8 {
            buffer own: f64[4]
            v: f64 = x[i]
            own[0] = v
            w: f64 = own[0]
            y[i] = w
          }
        }"""))
    assert "pb.allocate" not in text
    # and LLVM sees through them: a copy of vectors is left
    assert "alloca" not in jit.optimised(text)


def test_lane_code_is_free_of_scalars_where_memory_is_consecutive():
    """x[i], y[i + 1] and what is computed from them are whole vectors, as the optimised code shows."""
    text = jit.optimised(emit(parse("""
        kernel f(x: f64[n], m: i64; n) -> (y: f64[n]) {
          for i < m parallel lanes 8 {
            j: i64 = iadd(i, 1)
            v: f64 = x[i]
            e: f64 = exp(v)
            y[j] = e
          }
        }""")))
    assert re.search(r"load <8 x double>, ptr", text) and re.search(r"store <8 x double> ", text)
    assert "gather" not in text and "scatter" not in text and "extractelement" not in text


REFUSED = {
    "runs backward": "for i < n backward parallel lanes 4 {\n y[i] = 0.0\n }",
    "assigned": "cell c: f64 = 0.0\n for i < n parallel lanes 4 {\n v: f64 = x[i]\n c := v\n }",
    "is read": "cell c: f64 = 0.0\n for i < n parallel lanes 4 {\n v: f64 = x[i]\n c sum= v over f64\n"
               "r: f64 = read c\n y[i] = r\n }",
    "size of a buffer": "for i < n parallel lanes 4 {\n buffer b: f64[i]\n y[i] = 0.0\n }",
    "filled": "for i < n parallel lanes 4 {\n fill y with 1.0\n }",
    "winner's index": "cell b: f64 = 0.0\n cell w: i64 = -1\n for i < n parallel lanes 4 {\n v: f64 = x[i]\n"
                      "j: i64 = imul(i, 2)\n b argmax= v over f64 at j into w\n }",
    "in two ways": "cell b: f64 = 0.0\n for i < n parallel lanes 4 {\n v: f64 = x[i]\n b sum= v over f64\n"
                   "b max= v over f64\n }",
    "in some iterations": "for i < n parallel lanes 4 {\n buffer a: f64[2]\n buffer b: f64[2]\n v: f64 = x[i]\n"
                          "o: bool = fgt(v, 0.0)\n if o {\n swap a, b\n }\n }",
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_loops_that_cannot_have_lanes_say_why_and_run_one_by_one(reason, llvm):
    kernel = parse(f"kernel f(x: f64[n]; n) -> (y: f64[n]) {{\n{REFUSED[reason]}\n}}")
    with pytest.raises(Ineligible, match=reason):
        analyse(kernel.body[-1])
    assert "<4 x" not in emit(kernel)
    jit.object_code(emit(kernel))


def test_an_index_of_a_winner_may_be_shifted(llvm):
    f = llvm("""
        kernel f(x: f64[n], from: i64; n) -> (at: i64) {
          cell b: f64 = -inf
          cell w: i64 = -1
          for i < n parallel {
            v: f64 = x[i]
            j: i64 = iadd(from, i)
            b argmax= v over f64 at j into w
          }
          r: i64 = read w
          at := r
        }""", lanes=4)  # fmt: skip
    for x in ([5.0] * 9, [1, 2, 3, 3, 2, 3, 1, 3, 3], [1, 1, 1, 1, 1, 1, 1, 1, 2]):
        assert f(x, 100) == (100 + int(np.argmax(x)),)


def test_wide_lanes(llvm):
    """More lanes than a register holds, for loops with masks, gathers and bools."""
    text = """
        kernel f(x: f64[n], z: bool[n], at: i64[n]; n) -> (y: f64[n], s: f64, k: i64) {
          site PB0701 "no"
          cell t: f64 = 0.0
          cell b: f64 = +inf
          cell w: i64 = -1
          for i < n parallel {
            c: bool = z[i]
            j: i64 = at[i]
            if c {
              v: f64 = x[j]
              y[i] = v
              t sum= v over f64
              b argmin= v over f64 at i into w
              ok: bool = ilt(j, n)
              check ok site 0 (j, n)
            } else {
              y[i] = 0.0
            }
          }
          r: f64 = read t
          s := r
          q: i64 = read w
          k := q
        }"""
    rng = np.random.default_rng(1)
    for lanes in (2, 16, 32, 64):
        f = llvm(text, lanes)
        for n in (0, 1, lanes, 3 * lanes + 5):
            x, z, at = rng.normal(size=n), rng.random(n) < 0.4, rng.integers(0, max(n, 1), size=n)
            at[~z] = 10**12
            y, s, k = f(x, z, at)
            wanted = np.where(z, x[np.where(z, at, 0)] if n else x, 0.0)
            np.testing.assert_array_equal(y, wanted)
            np.testing.assert_allclose(s, wanted.sum(), atol=1e-12)
            assert k == (np.where(z, wanted, np.inf).argmin() if z.any() else -1)
        if lanes > 2:
            z[:], at[:] = True, 0
            at[lanes + 1], at[lanes + 7] = n, 10**9
            x[0] = 1.0
            broken = llvm(text.replace("v: f64 = x[j]", "v: f64 = x[0]"), lanes)
            with pytest.raises(KernelError) as stop:
                broken(x, z, at)
            assert stop.value.record == (1, 0, n, n)


def functions(count: int, name: str = "sin") -> str:
    """A loop in lanes that applies a vector function so many times."""
    lines = [f"    v{k + 1}: f64 = {name}(v{k})" for k in range(count)]
    return "\n".join(["kernel f(x: f64[n]; n) -> (out: f64) {", "  cell total: f64 = 0.0", "  for i < n parallel lanes 4 {",
                      "    v0: f64 = x[i]", *lines, f"    total sum= v{count} over f64", "  }", "  r: f64 = read total",
                      "  out := r", "}"])  # fmt: skip


def test_a_module_contains_no_function_of_the_library():
    """What many kernels call is compiled once for all of them, and for one number as for several."""
    text = emit(parse(functions(30)))
    assert library.called(text) == ["pb.sin.f64x4"]
    assert "fma" not in text


def test_functions_of_long_vectors_are_called_by_halves(llvm):
    text = functions(1).replace("lanes 4", "lanes 64")
    assert library.called(emit(parse(text))) == ["pb.sin.f64x16"]
    f = llvm(text, 64)
    for n in (0, 1, 15, 16, 17, 63, 64, 65, 150):
        x = np.linspace(-2, 1, n)
        np.testing.assert_allclose(f(x)[0], np.sin(x).sum(), atol=1e-12)


def test_code_grows_with_the_program_and_not_with_the_functions_it_calls():
    sizes = [len(jit.object_code(emit(parse(functions(count, "tanh"))))) for count in (20, 40)]
    assert sizes[1] - sizes[0] < 20 * 70, "bytes for twenty calls more: of vectors, and of a number in all lanes"


def test_values_do_not_depend_on_how_many_functions_there_are(llvm):
    x = np.linspace(-2, 2, 23)
    expected = x
    for count in range(1, 9):
        expected = np.tanh(expected)
        (got,) = llvm(functions(count, "tanh"))(x)
        np.testing.assert_allclose(got, expected.sum(), rtol=1e-13, atol=1e-13)
