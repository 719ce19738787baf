"""The names every program may use: operations, casts, constants."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType

from ...core.errors import NOWHERE, Span, TypeFault
from ...core.objects import Scalar
from ...core.operation import Operation
from ...core.operations import OPERATIONS
from ...ir.unary import term as t
from .arithmetic import cast, operate
from .calls import arranged
from .context import Context
from .fitting import fit
from .numbers import extent, real
from .types import SCALARS
from .values import Arguments, Function, Held, Leaf, Literal, Product, Value, describe, leaves, map_leaves, shape_of

KEYWORDS = ("and", "or", "not")
CONSTANTS = {"pi": math.pi, "e": math.e, "inf": math.inf, "nan": math.nan}
TRANSFORMS = ("grad", "value_and_grad", "vjp", "jvp", "reverse", "hessian")
"""The derivative transformations; see derivatives.py."""


def builtin(context: Context, operations: Mapping[str, Operation] = MappingProxyType({})) -> Mapping[str, Value]:
    """The values of all built-in names, and of those operations that are none of ours."""
    names: dict[str, Value] = {name: real(context, value, NOWHERE) for name, value in CONSTANTS.items()}
    names |= {name: conversion(context, Scalar(name)) for name in SCALARS}
    for operation in OPERATIONS.values():
        name = operation.surface
        if name is not None and name.isidentifier() and name not in KEYWORDS:
            names[name] = _operation(context, operation.name, name, operation.arity)
    names["len"] = Function("len", ("x",), lambda a: _length(context, a))
    names["stop_gradient"] = Function("stop_gradient", ("x",), lambda a: _stop(context, a))
    names |= {name: _foreign(context, operation, name) for name, operation in operations.items()}
    return MappingProxyType(names)


def _operation(context: Context, name: str, shown: str, arity: int) -> Function:
    def apply(arguments: Arguments) -> Value:
        given = arranged(arguments, (None,) * arity, shown)
        return operate(context, name, [v for v, _ in given], [s for _, s in given], arguments.span)

    return Function(shown, (None,) * arity, apply)


def _foreign(context: Context, operation: Operation, shown: str) -> Function:
    """An operation of the types it was given with: on scalars, nothing is converted."""
    (kinds,) = operation.objects

    def apply(arguments: Arguments) -> Value:
        given = arranged(arguments, (None,) * len(kinds), shown)
        positions = []
        for k, ((value, span), kind) in enumerate(zip(given, kinds, strict=True), 1):
            what = f"argument {k} of `{shown}`" if len(kinds) > 1 else f"the argument of `{shown}`"
            fitted = fit(context, value, kind, span, what)
            assert not isinstance(fitted, Function | Product), "of a scalar type"
            positions.append(context.hold(fitted))
        with context.at(arguments.span):
            return Held(context.builder.apply(operation, *positions), operation.typing(kinds, None))

    return Function(shown, (None,) * len(kinds), apply, kinds)


def conversion(context: Context, target: Scalar) -> Function:
    """``f64(x)``: a scalar type, called."""
    def apply(arguments: Arguments) -> Value:
        ((value, where),) = arranged(arguments, (None,), str(target))
        return cast(context, value, target, where, arguments.span)

    return Function(str(target), (None,), apply)


def _length(context: Context, arguments: Arguments) -> Value:
    ((value, where),) = arranged(arguments, ("x",), "len")
    for leaf in () if isinstance(value, Function) else leaves(value):
        if shape_of(leaf):
            return extent(context, shape_of(leaf)[0], arguments.span)
    raise _no_array(value, where)


def _no_array(value: Value, where: Span) -> TypeFault:
    return TypeFault("PB0306", f"`len` of {describe(value)}, which is no array", where)


def _stop(context: Context, arguments: Arguments) -> Value:
    ((value, where),) = arranged(arguments, ("x",), "stop_gradient")
    if isinstance(value, Function):
        raise TypeFault("PB0305", f"`stop_gradient` of {describe(value)}", where, "call it, and stop its result")

    def stop(leaf: Leaf) -> Value:
        if isinstance(leaf, Literal):
            return leaf
        held = context.held(leaf)
        return Held(context.builder.one(t.Stop(held.position)), held.kind)

    return map_leaves(stop, value)
