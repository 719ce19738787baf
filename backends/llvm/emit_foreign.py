"""Calls of functions that are not ours: declared in the module, bound to their addresses when its code is loaded.

So machine code does not depend on what it calls, and is cached by its text alone. A bool goes through a C function as a byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from ...core.objects import BOOL
from ...ir.loops import nest
from .emit_instructions import llvm_type, memory_type
from .text import Value, Writer, quote

__all__ = ["call", "declarations", "imports", "symbol"]


def symbol(extern: str) -> str:
    """The symbol of a kernel's extern: none that LLVM or a library knows, whatever its name."""
    return f"pb.foreign.{extern}"


def call(w: Writer, s: nest.Call, args: list[Value]) -> Value:
    given = [w.cast("zext", a, "i8") if a.type == "i1" else a for a in args]
    result = w.call(memory_type(s.kind), symbol(s.function), given)
    return w.icmp("ne", result, 0) if s.kind == BOOL else Value(llvm_type(s.kind), result.name)


def declarations(kernel: nest.Kernel) -> str:
    """Externs read and write nothing of ours (`core.operation.External`)."""
    lines = []
    for e in kernel.externs:
        kinds = ", ".join("i8 zeroext" if k == BOOL else memory_type(k) for k in e.args)
        lines.append(f"declare {memory_type(e.result)} {quote(symbol(e.name))}({kinds}) nounwind memory(none)\n")
    return "".join(lines)


def imports(kernel: nest.Kernel) -> Mapping[str, int]:
    """The address of every symbol that the kernel's code needs; good as long as the kernel lives.

    Raises ValueError for a kernel that was read from text without what it calls."""
    addresses = {}
    for e in kernel.externs:
        if e.code is None:
            raise ValueError(f"kernel `{kernel.name}` calls `{e.name}`, which was not given")
        addresses[symbol(e.name)] = e.code.address()
    return addresses
