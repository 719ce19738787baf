"""Graphs print, parse back, and verify; a graph that is broken on purpose is refused with words."""

from __future__ import annotations

import pytest

from pullback.core.errors import SyntaxFault, VerifyFault
from pullback.core.objects import BOOL, F64, I64
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.derive import reverse
from pullback.ir.evaluate import evaluate
from pullback.ir.graph.node import BINDERS, Graph, LoopData, Node, Pool, topological
from pullback.ir.graph.text import parse, show
from pullback.ir.graph.verify import verify
from pullback.ir.passes.prune import prune

PROGRAMS = {
    "sums": "def f(x: f64[n], y: f64[n, m]) = sum i, j: x[i] * exp(y[i, j])",
    "packed": "def f(q: f64[d], l: f64[d*(d-1)//2]) = sum r < d: q[r] * (sum c < r: l[r*(r-1)//2 + c])",
    "max": "def f(x: f64[n]) = (max i: x[i], argmin i: x[i], all i: x[i] > 0)",
    "choice": "def f(x: f64[n], c: bool) = sum i: if c then x[i] else log(x[i])",
    "gather": "def f(x: f64[n], at: i64[m]) = sum j: x[at[j]] ^ 2",
    "where": "def f(x: f64[n], at: i64[m]) = sum j: if at[j] < n then x[at[j]] else 0",
    "division": "def f(k: i64[n], m: i64) = sum i: k[i] // m",
    "fold": "def f(x: f64[n]) = fold s = 0 for i: s * x[i] + sin(x[i])",
    "scan": "def f(x: f64[n], w: f64[m]) = scan s = w for i < n: for j: s[j] * x[i]",
    "while": "def f(x: f64) = fold (y, k) = (x, 0) while y > 1: (y / 2, k + 1)",
    "bits": "def f(a: bit[n], b: bit[n]) = sum i: a[i] * b[i] + 1",
    "modular": "def f(a: z<7>[n]) = prod i: a[i] + 3",
    "single": "def f(x: f32[n]) = (sum i: x[i] * 0.5) / 3",
    "infinite": "def f(x: f64) = if x < 0 then -inf else min(x, inf)",
    "records": "def f(p: {x: f64, y: f64[n]}, q: (f64, f64)) = p.x * q.0 + (sum i: p.y[i] * q.1)",
    "product": "def f(x: f64[n]) = prod i: x[i]",
}


def graph(text: str, derivatives: int = 0) -> Graph:
    term = elaborate(load_text(text), "f").term
    for _ in range(derivatives):
        term = reverse(term)
    return evaluate(term)


def canonical(g: Graph) -> tuple[object, ...]:
    """Everything a graph says, with nodes numbered as they are met: written apart from the printer."""
    order = topological((*g.inputs, *g.results), lambda n: (*n.args, *n.shape))
    number = {n: k for k, n in enumerate(order)}
    nodes = [
        (n.op, repr(n.data), n.element, [number[a] for a in n.args], [number[s] for s in n.shape], {number[v] for v in n.free})
        for n in order
    ]
    return g.name, g.sizes, nodes, [number[r] for r in g.results]


DISCRETE = ("max", "division")  # nothing to differentiate by, or more than one kind of result


@pytest.mark.parametrize("name, derivatives", [(p, d) for p in PROGRAMS for d in (0, 1, 2) if d == 0 or p not in DISCRETE])
def test_what_is_printed_parses_back(name: str, derivatives: int) -> None:
    made = graph(PROGRAMS[name], derivatives)
    for g in (made, prune(made)):
        verify(g)
        again = parse(show(g))
        verify(again)
        assert show(again) == show(g)
        assert canonical(again) == canonical(g)


def test_the_programs_have_every_operator() -> None:
    ops = {n.op for text in PROGRAMS.values() for g in [graph(text)] for n in topological(g.results)}
    ops |= {n.op for name in ("choice", "gather", "infinite") for n in topological(graph(PROGRAMS[name], 1).results)}
    structural = {"input", "size", "constant", "zero", "var", "carry", "index", "guard", "assure", "onehot", "get"}
    assert sorted((structural | BINDERS) - {"any", "argmax", "minimum"} - ops) == []


def test_printing_does_not_depend_on_what_was_made_before() -> None:
    text = PROGRAMS["where"]
    term = elaborate(load_text(text), "f").term
    assert show(evaluate(term)) == show(evaluate(term))


@pytest.mark.parametrize("name", ("sums", "scan", "while", "where", "division", "records"))
def test_graphs_are_readable(name: str, golden) -> None:
    golden(show(graph(PROGRAMS[name])))


def test_names_that_are_no_names() -> None:
    pool = Pool({})
    odd = [pool.intern("input", (), (k, name), F64) for k, name in enumerate(("true", "a b", "x", "x", "n", "sum"))]
    total = odd[0]
    for node in odd[1:]:
        total = pool.intern("add", (total, node), None, F64)
    g = Graph("R[f]", tuple(odd), ("n",), (total,), pool)
    verify(g)
    assert "`true`" in show(g) and "$2" in show(g) and "$4" in show(g)
    assert canonical(parse(show(g))) == canonical(g)


