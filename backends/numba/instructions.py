"""The machine instructions (`core/operation.py`) as Python expressions, for CPython on NumPy scalars and for Numba.

Both must agree with the kernel's carriers. NumPy keeps i64 and f32 by itself; Numba widens i32 sums to i64 and f32 beside
a Python number to f64, so that results of those kinds are cast back. What takes more than an expression is a helper
function, printed with the kernel that calls it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ...core.objects import BOOL, F32, I32, Scalar

__all__ = ["EXPRESSIONS", "HELPERS", "expression", "literal"]

EXPRESSIONS: Mapping[str, str] = MappingProxyType({
    "fadd": "{} + {}", "fsub": "{} - {}", "fmul": "{} * {}", "fdiv": "{} / {}", "fneg": "-{}", "fabs": "np.fabs({})",
    "sqrt": "np.sqrt({})", "floor": "np.floor({})", "ceil": "np.ceil({})", "trunc": "np.trunc({})",
    "round": "np.rint({})", "fmin": "np.minimum({}, {})", "fmax": "np.maximum({}, {})",
    "copysign": "np.copysign({}, {})",
    "exp": "np.exp({})", "exp2": "np.exp2({})", "expm1": "np.expm1({})", "log": "np.log({})", "log1p": "np.log1p({})",
    "log2": "np.log2({})", "log10": "np.log10({})", "asinh": "np.arcsinh({})", "acosh": "np.arccosh({})",
    "atanh": "np.arctanh({})", "cbrt": "np.cbrt({})", "hypot": "np.hypot({}, {})",
    "sin": "np.sin({})", "cos": "np.cos({})", "tan": "np.tan({})", "tanh": "np.tanh({})", "sinh": "np.sinh({})",
    "cosh": "np.cosh({})", "asin": "np.arcsin({})", "acos": "np.arccos({})", "atan": "np.arctan({})",
    "atan2": "np.arctan2({}, {})", "pow": "power({}, {})", "sigmoid": "sigmoid({})", "softplus": "softplus({})",
    "erf": "math.erf({})", "erfc": "math.erfc({})", "lgamma": "lgamma({})", "digamma": "digamma({})",
    "trigamma": "trigamma({})", "tetragamma": "tetragamma({})",
    "iadd": "{} + {}", "isub": "{} - {}", "imul": "{} * {}", "ineg": "-{}", "iabs": "abs({})",
    "ifloordiv": "floor_divide({}, {})", "imod": "remainder({}, {})", "iand": "{} & {}", "ior": "{} | {}",
    "ixor": "{} ^ {}", "ishl": "shift_left({}, {}, {bits})", "ishr": "shift_right({}, {}, {bits})",
    "imin": "min({}, {})", "imax": "max({}, {})",
    "feq": "{} == {}", "fne": "{} != {}", "flt": "{} < {}", "fle": "{} <= {}", "fgt": "{} > {}", "fge": "{} >= {}",
    "ieq": "{} == {}", "ine": "{} != {}", "ilt": "{} < {}", "ile": "{} <= {}", "igt": "{} > {}", "ige": "{} >= {}",
    "band": "{} and {}", "bor": "{} or {}", "bxor": "{} != {}", "bnot": "not {}",
    "select": "{1} if {0} else {2}", "copy": "{}",
    "sitofp": "{type}({})", "fptosi": "{type}(to_i{bits}({}))", "fpext": "{type}({})", "fptrunc": "{type}({})",
    "sext": "{type}({})", "trunc_int": "{type}({})", "booltoint": "{type}({})", "booltofp": "{type}({})",
    "inttobool": "{} != 0", "fptobool": "{} != 0.0",
})  # fmt: skip
"""Every instruction; positions are the arguments, ``type`` and ``bits`` those of the result."""

_OWN_TYPE = frozenset(
    ["fadd", "fsub", "fmul", "fdiv", "fneg", "fabs", "sqrt", "floor", "ceil", "trunc", "round", "fmin", "fmax",
     "copysign", "exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "tanh", "sinh", "cosh",
     "asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "cbrt", "hypot", "pow", "select", "copy"]
)  # fmt: skip
"""What is f32 of f32 arguments by itself, in NumPy as in Numba."""


def literal(value: float | int | bool, kind: Scalar) -> str:
    """A constant of a carrier, as exactly that NumPy type (a Python bool for a bool)."""
    if kind == BOOL:
        return str(bool(value))
    text = repr(float(value)) if kind.is_float else str(int(value))
    if text in ("inf", "-inf", "nan"):
        text = f"{'-' if text[0] == '-' else ''}np.{text.lstrip('-')}"
    if kind.is_integer and int(value) == -(2**63):
        return "~np.int64(9223372036854775807)"  # the digits of its magnitude are no int64
    return f"np.{kind.dtype}({text})"


def expression(instruction: str, kind: Scalar, args: Sequence[str]) -> str:
    """The instruction on arguments that are names or literals, with a result of carrier ``kind``."""
    bits = 32 if kind.kind in ("i32", "f32") else 64
    text = EXPRESSIONS[instruction].format(*args, type=f"np.{kind.dtype}", bits=bits)
    widened = kind == I32 or (kind == F32 and instruction not in _OWN_TYPE)
    return f"np.{kind.dtype}({text})" if widened and not text.startswith(f"np.{kind.dtype}(") else text


HELPERS: Mapping[str, str] = MappingProxyType({
    "floor_divide": '''\
def floor_divide(x, y):
    """The quotient rounded down; 0 where y is 0."""
    if y == 0:
        return y
    if y == -1:
        return -x
    return x // y
''',
    "remainder": '''\
def remainder(x, y):
    """x - y * floor(x / y), 0 where y is 0."""
    if y == 0 or y == -1:
        return x - x
    return x % y
''',
    "shift_left": '''\
def shift_left(x, count, bits):
    """x * 2**count, wrapping; 0 for a count outside 0..bits-1."""
    if 0 <= count < bits:
        return x << count
    return x - x
''',
    "shift_right": '''\
def shift_right(x, count, bits):
    """x / 2**count rounded down; the sign, 0 or -1, for a count outside 0..bits-1."""
    if 0 <= count < bits:
        return x >> count
    return x >> (bits - 1)
''',
    "to_i64": '''\
def to_i64(x):
    """x without its fraction; the nearest i64 where it is beyond, 0 for nan."""
    if x != x:
        return np.int64(0)
    if x >= 9223372036854775808.0:
        return np.int64(9223372036854775807)
    if x <= -9223372036854775808.0:
        return ~np.int64(9223372036854775807)
    return np.int64(x)
''',
    "to_i32": '''\
def to_i32(x):
    """x without its fraction; the nearest i32 where it is beyond, 0 for nan."""
    if x != x:
        return np.int64(0)
    if x >= 2147483647.0:
        return np.int64(2147483647)
    if x <= -2147483648.0:
        return np.int64(-2147483648)
    return np.int64(x)
''',
    "power": '''\
def power(x, y):
    """pow of C99; NumPy takes a square root where y is 0.5, which for -inf is nan."""
    if y == 0.5 and x == -np.inf:
        return -x
    return np.power(x, y)
''',
    "sigmoid": '''\
def sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    small = np.exp(-np.fabs(np.float64(x)))
    return 1.0 / (1.0 + small) if x >= 0.0 else small / (1.0 + small)
''',
    "softplus": '''\
def softplus(x):
    """log(1 + exp(x)) without overflow."""
    return np.maximum(np.float64(x), 0.0) + np.log1p(np.exp(-np.fabs(np.float64(x))))
''',
    "lgamma": '''\
def lgamma(x):
    """log |gamma(x)|; inf at 0, -1, -2, ... and at both infinities."""
    if x == np.inf or (x <= 0.0 and x == np.floor(x)):
        return np.inf
    return math.lgamma(x)
''',
    "digamma": '''\
def digamma(x):
    """The derivative of lgamma: reflection, recurrence to 10, asymptotic series (Abramowitz & Stegun 6.3)."""
    x = np.float64(x)
    if x == -np.inf or (x < 0.0 and x == np.floor(x)):
        return np.nan
    if x == 0.0:
        return np.copysign(np.inf, -x)
    if x == np.inf:
        return x
    total = np.float64(0.0)
    if x < 0.5:
        turns = x - np.rint(x)
        total = -np.pi / np.tan(np.pi * turns)
        x = 1.0 - x
    while x < 10.0:
        total = total - 1.0 / x
        x = x + 1.0
    y = 1.0 / (x * x)
    series = 1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - y * (691 / 32760 - y / 12)))))
    return total + np.log(x) - 0.5 / x - y * series
''',
    "trigamma": '''\
def trigamma(x):
    """The derivative of digamma: reflection, recurrence to 10, asymptotic series (Abramowitz & Stegun 6.4)."""
    x = np.float64(x)
    if x == np.inf:
        return np.float64(0.0)
    if x == -np.inf:
        return np.float64(np.nan)
    if x <= 0.0 and x == np.floor(x):
        return np.float64(np.inf)
    total, sign = np.float64(0.0), np.float64(1.0)
    if x < 0.5:
        sine = np.sin(np.pi * (x - np.rint(x)))
        total = (np.pi / sine) * (np.pi / sine)
        sign = np.float64(-1.0)
        x = 1.0 - x
    while x < 10.0:
        total = total + sign / (x * x)
        x = x + 1.0
    y = 1.0 / (x * x)
    series = 1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - y * (691 / 2730 - y * 7 / 6)))))
    return total + sign * (1.0 / x + 0.5 * y + y / x * series)
''',
    "tetragamma": '''\
def tetragamma(x):
    """The derivative of trigamma: reflection, recurrence to 10, asymptotic series (Abramowitz & Stegun 6.4)."""
    x = np.float64(x)
    if x == np.inf:
        return np.float64(-0.0)
    if x == -np.inf or (x < 0.0 and x == np.floor(x)):
        return np.float64(np.nan)
    if x == 0.0:
        return np.copysign(np.inf, -x)
    total = np.float64(0.0)
    if x < 0.5:
        turn = np.pi * (x - np.rint(x))
        ratio = np.pi / np.sin(turn)
        total = -2.0 * np.pi * ratio * ratio / np.tan(turn)
        x = 1.0 - x
    while x < 10.0:
        total = total - 2.0 / x / (x * x)
        x = x + 1.0
    y = 1.0 / (x * x)
    series = 1 / 2 - y * (1 / 6 - y * (1 / 6 - y * (3 / 10 - y * (5 / 6 - y * (691 / 210 - y * 35 / 2)))))
    return total - y * (1.0 + 1.0 / x + y * series)
''',
})  # fmt: skip
"""Source of the helper functions, by name; they use `math` and `np` only and no helper calls another."""
