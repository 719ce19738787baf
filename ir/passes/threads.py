"""threads: kernel → kernel. Chooses the parallel loops that threads share, and has the kernel compute into how many parts.

Of a nest it is the outermost parallel loop that can be cut. Whether that pays is known when the sizes are: so the work of a
loop is written before it, a polynomial in the sizes, and the number of parts is that work by what a part is worth having for.
One part is the loop as it was. More parts than threads even out what the parts, and the threads, differ in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ...core.objects import F64, I64, Scalar
from ..loops import nest
from ..loops.sharing import Inseparable, sharing
from ..work import Polynomial, Work, plus, times
from .vary import statements_in

_PART = 250_000.0
"""Nanoseconds of work that a part is made for; half a millisecond are two."""

_COPY = 48.0
"""Nanoseconds of work in a part for each element that it needs a copy of: clearing and adding it costs a thirtieth of that."""

_EVENING = 4
"""Parts for each thread."""

_TILED = 16
"""Iterations that a part of a loop with a register tile has, where there are enough for all threads: they are rows or columns
of it, and few do not fill it."""

_SHORT = 8
"""A loop of fewer iterations is left to those inside it."""

_SIZE, _MUCH = 24.0, 32.0
"""A loop is left alone beside one with ``_MUCH`` times its work, where each size that it has not counts as ``_SIZE``."""


@dataclass(frozen=True)
class Threads:
    """``threads``: how many there are; with one the kernel stays as it is."""

    threads: int
    name: str = "threads"

    def run(self, kernel: nest.Kernel) -> nest.Kernel:
        if self.threads < 2:
            return kernel
        known = frozenset((*kernel.sizes, *(p.name for p in kernel.inputs if isinstance(p, nest.Number) and p.kind == I64)))
        candidates = list(_candidates(kernel.body, known, {(): 1.0}))
        everything = [term for c in candidates for term in c.all_work.items()]
        chosen = {c.loop.index: c for c in candidates
                  if not c.is_short and not all(_is_beside(t, everything) for t in c.all_work.items())}  # fmt: skip
        shapes = {p.name: p.shape for p in (*kernel.inputs, *kernel.outputs) if isinstance(p, nest.Array)}
        taken = frozenset(p.name for p in (*kernel.inputs, *kernel.outputs))
        body = _Cut(self.threads, chosen, shapes, taken).block(kernel.body)
        decisions = [
            nest.Decision(s.index, f"up to {self.threads} threads", "for sizes with which it takes half a millisecond or more")
            for s in statements_in(body) if isinstance(s, nest.For) and s.split is not None
        ]  # fmt: skip
        return replace(kernel, body=body, decisions=(*kernel.decisions, *decisions))


@dataclass(frozen=True)
class _Candidate:
    """A loop that can be cut, where these scalars are known: its work, and how often it runs."""

    loop: nest.For
    known: frozenset[str]
    often: Polynomial

    @cached_property
    def work(self) -> Polynomial:
        """Without the terms that are next to nothing."""
        work = Work(self.known).loop(self.loop)
        return {term[0]: term[1] for term in work.items() if not _is_beside(term, list(work.items()))}

    @property
    def is_short(self) -> bool:
        """Whether it has not work enough for two parts, whatever the sizes are."""
        return all(sizes == () and work < 2 * _PART for sizes, work in self.work.items())

    @cached_property
    def all_work(self) -> Polynomial:
        return times(self.work, self.often)


# -- which loops -------------------------------------------------------------------------------------------------------
def _candidates(statements: Sequence[nest.Statement], known: frozenset[str], often: Polynomial) -> Iterator[_Candidate]:
    """Loops that can be cut, none inside another."""
    for s in statements:
        match s:
            case nest.Let() | nest.Load() | nest.Read() | nest.Call() if s.kind == I64:
                known |= {s.name}
            case nest.For() if _can_be_cut(s):
                yield _Candidate(s, known, often)
            case nest.For() if s.lanes == 1:
                yield from _candidates(s.body, known | {s.index}, times(often, Work(known).bound(s.bound)))
            case nest.Loop():
                yield from _candidates((*s.head, *s.body), known, often)
            case nest.If():
                yield from _candidates(s.then, known, often)
                yield from _candidates(s.orelse, known, often)


def _can_be_cut(loop: nest.For) -> bool:
    if not loop.parallel or (isinstance(loop.bound, nest.Literal) and loop.bound.value < _SHORT):
        return False
    try:
        sharing(loop)
    except Inseparable:
        return False
    return True


def _is_beside(term: tuple[tuple[str, ...], float], others: Sequence[tuple[tuple[str, ...], float]]) -> bool:
    """Whether a term is next to nothing: another has all its sizes, and more of them."""
    sizes, coefficient = Counter(term[0]), term[1]
    return any(
        c * _SIZE ** (len(more) - len(term[0])) >= _MUCH * coefficient
        for more, c in others
        if len(more) > len(term[0]) and not sizes - Counter(more)
    )


# -- the cut -----------------------------------------------------------------------------------------------------------
@dataclass
class _Cut:
    threads: int
    chosen: Mapping[str, _Candidate]
    shapes: dict[str, tuple[nest.Operand, ...]]
    taken: frozenset[str]

    def block(self, statements: Sequence[nest.Statement]) -> tuple[nest.Statement, ...]:
        made: list[nest.Statement] = []
        for s in statements:
            match s:
                case nest.Allocate():
                    self.shapes[s.name] = s.shape
                case nest.For() if s.index in self.chosen:
                    made += self.cut(self.chosen[s.index])
                    continue
                case nest.For():
                    s = replace(s, body=self.block(s.body))
                case nest.Loop():
                    s = replace(s, head=self.block(s.head), body=self.block(s.body))
                case nest.If():
                    s = replace(s, then=self.block(s.then), orelse=self.block(s.orelse))
            made.append(s)
        return tuple(made)

    def cut(self, candidate: _Candidate) -> Iterator[nest.Statement]:
        """The loop, and before it how many parts it has."""
        loop, own = candidate.loop, tuple(sharing(candidate.loop).summed)
        write = _Writer(loop.index, self.taken)
        total, least = write.polynomial(candidate.work), nest.Literal(_PART, F64)
        copied: Polynomial = {}
        for name in own:
            copied = plus(copied, times(Work(candidate.known).elements(self.shapes[name]), {(): _COPY}))
        parts: nest.Operand = write.let("fdiv", F64, total, write.larger(least, copied))
        parts = write.let("fptosi", I64, parts)
        threads = nest.Literal(self.threads, I64)
        parts = write.let("imin", I64, parts, nest.Literal(_EVENING * self.threads, I64))
        if loop.tile:
            full = write.let("ifloordiv", I64, loop.bound, nest.Literal(_TILED, I64))
            parts = write.let("imin", I64, parts, write.let("imax", I64, threads, full))
        parts = write.let("imin", I64, parts, loop.bound)
        # Three parts take two threads as long as four: beyond one for each, as many for one thread as for another.
        whole = write.let("isub", I64, parts, write.let("imod", I64, parts, threads))
        parts = write.let("imax", I64, whole, write.let("imin", I64, parts, threads))
        yield from write.statements
        yield replace(loop, split=nest.Split(parts, self.threads, own))


class _Writer:
    """Arithmetic before a loop, under names of its own."""

    def __init__(self, index: str, taken: frozenset[str]) -> None:
        self.stem = f"{index}.t"
        while any(name.startswith(self.stem) for name in taken):  # the fields of a record have such names
            self.stem += "t"
        self.statements: list[nest.Statement] = []
        self.floats: dict[str, nest.Operand] = {}

    def let(self, instruction: str, kind: Scalar, *args: nest.Operand) -> str:
        name = f"{self.stem}{len(self.statements)}"
        self.statements.append(nest.Let(name, kind, instruction, args))
        return name

    def polynomial(self, p: Polynomial) -> nest.Operand:
        total: nest.Operand | None = None
        for monomial, coefficient in p.items():
            term: nest.Operand = nest.Literal(round(coefficient, 3), F64)
            for name in monomial:
                if name not in self.floats:
                    self.floats[name] = self.let("sitofp", F64, name)
                term = self.let("fmul", F64, term, self.floats[name])
            total = term if total is None else self.let("fadd", F64, total, term)
        return nest.Literal(0.0, F64) if total is None else total

    def larger(self, a: nest.Operand, p: Polynomial) -> nest.Operand:
        return self.let("fmax", F64, a, self.polynomial(p)) if p else a
