"""Types: what literals become, what is never converted, products, casts, and the objects with semirings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.core.errors import PullbackError
from pullback.core.objects import DTYPES
from pullback.frontends.language.elaborate import elaborate, elaborate_expression
from pullback.frontends.language.loader import load_text
from pullback.frontends.language.show import show
from pullback.ir.unary.typing import verify

SCALARS = ("f64", "f32", "i64", "i32", "bool", "bit", "z<7>", "sat<4>")


def type_of(body: str, parameters: str = "") -> str:
    return str(elaborate(load_text(f"def f({parameters}) = {body}"), "f").result)


def given_by(expression: str) -> str:
    term, kind = elaborate_expression(load_text(""), expression)
    verify(term)
    return show(kind, run(term, []))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("2", "i64"),
        ("2.0", "f64"),
        ("1 / 2", "f64"),
        ("7 // 2", "i64"),
        ("2^3", "i64"),
        ("2^(-1)", "f64"),
        ("2^0.5", "f64"),
        ("exp(1)", "f64"),
        ("-3", "i64"),
        ("pi", "f64"),
        ("max(1, 2)", "i64"),
        ("max(1, 2.5)", "f64"),
        ("[1, 2]", "i64[2]"),
        ("[1, 2.5]", "f64[2]"),
        ("exp([1, 2])", "f64[2]"),
        ("[[1, 2, 3]]", "i64[1, 3]"),
        ("for i < 3: 0", "i64[3]"),
        ("for i < 3: (i, 0.5)", "(i64[3], f64[3])"),
        ("sum i < 3: 1", "i64"),
        ("mean i < 3: 1", "f64"),
        ("if true then 1 else 2.5", "f64"),
        ("fold s = 0 for i < 3: s + 1", "i64"),
        ("1 < 2", "bool"),
        ("[1, 2] < 2", "bool[2]"),
        ("(1, 2.0, true)", "(i64, f64, bool)"),
        ("{x: 1, y: ()}", "{x: i64, y: ()}"),
        ("()", "()"),
    ],
)
def test_what_nothing_else_decides(body: str, kind: str) -> None:
    assert type_of(body) == kind


@pytest.mark.parametrize("scalar", ["f64", "f32"])
@pytest.mark.parametrize(
    "body",
    [
        "x + 1", "1 - x", "x * 0.5", "x / 3", "x^2", "x^0.5", "x^(-2)", "x + n", "x * (n * 2 + 1) / 4", "x + 2 * pi",
        "x * (if x > 0 then 1 else 0)", "x + (sum i < 3: 1)", "x * exp(1)", "x + max(1, n)", "x - (mean i < 3: 2)",
        "a[0] + ([1, 2])[1]", "x + (fold s = 0 for i < n: s + x)", "if x > 0 then x else 0", "if x > 0 then 0 else x",
        "if x > 0 then 1 else if x > 1 then 2 else x", "max(x, 0)", "sum i: a[i] * 2", "(for i < 2: [3, 4][i] * x)[0]",
        "(fold (s, k) = (0, 0) for i: (s + a[i], k + 1)).0", "({u: x, v: 1}).u", "sqrt(x) + log(2)",
    ],
)  # fmt: skip
def test_literals_take_their_type_from_use(body: str, scalar: str) -> None:
    assert type_of(body, f"x: {scalar}, a: {scalar}[n]") == scalar


@pytest.mark.parametrize(
    "body", ["([1, 2] + x) * 3", "x - [1, n]", "[x[0], 1]", "for i: x[i] * [0.5, 1][i]", "exp([1, 2]) * x", "x^2 / 2"]
)
def test_arrays_of_literals_take_their_type_from_use(body: str) -> None:
    assert type_of(body, "x: f32[2], y: f64[n]") == "f32[2]"


@pytest.mark.parametrize("left", SCALARS)
@pytest.mark.parametrize("right", SCALARS)
def test_no_two_types_mix(left: str, right: str) -> None:
    program = load_text(f"def f(x: {left}, y: {right}) = x + y")
    if left == right:
        assert str(elaborate(program, "f").result) == left
    else:
        with pytest.raises(PullbackError) as caught:
            elaborate(program, "f")
        assert caught.value.code == "PB0302"


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize("other", SCALARS)
def test_no_result_is_converted_silently(scalar: str, other: str) -> None:
    program = load_text(f"def f(x: {scalar}) -> {other} = x")
    if scalar == other:
        elaborate(program, "f")
    else:
        with pytest.raises(PullbackError) as caught:
            elaborate(program, "f")
        assert caught.value.code == "PB0301"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("f32(0.1)", "0.1"),
        ("f64(f32(0.1))", "0.10000000149011612"),
        ("i64(-2.9)", "-2"),
        ("i32(7) // 2", "3"),
        ("z<7>(-1)", "6"),
        ("z<7>(5) * 3", "1"),
        ("sat<4>(9)", "3"),
        ("sat<4>(2) + 3", "3"),
        ("bit(1) + 1", "0"),
        ("bool(2)", "true"),
        ("i64(true) + 1", "2"),
        ("f64([1, 2])", "[1.0, 2.0]"),
        ("i64([1.5, -1.5])", "[1, -1]"),
        ("f64(len([1, 2, 3]))", "3.0"),
        ("f32(max(len([1, 2, 3]), 2) // 2)", "1.0"),  # what an object has no operation for is done in integers
        ("0.5 + max(len([1, 2, 3]), 2) % 2", "1.5"),
        ("z<7>(max(len([1, 2, 3]), 2))", "3"),
        ("sat<4>(3) + max(len([1, 2, 3]), 2) // 3", "3"),
        ("1e300 * 1e10", "inf"),
        ("[nan, inf, -inf, -0.0]", "[nan, inf, -inf, -0.0]"),
    ],
)
def test_casts_and_elements(expression: str, shown: str) -> None:
    assert given_by(expression) == shown


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f(x: i32) = x + 3000000000", "PB0310"),
        ("def f(x: sat<4>) = x - 1", "PB0303"),
        ("def f(x: bool) = x + 1", "PB0310"),
        ("def f(x: bool, y: f64[n]) = x == max(len(y), 2) // 2", "PB0310"),
        ("def f(x: maxplus, y: f64[n]) = x + max(len(y), 2)", "PB0310"),
        ("def f(x: bit) = x + 0.5", "PB0302"),
        ("def f(x: z<7>) = x / 2", "PB0303"),
        ("def f(x: i64) = exp(x)", "PB0303"),
        ("def f(x: f64[n]) = x[i32(0)]", "PB0301"),
        ("def f(x: (f64, f64)) -> {x: f64, y: f64} = x", "PB0301"),
        ("def f(x: {a: f64}) -> {b: f64} = x", "PB0301"),
        ("def f(x: f64) =\n    let y: f32 = x\n    y", "PB0301"),
        ("def f() -> i64 = 0.5", "PB0301"),
        ("def f() -> f64[3] = [1, 2]", "PB0401"),
    ],
)
def test_what_does_not_fit(text: str, code: str) -> None:
    with pytest.raises(PullbackError) as caught:
        elaborate(load_text(text), "f")
    assert caught.value.code == code


def test_records_are_told_by_their_names_in_any_order() -> None:
    text = """
