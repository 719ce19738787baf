"""The way from a Python call into a kernel: a built-in function made of machine code.

The kernel is `define i32 @NAME(ptr %slots)`. The slots are i64, in this order:

    inputs    array: address of its data, C-contiguous
              scalar: its bits (f64; f32 in the low 32; integers extended to 64; bool 0 or 1)
    sizes     one per atom of the signature
    outputs   array: address of its data, not initialised
              scalar: address of an 8-byte cell, at whose start the value is to be stored
    error     address of an error record, i64[4]: code, site, value, bound

and it returns 0, or anything else having filled the error record in.

The entry checks types, dtypes, layout and sizes, allocates the results, releases the GIL around the kernel and wraps
the results. It takes exact arguments only (NumPy arrays of the very dtype, contiguous; Python numbers, NumPy scalars);
any other call it hands, unchanged, to the slow path in Python, which converts or refuses with words.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from ..cache import Cache
from . import cpython
from .arguments import Input, Output, Signature, bind_sizes, convert, evaluate_size, type_text
from .entry_text import RECORD, entry_symbol, entry_text
from .jit import DEFAULT, Loaded, Options, load
from .library import kept_objects
from .target import Target, host

__all__ = ["Call", "build", "call_slots", "link", "module"]

ErrorHandler = Callable[[tuple[int, int, int, int]], Any]
"""Raises the error that a record (code, site, value, bound) stands for."""


def build(
    text: str,
    signature: Signature,
    on_error: ErrorHandler,
    options: Options = DEFAULT,
    cache: Cache | None = None,
    target: Target | None = None,
    doc: str = "",
    symbol: str | None = None,
    imports: Mapping[str, int] = MappingProxyType({}),
) -> Callable[..., Any]:
    """Compile the module `text`, which defines the kernel under `symbol` (by default the signature's name), and `link` it."""
    target, symbol = target or host(), symbol or signature.name
    whole = module(text, signature, symbol, target)
    _, codes = kept_objects(whole, options, target, cache or Cache.default())
    return link(codes, signature, symbol, on_error, imports, doc)


def module(text: str, signature: Signature, symbol: str, target: Target) -> str:
    """The LLVM module of a kernel with its entry.

    Give a symbol that no C library has ("pb.kernel.exp"): LLVM may call `exp` or `memcpy` by name."""
    return target.header + text + (entry_text(signature, symbol) if cpython.supported() else "")


def link(
    codes: Sequence[bytes],
    signature: Signature,
    symbol: str,
    on_error: ErrorHandler,
    imports: Mapping[str, int] = MappingProxyType({}),
    doc: str = "",
) -> Callable[..., Any]:
    """A Python function of the signature's arguments, from the machine code of a `module` and, behind it, of what it calls of
    the library. One result is returned by itself, several as a tuple.

    ``imports`` are the addresses of functions that the module declares and nobody defines; they must stay good.

    Where the interpreter's objects are not laid out as we know them, the function is a Python object with the same
    behaviour.
    """
    fast = cpython.supported()
    call = Call(signature, on_error)
    symbols = [symbol, entry_symbol(symbol)] if fast else [symbol]
    known = {**cpython.addresses(), "pb.on_error": id(call.raise_error)} if fast else {}
    loaded = load(codes[0], symbols, {**imports, **known}, codes[1:])
    call.attach(loaded, loaded[symbol])
    if not fast:
        return call
    call.definition = cpython.MethodDefinition(
        signature.name.encode(), loaded[entry_symbol(symbol)], cpython.METH_FASTCALL, _doc(signature, doc).encode()
    )
    return cpython.builtin(call.definition, call)


def _doc(signature: Signature, doc: str) -> str:
    names = ", ".join(i.name for i in signature.inputs)
    return f"{signature.name}({names}{', ' if names else ''}/)\n--\n\n{doc}"


class Call:
    """The slow path of one kernel: converts the arguments and calls through ctypes. Owns the machine code."""

    def __init__(self, signature: Signature, on_error: ErrorHandler) -> None:
        self.signature = signature
        self.on_error = on_error
        self.definition: cpython.MethodDefinition | None = None
        self.raise_error = self._raise_error  # one bound method, whose address the entry holds
        self._loaded: Loaded | None = None
        self._kernel: Any = None

    def attach(self, loaded: Loaded, address: int) -> None:
        self._loaded = loaded
        self._kernel = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(address)  # releases the GIL

    def __call__(self, *args: Any) -> Any:
        return call_slots(self._kernel, self.signature, args, self.on_error)

    def into(self, results: Sequence[np.ndarray], args: Sequence[Any]) -> None:
        """Call the kernel with C-contiguous arrays of the very shapes and types for its results."""
        call_slots(self._kernel, self.signature, args, self.on_error, results)

    def __repr__(self) -> str:
        return f"<slow path of {self.signature.name}>"

    def _raise_error(self, record: bytes) -> Any:
        code, site, value, bound = np.frombuffer(record, np.int64).tolist()
        return self.on_error((code, site, value, bound))


def call_slots(kernel: Any, signature: Signature, args: Sequence[Any], on_error: ErrorHandler,
               given: Sequence[np.ndarray] | None = None) -> Any:
    """Call a kernel by its ctypes function, with any arguments that can be converted; some 20 µs, against an entry's
    fraction of one. Results are new, or the arrays ``given``."""
    values = convert(signature, args)
    sizes = bind_sizes(signature, values)
    shapes = [tuple(evaluate_size(signature, d, sizes) for d in o.dims) for o in signature.outputs]
    if given is None:
        results: Sequence[np.ndarray] = [_result(s, o, signature) for s, o in zip(shapes, signature.outputs, strict=True)]
    else:
        results = given
    for result, shape, o in zip(results, shapes, signature.outputs, strict=True):
        if (result.shape, result.dtype, result.flags.c_contiguous) != (shape, np.dtype(o.dtype), True):
            raise ValueError(f"a result of `{signature.name}` is {o.dtype}{list(shape)}, and does not fit where it should go")
    cells = np.zeros(len(signature.outputs), np.uint64)
    record = np.zeros(RECORD, np.int64)
    slots = [_input_slot(i, v) for i, v in zip(signature.inputs, values, strict=True)]
    slots += [sizes[atom] for atom in signature.sizes]
    for k, (output, result) in enumerate(zip(signature.outputs, results, strict=True)):
        slots.append(result.ctypes.data if output.dims else cells[k:].ctypes.data)
    slots.append(record.ctypes.data)
    if kernel((ctypes.c_uint64 * len(slots))(*(slot % 2**64 for slot in slots))):
        code, site, value, bound = record.tolist()
        return on_error((code, site, value, bound))
    out = [
        result if output.dims else cells[k : k + 1].view(output.dtype)[0].item()
        for k, (output, result) in enumerate(zip(signature.outputs, results, strict=True))
    ]
    return out[0] if len(out) == 1 else tuple(out)


def _result(shape: tuple[int, ...], output: Output, signature: Signature) -> np.ndarray:
    """Room for a result. Raises MemoryError where there is none, also where NumPy calls the number of bytes a wrong value."""
    try:
        return np.empty(shape, output.dtype)
    except ValueError:
        raise MemoryError(f"`{signature.name}` needs more memory than there is: {type_text(output)} is {shape}") from None


def _input_slot(item: Input, value: Any) -> int:
    if item.dims:
        return int(value.ctypes.data)
    dtype = np.dtype(item.dtype)
    if dtype.kind == "f":
        return int(np.array(value, dtype).view(f"u{dtype.itemsize}"))
    return int(value)
