"""llsq: how far a polynomial is from the sign function at n points, and the gradient by its coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[Any]:
    return [numbers(given["x"], -1), int(given["n"])]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"primal": simple(module.objective, read, listed), "gradient": simple(grad(module.objective), read, listed)}


EVALUATION = Evaluation("llsq", tasks)
