"""`pullback check`, `test`, `fmt` and `explain`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from pullback.frontends.cli.explain import STAGES
from pullback.frontends.language.parse import parse as parse_program
from pullback.ir.graph.text import parse as parse_graph
from pullback.ir.loops.text import parse as parse_loops
from pullback.ir.unary.text import parse as parse_unary

pytestmark = pytest.mark.slow  # together they take many seconds

PROGRAMS = Path(__file__).parents[2] / "programs"
WRONG = """\
def f(x: f64[n], y: f64[m]) = sum i: x[i] * y[i]
def g(x: f64) = sigmod(x)
def h(x: f64) = x

test "right": h(2) == 2
test "wrong":
    let two = 1 + 1
    h(two) == 3
    h(two) ~= 2.1 within 0.01
    h(two) ~= 2.1 within 0.2
    h(two) error PB0701
    h(true) error PB0201
    [1.0, 2.0][3 - 1] == 0
"""


# -- check -------------------------------------------------------------------------------------------------------------
def test_check_lists_what_there_is(pullback, golden) -> None:
    ended = pullback("check", "logistic.pull", "shapes.pull")
    assert (ended.code, ended.err) == (0, "")
    golden(ended.out)
    (report,) = pullback("check", "logistic.pull", "--json").data["files"]
    assert [f["name"] for f in report["functions"]] == ["predict", "loss"] and report["errors"] == []
    assert report["functions"][0]["sizes"] == ["d"] and report["functions"][0]["parameters"]["w"] == "f64[d]"
    assert pullback("check", "-q", "logistic.pull").out == ""


def test_check_says_everything_that_is_wrong(pullback, golden) -> None:
    Path("wrong.pull").write_text(WRONG)
    ended = pullback("check", "wrong.pull")
    assert ended.code == 1
    golden(ended.out)
    (report,) = pullback("check", "wrong.pull", "--json").data["files"]
    assert [e["code"] for e in report["errors"]][:2] == ["PB0404", "PB0201"]
    assert report["errors"][1]["place"]["line"] == 2


@pytest.mark.parametrize("command", ("check", "test", "fmt"))
def test_files_that_are_not_there(pullback, command: str) -> None:
    ended = pullback(command, "logistic.pul")
    assert ended.code == 2 and "did you mean `logistic.pull`?" in ended.err
    Path("empty").mkdir()
    assert pullback(command, "empty").code == 2


# -- test --------------------------------------------------------------------------------------------------------------
def test_the_programs_of_this_project_hold(pullback) -> None:
    ended = pullback("test", str(PROGRAMS), "--json")
    assert ended.code == 0, [t for t in ended.data["tests"] if t["faults"]]
    assert ended.data["failed"] == 0 and ended.data["passed"] > 15
    assert {Path(t["file"]) for t in ended.data["tests"]} >= set(PROGRAMS.glob("*.pull"))


def test_failures_are_told(pullback, golden) -> None:
    Path("wrong.pull").write_text(WRONG)
    ended = pullback("test", "wrong.pull", "logistic.pull")
    assert ended.code == 1
    *lines, last = ended.out.splitlines()
    assert last.startswith("1 failed, 2 passed in ")
    golden("\n".join(lines))
    data = pullback("test", "wrong.pull", "--json").data
    assert (data["passed"], data["failed"]) == (1, 1)
    assert [f["place"]["line"] for f in data["tests"][1]["faults"]] == [8, 9, 11, 12, 13]


@pytest.mark.parametrize("backend", ("llvm", "interpreter"))
def test_near(pullback, backend: str) -> None:
    Path("near.pull").write_text("""\
def inf(x: f64) = x / 0

test "these agree":
    [inf(1), inf(-1)] ~= [inf(1), inf(-1)]
    inf(0) ~= inf(0)
    1e300 ~= 1e300 * (1 + 1e-12)
    1e-12 ~= 0
    (1.0, [2.0, 3.0]) ~= (1.0, [2.0, 3.0])
test "infinity is far": inf(1) ~= 1e308
test "nothing is near to NaN": 1.0 ~= inf(0)
test "other sign": inf(1) ~= inf(-1)
test "just too far": 1 + 1.1e-9 ~= 1
test "relative": 1e300 ~= 1.00001e300
""")
    data = pullback("test", "near.pull", "--backend", backend, "--json").data
    assert [t["outcome"] for t in data["tests"]] == ["passed"] + ["failed"] * 5


def test_only_some(pullback) -> None:
    Path("wrong.pull").write_text(WRONG)
    assert pullback("test", "wrong.pull", "-k", "RIGHT").code == 0
    assert pullback("test", "wrong.pull", "-k", "nothing").out.startswith("no tests")


def test_a_program_that_does_not_load_is_a_failure(pullback) -> None:
    Path("broken.pull").write_text("def f(\n")
    ended = pullback("test", "broken.pull", "logistic.pull")
    assert ended.code == 1 and "PB0102" in ended.out and "1 failed, 1 passed" in ended.out


# -- fmt ---------------------------------------------------------------------------------------------------------------
def test_fmt_in_place(pullback) -> None:
    untidy = Path("untidy.pull")
    untidy.write_text("def  f( x:f64 )=x+1   # one more\n")
    untidy.chmod(0o640)
    ended = pullback("fmt", "--check", "untidy.pull", "shapes.pull")
    assert ended.code == 1 and "would change untidy.pull" in ended.out and untidy.read_text().startswith("def  f(")
    assert pullback("fmt", "untidy.pull").code == 0
    assert untidy.read_text().startswith("def f(x: f64) = x + 1 ") and "# one more" in untidy.read_text()
    assert untidy.stat().st_mode & 0o777 == 0o640
    assert pullback("fmt", "--check", "untidy.pull").code == 0
    assert [p.name for p in Path().glob(".*")] == []


def test_fmt_keeps_what_does_not_parse(pullback) -> None:
    Path("bad.pull").write_text("def f(x: f64 = x\n")
    ended = pullback("fmt", "bad.pull")
    assert ended.code == 1 and "PB0" in ended.err and Path("bad.pull").read_text() == "def f(x: f64 = x\n"


def test_fmt_as_a_filter(pullback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("def  f(x:f64)=x\n"))
    assert pullback("fmt", "-").out == "def f(x: f64) = x\n"


# -- explain -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage(pullback, stage: str) -> None:
    ended = pullback("explain", "logistic.pull", "loss", "--after", stage)
    assert (ended.code, ended.err) == (0, "") and ended.out.strip()
    parsers = {"parse": parse_program, "unary": parse_unary, "reverse": parse_unary, "graph": parse_graph,
               "prune": parse_graph, "recall": parse_graph, "contract": parse_graph, "loops": parse_loops,
               "schedule": parse_loops}  # fmt: skip
    if stage in parsers:
        parsers[stage](ended.out)
    assert pullback("explain", "logistic.pull", "loss", "--after", stage, "--json").data["stage"] == stage
    if stage not in ("parse", "reverse"):
        derived = pullback("explain", "logistic.pull", "loss", "--after", stage, "--grad", "--wrt", "w,b")
        assert derived.code == 0 and derived.out != ended.out


@pytest.mark.parametrize("stage", ("check", "reverse", "graph", "loops"))
def test_explained(pullback, golden, stage: str) -> None:
    golden(pullback("explain", "logistic.pull", "predict", "--after", stage).out)


def test_what_cannot_be_explained(pullback) -> None:
    assert pullback("explain", "logistic.pull", "loss", "--grad", "--after", "parse").code == 2
    assert pullback("explain", "logistic.pull", "loss", "--wrt", "w").code == 2
