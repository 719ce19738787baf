"""The conversation: a line for a line whatever comes, ids handed back, as many runs as asked for, no other output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from pullback.frontends.gradbench.protocol import NAMES, Session, serve

pytestmark = pytest.mark.slow  # together they take many seconds

TOOL = (sys.executable, "-m", "pullback.gradbench")


def talk(*lines: str) -> list[Any]:
    answers: list[str] = []
    serve(lines, answers.append)
    assert all(answer.endswith("\n") for answer in answers)
    return [json.loads(answer) for answer in answers]


def message(number: int, kind: str, **fields: Any) -> str:
    return json.dumps({"id": number, "kind": kind, **fields})


def square(number: int, given: Any) -> str:
    return message(number, "evaluate", module="hello", function="square", input=given)


def test_a_conversation_through_the_pipe() -> None:
    lines = [message(0, "start", eval="hello"), message(1, "define", module="hello"), square(2, 3.0),
             message(3, "evaluate", module="hello", function="double", input=9.0), message(4, "analysis", of=3, valid=True)]
    given = b"\n".join([*(line.encode() for line in lines), b"\xff"])
    done = subprocess.run(TOOL, input=given, capture_output=True, check=True)
    start, define, first, second, analysis, nonsense = map(json.loads, done.stdout.splitlines())
    assert nonsense["success"] is False
    assert (start, define, analysis) == ({"id": 0, "tool": "pullback"}, {"id": 1, "success": True}, {"id": 4})
    assert (first["id"], first["success"], first["output"], second["output"]) == (2, True, 9.0, 18.0)
    assert done.stderr == b""


def test_it_answers_each_line_before_it_reads_the_next() -> None:
    with subprocess.Popen(TOOL, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as tool:
        assert tool.stdin and tool.stdout
        for number in range(3):
            tool.stdin.write(square(number, number) + "\n")
            tool.stdin.flush()
            assert json.loads(tool.stdout.readline())["output"] == number**2


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(TOOL, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as tool:
        assert tool.stdin and tool.stdout and tool.stderr
        tool.stdout.close()
        tool.stdin.write(message(0, "start") + "\n" + message(1, "start") + "\n")
        tool.stdin.close()
        assert tool.stderr.read() == ""
        assert tool.wait(60) == 0


def test_lines_that_are_no_messages_do_not_end_it() -> None:
    odd = ["{", "[1]", "null", "3", '"start"', "{}", '{"id": 7}', "[" * 100_000, "\x00"]
    answers = talk(*odd, "", "  \n", square(8, 2.0))
    assert len(answers) == len(odd) + 1  # an empty line asks nothing
    assert answers[5:7] == [{"id": None}, {"id": 7}]
    assert [answer.get("success") for answer in answers] == [False] * 5 + [None, None] + [False] * 2 + [True]


@pytest.mark.parametrize(("line", "says"), [
    (message(1, "define", module="cosmology"), "there is no module `cosmology`"),
    (message(1, "define", module=3), "names no module"),
    (message(1, "evaluate", module="hello", input=1), "names no function"),
    (message(1, "evaluate", module="hello", function="cube", input=1), "it has square, double"),
    (message(1, "evaluate", module="lse", function="primal", input={"y": [1]}), "'x'"),
    (message(1, "evaluate", module="lse", function="primal", input={"x": ["a"]}), "ValueError"),
    (message(1, "evaluate", module="lse", function="primal"), "TypeError"),
    (message(1, "evaluate", module="det", function="primal", input={"A": [1, 2, 3], "ell": 2}), "ValueError"),
])
def test_what_cannot_be_done_is_said(line: str, says: str) -> None:
    refused, after = talk(line, square(2, 1.0))
    assert (refused["id"], refused["success"]) == (1, False)
    assert says in refused["error"]
    assert after["output"] == 1.0


def test_as_many_runs_as_asked_for() -> None:
    given = {"x": [1.0, 2.0]}

    def runs(**asked: Any) -> list[int]:
        (answer,) = talk(message(1, "evaluate", module="lse", function="primal", input=given | asked))
        return [t["nanoseconds"] for t in answer["timings"] if t["name"] == "evaluate"]

    assert len(runs()) == len(runs(min_runs=1, min_seconds=0)) == 1
    assert len(runs(min_runs=5)) == len(runs(runs=5)) == 5
    long = runs(min_runs=2, min_seconds=0.01)
    assert sum(long[:-1]) < 1e7 <= sum(long)


def test_what_json_has_no_number_for_is_null() -> None:
    (answer,) = talk(message(1, "evaluate", module="lse", function="gradient", input={"x": [1.0, float("nan")]}))
    assert answer["output"] == [None, None]


def test_all_modules_define_also_by_their_earlier_names() -> None:
    earlier = ("an_ode", "det_by_minor", "llsq_obj", "logsumexp")
    session = Session()
    for name in (*NAMES, *earlier):
        assert session.answer(message(1, "define", module=name)) == {"id": 1, "success": True}, name


def test_it_says_how_it_is_used() -> None:
    done = subprocess.run([*TOOL, "--help"], capture_output=True, text=True, check=True)
    assert "usage: python -m pullback.gradbench" in done.stdout
    wrong = subprocess.run([*TOOL, "gmm"], capture_output=True, text=True, env={**os.environ})
    assert (wrong.returncode, wrong.stdout) == (2, "") and "usage" in wrong.stderr
