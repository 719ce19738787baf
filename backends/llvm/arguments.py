"""What a compiled function takes and returns, and how Python values become that, or an error in words.

The compiled entry (`entry.py`) takes exact arguments by itself. Everything else comes here: lists, other array
libraries (DLPack, `__array_interface__`), views that are not contiguous, foreign byte orders, widening. Nothing is
narrowed: an f64 array for an f32 parameter is refused. A Python float or list has no precision of its own and takes
the parameter's.
"""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.errors import ArgumentFault
from ...core.objects import Scalar
from ...core.sizes import Size
from ...ir.unary.extents import LIMIT, LONGEST

__all__ = ["Input", "Output", "Signature", "bind_sizes", "convert", "convert_one", "type_text"]


@dataclass(frozen=True)
class Input:
    """One argument. `dtype` is NumPy's short name ("f8", "f4", "i8", "?"); without `dims` it is a scalar. A scalar
    integer may `bind` a size atom: its value is that size. `modular` is the z<n> or sat<n> its elements belong to."""

    name: str
    dtype: str
    dims: tuple[Size, ...] = ()
    binds: str | None = None
    modular: Scalar | None = None


@dataclass(frozen=True)
class Output:
    """One result: an array, or without `dims` a scalar (returned as a Python number)."""

    dtype: str
    dims: tuple[Size, ...] = ()


@dataclass(frozen=True)
class Signature:
    """The arguments, the size atoms in the order the kernel wants them, and the results of one function; `derived` are
    other sizes of the program, which follow from these and are not negative.

    `extents` are polynomials in the sizes that must stay below 2⁶², so that no size the kernel computes overflows."""

    name: str
    inputs: tuple[Input, ...]
    sizes: tuple[str, ...]
    outputs: tuple[Output, ...]
    derived: tuple[tuple[str, Size], ...] = ()
    extents: tuple[Size, ...] = ()

    def __post_init__(self) -> None:
        bound = {dim.name for i in self.inputs for dim in i.dims} | {i.binds for i in self.inputs}
        for atom in self.sizes:
            if atom not in bound:
                raise ValueError(f"size `{atom}` of `{self.name}` is not a dimension of any argument")
        items: list[Input | Output] = [*self.inputs, *self.outputs]
        every = {a for item in items for dim in item.dims for a in dim.atoms}
        if unknown := sorted(every - set(self.sizes)):
            raise ValueError(f"size `{unknown[0]}` of `{self.name}` is not among its sizes {list(self.sizes)}")


    def longest(self, atom: str) -> int:
        """Up to where a size may be taken without a closer look: `check_extents` would not refuse it."""
        limit = LONGEST
        for extent in self.extents:
            while atom in extent.atoms and extent.evaluate(dict.fromkeys(extent.atoms, limit)) >= LIMIT:
                limit //= 2
        return limit


def dtype_text(dtype: Any) -> str:
    """A dtype as the language writes it: f64, i32, bool."""
    dtype = np.dtype(dtype)
    if dtype.char == "?":
        return "bool"
    return f"{dtype.kind}{8 * dtype.itemsize}" if dtype.kind in "fiu" else str(dtype)


def type_text(item: Input | Output) -> str:
    """`f64[n, d]`."""
    return dtype_text(item.dtype) + (f"[{', '.join(map(str, item.dims))}]" if item.dims else "")


def convert(signature: Signature, args: Sequence[Any]) -> list[Any]:
    """The arguments as the kernel can take them: aligned, native, C-contiguous arrays of the exact dtype, and Python
    numbers. Raises ArgumentFault: PB0601 number of arguments, PB0602 not convertible, PB0603 number of dimensions,
    PB0605 narrowing, PB0606 an integer out of range."""
    inputs = signature.inputs
    if len(args) != len(inputs):
        names = ", ".join(f"{i.name}: {type_text(i)}" for i in inputs)
        count = f"{len(inputs)} argument{'' if len(inputs) == 1 else 's'}"
        raise ArgumentFault("PB0601", f"`{signature.name}` takes {count}, not {len(args)}", hint=f"it takes ({names})")
    pairs = zip(inputs, args, strict=True)
    return [convert_one(i, a, signature.name) for i, a in pairs]


def convert_one(item: Input, value: Any, function: str) -> Any:
    """One argument of a function, as `convert` does it."""
    return _array(item, value, function) if item.dims else _scalar(item, value, function)


