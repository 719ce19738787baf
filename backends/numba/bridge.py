"""Compiled functions for `@njit` code: the loop nest as Python, under a function that makes its outputs.

    def dot(x, y):
        if not (x.dtype == dtype_f64): raise TypeError("`x` of `dot` is f64[n]")
        n = np.int64(x.shape[0])
        ...
        out = np.empty(1, np.float64)
        error = np.zeros(4, np.int64)
        if dot_kernel(x, y, n, out, error) != 0:
            raise IndexError("PB0701: index outside its array")
        return out[0]
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.errors import Span
from ...core.objects import element
from ...ir.loops import nest
from ..executable import Executable
from ..llvm.arguments import type_text
from .printer import Printer, identifier, shapes_name
from .run import compile_numba

__all__ = ["bridge_source", "numba_function"]


def numba_function(executable: Executable) -> Any:
    """The function as one of Numba's, compiled at its first call: wires in, in order, and out, several in a tuple.

    It takes arrays of the exact dtype, of any layout, and numbers. It raises TypeError for another dtype, ValueError for
    sizes that do not fit, IndexError where a check of the program fails, with constant texts as Numba must have them."""
    import numba

    kernel = replace(executable.kernel, name=f"{identifier(executable.term.name)}_kernel")
    compiled = compile_numba(kernel)
    text = bridge_source(executable, kernel)
    dtypes = {_dtype_name(p): np.dtype(p.element.dtype) for p in kernel.inputs if isinstance(p, nest.Array)}
    names: dict[str, Any] = {
        "np": np, **dtypes, identifier(kernel.name): compiled.function, shapes_name(kernel): compiled.shapes,
    }  # fmt: skip
    builtins.exec(builtins.compile(text, f"<numba {executable.term.name}>", "exec"), names)
    names[_inputs_name(kernel)] = numba.njit(names[_inputs_name(kernel)])
    function = names[identifier(executable.term.name)]
    function.__doc__ = f"{executable.term.name}, compiled from pullback"
    return numba.njit(function, nogil=True, error_model="numpy")


def bridge_source(executable: Executable, kernel: nest.Kernel) -> str:
    """The Python text: the shapes the inputs must have, and the function itself."""
    printer = Printer(kernel)
    inputs = printer.shapes(_inputs_name(kernel), kernel.inputs)
    names = [printer.name(p.name) for p in kernel.inputs]
    head = f"def {identifier(executable.term.name)}({', '.join(names)}):"
    lines = [*_received(executable, kernel, printer), *_called(executable, kernel, printer)]
    return "\n".join([inputs, "", head, *(f"    {line}" for line in lines)]) + "\n"


def _inputs_name(kernel: nest.Kernel) -> str:
    return f"{identifier(kernel.name)}_inputs"


def _dtype_name(parameter: nest.Array) -> str:
    return f"dtype_{parameter.element}"


def _received(executable: Executable, kernel: nest.Kernel, printer: Printer) -> Iterator[str]:
    """Arguments checked, numbers of their kinds, and the sizes."""
    function, signature = executable.term.name, executable.signature
    bound: set[str] = set()
    for p, item in zip(kernel.inputs, signature.inputs, strict=True):
        name, what = printer.name(p.name), f"`{item.name}` of `{function}` is {type_text(item)}"
        if isinstance(p, nest.Array):
            yield f"if not ({name}.dtype == {_dtype_name(p)}):"  # Numba has no !=
            exact = f"{what}, and nothing is converted"
            yield f"    raise TypeError({exact!r})"
        elif p.kind.is_integer:
            yield f"if {name} != np.{p.kind.dtype}({name}):"
            yield f"    raise TypeError({what!r})"
            yield f"{name} = np.{p.kind.dtype}({name})"
        else:
            yield f"{name} = {'bool' if p.kind.kind == 'bool' else f'np.{p.kind.dtype}'}({name})"
        sources = [(item.binds, name), *((d.name, f"{name}.shape[{k}]") for k, d in enumerate(item.dims))]
        for atom, source in sources:
            if atom in signature.sizes and atom not in bound:
                bound.add(str(atom))
                yield f"{printer.name(str(atom))} = np.int64({source})"
    yield from _agreeing(executable, kernel, printer)


def _agreeing(executable: Executable, kernel: nest.Kernel, printer: Printer) -> Iterator[str]:
    """Shapes against what the sizes say, sizes and elements in their ranges."""
    function, signature = executable.term.name, executable.signature
    shapes = printer.name("wanted")
    yield f"{shapes} = {_inputs_name(kernel)}({', '.join(printer.arguments)})"
    for k, (p, item, wire) in enumerate(zip(kernel.inputs, signature.inputs, executable.bare.dom, strict=True)):
        name = printer.name(p.name)
        for axis, dim in enumerate(item.dims):
            yield f"if {name}.shape[{axis}] != {shapes}[{k}][{axis}]:"
            other = f"`{item.name}` of `{function}` is {type_text(item)}, and {dim} is another size"
            yield f"    raise ValueError({other!r})"
        if item.binds is not None:
            yield f"if {name} < 0:"
            negative = f"`{item.name}` of `{function}` is a size, and negative"
            yield f"    raise ValueError({negative!r})"
        modulus = element(wire).modulus
        if modulus is not None:
            outside = (f"{name}.size and ({name}.min() < 0 or {name}.max() >= {modulus})" if item.dims
                       else f"{name} < 0 or {name} >= {modulus}")  # fmt: skip
            yield f"if {outside}:"
            wrong = f"elements of `{item.name}` of `{function}` are 0 to {modulus - 1}"
            yield f"    raise ValueError({wrong!r})"


def _called(executable: Executable, kernel: nest.Kernel, printer: Printer) -> Iterator[str]:
    """Outputs made, the kernel called, what went wrong raised, the results."""
    shapes, error = printer.name("shapes"), printer.name("record")
    outputs = [printer.name(f"{p.name}.made") for p in kernel.outputs]
    yield f"{shapes} = {shapes_name(kernel)}({', '.join(printer.arguments)})"
    for k, (name, p) in enumerate(zip(outputs, kernel.outputs, strict=True)):
        kind = p.element if isinstance(p, nest.Array) else p.kind
        yield f"{name} = np.empty({shapes}[{k}], np.{kind.dtype})"
    yield f"{error} = np.zeros(4, np.int64)"
    arguments = ", ".join([*printer.arguments, *outputs, error])
    yield f"if {identifier(kernel.name)}({arguments}) != 0:"
    for number, site in enumerate(kernel.sites):
        yield f"    if {error}[1] == {number}:"
        message = f"{site.code}: {site.message}{_place(site.span)}"
        yield f"        raise IndexError({message!r})"
    failed = f"a check of `{executable.term.name}` failed"
    yield f"    raise IndexError({failed!r})"
    results = [name if isinstance(p, nest.Array) else f"{name}[0]" for name, p in zip(outputs, kernel.outputs, strict=True)]
    yield f"return {results[0]}" if len(results) == 1 else f"return ({', '.join(results)})"


def _place(span: Span | None) -> str:
    return "" if span is None else f" ({span.source.path}:{span.line}:{span.column})"
