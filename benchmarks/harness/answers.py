"""Do two contenders say the same? Results are numbers, arrays of any library, sparse matrices, or tuples of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np


def leaves(result: Any) -> Iterator[np.ndarray]:
    """The arrays of a result, in order; a sparse matrix is its entries, row by row."""
    if isinstance(result, Mapping):
        result = tuple(result.values())
    if isinstance(result, tuple | list):
        for part in result:
            yield from leaves(part)
    elif hasattr(result, "tocsr"):
        matrix = result.tocsr()
        matrix.sort_indices()
        yield np.asarray(matrix.data, dtype=float)
    else:
        yield np.asarray(result.detach() if hasattr(result, "detach") else result, dtype=float)


def differ(ours: Any, theirs: Any, tolerance: float) -> str | None:
    """Why the two are not the same, or None if they are: to the tolerance, by norm, and by entry of the largest one."""
    mine, other = list(leaves(ours)), list(leaves(theirs))
    if len(mine) != len(other):
        return f"{len(other)} arrays instead of {len(mine)}"
    for place, (x, y) in enumerate(zip(mine, other, strict=True)):
        if x.size != y.size:
            return f"array {place} has shape {y.shape} instead of {x.shape}"
        x, y = x.reshape(-1), y.reshape(-1)
        if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y))):
            return f"array {place} is not finite"
        apart = np.abs(x - y)
        if x.size and (apart.max() > tolerance * np.abs(x).max() or np.linalg.norm(apart) > tolerance * np.linalg.norm(x)):
            return f"array {place} differs by {apart.max() / max(np.abs(x).max(), 1e-300):.1e} of its largest entry"
    return None
