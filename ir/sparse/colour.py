"""Colours of columns, so that none of one colour meet in a row: their derivatives can be taken together.

(Curtis, Powell & Reid 1974; as a colouring of the graph of columns that meet: Coleman & Moré 1983.) The colouring is
networkx's greedy one, those with most neighbours first.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np


def colour(starts: Any, columns: Any, count: int) -> tuple[Any, int]:
    """A colour for each of ``count`` columns of a matrix in compressed rows, and how many colours there are."""
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    seen: set[bytes] = set()
    for first, last in pairwise(starts):
        row = columns[first:last]
        if len(row) > 1 and row.tobytes() not in seen:  # many rows have the columns of another
            seen.add(row.tobytes())
            row = row.tolist()
            graph.add_edges_from((a, b) for k, a in enumerate(row) for b in row[:k])
    found = networkx.greedy_color(graph, strategy="largest_first")
    colours = np.fromiter((found[k] for k in range(count)), np.int64, count)
    return colours, int(colours.max(initial=-1)) + 1
