"""pullback: a compiler for small array programs and their reverse derivatives.

The public face: it hands names on and defines nothing. A name is loaded from its room when it is first asked for
(PEP 562), so that `import pullback` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# public name -> module that defines it, relative to this one
_HOMES: dict[str, str] = {}

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
