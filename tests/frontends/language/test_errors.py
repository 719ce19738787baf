"""Errors of syntax, as a person reads them."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullback.core import errors
from pullback.core.errors import PullbackError, Source, Span, SyntaxFault, closest
from pullback.frontends.errors import render, wants_colour
from pullback.frontends.language.parse import parse

ROOT = Path(__file__).parents[3]
GMM = (ROOT / "examples" / "gmm.pull").read_text()

# a program, where the error is, its code and message, and the hint
SLIPS = [
    ("def f(x: f64) = fold s = x for k < 3 checkpoint 16: s", "1:49", "PB0101", "expected `:`, found `16`", "every 16"),
    ("def f(x: f64) = fold s = x inverse s for k < 3: s", "1:28", "PB0101", "expected `for` or `while`", "after the indices"),
    ("def f(x): x", "1:8", "PB0101", "expected `:`, found `)`", "each parameter needs a type: `x: f64`, `x: f64[n]`"),
    ("def f(x f64) = x", "1:9", "PB0101", "expected `:`, found `f64`", "each parameter needs a type"),
    ("def f(x: f64): x", "1:14", "PB0101", "expected `->` or `=`, found `:`", "write `=` before the body"),
    ("def f() -> f64 x", "1:16", "PB0101", "expected `=`, found `x`", "write `=` before the body"),
    ("def f() -> = x", "1:12", "PB0101", "expected a type, found `=`", "write the type, or leave `->` out"),
    ("def f() =\n    return x", "2:12", "PB0101", "expected the end of the block, found `x`", "drop `return`"),
    (
        "def f() =\n    y = x\n    y",
        "2:7",
        "PB0101",
        "expected the end of the block, found `=`",
        "write `let name = ...`",
    ),
    ("def f() = a = b", "1:13", "PB0101", "expected the end of the line, found `=`", "to compare, write `==`"),
    (
        "def f() = let y = 1",
        "1:11",
        "PB0101",
        "expected an expression, found `let`",
        "a `let` stands on a line of its own",
    ),
    (
        "def f() =\n    let y = x",
        "2:14",
        "PB0101",
        "expected the end of the line, found the end of the block",
        "a block ends with an expression",
    ),
    (
        "def f() =\nx",
        "1:10",
        "PB0101",
        "expected an expression, found the end of the line",
        "the body goes on the same line",
    ),
    ("def f() = a +", "1:14", "PB0101", "expected an expression, found the end of the text", "the line ends too early"),
    ("def f() = x**2", "1:13", "PB0101", "expected an expression, found `*`", "power is written `^`"),
    ("def f() = lambda x: x", "1:18", "PB0101", "expected the end of the line, found `x`", "`fn x: e`"),
    ("def f() = if x: 1 else 2", "1:15", "PB0101", "expected `then`, found `:`", "write `if condition then a else b`"),
    (
        "def f() = x if c else y",
        "1:13",
        "PB0101",
        "expected the end of the line, found `if`",
        "`if condition then a else b`",
    ),
    (
        "def f() = if x then 1",
        "1:22",
        "PB0101",
        "expected `else`, found the end of the text",
        "every `if` needs an `else`",
    ),
    ("def f() = if a then b elif c", "1:23", "PB0101", "expected `else`, found `elif`", "write `else if ... then ...`"),
    (
        "def f() = 1 + sum i: x[i]",
        "1:19",
        "PB0101",
        "expected the end of the line, found `i`",
        "put parentheses around it",
    ),
    ("def f() = 1 + for i: x[i]", "1:15", "PB0101", "expected an expression, found `for`", "put parentheses around it"),
    (
        "def f() = for i in range(n): x",
        "1:28",
        "PB0101",
        "expected `..`, found `:`",
        "a range is `i < n`, or `i in lo..hi`",
    ),
    ("def f() = sum i <= n: x", "1:17", "PB0101", "expected `:`, `,` or `in`, found `<=`", "a bound is `i < n`"),
    (
        "def f() = for i < n x",
        "1:21",
        "PB0101",
        "expected `:` or `,`, found `x`",
        "write `:` before the body of a loop",
    ),
    ("def f() = while x > 0: x", "1:11", "PB0101", "expected an expression, found `while`", "`fold s = start while"),
    (
        "def f() = [x for x in y]",
        "1:14",
        "PB0101",
        "expected `,` or `]`, found `for`",
        "an array is built by `for i < n: e`",
    ),
    ("def f() = x[1:]", "1:14", "PB0101", "expected `,` or `]`, found `:`", "there are no slices"),
    ("def f() = a < b < c", "1:17", "PB0101", "expected the end of the line, found `<`", "comparisons do not chain"),
    (
        "def f() = x y",
        "1:13",
        "PB0101",
        "expected the end of the line, found `y`",
        "a call is `f(x)`, a product `a * b`",
    ),
    ("def f() = 1. + x", "1:14", "PB0101", "expected a name, found `+`", "a number does not end in a point: `1.0`"),
    ("def f() = .5 + x", "1:11", "PB0101", "expected an expression, found `.5`", "a number starts with a digit: `0.5`"),
    (
        "deff f() = x",
        "1:1",
        "PB0101",
        "expected `def`, `reverse`, `type`, `test`, `import` or `from`, found `deff`",
        "did you mean `def`?",
    ),
    ("let a = 1", "1:1", "PB0101", "found `let`", "a constant is a function of nothing: `def name() = ...`"),
    ("def def() = x", "1:5", "PB0101", "expected a name, found `def`", "`def` is a word of the language"),
    ("test foo: 1 == 2", "1:6", "PB0101", 'expected a name in quotes (`"..."`), found `foo`', None),
    ("type P {x: f64}", "1:8", "PB0101", "expected `=`, found `{`", "write `type Name = ...`"),
    ("import a, b", "1:9", "PB0101", "expected the end of the line, found `,`", "an `import` line for each module"),
    ("def f() = g(x\n\ndef h() = y", "1:12", "PB0102", "`(` is never closed", None),
    ("def f() = [x", "1:11", "PB0102", "`[` is never closed", None),
    ("def f() = g(x]", "1:14", "PB0102", "`]` does not close `(`", None),
    ("def f() = x)", "1:12", "PB0102", "`)` closes nothing", "remove it"),
    (
        "def f() =\n    let b = for i:\n            i\n      b\n    b",
        "4:7",
        "PB0103",
        "this line's indentation matches no block",
        "the blocks around it start at column 1 and 5",
    ),
    ("def f() =\n\tx", "2:1", "PB0104", "a tab in the indentation", "indent with spaces, four to a level"),
    ("def f() = a & b", "1:13", "PB0105", "unexpected character `&`", "write `and`"),
    ("def f() = |x|", "1:11", "PB0105", "unexpected character `|`", "the absolute value is `abs(x)`"),
    ('def f() = x + "a"', "1:15", "PB0101", 'found `"a"`', "no texts among values"),
    ("def f() = if x = 0 then 1 else 2", "1:16", "PB0101", "found `=`", "to compare, write `==`"),
    ("def f() = if 0 < x < 1 then x else 0", "1:20", "PB0101", "found `<`", "comparisons do not chain"),
    ("def f() = fold s = 0 for i < 9: s += i", "1:36", "PB0101", "found `=`", "the next state, as in `s + x[i]`"),
    ("def f() = fold s = 0 for i < 9: s = s + i", "1:35", "PB0101", "found `=`", "the next state, as in `s + x[i]`"),
    ("def f() = a, b", "1:12", "PB0101", "found `,`", "a tuple stands in parentheses: `(a, b)`"),
    ("def f() = a xor b", "1:13", "PB0101", "found `xor`", "on bit it is `a + b`"),
    ("def f() = 'a'", "1:11", "PB0105", "unexpected character `'`", "double quotes"),
    ("def f() = x\n\x00", "2:1", "PB0105", "unexpected character U+0000", None),
    ("\ufeffdef f() = x", "1:1", "PB0105", "unexpected character U+FEFF", "UTF-8 without a byte order mark"),
    ("def f() = f(a=1, 2)", "1:18", "PB0106", "an argument without a name comes after one with a name", "before `a=`"),
    ("def f() = (1){x: 2}", "1:12", "PB0107", "a record's fields stand after the name of a type", None),
    ("def f() = 1e999", "1:11", "PB0108", "number too large for f64", "write `inf` for infinity"),
]


@pytest.mark.parametrize(("text", "place", "code", "message", "hint"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_a_slip_is_explained(text: str, place: str, code: str, message: str, hint: str | None) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(text, "prog.pull")
    fault = caught.value
    assert fault.code == code
    assert str(fault.span) == f"prog.pull:{place}"
    assert message in fault.message
    assert (fault.hint is None) if hint is None else (hint in str(fault.hint))


def fault_of(text: str, path: str = "prog.pull") -> PullbackError:
    with pytest.raises(PullbackError) as caught:
        parse(text, path)
    return caught.value


def test_the_whole_text_of_an_error() -> None:
    assert (
        str(fault_of("def f(x: f64) =\n    let y = x**2\n    y"))
        == """\
