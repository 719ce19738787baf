"""What the schedule decides is told with its reason, reads back from its text, and can be decided otherwise."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import ArgumentFault
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.passes.lanes import Lanes
from pullback.ir.passes.registers import Machine, fitting

MATRIX = "def f(m: f64[r, c], x: f64[n, c]) -> f64 = sum i: log(sum a: exp(sum j: m[a, j] * x[i, j]))"


def decisions(function):
    return {d.place: d for d in parse(function.as_text("schedule")).decisions}


def wide_loops(statements):
    for s in statements:
        if isinstance(s, nest.For):
            yield from [s] if s.lanes > 1 else []
            yield from wide_loops(s.body)


def test_each_loop_in_lanes_has_a_decision_that_says_so():
    kernel = parse(pb.compile(MATRIX).f.as_text("schedule"))
    told = {d.place: d.choice for d in kernel.decisions}
    loops = list(wide_loops(kernel.body))
    assert loops and all(told[s.index] == f"lanes {s.lanes}" for s in loops)
    assert all(d.reason for d in kernel.decisions)


def test_decisions_read_back():
    text = pb.grad(pb.compile(MATRIX).f).as_text("schedule")
    assert "decision" in text and show(parse(text)) == text


@pytest.mark.parametrize("lanes", [2, 8, 64])
def test_a_number_of_lanes_that_was_asked_for(lanes):
    f = pb.compile(MATRIX).f
    asked = f.with_settings(lanes=lanes)
    assert {s.lanes for s in wide_loops(parse(asked.as_text("schedule")).body)} == {lanes}
    assert any("asked for" in d.reason for d in decisions(asked).values())
    rng = np.random.default_rng(1)
    args = rng.normal(size=(4, 3)), rng.normal(size=(70, 3))
    np.testing.assert_allclose(asked(*args), f.with_settings(backend="interpreter")(*args), rtol=1e-13)


@pytest.mark.parametrize("none", [False, 1])
def test_no_lanes(none):
    kernel = parse(pb.compile(MATRIX).f.with_settings(lanes=none).as_text("schedule"))
    assert not list(wide_loops(kernel.body))


@pytest.mark.parametrize("wrong", [0, 3, 512, -8, 2.0, "8"])
def test_a_number_of_lanes_there_is_not(wrong):
    with pytest.raises(ArgumentFault, match="no number of lanes"):
        pb.compile(MATRIX, lanes=wrong)


def test_why_a_loop_has_no_lanes():
    f = pb.compile("def f(x: f64[n], at: i64[m]) -> f64 = sum i: x[at[i]]").f
    assert [d.reason for d in decisions(f).values()] == ["something inside can fail, and the first failure is to be told"]


SUMS = """kernel f(m: f64[r, c], x: f64[n, c]; n, r, c) -> (out: f64[n]) {{
  for i < n parallel {{
    for a < r parallel {{
      cell s: f64 = 0.0
      for j < c parallel {{
        w: f64 = m[a, j]
        y: f64 = x[i, j]
        {work}
        s sum= p over f64
      }}
      t: f64 = read s
      {out}
    }}
  }}
}}
"""


@pytest.mark.parametrize("size", [32, 64])
def test_a_sum_inside_gets_many_registers_and_a_crowd_of_winners_few(size):
    """One sum leaves room for eight registers; four cells each with a place of its own do not."""
    one = parse(SUMS.format(work="p: f64 = fmul(w, y)", out="out[i] = t"))
    assert fitting(one.body[0], Machine(size))[0] == 8
    cells = "".join(f"cell b{k}: f64 = -inf\n cell b{k}.at: i64 = -1\n" for k in range(4))
    many = "\n".join(f"b{k} argmax= p over f64 at j into b{k}.at" for k in range(4))
    text = SUMS.format(work=f"p: f64 = fmul(w, y)\n{many}", out="out[i] = t").replace("cell s:", f"{cells}cell s:")
    assert fitting(parse(text).body[0], Machine(size))[0] < 8


def test_lanes_follow_the_register():
    kernel = parse(SUMS.format(work="p: f64 = fmul(w, y)", out="out[i] = t"))
    lanes = [Lanes(size).run(kernel).body[0].lanes for size in (16, 32, 64)]
    assert lanes == [16, 32, 64]
