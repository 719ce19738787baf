"""A closed term with the structure its wires stand for: what transformations take and give.

    loss(w: f64[d], xs: f64[n, d]) -> f64
    grad(loss) : the same parameters -> a change of w
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ...backends.closing import counted
from ...core.objects import Type, is_differentiable, wires
from ...ir.unary.term import Term
from ..language.elaborate import Elaborated
from ..language.types import Arrow
from .trees import Result, labels, plain

__all__ = ["Morphism", "Parameter", "of_language"]


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Type


@dataclass(frozen=True)
class Morphism:
    """The wires of the term's domain are those of the parameters, its results those of ``result``, left to right.

    ``counts``: the size parameters that are the value of an i64 wire, and which."""

    name: str
    term: Term
    parameters: tuple[Parameter, ...]
    result: Result
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the wires of the domain are called in Python."""
        return tuple(label for p in self.parameters for label in labels(p.name, p.type))

    @property
    def result_type(self) -> Type:
        return plain(self.result)

    def wires(self, parameter: int) -> range:
        """The positions of a parameter's wires."""
        lengths = [len(list(wires(p.type))) for p in self.parameters]
        first = sum(lengths[:parameter])
        return range(first, first + lengths[parameter])

    def differentiable(self, parameters: Sequence[int]) -> list[int]:
        """The positions of those wires of the parameters that have tangents."""
        return [k for p in parameters for k in self.wires(p) if is_differentiable(self.term.dom[k])]

    def __str__(self) -> str:
        parameters = ", ".join(f"{p.name}: {p.type}" for p in self.parameters)
        return f"{self.name}({parameters}) -> {self.result_type}"


def of_language(function: Elaborated) -> Morphism:
    """A function of a program."""
    term, counts = counted(function.term)
    return Morphism(function.signature.name, term, tuple(_parameters(function)), function.result, counts)


def _parameters(function: Elaborated) -> Iterator[Parameter]:
    for p in function.signature.parameters:
        assert not isinstance(p.type, Arrow), "elaborate refuses functions that take functions"
        yield Parameter(p.name, p.type)
