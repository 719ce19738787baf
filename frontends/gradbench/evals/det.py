"""det: a determinant by Laplace's expansion, and its gradient; matrices are rows one after another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[np.ndarray]:
    l = int(given["ell"])
    return [numbers(given["A"], l, l)]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"primal": simple(module.determinant, read, listed),
            "gradient": simple(grad(module.determinant), read, lambda gradient: gradient.reshape(-1).tolist())}


EVALUATION = Evaluation("det", tasks)
