"""Texts and the trees they say: precedence, layout, every form, and where nodes come from."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from pullback.core.errors import PullbackError, SyntaxFault
from pullback.frontends.language import syntax, tables
from pullback.frontends.language.parse import parse, parse_expression
from pullback.frontends.language.syntax import Binary, Block, Call, Integer, Let, Loop, LoopIndex, Name, NamePattern

EXAMPLES = Path(__file__).parents[3] / "examples"


def same(one: str, other: str) -> bool:
    return parse_expression(one) == parse_expression(other)


def body(text: str) -> syntax.Body:
    return parse(text).functions[-1].body


@pytest.mark.parametrize(
    ("loose", "explicit"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c", "(a / b) * c"),
        ("a // b % c", "(a // b) % c"),
        ("a^b^c", "a^(b^c)"),
        ("-x^2", "-(x^2)"),
        ("2^-x", "2^(-x)"),
        ("-a * b", "(-a) * b"),
        ("a * -b", "a * (-b)"),
        ("x[i]^2", "(x[i])^2"),
        ("a + b < c * d", "(a + b) < (c * d)"),
        ("not a == b", "not (a == b)"),
        ("not a and b or c", "((not a) and b) or c"),
        ("a and b or c and d", "(a and b) or (c and d)"),
        ("sum i: x[i] + y[i]", "sum i: (x[i] + y[i])"),
        ("for i: sum j: a[i, j]", "for i: (sum j: a[i, j])"),
        ("if a then b else if c then d else e", "if a then b else (if c then d else e)"),
        ("if p then 1 else 2 + 3", "if p then 1 else (2 + 3)"),
        ("fn x: x + 1", "fn x: (x + 1)"),
        ("f(x)(y)[i].a.0", "((((f(x))(y))[i]).a).0"),
        ("t.0.1", "(t.0).1"),
        ("fold s = a + b for i < n - 1: s * 2", "fold s = (a + b) for i < (n - 1): (s * 2)"),
        ("fold s = a while s < b and c: s * 2", "fold s = a while ((s < b) and c): (s * 2)"),
        ("(f)(x, k=1,)", "f(x, k=1)"),
    ],
)
def test_operators_group_as_in_mathematics(loose: str, explicit: str) -> None:
    assert same(loose, explicit)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a - b - c", "a - (b - c)"), ("a^b^c", "(a^b)^c"), ("-x^2", "(-x)^2"), ("(a,)", "a"), ("()", "[]"), ("1", "1.0")],
)
def test_what_differs_in_meaning_differs_in_the_tree(one: str, other: str) -> None:
    assert not same(one, other)


def test_numbers() -> None:
    assert parse_expression("1_000") == Integer(1000)
    for text, value in [("0.5", 0.5), ("1e-9", 1e-9), ("2.5E+3", 2500.0), ("1_0.2_5", 10.25)]:
        assert parse_expression(text) == syntax.Real(value)
    assert same("for i in 0..5: i", "for i in (0)..(5): i")


def test_indices_take_no_bound_one_bound_or_a_range() -> None:
    loop = parse_expression("for i, j < n, k in 1..n + 1: x")
    assert loop == Loop(
        "for",
        (
            LoopIndex("i"),
            LoopIndex("j", None, Name("n")),
            LoopIndex("k", Integer(1), Binary("+", Name("n"), Integer(1))),
        ),
        Name("x"),
    )


def test_a_reducer_is_a_name_too() -> None:
    assert parse_expression("max(a, b)") == Call(Name("max"), (Name("a"), Name("b")))
    assert isinstance(parse_expression("max i: x[i]"), Loop)
    assert body("def f() =\n    let sum = sum i: x[i]\n    sum + mean(x)") == Block(
        (Let(NamePattern("sum"), None, parse_expression("sum i: x[i]")),), parse_expression("sum + mean(x)")
    )
    assert isinstance(parse_expression("maximum"), Name)


def test_words_of_one_place_are_names_elsewhere() -> None:
    assert same("error + type * test(within, import)", "(error) + ((type) * (test)((within), (import)))")


def test_modular_types_and_comparisons_stay_apart() -> None:
    assert parse("def f(x: z<7>[n]) = z<7>(x)").functions[0].body == Call(Name("z<7>"), (Name("x"),))
    assert parse_expression("z < 7") == Binary("<", Name("z"), Integer(7))
    assert parse_expression("xz<7") == Binary("<", Name("xz"), Integer(7))


def test_types() -> None:
    module = parse("def f(g: (f64, f64[n]) -> f64, p: {x: f64, y: (f64,)}, q: m.Point, u: ()) -> f64[d*(d-1)//2, 3] = 0")
    f64 = syntax.NamedType("f64")
    function = module.functions[0]
    assert function.parameters[0].type == syntax.FunctionType((f64, syntax.ArrayType(f64, (Name("n"),))), f64)
    assert function.parameters[1].type == syntax.RecordType(
        (syntax.Parameter("x", f64), syntax.Parameter("y", syntax.TupleType((f64,))))
    )
    assert function.parameters[2].type == syntax.NamedType("m.Point")
    assert function.parameters[3].type == syntax.TupleType(())
    assert function.result == syntax.ArrayType(f64, (parse_expression("d*(d-1)//2"), Integer(3)))


def test_patterns() -> None:
    block = body("def f(p: P) =\n    let (a, (b, _)): T = p\n    let {x, y: (c,)} = q\n    a")
    assert isinstance(block, Block)
    name = NamePattern
    assert block.bindings[0].pattern == syntax.TuplePattern((name("a"), syntax.TuplePattern((name("b"), name("_")))))
    assert block.bindings[0].annotation == syntax.NamedType("T")
    assert block.bindings[1].pattern == syntax.RecordPattern(
        (syntax.FieldPattern("x", name("x")), syntax.FieldPattern("y", syntax.TuplePattern((name("c"),))))
    )


def test_modules() -> None:
    module = parse("import shapes\nimport stats.linear as lin\nfrom stats.linear import predict, step as advance\n")
    assert module.imports == (
        syntax.Import(("shapes",), "shapes"),
        syntax.Import(("stats", "linear"), "lin"),
        syntax.Import(
            ("stats", "linear"),
            None,
            (syntax.ImportedName("predict", "predict"), syntax.ImportedName("step", "advance")),
        ),
    )


def test_tests_carry_their_expectations() -> None:
    module = parse(
        'test "one": f(x) == 3.0\n'
        'test "more # not a comment":\n'
        "    let x = 1\n"
        "    f(x) ~= 3.0 within 1e-9\n"
        "    f(x) ~= 3.0\n"
        "    f(x, 2) error PB0302\n"
    )
    assert [test.name for test in module.tests] == ["one", "more # not a comment"]
    assert [type(line).__name__ for line in module.tests[1].lines] == ["Let", "Near", "Near", "Fails"]
    near, fails = module.tests[1].lines[1], module.tests[1].lines[3]
    assert isinstance(near, syntax.Near) and near.tolerance == syntax.Real(1e-9)
    assert isinstance(fails, syntax.Fails) and fails.code == "PB0302"


# Layout: each pair says the same in two layouts

LAYOUTS = {
    "a deeper line continues": ("def f() = a\n    + b\n  - c\n", "def f() = a + b - c"),
    "a block of one expression": ("def f() =\n    a\n", "def f() = a"),
    "continuation in a block": ("def f() =\n    a\n        + b", "def f() = a + b"),
    "branches at the column of `if`": (
        "def f() =\n    if a then\n        b\n    else if c then\n        d\n    else\n        e",
        "def f() = if a then b else if c then d else e",
    ),
    "branches at the column of `let`": (
        "def f() =\n    let x = if a then\n        b\n    else\n        c\n    x",
        "def f() =\n  let x = if a then b else c\n  x",
    ),
    "branches after a dedent": (
        "def f() =\n    let x = if a then\n            b\n        else\n            c\n    x",
        "def f() =\n  let x = if a then b else c\n  x",
    ),
    "line ends in brackets": ("def f() = g(a,\n  b\n)(\n[1,\n2])", "def f() = g(a, b)([1, 2])"),
    "a bracket closes a block": (
        "def f() = (sum i:\n    let t = x[i]\n    t * t) + 1",
        "def f() = (sum i:\n    let t = x[i]\n    t * t\n  ) + 1",
    ),
    "keyword arguments open no block": ("def f() = g(a=\n    b,\n    c=\n  d)", "def f() = g(a=b, c=d)"),
    "fields open no block": ("def f() = {a:\n    b,\n    c: d}", "def f() = {a: b, c: d}"),
    "blank lines and comments": (
        "# one\n\ndef f() =   # two\n\n    # three\n    let a = 1  # four\n# five\n\n    a\n  # six\n\n",
        "def f() =\n    let a = 1\n    a",
    ),
    "carriage returns": ("def f() =\r\n    let a = 1\r\n    a\r\n", "def f() =\n    let a = 1\n    a"),
    "an indented program": ("\n    def f() =\n        a\n    def g() = b\n", "def f() = a\ndef g() = b"),
    "a signature over several lines": (
        "def f(\n    x: f64,\n    y: f64,\n) -> f64 =\n    x",
        "def f(x: f64, y: f64) -> f64 = x",
    ),
}


@pytest.mark.parametrize("case", LAYOUTS)
def test_layout(case: str) -> None:
    one, other = LAYOUTS[case]
    assert parse(one) == parse(other)


def test_blocks_end_where_the_column_says() -> None:
    function = parse("def f() =\n    let a = for i:\n        let b = x[i]\n        b * b\n    let c = 1\n    a").functions[0]
    assert isinstance(function.body, Block)
    assert [len(function.body.bindings), function.body.result] == [2, Name("a")]


def test_no_items_no_program_needed() -> None:
    assert parse("") == parse("\n  # nothing\n\n") == syntax.Module(())


# The programs of the design


def test_gmm_reads_as_printed() -> None:
    text = (EXAMPLES / "gmm.pull").read_text()
    loglik = parse(text).functions[1]
    assert isinstance(loglik.body, Block)
    beta = loglik.body.bindings[0].value
    assert isinstance(beta, Loop) and isinstance(beta.body, Block)
    z = beta.body.bindings[0].value
    assert z == parse_expression(
        "for r: exp(q[a, r]) * (x[i, r] - mu[a, r])+ (sum c < r: l[a, c*(d-1) - c*(c-1)//2 + r - c - 1] * (x[i, c] - mu[a, c]))"
    )
    assert beta.body.result == parse_expression("alpha[a] + (sum r: q[a, r]) - (sum r: z[r]^2) / 2")


def test_logistic_reads_as_printed() -> None:
    module = parse((EXAMPLES / "logistic.pull").read_text())
    assert [function.name for function in module.functions] == ["predict", "loss", "step", "full_adder"]
    step = module.functions[2].body
    assert isinstance(step, Block)
    assert step.bindings[0].value == parse_expression("(grad(loss, wrt=(w, b)))(w, b, xs, ys)")


@pytest.mark.parametrize("name", ["gmm", "logistic"])
def test_spans_point_at_the_text(name: str) -> None:
    text = (EXAMPLES / f"{name}.pull").read_text()
    module = parse(text, f"{name}.pull")
    nodes = 0
    for node in syntax.walk(module):
        outer = node.span
        for inner in syntax.children(node):
            nodes += 1
            assert (outer.line, outer.column) <= (inner.span.line, inner.span.column)
            assert (inner.span.end_line, inner.span.end_column) <= (outer.end_line, outer.end_column)
        if isinstance(node, Name):
            assert node.span.text == node.name
        if isinstance(node, Let):
            assert node.span.text.startswith("let ")
        if isinstance(node, Binary | Call | syntax.Index):
            assert parse_expression(f"({node.span.text})") == node
    assert nodes > 100


# Limits


@pytest.mark.parametrize("text", ["-" * 5000 + "x", "f(" * 500 + "x" + ")" * 500, "1 + " * 2000 + "1", "fn x: " * 900 + "x"])
def test_deep_programs_are_refused_in_words(text: str) -> None:
    with pytest.raises(SyntaxFault, match="nested more than 200 deep") as caught:
        parse_expression(text)
    assert caught.value.code == "PB0109" and caught.value.span is not None


def test_depth_up_to_the_limit_is_read_printed_and_compared() -> None:
    text = "(" * 5000 + "1 + " * 190 + "1" + ")" * 5000
    assert parse_expression(text) == parse_expression("1 + " * 190 + "1")
    assert repr(parse_expression(text)) and hash(parse_expression(text))


def test_numbers_have_limits() -> None:
    for text in ("1e999", "9" * 5000, "t." + "9" * 5000):
        with pytest.raises(PullbackError, match="PB0108"):
            parse_expression(text)


def test_parsing_is_quick() -> None:
    text = (EXAMPLES / "gmm.pull").read_text()
    parse(text)
    times = []
    for _ in range(9):
        start = time.process_time()
        parse(text)
        times.append(time.process_time() - start)
    assert min(times) < 0.05  # 5 ms on an idle machine


def test_the_forms_in_the_reference_are_programs() -> None:
    text = (EXAMPLES.parent / "docs" / "language.md").read_text()
    programs = re.findall(r"^```pull\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert len(programs) >= 10
    for program in programs:
        assert parse(program, "docs/language.md").items


def test_a_parser_from_the_cache_reads_and_complains_as_a_new_one(monkeypatch, tmp_path):
    texts = ["def f(x: f64[n]) -> f64 =\n    let y = x[0] * -2\n    y ^ 2", "def f(x: f64) -> f64 = x +",
             "def f(x f64) -> f64 = x", "def f(x: f64) -> f64 = (x", "def f() -> f64 =\n      1\n   2"]  # fmt: skip

    def told(text):
        try:
            return repr(parse(text)), [repr(node.span) for node in syntax.children(parse(text))]
        except SyntaxFault as fault:
            return str(fault)

    def all_told():
        tables.parser.cache_clear()
        return [told(text) for text in texts]

    monkeypatch.setenv("PULLBACK_CACHE", "off")
    new = all_told()
    monkeypatch.setenv("PULLBACK_CACHE", str(tmp_path))
    assert all_told() == new
    assert len(list(tmp_path.iterdir())) == 1
    monkeypatch.setattr(tables, "Lark", Unmade)
    assert all_told() == new
    tables.parser.cache_clear()


class Unmade(tables.Lark):
    """A parser that can be read, and not made."""

    def __init__(self, *args, **options):
        raise AssertionError("the tables were made anew")
