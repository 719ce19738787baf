"""Around the call of a kernel: what compiled entries do not look at, and the faults that error records stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from ..core.errors import FAMILIES, ArgumentFault, IndexFault
from ..core.objects import array
from ..ir.loops.nest import Site
from .llvm.arguments import Input, Signature, bind_sizes, convert

__all__ = ["check_modulus", "checked", "fail"]


def checked(signature: Signature, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with checks that elements of z<n> and sat<n> are below n, and that sizes which follow from others are
    not negative. Most functions need neither and stay as they are."""
    modular = [k for k, item in enumerate(signature.inputs) if item.modular is not None]
    if not modular and not signature.derived:
        return function

    def careful(*args: Any) -> Any:
        values = convert(signature, args)
        for k in modular:
            check_modulus(signature.inputs[k], values[k], signature.name)
        if signature.derived:
            sizes = bind_sizes(signature, values)
            for atom, value in signature.derived:
                if value.evaluate(sizes) < 0:
                    raise ArgumentFault(
                        "PB0604", f"sizes in the call of `{signature.name}` make `{atom}` = {value.evaluate(sizes)}"
                    )
        return function(*values)

    return careful


def check_modulus(item: Input, value: Any, function: str) -> None:
    """Raises ArgumentFault PB0606 for an element that z<n> or sat<n> does not have."""
    kind = item.modular
    assert kind is not None and kind.modulus is not None
    elements = np.asarray(value)
    outside = (elements < 0) | (elements >= kind.modulus)
    if outside.any():
        last = kind.modulus - 1
        hint = f"reduce it first: `{item.name} % {kind.modulus}`" if kind.kind == "z" else f"`{item.name}.clip(0, {last})`"
        raise ArgumentFault(
            "PB0606",
            f"`{item.name}` of `{function}` is {array(kind, item.dims)}, whose elements are 0 to {last}, "
            f"and has {elements[outside].flat[0]}",
            hint=hint,
        )


def fail(name: str, sites: Sequence[Site], record: tuple[int, int, int, int]) -> NoReturn:
    """Raise what an error record (code, site, value, bound) of the function stands for."""
    code, number, value, bound = record
    if code == 2:
        raise MemoryError(f"`{name}` needs more memory than there is")
    site = sites[number]
    if site.code == "PB0701":
        raise IndexFault("PB0701", f"index {value} is outside an array of {bound}", site.span)
    family = next(fault for prefix, fault in FAMILIES if site.code.startswith(prefix))
    raise family(site.code, site.message, site.span)
