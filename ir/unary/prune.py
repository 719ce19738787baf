"""Pruning: what no result depends on is left out.

Naturality of discard, so it holds in every category and may stand before a derivative. A check goes with the value that it
was made for, so this is for terms whose failing does not matter: the compiler prunes on graphs, where checks stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ...core.objects import I64
from ...core.sizes import atom
from . import term as t
from .builder import Builder, Scope, copy


def prune(term: t.Term) -> t.Term:
    """The same term without the steps, carries and outputs that no result depends on."""
    builder = Builder(term.name, term.sizes, term.names, term.dom)
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    _replay(builder, term.steps, scope, len(term.dom), term.results)
    return builder.finish([scope[r] for r in term.results])


def _replay(builder: Builder, steps: Sequence[t.Step], scope: Scope, position: int, wanted: Iterable[int]) -> None:
    """Append those of some old steps that the ``wanted`` positions depend on."""
    for step, here, live in reversed(list(_wanted(steps, position, set(wanted)))):
        match step:
            case t.Loop() if step.inverse is None:
                new = builder.emit(_loop(builder, step, scope, here, live))
            case t.Branch():
                new = builder.emit(_branch(builder, step, scope, here, live))
            case _:
                copy(builder, step, scope, here)
                continue
        for k, p in zip(live, new, strict=True):
            scope[here + k] = p


# -- what is wanted --------------------------------------------------------------------------------------------------------
def _wanted(steps: Sequence[t.Step], position: int, wanted: set[int]) -> Iterator[tuple[t.Step, int, list[int]]]:
    """The steps that ``wanted`` positions depend on, the last first: each with where it stands and which of its results are
    wanted. ``wanted`` becomes all that they depend on."""
    places = []
    for step in steps:
        places.append((step, position))
        position += _count(step)
    for step, here in reversed(places):
        live = [k for k in range(_count(step)) if here + k in wanted]
        if live or isinstance(step, t.Open):  # a size is mentioned without being read
            live, reads = _reads(step, here, live)
            wanted |= reads
            yield step, here, live


def _count(step: t.Step) -> int:
    """How many wires a step appends."""
    match step:
        case t.Loop():
            return len(step.inits) + len(step.kinds)
        case t.While():
            return len(step.inits) + 1
        case t.Branch():
            return len(step.then.cod)
        case t.Custom():
            return len(step.primal.cod)
        case _:
            return 1


def _reads(step: t.Step, position: int, live: list[int]) -> tuple[list[int], set[int]]:
    """The results that must be made for some of a step, and what it reads for them of the context."""
    match step:
        case t.Loop() if step.inverse is None:
            return _loop_reads(step, position, live)
        case t.Branch():
            return live, {step.cond}.union(*(_block(b, position, live) for b in (step.then, step.orelse)))
        case t.Loop() | t.While():
            inner = {p for b in vars(step).values() if isinstance(b, t.Block) for p in _block(b, position, range(len(b.cod)))}
            return live, {*step.inits, *(p for p in inner if p < position)}
        case t.Apply() | t.Custom():
            return live, set(step.args)
        case t.Open() | t.Stop():
            return live, {step.arg}
        case t.Index():
            return live, {step.array, step.index}
        case t.OneHot():
            return live, {step.index, step.value}
        case t.Constant() | t.Zero() | t.Extent():
            return live, set()


def _loop_reads(step: t.Loop, position: int, live: list[int]) -> tuple[list[int], set[int]]:
    """With a carry, all that its next value depends on: the least fixed point."""
    count = len(step.inits)
    while True:
        inner = _block(step.body, position, live)
        more = sorted({*live, *(k for k in range(count) if position + 1 + k in inner)})
        if more == live:
            return live, {p for p in inner if p < position} | {step.inits[k] for k in live if k < count}
        live = more


def _block(block: t.Block, position: int, live: Iterable[int]) -> set[int]:
    """What some results of a block read, of its parameters and of what is around it."""
    wanted = {block.results[k] for k in live}
    for _ in _wanted(block.steps, position + len(block.params), wanted):
        pass
    return {p for p in wanted if p < position + len(block.params)}


# -- steps with less in them -----------------------------------------------------------------------------------------------
def _loop(builder: Builder, step: t.Loop, scope: Scope, position: int, live: Sequence[int]) -> t.Loop:
    count = len(step.inits)
    carries = [k for k in live if k < count]
    name, inner = builder.fresh(step.index), scope.child(position)
    inner.atoms[step.index] = atom(name)

    def body(params: tuple[int, ...]) -> list[int]:
        for k, p in zip((0, *(1 + k for k in carries)), params, strict=True):
            inner[position + k] = p
        results = [step.body.results[k] for k in live]
        _replay(builder, step.body.steps, inner, position + 1 + count, results)
        return [inner[r] for r in results]

    with builder.scoped(name):
        block = builder.block((I64, *(scope.wire(step.body.params[1 + k]) for k in carries)), body)
    return replace(
        step,
        index=name,
        bound=scope.size(step.bound),
        inits=tuple(scope[step.inits[k]] for k in carries),
        body=block,
        kinds=tuple(step.kinds[k - count] for k in live if k >= count),
        checkpoint=scope.checkpoint(step.checkpoint) if carries else None,
    )


def _branch(builder: Builder, step: t.Branch, scope: Scope, position: int, live: Sequence[int]) -> t.Branch:
    def side(block: t.Block) -> t.Block:
        inner, results = scope.child(position), [block.results[k] for k in live]

        def body(_: tuple[int, ...]) -> list[int]:
            _replay(builder, block.steps, inner, position, results)
            return [inner[r] for r in results]

        return builder.block((), body)

    return replace(step, cond=scope[step.cond], then=side(step.then), orelse=side(step.orelse))
