"""What people who come from other languages write, and how it is written here: hints for names that are none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

_LOOP = "it is a loop over indices: `{0} i: x[i]`"

NAMES: Mapping[str, str] = MappingProxyType({
    **{name: _LOOP.format(name) for name in ("sum", "prod", "mean", "all", "any", "argmax", "argmin")},
    **dict.fromkeys(("dot", "inner", "vdot"), "write out the sum: `sum i: x[i] * y[i]`"),
    **dict.fromkeys(("matmul", "mm", "einsum"), "write out the sum: `for i, j: sum k: a[i, k] * b[k, j]`"),
    **dict.fromkeys(("zeros", "ones", "full", "empty"), "an array is built by `for i < n: 0.0`"),
    **dict.fromkeys(("arange", "linspace", "range"), "a range stands in a loop: `for i < n: …`"),
    **dict.fromkeys(("int", "integer"), "write `i64(…)`"),
    **dict.fromkeys(("float", "double"), "write `f64(…)`"),
    **dict.fromkeys(("pow", "power"), "power is written `x^y`"),
    **dict.fromkeys(("cumsum", "cumprod"), "write `scan s = 0 for i: s + x[i]`"),
    **dict.fromkeys(("where", "cond", "ifelse"), "write `if condition then a else b`"),
    **dict.fromkeys(("np", "numpy", "jnp", "math", "torch"), "functions of numbers are built in: `sin(x)`"),
    **dict.fromkeys(("None", "null", "nil"), "every expression has a value; there is nothing that stands for none"),
    "norm": "write `sqrt(sum i: x[i]^2)`", "ln": "the natural logarithm is `log`", "log10": "write `log(x) / log(10)`",
    "square": "write `x^2`", "cbrt": "write `x^(1/3)`", "transpose": "write `for i, j: a[j, i]`",
    "True": "write `true`", "False": "write `false`", "shape": "the size of the first axis is `len(x)`",
})  # fmt: skip

FIELDS: Mapping[str, str] = MappingProxyType({
    **{name: f"write `{name} i: x[i]`" for name in ("sum", "prod", "mean", "max", "min", "all", "any", "argmax", "argmin")},
    **dict.fromkeys(("shape", "size", "length", "len"), "sizes have names, as `n` in `x: f64[n]`; of the first axis, `len(x)`"),
    **dict.fromkeys(("T", "transpose"), "write `for i, j: a[j, i]`"),
    **dict.fromkeys(("dot", "matmul"), "write out the sum: `sum i: x[i] * y[i]`"),
})  # fmt: skip


def name(written: str) -> str | None:
    """The hint for a name nothing is known by."""
    power = re.fullmatch(r"(\w*[^\W\d²³])([²³])", written)
    if power:
        return f"a power is written `{power[1]}^{'23'['²³'.index(power[2])]}`"
    return NAMES.get(written)


def field(written: str) -> str | None:
    """The hint for a field of an array or a number."""
    return FIELDS.get(written)
