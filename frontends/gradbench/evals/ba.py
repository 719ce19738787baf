"""ba: the errors of a bundle adjustment, and their sparse Jacobian by rows.

Inputs are one camera, one point, one weight and one observation, all repeated; outputs are shortened likewise: errors to the
first ones and their number, the Jacobian to its first 30 entries and its last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...python.module import Module
from ..evaluation import Evaluation, Input, Task, numbers, simple

CAMERA, POINT, SHOWN = 11, 3, 30


def read(given: Input) -> list[np.ndarray]:
    """All cameras, points, weights and observations; observation i is of point i mod m by camera i mod n."""
    n, m, p = (int(given[name]) for name in "nmp")
    at = np.stack([np.arange(p) % n, np.arange(p) % m], axis=1)
    return [np.tile(numbers(given["cam"], CAMERA), (n, 1)), np.tile(numbers(given["x"], POINT), (m, 1)),
            np.full(p, float(given["w"])), np.tile(numbers(given["feat"], 2), (p, 1)), at]


def errors(result: tuple[np.ndarray, np.ndarray]) -> Mapping[str, Any]:
    misses, weights = result
    return {"reproj_error": {"elements": misses[0].tolist(), "repeated": len(misses)},
            "w_err": {"element": float(weights[0]), "repeated": len(weights)}}


def shortened(entries: np.ndarray) -> list[Any]:
    found: list[Any] = [*entries[:SHOWN].tolist(), entries[-1].item()]
    return found


def tasks(module: Module) -> Mapping[str, Task]:
    jacobian = module.jacobian

    def prepare(given: Input) -> Any:
        arguments, n, m = read(given), int(given["n"]), int(given["m"])
        at = arguments[-1]

        def call() -> Mapping[str, np.ndarray]:
            """In CSR: two rows for each observation, by its camera, point and weight, then a row for each weight."""
            p = len(at)
            cameras, points = CAMERA * at[:, :1] + np.arange(CAMERA), CAMERA * n + POINT * at[:, 1:] + np.arange(POINT)
            weights = CAMERA * n + POINT * m + np.arange(p)[:, None]
            by_row = np.repeat(np.concatenate([cameras, points, weights], axis=1), 2, axis=0)
            values, weight_values = jacobian(*arguments)
            width = by_row.shape[1]
            starts = np.concatenate([width * np.arange(2 * p), 2 * p * width + np.arange(p + 1)])
            return {"rows": starts, "cols": np.concatenate([by_row.reshape(-1), weights[:, 0]]),
                    "vals": np.concatenate([values.reshape(-1), weight_values])}

        return call

    def write(matrix: Mapping[str, np.ndarray]) -> Mapping[str, Any]:
        return {name: shortened(entries) for name, entries in matrix.items()}

    return {"objective": simple(module.errors, read, errors), "jacobian": Task((jacobian,), prepare, write)}


EVALUATION = Evaluation("ba", tasks)
