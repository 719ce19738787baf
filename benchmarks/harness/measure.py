"""A program measured: every contender on the same data in one process, its answers compared with ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from .answers import differ
from .clock import Timing, side_by_side
from .program import OURS, Absent, Call, Clocked, Program


@dataclass(frozen=True)
class Measured:
    """One figure: who computes what of which program at which size on how many threads, and how long it took.

    Without a timing, ``note`` says why: not installed, or a wrong answer (then ``wrong``).
    """

    program: str
    size: str
    threads: int
    contender: str
    what: str
    timing: Timing | None
    note: str = ""
    wrong: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, fields: dict[str, Any]) -> Measured:
        timing = fields["timing"]
        return cls(**{**fields, "timing": None if timing is None else Timing(**timing)})


def measure(program: Program, size: str, threads: int, seconds: float) -> Iterator[Measured]:
    """Time everybody who can run at one size in turns; figures in the order of the contenders."""
    data = program.data(*program.sizes[size])
    calls: dict[tuple[str, str], Call | Clocked] = {}
    for contender in program.running(threads):
        try:
            found = contender.calls(data)
        except (ImportError, Absent) as absent:
            yield Measured(program.name, size, threads, contender.name, "", None, str(absent))
            continue
        calls |= {(contender.name, what): call for what, call in found.items()}
    wrong = dict(mistakes(program, calls)) if program.answers else {}
    labels = {f"{name}\n{what}": (name, what) for name, what in calls if (name, what) not in wrong}
    clock = time.process_time if threads == 1 else time.perf_counter
    timings = side_by_side({label: calls[key] for label, key in labels.items()}, seconds, clock=clock)
    for name, what in calls:
        note = wrong.get((name, what), "")
        yield Measured(program.name, size, threads, name, what, timings.get(f"{name}\n{what}"), note, bool(note))


def mistakes(program: Program, calls: dict[tuple[str, str], Call | Clocked]) -> Iterator[tuple[tuple[str, str], str]]:
    """Which calls do not give what ours gives. Each runs twice: an answer must survive being asked for again."""
    expected: dict[str, Any] = {}
    for (name, what), call in calls.items():
        if isinstance(call, Clocked):
            continue
        call()
        if name == OURS:
            expected[what] = call()
        elif what in expected and (why := differ(expected[what], call(), program.tolerance)):
            yield (name, what), why
