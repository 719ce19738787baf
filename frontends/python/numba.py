"""Both ways between Python's two compilers: functions of ours for `@njit` code, `@njit` functions as our operations."""

from __future__ import annotations

from typing import Any

from ...backends.numba.foreign import operation
from .function import Function

__all__ = ["numba_function", "operation"]


def numba_function(function: Function) -> Any:
    """The function as one that `@njit` code can call: arrays and numbers in, arrays and numbers out.

    Parameters and results that are tuples or records are given part by part, left to right; several results come as one
    flat tuple. Arrays are of the exact dtype, nothing is converted; new arrays are returned. It releases the GIL and may be
    called in `prange`. Raises, inside compiled code too, TypeError for another dtype, ValueError for sizes that do not fit
    and IndexError where a check of the program fails. Compiled by Numba, for the types it meets, when it is first called."""
    from ...backends.numba.bridge import numba_function as bridge

    return bridge(function.executable)
