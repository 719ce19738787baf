"""Where there is no derivative there is a fault, and only there; where there is one, it can be taken again."""

import numpy as np
import pytest

from pullback.core.errors import DerivativeFault
from pullback.frontends.testing.ways import Machine, in_python, interpreted, lowered
from pullback.ir.derive import jvp, reverse, vjp
from pullback.ir.unary import text
from pullback.ir.unary.share import share
from pullback.ir.unary.typing import verify


def term(body, result, head="[] (0 x: f64, 1 y: f64)"):
    return text.parse(f"unary f {head} {{\n{body}\n}} -> {result}\n")


BOTH = pytest.mark.parametrize("derivative", [vjp, jvp])

NONE = {
    "an integer made of a float": term("2 = cast 0 to i64 : i64\n3 = cast 2 to f64 : f64\n4 = mul 3 1 : f64", 4),
    "in a loop": term("2 = loop i < 3 (2: i64) {\n 3 = cast 0 to i64 : i64\n"
        " 4 = cast 3 to f64 : f64\n} sum 4\n3 = mul 2 1 : f64", 3),
    "in a branch": term(
        "2 = lt 0 1 : bool\n3 = if 2 {\n 3 = cast 0 to i64 : i64\n"
            " 4 = cast 3 to f64 : f64\n} 4 else {\n} 0\n4 = mul 3 1 : f64", 4
    ),
    "through a carry": term(
        "2 = loop i < 3 (2: i64, 3: f64 = 1) {\n 4 = cast 3 to i64 : i64\n 5 = cast 4 to f64 : f64\n 6 = add 5 0 : f64\n} 6", 2
    ),
    "tetragamma": term("2 = tetragamma 0 : f64\n3 = mul 2 1 : f64", 3),
}  # fmt: skip


@BOTH
@pytest.mark.parametrize("case", NONE)
def test_no_derivative_is_a_fault(case, derivative):
    with pytest.raises(DerivativeFault) as caught:
        derivative(NONE[case], [0])
    assert caught.value.code == "PB0501"
    assert caught.value.hint


@BOTH
@pytest.mark.parametrize("case", [c for c in NONE if c != "through a carry"])
def test_but_not_where_nothing_active_goes_through(case, derivative):
    made = derivative(NONE[case], [1], value=False)
    verify(made)
    value = interpreted(NONE[case], [2.5, 3.0], {})[0]
    slope = interpreted(made, [2.5, 3.0, 1.0], {})[0]
    assert slope == pytest.approx(value / 3.0)


@BOTH
def test_a_discrete_wire_is_refused(derivative):
    f = term("2 = mul 0 0 : f64", 2, "[] (0 x: f64, 1 k: i64)")
    with pytest.raises(DerivativeFault, match="`k` is i64, which has no derivative") as caught:
        derivative(f, [1])
    assert caught.value.code == "PB0502"


def repeated(f, times):
    """The derivative by the first wire of a map from numbers to one number, again and again."""
    for _ in range(times):
        f = gradient_at_one(vjp(f, [0], value=False), len(f.dom))
    return f


def gradient_at_one(r, count):
    """R[f](a, 1): the derivative as a map of the point alone."""
    from pullback.core.sizes import atom
    from pullback.ir.unary.builder import Builder, embed

    b = Builder("df", r.sizes, r.names[:count], r.dom[:count])
    one = b.constant(1.0, r.dom[count])
    return b.finish(embed(b, r, [*range(count), one], {s: atom(s) for s in r.sizes}))


