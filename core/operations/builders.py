"""How the tables of operations are written: typing rules, meanings and derivatives from their mathematical content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from ..algebra import Expression
from ..objects import BIT, BOOL, F32, F64, I32, I64, WEIGHTS, Scalar
from ..operation import Algebra, Cost, Forward, H, Instruction, Lowering, Reverse, Typing
from ..semiring import semiring

FLOATS = (F64, F32)
INTEGERS = (I64, I32)
MODULAR = tuple(Scalar("z", n) for n in (2, 5, 6, 8))
SATURATING = tuple(Scalar("sat", n) for n in (2, 4, 5))
TROPICAL = tuple(map(Scalar, WEIGHTS))
SEMIRINGS = (*FLOATS, *INTEGERS, BOOL, BIT, *MODULAR, *SATURATING, *TROPICAL)
"""Examples of every kind of object, on which the tables are checked."""

FLOAT_KINDS = ("f64", "f32")
INTEGER_KINDS = ("i64", "i32")
RING_KINDS = ("f64", "f32", "i64", "i32", "bit", "z")
ALL_KINDS = ("f64", "f32", "i64", "i32", "bool", "bit", "z", "sat", *WEIGHTS)

Part = Callable[..., Expression[Any]]
"""``part(v, *args, result)``: how a change ``v`` of one argument changes the result; linear in ``v``."""


def accepted(kinds: Sequence[str]) -> str:
    names = [f"{k}<n>" if k in ("z", "sat") else k for k in kinds]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def alike(name: str, arity: int, kinds: Sequence[str], result: Scalar | None = None) -> Typing:
    """All arguments of one object, of one of the kinds; the result is that object unless ``result`` is given."""

    def typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
        if len(objects) != arity:
            raise ValueError(f"`{name}` takes {arity} argument{'s' * (arity != 1)}, not {len(objects)}")
        for o in objects:
            if o.kind not in kinds:
                raise ValueError(f"`{name}` is defined on {accepted(kinds)}, not on {o}")
        if objects.count(objects[0]) != arity:
            raise ValueError(f"`{name}` takes arguments of one type, not {' and '.join(map(str, objects))}")
        if to is not None and to != (result or objects[0]):
            raise ValueError(f"`{name}` of {objects[0]} is {result or objects[0]}, not {to}")
        return result or objects[0]

    return typing


def elementwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """The meaning that is a NumPy function: quiet, and of exactly the result's dtype."""

    def meaning(result: Scalar, *arrays: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.asarray(function(*arrays)).astype(result.dtype, copy=False)

    return meaning


def instruction(name: str) -> Lowering:
    """Lowered to one machine instruction, whatever the object."""
    lowered = Instruction(name)
    return lambda objects, result: lowered


def derivative(*parts: Part | None) -> tuple[Reverse, Forward]:
    """Both derivatives of an operation from its partial derivatives; None where one is zero everywhere.

    The parts multiply by a scalar, and scalars commute: the same part is its own transpose."""

    def reverse(algebra: Algebra[H], args: Sequence[H], result: H, cotangent: H) -> Sequence[H | None]:
        point = [Expression(algebra, a) for a in (*args, result)]
        change = Expression(algebra, cotangent)
        return tuple(
            part(change, *point).handle if part is not None and algebra.object(a).is_differentiable else None
            for part, a in zip(parts, args, strict=True)
        )

    def forward(algebra: Algebra[H], args: Sequence[H], result: H, tangents: Sequence[H | None]) -> H | None:
        point = [Expression(algebra, a) for a in (*args, result)]
        terms = [
            part(Expression(algebra, t), *point)
            for part, t in zip(parts, tangents, strict=True) if part is not None and t is not None
        ]
        if not terms:
            return None
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        handle: H = total.handle
        return handle

    return reverse, forward


def discrete(arity: int) -> tuple[Reverse, Forward]:
    """No tangent gets through: results without a tangent object, and functions that are constant almost everywhere."""
    return derivative(*(None,) * arity)


def zero(like: Expression[H]) -> Expression[H]:
    """The zero of the expression's semiring: its structurally zero tangent, written out."""
    return like.constant(semiring(like.object).zero)


def squares(objects: Sequence[Scalar], arity: int) -> tuple[tuple[Scalar, ...], ...]:
    """Argument objects of an operation whose arguments are alike."""
    return tuple((o,) * arity for o in objects)


def grid(*axes: Sequence[float]) -> tuple[tuple[float, ...], ...]:
    """All combinations of sample points."""
    return tuple(product(*axes))


SIMPLE = Cost(flops=1, weight=1.0)
FREE = Cost(flops=0, weight=0.0)
