"""What kernels call and do not contain: vector functions (`vectormath`) and register tiles (`contraction`).

Each is a module of its own: so it is compiled once, whichever kernels call it, and found in the cache thereafter. A kernel's
module declares what it calls, and is loaded with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..cache import Cache
from . import contraction, vectormath
from .emit_memory import RUNTIME
from .jit import DEFAULT, Options, kept_object_code, key_of_object, object_code
from .target import Target

__all__ = ["called", "declarations", "is_symbol", "kept_objects", "module", "objects"]

_DECLARED = re.compile(r"^declare [^@\n]+@(pb\.[\w.]+)\(", re.MULTILINE)


def is_symbol(name: str) -> bool:
    """Whether it is a function of the library."""
    return contraction.is_symbol(name) or vectormath.is_symbol(name)


def declarations(symbols: Iterable[str]) -> str:
    """What a module says of the functions of the library among the symbols it calls."""
    ours = sorted(filter(is_symbol, symbols))
    return "".join((contraction if contraction.is_symbol(s) else vectormath).declaration(s) for s in ours)


def called(text: str) -> list[str]:
    """The functions of the library that a module declares, in the order of their names."""
    return sorted(filter(is_symbol, _DECLARED.findall(text)))


def module(symbol: str) -> str:
    """The LLVM module that defines a function of the library, without a target."""
    if contraction.is_symbol(symbol):
        text = contraction.definition(symbol)
        return text + "".join(part for word, part in RUNTIME.items() if word in text)
    return vectormath.exported(symbol)


def objects(text: str, options: Options = DEFAULT, target: Target | None = None) -> list[bytes]:
    """Machine code of a module and of what it calls, to be loaded together."""
    return [object_code(text, options, target), *(object_code(module(s), DEFAULT, target) for s in called(text))]


def kept_objects(text: str, options: Options, target: Target, cache: Cache) -> tuple[list[str], list[bytes]]:
    """`objects` by way of the cache, with the names they have there."""
    parts = [(text, options), *((target.header + module(s), DEFAULT) for s in called(text))]
    keys = [key_of_object(t, o, target) for t, o in parts]
    return keys, [kept_object_code(t, o, target, cache) for t, o in parts]
