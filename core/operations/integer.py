"""Division, shifts and bits of machine integers (i64, i32). Discrete: no tangents.

Quotients round to -inf and the remainder has the divisor's sign, as in Python. Everything is total and wraps; a
division by zero gives 0 so that it may be speculated, but where control really reaches it the guard makes it an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..algebra import Expression, call
from ..objects import I64
from ..operation import Cost, Expansion, Guard, Lowering, Operation
from .builders import FREE, INTEGER_KINDS, INTEGERS, SIMPLE, alike, discrete, elementwise, instruction, squares


def _integer(
    name: str, symbol: str, meaning: Callable[..., Any], lowering: Lowering, doc: str, cost: Cost = SIMPLE,
    commutative: bool = False, guard: Guard | None = None, arity: int = 2,
) -> Operation:
    return Operation(
        name, arity, alike(symbol, arity, INTEGER_KINDS), elementwise(meaning), *discrete(arity), lowering, cost,
        squares(INTEGERS, arity), (), doc, commutative=commutative, surface=symbol, guard=guard,
    )


def _divisor(what: str) -> Guard:
    def nonzero(algebra: Any, x: Any, y: Any) -> Any:
        return call("ne", Expression(algebra, y), 0).handle

    return Guard(nonzero, f"integer {what} by zero")


def _shift_left(x: Any, count: Any) -> Any:
    bits = np.asarray(x).dtype.itemsize * 8
    inside = (count >= 0) & (count < bits)
    return np.where(inside, np.left_shift(x, np.where(inside, count, 0)), 0)


def _shift_right(x: Any, count: Any) -> Any:
    bits = np.asarray(x).dtype.itemsize * 8
    inside = (count >= 0) & (count < bits)
    return np.right_shift(x, np.where(inside, count, bits - 1))


def _bitnot(algebra: Any, x: Any) -> Any:
    return call("bitxor", Expression(algebra, x), -1).handle


RETURNED = Operation(
    "returned", 1, alike("returned", 1, ("i64",)), elementwise(lambda k: k), *discrete(1),
    lambda objects, result: Expansion(lambda algebra, k: k), FREE, ((I64,),), (),
    "k, which is 1 where the inverse of a loop led back to its first state; else a run-time error",
    guard=Guard(lambda algebra, k: call("eq", Expression(algebra, k), 1).handle,
                "the declared inverse does not lead back to the first state", "PB0703"),
)  # fmt: skip

INTEGER = (
    _integer("floordiv", "//", np.floor_divide, instruction("ifloordiv"), "⌊x / y⌋; y = 0 is a run-time error",
             Cost(1, 20.0), guard=_divisor("division")),
    _integer("mod", "%", np.remainder, instruction("imod"), "x - y·⌊x / y⌋, the sign of y; y = 0 is a run-time error",
             Cost(1, 20.0), guard=_divisor("remainder")),
    _integer("shl", "shl", _shift_left, instruction("ishl"), "x·2ʸ, wrapping; 0 for y outside 0..bits-1"),
    _integer("shr", "shr", _shift_right, instruction("ishr"), "⌊x / 2ʸ⌋; the sign, 0 or -1, for y outside 0..bits-1"),
    _integer("bitand", "bitand", np.bitwise_and, instruction("iand"), "bitwise and", commutative=True),
    _integer("bitor", "bitor", np.bitwise_or, instruction("ior"), "bitwise or", commutative=True),
    _integer("bitxor", "bitxor", np.bitwise_xor, instruction("ixor"), "bitwise exclusive or", commutative=True),
    _integer("bitnot", "bitnot", np.invert, lambda objects, result: Expansion(_bitnot),
             "every bit flipped, -x - 1", arity=1),
    RETURNED,
)
