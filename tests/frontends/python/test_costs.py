"""`pb.cost` counts what one can count by hand, and `pb.why_recompiled` tells what was compiled and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pullback as pb
from pullback.frontends.cli.main import main

HOUSE = Path(__file__).parents[3]
PROGRAM = """
def dot(x: f64[n], y: f64[n]) -> f64 = sum i: x[i] * y[i]
def twice(x: f32[n]) -> f32[n] = for i: 2 * x[i]
def first(x: f64[n], k: i64) -> f64 = sum i < k: x[min(i, n - 1)]
def rank(x: f64[n]) -> i64 = argmax i: x[i]
"""


@pytest.fixture
def m() -> pb.Module:
    return pb.compile(PROGRAM)


def test_a_dot_product(m: pb.Module) -> None:
    """n products and n sums of 2 n elements; the gradient is the other vector, stored."""
    found = pb.cost(m.dot, sizes={"n": 100}, argnums=0)
    assert (found.value.flops, found.value.loads, found.value.moved) == (200, 200, 1600)
    assert found.derivative is not None
    assert (found.derivative.flops, found.derivative.stores) == (200, 100)
    assert found.ratio == 1.0
    assert pb.cost(m.dot, np.ones(100), np.ones(100), argnums=0) == found


@pytest.mark.parametrize("program, function, wrt, sizes", [
    ("frontends/gradbench/evals/lse", "logsumexp", "x", {"n": 1000}),
    ("frontends/gradbench/evals/kmeans", "cost", "centroids", {"n": 1000, "d": 8, "k": 10}),
    ("examples/gmm", "loglik", ("alpha", "mu", "q", "l"), {"n": 1000, "d": 10, "k": 25}),
    ("examples/logistic", "loss", ("w", "b"), {"n": 1000, "d": 20})])
def test_a_hessian_vector_product_takes_some_six_values_at_most(program: str, function: str, wrt: Any, sizes: Any) -> None:
    f = pb.compile(HOUSE / f"{program}.pull")[function]
    value = pb.cost(f, sizes=sizes).value.flops
    assert pb.cost(pb.hvp(f, wrt), sizes=sizes).value.flops <= 6.5 * value


def test_bytes_are_those_of_the_elements(m: pb.Module) -> None:
    assert pb.cost(m.twice, np.ones(10, np.float32)).value.moved == 80
    held = pb.compile("def f(x: f64[n]) -> f64[n] = scan s = 0.0 for i < n: s + x[i]\ndef g(x: f64[n]) -> f64 = f(x)[n - 1]")
    assert pb.cost(held.g, sizes={"n": 1000}).value.held == 8000


def test_integers_that_loops_depend_on_count(m: pb.Module) -> None:
    assert pb.cost(m.first, np.ones(10), 7).value.flops == 7


def test_what_has_no_derivative_has_none(m: pb.Module) -> None:
    found = pb.cost(m.rank, sizes={"n": 4})
    assert (found.derivative, found.ratio) == (None, None)
    assert "ratio" not in str(found)


def test_sizes_that_do_not_fit(m: pb.Module) -> None:
    with pytest.raises(pb.ArgumentFault, match="`n` is missing"):
        pb.cost(m.dot)
    with pytest.raises(pb.ArgumentFault, match="has no size `m`"):
        pb.cost(m.dot, sizes={"m": 3})


def test_the_command(tmp_path, capsys, golden) -> None:
    file = tmp_path / "dot.pull"
    file.write_text(PROGRAM)
    assert main(["cost", str(file), "dot", "--size", "n=1000"]) == 0
    golden(capsys.readouterr().out)
    assert main(["cost", str(file), "dot", "--wrt", "x", "--arg", "x=[1,2]", "--arg", "y=[3,4]", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["sizes"] == {"n": 2}
    assert told["ratio"] == 1.0
    assert main(["cost", str(file), "dot", "--size", "n"]) == 2
    assert main(["cost", str(file), "dot", "--size", "n=1", "--arg", "x=[1]"]) == 2
    assert main(["cost", str(file), "dot"]) == 1


def test_why_something_was_compiled(m: pb.Module) -> None:
    told = pb.why_recompiled(m.dot)
    assert told.made == ()
    assert "not been compiled yet" in str(told)
    for size in (1, 10, 1000):
        m.dot(np.ones(size), np.ones(size))
    assert [c.reason for c in pb.why_recompiled(m.dot).made] == ["it was called"]
    assert "compiled once. One compilation serves all sizes" in str(pb.why_recompiled(m.dot))
    m.dot.with_settings(backend="python")(np.ones(2), np.ones(2))
    pb.grad(m.dot)(np.ones(2), np.ones(2))
    names = {c.name: c.reason for c in pb.why_recompiled(m.dot).made[1:]}
    assert names == {"dot": "it was called with backend='python'", "grad(dot)": "it was called; it is made from `dot`"}
    assert len(str(pb.why_recompiled(m.dot)).splitlines()) == 4
