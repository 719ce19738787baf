"""What `make fuzz` does, for a minute's fraction; and the programs it once found going wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fuzzing.balls import Undecided, bounds, holds
from fuzzing.programs import Program, make, parse
from fuzzing.reduce import reduced
from fuzzing.ways import WAYS, Coverage, Wrong, check

from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.unary import text

pytestmark = pytest.mark.slow  # together they take some seconds

FOUND = sorted((Path(__file__).parent / "found").glob("*.program"))


@pytest.mark.parametrize("path", FOUND, ids=lambda p: p.stem)
def test_what_was_once_found(path: Path) -> None:
    for turn in sorted({WAYS.index(way) for way in WAYS}):  # a program's name says which way it goes besides
        check(parse(path.read_text(encoding="utf-8"), chr(turn)), True, Coverage())


@pytest.mark.slow
@pytest.mark.parametrize("number", range(0, 48, 4))
def test_programs_mean_the_same_in_every_way(number: int) -> None:
    coverage = Coverage()
    for k in range(number, number + 4):
        check(make(0, k), k == number, coverage)


def test_an_index_says_its_range_where_it_stands_in_two() -> None:
    """`sum i: (a5[i], x[i])`, a5 being one longer than x: found by make fuzz, as a program that was none."""
    assert make(1795731637, 56988).term


def test_programs_print_and_parse() -> None:
    for number in range(12):
        program = make(0, number)
        again = parse(program.show())
        assert again.term == program.term and dict(again.sizes) == dict(program.sizes)
        for a, b in zip(again.args, program.args, strict=True):
            np.testing.assert_array_equal(a, b)


def test_the_same_number_is_the_same_program() -> None:
    one, other = make(3, 5), make(3, 5)
    assert one.show() == other.show()


# -- the bounds --------------------------------------------------------------------------------------------------------
SUM = """unary f [n] (0 x: {0}[n]) {{
  1 = loop i < n (1: i64) {{
    2 = index 0 1 : {0}
    3 = exp 2 : {0}
  }} sum 3
}} -> 1
"""
DECIDED = """unary f [] (0 x: f64, 1 y: f64) {
  2 = constant 3.0 : f64
  3 = div 0 2 : f64
  4 = lt 3 1 : bool
  5 = if 4 {
    5 = constant 1.0 : f64
  } 5 else {
    5 = constant 2.0 : f64
  } 5
} -> 5
"""


@pytest.mark.parametrize("kind, unit", [("f64", 2.0**-53), ("f32", 2.0**-24)])
def test_a_bound_is_some_units_of_what_is_added_up(kind: str, unit: float) -> None:
    """It holds sums in any order, and not much more."""
    x = np.random.default_rng(1).normal(size=50).astype("f8" if kind == "f64" else "f4")
    (ball,) = bounds(text.parse(SUM.format(kind)), [x], {"n": 50})
    total = np.exp(x.astype("f8")).sum()
    assert 10 * unit * total < ball.radius < 300 * unit * total
    for order in (x, x[::-1], np.sort(x)):
        assert holds(ball, np.asarray(np.exp(order).sum(dtype=x.dtype)))
    assert not holds(ball, np.asarray(total + 1000 * unit * total, x.dtype))


def test_a_bound_holds_sums_of_sums_added_up_in_one() -> None:
    term = elaborate(load_text("def f(x: f64[n]) = sum i < n, j < i: x[0]"), "f").term
    x = np.full(100, 0.451)
    (ball,) = bounds(term, [x], {"n": 100})
    one_by_one = np.cumsum(np.full(100 * 99 // 2, 0.451))[-1]
    assert holds(ball, one_by_one) and abs(one_by_one - ball.mid) > 1e-12
    assert ball.radius < 1e-8


def test_cancellation_widens_a_bound() -> None:
    term = text.parse("unary f [] (0 x: f64, 1 y: f64) {\n  2 = exp 0 : f64\n  3 = exp 1 : f64\n  4 = sub 2 3 : f64\n} -> 4\n")
    (far,) = bounds(term, [np.float64(10.0), np.float64(1.0)], {})
    (near,) = bounds(term, [np.float64(10.0), np.float64(10.0)], {})
    assert near.mid == 0 and near.radius >= far.radius > 1e-12


def test_what_turns_on_the_last_bit_is_undecided() -> None:
    term = text.parse(DECIDED)
    (ball,) = bounds(term, [np.float64(1.0), np.float64(0.5)], {})
    assert ball.mid == 1.0 and ball.is_certain
    with pytest.raises(Undecided):
        bounds(term, [np.float64(1.0), np.float64(1 / 3)], {})


# -- a failure -----------------------------------------------------------------------------------------------------------
def test_a_program_that_goes_wrong_is_made_smaller() -> None:
    def is_wrong(p: Program) -> bool:
        return " = tanh " in text.show(p.term)

    program = next(p for k in range(200) if is_wrong(p := make(0, k)) and len(text.show(p.term)) > 1500)
    smaller = reduced(program, is_wrong)
    assert is_wrong(smaller) and len(text.show(smaller.term)) < len(text.show(program.term)) * 2 / 3


def test_a_wrong_result_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from fuzzing import ways

    program = parse("sizes n=3\narg float64 (3,) [1.0, 2.0, 0.5]\n" + SUM.format("f64"))
    check(program, True, Coverage())
    monkeypatch.setattr(ways, "readback", lambda graph: text.parse(SUM.format("f64").replace("exp", "sin")))
    with pytest.raises(Wrong, match="graph"):
        check(program, True, Coverage())
