"""Objects: the types a wire can have.

A *scalar* is a carrier with a commutative semiring on it (`semiring.py` gives the structure); an *array* is a scalar
and a shape of symbolic sizes; a *tuple* (with names: a record) is a product. Products never reach the unary form: a
tuple is several wires, an array of tuples is a tuple of arrays.

>>> str(Array(Scalar("f64"), (atom("n"), size(3))))
'f64[n, 3]'
>>> parse("z<7>[n*n]") == Array(Scalar("z", 7), (atom("n") * atom("n"),))
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .sizes import Size, atom, size
from .sizes import parse as parse_size

DTYPES: Mapping[str, str] = {
    "f64": "float64", "f32": "float32", "i64": "int64", "i32": "int32", "bool": "bool",
    "bit": "bool", "z": "int64", "sat": "int64", "maxplus": "float64", "minplus": "float64", "logplus": "float64",
}
"""The NumPy dtype that carries each kind of scalar."""


WEIGHTS = ("maxplus", "minplus", "logplus")
"""The kinds whose product is the sum of real numbers: weights of paths, scores, logarithms of probabilities."""


@dataclass(frozen=True)
class Scalar:
    """A scalar object. ``modulus`` is n for ``z<n>`` (integers mod n) and ``sat<n>`` ({0..n−1}, saturating)."""

    kind: str
    modulus: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in DTYPES:
            raise ValueError(f"unknown scalar {self.kind!r}")
        if (self.kind in ("z", "sat")) != (self.modulus is not None):
            raise ValueError(f"{self.kind} {'needs' if self.modulus is None else 'takes no'} modulus")
        if self.modulus is not None and not 2 <= self.modulus <= 2**31:
            raise ValueError(f"{self.kind}<{self.modulus}>: the modulus lies between 2 and 2^31")

    @property
    def dtype(self) -> str:
        return DTYPES[self.kind]

    @property
    def is_float(self) -> bool:
        return self.kind in ("f64", "f32")

    @property
    def is_weight(self) -> bool:
        """One of `WEIGHTS`: carried by a float, but with another sum and product."""
        return self.kind in WEIGHTS

    @property
    def number(self) -> type[float] | type[int] | type[bool]:
        """The Python type of constants."""
        return bool if self.dtype == "bool" else float if self.dtype.startswith("float") else int

    @property
    def carrier(self) -> Scalar:
        """The plain scalar that carries an element; a plain scalar carries itself."""
        return Scalar({"bit": "bool", "z": "i64", "sat": "i64"}.get(self.kind, "f64" if self.is_weight else self.kind))

    @property
    def is_integer(self) -> bool:
        """A plain machine integer: counts and indices, not an element of a differentiable semiring."""
        return self.kind in ("i64", "i32")

    @property
    def is_differentiable(self) -> bool:
        """Whether the object has a tangent object (itself). i64, i32 and bool are discrete: theirs is trivial."""
        return self.kind in ("f64", "f32", "bit", "z", "sat", *WEIGHTS)

    def __str__(self) -> str:
        return self.kind if self.modulus is None else f"{self.kind}<{self.modulus}>"


@dataclass(frozen=True)
class Array:
    """A dense array of scalars; ``shape`` has at least one size."""

    element: Scalar
    shape: tuple[Size, ...]

    def __post_init__(self) -> None:
        if not self.shape:
            raise ValueError("an array has at least one dimension")

    def __str__(self) -> str:
        return f"{self.element}[{', '.join(map(str, self.shape))}]"


@dataclass(frozen=True)
class Tuple:
    """A product; with ``names`` a record. ``()`` is the unit."""

    items: tuple[Type, ...]
    names: tuple[str, ...] | None = None

    def __str__(self) -> str:
        if self.names is None:
            return f"({', '.join(map(str, self.items))}{',' if len(self.items) == 1 else ''})"
        return "{" + ", ".join(f"{n}: {t}" for n, t in zip(self.names, self.items, strict=True)) + "}"


Wire = Scalar | Array
Type = Scalar | Array | Tuple

F64, F32, I64, I32, BOOL, BIT = (Scalar(k) for k in ("f64", "f32", "i64", "i32", "bool", "bit"))


def element(wire: Wire) -> Scalar:
    """The scalar a wire is made of."""
    return wire if isinstance(wire, Scalar) else wire.element


def shape(wire: Wire) -> tuple[Size, ...]:
    """The shape of a wire; () for a scalar."""
    return () if isinstance(wire, Scalar) else wire.shape


def array(scalar: Scalar, sizes: tuple[Size, ...]) -> Wire:
    """The wire of that element and shape: the scalar itself where there is no size."""
    return Array(scalar, sizes) if sizes else scalar


def row(wire: Wire) -> Wire:
    """The object of ``x[i]``: one dimension fewer. Raises ValueError on a scalar."""
    if isinstance(wire, Scalar):
        raise ValueError(f"{wire} has no dimension to index")
    return array(wire.element, wire.shape[1:])


def stack(count: Size, wire: Wire) -> Wire:
    """The object of ``for i < count: x``: one dimension more."""
    return array(element(wire), (count, *shape(wire)))


def is_differentiable(wire: Wire) -> bool:
    return element(wire).is_differentiable


def tangent(kind: Type) -> Type | None:
    """The type of a change: without the parts that are discrete; None where nothing is left."""
    if isinstance(kind, Tuple):
        labels = kind.names or (None,) * len(kind.items)
        kept = [(n, k) for n, item in zip(labels, kind.items, strict=True) if (k := tangent(item)) is not None]
        if not kept:
            return None
        names = None if kind.names is None else tuple(n for n, _ in kept if n is not None)
        return Tuple(tuple(k for _, k in kept), names)
    return kind if is_differentiable(kind) else None


def wires(kind: Type) -> Iterator[Wire]:
    """The wires of a type, left to right: a tuple is its items' wires."""
    if isinstance(kind, Tuple):
        for item in kind.items:
            yield from wires(item)
    else:
        yield kind


def substitute(wire: Wire, values: Mapping[str, Size]) -> Wire:
    """The wire with size atoms replaced."""
    return array(element(wire), tuple(s.substitute(values) for s in shape(wire)))


_WIRE = re.compile(r"\s*(\w+)\s*(?:<(\d+)>)?\s*(?:\[(.+)\])?\s*$")


def parse(text: str) -> Wire:
    """The wire that ``str`` printed. Raises ValueError."""
    match = _WIRE.match(text)
    if match is None:
        raise ValueError(f"not a wire type: {text!r}")
    scalar = Scalar(match[1], int(match[2]) if match[2] else None)
    return array(scalar, tuple(parse_size(s) for s in match[3].split(","))) if match[3] else scalar


__all__ = ["BIT", "BOOL", "F32", "F64", "I32", "I64", "WEIGHTS", "Array", "Scalar", "Tuple", "Type", "Wire", "array", "atom",
           "element", "is_differentiable", "parse", "row", "shape", "size", "stack", "substitute", "tangent",
           "wires"]
