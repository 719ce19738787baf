"""`pullback.why_recompiled`: what was compiled for a function, when, and why more than once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields

from ...backends.executable import Executable, Settings
from .function import Function

__all__ = ["Compilation", "Compilations", "compilations"]


@dataclass(frozen=True)
class Compilation:
    """What was compiled, ``when`` (seconds since the epoch), how long it took and why it was done."""

    name: str
    when: float
    seconds: float
    reason: str

    def __str__(self) -> str:
        clock = time.strftime("%H:%M:%S", time.localtime(self.when))
        return f"{clock}  {1e3 * self.seconds:6.0f} ms  {self.name}: {self.reason}"


@dataclass(frozen=True)
class Compilations:
    """All compilations of one function, and of what was derived from it, in the order of time. As text, with reasons."""

    function: str
    made: tuple[Compilation, ...]

    def __str__(self) -> str:
        own = sum(c.name == self.function for c in self.made)
        times = "not been compiled yet" if not own else f"been compiled {'once' if own == 1 else f'{own} times'}"
        head = f"`{self.function}` has {times}. One compilation serves all sizes; another is made for other settings alone."
        return "\n".join([head, *map(str, self.made)])


def compilations(f: Function) -> Compilations:
    """What has been compiled so far for ``f``: itself, with other settings, and its derivatives."""
    found = sorted(_all(f, "it was called"), key=lambda c: c.when)
    return Compilations(f.name, tuple(found))


def _all(f: Function, reason: str) -> Iterator[Compilation]:
    made = f.__dict__.get("executable")
    if isinstance(made, Executable) and made.compiled is not None:
        yield Compilation(f.name, *made.compiled, reason)
    for derived in f.derivatives:
        if derived.face is f.face:
            yield from _all(derived, f"it was called with {_difference(f.settings, derived.settings)}")
        else:
            yield from _all(derived, f"it was called; it is made from `{f.name}`")


def _difference(before: Settings, after: Settings) -> str:
    changed = [f"{field.name}={getattr(after, field.name)!r}" for field in fields(Settings)
               if getattr(before, field.name) != getattr(after, field.name)]
    return ", ".join(changed) or "the same settings"
