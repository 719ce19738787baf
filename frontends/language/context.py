"""The state of an elaboration: the unary builder it appends to, with trial runs, blocks, and integers opened as sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from ...core.errors import SizeFault, Span
from ...core.objects import I64, Scalar, Type, Wire, shape
from ...core.sizes import ZERO, Size, atom
from ...ir.unary import term as t
from ...ir.unary.builder import Builder
from . import syntax
from .scope import Scope
from .values import Count, Held, Leaf, Literal, Value

T = TypeVar("T")

LoopBody = Callable[["Count", "tuple[int, ...]"], "Sequence[int]"]
"""From the index and the positions of the carries, those of the next carries and of the outputs."""

Evaluate = Callable[["Context", syntax.Body, Scope, "Type | None"], Value]


@dataclass(frozen=True)
class Reach:
    """What need not be made again where it is in reach: the size atoms that name i64 values, by their positions, and the
    positions of open numbers, by what builds them and the object they are made of."""

    opened: dict[int, str] = field(default_factory=dict)
    built: dict[tuple[Callable[[Scalar], int], Scalar], int] = field(default_factory=dict)

    def copy(self) -> Reach:
        return Reach(dict(self.opened), dict(self.built))


@dataclass(frozen=True)
class Mark:
    """How far the context was, to come back to."""

    wires: int
    steps: int
    atoms: set[str]
    reach: Reach


@dataclass
class Context:
    """``evaluate(context, body, scope, want)`` elaborates an expression; it is given, so that files form no circle.
    ``depth``: the blocks around, whose steps may never run."""

    builder: Builder
    evaluator: Evaluate
    reach: Reach = field(default_factory=Reach)
    depth: int = 0

    def evaluate(self, body: syntax.Body, scope: Scope, want: Type | None = None) -> Value:
        """The value of an expression; ``want`` is a hint by which literals inside arrays choose their type."""
        return self.evaluator(self, body, scope, want)

    # -- places ----------------------------------------------------------------------------------------------------
    @contextmanager
    def at(self, span: Span) -> Iterator[None]:
        """What is appended meanwhile comes from ``span``."""
        saved, self.builder.span = self.builder.span, span
        try:
            yield
        finally:
            self.builder.span = saved

    def hold(self, leaf: Leaf) -> int:
        """The position of a leaf, appended if it is not there; an open literal takes its default type."""
        match leaf:
            case Held():
                return leaf.position
            case Count():
                if leaf.position is not None:
                    return leaf.position
                fixed = leaf.size.constant
                return self.builder.constant(fixed, I64) if fixed is not None else self.builder.one(t.Extent(leaf.size))
            case Literal():
                return leaf.build(leaf.default)

    def held(self, leaf: Leaf) -> Held:
        if isinstance(leaf, Held):
            return leaf
        position = self.hold(leaf)
        return Held(position, self.builder.wires[position])

    def once(self, build: Callable[[Scalar], int]) -> Callable[[Scalar], int]:
        """``build``, but what it has appended within reach is not appended again: a name used twice is one value."""
        def built(object: Scalar) -> int:
            if (built, object) not in self.reach.built:
                position = build(object)
                self.reach.built[built, object] = position
            return self.reach.built[built, object]

        return built

    # -- trial runs ------------------------------------------------------------------------------------------------
    def attempt(self, run: Callable[[], T]) -> tuple[T, bool]:
        """What ``run`` gives, with everything it appended taken back, and whether there was anything."""
        mark = self.mark()
        try:
            result = run()
            return result, len(self.builder.steps) > mark.steps
        finally:
            self.take_back(mark)

    def mark(self) -> Mark:
        return Mark(len(self.builder.wires), len(self.builder.steps), set(self.builder.atoms), self.reach.copy())

    def take_back(self, mark: Mark) -> None:
        """Forget what was appended to the open block since the mark."""
        del self.builder.wires[mark.wires:]
        del self.builder.steps[mark.steps:]
        self.builder.atoms, self.reach = mark.atoms, mark.reach.copy()

    # -- blocks ----------------------------------------------------------------------------------------------------
    def block(self, params: Iterable[Wire], body: Callable[[tuple[int, ...]], Sequence[int]],
              index: str | None = None) -> t.Block:
        """A block whose results have sizes that are known outside it; ``index`` is the loop index, known only inside.

        ``body`` may be run again: an integer of the context that turns out to be a size of the results is opened
        outside, and the block elaborated anew."""
        params = tuple(params)
        while True:
            mark, base = self.mark(), len(self.builder.wires)
            self.depth += 1
            try:
                block = self.builder.block(params, body)
                inside = self.reach.opened
            finally:
                self.depth -= 1
                self.reach = mark.reach.copy()
            inner = {a for wire in block.cod for s in shape(wire) for a in s.atoms} - (mark.atoms - {index})
            outer = {name: p for p, name in inside.items() if name in inner and p < base}
            if not inner:
                return block
            if not outer:
                raise self._ragged(min(inner), block)
            for name, position in outer.items():
                self.open(Held(position, I64), name)

    def _ragged(self, name: str, block: t.Block) -> SizeFault:
        wire = next(w for w in block.cod if any(name in s.atoms for s in shape(w)))
        return SizeFault("PB0405", f"the size `{name.split(chr(39))[0]}` of `{wire}` is known only inside",
                         self.builder.span, "arrays are rectangular: where all rows have one size, give it a name "
                         "outside with `let`; else reduce inside, or fill up to one size")

    def loop(self, hint: str, bound: Size, inits: Sequence[int], kind: str, body: LoopBody,
             backward: bool = False, checkpoint: t.Checkpoint | None = None, undo: LoopBody | None = None) -> tuple[int, ...]:
        """A loop whose outputs, however many the body has after its carries, are all of one kind."""
        builder = self.builder
        name = builder.fresh(hint)
        params = (I64, *(builder.wires[p] for p in inits))

        def block(body: LoopBody) -> t.Block:
            return self.block(params, lambda p: body(Count(atom(name), p[0]), p[1:]), name)

        with builder.scoped(name):
            made = block(body)
            inverse = block(undo) if undo is not None else None
        kinds = (kind,) * (len(made.results) - len(inits))
        return builder.emit(t.Loop(name, bound, tuple(inits), made, kinds, backward, None, checkpoint, inverse))

    # -- integers as sizes -----------------------------------------------------------------------------------------
    def open(self, leaf: Leaf, hint: str) -> Size:
        """An i64 value as a size: its polynomial where it is one, else a fresh atom that names it (at least 0)."""
        if not isinstance(leaf, Held) and leaf.size is not None:
            return at_least_zero(leaf.size)
        position = self.hold(leaf)
        opened = self.reach.opened
        if position not in opened:
            name = self.builder.fresh(hint)
            self.builder.emit(t.Open(name, position))
            opened[position] = name
        return atom(opened[position])


def at_least_zero(size: Size) -> Size:
    """A negative number of things counts as none; of a size with names this is known only when it runs."""
    return ZERO if size.constant is not None and size.constant < 0 else size
