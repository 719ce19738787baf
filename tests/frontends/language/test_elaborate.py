"""What programs mean: their values, by the reference interpreter, against NumPy and against laws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.core.errors import DerivativeFault, IndexFault, PullbackError
from pullback.frontends.language.elaborate import elaborate, elaborate_expression
from pullback.frontends.language.loader import load, load_text
from pullback.ir.unary.typing import verify

ROOT = Path(__file__).parents[3]
X = np.array([0.5, -1.25, 3.0, 0.75])
Y = np.array([2.0, 0.25, -0.5, 1.5])
A = np.arange(12.0).reshape(3, 4) / 7 - 0.8
SIZES = {"n": 4, "m": 3, "d": 4}


def call(text: str, name: str, *args: Any) -> list[Any]:
    term = elaborate(load_text(text), name).term
    verify(term)
    return run(term, args)


def value(text: str, *args: Any) -> Any:
    """The results of the last function of a program, bare where it is one."""
    program = load_text(text)
    results = call(text, program.defined[-1], *args)
    return results[0] if len(results) == 1 else results


# a body over x, y: f64[n], a: f64[m, n], k: i64, and what it is in NumPy
BODIES: list[tuple[str, Any]] = [
    ("sum i: x[i] * y[i]", X @ Y),
    ("for i: sum j: a[i, j] * x[j]", A @ X),
    ("for i, j: a[i, j] * x[j]", A * X),
    ("for j: mean i: a[i, j]", A.mean(axis=0)),
    ("mean i: a[i]", A.mean(axis=0)),
    ("sum i, j: a[i, j]^2", (A**2).sum()),
    ("max i, j: a[i, j]", A.max()),
    ("min i: x[i]", X.min()),
    ("prod i: x[i]", X.prod()),
    ("argmax i: x[i]", X.argmax()),
    ("argmin i in 1..n: y[i]", 1 + Y[1:].argmin()),
    ("for i: argmax j: a[i, j]", A.argmax(axis=1)),
    ("all i: x[i] < 4", True),
    ("any i: x[i] > 3", False),
    ("sum i in 1..n: x[i] * x[i - 1]", (X[1:] * X[:-1]).sum()),
    ("sum i, j < i: x[i] * x[j]", np.tril(np.outer(X, X), -1).sum()),
    ("for i < n: sum j < i: x[j]", np.concatenate([[0], X.cumsum()[:-1]])),
    ("scan s = 0 for i: s + x[i]", X.cumsum()),
    ("fold s = 1 for i: s * x[i] + 1", (((X[0] + 1) * X[1] + 1) * X[2] + 1) * X[3] + 1),
    ("scan s = 0 for i, j: s + a[i, j]", A.cumsum().reshape(3, 4)),
    ("fold v = x for l < 3: v + y", X + 3 * Y),
    ("fold s = 0.5 while s < 10: s * s + 1", 7.56640625**2 + 1),
    ("x + 2 * y - 1", X + 2 * Y - 1),
    ("1 / (1 + exp(-x)) - sigmoid(x) < 1e-15", np.full(4, True)),
    ("max(x, y) - min(x, 0)", np.maximum(X, Y) - np.minimum(X, 0)),
    ("x^3 + x^0 - y^(-2)", X**3 + 1 - Y**-2.0),
    ("abs(y)^0.5", np.abs(Y) ** 0.5),
    ("if x[0] > y[0] then x else y", Y),
    ("for i: if x[i] > 0 then 1 else if x[i] < -1 then -1 else 0", np.array([1, -1, 1, 1])),
    ("(sum i: if x[i] > 0 then 1 else 0) / n", 0.75),
    ("sum i: if x[i] > 0 then x[i] else 0", X[X > 0].sum()),
    ("n * x[0] + n", 4 * X[0] + 4),
    ("k * n + 1", 13),
    ("f64(k) * x[k]", 3 * X[3]),
    ("for i < k: 2 * i", np.array([0, 2, 4])),
    ("for i: (x[i], i)", [X, np.arange(4)]),
    ("{b: x[0], a: (y[1], true)}", [X[0], Y[1], True]),
    ("a[1] + a[2]", A[1] + A[2]),
    ("[x[0], 2, k0()]", np.array([X[0], 2, 7])),
    ("[[1, 2], [3, 4]] + 0.5", np.array([[1.5, 2.5], [3.5, 4.5]])),
    ("[x, y]", np.stack([X, Y])),
    ("len(a) + len(a[0])", 7),
    ("-7 // 2 + k % 2", -3),
    ("(-k) // 2 + (-k) % 2", -1),
    ("not (x[0] > 0 and y[0] > 0) or k == 3", True),
    ("(x[0], k) == (0.5, 3)", True),
    ("2 * pi * e", 2 * np.pi * np.e),
    ("i64(x[2]) + i64(-1.5)", 2),
    ("grad(fn t: sum i: t[i]^2)(x)", 2 * X),
    ("grad(fn t: sum i: t * x[i])(2)", X.sum()),
    ("for i: grad(fn t: t^2 * y[i])(x[i])", 2 * X * Y),
    ("value_and_grad(fn s, t: s * t, wrt=t)(2.0, 3.0)", [6.0, 2.0]),
    ("hessian(fn t: sum i: t[i]^3)(x)", np.diag(6 * X)),
    ("hessian(fn t: t^3)(2.0)", 12.0),
    ("jvp(fn t: exp(t))(x, y)", [np.exp(X), np.exp(X) * Y]),
    ("vjp(fn t: exp(t))(x, y)", [np.exp(X), np.exp(X) * Y]),
    ("reverse(fn s, t: sum i: s[i] * t[i])(x, y, 1)", [Y, X]),
    ("jvp(fn s, t: s * t, wrt=(s, t))(2.0, 3.0, 10.0, 100.0)", [6.0, 230.0]),
    ("grad(fn p: p.x * p.y)({x: 2.0, y: 3.0})", [3.0, 2.0]),
    ("grad(fn t: stop_gradient(t) * t)(3.0)", 3.0),
    ("grad(fn t: fold s = t for l < 3: s * s)(1.1)", 8 * 1.1**7),
    ("grad(fn t: fold s = t while s < 10: 2 * s)(3.0)", 4.0),
    ("grad(fn t: if t > 2 then t^2 else t)(3.0)", 6.0),
    ("grad(grad(grad(fn t: t^5)))(2.0)", 240.0),
    ("grad(fn t: sum i: grad(fn u: u^2 * t)(x[i]))(2.0)", 2 * X.sum()),
]


@pytest.mark.parametrize(("body", "expected"), BODIES, ids=[body for body, _ in BODIES])
def test_bodies(body: str, expected: Any) -> None:
    text = f"def k0() -> f64 = 7\ndef f(x: f64[n], y: f64[n], a: f64[m, n], k: i64) = {body}\n"
    results = call(text, "f", X, Y, A, 3)
    wanted = expected if isinstance(expected, list) else [expected]
    assert len(results) == len(wanted)
    for result, want in zip(results, wanted, strict=True):
        assert np.shape(result) == np.shape(want)
        np.testing.assert_allclose(result, want, rtol=1e-14, atol=1e-14)


# -- the programs of the design ----------------------------------------------------------------------------------------
def test_the_gradient_of_logistic_regression_is_that_of_finite_differences() -> None:
    program = load(ROOT / "examples" / "logistic.pull")
    loss = elaborate(program, "loss").term
    step = elaborate(program, "step").term
    verify(step)
    random = np.random.default_rng(0)
    w, b, xs, ys = random.normal(size=3), 0.3, random.normal(size=(5, 3)), np.array([0.0, 1, 1, 0, 1])

    def at(w: Any, b: float) -> float:
        return float(run(loss, (w, b, xs, ys))[0])

    w1, b1 = run(step, (w, b, xs, ys, 0.5))
    h = 1e-6
    dw = [(at(w + h * unit, b) - at(w - h * unit, b)) / (2 * h) for unit in np.eye(3)]
    np.testing.assert_allclose(w1, w - 0.5 * np.array(dw), atol=1e-8)
    assert b1 == pytest.approx(b - 0.5 * (at(w, b + h) - at(w, b - h)) / (2 * h), abs=1e-8)


def test_the_mixture_is_that_of_dense_factors() -> None:
    term = elaborate(load(ROOT / "examples" / "gmm.pull"), "loglik").term
    verify(term)
    random = np.random.default_rng(1)
    n, k, d = 4, 3, 3
    alpha, mu, q = random.normal(size=k), random.normal(size=(k, d)), random.normal(size=(k, d))
    packed, x = random.normal(size=(k, d * (d - 1) // 2)), random.normal(size=(n, d))
    beta = np.empty((n, k))
    for a in range(k):
        factor = np.diag(np.exp(q[a]))
        factor[np.triu_indices(d, 1)[::-1]] = packed[a]  # columns of the lower triangle, one after the other
        beta[:, a] = alpha[a] + q[a].sum() - (((x - mu[a]) @ factor.T) ** 2).sum(axis=1) / 2
    expected = (
        np.log(np.exp(beta).sum(axis=1)).sum() - n * np.log(np.exp(alpha).sum()) - n * d * np.log(2 * np.pi) / 2
    )
    assert run(term, (alpha, mu, q, packed, x))[0] == pytest.approx(expected, rel=1e-13)


@given(st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_the_full_adder_adds(bits: tuple[bool, bool, bool]) -> None:
    term = elaborate(load(ROOT / "examples" / "logistic.pull"), "full_adder").term
    total, carry = run(term, bits)
    assert 2 * carry + total == sum(bits)


# -- calls -------------------------------------------------------------------------------------------------------------
def test_a_closure_keeps_the_names_of_where_it_was_written() -> None:
    text = """
