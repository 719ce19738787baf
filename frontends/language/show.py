"""Values in the language's own words: what `pullback run` prints, and what the reference shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...core.objects import Scalar, Tuple, Type, element

MOST = 1000
"""More elements than this in an array, and only the first and last of each axis are shown."""

EDGE = 3


def show(kind: Type, values: Sequence[Any]) -> str:
    """The value of a type whose wires have the given NumPy values, left to right.

    >>> show(Tuple((Scalar("f64"), Scalar("bool")), ("x", "ok")), [0.5, True])
    '{x: 0.5, ok: true}'
    """
    return _show(kind, iter(values))


def _show(kind: Type, values: Iterator[Any]) -> str:
    if isinstance(kind, Tuple):
        parts = [_show(item, values) for item in kind.items]
        if kind.names is not None:
            return "{" + ", ".join(f"{n}: {p}" for n, p in zip(kind.names, parts, strict=True)) + "}"
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    array = np.asarray(next(values))
    return _array(element(kind), array, array.size > MOST)


def _array(kind: Scalar, array: Any, brief: bool) -> str:
    if array.ndim == 0:
        return number(kind, array)
    if brief and len(array) > 2 * EDGE:
        rows = [*(_array(kind, row, brief) for row in array[:EDGE]), "…",
                *(_array(kind, row, brief) for row in array[-EDGE:])]
    else:
        rows = [_array(kind, row, brief) for row in array]
    return f"[{', '.join(rows)}]"


def number(kind: Scalar, value: Any) -> str:
    """A number as a program would write it: the shortest text that reads back as the same one."""
    if kind.kind == "bool":
        return "true" if value else "false"
    if kind.number is float:
        return str(np.dtype(kind.dtype).type(value))
    return str(int(value))
