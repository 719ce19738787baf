"""Sizes in programs: unified at calls, inferred for loop indices, never wrong at run time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.core.errors import PullbackError, SizeFault
from pullback.core.objects import shape
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.unary import term as t
from pullback.ir.unary.typing import verify


def result_of(text: str) -> str:
    program = load_text(text)
    elaborated = elaborate(program, program.defined[-1])
    verify(elaborated.term)
    return str(elaborated.result)


def fault_of(text: str) -> PullbackError:
    program = load_text(text)
    with pytest.raises(PullbackError) as caught:
        elaborate(program, program.defined[-1])
    return caught.value


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("def f(x: f64[n]) -> f64[n] = for i: x[i]", "f64[n]"),
        ("def f(x: f64[n], y: f64[m]) = for i, j: x[i] * y[j]", "f64[n, m]"),
        ("def f(x: f64[n, m]) = for j, i: x[i, j]", "f64[m, n]"),
        ("def f(x: f64[n, m]) = for j: for i: x[i][j]", "f64[m, n]"),
        ("def f(x: f64[n]) = for i in 1..n: x[i]", "f64[n - 1]"),
        ("def f(x: f64[n]) -> f64[d*(d+1)//2] = x", "PB0209"),
        ("def f(x: f64[d], y: f64[d*(d+1)//2]) -> f64[d + d*(d-1)//2] = y", "f64[(d*d + d)//2]"),
        ("def f(x: f64[2*n + 1]) = x[0]", "PB0406"),
        ("def f(x: f64[n + 1]) -> f64[n] = for i < n: x[i + 1] - x[i]", "f64[n]"),
        ("def g(x: f64[n + 1]) -> f64[n] = for i < n: x[i + 1]\ndef f(x: f64[5]) = g(x)", "f64[4]"),
        ("def g(x: f64[n + 1]) -> f64[n] = for i < n: x[i + 1]\ndef f(x: f64[m]) = g(g(x))", "f64[m - 2]"),
        ("def g(x: f64[n], y: f64[n]) = x + y\ndef f(a: f64[k*k], b: f64[k*k], c: f64[k]) = g(a, b)", "f64[k*k]"),
        ("def f(k: i64) -> f64[k + 1] = for i < k + 1: 0.5", "f64[k + 1]"),
        ("def g(k: i64) -> f64[k] = for i < k: 1\ndef f() = g(3)", "f64[3]"),
        ("def g(k: i64) -> f64[k] = for i < k: 1\ndef f(x: f64[n]) = g(n) + x", "f64[n]"),
        ("def g(k: i64) -> f64[k] = for i < k: 1\ndef f(m: i64) = g(m + 1)", "f64[k]"),
        ("def f(m: i64, x: f64[n]) = for j: for i < m: x[j]", "f64[n, m]"),
        ("def f(m: i64, p: bool) = if p then (for i < m: 1.0) else for i < m: 2.0", "f64[m]"),
        ("def f(x: f64[n]) =\n    let y: f64[n] = x\n    y", "f64[n]"),
        ("def f(x: f64[3]) = [x, x, x, x]", "f64[4, 3]"),
        ("def f(x: f64[n], y: f64[n]) = for i: (x[i], y)", "(f64[n], f64[n, n])"),
    ],
)
def test_sizes_of_results(text: str, result: str) -> None:
    if result.startswith("PB"):
        assert fault_of(text).code == result
    else:
        assert result_of(text) == result


# the range of `i` is that of x: the body may bind names, hide them, and index deeper
@pytest.mark.parametrize(
    "body",
    [
        "x[i]",
        "a[i, 0] + x[i]",
        "a[0, i]",
        "a[i][0]",
        "(for j: a[i, j])[0]",
        "sum j: a[j, i]",
        "sum j < i: x[j] * x[i]",
        "if x[i] > 0 then 1 else 0",
        "(fn t: t * x[i])(2)",
        "fold s = 0.0 for j: s + a[i, j]",
        "fold s = x[i] while s < 0: s + 1",
        "{u: x[i]}.u",
        "(for k: x[k] * 2)[i]",
        "g(x)[i]",
        "f64(i) * x[i]",
        "sum i: x[i]",  # the inner one hides it: see below
    ],
)
def test_ranges_follow_from_use(body: str) -> None:
    bound = "i < n" if body.startswith("sum i") else "i"
    text = f"def g(x: f64[n]) -> f64[n] = 2 * x\ndef f(x: f64[n], a: f64[n, n], y: f64[m]) = for {bound}: {body}"
    assert result_of(text).removeprefix("f").removeprefix("i").startswith("64[n]")


def test_a_range_is_told_through_a_let_of_the_body() -> None:
    assert result_of("def f(x: f64[n], y: f64[m]) = for i:\n    let z = x\n    z[i]") == "f64[n]"
    assert result_of("def f(x: f64[n, m]) = for i, j:\n    let row = x[i]\n    row[j]") == "f64[n, m]"


def test_a_hidden_index_is_another() -> None:
    assert fault_of("def f(x: f64[n]) = for i: sum i: x[i]").code == "PB0403"
    assert fault_of("def f(x: f64[n]) = for i: (fn i: x[i])(0)").code == "PB0403"


def test_uses_that_disagree_are_both_named() -> None:
    fault = fault_of("def f(x: f64[n], y: f64[m]) = sum i: x[i] * y[i]")
    assert fault.code == "PB0404"
    assert [(text, span.text) for text, span in fault.notes if span] == [("size n here", "x[i]"), ("size m here", "y[i]")]


def test_a_bound_written_wins_over_uses() -> None:
    assert result_of("def f(x: f64[n], y: f64[m]) = for i < min(n, m): x[i] * y[i]") == "f64[count]"


def test_bounds_over_outer_indices_are_polynomials_that_can_be_proved() -> None:
    text = "def f(l: f64[d*(d-1)//2], x: f64[d]) = for r < d: sum c < r: l[r*(r-1)//2 + c] * x[c]"
    term = elaborate(load_text(text), "f").term
    (outer,) = (s for s in term.steps if isinstance(s, t.Loop))
    (inner,) = (s for s in outer.body.steps if isinstance(s, t.Loop))
    assert str(outer.bound) == "d" and inner.bound.name == outer.index
    (offset,) = (s for s in inner.body.steps if isinstance(s, t.Extent))
    assert offset.size.atoms == {outer.index, inner.index}


def test_both_places_of_a_disagreement_at_a_call() -> None:
    text = "def dot(x: f64[n], y: f64[n]) -> f64 = sum i: x[i] * y[i]\ndef f(a: f64[p], b: f64[q]) = dot(a, b)"
    fault = fault_of(text)
    assert isinstance(fault, SizeFault) and fault.code == "PB0402"
    assert "`y` has the size q where `n` is p" in fault.message
    assert fault.span is not None and fault.span.text == "b"
    assert [span.text for _, span in fault.notes if span] == ["a"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(x: f64[n], k: i64[m]) = for j: for i < k[j]: x[i]", "PB0405"),
        ("def f(x: f64[n]) = for r: for c < r: x[r] * x[c]", "PB0405"),
        ("def f(x: f64[n], y: f64[m]) -> f64[n] = y", "PB0401"),
        ("def f(x: f64[n], y: f64[m]) = if true then x else y", "PB0401"),
        ("def f(x: f64[n//0])  = x[0]", "PB0407"),
        ("def f(x: f64[n], k: f64) =\n    let y: f64[k] = x\n    y", "PB0407"),
    ],
)
def test_sizes_that_cannot_be(text: str, code: str) -> None:
    assert fault_of(text).code == code


@given(st.integers(0, 4), st.integers(0, 4), st.integers(-3, 4))
def test_values_have_the_shape_their_type_says(n: int, m: int, k: int) -> None:
    text = """