HEAD = "graph f [n] (x: f64[n], c: bool) {\n"


@pytest.mark.parametrize("body, where, said", (
    ("  %1 = y + 1.0\n} -> %1\n", (2, 8), "`y`"),
    ("  %1 = sqrt(x)\n} -> %1\n", (2, 8), "array"),
    ("  %1 = nothere(1.0)\n} -> %1\n", (2, 8), "no operator is called `nothere`"),
    ("  i = var n\n  i = var n\n} -> i\n", (3, 3), "has a value already"),
    ("  %1 = zero\n} -> %1\n", (2, 8), "needs its type"),
    ("  i = var n\n", (2, 12), "ends too early"),
    ("  %1 = zero : f65\n} -> %1\n", (2, 15), "f65"),
    ("} -> c[n]\n", (2, 10), "an index into a number"),
    ("} -> c c\n", (2, 8), "after the end"),
    ("  @\n} -> c\n", (2, 3), "`@`"),
))  # fmt: skip
def test_what_is_no_graph(body: str, where: tuple[int, int], said: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        parse(HEAD + body)
    span = caught.value.span
    assert caught.value.code == "PB0121" and said in caught.value.message and span is not None
    assert (span.line, span.column) == where


def broken(*results: Node, pool: Pool, sizes: tuple[str, ...] = ("n",)) -> Graph:
    inputs = tuple(sorted({n for r in results for n in topological([r]) if n.op == "input"}))
    return Graph("f", inputs, sizes, results, pool)


def _examples() -> dict[str, tuple[Graph, str]]:
    pool = Pool({})
    three = pool.intern("constant", (), 3, I64)
    n, one, true = pool.intern("size", (), "n"), pool.intern("constant", (), 1.0, F64), pool.intern("constant", (), True, BOOL)
    x = pool.intern("input", (), (0, "x"), F64, (n,))
    i, j = pool.intern("var", (n,), 0), pool.intern("var", (n,), 1)
    element = pool.intern("index", (x, i), None, F64)
    carry, whole = pool.intern("carry", (), (0, 0), F64), pool.intern("carry", (), (0, 1), I64)
    zero = pool.intern("zero", (), None, F64)
    data = LoopData(False, 1, ())
    loop = pool.intern("loop", (i, carry, zero, carry), data)
    build, other = (pool.intern("build", (v, element), None, F64, (n,)) for v in (i, j))
    return {
        "free variable": (broken(element, pool=pool), "mentions var"),
        "unbound under another": (broken(other, pool=pool), "no loop around it binds"),
        "arity": (broken(pool.intern("mul", (one,), None, F64), pool=pool), "1 arguments, not 2"),
        "element": (broken(pool.intern("mul", (one, one), None, I64), pool=pool), "it gives f64"),
        "rank": (broken(pool.intern("build", (i, element), None, F64), pool=pool), "rank 1"),
        "size": (broken(pool.intern("build", (i, element), None, F64, (three,)), pool=pool), "size 1"),
        "no operator": (broken(pool.intern("frobnicate", (one,), None, F64), pool=pool), "no such operator"),
        "constant": (broken(pool.intern("constant", (), 1, F64), pool=pool), "is no f64"),
        "unknown size": (broken(pool.intern("size", (), "m"), pool=pool), "no size of this graph"),
        "condition": (broken(pool.intern("select", (one, one, one), None, F64), pool=pool), "a condition is bool"),
        "binder": (broken(pool.intern("build", (n, one), None, F64, (n,)), pool=pool), "no loop variable"),
        "loop parts": (broken(pool.intern("loop", (i, carry, zero), data), pool=pool), "3 parts, not 4"),
        "carry type": (broken(pool.intern("loop", (i, carry, zero, n), data), pool=pool), "becomes i64"),
        "carry": (broken(pool.intern("loop", (i, carry, n, carry), data), pool=pool), "begins as i64"),
        "get": (broken(pool.intern("get", (loop,), 1, F64), pool=pool), "result 1"),
        "escaped carry": (broken(pool.intern("loop", (i, carry, zero, pool.intern("mul", (carry, pool.intern(
            "cast", (whole,), None, F64)), None, F64)), data), pool=pool), "which no loop around it binds"),
        "while": (broken(pool.intern("while", (carry, zero, one, carry), 1), pool=pool), "its condition is f64"),
        "index": (broken(pool.intern("index", (x, true), None, F64), pool=pool), "an index is i64"),
        "foreign input": (Graph("f", (), ("n",), (build,), pool), "no input of this graph"),
    }  # fmt: skip


@pytest.mark.parametrize("name", _examples())
def test_a_broken_graph_is_refused(name: str) -> None:
    g, said = _examples()[name]
    with pytest.raises(VerifyFault) as caught:
        verify(g)
    assert caught.value.code == "PB0910"
    assert said in caught.value.message
    assert "values around it:\n" in str(caught.value) and "\n> " in str(caught.value)
