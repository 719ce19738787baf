"""What a kernel costs, counted on its loop nest: floating-point operations, memory read and written, memory held.

Counting is exact for given sizes, triangular loops included; a `while` counts as one trip and a branch as its dearer side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..core.objects import Scalar
from ..core.operation import INSTRUCTIONS
from .loops import nest

_FLOATING = frozenset((*INSTRUCTIONS["float"], *INSTRUCTIONS["function"])) - {"fneg", "fabs", "copysign"}
"""What counts as a flop; changing a sign is none."""


@dataclass(frozen=True)
class Cost:
    """``flops``: floating-point operations, a function as 1; ``loads``, ``stores``: elements; ``moved``: their bytes;
    ``held``: bytes of local buffers, the most there are at once in any block."""

    flops: int = 0
    loads: int = 0
    stores: int = 0
    moved: int = 0
    held: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(*(a + b for a, b in zip(self._parts, other._parts, strict=True)))

    def times(self, count: int) -> Cost:
        """The cost of ``count`` iterations; memory is held once."""
        flops, loads, stores, moved, held = self._parts
        return Cost(flops * count, loads * count, stores * count, moved * count, held if count else 0)

    @property
    def _parts(self) -> tuple[int, int, int, int, int]:
        return self.flops, self.loads, self.stores, self.moved, self.held


def cost(kernel: nest.Kernel, values: Mapping[str, int]) -> Cost:
    """The cost of one call, given the sizes (and the integer parameters that bounds depend on)."""
    widths = {p.name: _width(p.element) for p in (*kernel.inputs, *kernel.outputs) if isinstance(p, nest.Array)}
    return _Count(widths).block(kernel.body, dict(values))


def _width(element: Scalar) -> int:
    return int(np.dtype(element.dtype).itemsize)


@dataclass(frozen=True)
class _Count:
    """``widths``: the bytes of an element of every buffer met so far."""

    widths: dict[str, int]

    def block(self, statements: Sequence[nest.Statement], known: dict[str, int]) -> Cost:
        total, known = Cost(), dict(known)
        for s in statements:
            total = total + self.statement(s, known)
        return total

    def statement(self, s: nest.Statement, known: dict[str, int]) -> Cost:
        match s:
            case nest.Let():
                _evaluate(s, known)
                return Cost(flops=int(s.instruction in _FLOATING and s.kind.is_float))
            case nest.Call():
                return Cost(flops=int(s.kind.is_float))
            case nest.Load():
                return Cost(loads=1, moved=self.widths[s.buffer])
            case nest.Store():
                return Cost(stores=1, moved=self.widths[s.buffer])
            case nest.Accumulate():
                return Cost(int(s.ring.is_float), 1, 1, 2 * self.widths[s.buffer])
            case nest.Reduce():
                return Cost(flops=int(s.ring.is_float))
            case nest.Allocate():
                self.widths[s.name] = _width(s.element)
                size = _product(s.shape, known)
                zeroed = size if s.zero else 0
                return Cost(0, 0, zeroed, zeroed * self.widths[s.name], size * self.widths[s.name])
            case nest.For():
                return self.loop(s, known)
            case nest.Loop():
                return self.block((*s.head, *s.body), known) + self.block(s.head, known)
            case nest.If():
                sides = self.block(s.then, known), self.block(s.orelse, known)
                return max(sides, key=lambda c: (c.flops, c.loads + c.stores))
            case _:
                return Cost()

    def loop(self, s: nest.For, known: dict[str, int]) -> Cost:
        count = _value(s.bound, known)
        if count is None:
            return self.block(s.body, known)
        if count <= 0:
            return Cost()
        if not _varies(s.body, {s.index}):
            return self.block(s.body, {**known, s.index: 0}).times(count)
        total = Cost()
        for k in range(count):
            inner = self.block(s.body, {**known, s.index: k})
            total = replace(total + inner, held=max(total.held, inner.held))
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