error PB0101: expected an expression, found `*`
 --> prog.pull:2:15
  |
2 |     let y = x**2
  |               ^
  = hint: power is written `^`"""
    )


def test_a_note_shows_its_own_place() -> None:
    assert (
        str(fault_of("def f() = g(x,\n  [y)"))
        == """\
error PB0102: `)` does not close `[`
 --> prog.pull:2:5
  |
2 |   [y)
  |     ^
  = note: it was opened here
 --> prog.pull:2:3
  |
2 |   [y)
  |   ^"""
    )


def test_one_line_for_editors() -> None:
    assert fault_of("def f() = x)").headline == "prog.pull:1:12: PB0102: `)` closes nothing"


def test_the_caret_stands_under_wide_characters_and_tabs() -> None:
    source = Source("a.pull", "数\tx = 1")
    lines = str(SyntaxFault("PB0101", "here", Span(source, 1, 3, 1, 4))).split("\n")
    assert lines[-2:] == ["1 | 数\tx = 1", "  |   \t^"]


def test_long_lines_are_cut_around_the_caret() -> None:
    text = str(fault_of("def f() = " + "a + " * 100 + "b c" + " + d" * 100))
    assert max(map(len, text.split("\n"))) < 140
    line, carets = text.split("\n")[3:5]
    assert line[carets.index("^")] == "c"


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in str(fault_of("def f() = \x1b[2J x"))


def test_colours_only_where_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = fault_of("def f() = x)")
    assert render(fault) == str(fault)
    coloured = render(fault, colour=True)
    assert "\x1b[" in coloured
    assert str(fault) == "".join(part.partition("m")[2] if index else part
                                 for index, part in enumerate(coloured.split("\x1b[")))  # fmt: skip

    class Terminal:
        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert wants_colour(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(Terminal())  # type: ignore[arg-type]


def test_faults_are_also_the_errors_python_has_for_them() -> None:
    assert issubclass(errors.ArgumentFault, TypeError) and issubclass(errors.ArgumentFault, ValueError)
    assert issubclass(errors.IndexFault, IndexError) and issubclass(errors.FileFault, OSError)
    for _, family in errors.FAMILIES:
        again = pickle.loads(pickle.dumps(family("PB0000", "what", None, "hint", [("note", None)])))
        assert str(again) == "error PB0000: what\n  = hint: hint\n  = note: note" and type(again) is family


def test_codes_belong_to_their_families() -> None:
    """Every `XFault("PBnnnn", ...)` in the sources has a code of its family."""
    families = {family.__name__: prefix for prefix, family in errors.FAMILIES}
    seen = 0
    for room in ("core", "ir", "backends", "frontends", "stdlib"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in families:
                    code = node.args[0] if node.args else None
                    if isinstance(code, ast.Constant):
                        seen += 1
                        assert str(code.value).startswith(families[node.func.id]), f"{path}:{node.lineno}: {code.value}"
    assert seen > 5


def test_the_closest_name() -> None:
    assert closest("sigmod", ["sin", "sigmoid", "sum"]) == "sigmoid"
    assert closest("loss", ["loss", "Loss"]) == "Loss"
    assert closest("zzz", ["loss"]) is None


# Whatever is typed, what comes back is a program or a fault

WORDS = "def let for sum if then else fold while in fn not test within error type import from f x 1 2.5 f64 z<7> é"
SIGNS = "( ) [ ] { } : = < <= .. . .0 - * ^ , -> ~= #c"
SPACES = ["\n", "\n    ", "\n        ", "\t", "\x00", '"t"']
PIECES = [word + " " for word in WORDS.split()] + SIGNS.split() + SPACES


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_text_is_a_program_or_a_fault(words: list[str]) -> None:
    try:
        parse("".join(words))
    except SyntaxFault as fault:
        assert fault.span is not None and str(fault)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GMM) - 1), st.integers(0, 12), st.sampled_from(["", "(", "]", "\n", " ", "=", ":", "let", "1."])
)
def test_a_damaged_program_is_a_program_or_a_fault(start: int, length: int, inserted: str) -> None:
    try:
        parse(GMM[:start] + inserted + GMM[start + length :])
    except SyntaxFault as fault:
        assert fault.span is not None and str(fault)
