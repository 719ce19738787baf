"""Passes, each a frozen dataclass or function in a file named like it. `schedule` orders those on loop nests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..graph.node import Graph
from .apart import apart
from .contract import contract
from .fission import Fission
from .inplace import InPlace
from .lanes import Lanes
from .lazy import lazy
from .prune import prune
from .recall import recall
from .stage import Stage
from .threads import Threads
from .tile import Tile
from .twins import Twins
from .unite import unite
from .whole import Whole

GRAPH_PASSES: Mapping[str, Callable[[Graph], Graph]] = MappingProxyType({
    "prune": prune, "unite": unite, "recall": recall, "contract": contract, "lazy": lazy, "apart": apart,
})  # fmt: skip
"""What a graph goes through before it is lowered, in this order."""


def prepared(graph: Graph, last: str = "apart") -> Graph:
    """The graph after the passes on graphs, up to the one called ``last``."""
    for name, step in GRAPH_PASSES.items():
        graph = step(graph)
        if name == last:
            break
    return graph


Pass = InPlace | Whole | Tile | Twins | Fission | Lanes | Stage | Threads


def schedule(vector_bytes: int = 64, threads: int = 1, lanes: int | None = None) -> tuple[Pass, ...]:
    """What turns the loops a graph was lowered to into the loops that run, on registers that wide, in this order.

    ``lanes`` goes before the estimate of how many lanes are best; with one there are none."""
    if lanes == 1:
        return InPlace(), Twins(), Threads(threads)
    tiles = Whole(), Tile(vector_bytes)
    return InPlace(), *tiles, Twins(), Fission(), Lanes(vector_bytes, lanes), Stage(), Threads(threads)


__all__ = ["GRAPH_PASSES", "Fission", "InPlace", "Lanes", "Pass", "Stage", "Threads", "Tile", "Twins", "Whole",
           "prepared", "schedule"]
