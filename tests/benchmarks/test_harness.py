"""The harness of benchmarks/: wrong answers are seen, bars are judged by the figures, programs are consistent with themselves.

Nothing is timed here. What the programs compute is compared where it can be without the peers: ours with plain loops in C,
where there is a compiler.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PROGRAMS = sorted({f.stem for f in (BENCHMARKS / "programs").glob("*.py")} - {"__init__"})
SMALL: dict[str, tuple[int, ...]] = {"gmm": (20, 4, 3), "lse": (33,), "kmeans": (40, 3, 5), "ba": (3, 11, 17)}


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`harness` and `programs` as the scripts see them, and gone afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for name in set(sys.modules) - before:
        if name.split(".")[0] in {"harness", "programs"}:
            del sys.modules[name]


def harness(name: str) -> Any:
    return import_module(f"harness.{name}")


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_names_what_there_is(name: str) -> None:
    module = import_module(f"programs.{name}")
    assert [p for p in vars(module).values() if isinstance(p, Path) and p.suffix == ".pull" and not p.is_file()] == []
    program = module.PROGRAM
    ours, names = harness("program").OURS, {c.name for c in program.contenders}
    assert program.name == name
    assert program.contenders[0].name == ours  # the answers of the others are compared with ours
    assert program.quick in {"", *program.sizes}
    for bar in program.bars:
        assert {who for who, _ in bar.others} <= names
        assert set(bar.sizes) <= set(program.sizes)


@pytest.mark.parametrize("name", SMALL)
def test_c_says_what_we_say(name: str) -> None:
    program, absent = import_module(f"programs.{name}").PROGRAM, harness("program").Absent
    given = program.data(*SMALL[name])
    ours, compared = program.contenders[0].calls(given), 0
    for contender in program.contenders[1:]:
        if contender.name.startswith("C,"):
            try:
                calls = contender.calls(given)
            except absent as reason:
                assert "compiler" in str(reason)
                return
            for what, call in calls.items():
                call()
                assert harness("answers").differ(ours[what](), call(), program.tolerance) is None, (contender.name, what)
                compared += 1
    assert compared


def test_wrong_answers_are_seen() -> None:
    differ, x = harness("answers").differ, np.array([1.0, 1e-6])
    assert differ((1.0, x), [np.float64(1), x], 1e-9) is None
    assert differ(x, x + np.array([0, 1e-8]), 1e-9) is not None
    assert differ(x, x[:1], 1e-9) is not None
    assert differ((x, x), x, 1e-9) is not None
    assert differ(x, np.array([1.0, np.nan]), 1e-9) is not None


def figure(threads: int, who: str, what: str, seconds: float) -> Any:
    timing = harness("clock").Timing(seconds, seconds, seconds, 1)
    return harness("measure").Measured("p", "7", threads, who, what, timing)


def program_with(*bars: Any) -> Any:
    module = harness("program")
    return module.Program("p", "", {"7": (7,)}, lambda n: [n], (module.Contender(module.OURS, lambda given: {}),), bars)


def test_bars_are_judged_against_the_fastest_who_ran() -> None:
    Bar, verdicts = harness("program").Bar, harness("bars").verdicts
    rivals = (("A", "gradient"), ("B", "gradient"), ("C", "gradient"))
    program = program_with(Bar("half", "gradient", rivals, 0.5), Bar("own", "gradient", (("pullback", "value"),), 3),
                           Bar("at once", "gradient", (), 1e-3), Bar("nobody", "gradient", (("D", "gradient"),), 1))
    times = [figure(1, "pullback", "gradient", 2e-3), figure(1, "pullback", "value", 1e-3), figure(1, "A", "gradient", 9e-3),
             figure(1, "B", "gradient", 3e-3)]
    half, own, at_once, nobody = verdicts([program], times)
    assert (half.met, half.against, half.figure) == (False, "B", pytest.approx(2 / 3))
    assert (own.met, own.figure) == (True, pytest.approx(2))
    assert (at_once.met, at_once.figure) == (False, pytest.approx(2e-3))
    assert nobody.met is None


def test_a_second_thread_counts_for_long_kernels_only() -> None:
    verdicts, program, alone = harness("bars").verdicts, program_with(), harness("program").ALONE
    assert not list(verdicts([program], [figure(2, alone, "value", 4e-3), figure(2, "pullback", "value", 4e-3)]))
    (gain,) = verdicts([program], [figure(2, alone, "value", 1e-2), figure(2, "pullback", "value", 5.5e-3)])
    assert gain.met and gain.figure == pytest.approx(0.55)


def test_with_several_threads_ours_takes_turns_with_itself_on_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compiled and called with one thread, and what was set before is so again."""
    module, seen = harness("program"), []
    monkeypatch.setenv("PULLBACK_THREADS", "2")

    def calls(data: Any) -> Any:
        seen.append(os.environ["PULLBACK_THREADS"])
        return {"value": lambda: os.environ["PULLBACK_THREADS"]}

    ours, rival = module.Contender(module.OURS, calls), module.Contender("C", lambda given: {}, threads=False)
    program = module.Program("p", "", {"7": (7,)}, lambda n: [n], (ours, rival))
    assert program.running(1) == (ours, rival)
    assert module.Program("p", "", {"7": (7,)}, lambda n: [n], (rival,)).running(2) == (), "nobody gains"
    both, one = program.running(2)
    assert (both, one.name) == (ours, module.ALONE)
    assert one.calls([])["value"]() == "1" and seen == ["1"] and os.environ["PULLBACK_THREADS"] == "2"


def test_the_page_shows_ratios_and_who_was_wrong() -> None:
    Measured, page = harness("measure").Measured, harness("report").page
    program = harness("program").Program("p", "A program.", {"7": (7,)}, lambda n: [n], tuple(
        harness("program").Contender(name, lambda given: {}) for name in ("pullback", "A", "B")))
    text = page("today", {"machine": "this"}, [program], [
        figure(1, "pullback", "value", 2e-3), figure(1, "A", "value", 5e-3),
        Measured("p", "7", 1, "B", "value", None, "array 0 differs", wrong=True)], [])
    assert "| 7 | value | 2 ms | 5 ms (2.5) | wrong |" in text
    assert "- B, value at 7: wrong, array 0 differs" in text


def test_timings_take_turns_and_every_call_gets_its_runs() -> None:
    order: list[str] = []
    timings = harness("clock").side_by_side(
        {name: harness("program").Clocked(lambda name=name: order.append(name) or 1e-3) for name in "ab"}, 0, 4)
    assert order == list("abababab")
    assert timings["a"].runs == 4 and timings["a"].median == 1e-3
