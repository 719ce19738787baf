"""Building unary form: a growing context and the primitives appended to it, each typed as it is appended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from ...core.errors import Span
from ...core.objects import I64, Scalar, Wire, element, shape, substitute
from ...core.operation import Operation
from ...core.sizes import Size, atom
from . import term as t
from .typing import infer


class Builder:
    """The context so far (``wires``) and the steps of the innermost open block. Also an `Algebra` over positions."""

    def __init__(self, name: str, sizes: Sequence[str], names: Sequence[str], dom: Sequence[Wire]) -> None:
        self.name, self.sizes, self.names, self.dom = name, tuple(sizes), tuple(names), tuple(dom)
        self.wires: list[Wire] = list(dom)
        self.steps: list[t.Step] = []
        self.atoms: set[str] = set(sizes)
        self.span: Span | None = None

    # -- appending -------------------------------------------------------------------------------------------------
    def emit(self, step: t.Step) -> tuple[int, ...]:
        """Append a primitive; the positions of its results. The current span is given to a step without one."""
        if step.span is None and self.span is not None:
            step = replace(step, span=self.span)
        results = infer(step, self.wires)
        first = len(self.wires)
        self.wires.extend(results)
        self.steps.append(step)
        if isinstance(step, t.Open):
            self.atoms.add(step.atom)
        return tuple(range(first, len(self.wires)))

    def one(self, step: t.Step) -> int:
        (position,) = self.emit(step)
        return position

    def apply(self, op: str | Operation, *args: int, to: Scalar | None = None) -> int:
        return self.one(t.Apply(op, args, to))

    def constant(self, value: float | int | bool, like: Scalar) -> int:
        return self.one(t.Constant(like.number(value), like))

    def object(self, handle: int) -> Scalar:
        return element(self.wires[handle])

    def zero(self, kind: Wire) -> int:
        return self.one(t.Zero(kind))

    def add(self, left: int, right: int) -> int:
        return self.one(t.Apply("add", (left, right)))

    def index(self, array: int, index: int) -> int:
        return self.one(t.Index(array, index))

    def open(self, hint: str, value: int) -> Size:
        """The i64 value (at least 0) as a size, a fresh atom."""
        name = self.fresh(hint)
        self.emit(t.Open(name, value))
        return atom(name)

    # -- blocks ----------------------------------------------------------------------------------------------------
    def block(self, params: Iterable[Wire], body: Callable[[tuple[int, ...]], Sequence[int]]) -> t.Block:
        """A block whose steps are what ``body(positions of the params)`` appends; it returns the result positions."""
        params, mark, outer, atoms = tuple(params), len(self.wires), self.steps, set(self.atoms)
        self.steps = []
        self.wires.extend(params)
        try:
            results = tuple(body(tuple(range(mark, mark + len(params)))))
            return t.Block(params, tuple(self.steps), results, tuple(self.wires[r] for r in results))
        finally:
            del self.wires[mark:]
            self.steps, self.atoms = outer, atoms

    def fresh(self, hint: str) -> str:
        """A size atom not in scope, named after ``hint``."""
        stem = hint.split("'")[0]
        name, k = stem, 0
        while name in self.atoms:
            k += 1
            name = f"{stem}'{k}"
        return name

    def loop(
        self,
        hint: str,
        bound: Size,
        inits: Sequence[int],
        kinds: Sequence[str],
        body: Callable[[str, int, tuple[int, ...]], Sequence[int]],
        backward: bool = False,
        checkpoint: t.Checkpoint | None = None,
    ) -> tuple[int, ...]:
        """A Loop with a fresh index name; ``body(atom, index, carries)`` returns the new carries, then the outputs."""
        name = self.fresh(hint)
        carried = tuple(self.wires[p] for p in inits)
        with self.scoped(name):
            block = self.block((I64, *carried), lambda p: body(name, p[0], p[1:]))
        return self.emit(t.Loop(name, bound, tuple(inits), block, tuple(kinds), backward, None, checkpoint))

    @contextmanager
    def scoped(self, name: str) -> Iterator[None]:
        added = name not in self.atoms
        self.atoms.add(name)
        try:
            yield
        finally:
            if added:
                self.atoms.discard(name)

    def finish(self, results: Sequence[int]) -> t.Term:
        cod = tuple(self.wires[r] for r in results)
        return t.Term(self.name, self.sizes, self.names, self.dom, tuple(self.steps), tuple(results), cod)


@dataclass(frozen=True)
class Scope:
    """Where the wires and size atoms of an old term are in a new one; ``parent`` serves positions below ``base``."""

    parent: Scope | None
    base: int
    positions: dict[int, int]
    atoms: dict[str, Size]

    @staticmethod
    def top(positions: Mapping[int, int], atoms: Mapping[str, Size]) -> Scope:
        return Scope(None, 0, dict(positions), dict(atoms))

    def child(self, base: int) -> Scope:
        """The scope of a block whose parameters begin at old position ``base``."""
        return Scope(self, base, {}, {})

    def __getitem__(self, position: int) -> int:
        scope = self
        while position < scope.base and scope.parent is not None:
            scope = scope.parent
        return scope.positions[position]

    def __setitem__(self, position: int, new: int) -> None:
        self.positions[position] = new

    def size(self, value: Size) -> Size:
        moved = self._moved(value.atoms)
        return value.substitute(moved) if moved else value

    def wire(self, kind: Wire) -> Wire:
        moved = self._moved({a for s in shape(kind) for a in s.atoms})
        return substitute(kind, moved) if moved else kind

    def _moved(self, names: Iterable[str]) -> dict[str, Size]:
        """The atoms that are another size in the new term: as a rule none."""
        return {a: new for a in names if (new := self._atom(a)).name != a}

    def checkpoint(self, kept: t.Checkpoint | None) -> t.Checkpoint | None:
        return kept if kept is None or kept.every is None else t.Checkpoint(self.size(kept.every))

    def _atom(self, name: str) -> Size:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.atoms:
                return scope.atoms[name]
            scope = scope.parent
        return atom(name)


Replay = Callable[[Builder, Sequence[t.Step], Scope, int], object]


def copy(builder: Builder, step: t.Step, scope: Scope, position: int, inside: Replay | None = None) -> tuple[int, ...]:
    """Append ``step`` of an old term (its results at old positions ``position`` …) to ``builder``, and record where they are.

    ``inside`` appends the steps of its blocks, `replay` if not given."""
    saved, builder.span = builder.span, step.span or builder.span
    results = builder.emit(moved(builder, step, scope, position, inside or replay))
    if isinstance(step, t.Open):
        new = builder.steps[-1]
        assert isinstance(new, t.Open)
        scope.atoms[step.atom] = atom(new.atom)
    for k, r in enumerate(results):
        scope[position + k] = r
    builder.span = saved
    return results


def moved(builder: Builder, step: t.Step, scope: Scope, position: int, inside: Replay) -> t.Step:
    """A step of an old term as it reads in the new one."""

    def block(b: t.Block, inner: Scope) -> t.Block:
        def body(new: tuple[int, ...]) -> Sequence[int]:
            for k, p in enumerate(new):
                inner[position + k] = p
            inside(builder, b.steps, inner, position + len(b.params))
            return [inner[r] for r in b.results]

        return builder.block((inner.wire(w) for w in b.params), body)

    at = scope.__getitem__
    match step:
        case t.Apply():
            return t.Apply(step.op, tuple(map(at, step.args)), step.to, step.span)
        case t.Constant():
            return step
        case t.Zero():
            return replace(step, kind=scope.wire(step.kind))
        case t.Extent():
            return replace(step, size=scope.size(step.size))
        case t.Open():
            return replace(step, atom=builder.fresh(step.atom), arg=at(step.arg))
        case t.Index():
            return t.Index(at(step.array), at(step.index), step.span)
        case t.OneHot():
            return replace(step, size=scope.size(step.size), index=at(step.index), value=at(step.value))
        case t.Loop():
            inner, name = scope.child(position), builder.fresh(step.index)
            inner.atoms[step.index] = atom(name)
            again = scope.child(position)
            again.atoms[step.index] = atom(name)
            with builder.scoped(name):
                body = block(step.body, inner)
                inverse = block(step.inverse, again) if step.inverse is not None else None
            return replace(
                step,
                index=name,
                bound=scope.size(step.bound),
                inits=tuple(map(at, step.inits)),
                body=body,
                checkpoint=scope.checkpoint(step.checkpoint),
                inverse=inverse,
            )
        case t.While():
            return replace(
                step,
                inits=tuple(map(at, step.inits)),
                cond=block(step.cond, scope.child(position)),
                body=block(step.body, scope.child(position)),
                checkpoint=scope.checkpoint(step.checkpoint),
                inverse=block(step.inverse, scope.child(position)) if step.inverse is not None else None,
            )
        case t.Branch():
            return replace(
                step,
                cond=at(step.cond),
                then=block(step.then, scope.child(position)),
                orelse=block(step.orelse, scope.child(position)),
            )
        case t.Stop():
            return replace(step, arg=at(step.arg))
        case t.Custom():
            return replace(
                step,
                args=tuple(map(at, step.args)),
                primal=block(step.primal, scope.child(position)),
                reverse=block(step.reverse, scope.child(position)) if step.reverse is not None else None,
            )


def replay(builder: Builder, steps: Sequence[t.Step], scope: Scope, position: int) -> int:
    """Append old steps, the first of which had its results at old ``position``; the old position after the last."""
    for step in steps:
        position += len(copy(builder, step, scope, position))
    return position


def embed(builder: Builder, term: t.Term, args: Sequence[int], sizes: Mapping[str, Size]) -> tuple[int, ...]:
    """Inline a closed term on ``args`` with its size parameters given; the positions of its results."""
    scope = Scope.top(dict(enumerate(args)), {name: sizes[name] for name in term.sizes})
    replay(builder, term.steps, scope, len(term.dom))
    return tuple(scope[r] for r in term.results)
