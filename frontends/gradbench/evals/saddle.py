"""saddle: a saddle found by descents within descents. `fr`: the outer gradient in forward, the inner one in reverse mode."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...python.module import Module
from ..evaluation import Evaluation, Input, Task, numbers, simple


def read(given: Input) -> list[np.ndarray]:
    return [numbers(given["start"], 2)]


def tasks(module: Module) -> Mapping[str, Task]:
    def write(points: tuple[np.ndarray, np.ndarray]) -> list[float]:
        return [*points[0].tolist(), *points[1].tolist()]

    return {name: simple(module[name], read, write) for name in ("ff", "fr", "rf", "rr")}


EVALUATION = Evaluation("saddle", tasks)
