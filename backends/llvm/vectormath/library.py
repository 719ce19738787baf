"""The catalogue of vector functions, and their definitions as LLVM text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from ..text import FLOATS, Value
from . import error, exact, exponential, gamma, inverse, logarithm, power, trigonometric
from .function import Arithmetic, VectorFunction, symbol_of

__all__ = ["CATALOGUE", "definition", "definitions", "lines_of", "request_of"]

CATALOGUE: Mapping[str, VectorFunction] = MappingProxyType(
    {
        function.name: function
        for module in (exact, exponential, logarithm, trigonometric, power, inverse, error, gamma)
        for function in module.FUNCTIONS
    }
)
"""Every vector function by name."""

_HELPERS = MappingProxyType(dict(trigonometric.HELPERS))

_SYMBOL = re.compile(r"pb\.\w+\.f\d+x\d+")

Request = tuple[str, str, int]
"""Name, element type ("double" or "float"), lanes."""


@cache
def definition(name: str, element: str, lanes: int) -> tuple[str, str, frozenset[str]]:
    """The symbol (without `@`), the text of its definition, and the symbols of ours it calls.

    The function takes and returns `element` for one lane, `<lanes x element>` for more; it is internal, and inlined where
    a call says `alwaysinline`. Raises KeyError for a name that is not in the catalogue."""
    symbol = symbol_of(name, element, lanes)
    if name in _HELPERS:
        text, dependencies = _HELPERS[name](element, lanes)
        return symbol, text, dependencies
    function = CATALOGUE[name]
    w = Arithmetic(element, lanes)
    parameters = tuple(Value(w.type, f"%{letter}") for letter in "xyz"[: function.arity])
    w.ret(function.emit(w, parameters))
    text = w.function(symbol, parameters, w.type, "internal", "noinline nounwind")
    return symbol, text, frozenset(w.dependencies)


@cache
def lines_of(symbol: str) -> int:
    """How many lines a vector function has, with the parts of it that are functions themselves; 0 for what is cold, and for
    what is none of ours."""
    name, *rest = request_of(symbol) if _SYMBOL.fullmatch(symbol) else ("",)
    if name not in CATALOGUE:
        return 0
    _, text, dependencies = definition(name, *rest)
    return text.count("\n") + sum(map(lines_of, dependencies))


def definitions(requests: Iterable[Request]) -> str:
    """The definitions of the requested functions and of all they call, each once, in an order that depends on nothing
    but the set of requests."""
    texts: dict[str, str] = {}
    waiting = sorted(set(requests))
    while waiting:
        symbol, text, dependencies = definition(*waiting.pop())
        if symbol not in texts:
            texts[symbol] = text
            waiting.extend(request_of(dependency) for dependency in sorted(dependencies))
    return "\n".join(texts[symbol] for symbol in sorted(texts))


def request_of(symbol: str) -> Request:
    """The inverse of `symbol_of`."""
    _, name, form = symbol.split(".")
    width, lanes = form[1:].split("x")
    element = next(scalar for scalar in ("float", "double") if FLOATS[scalar] == int(width))
    return name, element, int(lanes)