def f(x: f64[n], y: f64[m], k: i64) =
    (for i, j: x[i] * y[j], for i < k: y, scan s = x for j: s + y[j], for i in 0..n: x[i], for i < n * m + 1: i)
"""
    term = elaborate(load_text(text), "f").term
    verify(term)
    x, y = np.ones(n), np.ones(m)
    results = run(term, (x, y, k))
    atoms = {"n": n, "m": m, "k": max(k, 0)}
    for result, wire in zip(results, term.cod, strict=True):
        assert result.shape == tuple(s.evaluate(atoms) for s in shape(wire))


@given(st.integers(0, 6))
def test_a_packed_triangle_round_trips(d: int) -> None:
    text = """
def pack(a: f64[d, d]) -> f64[d*(d-1)//2] = scatterless(a)
def scatterless(a: f64[d, d]) -> f64[d*(d-1)//2] = for p < d*(d-1)//2:
    let r = fold r: i64 = 1 while (r + 1) * r // 2 <= p: r + 1
    a[r, p - r*(r-1)//2]
def unpack(l: f64[d*(d-1)//2], like: f64[d]) -> f64[d, d] =
    for r < d, c < d: if c < r then l[r*(r-1)//2 + c] else 0
def f(a: f64[d, d], like: f64[d]) = unpack(pack(a), like)
"""
    a = np.arange(float(d * d)).reshape(d, d) + 1
    np.testing.assert_array_equal(run(elaborate(load_text(text), "f").term, (a, np.zeros(d)))[0], np.tril(a, -1))


