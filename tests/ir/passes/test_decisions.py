"""What the schedule decides is told with its reason, reads back from its text, and can be decided otherwise."""

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import ArgumentFault
from pullback.core.objects import parse as wire
from pullback.frontends.testing.ways import Machine, in_python
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.ir.passes.lanes import Lanes
from pullback.ir.passes.registers import Machine as Registers
from pullback.ir.passes.registers import fitting
from pullback.ir.passes.stage import Stage

MATRIX = "def f(m: f64[r, c], x: f64[n, c]) -> f64 = sum i: log(sum a: exp(sum j: abs(m[a, j] - x[i, j])))"


def decisions(function):
    return [d for d in parse(function.as_text("schedule")).decisions if d.choice.startswith("lanes")]


def wide_loops(statements):
    for s in statements:
        if isinstance(s, nest.For):
            yield from [s] if s.lanes > 1 and not s.tile else []
            yield from wide_loops(s.body)


def test_each_loop_in_lanes_has_a_decision_that_says_so():
    kernel = parse(pb.compile(MATRIX).f.as_text("schedule"))
    told = {(d.place, d.choice) for d in kernel.decisions}
    loops = list(wide_loops(kernel.body))
    assert loops and all((s.index, f"lanes {s.lanes}") in told for s in loops)
    assert all(d.reason for d in kernel.decisions)


def test_decisions_read_back():
    text = pb.grad(pb.compile(MATRIX).f).as_text("schedule")
    assert "decision" in text and show(parse(text)) == text


@pytest.mark.parametrize("lanes", [2, 8, 64])
def test_a_number_of_lanes_that_was_asked_for(lanes):
    f = pb.compile(MATRIX).f
    asked = f.with_settings(lanes=lanes)
    assert {s.lanes for s in wide_loops(parse(asked.as_text("schedule")).body)} == {lanes}
    assert any("asked for" in d.reason for d in decisions(asked))
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
    f = pb.compile("def f(x: f64[n]) -> f64 = sum i: fold s = x[i] while s > 1: s / 2").f
    assert [d.reason for d in decisions(f)] == ["there is a while inside"]


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
    """One sum leaves room for several registers; four cells each with a place of its own do not."""
    one = parse(SUMS.format(work="p: f64 = fmul(w, y)", out="out[i] = t"))
    several = fitting(one.body[0], Registers(size))[0]
    assert several >= 4
    cells = "".join(f"cell b{k}: f64 = -inf\n cell b{k}.at: i64 = -1\n" for k in range(4))
    many = "\n".join(f"b{k} argmax= p over f64 at j into b{k}.at" for k in range(4))
    text = SUMS.format(work=f"p: f64 = fmul(w, y)\n{many}", out="out[i] = t").replace("cell s:", f"{cells}cell s:")
    assert fitting(parse(text).body[0], Registers(size))[0] < several


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("kind", ["f64", "i64"])
def test_values_that_are_alive_together_get_few_registers(size, kind):
    """Twenty numbers are made, and only then added up, or each is added as it is made: the same instructions. Integers
    that come from memory are numbers, too, and no indices."""
    made = [f"p{k}: f64 = fmul(w, y)" for k in range(20)]
    added = [f"q{k}: f64 = fadd({f'q{k - 1}' if k else 'y'}, p{k})" for k in range(20)]
    chosen = []
    for work in ([*made, *added], [line for pair in zip(made, added, strict=True) for line in pair]):
        text = SUMS.format(work="\n".join([*work, "p: f64 = fadd(q19, y)"]), out="out[i] = t")
        if kind == "i64":
            for old, new in (("f64", "i64"), ("fmul", "imul"), ("fadd", "iadd"), ("0.0", "0")):
                text = text.replace(old, new)
        chosen.append(fitting(parse(text).body[0], Registers(size))[0])
    assert chosen[0] < chosen[1]


