"""inplace: kernel → kernel. An array that is read only to make another, element by element, lives in that one's memory.

    v = …; for i, j: out[i, j] = f(v[i, j])      out = …; for i, j: out[i, j] = f(out[i, j])

It is one array less to have, to bring through the caches and, where arrays are large, to get from the system. A mere copy is
then no longer made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..loops import nest
from .vary import buffers_in, statements_in


@dataclass(frozen=True)
class InPlace:
    """No options."""

    name: str = "inplace"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        merging = _Merging()
        outputs = {p.name: nest.Allocate(p.name, p.element, p.shape) for p in kernel.outputs if isinstance(p, nest.Array)}
        body = merging.block(kernel.body, outputs)
        return replace(kernel, body=body, decisions=(*kernel.decisions, *merging.decisions))


@dataclass
class _Merging:
    decisions: list[nest.Decision] = field(default_factory=list)

    def block(
        self, statements: Sequence[nest.Statement], outputs: dict[str, nest.Allocate] | None = None
    ) -> tuple[nest.Statement, ...]:
        """``outputs``: what is there from the start, and nobody else's."""
        made = [self.inside(s) for s in statements]
        while (found := _pair(made, outputs or {})) is not None:
            k, target = found
            local = made[k]
            assert isinstance(local, nest.Allocate)
            self.decisions.append(nest.Decision(target, f"holds {local.name} first", "each element is read to make its own"))
            if target not in (outputs or {}):
                made = [s for s in made if not (isinstance(s, nest.Allocate) and s.name == target)]
                k = made.index(local)
                made[k] = replace(local, name=target)
            elif local.zero:
                made[k] = nest.Fill(target, nest.zero(local.element))
            else:
                del made[k]
            made = [new for s in made if not _is_idle(new := _renamed(s, local.name, target))]
        return tuple(made)

    def inside(self, s: nest.Statement) -> nest.Statement:
        match s:
            case nest.For():
                return replace(s, body=self.block(s.body))
            case nest.Loop():
                return replace(s, head=self.block(s.head), body=self.block(s.body))
            case nest.If():
                return replace(s, then=self.block(s.then), orelse=self.block(s.orelse))
        return s


def _pair(statements: Sequence[nest.Statement], outputs: dict[str, nest.Allocate]) -> tuple[int, str] | None:
    """The place of an allocation, and the buffer in which it can live instead."""
    uses = [frozenset(buffers_in((s,))) for s in statements]
    swapped = {name for s in statements_in(statements) if isinstance(s, nest.Swap) for name in (s.left, s.right)}
    local = {s.name: s for s in statements if isinstance(s, nest.Allocate) and s.name not in swapped}
    for k, s in enumerate(statements):
        if not isinstance(s, nest.Allocate) or s.name in swapped:
            continue
        last = max(n for n, names in enumerate(uses) if s.name in names)
        loop = statements[last]
        if not isinstance(loop, nest.For):
            continue
        for name in sorted(uses[last] - {s.name}):
            target = local.get(name) or outputs.get(name)
            if target is None or target.zero or (target.element, target.shape) != (s.element, s.shape):
                continue
            first = min(n for n, names in enumerate(uses) if name in names and statements[n] is not target)
            if first == last and _is_elementwise(loop, s.name, name, ()):
                return k, name
    return None


def _is_elementwise(loop: nest.For, source: str, target: str, around: tuple[str, ...]) -> bool:
    """Whether each iteration, of this loop and those in it, reads one element and then writes the same one of the other."""
    around, body = (*around, loop.index), loop.body
    inside = [s for s in body if {source, target} & set(buffers_in((s,)))]
    if len(inside) == 1 and isinstance(inside[0], nest.For):
        return _is_elementwise(inside[0], source, target, around)
    *reads, write = inside
    if not isinstance(write, nest.Store) or write.buffer != target or sorted(map(str, write.indices)) != sorted(around):
        return False
    return all(
        isinstance(s, nest.Load) and s.buffer == source and s.indices == write.indices and s.when is None for s in reads
    )


def _is_idle(s: nest.Statement) -> bool:
    """Whether a loop does no more than to put elements where they are."""
    if not isinstance(s, nest.For):
        return False
    match s.body:
        case (nest.Load() as read, nest.Store() as write):
            there = (write.buffer, write.indices, write.value) == (read.buffer, read.indices, read.name)
            return there and read.when is None
        case (nest.For() as inner,):
            return _is_idle(inner)
    return False


def _renamed(s: nest.Statement, old: str, new: str) -> nest.Statement:
    match s:
        case nest.Load() | nest.Store() | nest.Accumulate() | nest.Fill():
            return replace(s, buffer=new) if s.buffer == old else s
        case nest.For():
            return replace(s, body=tuple(_renamed(t, old, new) for t in s.body))
        case nest.Loop():
            head, body = (tuple(_renamed(t, old, new) for t in part) for part in (s.head, s.body))
            return replace(s, head=head, body=body)
        case nest.If():
            then, orelse = (tuple(_renamed(t, old, new) for t in part) for part in (s.then, s.orelse))
            return replace(s, then=then, orelse=orelse)
        case nest.Copy():
            return replace(s, target=new if s.target == old else s.target, source=new if s.source == old else s.source)
        case nest.Swap():
            return replace(s, left=new if s.left == old else s.left, right=new if s.right == old else s.right)
    return s
