"""The printed Python: readable, the same under Numba as under CPython, and callable from both."""

import numpy as np
import pytest

from pullback.backends.numba.printer import source
from pullback.backends.numba.run import KernelError, compile_numba
from pullback.core.operation import BINARY_FUNCTIONS, INSTRUCTIONS
from pullback.ir.loops.text import parse

pytestmark = pytest.mark.slow  # together they take many seconds

KERNEL = """
kernel softmax.loss(x: f32[n, m], at: i64[n]; n, m) -> (p: f32[n, m], loss: f32, best: i64[n], h: i64[3]) {
  site PB0701 "index outside its array"
  cell total: f32 = 0.0_f32
  fill h with 0
  for i < n parallel lanes 4 {
    cell top: f32 = -inf_f32
    cell where: i64 = -1
    buffer e: f32[m]
    for j < m {
      v: f32 = x[i, j]
      top argmax= v over f32 at j into where
    }
    t: f32 = read top
    cell sum: f32 = 0.0_f32
    for j2 < m {
      v2: f32 = x[i, j2]
      d: f32 = fsub(v2, t)
      w: f32 = exp(d)
      e[j2] = w
      sum sum= w over f32
    }
    s: f32 = read sum
    for j3 < m backward {
      u: f32 = e[j3]
      q: f32 = fdiv(u, s)
      p[i, j3] = q
    }
    k: i64 = at[i]
    low: bool = ige(k, 0)
    high: bool = ilt(k, m)
    ok: bool = band(low, high)
    check ok site 0 (k, m)
    r: f32 = p[i, k]
    l: f32 = log(r)
    n2: f32 = fneg(l)
    total sum= n2 over f32
    b: i64 = read where
    best[i] = b
    c: i64 = imod(k, 3)
    h[c] += 1 over z<5> when high
  }
  z: f32 = read total
  loss := z
}
"""


def wanted(x, at):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, -np.log(p[np.arange(len(x)), at]).sum(), x.argmax(axis=1), np.bincount(at % 3, minlength=3) % 5


def test_the_source_of_a_kernel(golden):
    golden(source(parse(KERNEL)))


@pytest.mark.parametrize("jit", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_with_and_without_numba(jit):
    f = compile_numba(parse(KERNEL), jit)
    rng = np.random.default_rng(0)
    for n in (1, 2, 40):
        x, at = rng.normal(size=(n, 4)).astype(np.float32), rng.integers(0, 4, size=n)
        p, loss, best, h = f(x, at)
        assert p.dtype == np.float32 and type(loss) is np.float32
        for got, want in zip((p, loss, best, h), wanted(x, at), strict=True):
            np.testing.assert_allclose(got, want, rtol=2e-6)
        with pytest.raises(KernelError) as stop:
            f(x, np.full(n, 4))
        assert stop.value.record == (1, 0, 4, 4)


@pytest.mark.slow
def test_callable_from_compiled_code():
    """The way in for people who live in Numba: the dispatcher takes inputs, sizes, outputs and an error record."""
    import numba

    kernel = parse("""
        kernel norm(x: f64[n]; n) -> (s: f64) {
          cell c: f64 = 0.0
          for i < n {
            v: f64 = x[i]
            w: f64 = fmul(v, v)
            c sum= w over f64
          }
          r: f64 = read c
          q: f64 = sqrt(r)
          s := q
        }""")
    norm = compile_numba(kernel).function

    @numba.njit
    def longest(rows):
        best, out, error = 0.0, np.zeros(1), np.zeros(4, np.int64)
        for i in range(len(rows)):
            norm(rows[i], rows.shape[1], out, error)
            best = max(best, out[0])
        return best

    rows = np.random.default_rng(1).normal(size=(5, 3))
    np.testing.assert_allclose(longest(rows), np.linalg.norm(rows, axis=1).max())


FLOAT_UNARY = ["fneg", "fabs", "sqrt", "floor", "ceil", "trunc", "round",
               *(f for f in INSTRUCTIONS["function"] if f not in BINARY_FUNCTIONS)]  # fmt: skip
FLOAT_BINARY = ["fadd", "fsub", "fmul", "fdiv", "fmin", "fmax", "copysign", *sorted(BINARY_FUNCTIONS)]
INTEGER_UNARY = ["ineg", "iabs"]
INTEGER_BINARY = [f for f in INSTRUCTIONS["integer"] if f not in INTEGER_UNARY]


def every(kind, unary, binary):
    """One kernel that applies each instruction, the results side by side."""
    kinds = dict.fromkeys(unary, 1) | dict.fromkeys(binary, 2)
    calls = [f"{name}({', '.join('ab'[:arity])})" for name, arity in kinds.items()]
    lines = [f"t{k}: {kind} = {call}\ny[i, {k}] = t{k}" for k, call in enumerate(calls)]
    return parse(f"""
        kernel f(x: {kind}[n], z: {kind}[n]; n) -> (y: {kind}[n, {len(kinds)}]) {{
          for i < n {{
            a: {kind} = x[i]
            b: {kind} = z[i]
            {chr(10).join(lines)}
          }}
        }}""")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["f64", "f32", "i64", "i32"])
def test_numba_computes_what_cpython_does(kind):
    kernel = every(kind, FLOAT_UNARY, FLOAT_BINARY) if kind[0] == "f" else every(kind, INTEGER_UNARY, INTEGER_BINARY)
    if kind[0] == "f":
        numbers = [0.0, 1.0, -1.0, 0.5, -2.75, 3.0, 1e5, np.inf, -np.inf, np.nan, 20.5]
    else:
        bits = int(kind[1:]) - 1
        numbers = [0, 1, -1, 2, -7, 5, 31, 64, 2**bits - 1, -(2**bits)]
    x, z = (g.ravel() for g in np.meshgrid(numbers, numbers))
    got, want = compile_numba(kernel)(x, z)[0], compile_numba(kernel, jit=False)(x, z)[0]
    assert got.dtype == want.dtype == np.dtype(kernel.inputs[0].element.dtype)
    np.testing.assert_allclose(got, want, rtol=1e-5 if kind == "f32" else 1e-13 if kind == "f64" else 0)


def test_names_that_python_keeps_for_itself():
    kernel = parse("""
        kernel lambda(def: f64[np]; np) -> (max: f64, error: f64[np]) {
          cell if: f64 = 0.0
          for for < np {
            x.at: f64 = def[for]
            x_at: f64 = fmul(x.at, 2.0)
            `a b`: f64 = fmax(x_at, x.at)
            if sum= `a b` over f64
            error[for] = x_at
          }
          r: f64 = read if
          max := r
        }""")
    total, doubled = compile_numba(kernel, jit=False)([1.0, -2.0])
    assert total == 0.0 and doubled.tolist() == [2.0, -4.0]


def test_a_kernel_may_be_called_like_a_helper():
    kernel = parse("kernel sigmoid(x: f64) -> (y: f64) {\n  t: f64 = sigmoid(x)\n  y := t\n}")
    assert compile_numba(kernel, jit=False)(0.0) == (0.5,)


def test_sizes_that_no_input_has_are_given_by_name():
    kernel = parse("kernel f(; n) -> (y: f64[n]) {\n  fill y with 2.0\n}")
    assert compile_numba(kernel, jit=False)(n=3)[0].tolist() == [2.0] * 3
    with pytest.raises(TypeError, match="size n"):
        compile_numba(kernel, jit=False)()
