"""Running a kernel's Python source: compiled by Numba, or as it stands, slowly, by CPython."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...ir.loops import nest
from .instructions import HELPERS
from .printer import extern_names, identifier, shapes_name, source

__all__ = ["KernelError", "NumbaKernel", "compile_numba"]


class KernelError(Exception):
    """A kernel stopped with an error record: code (1 a check, 2 memory), site, value, bound."""

    def __init__(self, record: tuple[int, int, int, int]) -> None:
        super().__init__(*record)
        self.record = record


@dataclass(frozen=True)
class NumbaKernel:
    """A kernel as a Python function.

    ``function`` takes inputs, sizes, outputs and the error record, as the printed source says; with Numba it is a
    dispatcher, callable from `@njit` code. Calling the object itself allocates the outputs and returns them in a tuple."""

    kernel: nest.Kernel
    source: str
    function: Callable[..., Any]
    shapes: Callable[..., Any]

    def __call__(self, *inputs: Any, **sizes: int) -> tuple[Any, ...]:
        """The outputs (arrays, NumPy scalars) for inputs of the kernel's dtypes and any strides. Sizes that are no
        dimension of an input must be given by name. Raises KernelError, and TypeError for missing inputs or sizes."""
        kernel = self.kernel
        if len(inputs) != len(kernel.inputs):
            raise TypeError(f"{kernel.name} takes {len(kernel.inputs)} inputs, not {len(inputs)}")
        arguments = [_argument(p, value) for p, value in zip(kernel.inputs, inputs, strict=True)]
        known = {name: np.int64(value) for name, value in sizes.items()}
        for p, value in zip(kernel.inputs, arguments, strict=True):
            if isinstance(p, nest.Array):
                known |= {n: np.int64(d) for n, d in zip(p.shape, value.shape, strict=True) if n in kernel.sizes}
        missing = [n for n in kernel.sizes if n not in known]
        if missing:
            raise TypeError(f"{kernel.name}: size {', '.join(missing)} is no dimension of an input; give it by name")
        arguments += [known[n] for n in kernel.sizes]
        with np.errstate(all="ignore"):
            outputs = [np.empty([max(0, int(d)) for d in shape], _dtype(p))
                       for p, shape in zip(kernel.outputs, self.shapes(*arguments), strict=True)]
            record = np.zeros(4, np.int64)
            try:
                failed = self.function(*arguments, *outputs, record)
            except MemoryError:
                raise KernelError((2, -1, 0, 0)) from None
        if failed:
            code, site, value, bound = record.tolist()
            raise KernelError((code, site, value, bound))
        return tuple(o if isinstance(p, nest.Array) else o[0] for p, o in zip(kernel.outputs, outputs, strict=True))


def compile_numba(kernel: nest.Kernel, jit: bool = True) -> NumbaKernel:
    """The kernel, compiled by Numba on its first call; with ``jit`` false, run by CPython on NumPy scalars."""
    text = source(kernel)
    code = builtins.compile(text, f"<numba {kernel.name}>", "exec")
    names: dict[str, Any] = {"math": math, "np": np, **_foreign(kernel)}
    exec(code, names)
    if jit:
        import numba

        compiled = numba.njit(error_model="numpy", nogil=True)
        names |= {name: compiled(names[name]) for name in HELPERS if name in names}
        names |= {name: compiled(names[name]) for name in (identifier(kernel.name), shapes_name(kernel))}
    else:
        names["range"] = _indices
    return NumbaKernel(kernel, text, names[identifier(kernel.name)], names[shapes_name(kernel)])


def _foreign(kernel: nest.Kernel) -> dict[str, Any]:
    """The functions the source calls, under the names it has for them."""
    names = extern_names(kernel)
    found: dict[str, Any] = {}
    for e in kernel.externs:
        if e.code is None:
            raise ValueError(f"kernel `{kernel.name}` calls `{e.name}`, which was not given")
        found[names[e.name]] = e.code.function
    return found


def _indices(*bounds: int) -> Iterator[Any]:
    """`range` of i64, which wrap where Python's integers would grow."""
    return map(np.int64, builtins.range(*bounds))


def _dtype(parameter: nest.Array | nest.Number) -> str:
    return parameter.element.dtype if isinstance(parameter, nest.Array) else parameter.kind.dtype


def _argument(parameter: nest.Array | nest.Number, value: Any) -> Any:
    if isinstance(parameter, nest.Array):
        return np.asarray(value, parameter.element.dtype)
    return np.dtype(parameter.kind.dtype).type(value)