def apply(f: (f64) -> f64, x: f64) -> f64 =
    let c = 100
    f(x) + c
def g(x: f64) -> f64 =
    let c = 10 * x
    apply(fn t: t + c, x)
"""
    assert value(text, 2.0) == 122.0


def test_names_of_a_caller_are_unknown_in_a_function() -> None:
    with pytest.raises(PullbackError) as caught:
        value("def g(x: f64) = x + c\ndef f(x: f64) =\n    let c = 1\n    g(x)", 1.0)
    assert caught.value.code == "PB0201"


def test_a_derivative_sees_what_the_function_captured() -> None:
    text = "def f(x: f64[n], c: f64) -> f64[n] = grad(fn t: sum i: c * t[i] * x[i]^2)(x)"
    np.testing.assert_allclose(value(text, X, 3.0), 3 * X**2)


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        ("if p then t * 5 else t", 5),
        ("t * (sum i < k: x[i])", X[:2].sum()),
        ("t * x[k]", X[2]),
        ("t * (fold s = c for i < 2: s * s)", 81),
        ("t * (fold s = c while s < 10: s * s)", 81),
        ("if p then t * c else t * x[0]", 3),
        ("t * (fold s = 1 while s < c: s * x[2])", 3),
        ("t * stop_gradient(c)", 3),
        ("t * c", 3),
        ("t * g(c)", 30),
        ("c", 0),
        ("jvp(fn u: u * t, wrt=u)(c, c).1", 3),
    ],
)
def test_a_derivative_captures_whatever_stands_around_it(body: str, slope: float) -> None:
    text = f"def f(x: f64[n], k: i64, c: f64, p: bool, g: (f64) -> f64) -> f64 = grad(fn t: {body})(2.0)\n"
    text += "def h(x: f64[n], k: i64, c: f64, p: bool) -> f64 = f(x, k, c, p, fn y: 10 * y)"
    assert value(text, X, 2, 3.0, True) == slope


def test_a_derivative_inside_a_loop_sees_the_index_as_a_size() -> None:
    text = "def f(x: f64[n]) -> f64[n] = for r: grad(fn t: sum c < r: t * x[c])(x[r])"
    np.testing.assert_allclose(value(text, X), [0, *X.cumsum()[:-1]])


def test_arguments_by_name() -> None:
    text = "def g(a: f64, b: f64, c: f64) = a + 10 * b + 100 * c\ndef f() = g(1, c=2, b=3)"
    assert value(text) == 231


def test_deep_programs_do_not_exhaust_the_stack() -> None:
    calls = "\n".join(f"def f{k}(x: f64) -> f64 = f{k - 1}(x + 1)" for k in range(1, 120))
    assert value(f"def f0(x: f64) -> f64 = x\n{calls}\n", 0.0) == 119
    chain = "if x > 150 then 0 else " * 150
    assert value(f"def f(x: f64) -> f64 = {chain} x", 1.0) == 1


def test_open_numbers_are_made_once_however_often_their_names_stand() -> None:
    """Each `let` uses the one before twice, so that making it anew at every use would take 2^60 steps."""
    lets = "\n".join(f"    let a{k + 1} = a{k} * a{k} * n" for k in range(60))
    term = elaborate(load_text(f"def f(x: f64[n]) -> f64 =\n    let a0 = 1 / n\n{lets}\n    x[0] * a60"), "f").term
    assert len(term.steps) < 300
    assert run(term, [X], {"n": len(X)})[0] == X[0] / len(X)


# -- failing -----------------------------------------------------------------------------------------------------------
def test_an_index_outside_its_array_is_an_error_when_it_runs() -> None:
    with pytest.raises(IndexFault) as caught:
        value("def f(x: f64[n], i: i64) = x[i]", X, 4)
    assert caught.value.code == "PB0701"
    assert caught.value.span is not None
    assert caught.value.span.text == "x[i]"


def test_only_the_branch_taken_can_fail() -> None:
    text = "def f(x: f64[n], i: i64) = if 0 <= i and i < n then x[i] else 0"
    assert value(text, X, 9) == 0
    assert value(text, X, 2) == 3


def test_what_has_no_derivative_is_an_error_with_both_places() -> None:
    text = "def steps(x: f64) -> f64 = f64(i64(x)) * x\ndef f(x: f64) = grad(steps)(x)"
    with pytest.raises(DerivativeFault) as caught:
        elaborate(load_text(text), "f")
    assert caught.value.span is not None and caught.value.span.text == "i64(x)"
    assert [span.text for _, span in caught.value.notes if span] == ["grad(steps)"]


def test_spans_reach_the_steps() -> None:
    term = elaborate(load_text("def f(x: f64, y: f64) = x * sin(y)"), "f").term
    assert [step.span.text for step in term.steps if step.span] == ["sin(y)", "x * sin(y)"]


# -- laws --------------------------------------------------------------------------------------------------------------
numbers = st.integers(-50, 50)


@given(numbers, numbers, st.sampled_from(["+", "-", "*", "//", "%"]))
def test_integer_literals_compute_as_python_does(a: int, b: int, operator: str) -> None:
    if operator in ("//", "%") and b == 0:
        return
    term, _ = elaborate_expression(load_text(""), f"({a}) {operator} ({b})")
    (result,) = run(term, [])
    assert result == eval(f"({a}) {operator} ({b})") and result.dtype == np.int64


@given(numbers, numbers, st.sampled_from(["+", "-", "*"]), st.sampled_from([2, 5, 7]))
def test_literals_in_a_ring_are_their_residues(a: int, b: int, operator: str, n: int) -> None:
    """Reducing and computing commute: the literal arithmetic is folded in Z, the other in Z/n."""
    folded, _ = elaborate_expression(load_text(""), f"z<{n}>(({a}) {operator} ({b}))")
    ring, _ = elaborate_expression(load_text(""), f"z<{n}>({a}) {operator} z<{n}>({b})")
    assert run(folded, []) == run(ring, [])


@given(st.lists(st.floats(-10, 10), max_size=5), st.floats(-2, 2))
def test_a_reversed_horner_and_a_sum_of_powers_agree(c: list[float], x: float) -> None:
    text = """
def horner(c: f64[n], x: f64) -> f64 = fold s = 0 for i < n: s * x + c[n - 1 - i]
def powers(c: f64[n], x: f64) -> f64 = sum i: c[i] * (prod j < i: x)
"""
    assert call(text, "horner", np.array(c), x)[0] == pytest.approx(call(text, "powers", np.array(c), x)[0], abs=1e-9)
