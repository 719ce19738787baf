"""Sizes are integers: arithmetic on them commutes with putting numbers in, and text reads back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pullback.core.sizes import ONE, ZERO, FloorDiv, Size, atom, common_content, parse, size, unify

pytestmark = pytest.mark.slow  # together they take many seconds

NAMES = ("a", "b", "n")


@dataclass(frozen=True)
class Twin:
    """A size, and the number it should be at each of a few points."""

    size: Size
    numbers: tuple[int, ...]


_TRIPLES = ((1, 1, 1), (2, 3, 5), (7, 1, 4), (3, 9, 2), (12, 5, 31), (6, 8, 7))
POINTS = tuple(dict(zip(NAMES, triple, strict=True)) for triple in _TRIPLES)


def _leaf(name: str) -> Twin:
    return Twin(atom(name), tuple(p[name] for p in POINTS))


def _constant(value: int) -> Twin:
    return Twin(size(value), (value,) * len(POINTS))


leaves = st.one_of(st.sampled_from(NAMES).map(_leaf), st.integers(-4, 4).map(_constant))


def _grow(children: st.SearchStrategy[Twin]) -> st.SearchStrategy[Twin]:
    def binary(operator: str, x: Twin, y: Twin) -> Twin:
        meaning = {"+": lambda p, q: p + q, "-": lambda p, q: p - q, "*": lambda p, q: p * q}[operator]
        return Twin(meaning(x.size, y.size), tuple(map(meaning, x.numbers, y.numbers)))

    def divide(x: Twin, k: int, remainder: bool) -> Twin:
        if remainder:
            return Twin(x.size % k, tuple(v % k for v in x.numbers))
        return Twin(x.size // k, tuple(v // k for v in x.numbers))

    def divide_by_name(x: Twin, name: str) -> Twin:
        return Twin(x.size // atom(name), tuple(v // p[name] for v, p in zip(x.numbers, POINTS, strict=True)))

    def triangle(x: Twin) -> Twin:
        return Twin(x.size * (x.size - 1) // 2, tuple(v * (v - 1) // 2 for v in x.numbers))

    return st.one_of(
        st.builds(binary, st.sampled_from("+-*"), children, children),
        st.builds(divide, children, st.integers(1, 6), st.booleans()),
        st.builds(divide_by_name, children, st.sampled_from(NAMES)),
        st.builds(triangle, children),
    )


sizes = st.recursive(leaves, _grow, max_leaves=6)
polynomials = st.recursive(
    st.one_of(st.sampled_from(NAMES).map(atom), st.integers(-3, 3).map(size)),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: t[0] + t[1]),
        st.tuples(inner, inner).map(lambda t: t[0] * t[1]),
        inner.map(lambda t: t * (t - 1) // 2),
    ),
    max_leaves=5,
)
small = settings(max_examples=150, deadline=None)


@small
@given(sizes)
def test_arithmetic_commutes_with_evaluation(twin: Twin) -> None:
    assert tuple(twin.size.evaluate(p) for p in POINTS) == twin.numbers


@small
@given(sizes)
def test_text_reads_back(twin: Twin) -> None:
    assert parse(str(twin.size)) == twin.size


@small
@given(sizes, sizes, sizes)
def test_ring_laws(x: Twin, y: Twin, z: Twin) -> None:
    a, b, c = x.size, y.size, z.size
    assert a + b == b + a and a * b == b * a
    assert (a + b) + c == a + (b + c) and (a * b) * c == a * (b * c)
    assert a * (b + c) == a * b + a * c
    assert a + ZERO == a and a * ONE == a and a * ZERO == ZERO and a - a == ZERO
    assert hash(a + b) == hash(b + a)


@small
@given(polynomials, polynomials)
def test_polynomials_that_agree_everywhere_are_equal_values(p: Size, q: Size) -> None:
    """The normal form is complete: agreement on a grid larger than the degrees means the same value."""
    degree = max((max(p.degree(v), q.degree(v)) for v in NAMES), default=0)
    assume(degree <= 4)
    grid = [dict(zip(NAMES, (i, j, k), strict=True)) for i in range(5) for j in range(5) for k in range(5)]
    assert (p == q) == all(p.evaluate(g) == q.evaluate(g) for g in grid)


@small
@given(polynomials)
def test_halves_are_whole_exactly_when_every_point_says_so(p: Size) -> None:
    assume(all(p.degree(v) <= 4 for v in NAMES))
    grid = [dict(zip(NAMES, (i, j, k), strict=True)) for i in range(5) for j in range(5) for k in range(5)]
    even = all(p.evaluate(g) % 2 == 0 for g in grid)
    assert (not any(isinstance(b, FloorDiv) for b in (p // 2).bases)) == (even or (p % 2).constant is not None)


@small
@given(sizes, sizes, st.sampled_from(NAMES))
def test_substitution_is_evaluation_at_a_size(x: Twin, y: Twin, name: str) -> None:
    positive = y.size * y.size + 1  # it may be divided by
    replaced = x.size.substitute({name: positive})
    for p in POINTS:
        assert replaced.evaluate(p) == x.size.evaluate({**p, name: positive.evaluate(p)})


@small
@given(sizes, sizes, st.sampled_from([1, -1]))
def test_unification_solves_for_a_linear_name(rest: Twin, actual: Twin, sign: int) -> None:
    bindings: dict[str, Size] = {}
    pattern = atom("free") * sign + rest.size
    assert unify(pattern, actual.size, bindings, frozenset({"free"}))
    assert pattern.substitute(bindings) == actual.size


@small
@given(sizes, sizes)
def test_unification_never_lies(pattern: Twin, actual: Twin) -> None:
    bindings: dict[str, Size] = {}
    renamed = actual.size.substitute({"n": atom("m")})
    if unify(pattern.size, renamed, bindings, frozenset({"n"})):
        assert pattern.size.substitute(bindings) == renamed
    else:
        assert not bindings


def test_unification_of_fixed_names_is_equality() -> None:
    n = atom("n")
    assert unify(n + 1, n + 1, {}, frozenset())
    assert not unify(n + 1, n, {}, frozenset())
    assert not unify(n * n, size(4), {}, frozenset({"n"})), "a square is not solved for"
    assert not unify(n + atom("m"), size(4), {}, frozenset({"n", "m"})), "two unknowns are not solved for"
    assert not unify(n * 2, size(3), {}, frozenset({"n"})), "3 is not even"


def test_triangles_of_many_names_stay_polynomials() -> None:
    names = [atom(f"d{i}") for i in range(12)]
    total = sum((d * (d - 1) // 2 for d in names), start=ZERO)
    assert parse(str(total)) == total
    assert not any(isinstance(b, FloorDiv) for b in total.bases)


def test_division_by_less_than_one_is_refused() -> None:
    for divisor in (0, -2):
        with pytest.raises(ZeroDivisionError, match="at least 1"):
            atom("n") // divisor


@pytest.mark.parametrize("text", ["", "n +", "(n", "n)", "n $ 2", "* n", "n 2"])
def test_bad_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


@small
@given(sizes)
def test_content_divides_every_value(twin: Twin) -> None:
    assert all(v % common_content(twin.size) == 0 for v in twin.numbers)
