"""The library's programs, compiled for Python."""

from __future__ import annotations

from functools import cache

from ..frontends.language.loader import LIBRARY, SUFFIX
from ..frontends.python.module import Module, compile


def program(name: str, **types: str) -> Module:
    """The module `family.method` of the library; ``types`` says what types that it names are (`ring="sat<4>"`).

    >>> program("circuits.tables", ring="sat<4>").units
    <pullback function units(theta: sat<4>[m, c, b], wires: i64[t, a], which: i64[t], x: bit[v]) -> sat<4>[t, b]>
    """
    return _compiled(name, tuple(sorted(types.items())))


@cache
def _compiled(name: str, types: tuple[tuple[str, str], ...]) -> Module:
    return compile(LIBRARY.joinpath(*name.split(".")).with_suffix(SUFFIX), types=dict(types))
