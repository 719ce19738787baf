"""Passes, each a frozen dataclass or function in a file named like it. `schedule` orders those on loop nests."""

from __future__ import annotations

from .fission import Fission
from .lanes import Lanes
from .stage import Stage
from .threads import Threads
from .tile import Tile
from .twins import Twins

Pass = Tile | Twins | Fission | Lanes | Stage | Threads


def schedule(vector_bytes: int = 64, threads: int = 1, lanes: int | None = None) -> tuple[Pass, ...]:
    """What turns the loops a graph was lowered to into the loops that run, on registers that wide, in this order.

    ``lanes`` goes before the estimate of how many lanes are best; with one there are none."""
    if lanes == 1:
        return Twins(), Threads(threads)
    return Tile(vector_bytes), Twins(), Fission(), Lanes(vector_bytes, lanes), Stage(), Threads(threads)


__all__ = ["Fission", "Lanes", "Pass", "Stage", "Threads", "Tile", "Twins", "schedule"]
