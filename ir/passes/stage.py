"""stage: kernel → kernel. Rows that lanes read or add to again and again live in local memory meanwhile, lane by lane.

In a loop with lanes over i, reading ``x[i, j]`` gathers from as many rows as there are lanes, and adding to it scatters too.
Where inner loops read the same row many times, one pass at the start of the block puts it into a local array, in which the
lanes lie side by side; where they add to it many times, they add to a local array that one pass at the end adds to the row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.objects import F32, F64, Scalar
from ..loops import nest
from .vary import loop_ties, statements_in, tied

Ties = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Stage:
    """No options."""

    name: str = "stage"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        arrays = {p.name: p for p in (*kernel.inputs, *kernel.outputs) if isinstance(p, nest.Array)}
        decisions: list[nest.Decision] = []
        body = tuple(_outer(s, arrays, decisions) for s in kernel.body)
        return replace(kernel, body=body, decisions=(*kernel.decisions, *decisions))


def _outer(s: nest.Statement, arrays: dict[str, nest.Array], decisions: list[nest.Decision]) -> nest.Statement:
    match s:
        case nest.For() if s.tile:
            return s
        case nest.For() if s.lanes > 1:
            return _staged(s, arrays, decisions)
        case nest.For() | nest.Loop():
            return replace(s, body=tuple(_outer(inner, arrays, decisions) for inner in s.body))
        case _:
            return s


def _staged(loop: nest.For, arrays: dict[str, nest.Array], decisions: list[nest.Decision]) -> nest.For:
    written, taken = _written(loop.body), _repeated(loop.body, loop.index, (), loop_ties(loop))
    read = [name for name in sorted(taken) if name in arrays and name not in written]
    added = [name for name in sorted(taken) if name in arrays and _only_added(loop.body, name, loop.index)]
    if not read and not added:
        return loop
    local = {name: f"{name}.{loop.index}" for name in (*read, *added)}
    before: list[nest.Statement] = []
    after: list[nest.Statement] = []
    for name in read:
        array = arrays[name]
        before += [nest.Allocate(local[name], array.element, array.shape[1:]), _copy(array, local[name], loop.index)]
        decisions.append(nest.Decision(
            local[name], "copied first", f"inner loops read the row again and again: a gather from {loop.lanes} rows"))
    for name in added:
        array = arrays[name]
        before.append(nest.Allocate(local[name], array.element, array.shape[1:], zero=True))
        after.append(_flush(array, local[name], loop.index, _ring(loop.body, name)))
        decisions.append(nest.Decision(
            local[name], "added at the end", f"inner loops add to the row again and again: a scatter to {loop.lanes} rows"))
    return replace(loop, body=(*before, *_renamed(loop.body, loop.index, local), *after))


def _written(statements: Sequence[nest.Statement]) -> set[str]:
    return {s.buffer for s in statements_in(statements) if isinstance(s, nest.Store | nest.Accumulate | nest.Fill)}


def _repeated(statements: Sequence[nest.Statement], index: str, loops: tuple[str, ...], ties: Ties) -> set[str]:
    """Buffers of which an element of row ``index`` is read or added to more than once."""
    names: set[str] = set()
    for s in statements:
        if isinstance(s, nest.For):
            names |= _repeated(s.body, index, (*loops, s.index), ties)
        elif isinstance(s, nest.Load | nest.Accumulate) and is_staged(s, index, loops, ties):
            names.add(s.buffer)
    return names


def _only_added(statements: Sequence[nest.Statement], name: str, index: str) -> bool:
    """Whether nothing is done with a buffer of reals but adding to row ``index``."""
    touching = ("buffer", "target", "source")
    uses = [s for s in statements_in(statements) if name in (getattr(s, field, None) for field in touching)]
    rings = {s.ring for s in uses if isinstance(s, nest.Accumulate) and _is_row(s, index)}
    return len(rings) == 1 and rings <= {F64, F32} and all(isinstance(s, nest.Accumulate) and _is_row(s, index) for s in uses)


def _ring(statements: Sequence[nest.Statement], name: str) -> Scalar:
    return next(s.ring for s in statements_in(statements) if isinstance(s, nest.Accumulate) and s.buffer == name)


def is_staged(s: nest.Load | nest.Accumulate, index: str, loops: Sequence[str], ties: Ties) -> bool:
    """Whether what stands in these loops inside the one in lanes reads, or adds to, an element of its row more than once."""
    return _is_row(s, index) and not tied(s.indices, ties).issuperset(loops)


def _is_row(s: nest.Load | nest.Accumulate, index: str) -> bool:
    return len(s.indices) > 1 and s.indices[0] == index and index not in s.indices[1:] and s.when is None


def _copy(array: nest.Array, target: str, index: str) -> nest.Statement:
    """All of a row into the local array ``target``."""
    names, value = _places(array, target), f"{target}.x"
    load = nest.Load(value, array.element, array.name, (index, *names))
    return _over(array, names, (load, nest.Store(target, names, value)))


def _flush(array: nest.Array, source: str, index: str, ring: Scalar) -> nest.Statement:
    """All of a local array added to the row."""
    names, value = _places(array, source), f"{source}.x"
    load = nest.Load(value, array.element, source, names)
    return _over(array, names, (load, nest.Accumulate(array.name, (index, *names), value, ring)))


def _places(array: nest.Array, local: str) -> tuple[str, ...]:
    return tuple(f"{local}.{k}" for k in range(len(array.shape) - 1))


def _over(array: nest.Array, names: Sequence[str], body: tuple[nest.Statement, ...]) -> nest.Statement:
    for name, size in reversed(list(zip(names, array.shape[1:], strict=True))):
        body = (nest.For(name, size, body, parallel=True),)
    return body[0]


def _renamed(statements: Sequence[nest.Statement], index: str, local: dict[str, str]) -> tuple[nest.Statement, ...]:
    out: list[nest.Statement] = []
    for s in statements:
        if isinstance(s, nest.For):
            out.append(replace(s, body=_renamed(s.body, index, local)))
        elif isinstance(s, nest.Load | nest.Accumulate) and s.buffer in local and _is_row(s, index):
            out.append(replace(s, buffer=local[s.buffer], indices=s.indices[1:]))
        else:
            out.append(s)
    return tuple(out)
