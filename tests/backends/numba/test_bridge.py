"""The bridge to Numba: their functions as our operations, our functions in their compiled code."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numba import njit, prange

import pullback as pb
from pullback.core.operation import External, Operation
from pullback.core.operations import OPERATIONS
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.evaluate import evaluate
from pullback.ir.graph import text as graph_text
from pullback.ir.graph.verify import verify as verify_graph
from pullback.ir.loops import text as kernel_text
from pullback.ir.loops.verify import verify as verify_kernel
from pullback.ir.lower import lower
from pullback.ir.unary import text as unary_text

pytestmark = pytest.mark.slow  # together they take many seconds

BACKENDS = ("interpreter", "python", "numba", "llvm")


@njit
def bump(x: float) -> float:
    return math.exp(-x * x)


@njit
def bump_slope(x: float) -> float:
    return -2.0 * x * math.exp(-x * x)


@njit
def bump_bend(x: float) -> float:
    return (4.0 * x * x - 2.0) * math.exp(-x * x)


@njit
def power(x: float, n: int) -> float:
    """x**n, counted out."""
    total = 1.0
    for _ in range(n):
        total *= x
    return total


@njit
def power_slope(x: float, n: int) -> float:
    return n * power(x, n - 1) if n > 0 else 0.0


@njit
def choose(n: int, yes: bool) -> bool:
    return yes and n > 2


@njit
def refuse(x: float) -> float:
    if x < 0.0:
        raise ValueError("negative")
    return math.sqrt(x)


BUMP = pb.operation(bump, derivative=pb.operation(bump_slope, derivative=bump_bend))
POWER = pb.operation(power, derivative=(power_slope, None), type="f64, i64 -> f64")
TABLE = {"bump": BUMP, "pow_": POWER}
TEXT = """
def total(x: f64[n]) -> f64 = sum i: bump(2 * x[i]) * x[i]
def mixed(x: f64[n], k: i64) -> f64 = sum i: pow_(bump(x[i]), k)
def one(x: f64) -> f64 = bump(x)
"""


def table_reference(x: np.ndarray) -> tuple[float, np.ndarray]:
    e = np.exp(-4 * x * x)
    return float((e * x).sum()), e - 8 * x * x * e


@pytest.mark.parametrize("backend", BACKENDS)
def test_value_and_gradient_through_a_foreign_function(backend: str) -> None:
    m = pb.compile(TEXT, operations=TABLE, backend=backend)
    x = np.linspace(-1.0, 1.3, 11)
    value, gradient = table_reference(x)
    found, slope = pb.value_and_grad(m.total)(x)
    assert found == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(slope, gradient, rtol=1e-13)
    expected = 3 * np.exp(-x * x) ** 2 * -2 * x * np.exp(-x * x)
    np.testing.assert_allclose(pb.grad(m.mixed)(x, 3), expected, rtol=1e-13)
    np.testing.assert_allclose(pb.jvp(m.total, (x,), (np.ones_like(x),))[1], gradient.sum(), rtol=1e-13)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_second_derivative_is_there_as_far_as_it_was_given(backend: str) -> None:
    m = pb.compile(TEXT, operations=TABLE, backend=backend)
    second = pb.grad(pb.grad(m.one))
    assert second(0.7) == pytest.approx(bump_bend(0.7), rel=1e-14)
    with pytest.raises(pb.DerivativeFault, match="`bump_slope'x` has no derivative: none was given"):
        pb.grad(second)
    m = pb.compile(TEXT, operations={**TABLE, "bump": pb.operation(bump)})
    with pytest.raises(pb.DerivativeFault, match="`bump` has no derivative: none was given") as caught:
        pb.grad(m.one)
    assert caught.value.code == "PB0501" and caught.value.span is not None and caught.value.span.line == 4


def test_a_derivative_may_be_an_operation_of_ours() -> None:
    @njit
    def sine(x: float) -> float:
        return math.sin(x)

    m = pb.compile("def f(x: f64) -> f64 = sine(x)", operations={"sine": pb.operation(sine, derivative=OPERATIONS["cos"])})
    third = pb.grad(pb.grad(pb.grad(m.f)))
    assert third(0.3) == pytest.approx(-math.cos(0.3), rel=1e-15)


@pytest.mark.parametrize("backend", BACKENDS)
def test_integers_and_bools_go_in_and_out(backend: str) -> None:
    chosen = pb.operation(choose, type="i64, bool -> bool")
    m = pb.compile("def f(n: i64, b: bool) -> bool = choose(n, b)", operations={"choose": chosen}, backend=backend)
    assert [m.f(n, b) for n in (2, 3) for b in (False, True)] == [False, False, False, True]


@pytest.mark.parametrize("backend", BACKENDS)
def test_where_it_raises_it_is_nan_also_on_the_side_not_taken(backend: str) -> None:
    m = pb.compile("def f(x: f64[n]) -> f64[n] = for i: if x[i] < 0 then -1.0 else refuse(x[i])\n"
                   "def g(x: f64) -> f64 = refuse(x)\n", operations={"refuse": pb.operation(refuse)}, backend=backend)
    np.testing.assert_array_equal(m.f(np.array([4.0, -4.0])), [2.0, -1.0])
    assert math.isnan(m.g(-1.0)) and m.g(9.0) == 3.0


def test_f32_stays_f32() -> None:
    third = pb.operation(lambda x: x / 3, type="f32 -> f32", name="third")  # Numba compiles it
    m = pb.compile("def f(x: f32) -> f32 = third(x)", operations={"third": third})
    for backend in BACKENDS:
        assert m.f.with_settings(backend=backend)(1.0) == float(np.float32(1) / np.float32(3))


def test_two_functions_of_one_name_are_two_functions() -> None:
    """Closures have one bytecode: what is called is told by the value, never by its name."""

    def scaled(k: float) -> Operation:
        return pb.operation(njit(lambda x: k * x), name="scaled")

    for k in (2.0, 5.0):
        m = pb.compile("def f(x: f64) -> f64 = g(x)", operations={"g": scaled(k)})
        assert m.f(1.0) == k
    m = pb.compile("def f(x: f64) -> f64 = 10 * g(x) + h(x)", operations={"g": scaled(2.0), "h": scaled(5.0)})
    for backend in BACKENDS:
        assert m.f.with_settings(backend=backend)(1.0) == 25.0


def test_every_level_prints_and_parses_back() -> None:
    term = elaborate(load_text(TEXT, operations=TABLE), "mixed").term
    named = {o.name: o for o in TABLE.values()}
    assert unary_text.parse(unary_text.show(term), named) == term
    graph = evaluate(term)
    verify_graph(graph)
    text = graph_text.show(graph)
    assert "call bump(" in text and graph_text.show(graph_text.parse(text, named)) == text
    kernel = lower(graph)
    verify_kernel(kernel)
    read = kernel_text.parse(kernel_text.show(kernel), {e.name: e.code for e in kernel.externs if e.code is not None})
    assert read == kernel and read.externs[0].code is kernel.externs[0].code
    with pytest.raises(pb.VerifyFault, match="there is no function `bump`"):
        verify_kernel(replace(kernel, externs=kernel.externs[1:] if kernel.externs[0].name == "bump" else ()))
    with pytest.raises(pb.SyntaxFault, match="no operation 'bump' is given"):
        unary_text.parse(unary_text.show(term))


def test_the_code_lives_as_long_as_what_calls_it() -> None:
    import gc

    def made() -> Any:
        op = pb.operation(njit(lambda x: x + 41.0), name="op")
        function = pb.compile("def f(x: f64) -> f64 = op(x)", operations={"op": op}).f
        function(0.0)
        return function.executable.function

    call = made()
    gc.collect()
    assert call(1.0) == 42.0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: pb.operation(bump, type="f64 -> f16"), "no type of a foreign operation"),
        (lambda: pb.operation(bump, type="f64, f64 -> f64"), "takes 1 arguments, and its type"),
        (lambda: pb.operation(power, derivative=power_slope, type="f64, i64 -> f64"), "has 1 partial derivatives"),
        (lambda: pb.operation(power, derivative=(power_slope, power_slope), type="f64, i64 -> f64"), "by `n`, which is i64"),
        (lambda: pb.operation(bump, derivative=OPERATIONS["atan2"]), "takes other arguments"),
        (lambda: pb.operation(njit(lambda x: x)), "is no name"),
        (lambda: pb.operation(njit(lambda x: x.nothing), name="f"), "Numba does not compile `f` as"),
        (lambda: pb.operation(njit(lambda *x: 1.0), name="f"), "a fixed number of arguments"),
    ],
)
def test_what_cannot_be_an_operation(make: Any, words: str) -> None:
    with pytest.raises(pb.ArgumentFault, match=words) as caught:
        make()
    assert caught.value.code == "PB0610"


def test_calls_in_the_language_are_typed() -> None:
    for text, words in (
        ("def f(x: f32) -> f64 = bump(x)", "argument of `bump` is `f32`"),
        ("def f(x: f64[n]) -> f64 = bump(x)", "argument of `bump`"),
        ("def f(x: f64) -> f64 = bump(x, x)", "takes 1 argument"),
        ("def f(x: f64) -> f64 = pow_(x, 0.5)", "argument 2 of `pow_`"),
    ):
        with pytest.raises(pb.TypeFault, match=words):
            pb.compile(text, operations=TABLE)


# -- ours in theirs ----------------------------------------------------------------------------------------------------
MODEL = pb.compile("""
def loss(w: f64[d], x: f64[d], y: f64) -> f64 =
    let r = (sum j: w[j] * x[j]) - y
    r * r