THIRD = {
    "cubic": (term("2 = mul 0 0 : f64\n3 = mul 2 0 : f64", 3), lambda x, y: 6.0),
    "sine": (term("2 = sin 0 : f64", 2), lambda x, y: -np.cos(x)),
    "quotient": (term("2 = div 1 0 : f64", 2), lambda x, y: -6 * y / x**4),
    "product of a loop": (term("2 = loop i < 5 (2: i64) {\n} prod 0", 2), lambda x, y: 60 * x**2),
    "power by a carry": (
        term("2 = loop i < 4 (2: i64, 3: f64 = 1) {\n 4 = mul 3 0 : f64\n} 4", 2),
        lambda x, y: 24 * x * y,
    ),
    "power by a while": (
        term(
            "2 = constant 4 : i64\n3, 4 = while (3: i64, 4: f64 = 1) {\n"
                " 5 = lt 3 2 : bool\n} 5 do {\n 5 = mul 4 0 : f64\n} 5", 3
        ),
        lambda x, y: 24 * x * y,
    ),
    "a branch": (
        term("2 = lt 0 1 : bool\n3 = if 2 {\n 3 = exp 0 : f64\n} 3 else {\n 3 = mul 0 0 : f64\n} 3", 3),
        lambda x, y: np.exp(x) if x < y else 0.0,
    ),
    "the largest": (
        term("2 = loop i < 3 (2: i64) {\n 3 = cast 2 to f64 : f64\n 4 = mul 3 0 : f64\n 5 = exp 4 : f64\n} max 5", 2),
        lambda x, y: 8 * np.exp(2 * x),
    ),
    "one place of an array": (
        term("2 = constant 1 : i64\n3 = sin 0 : f64\n4 = onehot 2 3 of 3 : f64[3]\n5 = index 4 2 : f64", 5),
        lambda x, y: -np.cos(x),
    ),
    "its own rule": (
        term("2 = custom (2: f64 = 0) {\n 3 = sin 2 : f64\n} 3 reverse (2: f64, 3: f64) {\n"
            " 4 = cos 2 : f64\n 5 = mul 4 3 : f64\n} 5", 2),
        lambda x, y: -np.cos(x),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", THIRD)
@pytest.mark.parametrize("x, y", [(0.75, 2.0), (1.5, 0.5)])
def test_third_derivatives_by_reverse_thrice(case, x, y):
    f, expected = THIRD[case]
    third = repeated(f, 3)
    verify(third)
    kernel = lowered(third)
    for have in (interpreted(third, [x, y], {}), in_python(kernel, [x, y], {}), Machine(kernel)([x, y], {}, third.cod)):
        assert float(have[0]) == pytest.approx(expected(x, y), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("case", THIRD)
def test_third_derivatives_by_forward_of_reverse_of_forward(case):
    f, expected = THIRD[case]
    d = jvp(f, [0], value=False)  # (x, y, dx) → ∂f dx
    rd = vjp(d, [0], value=False)  # … → ∂²f dx w
    third = jvp(rd, [0], value=False)
    assert float(interpreted(third, [0.75, 2.0, 1.0, 1.0, 1.0], {})[0]) == pytest.approx(expected(0.75, 2.0), rel=1e-12)


def test_stop_gradient_stops_both_ways():
    f = term("2 = stop 0 : f64\n3 = mul 2 0 : f64", 3)
    assert interpreted(reverse(f), [3.0, 1.0, 1.0], {})[0] == 3.0
    assert interpreted(jvp(f, [0], value=False), [3.0, 1.0, 1.0], {})[0] == 3.0


def test_a_custom_rule_is_what_is_used():
    body = (
        "2 = custom (2: f64 = 0) {{\n 3 = sin 2 : f64\n}} 3 reverse (2: f64, 3: f64) {{\n"
        " 4 = constant {} : f64\n 5 = mul 4 3 : f64\n}} 5"
    )
    f = term(body.format(7.0), 2)
    assert interpreted(vjp(f, [0], value=False), [3.0, 1.0, 2.0], {})[0] == 14.0
    assert interpreted(jvp(f, [0], value=False), [3.0, 1.0, 2.0], {})[0] == 14.0


def test_a_custom_rule_stays_closed_when_its_surroundings_know_its_constants():
    """Sharing must not put the 1.0 outside in place of the 1.0 of the rule: a rule is a term of its own."""
    f = term(
        "2 = constant 1.0 : f64\n3 = add 0 2 : f64\n"
        "4 = custom (4: f64 = 3) {\n 5 = tanh 4 : f64\n} 5 reverse (4: f64, 5: f64) {\n 6 = tanh 4 : f64\n"
        " 7 = mul 6 6 : f64\n 8 = constant 1.0 : f64\n 9 = sub 8 7 : f64\n 10 = mul 9 5 : f64\n} 10",
        4,
    )
    verify(share(f))
    gradient = vjp(f, [0], value=False)
    second = jvp(gradient, [0], value=False)
    y = np.tanh(1.5)
    assert interpreted(second, [0.5, 0.0, 1.0, 1.0], {})[0] == pytest.approx(-2 * y * (1 - y * y))


@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_the_gradient_of_a_product_is_right_with_zeros(zeros):
    f = text.parse("unary p [n] (0 x: f64[n]) {\n 1 = loop i < n (1: i64) {\n 2 = index 0 1 : f64\n } prod 2\n} -> 1\n")
    x = np.array([2.0, 3.0, 5.0, 7.0])
    x[:zeros] = 0.0
    expected = [np.prod(np.delete(x, k)) for k in range(4)]
    r = reverse(f)
    np.testing.assert_array_equal(interpreted(r, [x, 1.0], {"n": 4})[0], expected)
    np.testing.assert_array_equal(in_python(lowered(r), [x, np.float64(1.0)], {"n": 4})[0], expected)


def test_what_is_not_taken_does_not_poison_a_gradient():
    """if x > 0 then log x else 0, at x = 0: the reverse of the other side is not 0 · ∞."""
    f = term("2 = constant 0.0 : f64\n3 = gt 0 2 : bool\n4 = if 3 {\n 4 = log 0 : f64\n} 4 else {\n 4 = mul 0 1 : f64\n} 4", 4)
    for run in (lambda a: interpreted(reverse(f), a, {}), lambda a: in_python(lowered(reverse(f)), a, {})):
        assert [float(v) for v in run([np.float64(0.0), np.float64(2.0), np.float64(1.0)])] == [2.0, 0.0]
