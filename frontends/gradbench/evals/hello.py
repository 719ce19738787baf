"""hello: a number's square, and as `double` the square's derivative. The input is the number itself."""

from __future__ import annotations

from collections.abc import Mapping

from ...python.module import Module
from ...python.transforms import grad
from ..evaluation import Evaluation, Task, listed, simple


def tasks(module: Module) -> Mapping[str, Task]:
    def read(given: float) -> list[float]:
        return [float(given)]

    return {"square": simple(module.square, read, listed), "double": simple(grad(module.square), read, listed)}


EVALUATION = Evaluation("hello", tasks)
