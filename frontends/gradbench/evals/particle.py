"""particle: a particle steered to the origin. `fr` has the descent's gradient in forward and the force in reverse mode."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...python.module import Module
from ..evaluation import Evaluation, Input, Task, numbers, simple


def read(given: Input) -> list[np.ndarray]:
    return [numbers([given["w"]], 1)]


def tasks(module: Module) -> Mapping[str, Task]:
    return {name: simple(module[name], read, lambda w: float(w[0])) for name in ("ff", "fr", "rf", "rr")}


EVALUATION = Evaluation("particle", tasks)
