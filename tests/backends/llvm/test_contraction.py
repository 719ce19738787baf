"""Register tiles against einsum: every transposition, every rest of rows and columns, and not a byte outside the arrays."""

from __future__ import annotations

import ctypes
import mmap
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

import pullback as pb
from pullback.backends.llvm import contraction as kernels
from pullback.backends.llvm import jit, library
from pullback.backends.llvm.emit import emit
from pullback.core.objects import Scalar
from pullback.ir.loops.text import parse
from pullback.ir.loops.verify import verify
from pullback.ir.passes.tile import Tile

pytestmark = pytest.mark.slow  # together they take many seconds

LANES = {"f64": 4, "f32": 8}
TYPES = {"f64": np.float64, "f32": np.float32}
SIZES = (0, 1, 2, 3, 4, 5, 11, 12, 13, 16, 17, 31)


def page_end(array: np.ndarray) -> tuple[int, Any]:
    """A copy of an array whose last byte is the last that may be touched: the page after it is forbidden."""
    page, array = mmap.PAGESIZE, np.ascontiguousarray(array)
    whole = -(-max(array.nbytes, 1) // page) * page
    memory = mmap.mmap(-1, whole + page)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(start + whole), ctypes.c_size_t(page), 0)
    at = start + whole - array.nbytes
    ctypes.memmove(at, array.ctypes.data, array.nbytes)
    return at, memory


