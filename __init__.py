"""pullback: a compiler for small array programs and their reverse derivatives.

    import pullback as pb

    m = pb.compile("def f(x: f64[n]) -> f64 = sum i: x[i]^2")
    m.f([1.0, 2.0])               # 5.0
    pb.grad(m.f)([1.0, 2.0])      # array([2., 4.])

The public face: it hands names on and defines nothing. A name is loaded from its room when it is first asked for
(PEP 562), so that `import pullback` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PYTHON = ".frontends.python"
_TRANSFORMS = ("cost", "grad", "hessian", "hvp", "jacfwd", "jacobian", "jacrev", "jvp", "linearize", "reverse",
               "sparse_hessian", "sparse_jacobian", "value_and_grad", "vjp", "vmap",
               "why_recompiled")
_FAULTS = ("ArgumentFault", "DerivativeFault", "FileFault", "IndexFault", "NameFault", "PullbackError", "SizeFault",
           "SyntaxFault", "TypeFault", "VerifyFault")

# public name -> module that defines it, relative to this one
_HOMES: dict[str, str] = {
    "compile": f"{_PYTHON}.module",
    "Module": f"{_PYTHON}.module",
    "Function": f"{_PYTHON}.function",
    **dict.fromkeys(_TRANSFORMS, f"{_PYTHON}.transforms"),
    "check_grads": f"{_PYTHON}.check",
    "explain_difference": f"{_PYTHON}.differences",
    "debug": f"{_PYTHON}.debugging",
    "check_inverse": f"{_PYTHON}.inverse",
    "checkpoint": f"{_PYTHON}.rules",
    "circuit": f"{_PYTHON}.circuits",
    "from_circuit": f"{_PYTHON}.circuits",
    "custom_rev": f"{_PYTHON}.rules",
    "numba_function": f"{_PYTHON}.numba",
    "operation": f"{_PYTHON}.numba",
    "Settings": ".backends.executable",
    **dict.fromkeys(_FAULTS, ".core.errors"),
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value  # the next access does not come here
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
