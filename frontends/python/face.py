"""What Python sees of a function: its name, parameters and result. All that a call needs but the code.

A face prints as JSON and reads back, so that a function which is in the cache is called without its term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ...core.objects import Tuple, Type, wires
from ...core.objects import parse as parse_wire
from .trees import Mirror, Result, labels, plain

__all__ = ["Face", "Parameter", "read", "written"]


@dataclass(frozen=True)
class Parameter:
    name: str
    type: Type


@dataclass(frozen=True)
class Face:
    """``counts``: the size parameters that are the value of an i64 wire of the parameters, and which."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Result
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.parameters)

    @property
    def labels(self) -> tuple[str, ...]:
        """What the wires of the parameters are called in Python."""
        return tuple(label for p in self.parameters for label in labels(p.name, p.type))

    @property
    def result_type(self) -> Type:
        return plain(self.result)

    def wires(self, parameter: int) -> range:
        """The positions of a parameter's wires."""
        lengths = [len(list(wires(p.type))) for p in self.parameters]
        first = sum(lengths[:parameter])
        return range(first, first + lengths[parameter])

    def __str__(self) -> str:
        parameters = ", ".join(f"{p.name}: {p.type}" for p in self.parameters)
        return f"{self.name}({parameters}) -> {self.result_type}"


# -- text --------------------------------------------------------------------------------------------------------------
def written(face: Face) -> Any:
    """The face as JSON has it."""
    parameters = [[p.name, _type(p.type)] for p in face.parameters]
    return [face.name, parameters, _result(face.result), dict(face.counts)]


def read(data: Any) -> Face:
    """The face that was `written`."""
    name, parameters, result, counts = data
    kinds = tuple(Parameter(p, _read_type(kind)) for p, kind in parameters)
    return Face(name, kinds, _read_result(result), MappingProxyType(counts))


def _type(kind: Type) -> Any:
    """A wire as it prints; a product as the list of its items, and its names."""
    return [[_type(item) for item in kind.items], kind.names] if isinstance(kind, Tuple) else str(kind)


def _read_type(data: Any) -> Type:
    if isinstance(data, str):
        return parse_wire(data)
    items, names = data
    return Tuple(tuple(map(_read_type, items)), None if names is None else tuple(names))


def _result(result: Result) -> Any:
    if isinstance(result, tuple):
        return {"parts": [_result(part) for part in result]}
    if isinstance(result, Mirror):
        return {"mirror": result.parameter, "of": _type(result.kind)}
    return _type(result)


def _read_result(data: Any) -> Result:
    if not isinstance(data, dict):
        return _read_type(data)
    if "parts" in data:
        return tuple(map(_read_result, data["parts"]))
    return Mirror(data["mirror"], _read_type(data["of"]))
