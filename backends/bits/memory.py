"""Memory that code of ours lies in, and memory whose rows begin where lines of the cache do."""

from __future__ import annotations

import ctypes
import mmap
import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LINE = 64
"""Bytes of a line: loads that cross one cost twice as much."""


def aligned(count: int) -> tuple[NDArray[np.uint8], int]:
    """So many bytes, and the address of the first that begins a line."""
    memory = np.empty(count + LINE, dtype=np.uint8)
    return memory, -(-memory.ctypes.data // LINE) * LINE


@dataclass(frozen=True, eq=False)
class Executable:
    """Machine code in this process, for as long as this object lives."""

    address: int
    _memory: Any


def executable(code: bytes) -> Executable | None:
    """The code where it can be run, and no longer be written; None where the system does not let us."""
    if os.name != "posix":
        return None
    try:
        memory = mmap.mmap(-1, len(code), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE)
    except OSError:
        return None
    memory.write(code)
    view = (ctypes.c_char * len(code)).from_buffer(memory)  # as long as it lives, the memory stays
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    if protect(ctypes.addressof(view), len(code), mmap.PROT_READ | mmap.PROT_EXEC):
        return None
    return Executable(ctypes.addressof(view), (memory, view))
