"""Room for recursion: passes that follow a program's own nesting go as deep as it does."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import SyntaxFault

FRAMES = 20_000


def too_deep() -> SyntaxFault:
    return SyntaxFault("PB0110", "the program nests too deeply, with its calls inlined and its derivatives taken")



@contextmanager
def room(fault: Callable[[], Exception] | None = None) -> Iterator[None]:
    """Let Python stack `FRAMES` frames meanwhile (they live on the heap since 3.11); where even that is not enough, raise
    what ``fault`` makes. The limit is the process's: the last of all threads to leave sets it back."""
    _LIMIT.enter()
    try:
        yield
    except RecursionError:
        if fault is None:
            raise
        raise fault() from None
    finally:
        _LIMIT.leave()


class _Limit:
    def __init__(self) -> None:
        self.lock, self.inside, self.before = threading.Lock(), 0, 0

    def enter(self) -> None:
        with self.lock:
            if not self.inside:
                self.before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(self.before, FRAMES))
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if not self.inside:
                sys.setrecursionlimit(self.before)


_LIMIT = _Limit()
"""Of the interpreter, of which there is one."""