def _array(item: Input, value: Any, function: str) -> np.ndarray:
    want = np.dtype(item.dtype)
    found = _as_array(item, value, function)
    if found.ndim != len(item.dims):
        raise ArgumentFault(
            "PB0603",
            f"`{item.name}` of `{function}` is {type_text(item)}, an array of {_dimensions(len(item.dims))}, "
            f"but the argument has {_dimensions(found.ndim)}: shape {found.shape}",
            hint=_rank_hint(item, found),
        )
    typeless = isinstance(value, (list, tuple, range)) and not any(_has_dtype(v) for v in _leaves(value))
    return np.require(_checked_dtype(item, found, want, typeless, function), want, ["C", "A"])


def _as_array(item: Input, value: Any, function: str) -> np.ndarray:
    """Whatever NumPy, DLPack or the array protocols can show as an array, without copying where that can be."""
    if isinstance(value, np.ma.MaskedArray):
        raise _unusable(item, function, "a masked array, whose mask would be lost", "fill it: `x.filled(value)`")
    if isinstance(value, np.ndarray):
        return np.asarray(value)
    try:
        known = hasattr(value, "__array_interface__") or hasattr(value, "__array__")
        if hasattr(value, "__dlpack__") and not known:
            return np.from_dlpack(value)
        found = np.asarray(value)
    except Exception as error:  # whatever a foreign protocol raises
        raise _unusable(item, function, f"not an array ({type(value).__name__}: {error})") from None
    if found.dtype.kind not in "fiub":
        what = "complex" if found.dtype.kind == "c" else f"{type(value).__name__} of {found.dtype}"
        raise _unusable(item, function, f"not an array of real numbers, but {what}")
    return found


def _unusable(item: Input, function: str, what: str, hint: str | None = None) -> ArgumentFault:
    return ArgumentFault("PB0602", f"`{item.name}` of `{function}` is {type_text(item)}; the argument is {what}", hint=hint)


def _leaves(value: Any) -> Any:
    """The innermost items of nested lists."""
    for item in value:
        if isinstance(item, (list, tuple)):
            yield from _leaves(item)
        else:
            yield item


def _has_dtype(value: Any) -> bool:
    return hasattr(value, "dtype")


def _checked_dtype(item: Input, found: np.ndarray, want: np.dtype, typeless: bool, function: str) -> np.ndarray:
    """`found`, or the fault: only casts that keep every value are made. What has no dtype of its own (lists of Python
    numbers) may take any of the same kind that holds it."""
    have = found.dtype
    if have.kind not in "fiub":
        raise _unusable(item, function, f"not an array of real numbers, but of {have}")
    if have.newbyteorder("=") == want or _keeps_values(have, want) or (found.size == 0 and typeless):
        return found
    if want.kind == "b" or (typeless and want.kind in "iu"):
        with np.errstate(invalid="ignore"):
            cast = found.astype(want)
        if have.kind in "iu" and np.array_equal(cast.astype(have), found):
            return cast
    elif typeless and want.kind == "f" and have.kind in "fiu":
        return found
    raise ArgumentFault(
        "PB0605",
        f"`{item.name}` of `{function}` is {type_text(item)}; the argument is {dtype_text(have)}, "
        f"which {dtype_text(want)} does not hold without loss",
        hint=f"if the loss is meant: `{item.name}.astype(np.{want.name})`",
    )


def _keeps_values(have: np.dtype, want: np.dtype) -> bool:
    return have.kind != "b" and np.can_cast(have, want, "safe")


def _dimensions(count: int) -> str:
    return f"{count} dimension{'' if count == 1 else 's'}"


def _rank_hint(item: Input, found: np.ndarray) -> str | None:
    if found.ndim == len(item.dims) + 1 and 1 in found.shape:
        return "drop the dimension of size 1: `np.squeeze`"
    if found.ndim == len(item.dims) - 1:
        return "add a dimension: `x[:, None]` or `x[None, :]`"
    return None


def _scalar(item: Input, value: Any, function: str) -> Any:
    want = np.dtype(item.dtype)
    if not isinstance(value, (bool, int, float)) or isinstance(value, np.generic):
        found = value if isinstance(value, np.generic) else _as_array(item, value, function)
        if found.ndim:
            raise ArgumentFault(
                "PB0603",
                f"`{item.name}` of `{function}` is a number ({type_text(item)}), the argument an array {found.shape}",
                hint="index it, or map the function over it",
            )
        value = _checked_dtype(item, np.asarray(found), want, False, function).item()
    return _python_number(item, value, want, function)


