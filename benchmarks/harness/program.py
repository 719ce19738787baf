"""What a benchmark is, as data: a program at some sizes, the contenders that compute it, and the bars it should clear."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

OURS, ALONE = "pullback", "pullback on one of them"
"""Ours with all threads that it may use, and beside it, in turns, with one."""

Size = tuple[Any, ...]
Data = Sequence[Any]
Call = Callable[[], Any]  # returns when its result is ready: numbers, arrays, or tuples of them
Calls = Mapping[str, Call]  # by what is computed: "value", "gradient", …


class Absent(Exception):
    """A contender cannot run here: a package or a compiler is not installed."""


@dataclass(frozen=True)
class Clocked:
    """A call that takes its own time, such as a new process that says how long the part of it took that counts."""

    seconds: Callable[[], float]


@dataclass(frozen=True)
class Contender:
    """Somebody who computes the program: a name that the tables show, and its calls on given data.

    ``calls`` may compile and prepare as it likes; only the calls are timed. It raises ``ImportError`` or ``Absent`` where it
    cannot run. ``threads``: whether it is worth measuring with all cores as well.
    """

    name: str
    calls: Callable[[Data], Mapping[str, Call | Clocked]]
    threads: bool = True


@dataclass(frozen=True)
class Bar:
    """Our time over another, at most so much. Where several others are named, the fastest that ran counts.

    ``others`` are pairs (contender, what it computes); none means that ``at_most`` is in seconds. ``sizes`` names those it is
    about, all if it is empty.
    """

    says: str
    what: str
    others: tuple[tuple[str, str], ...]
    at_most: float
    sizes: tuple[str, ...] = ()
    goal: bool = False  # wished for, not asked for


@dataclass(frozen=True)
class Program:
    """One program: its sizes by the name that the tables show, data for a size, who computes it and the bars.

    Answers must agree with ours to ``tolerance`` of their norm, and entry by entry to as much of the largest entry.
    ``quick`` is the size that a quick run takes. ``answers`` is False where there is nothing to compare (times to compile).
    """

    name: str
    title: str
    sizes: Mapping[str, Size]
    data: Callable[..., Data]
    contenders: tuple[Contender, ...]
    bars: tuple[Bar, ...] = ()
    tolerance: float = 1e-9
    quick: str = ""
    answers: bool = True
    alone: frozenset[str] = frozenset()  # what one thread does, however many there are: not judged by what more of them gain

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", MappingProxyType(dict(self.sizes)))

    def running(self, threads: int) -> tuple[Contender, ...]:
        """Who is measured with so many threads. What several gain is told by turns with them and turns with one; nobody
        where that makes no difference to anyone."""
        if threads == 1:
            return self.contenders
        sharing = tuple(c for c in self.contenders if c.threads)
        return sharing and (*sharing, *(alone(c) for c in self.contenders if c.name == OURS))

    def chosen(self, quick: bool) -> Mapping[str, Size]:
        """The sizes of a quick run or of a full one."""
        if not quick:
            return self.sizes
        name = self.quick or next(iter(self.sizes))
        return {name: self.sizes[name]}


def alone(ours: Contender) -> Contender:
    """Ours as if there were one processor: compiled for it, and called like that."""

    def calls(data: Data) -> Mapping[str, Call | Clocked]:
        with one_thread():
            found = ours.calls(data)
        return {what: within(call) for what, call in found.items() if not isinstance(call, Clocked)}

    def within(call: Call) -> Call:
        def called() -> Any:
            with one_thread():
                return call()

        return called

    return replace(ours, name=ALONE, calls=calls)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    before = os.environ.get("PULLBACK_THREADS")
    os.environ["PULLBACK_THREADS"] = "1"
    try:
        yield
    finally:
        os.environ.pop("PULLBACK_THREADS")
        os.environ.update({"PULLBACK_THREADS": before} if before is not None else {})
