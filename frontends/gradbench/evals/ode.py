"""ode: where s steps of Runge and Kutta's method lead, and the gradient of its last number by the coefficients x."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[Any]:
    return [numbers(given["x"], -1), int(given["s"])]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"primal": simple(module.solve, read, listed), "gradient": simple(grad(module.last), read, listed)}


EVALUATION = Evaluation("ode", tasks)
