"""Every way to run a term, so that tests can hold one against another.

`interpreted` is the meaning. `lowered` makes the kernel, verified, after a trip through its own text. `in_python` runs the
kernel as the Numba backend prints it, by CPython; `Machine` is its machine code, called as every entry calls it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ...backends.interpreter.evaluate import run
from ...backends.llvm import jit, library
from ...backends.llvm.emit import emit, imports
from ...backends.numba.run import KernelError, compile_numba
from ...core.objects import Wire, element, shape
from ...ir.evaluate import evaluate
from ...ir.loops import nest
from ...ir.loops import text as kernel_text
from ...ir.loops import verify as kernels
from ...ir.lower import lower
from ...ir.passes.lanes import is_eligible
from ...ir.passes.stage import Stage
from ...ir.unary import term as t

Sizes = Mapping[str, int]


class Failed(Exception):
    """A kernel stopped with the code of an error record: 1 a check, 2 memory."""


def interpreted(term: t.Term, args: Sequence[Any], sizes: Sizes) -> list[Any]:
    with np.errstate(all="ignore"):
        return run(term, args, sizes)


def lowered(term: t.Term, lanes: str = "") -> nest.Kernel:
    """The kernel of a term, found well formed, and read back from its text.

    ``lanes`` "outer" or "inner": two iterations side by side, in the outermost or innermost loops that can be. The pass
    takes more and weighs what pays; two are enough to be wrong, and leave a rest of one, on arrays as short as ours."""
    kernel = lower(evaluate(term))
    kernels.verify(kernel)
    if lanes:
        kernel = abreast(kernel, lanes)
        kernels.verify(kernel)
    text = kernel_text.show(kernel)
    read = kernel_text.parse(text)
    assert read == kernel, f"parse(show(kernel)) is another kernel:\n{text}"
    return read


def abreast(kernel: nest.Kernel, lanes: str) -> nest.Kernel:
    """A kernel as `lowered` makes it, in lanes."""
    return Stage().run(replace(kernel, body=_abreast(kernel.body, lanes == "outer")))


def in_python(kernel: nest.Kernel, args: Sequence[Any], sizes: Sizes) -> list[Any]:
    try:
        return list(compile_numba(kernel, jit=False)(*args, **sizes))
    except KernelError as error:
        raise Failed(error.record[0]) from None


def _abreast(statements: Sequence[nest.Statement], outer: bool) -> tuple[nest.Statement, ...]:
    made: list[nest.Statement] = []
    for s in statements:
        match s:
            case nest.For():
                inner = s if outer and s.parallel and is_eligible(s) else replace(s, body=_abreast(s.body, outer))
                fits = (
                    s.parallel
                    and is_eligible(s)
                    and not any(isinstance(b, nest.For) and b.lanes > 1 for b in every(inner.body))
                )
                made.append(replace(inner, lanes=2) if fits else inner)
            case nest.Loop():
                made.append(replace(s, head=_abreast(s.head, outer), body=_abreast(s.body, outer)))
            case nest.If():
                made.append(replace(s, then=_abreast(s.then, outer), orelse=_abreast(s.orelse, outer)))
            case _:
                made.append(s)
    return tuple(made)


def every(statements: Sequence[nest.Statement]) -> Iterator[nest.Statement]:
    """All statements, also those inside others."""
    for s in statements:
        yield s
        for block in ("head", "body", "then", "orelse"):
            yield from every(getattr(s, block, ()))


@cache
def _compiled(symbol: str) -> bytes:
    """A function of the library: the same few are called by all kernels."""
    return jit.object_code(library.module(symbol))


class Machine:
    """Machine code of a kernel. Outputs are filled with what no kernel computes, so that what is not written shows."""

    def __init__(self, kernel: nest.Kernel, level: int = 2, mode: str = "contract") -> None:
        self.kernel = kernel
        text = emit(kernel, mode)
        code, others = jit.object_code(text, jit.Options(level)), map(_compiled, library.called(text))
        self.code = jit.load(code, [kernel.name], imports(kernel), others)
        self.function = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(self.code[kernel.name])

    def __call__(self, args: Sequence[Any], sizes: Sizes, cod: Sequence[Wire]) -> list[Any]:
        inputs = [_input(p, a) for p, a in zip(self.kernel.inputs, args, strict=True)]
        outputs = [np.frombuffer(bytearray(b"\xa5" * (_bytes(w, sizes) + 64)), np.uint8) for w in cod]
        slots = [value for value, _ in inputs] + [sizes[s] for s in self.kernel.sizes]
        slots += [o.ctypes.data for o in outputs]
        record = np.zeros(4, np.int64)
        words = np.array([*slots, record.ctypes.data], np.int64)
        if self.function(words.ctypes.data):
            raise Failed(int(record[0]))
        results = []
        for raw, wire in zip(outputs, cod, strict=True):
            count = _bytes(wire, sizes)
            assert (raw[count:] == 0xA5).all(), "the kernel wrote past the end of an output"
            results.append(raw[:count].view(element(wire).dtype).reshape(_extents(wire, sizes)))
        return results


def _extents(wire: Wire, sizes: Sizes) -> list[int]:
    return [max(d.evaluate(sizes), 0) for d in shape(wire)]


def _bytes(wire: Wire, sizes: Sizes) -> int:
    return int(np.prod(_extents(wire, sizes), dtype=int)) * np.dtype(element(wire).dtype).itemsize


def _input(parameter: nest.Array | nest.Number, value: Any) -> tuple[int, Any]:
    """The word in the slot, and what must live as long as the call."""
    if isinstance(parameter, nest.Array):
        held = np.ascontiguousarray(value, parameter.element.dtype)
        return held.ctypes.data, held
    word = np.asarray(value, parameter.kind.dtype).tobytes().ljust(8, b"\0")
    return int(np.frombuffer(word, np.int64)[0]), word