class Function:
    """A function of `contraction.py` on NumPy arrays."""

    def __init__(self, form: str, kind: str, rows: int = 4) -> None:
        name = kernels.symbol(form, Scalar(kind), LANES[kind], rows, "contract")
        self.loaded = jit.load(jit.object_code(library.module(name)), [name])
        numbers = kernels.OUTER if form == "outer" else kernels.DOT
        types = [ctypes.c_void_p] * 3 + [ctypes.c_int64] * len(numbers) + [ctypes.c_bool]
        self.call = ctypes.CFUNCTYPE(None, *types)(self.loaded[name])
        self.form, self.type = form, TYPES[kind]

    def product(self, a: np.ndarray, b: np.ndarray, out: np.ndarray, fresh: bool) -> np.ndarray:
        """out (+)= a @ b, whatever the strides of a and b; out is contiguous. Every array ends at the end of a page."""
        (m, k), n, size = a.shape, b.shape[1], a.itemsize
        (arow, adepth), (bdepth, bcolumn) = ((s // size for s in x.strides) for x in (a, b))
        flat = [x.T if x.flags.f_contiguous and not x.flags.c_contiguous else x for x in (a, b)]
        places = [page_end(x) for x in (out, *flat)]
        if self.form == "outer":
            numbers = (1, 0, 0, 1, 0, 0, m, n, arow, n, bcolumn, 1, 0, 0, 1, 0, 0, k, adepth, bdepth)
        else:
            numbers = (m, n, arow, n, 1, bcolumn, 1, 0, 0, 1, 0, 0, k)
        self.call(*(at for at, _ in places), *numbers, fresh)
        return np.frombuffer(ctypes.string_at(places[0][0], out.nbytes), self.type).reshape(out.shape)


@pytest.fixture(scope="module", params=["f64", "f32"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def functions(kind: str) -> dict[str, Function]:
    return {form: Function(form, kind) for form in ("outer", "dot")}


def data(kind: str, *shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).integers(-4, 5, shape).astype(TYPES[kind])


@pytest.mark.parametrize("form", ["nn", "nt", "tn", "tt", "dot"])
def test_products_are_exact(functions: dict[str, Function], kind: str, form: str) -> None:
    """On small whole numbers sums are exact in any order: written, and added to what is there."""
    for m, n, k in product(SIZES, SIZES, (0, 1, 3, 8, 9)):
        a, b, before = data(kind, m, k), data(kind, k, n), data(kind, m, n)
        if form != "nn":
            a = np.asfortranarray(a) if form[0] == "t" else a
            b = np.asfortranarray(b) if form[1] == "t" or form == "dot" else b
        function = functions["dot" if form == "dot" else "outer"]
        for fresh in (True, False):
            expected = a @ b + (0 if fresh else before)
            np.testing.assert_array_equal(function.product(a, b, before, fresh), expected, err_msg=f"{m}, {n}, {k}")


@pytest.mark.parametrize("form", ["nn", "nt", "tn"])
@pytest.mark.parametrize(("m", "n", "k"), [(40, 50, 600), (129, 25, 64), (300, 13, 257), (33, 100, 256),
                                       (1, 50, 600), (2, 30, 259), (70, 29, 1)])
def test_products_in_blocks(functions: dict[str, Function], kind: str, form: str, m: int, n: int, k: int) -> None:
    """Longer than a block of the sum, a band of rows, and so wide that columns are copied; or streamed."""
    a, b = data(kind, m, k), data(kind, k, n)
    a, b = np.asfortranarray(a) if form[0] == "t" else a, np.asfortranarray(b) if form[1] == "t" else b
    out = np.full((m, n), np.nan, TYPES[kind])
    np.testing.assert_array_equal(functions["outer"].product(a, b, out, True), a @ b)


def test_a_tile_for_wide_registers(kind: str) -> None:
    """Eight rows, as on machines with 32 registers."""
    function = Function("outer", kind, rows=8)
    for m, n in product((1, 7, 8, 9, 20), (1, 12, 30)):
        a, b = data(kind, m, 10), data(kind, 10, n)
        np.testing.assert_array_equal(function.product(a, b, np.zeros((m, n), TYPES[kind]), True), a @ b)


# -- from programs -----------------------------------------------------------------------------------------------------
CASES = {
    "product": ("a: f64[n, k], b: f64[k, m]", "for i, j: sum l: a[i, l] * b[l, j]", "nk,km->nm"),
    "b transposed": ("a: f64[n, k], b: f64[m, k]", "for i, j: sum l: a[i, l] * b[j, l]", "nk,mk->nm"),
    "a transposed": ("a: f64[k, n], b: f64[k, m]", "for i, j: sum l: a[l, i] * b[l, j]", "kn,km->nm"),
    "both, and the result": ("a: f64[k, n], b: f64[m, k]", "for j, i: sum l: a[l, i] * b[j, l]", "kn,mk->mn"),
    "Gram": ("a: f64[n, k], b: f64[n, k]", "for i, j: sum l: a[i, l] * a[j, l]", "nk,mk->nm"),
    "four axes": ("a: f64[n, p, k], b: f64[k, m, q]", "for i, s, j, t: sum l: a[i, s, l] * b[l, j, t]", "npk,kmq->npmq"),
    "two sums": ("a: f64[n, k, p], b: f64[p, k, m]", "for i, j: sum l, s: a[i, l, s] * b[s, l, j]", "nkp,pkm->nm"),
    "many products": ("a: f64[p, n, k], b: f64[p, k, m]", "for s, i, j: sum l: a[s, i, l] * b[s, l, j]", "pnk,pkm->pnm"),
    "weights between": ("a: f64[n, k], b: f64[k, m]", "for i, j: sum l: a[i, l] * f64(l) * b[l, j]", None),
    "computed": ("a: f64[n, k], b: f64[k, m]", "for i, j: sum l: exp(a[i, l]) * sin(b[l, j])", None),
}
LETTERS = {"n": 7, "k": 18, "m": 5, "p": 3, "q": 2}


@pytest.mark.parametrize("name", CASES)
def test_programs(name: str) -> None:
    parameters, body, spec = CASES[name]
    f = pb.compile(f"def f({parameters}) = {body}").f
    shapes = [[LETTERS[x] for x in part.split("[")[1].rstrip("]").split(", ")] for part in parameters.split("], ")]
    a, b = (np.random.default_rng(len(s)).normal(size=s) for s in shapes)
    assert " tile " in f.as_text("schedule")
    if name == "weights between":
        expected = (a * np.arange(18)) @ b
    elif name == "computed":
        expected = np.exp(a) @ np.sin(b)
    else:
        expected = np.einsum(spec, a, a if name == "Gram" else b)
    np.testing.assert_allclose(f(a, b), expected, rtol=1e-12, atol=1e-12)


CONVOLUTION = """
def layer(w: f64[o, c, r, s], x: f64[n, c, y, x]) -> f64[n, o, y - r + 1, x - s + 1] =
    for i, f, a < y - r + 1, b < x - s + 1: sum p, q, t: w[f, p, q, t] * x[i, p, a + q, b + t]
def slow(w: f64[o, c, r, s], x: f64[n, c, y, x]) -> f64[n, o, (y - r) // 2 + 1, x - s + 1] =
    for i, f, a < (y - r) // 2 + 1, b < x - s + 1: sum p, q, t: w[f, p, q, t] * x[i, p, 2 * a + q, b + s - 1 - t]
""".replace("x: f64[n, c, y, x]", "im: f64[n, c, y, x]").replace("x[i, p", "im[i, p")


@pytest.mark.parametrize("shape", [
    (2, 3, 2, 3, 3, 7, 9), (1, 5, 4, 1, 2, 3, 30), (3, 1, 1, 2, 2, 2, 2), (0, 2, 2, 2, 2, 4, 4),
    (2, 5, 2, 3, 3, 6, 27), (1, 2, 1, 2, 1, 4, 9),  # lines that are nearly one row
])  # fmt: skip
@pytest.mark.parametrize("which", ["layer", "slow"])
def test_convolutions_and_their_derivatives(which: str, shape: tuple[int, ...]) -> None:
    n, o, c, r, s, y, x = shape
    rng, m = np.random.default_rng(0), pb.compile(CONVOLUTION)
    w, images = rng.normal(size=(o, c, r, s)), rng.normal(size=(n, c, y, x))
    f, step = getattr(m, which), 1 if which == "layer" else 2
    windows = np.lib.stride_tricks.sliding_window_view(images, (r, s), axis=(2, 3))[:, :, ::step]
    turned = windows if which == "layer" else windows[..., ::-1]
    out = np.einsum("fpqt,ipabqt->ifab", w, turned)
    assert " tile " in f.as_text("schedule")
    np.testing.assert_allclose(f(w, images), out, rtol=1e-12, atol=1e-12)
    cotangent = rng.normal(size=out.shape)
    dw, dimages = pb.reverse(f)(w, images, cotangent)
    np.testing.assert_allclose(dw, np.einsum("ifab,ipabqt->fpqt", cotangent, turned), rtol=1e-12, atol=1e-12)
    tangent = rng.normal(size=images.shape)
    np.testing.assert_allclose(np.vdot(dimages, tangent), np.vdot(cotangent, f(w, tangent)), rtol=1e-10, atol=1e-12)


def test_lines_of_a_convolution_in_one_row() -> None:
    """In f32, whose vectors are longer: lines of every length, one and several, with narrow gaps and with none. The filter is
    narrow, and its derivative a sum along the lines, whether these fill a vector or not."""
    f = pb.compile(CONVOLUTION.replace("f64[", "f32[")).layer
    back = pb.reverse(f)
    rng = np.random.default_rng(0)
    for (s, x), y in product(((1, 1), (1, 8), (1, 13), (2, 17), (3, 26), (3, 50), (2, 140)), (2, 3, 5)):
        w, images = (rng.integers(-4, 5, shape).astype(np.float32) for shape in ((5, 2, 2, s), (2, 2, y, x)))
        windows = np.lib.stride_tricks.sliding_window_view(images, (2, s), axis=(2, 3))
        out = np.einsum("fpqt,ipabqt->ifab", w, windows)
        np.testing.assert_array_equal(f(w, images), out, err_msg=f"{s}, {x}, {y}")
        cotangent = rng.integers(-4, 5, out.shape).astype(np.float32)
        dw, _ = back(w, images, cotangent)
        np.testing.assert_array_equal(dw, np.einsum("ifab,ipabqt->fpqt", cotangent, windows), err_msg=f"{s}, {x}, {y}")


KERNEL = """
kernel f(a: f64[n, k], b: f64[k, m]; n, k, m) -> (out: f64[n, m]) {
  fill out with 2.0
  for i < n parallel {
    for l < k parallel {
      x: f64 = a[i, l]
      for j < m parallel {
        y: f64 = b[l, j]
        t: f64 = fmul(x, y)
        out[i, j] += t over f64
      }
    }
  }
}
"""


@pytest.mark.parametrize("bytes", [16, 32, 64])
def test_every_width_of_registers(bytes: int) -> None:
    """Tiles for machines with narrower and wider registers than this one's run here too, as halves or in pairs."""
    kernel = Tile(bytes).run(parse(KERNEL))
    verify(kernel)
    code, *others = library.objects(emit(replace(kernel, name="pb.f")))
    loaded = jit.load(code, ["pb.f"], beside=others)
    a, b, out, record = data("f64", 9, 6), data("f64", 6, 15), np.empty((9, 15)), np.zeros(4, np.int64)
    slots = np.array([a.ctypes.data, b.ctypes.data, 9, 6, 15, out.ctypes.data, record.ctypes.data], np.int64)
    assert ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(loaded["pb.f"])(slots.ctypes.data) == 0
    np.testing.assert_array_equal(out, a @ b + 2)


APART = """
kernel f(g: f64[n, o], x: f64[c, m]; n, o, c, m, s) -> (out: f64[o, c, s]) {
  fill out with 2.0
  for f < o parallel {
    for p < c parallel {
      for t < s parallel {
        for k < n parallel {
          a: f64 = g[k, f]
          at: i64 = iadd(k, t)
          b: f64 = x[p, at]
          ab: f64 = fmul(a, b)
          out[f, p, t] += ab over f64
        }
      }
    }
  }
}
"""


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("bytes", [16, 32, 64])
def test_columns_apart_in_the_result(bytes: int, turned: bool) -> None:
    """Few neighbours in the result, and many rows in two loops that read the same columns: these are turned beside each other,
    where they lie along the sum, and no byte is read outside the arrays."""
    text = APART.replace("g: f64[n, o]", "g: f64[o, n]").replace("g[k, f]", "g[f, k]") if turned else APART
    kernel = Tile(bytes).run(parse(text))
    verify(kernel)
    code, *others = library.objects(emit(replace(kernel, name="pb.f")))
    loaded = jit.load(code, ["pb.f"], beside=others)
    for (o, c, s), n in product(((1, 3, 2), (8, 40, 1), (13, 16, 2), (16, 9, 4), (40, 33, 1), (63, 8, 4)), (1, 8, 45, 300)):
        g, x = data("f64", n, o), data("f64", c, n + s - 1)
        windows = np.lib.stride_tricks.sliding_window_view(x, n, axis=1)
        places = [page_end(a) for a in (g.T if turned else g, x, np.zeros((o, c, s)))]
        record = np.zeros(4, np.int64)
        (g_at, _), (x_at, _), (out_at, _) = places
        slots = np.array([g_at, x_at, n, o, c, n + s - 1, s, out_at, record.ctypes.data], np.int64)
        assert ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(loaded["pb.f"])(slots.ctypes.data) == 0
        out = np.frombuffer(ctypes.string_at(out_at, 8 * o * c * s), np.float64).reshape(o, c, s)
        np.testing.assert_array_equal(out, np.einsum("ko,ctk->oct", g, windows) + 2, err_msg=f"{o} {c} {s} {n}")


def test_the_derivative_by_many_filters() -> None:
    """Its neighbours are as few as a filter is wide; there are many filters, and places in them."""
    m = pb.compile(CONVOLUTION + CONVOLUTION.replace("def ", "def single_").replace("f64[", "f32["))
    for f, dtype in ((m.layer, np.float64), (m.single_layer, np.float32)):
        back, rng = pb.reverse(f), np.random.default_rng(0)
        for o, c, r, s, n, x in ((16, 6, 3, 3, 2, 9), (15, 40, 1, 1, 3, 20), (64, 5, 3, 3, 1, 28), (49, 16, 2, 3, 2, 5)):
            w, images = (rng.integers(-4, 5, shape).astype(dtype) for shape in ((o, c, r, s), (n, c, x, x)))
            windows = np.lib.stride_tricks.sliding_window_view(images, (r, s), axis=(2, 3))
            cotangent = rng.integers(-4, 5, (n, o, x - r + 1, x - s + 1)).astype(dtype)
            dw, _ = back(w, images, cotangent)
            np.testing.assert_array_equal(dw, np.einsum("ifab,ipabqt->fpqt", cotangent, windows), err_msg=f"{o} {c} {x}")


def test_filters_shared_by_threads() -> None:
    """Each thread has some of the columns; numbers are whole, so that the sums are exact in any order."""
    rng = np.random.default_rng(0)
    w, images, cotangent = (rng.integers(-4, 5, s).astype(float) for s in ((50, 8, 3, 3), (4, 8, 28, 28), (4, 50, 26, 26)))
    one, three = (pb.reverse(pb.compile(CONVOLUTION, threads=t).layer)(w, images, cotangent) for t in (1, 3))
    for a, b in zip(one, three, strict=True):
        np.testing.assert_array_equal(a, b)
