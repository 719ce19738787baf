"""The formatter says the same, keeps comments, and has nothing left to do after one run."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullback.frontends.language import comments, syntax
from pullback.frontends.language.format import TIGHTNESS, format, unparse, unparse_expression
from pullback.frontends.language.parse import parse, parse_expression

pytestmark = pytest.mark.slow  # together they take many seconds

UNARY = {"neg": "-", "not": "not"}
EXAMPLES = Path(__file__).parents[3] / "examples"

# Trees

names = st.sampled_from(["x", "y", "rate", "f", "max", "type", "λ", "inverse", "reverse", "every"])
index_names = st.sampled_from(["i", "j", "k"])
type_names = st.sampled_from(["f64", "bit", "z<7>", "Point", "shapes.Point"])
atoms = st.one_of(
    st.builds(syntax.Name, names | st.just("z<7>")),
    st.builds(syntax.Integer, st.integers(0, 10**20)),
    st.builds(syntax.Real, st.floats(0, allow_infinity=False, allow_nan=False)),
    st.builds(syntax.Boolean, st.booleans()),
)


def tuples(element: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(element, min_size=least, max_size=3).map(tuple)


patterns = st.recursive(
    st.builds(syntax.NamePattern, names),
    lambda inner: st.one_of(
        st.builds(syntax.TuplePattern, tuples(inner)),
        st.builds(syntax.RecordPattern, tuples(st.builds(syntax.FieldPattern, names, inner), 1)),
    ),
    max_leaves=3,
)


def types(sizes: st.SearchStrategy) -> st.SearchStrategy:
    return st.recursive(
        st.builds(syntax.NamedType, type_names),
        lambda inner: st.one_of(
            st.builds(syntax.ArrayType, inner, tuples(sizes, 1)),
            st.builds(syntax.TupleType, tuples(inner)),
            st.builds(syntax.RecordType, tuples(st.builds(syntax.Parameter, names, inner))),
            st.builds(syntax.FunctionType, tuples(inner), inner),
        ),
        max_leaves=3,
    )


def grow(inner: st.SearchStrategy) -> st.SearchStrategy:
    some_type = st.none() | types(inner)
    blocks = st.builds(syntax.Block, tuples(st.builds(syntax.Let, patterns, some_type, inner), 1), inner)
    lets = st.builds(syntax.Let, patterns, some_type, inner | blocks)
    body = inner | st.builds(syntax.Block, tuples(lets, 1), inner)
    keyword = st.builds(syntax.Keyword, names, inner)
    index = st.one_of(
        st.builds(syntax.LoopIndex, index_names),
        st.builds(syntax.LoopIndex, index_names, st.none(), inner),
        st.builds(syntax.LoopIndex, index_names, inner, inner),
    )
    kinds = st.sampled_from(["for", "sum", "max", "argmin"])
    keeping = st.none() | st.builds(syntax.Checkpoint, st.none() | inner) | st.builds(syntax.Inverse, inner)
    word = st.sampled_from(["fold", "scan"])
    operators = st.sampled_from(["or", "and", "==", "<", "<=", "+", "-", "*", "/", "//", "%", "^"])
    return st.one_of(
        st.builds(syntax.Unary, st.sampled_from(["-", "not"]), inner),
        st.builds(syntax.Binary, operators, inner, inner),
        st.builds(syntax.Call, inner, tuples(inner), tuples(keyword)),
        st.builds(syntax.Index, inner, tuples(inner, 1)),
        st.builds(syntax.Field, inner, names),
        st.builds(syntax.Item, inner, st.integers(0, 12)),
        st.builds(syntax.TupleExpression, tuples(inner)),
        st.builds(syntax.ArrayExpression, tuples(inner)),
        st.builds(syntax.RecordExpression, st.sampled_from([None, "P", "m.P"]), tuples(keyword)),
        st.builds(syntax.Lambda, tuples(patterns, 1), body),
        st.builds(syntax.Loop, kinds, tuples(index, 1), body),
        st.builds(syntax.Fold, word, patterns, some_type, inner, tuples(index, 1), body, keeping),
        st.builds(syntax.While, patterns, some_type, inner, inner, body, keeping),
        st.builds(syntax.If, inner, body, body),
    )


expressions = st.recursive(atoms, grow, max_leaves=10)
bodies = expressions | st.builds(
    syntax.Block, tuples(st.builds(syntax.Let, patterns, st.none(), expressions), 1), expressions
)
claims = st.one_of(
    st.builds(syntax.Holds, expressions),
    st.builds(syntax.Near, expressions, expressions, st.none() | expressions),
    st.builds(syntax.Fails, expressions, st.just("PB0301")),
)
titles = st.text(st.characters(codec="utf-8", exclude_characters='"\n', exclude_categories=["Cc", "Cs"]), max_size=5)
items = st.one_of(
    st.builds(syntax.Import, tuples(names, 1), names),
    st.builds(syntax.Import, tuples(names, 1), st.none(), tuples(st.builds(syntax.ImportedName, names, names), 1)),
    st.builds(syntax.TypeDefinition, names, types(expressions)),
    st.builds(
        syntax.Function,
        names,
        tuples(st.builds(syntax.Parameter, names, types(expressions))),
        st.none() | types(expressions),
        bodies,
    ),
    st.builds(syntax.ReverseRule, names, tuples(patterns, 1), bodies),
    st.builds(syntax.Test, titles, tuples(claims | st.builds(syntax.Let, patterns, st.none(), bodies), 1)),
)
modules = st.builds(syntax.Module, st.lists(items, max_size=3).map(tuple))


@settings(max_examples=150, deadline=None)
@given(modules)
def test_what_is_printed_parses_back(module: syntax.Module) -> None:
    text = unparse(module)
    assert parse(text) == module
    assert format(text) == text


@settings(max_examples=150, deadline=None)
@given(expressions)
def test_printed_expressions_parse_back(expression: syntax.Expression) -> None:
    assert parse_expression(unparse_expression(expression)) == expression


@settings(max_examples=100, deadline=None)
@given(modules, st.randoms(use_true_random=False))
def test_comments_anywhere_are_kept(module: syntax.Module, chance: random.Random) -> None:
    lines: list[str] = []
    for number, line in enumerate(unparse(module).split("\n")):
        if chance.random() < 0.2:
            lines.append(" " * chance.randrange(0, 12) + f"# own {number}")
        if chance.random() < 0.2:
            line += f" # aside {number}"
        lines += [line] + [""] * chance.choice([0, 0, 0, 1, 3])
    text = "\n".join(lines)
    formatted = format(text)  # raises if a comment is lost or the meaning changed
    assert format(formatted) == formatted
    assert "\n\n\n" not in formatted


def test_comments_of_lines_that_become_one() -> None:
    """Each stands at the end of it, and the text is not refused (found by the test above)."""
    text = "def f() = (fold m = [] while (fn a: 2) # aside 1\n      inverse z: m) # aside 2\n    # aside 3\n"
    formatted = format(text)
    assert [part in formatted for part in ("# aside 1", "# aside 2", "# aside 3")] == [True] * 3
    assert format(formatted) == formatted


@pytest.mark.parametrize("operator", [*TIGHTNESS, "neg", "not"])
def test_parentheses_stand_where_they_must(operator: str) -> None:
    """Every operator inside every other one, on either side, in expressions and in indices."""
    a, b, c = map(syntax.Name, "abc")
    inner = syntax.Unary(UNARY[operator], a) if operator in UNARY else syntax.Binary(operator, a, b)
    outers: list[syntax.Expression] = [syntax.Unary("-", inner), syntax.Unary("not", inner)]
    for outer in TIGHTNESS:
        outers += [syntax.Binary(outer, inner, c), syntax.Binary(outer, c, inner)]
    for expression in [*outers, *(syntax.Index(a, (outer,)) for outer in outers)]:
        assert parse_expression(unparse_expression(expression)) == expression


GOLDEN = """\
# Shapes, and what to do with them.