type Point = {x: f64, y: f64}
def flip(p: Point) -> Point = {y: p.x, x: p.y}
def f() = flip({y: 2, x: 1})
"""
    elaborated = elaborate(load_text(text), "f")
    assert str(elaborated.result) == "{x: f64, y: f64}"
    assert run(elaborated.term, []) == [2.0, 1.0]


def test_the_wires_of_a_signature_are_named_after_their_parts() -> None:
    text = "def f(p: {x: f64, y: (f64[n], i64)}, q: (f64, f64)[n]) -> f64 = p.x"
    assert elaborate(load_text(text), "f").term.names == ("p.x", "p.y.0", "p.y.1", "q.0", "q.1")


reals = st.floats(allow_nan=False, width=32)
leaves: st.SearchStrategy[Any] = st.one_of(
    reals.map(lambda x: ("f64", x)), st.integers(-9, 9).map(lambda k: ("i64", k)), st.booleans().map(lambda b: ("bool", b))
)


@given(st.lists(leaves, min_size=1, max_size=4), st.permutations(range(4)))
def test_tuples_keep_their_parts(parts: list[Any], order: list[int]) -> None:
    """Taking a tuple apart and putting it together in another order moves the values, and nothing else."""
    order = [k for k in order if k < len(parts)]
    names = ", ".join(f"x{k}" for k in range(len(parts)))
    result = ", ".join(f"x{k}" for k in order)
    kinds = ", ".join(kind for kind, _ in parts)
    text = f"def f(t: ({kinds},)) =\n    let ({names},) = t\n    ({result},)\n"
    got = run(elaborate(load_text(text), "f").term, [v for _, v in parts])
    assert got == [parts[k][1] for k in order]


@given(st.recursive(reals, lambda inner: st.lists(inner, min_size=2, max_size=2), max_leaves=8))
def test_what_is_shown_reads_back(value: Any) -> None:
    array = np.asarray(value, dtype=DTYPES["f64"]) if _regular(value) else None
    if array is not None:
        shown = show(elaborate_expression(load_text(""), "0.0")[1], [array])
        assert given_by(shown) == shown


def _regular(value: Any) -> bool:
    try:
        np.asarray(value, dtype=np.float64)
    except ValueError:
        return False
    return True
