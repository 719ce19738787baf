"""Which loops of a contraction are rows, columns and depth of a register tile: the ways there are, by the strides alone."""

from __future__ import annotations

from dataclasses import dataclass

from ...ir.loops.contraction import Contraction, Place

__all__ = ["DEEPEST", "Roles", "apart", "dot", "outer"]

DEEPEST = 3
"""Loops of a sum, and of rows, that a function runs by itself."""


@dataclass(frozen=True)
class Roles:
    """``a`` has the rows, ``b`` the columns; ``rows`` and ``depth`` (of the sum) are loops, innermost last; ``around`` the
    others. ``form``: the function that does it."""

    form: str
    a: Place
    b: Place
    rows: tuple[str, ...]
    columns: str
    depth: tuple[str, ...]
    around: tuple[str, ...]


def outer(c: Contraction) -> list[Roles]:
    """The ways to have neighbours of the result as columns: those first whose columns are neighbours in a factor too."""
    found = []
    for v, step in c.out.strides.items():
        for a, b in ((c.left, c.right), (c.right, c.left)):
            if step == 1 and v in b.strides and v not in a.strides:
                rows = _row(c, a, b)
                if rows is not None and len(c.summed) <= DEEPEST:
                    found.append(_with_rest(c, "outer", a, b, (rows,), v, c.summed))
    return sorted(found, key=lambda r: not r.b.strides[r.columns])


def dot(c: Contraction) -> Roles | None:
    """The way to have the innermost loop of the sum in vectors: it must go through neighbours in both factors."""
    inner = [v for v in c.summed if c.left.strides.get(v) == 1 and c.right.strides.get(v) == 1]
    rows, columns = _row(c, c.left, c.right), _row(c, c.right, c.left)
    if not inner or rows is None or columns is None or len(c.summed) > DEEPEST:
        return None
    depth = (*(v for v in c.summed if v != inner[-1]), inner[-1])
    return _with_rest(c, "dot", c.left, c.right, (rows,), columns, depth)


def apart(c: Contraction) -> Roles | None:
    """The way with columns that lie apart in the result, and rows in several loops that read the same panel of columns.

    A derivative by a convolution's filter is one: few neighbours in its result, and many filters and positions in them.
    """
    for v, step in c.out.strides.items():
        for a, b in ((c.left, c.right), (c.right, c.left)):
            rows = sorted(_own(c, a, b), key=lambda r: r not in c.out.together | a.together)
            if step != 1 and v in b.strides and v not in a.strides and len(rows) > 1 and len(c.summed) <= DEEPEST:
                return _with_rest(c, "outer", a, b, tuple(rows[-DEEPEST:]), v, c.summed)
    return None


def _row(c: Contraction, a: Place, b: Place) -> str | None:
    """A loop of the result that ``a`` mentions and ``b`` does not: rather one with an index of its own."""
    return min(_own(c, a, b), key=lambda v: (v in c.out.together, c.out.strides[v]), default=None)


def _own(c: Contraction, a: Place, b: Place) -> list[str]:
    """The loops of the result that ``a`` mentions and ``b`` does not."""
    return [v for v in c.out.strides if v in a.strides and v not in b.strides]


def _with_rest(
    c: Contraction, form: str, a: Place, b: Place, rows: tuple[str, ...], columns: str, depth: tuple[str, ...]
) -> Roles:
    around = tuple(v for v, _ in c.loops if v not in (*rows, columns, *depth))
    return Roles(form, a, b, rows, columns, depth, around)
