"""Golden derivations: what reverse derivatives become under partial evaluation, as printed graphs.

The three of Huot & Shaikhha (arXiv 2212.09801): the gradient of a product is the product of two scans (so it is right with
zeros among the factors, without a division), of a sum is ones (here the cotangent, in every place), of a dot product is the
other vector. Beside the text, each is stated as what it says.
"""

from __future__ import annotations

from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.derive import reverse, vjp
from pullback.ir.evaluate import evaluate
from pullback.ir.graph.node import Graph, topological
from pullback.ir.graph.text import parse, show
from pullback.ir.graph.verify import verify
from pullback.ir.passes.prune import prune


def derived(text: str, wrt: list[int] | None = None) -> Graph:
    term = elaborate(load_text(text), "f").term
    g = prune(evaluate(reverse(term) if wrt is None else vjp(term, wrt, value=False)))
    verify(g)
    assert show(parse(show(g))) == show(g)
    return g


def operators(g: Graph) -> list[str]:
    return [n.op for n in topological(g.results)]


def test_of_a_product_two_scans(golden) -> None:
    g = derived("def f(x: f64[n]) -> f64 = prod i: x[i]")
    loops = [n for n in topological(g.results) if n.op == "loop"]
    assert sorted(loop.data.backward for loop in loops) == [False, True]
    assert not {"div", "eq", "select"} & set(operators(g)), "right with zeros, and without a division"
    golden(show(g))


def test_of_a_sum_the_cotangent_everywhere(golden) -> None:
    g = derived("def f(x: f64[n]) -> f64 = sum i: x[i]")
    (result,) = g.results
    assert result.op == "build" and result.args[1] is g.inputs[-1]
    golden(show(g))


def test_of_a_dot_product_the_other_vector(golden) -> None:
    g = derived("def f(x: f64[n], y: f64[n]) -> f64 = sum i: x[i] * y[i]")
    assert [r.op for r in g.results] == ["build", "build"]
    for result, other in zip(g.results, reversed(g.inputs[:2]), strict=True):
        factors = set(result.args[1].args)
        assert g.inputs[2] in factors and any(a.op == "index" and a.args[0] is other for a in factors)
    golden(show(g))


def test_of_a_dot_product_by_one_side(golden) -> None:
    g = derived("def f(x: f64[n], y: f64[n]) -> f64 = sum i: x[i] * y[i]", wrt=[0])
    golden(show(g))


def test_of_products_that_share(golden) -> None:
    """x1, x2, x3 ⊢ let w1 = x1·x2; w2 = w1·x1 in w2 has the gradient (w1 + x2·x1, x1·x1, 0)."""
    g = derived("def f(x1: f64, x2: f64, x3: f64) -> f64 =\n    let w1 = x1 * x2\n    let w2 = w1 * x1\n    w2")
    assert g.results[2].op == "zero"
    golden(show(g))


def test_of_a_matrix_product_two_matrix_products(golden) -> None:
    golden(show(derived("def f(a: f64[n, k], b: f64[k, m]) -> f64[n, m] = for i, j: sum l: a[i, l] * b[l, j]")))


def test_of_a_gather_a_scatter(golden) -> None:
    g = derived("def f(x: f64[n], at: i64[m]) -> f64 = sum j: x[at[j]] ^ 2")
    assert operators(g).count("onehot") == 1
    golden(show(g))
