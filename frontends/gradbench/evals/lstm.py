"""lstm: the loss of a recurrent network on a sequence, and as `jacobian` its gradient by all weights, one after another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Input, Task, listed, numbers, simple


def read(given: Input) -> list[Any]:
    """A layer has two rows of weights, for 4 gates each, and two of the state: what it says and what it remembers."""
    extra = numbers(given["extra_params"])
    b = extra.shape[1]
    state = numbers(given["state"], -1, b)
    main = numbers(given["main_params"]).reshape(len(state) // 2, 2, 4, b)
    return [main, extra, {"h": state[0::2], "c": state[1::2]}, numbers(given["sequence"], -1, b)]


def flat(gradient: tuple[np.ndarray, ...]) -> list[float]:
    return [number for part in gradient for number in part.reshape(-1).tolist()]


def tasks(module: Module) -> Mapping[str, Task]:
    return {"objective": simple(module.loss, read, listed),
            "jacobian": simple(grad(module.loss, argnums=("main", "extra")), read, flat)}


EVALUATION = Evaluation("lstm", tasks)
