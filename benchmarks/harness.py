"""Timing side by side: medians of many runs, turn about, in one process.

Machines are shared and their speed drifts, so what counts is the ratio of two things timed in turns in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds: the median, and the fastest and slowest of the runs."""

    median: float
    low: float
    high: float

    @property
    def text(self) -> str:
        return scaled(self.median)


def side_by_side(calls: Mapping[str, Callable[[], object]], seconds: float = 1.0, least: int = 9) -> dict[str, Timing]:
    """Time each call, one after the other, again and again, for about so many seconds each (and ``least`` times)."""
    for call in calls.values():
        call()
    runs: dict[str, list[float]] = {name: [] for name in calls}
    start = time.perf_counter()
    while time.perf_counter() - start < seconds * len(calls) or len(next(iter(runs.values()))) < least:
        for name, call in calls.items():
            runs[name].append(once(call))
    return {name: Timing(statistics.median(r), min(r), max(r)) for name, r in runs.items()}


def once(call: Callable[[], object], least: float = 1e-4) -> float:
    """Seconds of one call; a call that is too quick for the clock is repeated."""
    repeat = 1
    while True:
        start = time.perf_counter()
        for _ in range(repeat):
            call()
        took = time.perf_counter() - start
        if took >= least or repeat >= 1_000_000:
            return took / repeat
        repeat *= 10


def scaled(seconds: float) -> str:
    """12.3 ms, 456 ns."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


@dataclass(frozen=True)
class Table:
    """A heading, column names and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def markdown(self) -> str:
        lines = [f"### {self.title}", "", "| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in self.rows)]) + "\n"
