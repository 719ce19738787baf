"""reuse: kernel → kernel. A buffer that every iteration of a sequential loop makes anew is made once, before the loop.

So a step allocates nothing. Where the first size differs from step to step, a bound on it is allocated: min(a, b) is at
most whichever of the two is known before the loop. The other sizes are strides, and must not differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...core.objects import I64
from ..loops import nest
from ..loops.nest import Literal, Operand, Statement


def reuse(kernel: nest.Kernel) -> nest.Kernel:
    """The same kernel with local buffers allocated outside of sequential loops."""
    return replace(kernel, body=_block(kernel.body))


def _block(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(made for s in statements for made in _statement(s))


def _statement(s: Statement) -> Iterator[Statement]:
    """The statement, with what it need not do again and again before it."""
    match s:
        case nest.For():
            body = _block(s.body)
            if s.parallel:  # each iteration has buffers of its own
                yield replace(s, body=body)
                return
            lifting = _Lifting(_defined(body) | {s.index: None}, s)
            body = lifting.block(body)
            yield from lifting.before
            yield replace(s, body=body)
        case nest.Loop():
            head, body = _block(s.head), _block(s.body)
            lifting = _Lifting(_defined((*head, *body)))
            head, body = lifting.block(head), lifting.block(body)
            yield from lifting.before
            yield replace(s, head=head, body=body)
        case nest.If():
            yield replace(s, then=_block(s.then), orelse=_block(s.orelse))
        case _:
            yield s


def _defined(statements: Sequence[Statement]) -> dict[str, nest.Let | None]:
    """The scalars that a block defines, with how, where that is arithmetic."""
    found: dict[str, nest.Let | None] = {}
    for s in statements:
        if isinstance(s, nest.Let | nest.Call | nest.Load | nest.Read):
            found[s.name] = s if isinstance(s, nest.Let) else None
    return found


@dataclass
class _Lifting:
    """What moves before a loop; ``inside`` are the scalars that its body defines."""

    inside: Mapping[str, nest.Let | None]
    loop: nest.For | None = None
    before: list[Statement] = field(default_factory=list)

    def block(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(made for s in statements for made in (self.allocate(s) if isinstance(s, nest.Allocate) else (s,)))

    def allocate(self, s: nest.Allocate) -> Iterator[Statement]:
        """What is left of an allocation in the loop."""
        first = self.bound(s.shape[0]) if s.shape else None
        if s.shape and (first is None or any(d in self.inside for d in s.shape[1:])):
            yield s
            return
        self.before.append(replace(s, shape=(first, *s.shape[1:]) if first is not None else (), zero=False))
        if s.zero:
            yield nest.Fill(s.name, nest.zero(s.element))

    def bound(self, size: Operand) -> Operand | None:
        """A number that is known before the loop and at least ``size``."""
        if isinstance(size, Literal) or size not in self.inside:
            return size
        if self.loop is not None and size == self.loop.index:
            return self.loop.bound
        let = self.inside[size]
        if let is None or let.instruction not in ("imin", "imax", "iadd", "isub"):
            return None
        name, (left, right) = f"{size}.most", let.args
        if any(isinstance(s, nest.Let) and s.name == name for s in self.before):
            return name
        first, second = self.bound(left), self.bound(right)
        if let.instruction == "isub":  # what is taken away must be known, or an index, which is at least 0
            if self.loop is not None and right == self.loop.index:
                return first
            second = None if right in self.inside else right
        if first is None or second is None:
            return (first or second) if let.instruction == "imin" else None
        self.before.append(nest.Let(name, I64, let.instruction, (first, second)))
        return name
