"""Algebras: ways to run the rules of operations.

`Expression` is notation: a handle that knows its algebra, so that rules read as mathematics. `NumpyAlgebra` runs rules
on NumPy arrays, with the operations' own meanings: tests and the reference interpreter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic

import numpy as np

from .objects import Scalar
from .operation import Algebra, Expansion, H, Operation

Number = float | int | bool


@dataclass(frozen=True, eq=False)
class Expression(Generic[H]):
    """A handle with its algebra. Numbers beside it become constants of its object."""

    algebra: Algebra[H]
    handle: H

    @property
    def object(self) -> Scalar:
        return self.algebra.object(self.handle)

    def __add__(self, other: Expression[H] | Number) -> Expression[H]:
        return call("add", self, other)

    def __radd__(self, other: Number) -> Expression[H]:
        return call("add", self.constant(other), self)

    def __sub__(self, other: Expression[H] | Number) -> Expression[H]:
        return call("sub", self, other)

    def __rsub__(self, other: Number) -> Expression[H]:
        return call("sub", self.constant(other), self)

    def __mul__(self, other: Expression[H] | Number) -> Expression[H]:
        return call("mul", self, other)

    def __rmul__(self, other: Number) -> Expression[H]:
        return call("mul", self.constant(other), self)

    def __truediv__(self, other: Expression[H] | Number) -> Expression[H]:
        return call("div", self, other)

    def __rtruediv__(self, other: Number) -> Expression[H]:
        return call("div", self.constant(other), self)

    def __neg__(self) -> Expression[H]:
        return call("neg", self)

    def constant(self, value: Number, like: Scalar | None = None) -> Expression[H]:
        """A constant of this expression's object, or of ``like``."""
        return Expression(self.algebra, self.algebra.constant(value, like or self.object))


def call(
    op: str | Operation, first: Expression[H], *others: Expression[H] | Number, to: Scalar | None = None
) -> Expression[H]:
    """An operation, or the one with that name; a number among ``others`` is a constant of the object of ``first``."""
    handles = [o.handle if isinstance(o, Expression) else first.constant(o).handle for o in others]
    return Expression(first.algebra, first.algebra.apply(op, first.handle, *handles, to=to))


def select(condition: Expression[H], yes: Expression[H] | Number, no: Expression[H] | Number) -> Expression[H]:
    """``select``, where at most one of the two values is a number."""
    like = yes if isinstance(yes, Expression) else no
    assert isinstance(like, Expression)
    values = [v if isinstance(v, Expression) else like.constant(v) for v in (yes, no)]
    return call("select", condition, *values)


@dataclass(frozen=True, eq=False)
class Value:
    """A handle of `NumpyAlgebra`: an array of elements of a scalar object."""

    object: Scalar
    array: Any


@dataclass(frozen=True)
class NumpyAlgebra:
    """Runs operations on arrays at once.

    With ``expand`` an operation that is lowered by expansion is run as its expansion, all the way to instructions:
    what a backend computes, but with NumPy's instructions. Raises ValueError where an operation's typing does."""

    operations: Mapping[str, Operation]
    expand: bool = False

    def value(self, array: Any, object: Scalar) -> Value:
        return Value(object, np.asarray(array, dtype=object.dtype))

    def constant(self, value: Number, like: Scalar) -> Value:
        return self.value(value, like)

    def object(self, handle: Value) -> Scalar:
        return handle.object

    def apply(self, op: str | Operation, *args: Value, to: Scalar | None = None) -> Value:
        operation = self.operations[op] if isinstance(op, str) else op
        name = operation.name
        if len(args) != operation.arity:
            raise ValueError(f"{name} takes {operation.arity} arguments, not {len(args)}")
        objects = [a.object for a in args]
        result = operation.typing(objects, to)
        lowering = operation.lowering(objects, result)
        if self.expand and isinstance(lowering, Expansion):
            value: Value = lowering.rule(self, *args)
            if value.object != result:
                raise ValueError(f"{name} expands to {value.object}, its type is {result}")
            return value
        return Value(result, operation.meaning(result, *(a.array for a in args)))
