"""A scalar function compiled by Numba as an operation: typed, differentiated and lowered like those of the table.

    @njit
    def spring(x): return np.expm1(x) * x

    op = operation(spring, derivative=stiffness)     # another @njit function, or an operation

A foreign operation is total, because branches are evaluated on both sides: where the function raises, its value is NaN, or 0
where there is none. It should depend on nothing but its arguments; Numba freezes the globals it reads.
"""

from __future__ import annotations

import builtins
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from ...core.errors import ArgumentFault
from ...core.objects import Scalar
from ...core.operation import Cost, External, Operation, Typing, Undefined
from ...core.operations.builders import derivative as from_parts

__all__ = ["operation"]

KINDS = ("f64", "f32", "i64", "i32", "bool")
"""What goes in and out of a foreign function."""

_TYPE = re.compile(r"\(?([\w\s,]*?)\)?\s*->\s*(\w+)")
_NAME = re.compile(r"[^\W\d]\w*")

Derivative = Callable[..., Any] | Operation | None


def operation(
    function: Callable[..., Any],
    derivative: Derivative | Sequence[Derivative] = None,
    *,
    type: str | None = None,
    name: str | None = None,
    doc: str = "",
) -> Operation:
    """An operation from a scalar function, of Numba (`@njit`) or one that Numba can compile.

    ``derivative``: the partial derivative by each argument, as a function or operation of the same arguments; a single one
    for a single argument; None in the sequence where it is zero or the argument an integer. Without it there is none.
    Give ``operation(f', derivative=f'')`` for derivatives beyond the first.
    ``type`` as "f64, i64 -> f64", of f64 f32 i64 i32 bool; by default everything is f64.
    ``name``: what texts and errors call it, by default the function's.

    Raises ArgumentFault: PB0610 for a name, type or derivative that does not fit, or a function Numba does not compile."""
    plain = getattr(function, "py_func", function)
    name = str(name or getattr(plain, "__name__", ""))
    if not _NAME.fullmatch(name):
        raise ArgumentFault("PB0610", f"{name!r} is no name for an operation", hint="give one: operation(…, name=\"spring\")")
    parameters = _parameters(plain, name)
    arguments, result = _parsed(type, name) if type is not None else ((Scalar("f64"),) * len(parameters), Scalar("f64"))
    if len(arguments) != len(parameters):
        raise ArgumentFault("PB0610", f"`{name}` takes {len(parameters)} arguments, and its type `{type}` has {len(arguments)}")
    code = _compiled(function, name, arguments, result)
    parts = _partials(derivative, name, parameters, arguments, result)
    missing = Undefined("none was given with it", "give one where it is made: operation(…, derivative=…)")
    reverse, forward = (missing, missing) if parts is None else from_parts(*map(_part, parts))
    return Operation(
        name=name,
        arity=len(arguments),
        typing=_typing(name, arguments, result),
        meaning=_meaning(code),
        reverse=reverse,
        forward=forward,
        lowering=lambda objects, out: code,
        cost=Cost(flops=1, weight=20.0),
        objects=(arguments,),
        samples=(),
        doc=doc or inspect.getdoc(plain) or f"the function `{name}`",
        source="a foreign function",
        surface=name,
    )


# -- what is given -----------------------------------------------------------------------------------------------------
def _parameters(plain: Callable[..., Any], name: str) -> tuple[str, ...]:
    try:
        parameters = inspect.signature(plain).parameters.values()
    except (TypeError, ValueError):
        raise ArgumentFault("PB0610", f"`{name}` does not say what its arguments are") from None
    if not parameters or any(p.kind not in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters):
        raise ArgumentFault("PB0610", f"`{name}` should take a fixed number of arguments, one at least")
    return tuple(p.name for p in parameters)


def _parsed(type: str, name: str) -> tuple[tuple[Scalar, ...], Scalar]:
    match = _TYPE.fullmatch(type.strip())
    words = [w.strip() for w in match[1].split(",")] + [match[2]] if match else []
    if not words or any(w not in KINDS for w in words):
        raise ArgumentFault("PB0610", f"`{type}` is no type of a foreign operation",
                            hint=f"`{name}` may be \"f64, i64 -> f64\", of {', '.join(KINDS)}")
    kinds = tuple(map(Scalar, words))
    return kinds[:-1], kinds[-1]


