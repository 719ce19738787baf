"""How many threads there are to share a loop."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ...core.errors import ArgumentFault
from .pool import MOST, available

__all__ = ["processors"]

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def processors(asked: int | None = None) -> int:
    """As many as asked for; else what PULLBACK_THREADS says; else one for each processor that this process may use, as its
    affinity and its container allow. 1 where the system has no threads that we could use.

    Raises ArgumentFault PB0609 for a PULLBACK_THREADS that is no number of threads."""
    if not available():
        return 1
    setting = os.environ.get("PULLBACK_THREADS", "")
    if asked is None and setting:
        if not setting.isdecimal() or int(setting) < 1:
            raise ArgumentFault("PB0609", f"PULLBACK_THREADS is {setting!r}, no number of threads", hint="it is 1 or more")
        asked = int(setting)
    return min(asked or _usable(), MOST)


def _usable() -> int:
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):  # no such file, or "max" for no limit
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        count = min(count, max(1, round(int(quota) / int(period))))
    return count