def pick(x: f64[n], i: i64) -> f64 = x[i]
def ramp(n: i64) -> f64[n] = for i < n: f64(i)
def tail(x: f64[n + 1]) -> f64[n] = for i < n: x[i + 1]
def both(x: f64[n], y: f32[n]) -> (f64, f32[n]) = (sum i: x[i], y)
def clock(x: z<12>) -> z<12> = x + x
def bent(x: f64[n]) -> f64 = sum i: bump(x[i])
""", operations=TABLE)


def test_a_gradient_of_ours_in_a_loop_of_theirs() -> None:
    step = pb.numba_function(pb.value_and_grad(MODEL.loss))

    @njit
    def descend(w: Any, xs: Any, ys: Any, rate: float) -> Any:
        for i in range(len(xs)):
            _, dw = step(w, xs[i], ys[i])
            w = w - rate * dw
        return w

    xs = np.random.default_rng(0).normal(size=(2000, 3))
    truth = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(descend(np.zeros(3), xs, xs @ truth, 0.05), truth, atol=1e-10)


def test_in_a_parallel_loop() -> None:
    loss = pb.numba_function(MODEL.loss)

    @njit(parallel=True)
    def total(w: Any, xs: Any, ys: Any) -> float:
        s = 0.0
        for i in prange(len(xs)):
            s += loss(w, xs[i], ys[i])
        return s

    rng = np.random.default_rng(1)
    w, xs, ys = rng.normal(size=4), rng.normal(size=(500, 4)), rng.normal(size=500)
    assert total(w, xs, ys) == pytest.approx(((xs @ w - ys) ** 2).sum(), rel=1e-12)


def test_arrays_of_any_layout_sizes_by_value_and_several_results() -> None:
    np.testing.assert_array_equal(pb.numba_function(MODEL.ramp)(4), np.arange(4.0))
    x = np.arange(10.0)
    x.flags.writeable = False
    np.testing.assert_array_equal(pb.numba_function(MODEL.tail)(x[::3]), [3.0, 6.0, 9.0])
    total, same = pb.numba_function(MODEL.both)(np.ones(3), np.arange(3, dtype=np.float32))
    assert total == 3.0 and same.dtype == np.float32 and same.tolist() == [0.0, 1.0, 2.0]
    assert pb.numba_function(MODEL.both)(np.ones(0), np.ones(0, np.float32))[0] == 0.0
    assert pb.numba_function(MODEL.clock)(7) == 2


def test_theirs_in_ours_in_theirs() -> None:
    x = np.linspace(-1.0, 1.0, 7)
    np.testing.assert_allclose(pb.numba_function(pb.grad(MODEL.bent))(x), bump_slope_of(x), rtol=1e-14)


def bump_slope_of(x: np.ndarray) -> np.ndarray:
    return -2 * x * np.exp(-x * x)


@pytest.mark.parametrize(
    ("name", "args", "kind", "words"),
    [
        ("pick", (np.ones(3), 5), IndexError, r"PB0701: index outside its array \(<text>:5:"),
        ("pick", (np.ones(3), -1), IndexError, "PB0701"),
        ("pick", (np.ones(3, np.float32), 1), TypeError, r"`x` of `pick` is f64\[n\]"),
        ("pick", (np.ones(3), 1.5), TypeError, "`i` of `pick` is i64"),
        ("both", (np.ones(3), np.ones(2, np.float32)), ValueError, r"`y` of `both` is f32\[n\]"),
        ("clock", (12,), ValueError, "are 0 to 11"),
        ("ramp", (-1,), ValueError, "negative"),
    ],
)
def test_errors_in_compiled_code(name: str, args: Any, kind: type[Exception], words: str) -> None:
    function = pb.numba_function(MODEL[name])

    @njit
    def caught(*given: Any) -> bool:
        try:
            function(*given)
        except Exception:
            return True
        return False

    with pytest.raises(kind, match=words):
        function(*args)
    assert caught(*args)


def test_an_external_is_what_it_is() -> None:
    (kinds,) = BUMP.objects
    lowering = BUMP.lowering(kinds, kinds[0])
    assert isinstance(lowering, External) and lowering.address() == lowering.address() != 0
    assert lowering.function(0.5) == bump(0.5)
