"""The kernels of this folder: texts in the compiler's own loop language, `NAME.loops`, as functions on arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...ir.loops.nest import Kernel
from ...ir.loops.text import parse
from ..cache import Cache
from ..llvm.emit import emit
from ..llvm.jit import Options, kept_object_code, load
from ..llvm.target import host


def kernel(name: str) -> Kernel:
    """The kernel of that name."""
    return parse(Path(__file__).with_name(f"{name}.loops").read_text(encoding="utf-8"))


def call(name: str, inputs: Sequence[NDArray[Any] | int], sizes: Sequence[int], outputs: Sequence[NDArray[Any]]) -> None:
    """Run a kernel: arrays as it says, contiguous, the outputs written. Raises MemoryError where it got none."""
    record = np.zeros(4, dtype=np.int64)
    slots = [v if isinstance(v, int) else v.ctypes.data for v in (*inputs, *sizes, *outputs, record)]
    if _function(name)((ctypes.c_int64 * len(slots))(*slots)):
        raise MemoryError(f"there is not enough memory for pb.bits.{name}")


@cache
def _function(name: str) -> Any:
    read = kernel(name)
    loaded = load(kept_object_code(emit(read), Options(level=3), host(), Cache.default()), [read.name])
    function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(loaded[read.name])
    function.keeps = loaded  # type: ignore[attr-defined]
    return function
