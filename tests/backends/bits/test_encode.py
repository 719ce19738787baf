"""Straight-line code is, byte for byte, what LLVM's assembler makes of the same instructions."""

from __future__ import annotations

import llvmlite.binding as llvm
import numpy as np
import pytest
from numpy.typing import NDArray

from pullback.backends.bits.assembler import widths
from pullback.backends.bits.encode import END, encode
from pullback.backends.llvm.target import host

LOAD, STORE = 4, 5
NAMES = {32: ("vpand", "vpandn", "vpor", "vpxor", "vmovdqa"), 64: ("vpandq", "vpandnq", "vporq", "vpxorq", "vmovdqa64")}
SLOTS = (0, 1, 2, 3, 4, 127, 128, 129, 255, 256, 511, 512, 1000, 1023, 1024, 1025, 5000, 10**6)
POINTERS = ("rdi", "r8", "r9", "r10")


def instruction(kind: int, d: int, x: int, y: int, memory: bool = True) -> int:
    return kind | d << 3 | x << 8 | memory << 13 | y << 14


def every(width: int) -> list[int]:
    """Each register in each place, each kind, and slots near and far."""
    registers = range(width // 2)
    made = [instruction(k % 4, r, (r * 7 + 3) % len(registers), (r * 5 + 1) % len(registers), False)
            for k in range(4) for r in registers]  # fmt: skip
    made += [instruction(k % 4, 3, 5, r, False) for k, r in enumerate(registers)]
    made += [instruction(k % 4, 2, r, 1, False) for k, r in enumerate(registers)]
    made += [instruction(kind, r, 0, slot) for kind in (LOAD, STORE) for r in registers for slot in SLOTS]
    return made + [instruction(k % 4, (k * 5) % len(registers), r, slot) for k, slot in enumerate(SLOTS) for r in registers]


def in_words(code: int, width: int) -> str:
    """The instruction as an assembler reads it, with the displacement as long as ours."""
    kind, d, x, memory, y = code & 7, code >> 3 & 31, code >> 8 & 31, code >> 13 & 1, code >> 14
    bank = "ymm" if width == 32 else "zmm"
    place = f"{bank}{y}" if not memory else f"[{reached(y, width)}]"
    name = NAMES[width][min(kind, LOAD)]
    operands = {LOAD: f"{bank}{d}, {place}", STORE: f"{place}, {bank}{d}"}.get(kind, f"{bank}{d}, {bank}{x}, {place}")
    far = "{disp32}" if width == 32 or y >= 4 * 256 else "{disp8}"
    return f"{far if memory else '{vex3}' if width == 32 else ''} {name} {operands}"


def reached(slot: int, width: int) -> str:
    if width == 32:
        return f"rdi + {32 * slot}"
    pointer = slot // 256 if slot < 4 * 256 else 0
    return f"{POINTERS[pointer]} + {64 * (slot - 256 * pointer - 128)}"


def assembled(chunks: list[list[int]], width: int) -> bytes:
    """The whole as LLVM assembles it, in an object."""
    pointers = {32: {"rdi": 0}, 64: {name: 64 * (256 * k + 128) for k, name in enumerate(POINTERS)}}[width]
    lines = [".intel_syntax noprefix", "mov rax, rdi"]
    for k, chunk in enumerate(chunks):
        lines += ["mov ecx, esi", *(f"{{disp32}} lea {name}, [rax + {at}]" for name, at in pointers.items()), f"chunk{k}:"]
        lines += [in_words(code, width) for code in chunk]
        lines += [*(f"add {name}, rdx" for name in pointers), "dec ecx", f"jnz chunk{k}"]
    lines += ["vzeroupper", "ret"]
    text = host().header + "\n".join(f'module asm "{line}"' for line in lines)
    triple = llvm.Target.from_triple(host().triple)
    machine = triple.create_target_machine(cpu="x86-64", features="+avx2,+avx512f", reloc="pic")
    return bytes(machine.emit_object(llvm.parse_assembly(text)))


@pytest.mark.parametrize("width", widths())
def test_instructions_are_what_an_assembler_makes_of_them(width: int) -> None:
    chunks = [every(width), every(width)[::-1]]
    code: NDArray[np.int64] = np.array([c for chunk in chunks for c in (*chunk, END)])
    assert encode(code, width) in assembled(chunks, width)


@pytest.mark.parametrize("width", widths())
def test_no_gates_are_no_chunk(width: int) -> None:
    assert encode(np.array([], dtype=np.int64), width) == bytes.fromhex("4889f8 c5f877c3")
