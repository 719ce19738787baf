"""Unary form prints and parses back, is found well typed, and what is not is refused in words."""

from dataclasses import replace

import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import SyntaxFault, VerifyFault
from pullback.core.objects import F32, F64, Scalar, is_differentiable
from pullback.ir.derive import reverse
from pullback.ir.unary import term as t
from pullback.ir.unary.share import share
from pullback.ir.unary.text import parse, show
from pullback.ir.unary.typing import verify
from pullback.testing import terms

pytestmark = pytest.mark.slow  # together they take many seconds

SCALARS = pytest.mark.parametrize("scalar", [F64, F32, Scalar("bit"), Scalar("z", 7), Scalar("sat", 4)], ids=str)


@SCALARS
@examples(40)
@given(st.data())
def test_a_term_is_well_typed_and_reads_back(scalar, data):
    term = data.draw(terms(scalar, "any"))
    verify(term)
    assert parse(show(term)) == term
    assert show(parse(show(term))) == show(term)


@SCALARS
@examples(25)
@given(st.data())
def test_so_is_its_reverse_and_what_sharing_leaves(scalar, data):
    term = data.draw(terms(scalar, "formal"))
    derived = [share(term), *([reverse(term)] if any(map(is_differentiable, term.dom)) else [])]
    for made in derived:
        verify(made)
        assert parse(show(made)) == made


DOT = """unary dot [n] (0 x: f64[n], 1 y: f64[n]) {
  2 = loop i < n (2: i64) {
    3 = index 0 2 : f64
    4 = index 1 2 : f64
    5 = mul 3 4 : f64
  } sum 5
} -> 2
"""


def test_the_text_is_what_the_reader_writes():
    assert show(parse(DOT)) == DOT
    assert show(parse(DOT.replace("\n", "\n\n").replace("  ", "      "))) == DOT


@pytest.mark.parametrize("value", ["-0.0", "inf", "-inf", "nan", "1e-310", "0.1"])
def test_every_float_keeps_its_bits(value):
    text = f"unary c [] () {{\n  0 = constant {value} : f64\n}} -> 0\n"
    assert show(parse(text)) == text


@pytest.mark.parametrize(
    "wrong, line",
    [
        (DOT.replace("mul 3 4", "mul 3 9"), 5),
        (DOT.replace("mul 3 4", "mull 3 4"), 5),
        (DOT.replace("5 = mul", "6 = mul"), 5),
        (DOT.replace("sum 5", "plus 5"), 6),
        (DOT.replace("n (2: i64)", "n + (2: i64)"), 2),
        (DOT.replace("f64[n], 1", "f65[n], 1"), 1),
        (DOT.replace("index 0 2", "index 0"), 3),
        (DOT.replace("-> 2", "-> x"), 7),
        (DOT.replace("} -> 2\n", ""), 7),
        ("unary", 1),
        ("", 1),
    ],
)  # fmt: skip
def test_text_that_is_no_term_is_refused_at_its_line(wrong, line):
    with pytest.raises((SyntaxFault, VerifyFault)) as caught:
        parse(wrong)
    if isinstance(caught.value, SyntaxFault):
        assert caught.value.span is not None and caught.value.span.line == line, str(caught.value)


def broken(**change):
    """The dot product with its loop changed."""
    term = parse(DOT)
    return replace(term, steps=(replace(term.steps[0], **change),))


def ragged():
    return parse(
        """unary ragged [n] (0 x: f64[n]) {
          1 = loop i < n (1: i64) {
            2 = loop j < i (2: i64) {
              3 = index 0 2 : f64
            } build 3
          } build 2
        } -> 1
        """
    )


LOOP = parse(DOT).steps[0]
INNER = LOOP.body
MISTAKES = {
    "a size not in scope": lambda: broken(bound=parse(DOT.replace("[n]", "[q]").replace("< n", "< q")).steps[0].bound),
    "an operation that is not there": lambda: broken(body=replace(INNER, steps=(*INNER.steps[:2], t.Apply("frob", (3, 4))))),
    "a position ahead": lambda: broken(body=replace(INNER, steps=(t.Index(0, 7), *INNER.steps[1:]))),
    "a negative position": lambda: broken(body=replace(INNER, steps=(t.Index(-1, 2), *INNER.steps[1:]))),
    "a float as an index": lambda: broken(body=replace(INNER, steps=(INNER.steps[0], t.Index(1, 3), INNER.steps[2]))),
    "a block of another type": lambda: broken(body=replace(INNER, cod=(F32,))),
    "a block result ahead": lambda: broken(body=replace(INNER, results=(9,))),
    "an output kind that is not there": lambda: broken(kinds=("mean",)),
    "an output too many": lambda: broken(kinds=("sum", "sum")),
    "a carry without a result": lambda: broken(inits=(0,)),
    "a product of arrays": lambda: broken(body=replace(INNER, results=(0,), cod=(parse(DOT).dom[0],)), kinds=("prod",)),
    "a row that outlives the size it has": ragged,
    "a size that is not there": lambda: parse("unary z [n] () {\n 0 = extent q : i64\n} -> 0\n"),
    "a rule of its own that reads what is around it": lambda: parse(
        "unary c [] (0 x: f64) {\n 1 = custom (1: f64 = 0) {\n 2 = sin 0 : f64\n } 2 reverse (1: f64, 2: f64) {\n } 2\n} -> 1\n"
    ),
    "a result of another type": lambda: replace(parse(DOT), cod=(F32,)),
    "a result that is not there": lambda: replace(parse(DOT), results=(3,)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_verifier_finds(mistake):
    with pytest.raises(VerifyFault):
        verify(MISTAKES[mistake]())
