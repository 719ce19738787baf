"""`pullback verify`: what holds, what does not with its smallest counterexample, and what does not apply."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds

WRONG = """\
def wrong(x: f64[n]) -> f64 = sum i: x[i] * x[i]
reverse wrong(x, dy) = for i: dy * x[i]
"""


def test_what_holds(pullback, golden) -> None:
    Path("line.pull").write_text("def line(a: f64, x: f64[n]) -> f64[n] = for i: a * x[i]\ndef three() -> i64 = 3\n")
    ended = pullback("verify", "line.pull", "--examples", "2")
    assert ended.code == 0 and ended.err == ""
    golden(ended.out)


def test_what_does_not_hold(pullback, golden) -> None:
    Path("wrong.pull").write_text(WRONG)
    ended = pullback("verify", "wrong.pull", "wrong", "--law", "difference quotients", "--html", "report.html")
    assert ended.code == 1 and ended.err == ""
    golden(ended.out)
    page = Path("report.html").read_text()
    assert page.startswith("<!doctype html>") and "pullback run wrong.pull wrong --arg x=" in page
    command = next(line for line in ended.out.splitlines() if "pullback run" in line)
    assert command.endswith("--arg x='[1.0]'"), "one number, and the simplest"


def test_as_json(pullback) -> None:
    Path("wrong.pull").write_text(WRONG)
    ended = pullback("verify", "wrong.pull", "--law", "complex step", "--law", "RD.2", "--examples", "3", "--json")
    assert ended.code == 1 and ended.data["broken"] == 1
    (function,) = ended.data["functions"]
    assert [(f["law"], f["outcome"]) for f in function["findings"]] == [("RD.2", "holds"), ("complex step", "broken")]


def test_a_law_is_tried_on_no_more_when_its_time_is_up(pullback) -> None:
    """On one at least."""
    Path("wrong.pull").write_text(WRONG)
    words = ("verify", "wrong.pull", "--law", "RD.2", "--law", "complex step", "--seconds", "1e-9", "--json")
    holds, broken = pullback(*words).data["functions"][0]["findings"]
    assert (holds["outcome"], holds["tried"]) == ("holds", 1)
    assert broken["outcome"] == "broken" and broken["arguments"].startswith("--arg x=")


def test_what_is_given_stays(pullback) -> None:
    assert pullback("verify", "shapes.pull", "element", "--arg", "k=1", "--size", "n=3", "--law", "RD.5").code == 0
    ended = pullback("verify", "shapes.pull", "element", "--arg", "k=9", "--law", "RD.5")
    assert ended.code == 1 and "no arguments on which `element` runs" in ended.err


def test_a_function_that_never_runs_does_not_stop_the_others(pullback) -> None:
    Path("far.pull").write_text("def far(x: f64[n]) -> f64 = x[i64(n) + 9]\ndef near(x: f64) -> f64 = x\n")
    ended = pullback("verify", "far.pull", "--law", "RD.3", "--examples", "2")
    assert ended.code == 1 and "ok   RD.3" in ended.out and "verify far.pull far --arg" in ended.out
    assert pullback("verify", "far.pull", "--law", "RD.3", "--json").data["untried"] == ["far"]


@pytest.mark.parametrize(("words", "said"), [
    (["shapes.pull", "--arg", "k=1"], "--arg goes with one function"),
    (["shapes.pull", "--seconds", "0"], "--seconds 0 is no time at all"),
    (["shapes.pull", "total", "--law", "RD.8"], "did you mean `RD."),
    (["shapes.pull", "total", "--examples", "0"], "none at all"),
    (["shapes.pull", "totl"], "did you mean `total`?"),
    (["shapes.pull", "total", "--arg", "y=1"], "has no parameter `y`"),
    (["nowhere.pull"], "there is no file"),
    (["line.pull", "--html", "/nowhere/at/all.html"], "cannot be written"),
])  # fmt: skip
def test_misuse_is_2_and_says_why(pullback, words: list[str], said: str) -> None:
    Path("line.pull").write_text("def line(a: i64) -> i64 = a\n")
    ended = pullback("verify", *words)
    assert ended.code == 2 and said in ended.err


def test_a_size_that_there_is_not(pullback) -> None:
    ended = pullback("verify", "shapes.pull", "total", "--size", "q=3")
    assert "has no size `q`" in ended.err and "n" in ended.err


def test_without_hypothesis_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "a.pull").write_text("def f(x: f64) -> f64 = x\n")
    script = ("import sys; sys.modules['hypothesis'] = None; from pullback.frontends.cli.main import main;"
              "sys.exit(main(['verify', 'a.pull', 'f']))")  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 1 and "pip install 'pullback[test]'" in ended.stderr
