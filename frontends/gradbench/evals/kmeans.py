"""kmeans: what the points pay, and as `dir` Newton's step: the gradient by the centroids over the diagonal of the Hessian."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...python.module import Module
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[np.ndarray]:
    centroids = numbers(given["centroids"])
    return [numbers(given["points"], -1, centroids.shape[1]), centroids]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"cost": simple(module.cost, read, listed), "dir": simple(module.newton, read, listed)}


EVALUATION = Evaluation("kmeans", tasks)
