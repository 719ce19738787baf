"""lse: the logarithm of a sum of exponentials, and its gradient."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[np.ndarray]:
    return [numbers(given["x"], -1)]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"primal": simple(module.logsumexp, read, listed), "gradient": simple(grad(module.logsumexp), read, listed)}


EVALUATION = Evaluation("lse", tasks)