def _partials(
    given: Derivative | Sequence[Derivative], name: str, parameters: Sequence[str], arguments: Sequence[Scalar], result: Scalar
) -> list[Operation | None] | None:
    """The partial derivatives as operations of the same arguments; None where nothing was given."""
    if given is None:
        return None
    several = list(given) if isinstance(given, Sequence) else [given]
    if len(several) != len(parameters):
        raise ArgumentFault("PB0610", f"`{name}` takes {len(parameters)} arguments, and has {len(several)} partial derivatives",
                            hint="one for each, None where it is zero")
    if not result.is_differentiable:
        raise ArgumentFault("PB0610", f"`{name}` gives {result}, which has no derivative")
    parts: list[Operation | None] = []
    for part, parameter, kind in zip(several, parameters, arguments, strict=True):
        if part is None:
            parts.append(None)
            continue
        if not kind.is_differentiable:
            raise ArgumentFault("PB0610", f"`{name}` has no derivative by `{parameter}`, which is {kind}",
                                hint="give None for it")
        parts.append(_partial(part, name, parameter, arguments, kind, result))
    return parts


def _partial(
    part: Any, name: str, parameter: str, arguments: Sequence[Scalar], kind: Scalar, result: Scalar
) -> Operation:
    if kind != result:
        raise ArgumentFault("PB0610", f"`{name}` has no derivative by `{parameter}`: that is {kind}, and the result {result}")
    label = f"{name}'{parameter}"
    if not isinstance(part, Operation):
        type = f"{', '.join(map(str, arguments))} -> {result}"
        return replace(operation(part, type=type, name=f"{name}_{parameter}"), name=label)
    try:
        fits = part.typing(arguments, None) == result
    except ValueError as problem:
        raise ArgumentFault("PB0610", f"the derivative of `{name}` by `{parameter}` takes other arguments: {problem}") from None
    if not fits:
        raise ArgumentFault("PB0610", f"the derivative of `{name}` by `{parameter}` should give {result}")
    return part


def _part(partial: Operation | None) -> Callable[..., Any] | None:
    """What the rule of both derivatives takes: the change of one argument times the partial derivative."""
    if partial is None:
        return None

    def part(change: Any, *point: Any) -> Any:
        algebra = change.algebra
        slope = algebra.apply(partial, *(p.handle for p in point[:-1]))
        return change * replace(change, handle=slope)

    return part


# -- rules -------------------------------------------------------------------------------------------------------------
def _typing(name: str, arguments: Sequence[Scalar], result: Scalar) -> Typing:
    def typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
        if tuple(objects) != tuple(arguments):
            wanted, have = (", ".join(map(str, kinds)) for kinds in (arguments, objects))
            raise ValueError(f"`{name}` takes ({wanted}), not ({have})")
        if to is not None and to != result:
            raise ValueError(f"`{name}` gives {result}, not {to}")
        return result

    return typing


def _meaning(code: External) -> Callable[..., Any]:
    """Element by element, what Numba computes."""

    def meaning(result: Scalar, *arrays: Any) -> Any:
        given = np.broadcast_arrays(*arrays)
        values = [code.function(*(array[place] for array in given)) for place in np.ndindex(given[0].shape)]
        return np.asarray(values, result.dtype).reshape(given[0].shape)

    return meaning


# -- compiling ---------------------------------------------------------------------------------------------------------
def _compiled(function: Callable[..., Any], name: str, arguments: Sequence[Scalar], result: Scalar) -> External:
    """The function made total, for Numba at once (so that mistakes show here) and as a C function when asked for."""
    import numba
    from numba.core.errors import NumbaError

    own = numba.njit(function) if not hasattr(function, "py_func") else function
    names = ", ".join(f"x{k}" for k in range(len(arguments)))
    otherwise = "np.nan" if result.is_float else "0"
    text = f"def total({names}):\n    try:\n        return cast(function({names}))\n    except Exception:\n        return " \
           f"cast({otherwise})\n"
    kinds = {k: getattr(numba, {"f64": "float64", "f32": "float32", "i64": "int64", "i32": "int32", "bool": "boolean"}[k])
             for k in KINDS}
    cast = bool if result.kind == "bool" else np.dtype(result.dtype).type
    space: dict[str, Any] = {"function": own, "cast": cast, "np": np}
    builtins.exec(builtins.compile(text, f"<foreign {name}>", "exec"), space)
    signature = kinds[result.kind](*(kinds[a.kind] for a in arguments))
    try:
        total = numba.njit(signature, nogil=True)(space["total"])
    except NumbaError as problem:
        reason = " ".join(str(problem).split())
        kind = f"({', '.join(map(str, arguments))}) -> {result}"
        raise ArgumentFault("PB0610", f"Numba does not compile `{name}` as {kind}: {reason[:300]}",
                            hint="say its type where it is not all f64: operation(…, type=\"f64, i64 -> f64\")") from None

    @cache
    def native() -> Any:
        return numba.cfunc(signature)(space["total"])

    return External(name, lambda: int(native().address), total)
