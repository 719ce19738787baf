"""What an expression elaborates to: wires of the unary context, numbers whose type is still open, products, functions.

A literal, and a size used as a value, take their type from use: they stay a `Literal` until they meet a type. Integers
that are polynomials of sizes and loop indices stay a `Count`, so that ranges can be proved from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal as Choice

from ...core.errors import Span
from ...core.objects import F64, I64, Scalar, Tuple, Type, Wire, array, element, shape
from ...core.sizes import Size

Least = Choice["integer", "real"]


@dataclass(frozen=True)
class Held:
    """A wire of the context."""

    position: int
    kind: Wire


@dataclass(frozen=True)
class Count:
    """An i64 that is a polynomial of sizes and loop indices; appended to the context when it is used as a value."""

    size: Size
    position: int | None = None


@dataclass(frozen=True)
class Literal:
    """A number, or an array of numbers, that takes its type from use: ``build(object)`` appends it, made of that
    object, and says where.

    ``size``: its value, where it is a polynomial of sizes; ``number``: its value, where it is written down."""

    least: Least
    build: Callable[[Scalar], int] = field(compare=False)
    size: Size | None = None
    number: int | float | None = None
    shape: tuple[Size, ...] = ()

    @property
    def default(self) -> Scalar:
        return I64 if self.least == "integer" else F64


@dataclass(frozen=True)
class Product:
    """A tuple, or with names a record. An array of tuples is the tuple of arrays."""

    items: tuple[Value, ...]
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, eq=False)
class Function:
    """Anything that can be called: ``apply(Arguments) -> Value``; ``parameters`` are their names, None where nameless.

    ``wants`` are parameter types as far as they are known: hints for literals."""

    name: str
    parameters: tuple[str | None, ...] | None
    apply: Callable[[Arguments], Value]
    wants: tuple[Type | None, ...] = ()


@dataclass(frozen=True)
class Arguments:
    """What a function is called on: values in order, by name, and where each and the call itself are written."""

    values: tuple[Value, ...]
    named: Mapping[str, Value]
    span: Span
    spans: tuple[Span, ...]
    named_spans: Mapping[str, Span]


Value = Held | Count | Literal | Product | Function
Leaf = Held | Count | Literal


def leaves(value: Value) -> Iterator[Leaf]:
    """The numbers and arrays of a value, left to right. Functions have none."""
    if isinstance(value, Product):
        for item in value.items:
            yield from leaves(item)
    elif not isinstance(value, Function):
        yield value


def has_literal(value: Value) -> bool:
    return any(isinstance(leaf, Literal) for leaf in leaves(value))


def has_function(value: Value) -> bool:
    return isinstance(value, Function) or (isinstance(value, Product) and any(map(has_function, value.items)))


def map_leaves(function: Callable[[Leaf], Value], value: Value) -> Value:
    """The same product of the images of its leaves."""
    if isinstance(value, Product):
        return Product(tuple(map_leaves(function, item) for item in value.items), value.names)
    return value if isinstance(value, Function) else function(value)


def type_of(value: Value) -> Type:
    """The type of a value; an open literal has its default. Functions have none (they are refused before)."""
    match value:
        case Held():
            return value.kind
        case Count():
            return I64
        case Literal():
            return array(value.default, value.shape)
        case Product():
            return Tuple(tuple(map(type_of, value.items)), value.names)
        case Function():
            raise AssertionError("a function has no core type")


def of_type(kind: Type, positions: Iterator[int]) -> Value:
    """The value of a type whose wires stand at the positions."""
    if isinstance(kind, Tuple):
        return Product(tuple(of_type(item, positions) for item in kind.items), kind.names)
    return Held(next(positions), kind)


def like(kind: Type) -> Value:
    """A value with the products of a type, on no wires: a model to rebuild others by."""
    if isinstance(kind, Tuple):
        return Product(tuple(map(like, kind.items)), kind.names)
    return Held(-1, kind)


def describe(value: Value) -> str:
    """What a value is, for a message: its type in backquotes, or words."""
    match value:
        case Literal(shape=sizes) if sizes:
            return f"an array of {'integer literals' if value.least == 'integer' else 'real numbers'} " \
                   f"of shape [{', '.join(map(str, sizes))}]"
        case Literal(least="integer", size=size) if size is not None and size.constant is None:
            return f"the size `{size}`"
        case Literal(least="integer"):
            return "an integer literal"
        case Literal():
            return "a real number"
        case Function():
            return f"the function `{value.name}`" if value.name else "a function"
        case Product() if has_function(value):
            return "a tuple with a function in it"
        case _:
            return f"`{type_of(value)}`"


def object_of(leaf: Leaf) -> Scalar | None:
    """The scalar a leaf is made of; None for open literals."""
    match leaf:
        case Held():
            return element(leaf.kind)
        case Count():
            return I64
        case Literal():
            return None


def shape_of(leaf: Leaf) -> tuple[Size, ...]:
    match leaf:
        case Held():
            return shape(leaf.kind)
        case Count():
            return ()
        case Literal():
            return leaf.shape


def wanted(want: Type | None, part: int | str, count: int | None = None) -> Type | None:
    """The hint for one item of a product, from the hint for the product."""
    if not isinstance(want, Tuple):
        return None
    if isinstance(part, str):
        return want.items[want.names.index(part)] if want.names and part in want.names else None
    return want.items[part] if want.names is None and len(want.items) == count else None


def hint_object(want: Type | None) -> Scalar | None:
    """The object a literal takes from a hint."""
    return None if want is None or isinstance(want, Tuple) else element(want)

