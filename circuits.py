"""`pullback.circuits`: circuits from Python, read, run, converted, proved equal, simplified, drawn (`docs/circuits.md`).

    from pullback import circuits

    c = circuits.load("adder.aig")
    circuits.simulate(c, [[0, 1], [1, 1]])
    circuits.equivalent(c, circuits.load("adder.blif"))

Hands names on, each loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_IR, _BITS, _FILES = ".ir.circuit", ".backends.bits", ".frontends.files"

# public name -> module that defines it, relative to the package
_HOMES: dict[str, str] = {
    **dict.fromkeys(("Circuit", "Names"), f"{_IR}.circuit"),
    "Builder": f"{_IR}.build",
    **dict.fromkeys(("load", "save"), f"{_FILES}.formats"),
    **dict.fromkeys(("parse", "show"), f"{_IR}.text"),
    "measure": f"{_IR}.measure",
    "evaluate": f"{_IR}.evaluate",
    **dict.fromkeys(("pack", "simulate", "unpack"), f"{_BITS}.samples"),
    **dict.fromkeys(("reverse_steps", "run_steps"), f"{_BITS}.sequence"),
    **dict.fromkeys(("latched", "step", "tangent", "unrolled"), f"{_IR}.state"),
    "reverse": f"{_IR}.reverse",
    "canonical": f"{_IR}.canonical",
    "simplify": f"{_IR}.simplify",
    "equivalent": f"{_BITS}.equivalence",
    "polynomials": f"{_IR}.normal",
    **dict.fromkeys(("synthesise", "tabulate"), f"{_IR}.table"),
    **dict.fromkeys(("from_networkx", "from_sympy", "to_networkx", "to_sympy"), ".frontends.python.exchange"),
    "scalar": ".core.objects",
}
_SOURCES = {"scalar": "parse"}  # where the name there is another

__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __package__), _SOURCES.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