@pytest.mark.parametrize("length, size, registers", [("c", 64, 4), ("8", 64, 8), ("c", 32, 4), ("8", 32, 4)])
def test_rows_of_local_arrays_stay_in_the_first_cache(length, size, registers):
    """Two arrays of a lane's own that a sum goes through again and again: eight of the widest registers only if they are known
    to be short; of narrower ones as many either way."""
    arrays = "".join(f"buffer {a}: f64[{length}]\n fill {a} with 0.0\n" for a in ("a", "b"))
    text = SUMS.format(work="z: f64 = a[j]\n p: f64 = fmul(z, y)", out="out[i] = t").replace("cell s:", f"{arrays}cell s:")
    chosen, why = fitting(parse(text).body[0], Registers(size))
    assert (chosen, "cache" in why) == (registers, size == 64 and length == "c")


def test_a_short_loop_inside_is_not_taken_to_be_long():
    """Three iterations fill no register: the lanes are over the points."""
    f = pb.compile("def f(x: f64[n, 3]) = for i: sqrt(sum j: x[i, j] * x[i, j])").f
    (points,) = (s for s in parse(f.as_text("schedule")).body if isinstance(s, nest.For))
    (inside,) = (s for s in points.body if isinstance(s, nest.For))
    assert points.lanes > 1 and inside.lanes == 1


def test_lanes_follow_the_register():
    kernel = parse(SUMS.format(work="p: f64 = fmul(w, y)", out="out[i] = t"))
    lanes = [Lanes(size).run(kernel).body[0].lanes for size in (16, 32, 64)]
    assert lanes == [lanes[0], 2 * lanes[0], 4 * lanes[0]]


ROWS = """kernel f(m: f64[r, c], x: f64[n, c]; n, r, c) -> (out: f64[n, c]) {
  fill out with 0.0
  for i < n parallel lanes 4 {
    for a < r parallel {
      for j < c parallel {
        w: f64 = m[a, j]
        y: f64 = x[i, j]
        p: f64 = fmul(w, y)
        out[i, j] += p over f64
      }
    }
  }
}
"""


@pytest.mark.parametrize("n", [0, 3, 4, 11])
def test_rows_that_are_added_to_again_and_again_live_in_local_memory(n):
    """The loop over ``a`` comes back to every element of both rows; each is copied, or added, once."""
    kernel = parse(ROWS)
    staged = Stage().run(kernel)
    verify(staged)
    assert {d.choice for d in staged.decisions} == {"copied first", "added at the end"}
    rng = np.random.default_rng(n)
    args, sizes = [rng.normal(size=(5, 3)), rng.normal(size=(n, 3))], {"n": n, "r": 5, "c": 3}
    want = args[0].sum(0) * args[1]
    for made in (in_python(staged, args, sizes), Machine(staged)(args, sizes, [wire("f64[n, c]")])):
        np.testing.assert_allclose(made[0], want, rtol=1e-13)


def test_rows_that_are_read_too_are_added_to_in_place():
    text = ROWS.replace("y: f64 = x[i, j]", "y0: f64 = x[i, j]\n z: f64 = out[i, j]\n y: f64 = fadd(y0, z)")
    staged = Stage().run(parse(text))
    assert {d.place for d in staged.decisions} == {"x.i"}


@pytest.mark.parametrize("body, over_rows", [("tanh(sum j: w[i, j] * h[j])", True), ("for j: w[i, j] * h[j]", False)])
def test_sums_along_rows_run_in_lanes_over_the_rows(body, over_rows):
    """One vector of tanh for several rows. Where a row is only gone along, lanes are as well there, and rows may be few."""
    f = pb.compile(f"def f(w: f64[n, m], h: f64[m]) = for i: {body}").f
    (rows,) = (s for s in parse(f.as_text("schedule")).body if isinstance(s, nest.For))
    (along,) = (s for s in rows.body if isinstance(s, nest.For))
    assert (rows.lanes > 1, along.lanes > 1) == (over_rows, not over_rows)
    for n in (0, 1, 3, 8, 17):
        for m in (0, 1, 2, 3, 5, 8, 9):
            args = np.random.default_rng(m).normal(size=(n, m)), np.random.default_rng(n).normal(size=m)
            np.testing.assert_allclose(f(*args), f.with_settings(backend="interpreter")(*args), rtol=1e-13, atol=1e-15)
