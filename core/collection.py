"""Python's garbage collector, told to wait."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["no_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Without looking for cycles of garbage meanwhile.

    A compilation makes many objects of which most stay, and so the collector walks over all that the process holds again
    and again: a tenth of the time, for nothing. Contexts nest; where threads overlap, it may start again early."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