def _python_number(item: Input, value: Any, want: np.dtype, function: str) -> Any:
    """A Python number checked against the parameter's type; floats are rounded to it."""
    if want.kind == "f":
        if isinstance(value, bool):
            raise _unusable(item, function, f"the truth value {value}", f"write {float(value)}")
        try:
            number = float(value)
        except OverflowError:
            raise _out_of_range(item, value, function) from None
        with np.errstate(over="ignore"):
            rounded = float(want.type(number))
        if math.isinf(rounded) and not math.isinf(number):
            raise _out_of_range(item, value, function)
        return rounded
    if want.kind == "b":
        if value not in (0, 1) or isinstance(value, float):
            raise _unusable(item, function, repr(value), "write True or False")
        return bool(value)
    if isinstance(value, (bool, float)):
        hint = f"write {int(value)}" if math.isfinite(value) and value == int(value) else None
        raise _unusable(item, function, f"{value!r}, not an integer", hint)
    info = np.iinfo(want)
    if not info.min <= value <= info.max:
        raise _out_of_range(item, value, function)
    return value


def _out_of_range(item: Input, value: Any, function: str) -> ArgumentFault:
    return ArgumentFault(
        "PB0606", f"`{item.name}` of `{function}` is {type_text(item)}, which does not reach {reprlib.repr(value)}"
    )


def bind_sizes(signature: Signature, values: Sequence[Any]) -> dict[str, int]:
    """The sizes that converted arguments give, each checked wherever it occurs. Raises ArgumentFault PB0604, which
    names both sizes and where each came from."""
    sizes: dict[str, int] = {}
    origins: dict[str, str] = {}
    for item, value in zip(signature.inputs, values, strict=True):
        if item.binds is not None:
            if value < 0:
                raise ArgumentFault("PB0604", f"`{item.name}` of `{signature.name}` is a size, and cannot be {value}")
            _bind(signature, item.binds, value, f"the value of `{item.name}`", sizes, origins)
        for axis, dim in enumerate(item.dims):
            if dim.name is not None:
                _bind(signature, dim.name, value.shape[axis], f"dimension {axis} of `{item.name}`", sizes, origins)
    for item, value in zip(signature.inputs, values, strict=True):
        for axis, dim in enumerate(item.dims):
            if dim.name is None:
                _check_composite(signature, item, axis, value.shape[axis], sizes, origins)
    check_extents(signature, sizes)
    return sizes


def check_extents(signature: Signature, sizes: Mapping[str, int]) -> None:
    """Raises ArgumentFault PB0604 where a size, or one computed from them, is beyond all memory and may overflow."""
    given = ", ".join(f"`{a}` = {sizes[a]}" for a in signature.sizes)
    if any(n > LONGEST for n in sizes.values()):
        raise ArgumentFault("PB0604", f"`{signature.name}` is given sizes beyond all memory: {given}")
    for extent in signature.extents:
        if extent.evaluate(sizes) >= LIMIT:
            raise ArgumentFault("PB0604", f"`{signature.name}` computes sizes up to {extent}, beyond all memory: {given}")


def _bind(signature: Signature, atom: str, size: int, origin: str, sizes: dict[str, int], origins: dict[str, str]) -> None:
    if sizes.setdefault(atom, size) != size:
        raise ArgumentFault(
            "PB0604",
            f"sizes do not agree in the call of `{signature.name}`: `{atom}` is {sizes[atom]} by {origins[atom]}, "
            f"but {size} by {origin}",
        )
    origins.setdefault(atom, origin)


def _check_composite(
    signature: Signature, item: Input, axis: int, size: int, sizes: Mapping[str, int], origins: Mapping[str, str]
) -> None:
    dim = item.dims[axis]
    expected = evaluate_size(signature, dim, sizes)
    if expected != size:
        known = ", ".join(f"`{a}` = {sizes[a]} by {origins[a]}" for a in sorted(dim.atoms))
        because = f"{dim} = {expected}, with {known}" if known else str(expected)
        raise ArgumentFault(
            "PB0604", f"dimension {axis} of `{item.name}` of `{signature.name}` is {size}, but should be {because}"
        )


def evaluate_size(signature: Signature, dim: Size, sizes: Mapping[str, int]) -> int:
    """The size's value, at least 0. Raises ArgumentFault PB0604 where it is negative or divides by zero."""
    if dim.name is not None:
        return sizes[dim.name]
    given = ", ".join(f"`{a}` = {sizes[a]}" for a in sorted(dim.atoms))
    try:
        value = dim.evaluate(sizes)
    except ZeroDivisionError:
        raise ArgumentFault("PB0604", f"`{signature.name}` needs the size {dim}, which divides by 0: {given}") from None
    if value < 0:
        raise ArgumentFault("PB0604", f"`{signature.name}` needs an array of size {dim} = {value}, below 0: {given}")
    return value
