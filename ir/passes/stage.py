"""stage: kernel → kernel. Rows that lanes read again and again are first copied into local memory, lane by lane.

In a loop with lanes over i, reading ``x[i, j]`` gathers from as many rows as there are lanes. Where inner loops read the same
row many times, one pass at the start of the block puts it into a local array, in which the lanes lie side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..loops import nest


@dataclass(frozen=True)
class Stage:
    """No options."""

    name: str = "stage"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        arrays = {p.name: p for p in (*kernel.inputs, *kernel.outputs) if isinstance(p, nest.Array)}
        return replace(kernel, body=tuple(_outer(s, arrays) for s in kernel.body))


def _outer(s: nest.Statement, arrays: dict[str, nest.Array]) -> nest.Statement:
    match s:
        case nest.For() if s.tile:
            return s
        case nest.For() if s.lanes > 1:
            return _staged(s, arrays)
        case nest.For():
            return replace(s, body=tuple(_outer(inner, arrays) for inner in s.body))
        case nest.Loop():
            return replace(s, body=tuple(_outer(inner, arrays) for inner in s.body))
        case _:
            return s


def _staged(loop: nest.For, arrays: dict[str, nest.Array]) -> nest.For:
    written = _written(loop.body)
    rows = [name for name in sorted(_reread(loop.body, loop.index, 0)) if name in arrays and name not in written]
    if not rows:
        return loop
    local = {name: f"{name}.{loop.index}" for name in rows}
    copies: list[nest.Statement] = []
    for name in rows:
        array = arrays[name]
        copies.append(nest.Allocate(local[name], array.element, array.shape[1:]))
        copies.append(_copy(array, local[name], loop.index))
    return replace(loop, body=(*copies, *_renamed(loop.body, loop.index, local)))


def _written(statements: Sequence[nest.Statement]) -> set[str]:
    names: set[str] = set()
    for s in statements:
        if isinstance(s, nest.Store | nest.Accumulate | nest.Fill):
            names.add(s.buffer)
        elif isinstance(s, nest.For):
            names |= _written(s.body)
    return names


def _reread(statements: Sequence[nest.Statement], index: str, depth: int) -> set[str]:
    """Buffers of which row ``index`` is read inside more loops than the row has dimensions."""
    names: set[str] = set()
    for s in statements:
        if isinstance(s, nest.For):
            names |= _reread(s.body, index, depth + 1)
        elif isinstance(s, nest.Load) and is_staged(s, index, depth):
            names.add(s.buffer)
    return names


def is_staged(s: nest.Load, index: str, depth: int) -> bool:
    """Whether a load that stands in ``depth`` loops inside the one in lanes reads a row more than once."""
    return _is_row(s, index) and depth > len(s.indices) - 1


def _is_row(s: nest.Load, index: str) -> bool:
    return len(s.indices) > 1 and s.indices[0] == index and index not in s.indices[1:] and s.when is None


def _copy(array: nest.Array, target: str, index: str) -> nest.Statement:
    names = tuple(f"{target}.{k}" for k in range(len(array.shape) - 1))
    value = f"{target}.x"
    body: tuple[nest.Statement, ...] = (
        nest.Load(value, array.element, array.name, (index, *names)),
        nest.Store(target, names, value),
    )
    for name, size in reversed(list(zip(names, array.shape[1:], strict=True))):
        body = (nest.For(name, size, body, parallel=True),)
    return body[0]


def _renamed(statements: Sequence[nest.Statement], index: str, local: dict[str, str]) -> tuple[nest.Statement, ...]:
    out: list[nest.Statement] = []
    for s in statements:
        if isinstance(s, nest.For):
            out.append(replace(s, body=_renamed(s.body, index, local)))
        elif isinstance(s, nest.Load) and s.buffer in local and _is_row(s, index):
            out.append(replace(s, buffer=local[s.buffer], indices=s.indices[1:]))
        else:
            out.append(s)
    return tuple(out)
