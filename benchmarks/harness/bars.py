"""The bars: what was asked for beside what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from .measure import Measured
from .program import ALONE, OURS, Bar, Program

LONG = 5e-3  # seconds: kernels above this must gain from a second thread
GAIN = 1.7


@dataclass(frozen=True)
class Verdict:
    """A bar at one size: the figure, what it may be at most, and against whom. No figure: nobody was there to compare with."""

    program: str
    size: str
    says: str
    figure: float | None
    at_most: float
    against: str
    goal: bool = False

    @property
    def met(self) -> bool | None:
        return None if self.figure is None else self.figure <= self.at_most

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def verdicts(programs: Iterable[Program], figures: Sequence[Measured]) -> Iterator[Verdict]:
    """Every bar of the programs that were measured, on one thread; then what all threads gained."""
    for program in programs:
        for bar in program.bars:
            for size in program.sizes:
                if not bar.sizes or size in bar.sizes:
                    times = {(m.contender, m.what): m.timing.median for m in figures
                             if m.timing and (m.program, m.size, m.threads) == (program.name, size, 1)}
                    if (OURS, bar.what) in times:
                        yield judged(program.name, size, bar, times)
        yield from gains(program, figures)


def judged(program: str, size: str, bar: Bar, times: dict[tuple[str, str], float]) -> Verdict:
    ours = times[OURS, bar.what]
    if not bar.others:
        return Verdict(program, size, bar.says, ours, bar.at_most, "", bar.goal)
    there = {key: times[key] for key in bar.others if key in times}
    if not there:
        return Verdict(program, size, bar.says, None, bar.at_most, "", bar.goal)
    fastest = min(there, key=lambda key: there[key])
    against = f"own {fastest[1]}" if fastest[0] == OURS else fastest[0]
    return Verdict(program, size, bar.says, ours / there[fastest], bar.at_most, against, bar.goal)


def gains(program: Program, figures: Sequence[Measured]) -> Iterator[Verdict]:
    """Time on two threads over time on one, for our kernels that take long enough; more threads are not judged."""
    for size in program.sizes:
        times = {(m.contender, m.what): m.timing.median for m in figures
                 if m.timing and (m.program, m.size, m.threads) == (program.name, size, 2)}
        for (contender, what), seconds in times.items():
            if contender == ALONE and seconds > LONG and what not in program.alone:
                yield Verdict(program.name, size, f"{what}, two threads over one", times[OURS, what] / seconds, 1 / GAIN,
                              f"own {what}")
