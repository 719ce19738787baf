"""Sparse derivatives of a term: programs that compute the values of a Jacobian without its zeros.

Either the coefficients are read off a derivative, forward (a coefficient for every read of an input) or reverse (for every
read of a cotangent); or columns or rows that do not meet are coloured, and one derivative along each colour is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.objects import I64, Wire, array, element, is_differentiable, shape
from ...core.semiring import semiring
from ...core.sizes import Size, atom
from ..derive import jvp, vjp
from ..evaluate import evaluate
from ..readback import readback
from ..unary import term as t
from ..unary.builder import Builder, embed
from .blocks import Block, Reading, blocks, values
from .coordinates import entries, is_rectangular


@dataclass(frozen=True)
class Coefficients:
    """The values of a Jacobian by blocks; ``term`` computes their arrays, or is None where a loop of a block is ragged."""

    reading: Reading
    blocks: tuple[Block, ...]
    term: t.Term | None


def coefficients(term: t.Term, wrt: Sequence[int], forward: bool) -> Coefficients:
    """The Jacobian of a term by the wires ``wrt``. Raises DerivativeFault as the derivative does."""
    derived = jvp(term, wrt, value=False) if forward else vjp(term, wrt, value=False)
    graph, count = evaluate(derived), len(term.dom)
    seeds = range(count, len(derived.dom))
    reading = Reading(forward)
    rows = graph.results if forward else graph.inputs[count:]
    made = blocks(graph.pool, entries(graph, seeds), rows, reading)
    if not all(is_rectangular(b.over) for b in made):
        return Coefficients(reading, made, None)
    return Coefficients(reading, made, readback(values(graph, made, count)))


def coloured(term: t.Term, wrt: Sequence[int], forward: bool) -> t.Term:
    """dom, an array of colours for each wire that is coloured, the colours there are → derivatives, a row for every colour.

    Forward, the wires ``wrt`` are coloured and the rows are tangents of the results; in reverse, the differentiable results
    are, and the rows are cotangents of ``wrt``."""
    derived = jvp(term, wrt, value=False) if forward else vjp(term, wrt, value=False)
    sides = [term.dom[k] for k in wrt] if forward else [w for w in term.cod if is_differentiable(w)]
    names = [*(f"colour{k}" for k in range(len(sides))), "palette"]
    palette = _fresh("palette", term.sizes)
    dom = (*term.dom, *(array(I64, shape(w)) for w in sides), array(I64, (atom(palette),)))
    b = Builder(f"{'D' if forward else 'R'}[{term.name}] by colours", (*term.sizes, palette), (*term.names, *names), dom)

    def one(_: str, i: int, carries: Sequence[int]) -> Sequence[int]:
        own = b.index(len(dom) - 1, i)
        seeds = [_painted(b, len(term.dom) + k, own, w) for k, w in enumerate(sides)]
        return embed(b, derived, [*range(len(term.dom)), *seeds], {name: atom(name) for name in term.sizes})

    results = b.loop("k", atom(palette), [], ["build"] * len(derived.results), one)
    return b.finish(results)


def _painted(b: Builder, colours: int, own: int, wire: Wire) -> int:
    """The seed that is one where the colour is ``own``."""
    kind = element(wire)

    def level(at: int, sizes: Sequence[Size]) -> int:
        if not sizes:
            one, zero = b.constant(semiring(kind).one, kind), b.constant(semiring(kind).zero, kind)
            return b.apply("select", b.apply("eq", at, own), one, zero)
        return b.loop("i", sizes[0], [], ["build"], lambda _, i, carries: [level(b.index(at, i), sizes[1:])])[0]

    return level(colours, shape(wire))


def _fresh(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "'"
    return name
