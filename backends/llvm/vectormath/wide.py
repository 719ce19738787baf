"""f32 functions that are computed in f64, where own coefficients would gain little."""

from __future__ import annotations

from collections.abc import Callable

from ..text import Value
from .function import Arithmetic

__all__ = ["through_double"]

Emit = Callable[[Arithmetic, tuple[Value, ...]], Value]


def through_double(name: str, emit: Emit) -> Emit:
    """`emit` for f64; for f32 the f64 function of the same name, its result rounded."""

    def emit_either(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
        if not w.single:
            return emit(w, arguments)
        wide = w.function_call(name, *(w.cast("fpext", a, "double") for a in arguments))
        return w.cast("fptrunc", wide, "float")

    return emit_either
