"""A smaller program that goes wrong in the same way: steps become zeros, sizes 1, arguments simple, while it still does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from fuzzing.programs import Program

from pullback.core.objects import Wire, shape
from pullback.ir.unary import term as t
from pullback.ir.unary.typing import infer, verify


def reduced(program: Program, is_wrong: Callable[[Program], bool], keep: Callable[[Program], None] = lambda p: None,
            most: int = 400) -> Program:  # fmt: skip
    """As small as some hundred tries make it; ``keep`` is told of each that is smaller."""
    tries = 0
    changed = True
    while changed:
        changed = False
        for smaller in _smaller(program):
            tries += 1
            if tries > most:
                return program
            try:
                verify(smaller.term)
            except Exception:  # a step of another type was needed there
                continue
            if is_wrong(smaller):
                program, changed = smaller, True
                keep(program)
                break
    return program


def _smaller(program: Program) -> Iterator[Program]:
    term = program.term
    if len(term.results) > 1:
        for k in range(len(term.results)):
            kept = [r for j, r in enumerate(term.results) if j != k]
            cod = [w for j, w in enumerate(term.cod) if j != k]
            yield replace(program, term=replace(term, results=tuple(kept), cod=tuple(cod)))
    for steps in _steps(term.steps, list(term.dom)):
        yield replace(program, term=replace(term, steps=tuple(steps)))
    for name, value in program.sizes.items():
        for less in (1, 2, value - 1):
            if 0 <= less < value:
                yield _resized(program, {**program.sizes, name: less})
    for k, a in enumerate(program.args):
        plain = np.zeros_like(a)
        if np.any(np.asarray(a) != plain):
            yield replace(program, args=[plain if j == k else b for j, b in enumerate(program.args)])


def _resized(program: Program, sizes: dict[str, int]) -> Program:
    args = []
    for a, w in zip(program.args, program.term.dom, strict=True):
        extents = tuple(max(d.evaluate(sizes), 0) for d in shape(w))
        args.append(np.asarray(np.resize(a, extents), np.asarray(a).dtype))
    return replace(program, sizes=sizes, args=args)


def _steps(steps: Sequence[t.Step], wires: list[Wire]) -> Iterator[list[t.Step]]:
    """The steps with one of them, here or in a block of one, turned into zeros."""
    wires = list(wires)
    for k, step in enumerate(steps):
        made = infer(step, wires)
        if not isinstance(step, t.Zero | t.Open):
            yield [*steps[:k], *(t.Zero(w) for w in made), *steps[k + 1 :]]
        for name in ("body", "cond", "then", "orelse", "primal"):
            block: Any = getattr(step, name, None)
            if isinstance(block, t.Block):
                for inner in _steps(block.steps, [*wires, *block.params]):
                    changed: Any = replace(step, **{name: replace(block, steps=tuple(inner))})  # type: ignore[type-var]
                    yield [*steps[:k], changed, *steps[k + 1 :]]
        wires.extend(made)