import stats.linear as lin
from shapes import area, volume as v  # both are used

type Point = {x: f64, y: f64}
type Wide = {
    x: f64,  # metres
    y: f64  # metres
}

def f(x: f64[n], y: f64) -> f64 =
    # the sum of squares
    let s = sum i: x[i]^2

    let t =
        if y > 0 then
            sqrt(y)  # no derivative at 0
        else
            0
    s * t + x[2*n - 1]  # done

def adder(a: bit, b: bit) -> (bit, bit) = (a + b, a * b)
def newton(x: f64) -> f64 = fold s = x while abs(s * s - x) > 1e-9: (s + x / s) / 2

def long(first: f64[n], second: f64[n]) -> f64 =
    let product = for i:
        let both = first[i] * second[i]
        both * both
    (sum i: product[i] * first[i] + second[i]) / (sum i: product[i] * second[i] + first[i])
        + newton((sum i: product[i] * product[i]) - (max i: product[i]))

test "f": f([1.0, 2.0], 4.0) == 10.0

test "more":
    let x = [1.0]
    f(x, 4.0) ~= 2.0 within 1e-9
    f(1, 2) error PB0302
# the end
"""


def test_golden_layout_stays() -> None:
    assert format(GOLDEN) == GOLDEN


MESSY = """
import stats.linear   as   lin
from shapes import area,volume as v # both are used
type Point={x:f64,y:f64,}



