"""The catalogue of vector functions, and their definitions as LLVM text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

from ..text import FLOATS, Value, vector
from . import error, exact, exponential, gamma, inverse, logarithm, power, trigonometric
from .function import Arithmetic, VectorFunction, symbol_of

__all__ = ["CATALOGUE", "declaration", "definition", "definitions", "exported", "is_symbol", "request_of"]

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


def is_symbol(symbol: str) -> bool:
    """Whether it is that of a function in the catalogue."""
    return _SYMBOL.fullmatch(symbol) is not None and request_of(symbol)[0] in CATALOGUE


def declaration(symbol: str) -> str:
    """What a module says that calls the function. It depends on its arguments alone, so that a call nobody needs may go."""
    name, element, lanes = request_of(symbol)
    type = vector(element, lanes)
    parameters = ", ".join([type] * CATALOGUE[name].arity)
    return f"declare {type} @{symbol}({parameters}) nounwind willreturn memory(none)\n"


def exported(symbol: str) -> str:
    """A module that defines the function for others, and contains what it calls."""
    request = request_of(symbol)
    _, text, dependencies = definition(*request)
    others = definitions(map(request_of, dependencies))
    return text.replace("define internal", "define", 1) + ("\n" + others if others else "")


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
