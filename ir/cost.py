"""What a kernel costs, counted on its loop nest: floating-point operations, elements read and written, memory held.

Counting is exact for given sizes, triangular loops included; a `while` counts as one trip and a branch as its dearer side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.operation import INSTRUCTIONS
from .loops import nest

_FLOATING = frozenset((*INSTRUCTIONS["float"], *INSTRUCTIONS["function"])) - {"fneg", "fabs", "copysign"}
"""What counts as a flop; changing a sign is none."""


@dataclass(frozen=True)
class Cost:
    """``flops``: floating-point operations, a function as 1; ``loads``, ``stores``, ``held`` (allocated): elements."""

    flops: int = 0
    loads: int = 0
    stores: int = 0
    held: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.flops + other.flops, self.loads + other.loads, self.stores + other.stores, self.held + other.held)

    def times(self, count: int) -> Cost:
        """The cost of ``count`` iterations; memory is held once."""
        return Cost(self.flops * count, self.loads * count, self.stores * count, self.held if count else 0)


def cost(kernel: nest.Kernel, values: Mapping[str, int]) -> Cost:
    """The cost of one call, given the sizes (and the integer parameters that bounds depend on)."""
    return _block(kernel.body, dict(values))


def _block(statements: Sequence[nest.Statement], known: dict[str, int]) -> Cost:
    total, known = Cost(), dict(known)
    for s in statements:
        total = total + _statement(s, known)
    return total


def _statement(s: nest.Statement, known: dict[str, int]) -> Cost:
    match s:
        case nest.Let():
            _evaluate(s, known)
            return Cost(flops=int(s.instruction in _FLOATING and s.kind.is_float))
        case nest.Call():
            return Cost(flops=int(s.kind.is_float))
        case nest.Load():
            return Cost(loads=1)
        case nest.Store():
            return Cost(stores=1)
        case nest.Accumulate():
            return Cost(int(s.ring.is_float), 1, 1)
        case nest.Reduce():
            return Cost(flops=int(s.ring.is_float))
        case nest.Allocate():
            size = _product(s.shape, known)
            return Cost(stores=size if s.zero else 0, held=size)
        case nest.For():
            return _for(s, known)
        case nest.Loop():
            return _block((*s.head, *s.body), known) + _block(s.head, known)
        case nest.If():
            sides = _block(s.then, known), _block(s.orelse, known)
            return max(sides, key=lambda c: (c.flops, c.loads + c.stores))
        case _:
            return Cost()


def _for(s: nest.For, known: dict[str, int]) -> Cost:
    count = _value(s.bound, known)
    if count is None:
        return _block(s.body, known)
    if count <= 0:
        return Cost()
    if not _varies(s.body, {s.index}):
        return _block(s.body, {**known, s.index: 0}).times(count)
    total = Cost()
    for k in range(count):
        inner = _block(s.body, {**known, s.index: k})
        total = Cost(
            total.flops + inner.flops,
            total.loads + inner.loads,
            total.stores + inner.stores,
            max(total.held, inner.held),
        )
    return total


def _varies(statements: Sequence[nest.Statement], tainted: set[str]) -> bool:
    """Whether a bound or a size inside depends on one of ``tainted``."""
    tainted = set(tainted)
    for s in statements:
        if isinstance(s, nest.Let) and any(a in tainted for a in s.args if isinstance(a, str)):
            tainted.add(s.name)
        if isinstance(s, nest.For) and (s.bound in tainted or _varies(s.body, tainted)):
            return True
        if isinstance(s, nest.Allocate) and any(d in tainted for d in s.shape if isinstance(d, str)):
            return True
        if isinstance(s, nest.If) and (_varies(s.then, tainted) or _varies(s.orelse, tainted)):
            return True
        if isinstance(s, nest.Loop) and _varies((*s.head, *s.body), tainted):
            return True
    return False


def _value(operand: nest.Operand, known: Mapping[str, int]) -> int | None:
    return int(operand.value) if isinstance(operand, nest.Literal) else known.get(operand)


def _product(shape: Sequence[nest.Operand], known: Mapping[str, int]) -> int:
    size = 1
    for d in shape:
        size *= max(_value(d, known) or 0, 0)
    return size


def _evaluate(s: nest.Let, known: dict[str, int]) -> None:
    """Follow integer arithmetic on known values: it is what bounds are made of. (Checkpoints take a root besides: what is
    kept here then is a float that is passed on until it is rounded.)"""
    rule = _FOLLOWED.get(s.instruction)
    args = [v for v in (_value(a, known) for a in s.args) if v is not None]
    if rule is not None and len(args) == len(s.args):
        known[s.name] = rule(*args)


_FOLLOWED: Mapping[str, Callable[..., Any]] = {
    "iadd": lambda x, y: x + y,
    "isub": lambda x, y: x - y,
    "imul": lambda x, y: x * y,
    "ineg": lambda x: -x,
    "ifloordiv": lambda x, y: x // y if y else 0,
    "imod": lambda x, y: x % y if y else 0,
    "imin": min,
    "imax": max,
    "sitofp": float,
    "sqrt": lambda x: max(x, 0.0) ** 0.5,
    "ceil": math.ceil,
    "fptosi": int,
}
