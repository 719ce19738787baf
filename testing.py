"""`pullback.testing`: strategies for programs and values, and the laws they must obey (`frontends/testing`).

    from hypothesis import given, strategies as st
    from pullback.testing import arguments, programs

Hands names on, each loaded when it is first asked for: only the strategies need hypothesis (`pip install pullback[test]`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOM = ".frontends.testing"
_CHECKS = ("BackendsDiffer", "LawBroken", "check_backends", "check_custom_rule", "check_grads", "check_inverse", "check_lens",
           "check_linear", "check_rdc", "check_semiring")
_STRATEGIES = ("arguments", "arrays", "circuits", "elements", "nearby", "objects", "programs", "sizes", "terms", "types")

# public name -> module that defines it, relative to this one
_HOMES: dict[str, str] = {
    **dict.fromkeys(_STRATEGIES, f"{_ROOM}.strategies"),
    **dict.fromkeys(_CHECKS, f"{_ROOM}.checks"),
    **dict.fromkeys(("Program", "grown"), f"{_ROOM}.programs"),
    **dict.fromkeys(("all_inputs", "grown_circuit"), f"{_ROOM}.circuits"),
    **dict.fromkeys(("Choices", "Drawn", "Seeded"), f"{_ROOM}.choices"),
    "GRADES": f"{_ROOM}.growth",
}

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        module = import_module(home, __package__)
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        text = f"`{__name__}.{name}` needs hypothesis: pip install 'pullback[test]'"
        raise ModuleNotFoundError(text, name=missing.name) from None
    value = getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
