"""Comparisons, logic on bool, and select. Comparisons and logic are discrete; select passes tangents through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call, select
from ..objects import BOOL, WEIGHTS, Scalar
from ..operation import Expansion, Instruction, Lowering, Operation
from .builders import (
    ALL_KINDS,
    FLOATS,
    INTEGERS,
    SATURATING,
    SEMIRINGS,
    SIMPLE,
    TROPICAL,
    accepted,
    alike,
    derivative,
    discrete,
    elementwise,
    grid,
    instruction,
    squares,
    zero,
)

_POINTS = (-2.5, -0.0, 0.0, 1.0)
_ORDERED = ("f64", "f32", "i64", "i32", "sat", *WEIGHTS)


def _machine(name: str) -> Lowering:
    """Comparison of plain values by an instruction; of elements, through their carriers; of booleans, by logic."""

    def elements(algebra: Any, x: Any, y: Any) -> Any:
        carrier = algebra.object(x).carrier
        return call(name, *(call("carrier", Expression(algebra, a), to=carrier) for a in (x, y))).handle

    def truth(algebra: Any, x: Any, y: Any) -> Any:
        differ = call("xor", Expression(algebra, x), Expression(algebra, y))
        return (differ if name == "ne" else call("not", differ)).handle

    def lowering(objects: Sequence[Scalar], result: Scalar) -> Instruction | Expansion:
        kind = objects[0].kind
        if kind == "bool":
            return Expansion(truth)
        if objects[0].carrier != objects[0]:
            return Expansion(elements)
        return Instruction(("f" if objects[0].is_float else "i") + name)

    return lowering


def _comparison(name: str, symbol: str, meaning: Callable[..., Any], doc: str, ordered: bool = True) -> Operation:
    kinds, objects = (_ORDERED, (*FLOATS, *INTEGERS, *SATURATING, *TROPICAL)) if ordered else (ALL_KINDS, SEMIRINGS)
    return Operation(
        name, 2, alike(symbol, 2, kinds, BOOL), elementwise(meaning), *discrete(2), _machine(name), SIMPLE,
        squares(objects, 2), grid(_POINTS, _POINTS), doc, commutative=not ordered, surface=symbol,
    )


def _logical(name: str, arity: int, meaning: Callable[..., Any], machine: str, doc: str) -> Operation:
    return Operation(
        name, arity, alike(name, arity, ("bool",)), elementwise(meaning), *discrete(arity), instruction(machine),
        SIMPLE, squares((BOOL,), arity), (), doc, commutative=arity == 2, surface=name,
    )


def _select_typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
    if len(objects) != 3:
        raise ValueError(f"`select` takes 3 arguments, not {len(objects)}")
    condition, yes, no = objects
    if condition != BOOL:
        raise ValueError(f"a condition is bool, not {condition}")
    if yes != no or yes.kind not in ALL_KINDS:
        raise ValueError(f"both branches have one type among {accepted(ALL_KINDS)}, not {yes} and {no}")
    if to is not None and to != yes:
        raise ValueError(f"`select` of {yes} is {yes}, not {to}")
    return yes


SELECT = Operation(
    "select", 3, _select_typing, elementwise(np.where),
    *derivative(None, lambda v, c, x, y, r: select(c, v, zero(v)), lambda v, c, x, y, r: select(c, zero(v), v)),
    instruction("select"), SIMPLE, tuple((BOOL, o, o) for o in SEMIRINGS),
    grid((False, True), (-2.5, 0.5), (1.25, 3.0)),
    "x where c holds, else y; nothing flows to the one not taken, whatever its value, nan included",
)

LOGIC = (
    _comparison("lt", "<", np.less, "x < y; false if either is nan"),
    _comparison("le", "<=", np.less_equal, "x ≤ y; false if either is nan"),
    _comparison("gt", ">", np.greater, "x > y; false if either is nan"),
    _comparison("ge", ">=", np.greater_equal, "x ≥ y; false if either is nan"),
    _comparison("eq", "==", np.equal, "x = y; false if either is nan", ordered=False),
    _comparison("ne", "!=", np.not_equal, "x ≠ y; true if either is nan", ordered=False),
    _logical("and", 2, np.logical_and, "band", "both hold"),
    _logical("or", 2, np.logical_or, "bor", "at least one holds"),
    _logical("xor", 2, np.logical_xor, "bxor", "exactly one holds"),
    _logical("not", 1, np.logical_not, "bnot", "does not hold"),
    SELECT,
)
