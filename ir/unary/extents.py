"""How great the sizes of a term can become while they are computed.

Sizes are polynomials, and machine integers wrap: of an array with 2³² rows and no columns, n·n is 0. Whoever calls a
kernel sees to it that nothing of the kind happens, and 2⁶² is the limit; then a size inside is the one its
polynomial says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import lcm

from ...core.objects import shape
from ...core.sizes import ZERO, Size, atom, size
from . import term as t

__all__ = ["LIMIT", "LONGEST", "extents"]

LIMIT = 2**62

LONGEST = 2**48
"""No axis is longer: more than any machine can address. Index proofs (`ir/graph/ends.py`) count on it."""


def extents(term: t.Term) -> tuple[Size, ...]:
    """Polynomials in the size parameters, with positive coefficients, that bound whatever is met in computing a size of
    the term; those that are one bare parameter are left out. Sizes named by an opened integer are not among them."""
    sizes = [d for wire in (*term.dom, *term.cod) for d in shape(wire)]
    within = {name: atom(name) for name in term.sizes}
    found = [_absolute(d, within) for d in sizes if d.atoms <= within.keys()]
    found += _of_steps(term.steps, within)
    return tuple(sorted({d for d in found if d.constant is None and d.name is None}, key=str))


def _of_steps(steps: Sequence[t.Step], within: Mapping[str, Size]) -> Iterator[Size]:
    for step in steps:
        bounds = [_absolute(d, within) for d in _sizes(step) if d.atoms <= within.keys()]
        yield from bounds
        match step:
            case t.Loop():
                inner = {k: v for k, v in within.items() if k != step.index}
                yield from _of_steps(step.body.steps, {**inner, step.index: bounds[0]} if bounds else inner)
            case t.While():
                yield from _of_steps((*step.cond.steps, *step.body.steps), within)
            case t.Branch():
                yield from _of_steps((*step.then.steps, *step.orelse.steps), within)
            case t.Custom():
                rule = step.reverse.steps if step.reverse is not None else ()
                yield from _of_steps((*step.primal.steps, *rule), within)


def _sizes(step: t.Step) -> Sequence[Size]:
    match step:
        case t.Loop():
            return (step.bound,)
        case t.Extent() | t.OneHot():
            return (step.size,)
        case t.Zero():
            return shape(step.kind)
    return ()


def _absolute(value: Size, within: Mapping[str, Size]) -> Size:
    """Σ |coefficient| · monomial over the common denominator, each name replaced by what bounds it."""
    denominator = lcm(*(c.denominator for _, c in value.terms))
    total = ZERO
    for monomial, coefficient in value.terms:
        product = size(abs(int(coefficient * denominator)))
        for base, power in monomial:
            factor = within[base] if isinstance(base, str) else (
                _absolute(base.numerator, within) + _absolute(base.divisor, within))  # fmt: skip
            for _ in range(power):
                product = product * factor
        total = total + product
    return total
