"""Laws as functions: what the mathematics promises, checked on values. Tests of every room call these.

A check returns the laws it found broken, as text; an empty list is a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from .objects import Scalar
from .operation import Operation
from .semiring import Semiring

_FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, -2.75, 3.0, 1e-3, -40.0, 1e5)
_CORNERS = (np.inf, -np.inf, np.nan, 1e300, -1e300, 1e-310, 2.5, -0.5, 1.5, 88.0, -745.0)
_WORDS = (0, 1, -1, 2, 3, -7, 5, 31, 33, 64, 2**31 - 1, -(2**31))
_LONG_WORDS = (2**63 - 1, -(2**63), 2**31, -(2**40) + 1)

_EXHAUSTIVE = 16
"""Up to this many elements, a finite semiring is checked on all of them."""


def values(scalar: Scalar, corners: bool = True) -> tuple[Any, ...]:
    """Values of an object worth trying: all of a small finite one, else ordinary and (``corners``) extreme ones."""
    if scalar.kind in ("bool", "bit"):
        return (False, True)
    if scalar.modulus is not None:
        n = scalar.modulus
        return tuple(range(n)) if n <= _EXHAUSTIVE else (0, 1, 2, 3, n // 2, n - 2, n - 1)
    if scalar.is_integer:
        return _WORDS + (_LONG_WORDS if corners and scalar.kind == "i64" else ())
    if scalar.is_weight:  # so that sums of them are exact; no other infinity and no NaN is an element
        return (-np.inf if scalar.kind != "minplus" else np.inf, 0.0, 1.0, -1.0, 0.5, -2.75, 3.0, 1024.0, -700.0)
    return _FLOATS + (_CORNERS if corners else ())


def samples(operation: Operation, objects: Sequence[Scalar], corners: bool = True) -> tuple[Any, ...]:
    """One array per argument, so that together they run over all combinations of `values` of the arguments' objects."""
    points = list(product(*(values(o, corners) for o in objects)))
    if operation.samples and any(o.is_float for o in objects):
        points += list(operation.samples)
    with np.errstate(over="ignore"):
        columns = zip(*points, strict=True)
        return tuple(np.array(column, dtype=o.dtype) for column, o in zip(columns, objects, strict=True))


def check_semiring(semiring: Semiring) -> list[str]:
    """The laws of a commutative semiring (of a ring, with negation), exhaustively on a small one, else on samples."""
    dtype = semiring.object.dtype
    elements = np.array(values(semiring.object, corners=semiring.exact), dtype=dtype)
    x, y, z = (g.ravel() for g in np.meshgrid(elements, elements, elements))
    zero, one = np.array(semiring.zero, dtype=dtype), np.array(semiring.one, dtype=dtype)
    add, mul = semiring.add, semiring.mul
    scale = None if semiring.exact else 1 + sum(np.where(np.isfinite(a), abs(a), 0) for a in (x, y, z))
    laws: list[tuple[str, Callable[[], tuple[Any, Any]]]] = [
        ("x + y = y + x", lambda: (add(x, y), add(y, x))),
        ("x * y = y * x", lambda: (mul(x, y), mul(y, x))),
        ("(x + y) + z = x + (y + z)", lambda: (add(add(x, y), z), add(x, add(y, z)))),
        ("(x * y) * z = x * (y * z)", lambda: (mul(mul(x, y), z), mul(x, mul(y, z)))),
        ("x * (y + z) = x * y + x * z", lambda: (mul(x, add(y, z)), add(mul(x, y), mul(x, z)))),
        ("x + 0 = x", lambda: (add(x, zero), x)),
        ("x * 1 = x", lambda: (mul(x, one), x)),
        ("x * 0 = 0", lambda: (mul(x, zero), np.full_like(x, zero))),
    ]
    if semiring.neg is not None and semiring.sub is not None:
        neg, sub = semiring.neg, semiring.sub
        laws += [
            ("x + (-x) = 0", lambda: (add(x, neg(x)), np.full_like(x, zero))),
            ("x - y = x + (-y)", lambda: (sub(x, y), add(x, neg(y)))),
        ]
    with np.errstate(all="ignore"):
        return [text for text, sides in laws if not _agree(*sides(), scale)]


def _agree(left: Any, right: Any, scale: Any) -> bool:
    if scale is None:
        return bool(np.array_equal(left, right))
    tolerance = 8 * np.finfo(left.dtype).eps
    return bool(np.all((left == right) | (abs(left - right) <= tolerance * scale**3)))


def matches(actual: Any, expected: Any, tolerance: float = 0.0) -> bool:
    """Whether two arrays are the same: dtype, shape, nan where nan, equal infinities; floats within relative tolerance.

    The sign of a zero is not compared."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.dtype != expected.dtype or actual.shape != expected.shape:
        return False
    if actual.dtype.kind != "f" or tolerance == 0.0:
        return bool(np.array_equal(actual, expected, equal_nan=actual.dtype.kind == "f"))
    with np.errstate(all="ignore"):
        return bool(np.allclose(actual, expected, rtol=tolerance, atol=tolerance * 1e-3, equal_nan=True))
