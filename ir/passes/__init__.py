"""Passes, each a frozen dataclass or function in a file named like it. `schedule` orders those on loop nests."""

from __future__ import annotations

from .lanes import Lanes
from .stage import Stage
from .threads import Threads
from .tile import Tile


def schedule(vector_bytes: int = 64, threads: int = 1) -> tuple[Tile, Lanes, Stage, Threads]:
    """What turns the loops a graph was lowered to into the loops that run, on registers that wide, in this order."""
    return Tile(bytes=vector_bytes), Lanes(bytes=vector_bytes), Stage(), Threads(threads)


__all__ = ["Lanes", "Stage", "Threads", "Tile", "schedule"]
