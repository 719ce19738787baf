"""Commutative semirings: what `+` and `*` mean on each scalar object.

``f64 f32``  the reals, as floating point           ``bit``     Z2: exclusive or, and
``i64 i32``  the integers mod 2^64, 2^32 (wrapping)  ``z<n>``    the integers mod n, as 0..n-1
``bool``     or, and (discrete: see objects.py)      ``sat<n>``  {0..n-1} with sums and products cut off at n-1
``maxplus``  the reals and -inf: greatest, sum       ``minplus`` the reals and inf: least, sum (tropical)
``logplus``  the reals and -inf: log(eˣ + eʸ), sum

Where there is negation there is subtraction; bool, sat<n>, maxplus, minplus and logplus have none. Laws:
`laws.check_semiring`.

>>> z = semiring(Scalar("z", 7))
>>> int(z.add(np.int64(5), np.int64(4))), int(z.mul(np.int64(5), np.int64(4))), z.has_negation
(2, 6, True)
>>> semiring(Scalar("sat", 4)).has_negation
False
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from .algebra import Expression, call, select
from .objects import BOOL, F64, I64, Scalar
from .operation import Algebra, Expansion, H, Instruction

Number = float | int | bool
Machine = Mapping[str, Instruction | Expansion]


@dataclass(frozen=True, eq=False)
class Semiring:
    """The structure of one scalar object.

    zero, one   the units, as Python numbers of the carrier
    add, mul    on NumPy arrays of the carrier's dtype; neg, sub likewise, None where there is no negation
    machine     lowering of "add", "mul" and, with negation, "neg", "sub"
    exact       whether the laws hold exactly (floats: up to rounding)
    """

    object: Scalar
    zero: Number
    one: Number
    add: Callable[[Any, Any], Any]
    mul: Callable[[Any, Any], Any]
    neg: Callable[[Any], Any] | None
    sub: Callable[[Any, Any], Any] | None
    machine: Machine
    exact: bool = True

    @property
    def name(self) -> str:
        return str(self.object)

    @property
    def has_negation(self) -> bool:
        return self.neg is not None

    @property
    def elements(self) -> range | None:
        """All elements, as numbers, where there are finitely many by nature (not by word length)."""
        if self.object.kind in ("bit", "bool"):
            return range(2)
        return range(self.object.modulus) if self.object.modulus is not None else None


@cache
def semiring(scalar: Scalar) -> Semiring:
    """The semiring of a scalar object. A new kind is added here and in `objects.DTYPES`."""
    match scalar.kind:
        case "f64" | "f32":
            return _numbers(scalar, 0.0, 1.0, "f", exact=False)
        case "i64" | "i32":
            return _numbers(scalar, 0, 1, "i", exact=True)
        case "bool":
            machine = {"add": Instruction("bor"), "mul": Instruction("band")}
            return Semiring(scalar, False, True, np.logical_or, np.logical_and, None, None, MappingProxyType(machine))
        case "bit":
            return _bit(scalar)
        case "z":
            return _modular(scalar, scalar.modulus or 0)
        case "sat":
            return _saturating(scalar, (scalar.modulus or 0) - 1)
        case "maxplus":
            return _weights(scalar, -np.inf, np.maximum, lambda x, y: call("max", x, y), exact=True)
        case "minplus":
            return _weights(scalar, np.inf, np.minimum, lambda x, y: call("min", x, y), exact=True)
        case "logplus":
            return _weights(scalar, -np.inf, _log_sum, _log_sum_rule, exact=False)
    raise ValueError(f"{scalar} has no semiring")


def _numbers(scalar: Scalar, zero: Number, one: Number, prefix: str, exact: bool) -> Semiring:
    machine = {name: Instruction(prefix + name) for name in ("add", "mul", "neg", "sub")}
    return Semiring(scalar, zero, one, np.add, np.multiply, np.negative, np.subtract, MappingProxyType(machine), exact)


def _bit(scalar: Scalar) -> Semiring:
    machine = {
        "add": _on_carrier(scalar, BOOL, lambda x, y: call("xor", x, y)),
        "mul": _on_carrier(scalar, BOOL, lambda x, y: call("and", x, y)),
        "neg": _on_carrier(scalar, BOOL, lambda x: x),
        "sub": _on_carrier(scalar, BOOL, lambda x, y: call("xor", x, y)),
    }
    return Semiring(scalar, False, True, np.logical_xor, np.logical_and, np.array, np.logical_xor,
                    MappingProxyType(machine))


_LOW = (1 << 32) - 1


def _product(x: Expression[H], y: Expression[H]) -> Expression[H]:
    """Of two numbers below 2^32, told so that a machine multiplies half words: vectors of i64 have no product of their own."""
    return call("bitand", x, _LOW) * call("bitand", y, _LOW)


def _remainder(t: Expression[H], n: int) -> Expression[H]:
    """t mod n for 0 ≤ t ≤ (n − 1)². Machines divide no vectors of integers: where t < 2^32 it is done by multiplication
    (Barrett, CRYPTO 1986): q = ⌊t·m / 2^k⌋ with m = ⌊2^k / n⌋ < 2^31 is the quotient or one less."""
    if n & (n - 1) == 0:
        return call("bitand", t, n - 1)
    if n > 1 << 16:
        return call("mod", t, n)
    k = 30 + n.bit_length()
    quotient = call("shr", _product(t, t.constant((1 << k) // n)), k)
    rest = t - call("bitand", quotient, (1 << 16) - 1) * n  # told to be small, so that no sign is shifted in
    return select(call("lt", rest, n), rest, rest - n)


def _modular(scalar: Scalar, n: int) -> Semiring:
    def add(x: Expression[H], y: Expression[H]) -> Expression[H]:
        total = x + y
        return select(call("lt", total, n), total, total - n)

    def sub(x: Expression[H], y: Expression[H]) -> Expression[H]:
        difference = x - y
        return select(call("lt", difference, 0), difference + n, difference)

    machine = {
        "add": _on_carrier(scalar, I64, add),
        "mul": _on_carrier(scalar, I64, lambda x, y: _remainder(_product(x, y), n)),
        "neg": _on_carrier(scalar, I64, lambda x: select(call("eq", x, 0), x, n - x)),
        "sub": _on_carrier(scalar, I64, sub),
    }
    return Semiring(scalar, 0, 1, lambda x, y: (x + y) % n, lambda x, y: (x * y) % n, lambda x: -x % n,
                    lambda x, y: (x - y) % n, MappingProxyType(machine))


def _saturating(scalar: Scalar, top: int) -> Semiring:
    # top < 2^31, so the product of two elements is exact in int64 before it is cut off
    machine = {
        "add": _on_carrier(scalar, I64, lambda x, y: call("min", x + y, top)),
        "mul": _on_carrier(scalar, I64, lambda x, y: call("min", _product(x, y), top)),
    }
    return Semiring(scalar, 0, 1, lambda x, y: np.minimum(x + y, top), lambda x, y: np.minimum(x * y, top), None, None,
                    MappingProxyType(machine))


def _weights(
    scalar: Scalar, zero: float, add: Callable[..., Any], rule: Callable[..., Expression[Any]], exact: bool
) -> Semiring:
    machine = {
        "add": _on_carrier(scalar, F64, rule),
        "mul": _on_carrier(scalar, F64, lambda x, y: x + y),
    }
    return Semiring(scalar, zero, 0.0, add, np.add, None, None, MappingProxyType(machine), exact)


def _log_sum(x: Any, y: Any) -> Any:
    """log(eˣ + eʸ), by what is taken out of it: the greater of the two."""
    high = np.maximum(x, y)
    with np.errstate(all="ignore"):
        return np.where(high == -np.inf, high, high + np.log1p(np.exp(np.minimum(x, y) - high)))


def _log_sum_rule(x: Expression[H], y: Expression[H]) -> Expression[H]:
    high = call("max", x, y)
    rest = call("log1p", call("exp", call("min", x, y) - high))
    return select(call("eq", high, float("-inf")), high, high + rest)


def _on_carrier(scalar: Scalar, carrier: Scalar, rule: Callable[..., Expression[Any]]) -> Expansion:
    """A rule on the plain integers or booleans that stand for the elements, as an operation on the elements."""

    def expand(algebra: Algebra[H], *args: H) -> H:
        plain = [call("carrier", Expression(algebra, a), to=carrier) for a in args]
        value: H = call("element", rule(*plain), to=scalar).handle
        return value

    return Expansion(expand)
