"""One operation `cast` between scalar objects, and the two that go between an element and the plain value carrying it.

Tangents pass between f64 and f32 only. Every other cast has a discrete end, where there is no tangent to pass, except
that a float made an integer would lose one silently: that is undefined, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..algebra import Expression, call
from ..objects import BIT, BOOL, F64, I64, WEIGHTS, Scalar
from ..operation import Expansion, Instruction, Operation, Undefined
from .builders import FREE, MODULAR, SATURATING, SEMIRINGS, SIMPLE, TROPICAL, accepted, grid, instruction

_TARGETS: dict[str, tuple[str, ...]] = {
    "f64": ("f64", "f32", "i64", "i32", "bool", *WEIGHTS),
    "f32": ("f64", "f32", "i64", "i32", "bool"),
    "i64": ("f64", "f32", "i64", "i32", "bool", "bit", "z", "sat"),
    "i32": ("f64", "f32", "i64", "i32", "bool"),
    "bool": ("f64", "f32", "i64", "i32", "bool", "bit"),
    "bit": ("i64", "bool", "bit"),
    "z": ("i64", "z"),
    "sat": ("i64", "sat"),
    **{kind: ("f64", kind) for kind in WEIGHTS},
}
"""What each kind may be cast to; z<n> and sat<n> to another modulus only through i64."""


def _cast_typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
    (source,) = objects
    if to is None:
        raise ValueError("`cast` needs a target type")
    if to.kind not in _TARGETS[source.kind] or (source.kind == to.kind and source != to):
        others = [k for k in _TARGETS[source.kind] if k != source.kind]
        raise ValueError(f"{source} cannot be cast to {to}, only to {accepted(others)}{_detour(source, to)}")
    return to


def _detour(source: Scalar, to: Scalar) -> str:
    for way in ("i64", "f64"):
        if way in _TARGETS[source.kind] and to.kind in _TARGETS[way]:
            return f"; go through {way}: {to}({way}(x))"
    return ""


def _cast_meaning(result: Scalar, x: Any) -> Any:
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        if result.kind == "z":
            return np.asarray(x % result.modulus).astype(np.int64)
        if result.kind == "sat":
            return np.asarray(np.clip(x, 0, (result.modulus or 1) - 1)).astype(np.int64)
        if result.kind == "bit" and x.dtype != np.bool_:
            return np.asarray(x & 1).astype(np.bool_)
        if result.is_integer and x.dtype.kind == "f":
            return _saturating(x, np.dtype(result.dtype))
        return x.astype(result.dtype)


def _saturating(x: Any, dtype: Any) -> Any:
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    whole = np.trunc(x.astype(np.float64))
    above, below = whole >= float(high), whole < float(low)  # float(2^63 - 1) is 2^63, itself too large
    inside = np.where(above | below | np.isnan(whole), 0.0, whole).astype(dtype)
    return np.asarray(np.where(above, high, np.where(below, low, inside))).astype(dtype)


def _rule(rule: Callable[[Expression[Any]], Expression[Any]]) -> Expansion:
    return Expansion(lambda algebra, x: rule(Expression(algebra, x)).handle)


def _to_element(to: Scalar) -> Expansion:
    n = to.modulus or 2
    if to.kind == "z":
        return _rule(lambda x: call("element", call("mod", x, n) if n & (n - 1) else call("bitand", x, n - 1), to=to))
    if to.kind == "sat":
        return _rule(lambda x: call("element", call("max", call("min", x, n - 1), 0), to=to))
    return _rule(lambda x: call("element", call("ne", call("bitand", x, 1), 0), to=to))


def _between_numbers(source: Scalar, to: Scalar) -> Instruction:
    if source == BOOL:
        return Instruction("booltofp" if to.is_float else "booltoint")
    if to == BOOL:
        return Instruction("fptobool" if source.is_float else "inttobool")
    if source.is_float and to.is_float:
        return Instruction("fpext" if to == F64 else "fptrunc")
    if source.is_integer and to.is_integer:
        return Instruction("sext" if to == I64 else "trunc_int")
    return Instruction("fptosi" if source.is_float else "sitofp")


def _cast_lowering(objects: Sequence[Scalar], result: Scalar) -> Instruction | Expansion:
    (source,) = objects
    if source == result:
        return Instruction("copy")
    if source == BOOL and result == BIT:
        return _rule(lambda x: call("element", x, to=BIT))
    if source == I64 and result.kind in ("z", "sat", "bit"):
        return _to_element(result)
    if source == BIT:
        plain = _rule(lambda x: call("carrier", x, to=BOOL))
        return plain if result == BOOL else _rule(lambda x: call("cast", call("carrier", x, to=BOOL), to=result))
    if source.kind in ("z", "sat") or source.is_weight:
        return _rule(lambda x: call("carrier", x, to=source.carrier))
    if result.is_weight:
        return _rule(lambda x: call("element", x, to=result))
    return _between_numbers(source, result)


def _reverse(algebra: Any, args: Sequence[Any], result: Any, cotangent: Any) -> Any:
    source = algebra.object(args[0])
    if not source.is_differentiable:
        return (None,)
    return (cotangent if source == algebra.object(result) else algebra.apply("cast", cotangent, to=source),)


def _forward(algebra: Any, args: Sequence[Any], result: Any, tangents: Sequence[Any]) -> Any:
    target = algebra.object(result)
    if tangents[0] is None or algebra.object(args[0]) == target:
        return tangents[0]
    return algebra.apply("cast", tangents[0], to=target)


def _undefined(objects: Sequence[Scalar], result: Scalar) -> Undefined | None:
    if objects[0].is_float and result.is_integer:
        return Undefined(
            f"the {objects[0]} made {result} is a step function", "cast stop_gradient(x) to say that nothing flows back"
        )
    if objects[0].is_weight != result.is_weight:
        return Undefined(
            f"{objects[0]} and {result} add up in different ways, so a change in one is none in the other",
            "cast stop_gradient(x) to say that nothing flows back",
        )
    return None


CAST = Operation(
    "cast", 1, _cast_typing, _cast_meaning, _reverse, _forward, _cast_lowering, SIMPLE,
    tuple((o,) for o in SEMIRINGS), grid((-2.5, 0.5, 1.0, 3.25)),
    "x as another type: integers to f64 exact up to 2^53, else nearest; f64 to f32 nearest; float to integer truncates "
    "and saturates, nan gives 0; i64 to i32 wraps; to bool asks x != 0; i64 to z<n> and bit is mod n, to sat<n> clamps; "
    "f64 is the maxplus, minplus or logplus that it carries",
    targets=SEMIRINGS, undefined=_undefined,
)


def _carrier_typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
    (source,) = objects
    carrier = source.carrier
    if carrier == source or to not in (None, carrier):
        raise ValueError(f"{source} is not carried by {to or 'another type'}")
    return carrier


def _element_typing(objects: Sequence[Scalar], to: Scalar | None = None) -> Scalar:
    (source,) = objects
    if to is None or to.carrier != source or to == source:
        raise ValueError(f"{source} does not carry {to}")
    return to


def _same(result: Scalar, x: Any) -> Any:
    return np.asarray(x).astype(result.dtype, copy=False)


_INTERNAL = Undefined("made by lowering, after differentiation; differentiate the operation it came from")
_ELEMENTS = (BIT, *MODULAR, *SATURATING, *TROPICAL)

CARRIER = Operation(
    "carrier", 1, _carrier_typing, _same, _INTERNAL, _INTERNAL, instruction("copy"), FREE,
    tuple((o,) for o in _ELEMENTS), (),
    "the plain bool, i64 or f64 that carries an element of another object; nothing at run time",
)

ELEMENT = Operation(
    "element", 1, _element_typing, _same, _INTERNAL, _INTERNAL, instruction("copy"), FREE, ((BOOL,), (I64,), (F64,)),
    ((0.0,), (-2.5,)), "the element of another object carried by a plain value known to be one; nothing at run time",
    targets=_ELEMENTS,
)

CASTS = (CAST, CARRIER, ELEMENT)

