"""gmm: the log-likelihood of a mixture, and as `jacobian` its gradient by alpha, mu, q and l."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple

WRT = ("alpha", "mu", "q", "l")


def read(given: Input) -> list[Any]:
    d, k, n = (int(given[name]) for name in "dkn")
    arrays = [numbers(given["alpha"], k), numbers(given["mu"], k, d), numbers(given["q"], k, d),
              numbers(given["l"], k, d * (d - 1) // 2), numbers(given["x"], n, d)]
    return [*arrays, {"gamma": float(given["gamma"]), "m": int(given["m"])}]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"objective": simple(module.objective, read, listed),
            "jacobian": simple(grad(module.objective, argnums=WRT), read,
                               lambda parts: dict(zip(WRT, listed(tuple(parts)), strict=True)))}


EVALUATION = Evaluation("gmm", tasks)
