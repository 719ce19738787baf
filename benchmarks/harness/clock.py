"""Timing side by side: medians of many runs, turn about, in one process.

Machines are shared and their speed drifts, so what counts is the ratio of two things timed in turns in the same run. A call
that is quick is called once unmeasured when its turn comes, since the others have taken the caches meanwhile: what is
timed is a call in a loop that makes many of them.

On one thread the clock is the processor time of the process, threads of libraries included: on an idle machine that is the
time that passes, on a busy one it does not count the turns of others. With several threads it is the time that passes.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .program import Call, Clocked

TURN = 2e-3  # seconds that a turn lasts at least, the clock and the loop being about 0.1 µs
WARM = 2e-2  # calls that take longer than this need no call before the one that is timed

Clock = Callable[[], float]


@dataclass(frozen=True)
class Timing:
    """Seconds: the median, the fastest and the slowest of the runs, and how many there were."""

    median: float
    low: float
    high: float
    runs: int


def side_by_side(calls: Mapping[str, Call | Clocked], seconds: float = 1.0, least: int = 3,
                 clock: Clock = time.perf_counter) -> dict[str, Timing]:
    """Time the calls in turns until each had so many seconds, and at least so many runs (three, so that one may be odd)."""
    runs: dict[str, list[float]] = {name: [] for name in calls}
    spent = dict.fromkeys(calls, 0.0)
    collecting = gc.isenabled()
    gc.disable()
    try:
        while waiting := [name for name in calls if spent[name] < seconds or len(runs[name]) < least]:
            for name in waiting:
                start = time.perf_counter()
                runs[name].append(turn(calls[name], clock))
                spent[name] += time.perf_counter() - start
            gc.collect(0)
    finally:
        if collecting:
            gc.enable()
    return {name: Timing(statistics.median(r), min(r), max(r), len(r)) for name, r in runs.items()}


def turn(call: Call | Clocked, clock: Clock) -> float:
    """Seconds of one call, the mean of a few where it is quick."""
    if isinstance(call, Clocked):
        return call.seconds()
    took = repeated(call, 1, clock)
    if took > WARM:
        return took
    return repeated(call, max(1, min(1_000_000, int(TURN / max(took, 1e-9)) + 1)), clock)


def repeated(call: Call, times: int, clock: Clock) -> float:
    start = clock()
    for _ in range(times):
        call()
    return (clock() - start) / times


def scaled(seconds: float) -> str:
    """12.3 ms, 456 ns."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{short(seconds / size)} {unit}"
    return f"{short(seconds / 1e-9)} ns"


def short(number: float) -> str:
    """Three figures, and no exponent: 1234, 12.3, 0.123."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
