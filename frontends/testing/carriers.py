"""The same term on other numbers: f64 carried by extended precision or by complex numbers, f32 by f64.

The interpreter computes on whatever dtype a scalar object names, with NumPy's functions; so a term whose objects name another
carrier means the same function on it. Long doubles tell rounding from error; an imaginary part far below rounding gives
derivatives without differences (the complex step: Squire and Trapp 1998, doi 10.1137/S003614459631241X), where all is analytic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, cast

from ...core.objects import F32, F64, Array, Scalar
from ...core.operation import Operation
from ...ir.unary.term import Term

FINER: Mapping[Scalar, str] = {F64: "longdouble", F32: "float64"}
COMPLEX: Mapping[Scalar, str] = {F64: "complex128", F32: "complex128"}


@dataclass(frozen=True)
class Carried(Scalar):
    """A scalar object on another carrier."""

    held: str = ""

    @property
    def dtype(self) -> str:
        return self.held

    @property
    def number(self) -> type[float]:
        """Of a constant, on every carrier."""
        return float


def carried(term: Term, carriers: Mapping[Scalar, str]) -> Term:
    """The term with the objects in ``carriers`` carried by those dtypes."""
    objects = {scalar: Carried(scalar.kind, scalar.modulus, carrier) for scalar, carrier in carriers.items()}

    def mapped(value: Any) -> Any:
        match value:
            case Scalar():
                return objects.get(value, value)
            case Array():
                return Array(mapped(value.element), value.shape)
            case tuple():
                return tuple(map(mapped, value))
            case Operation():
                return value
        if is_dataclass(value) and type(value).__module__ == Term.__module__:
            return replace(value, **{f.name: mapped(getattr(value, f.name)) for f in fields(value)})  # type: ignore[type-var]
        return value

    return cast(Term, mapped(term))
