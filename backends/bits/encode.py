"""Instructions from `assemble.loops` as x86-64 machine code: f(rdi = memory, rsi = rows, rdx = stride), with AVX2 or AVX-512.

Slots are as wide as a register; a chunk runs over all rows, `stride` bytes apart. Code is short, since each row reads it again:
with AVX-512 most slots are within a byte's reach of one of four pointers (Intel 64 and IA-32 Architectures Software Developer's
Manual, volume 2: 2.3 for the VEX prefix, 2.7 for EVEX and the displacement of one byte that counts registers).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

END = 6
"""The kind that ends a chunk."""

_OPCODES = (0xDB, 0xDF, 0xEB, 0xEF, 0x6F, 0x7F)
"""Of the kinds before it: VPAND, VPANDN, VPOR, VPXOR, and VMOVDQA both ways."""

_ENTRY = bytes.fromhex("4889f8")  # mov rax, rdi
_ROWS = bytes.fromhex("89f1")  # mov ecx, esi
_AGAIN = bytes.fromhex("ffc90f85")  # dec ecx; jnz, with four bytes to come
_RETURN = bytes.fromhex("c5f877c3")  # vzeroupper; ret

_POINTERS = {"rdi": ("488db8", "4801d7"), "r8": ("4c8d80", "4901d0"), "r9": ("4c8d88", "4901d1"), "r10": ("4c8d90", "4901d2")}
"""lea pointer, [rax + four bytes to come]; add pointer, rdx."""

_REACH = 256
"""Slots about a pointer that a byte reaches: 128 before it, and from it on 128."""

MEMORY = 32
"""The first name of a second operand that is no register: each pointer with a byte, then rdi with four."""


@dataclass(frozen=True)
class _Form:
    """How a processor reads instructions: ``encoded(opcode, d, x, name)`` without the displacement, which begins at byte
    ``at``; how many pointers reach with a byte; the length of an instruction of registers."""

    encoded: Callable[[int, int, int, int], int]
    at: int
    near: int
    short: int


def _vex(op: int, d: int, x: int, name: int) -> int:
    """256 bits: C5 with memory, C4 with a register."""
    vvvv, low, inverted = (15 - x % 16) << 3 | 5, d % 8 << 3, (d % 16 < 8) << 7
    if name >= MEMORY:
        return _joined(0xC5, inverted | vvvv, op, 0x87 | low)
    return _joined(0xC4, inverted | 0x41 | (name % 16 < 8) << 5, vvvv, op, 0xC0 | low | name % 8)


def _evex(op: int, d: int, x: int, name: int) -> int:
    """512 bits, of 64-bit elements."""
    near = name - MEMORY
    modrm = 0xC0 | name % 8 if near < 0 else (0x47, 0x40, 0x41, 0x42)[near] if near < len(_POINTERS) else 0x87
    high = (~name >> 4 & 1) << 6 | (~name >> 3 & 1) << 5 if near < 0 else 0x40 | (modrm % 8 == 7) << 5
    p0 = (~d >> 3 & 1) << 7 | high | (~d >> 4 & 1) << 4 | 1
    return _joined(0x62, p0, 0x85 | (~x & 15) << 3, 0x40 | (~x >> 4 & 1) << 3, op, modrm | d % 8 << 3)


def _joined(*parts: int) -> int:
    return int.from_bytes(bytes(parts), "little")


_FORMS = {32: _Form(_vex, 4, 0, 5), 64: _Form(_evex, 6, len(_POINTERS), 6)}


def encode(code: NDArray[np.int64], width: int) -> bytes:
    """Machine code with registers of so many bytes: 32 (AVX2, 16 of them) or 64 (AVX-512, 32 of them)."""
    form, (kinds, targets, firsts, names, lengths_of) = _FORMS[width], _tables(width)
    memory, y = code >> 13 & 1, code >> 14
    pointer = np.minimum(y // _REACH, form.near)
    name = np.where(memory == 1, MEMORY + pointer, y)
    offset = np.where(pointer < form.near, y - _REACH // 2, width * (y - _middle(form)))
    head = kinds[code & 7 | memory << 3] ^ targets[code >> 3 & 31 | memory << 5] ^ firsts[code >> 8 & 63] ^ names[name]
    lengths = lengths_of[name]
    ends = np.flatnonzero(code & 7 == END)
    lengths[ends] = 0
    after = np.cumsum(lengths)
    rows = np.empty(len(code), dtype=[("head", "<i8"), ("tail", "<u4")])
    rows["head"] = np.where(memory == 1, head ^ (offset & 0xFFFF_FFFF) << 8 * form.at, head)
    rows["tail"] = offset >> 64 - 8 * form.at & 0xFFFF_FFFF
    # Each instruction is put down whole, twelve bytes, and the next on what is too much of it.
    flat = np.zeros(int(after[-1]) + rows.itemsize if len(code) else 0, dtype=np.uint8)
    places = len(flat) - rows.itemsize + 1 if len(code) else 0
    np.lib.stride_tricks.as_strided(flat[: rows.itemsize].view(rows.dtype), (places,), (1,))[after - lengths] = rows
    return _chunks(flat.tobytes(), [0, *after[ends].tolist()], width)


def _chunks(code: bytes, ends: list[int], width: int) -> bytes:
    """Each chunk in a loop over rows, with the pointers it needs."""
    form = _FORMS[width]
    pointers = list(_POINTERS.values())[: max(form.near, 1)]
    begin = _ROWS + b"".join(
        bytes.fromhex(lea) + _four(width * (k * _REACH + _middle(form))) for k, (lea, _) in enumerate(pointers))
    step = b"".join(bytes.fromhex(add) for _, add in pointers) + _AGAIN
    parts = [_ENTRY]
    for start, end in pairwise(ends):
        body = code[start:end] + step
        parts += [begin, body, _four(-len(body) - 4)]
    return b"".join([*parts, _RETURN])


def _middle(form: _Form) -> int:
    """The slot that rdi points to."""
    return _REACH // 2 if form.near else 0


def _four(number: int) -> bytes:
    return number.to_bytes(4, "little", signed=True)


@cache
def _tables(width: int) -> tuple[NDArray[np.int64], ...]:
    """What kind, d, x and name are each of an instruction, to be joined by exclusive or; and lengths by name. Of the first
    three those of instructions with memory come after those without."""
    form, far = _FORMS[width], MEMORY + _FORMS[width].near
    encoded, op = form.encoded, _OPCODES[0]
    forms = (0, far)
    none = [encoded(op, 0, 0, name) for name in forms]
    kinds = [encoded(o, 0, 0, name) for name in forms for o in (*_OPCODES, 0, 0)]
    targets = [encoded(op, d, 0, name) ^ none[k] for k, name in enumerate(forms) for d in range(32)]
    firsts = [encoded(op, 0, x, name) ^ none[k] for k, name in enumerate(forms) for x in range(32)]
    names = [encoded(op, 0, 0, name) ^ none[name >= MEMORY] for name in range(far + 1)]
    lengths = [form.short if name < MEMORY else form.at + (1 if name < far else 4) for name in range(far + 1)]
    return tuple(np.array(table, dtype=np.int64) for table in (kinds, targets, firsts, names, lengths))