def f(x:f64[ n ],y:f64)->f64=
  # the sum of squares
  let s=sum i:(x[i]^2)
  # twice

  let t = if (y>0) then sqrt( y ) else 0
  (s*t)+x[2*n-1] # done
def g()=f(
  1,
  2)
"""

TIDY = """\
import stats.linear as lin
from shapes import area, volume as v  # both are used
type Point = {x: f64, y: f64}

def f(x: f64[n], y: f64) -> f64 =
    # the sum of squares
    let s = sum i: x[i]^2
    # twice

    let t = if y > 0 then sqrt(y) else 0
    s * t + x[2*n - 1]  # done

def g() = f(1, 2)
"""


def test_a_messy_program_becomes_tidy() -> None:
    assert format(MESSY) == TIDY


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.pull")), ids=lambda path: path.name)
def test_examples_keep_their_meaning(path: Path) -> None:
    text = path.read_text()
    formatted = format(text)
    assert parse(formatted) == parse(text)
    assert format(formatted) == formatted


def test_a_comment_inside_a_line_moves_above_it() -> None:
    text = "def f() =\n    let x = 1\n    g(x) +  # why\n        x * f(2,\n        # how\n        3)\n"
    assert format(text) == (
        "def f() =\n    let x = 1\n    # why\n    g(x)\n        + x * f(\n            2,\n"
        "            # how\n            3\n        )\n"
    )


def test_numbers_stay_as_written() -> None:
    assert format("def f() = 1e-9 + 1_000 + 0.50\n") == "def f() = 1e-9 + 1_000 + 0.50\n"


def test_nothing_stays_nothing() -> None:
    assert format("\n\n") == ""
    assert format("  # only this\n\n") == "# only this\n"


def test_long_texts_take_time_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where comments belong is looked up, not searched for: what is compared grows with the text."""
    compared = []
    start = comments._start
    monkeypatch.setattr(comments, "_start", lambda span: compared.append(span) or start(span))

    def count(functions: int) -> int:
        compared.clear()
        format("".join(f"# f{k}\ndef f{k}(x: f64) = # {k}\n    x + {k}\n" for k in range(functions)))
        return len(compared)

    assert count(40) <= 4 * count(10) + 10
