"""Room for recursion: passes that follow a program's own nesting go as deep as it does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def room(frames: int = 20_000) -> Iterator[None]:
    """Let Python stack at least ``frames`` more frames meanwhile (they live on the heap since 3.11)."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, frames))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
