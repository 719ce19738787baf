"""ht: the errors of a tracked hand and their dense Jacobian: by the pose and, where points lie in triangles, before it by
each point's own two coordinates there (only those: the columns of the other points' coordinates are zero)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ...python.module import Module
from ...python.transforms import jacfwd
from ..evaluation import Evaluation, Input, Task, numbers


def read(given: Input) -> tuple[list[Any], bool]:
    """The arguments of `simple` or of `complicated`, and whether it is the latter."""
    data, model = given["data"], given["data"]["model"]
    parents = numbers(model["parents"], -1, kind=int)
    b = len(parents)
    hand = {"parents": parents, "relatives": numbers(model["base_relatives"], b, 4, 4),
            "inverses": numbers(model["inverse_base_absolutes"], b, 4, 4),
            "vertices": numbers(model["base_positions"], -1, 4), "weights": numbers(model["weights"], -1, b),
            "mirrored": bool(model["is_mirrored"])}
    theta, points = numbers(given["theta"], 26), numbers(data["points"], -1, 3)
    at, us = numbers(data["correspondences"], -1, kind=int), numbers(given.get("us", []), -1, 2)
    if len(us):
        return [theta, us, hand, numbers(model["triangles"], -1, 3, kind=int), points, at], True
    return [theta, hand, points, at], False


def tasks(module: Module) -> Mapping[str, Task]:
    simple, complicated, by_place = module.simple, module.complicated, module.by_place
    by_pose, by_pose_in_triangles = jacfwd(simple, "theta"), jacfwd(complicated, "theta")

    def objective(given: Input) -> Callable[[], Any]:
        arguments, in_triangles = read(given)
        function = complicated if in_triangles else simple
        return lambda: function(*arguments)

    def jacobian(given: Input) -> Callable[[], Any]:
        arguments, in_triangles = read(given)
        if not in_triangles:
            return lambda: by_pose(*arguments)
        return lambda: np.concatenate([np.moveaxis(by_place(*arguments), 0, 2), by_pose_in_triangles(*arguments)], axis=2)

    return {"objective": Task((simple, complicated), objective, lambda errors: errors.reshape(-1).tolist()),
            "jacobian": Task((by_pose, by_place, by_pose_in_triangles), jacobian,
                             lambda rows: rows.reshape(-1, rows.shape[2]).tolist())}


EVALUATION = Evaluation("ht", tasks)
