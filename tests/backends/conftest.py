"""Kernels written by hand, run by every backend that knows loop nests."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pullback.backends.llvm import jit, library
from pullback.backends.llvm.emit import emit, imports
from pullback.backends.numba.run import KernelError, compile_numba
from pullback.core.objects import I64
from pullback.ir.loops import nest
from pullback.ir.loops.sharing import Inseparable, sharing
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify


def in_lanes(kernel: nest.Kernel, lanes: int) -> nest.Kernel:
    """The kernel with that many lanes in its outermost parallel loops, and none in the others."""

    def statement(s: nest.Statement, lanes: int) -> nest.Statement:
        match s:
            case nest.For():
                here = lanes if s.parallel else 1
                return replace(s, lanes=here, body=block(s.body, 1 if here > 1 else lanes))
            case nest.Loop():
                return replace(s, head=block(s.head, lanes), body=block(s.body, lanes))
            case nest.If():
                return replace(s, then=block(s.then, lanes), orelse=block(s.orelse, lanes))
        return s

    def block(body: tuple[nest.Statement, ...], lanes: int) -> tuple[nest.Statement, ...]:
        return tuple(statement(s, lanes) for s in body)

    return replace(kernel, body=block(kernel.body, lanes))


def in_parts(kernel: nest.Kernel, parts: int) -> nest.Kernel:
    """The kernel with its outermost parallel loops cut into so many parts, where that can be, for two threads."""

    def statement(s: nest.Statement) -> nest.Statement:
        match s:
            case nest.For():
                try:
                    return replace(s, split=nest.Split(nest.Literal(parts, I64), 2, tuple(sharing(s).summed)))
                except Inseparable:
                    return s if s.lanes > 1 else replace(s, body=tuple(map(statement, s.body)))
            case nest.Loop():
                return replace(s, head=tuple(map(statement, s.head)), body=tuple(map(statement, s.body)))
            case nest.If():
                return replace(s, then=tuple(map(statement, s.then)), orelse=tuple(map(statement, s.orelse)))
        return s

    cut = replace(kernel, body=tuple(map(statement, kernel.body)))
    verify(cut)
    assert parse(show(cut)) == cut
    return cut


def by_llvm(kernel: nest.Kernel, mode: str = "contract") -> Callable[..., tuple[Any, ...]]:
    """The kernel as a function from inputs to its outputs, through LLVM and its slots."""
    code, *others = library.objects(emit(kernel, mode))
    loaded = jit.load(code, [kernel.name], imports(kernel), others)
    call = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)(loaded[kernel.name])
    plain = compile_numba(kernel, jit=False)

    def function(*inputs: Any) -> tuple[Any, ...]:
        values = [np.array(v, dtype(p)) for p, v in zip(kernel.inputs, inputs, strict=True)]
        sizes = {n: d for p, v in zip(kernel.inputs, values, strict=True) if isinstance(p, nest.Array)
                 for n, d in zip(p.shape, v.shape, strict=True) if isinstance(n, str)}
        sizes = [sizes[n] for n in kernel.sizes]
        shapes = plain.shapes(*values, *map(np.int64, sizes))
        outputs = [np.full([max(0, d) for d in s], 77).astype(dtype(p)) if isinstance(p, nest.Array)
                   else np.full(8, 77, np.uint8) for p, s in zip(kernel.outputs, shapes, strict=True)]
        record = np.zeros(4, np.int64)
        slots = [v.ctypes.data if isinstance(p, nest.Array) else int.from_bytes(v.tobytes(), "little", signed=False)
                 for p, v in zip(kernel.inputs, values, strict=True)]
        slots += [*sizes, *(o.ctypes.data for o in outputs), record.ctypes.data]
        words = np.array([s & (2**64 - 1) for s in slots], np.uint64)
        before = [v.copy() for v in values]
        failed = call(words.ctypes.data)
        assert all(np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in zip(before, values, strict=True))
        if failed:
            raise KernelError(tuple(record.tolist()))
        return tuple(o if isinstance(p, nest.Array) else o.view(p.kind.dtype)[0]
                     for p, o in zip(kernel.outputs, outputs, strict=True))

    function.keep = loaded
    return function


def dtype(parameter: nest.Array | nest.Number) -> str:
    return parameter.element.dtype if isinstance(parameter, nest.Array) else parameter.kind.dtype


BACKENDS: dict[str, Callable[[nest.Kernel], Callable[..., tuple[Any, ...]]]] = {
    "llvm": lambda k: by_llvm(in_lanes(k, 1)),
    "lanes 4": lambda k: by_llvm(in_lanes(k, 4)),
    "lanes 8": lambda k: by_llvm(in_lanes(k, 8)),
    "lanes 2, parts 3": lambda k: by_llvm(in_parts(in_lanes(k, 2), 3)),
    "python": lambda k: compile_numba(k, jit=False),
}


@pytest.fixture(params=BACKENDS)
def compiled(request: pytest.FixtureRequest) -> Callable[[str], Callable[..., tuple[Any, ...]]]:
    """`compiled(text)` is the kernel in one of the backends: a function from inputs to the tuple of outputs."""

    def make(text: str) -> Callable[..., tuple[Any, ...]]:
        kernel = parse(text)
        verify(kernel)
        assert parse(show(kernel)) == kernel
        if " parallel" in text:
            assert "<4 x" in emit(in_lanes(kernel, 4)), "the loop is refused lanes"
        return BACKENDS[request.param](kernel)

    return make


@pytest.fixture
def llvm() -> Callable[..., Callable[..., tuple[Any, ...]]]:
    """`llvm(text, lanes=1, mode="contract")`."""

    def make(text: str, lanes: int = 1, mode: str = "contract") -> Callable[..., tuple[Any, ...]]:
        kernel = parse(text)
        verify(kernel)
        return by_llvm(in_lanes(kernel, lanes), mode)

    return make


@pytest.fixture(scope="session")
def in_all() -> Callable[[nest.Kernel], dict[str, Callable[..., tuple[Any, ...]]]]:
    """`in_all(kernel)`: the kernel in every backend, by name."""
    return lambda kernel: {name: make(kernel) for name, make in BACKENDS.items() if name != "lanes 8"}


@pytest.fixture(scope="session")
def lanes_of() -> Callable[[nest.Kernel, int], nest.Kernel]:
    return in_lanes
