"""A closed term with the structure its wires stand for: what transformations take and give.

    loss(w: f64[d], xs: f64[n, d]) -> f64
    grad(loss) : the same parameters -> a change of w
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...backends.closing import counted
from ...core.objects import is_differentiable
from ...ir.unary.term import Term
from ..language.elaborate import Elaborated
from ..language.types import Arrow
from .face import Face, Parameter

__all__ = ["Morphism", "of_language"]


@dataclass(frozen=True)
class Morphism(Face):
    """The wires of the term's domain are those of the parameters, its results those of ``result``, left to right."""

    term: Term = field(kw_only=True)

    def differentiable(self, parameters: Sequence[int]) -> list[int]:
        """The positions of those wires of the parameters that have tangents."""
        return [k for p in parameters for k in self.wires(p) if is_differentiable(self.term.dom[k])]


def of_language(function: Elaborated) -> Morphism:
    """A function of a program."""
    term, counts = counted(function.term)
    return Morphism(function.signature.name, tuple(_parameters(function)), function.result, counts, term=term)


def _parameters(function: Elaborated) -> Iterator[Parameter]:
    for p in function.signature.parameters:
        assert not isinstance(p.type, Arrow), "elaborate refuses functions that take functions"
        yield Parameter(p.name, p.type)
