"""A kernel as an LLVM module in text.

`define i32 @NAME(ptr %slots)` is what is called (`entry.py` says what is in the slots). It unpacks them for an internal
function whose parameters tell LLVM what no address can: that nothing aliases an output and inputs are only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...ir.loops import nest
from . import emit_foreign as foreign
from . import library
from .emit_body import Body, Frame, Module, Slot
from .emit_contract import contract
from .emit_instructions import llvm_type
from .emit_lanes import run_in_lanes
from .emit_memory import RUNTIME, Buffer, every, load, stack_buffers, store
from .emit_parts import run_in_parts
from .emit_writer import FunctionWriter
from .pool import DECLARATION, RUN, pool
from .text import Value, Writer, constant

__all__ = ["FLAGS", "emit", "imports", "is_shared"]

FLAGS = {"strict": "", "contract": "contract", "fastmath": "fast"}
"""LLVM's flags for each floating-point mode: ``strict`` rounds every operation, ``contract`` may fuse a product and a
sum, ``fastmath`` may do what is true of real numbers (and assumes there are no NaN and no infinities)."""


def emit(kernel: nest.Kernel, mode: str = "contract") -> str:
    """The LLVM module of a kernel; the same text for the same kernel and mode (one of `FLAGS`).

    The module names no target. Running the kernel fills the error record with (code, site, value, bound): code 1 for a
    check, 2 for memory that cannot be had."""
    inner = f"{kernel.name}.body"
    body, called = _body(kernel, inner, FLAGS[mode])
    parts = [foreign.declarations(kernel), _wrapper(kernel, inner), body, library.declarations(called),
             *(text for name, text in (RUNTIME | {f"@{RUN}": DECLARATION}).items() if name in body)]
    return "\n".join(part for part in parts if part)


def imports(kernel: nest.Kernel) -> Mapping[str, int]:
    """The address of every symbol that the kernel's code needs; good as long as the kernel lives.

    Raises ValueError for a kernel that was read from text without what it calls."""
    return {**foreign.imports(kernel), **(pool().imports if is_shared(kernel) else {})}


def is_shared(kernel: nest.Kernel) -> bool:
    """Whether threads share loops of it, so that it needs the pool."""
    return any(isinstance(s, nest.For) and s.split is not None for s in every(kernel.body))


def _parameters(kernel: nest.Kernel) -> Iterator[tuple[str, nest.Array | nest.Number | None, bool]]:
    """Name, what it is (None for a size), and whether it is an output, in the order of the slots."""
    for parameter in kernel.inputs:
        yield parameter.name, parameter, False
    for size in kernel.sizes:
        yield size, None, False
    for parameter in kernel.outputs:
        yield parameter.name, parameter, True


def _value(number: int, parameter: nest.Array | nest.Number | None, output: bool) -> tuple[str, Value]:
    """The attributes and the value of a parameter of the inner function."""
    if parameter is None:
        return "", Value("i64", f"%p{number}")
    if output:
        return "noalias", Value("ptr", f"%p{number}")
    if isinstance(parameter, nest.Array):
        return "noalias readonly", Value("ptr", f"%p{number}")
    return "", Value(llvm_type(parameter.kind), f"%p{number}")


# -- the function that is called ---------------------------------------------------------------------------------------
def _wrapper(kernel: nest.Kernel, inner: str) -> str:
    w, slots, arguments = Writer(), Value("ptr", "%slots"), []
    for number, (_, parameter, output) in enumerate(_parameters(kernel)):
        slot = w.gep("i64", slots, number)
        if isinstance(parameter, nest.Number) and not output:
            arguments.append(load(w, parameter.kind, slot))
        else:
            arguments.append(w.load(_value(number, parameter, output)[1].type, slot))
    arguments.append(w.load("ptr", w.gep("i64", slots, len(arguments))))
    w.ret(w.call("i32", inner, arguments))
    return w.function(kernel.name, [slots], "i32", attributes="nounwind")


# -- the function that computes ----------------------------------------------------------------------------------------
def _body(kernel: nest.Kernel, inner: str, flags: str) -> tuple[str, set[str]]:
    """The text, and the symbols that it calls."""
    w = FunctionWriter(flags)
    error = Value("ptr", "%error")
    module = Module(kernel.name)
    frame = Frame(w, error, stack_buffers(kernel.body), module)
    signature: list[Value] = []
    results: list[tuple[Slot, Value]] = []
    for number, (name, parameter, output) in enumerate(_parameters(kernel)):
        attributes, value = _value(number, parameter, output)
        signature.append(Value(f"{value.type} {attributes}".rstrip(), value.name))
        w.comment(f"{value.name} {name}")
        if isinstance(parameter, nest.Array):
            frame.buffers[name] = Buffer(parameter.element, parameter.shape, value)
        elif output:
            assert parameter is not None
            slot = frame.cells[name] = Slot(w.alloca(llvm_type(parameter.kind)), parameter.kind)
            w.store(constant(llvm_type(parameter.kind), 0), slot.pointer)
            results.append((slot, value))
        else:
            frame.values[name] = value
    body = Body(frame, _at_once, run_in_parts)
    body.top(kernel.body)
    for slot, pointer in results:
        store(w, slot.kind, body.now(slot), pointer)
    frame.leave(0)
    frame.finish()
    text = w.function(inner, [*signature, Value("ptr noalias", error.name)], "i32", "internal", "noinline nounwind")
    return "\n".join([text, *module.functions.values()]), w.dependencies | module.needed


def _at_once(body: Body, loop: nest.For, start: Value | None, bound: Value) -> bool:
    """Several iterations at once, in tiles or lanes."""
    return (contract if loop.tile else run_in_lanes)(body, loop, start, bound)
