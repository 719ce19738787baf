"""The optimisers of the library do, step for step, what their inventors wrote down; and each is a lens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from pullback.core.lens import Lens, Parametrised, learner, of
from pullback.stdlib.programs import program

M = program("learning.optimisers")
RATE, KEEP = 0.05, 0.9
ZERO = 0.0

# state × parameter → the parameter to differentiate at; and state × parameter × change → both after a step
Optimiser = tuple[Any, Callable[[Any, float], float], Callable[[Any, float, float], tuple[Any, float]]]

OURS: dict[str, Optimiser] = {
    "gradient": (None, lambda s, p: p, lambda s, p, d: (None, M.gradient_step(p, d, RATE))),
    "momentum": (ZERO, lambda s, p: p, lambda s, p, d: M.momentum_step(s, p, d, RATE, KEEP)),
    "nesterov": (ZERO, lambda s, p: M.nesterov_point(s, p, KEEP), lambda s, p, d: M.nesterov_step(s, p, d, RATE, KEEP)),
    "adagrad": (ZERO, lambda s, p: p, lambda s, p, d: M.adagrad_step(s, p, d, RATE)),
    "adam": (
        (1, {"mean": 0.0, "square": 0.0}),
        lambda s, p: p,
        lambda s, p, d: (lambda after: ((s[0] + 1, after[0]), after[1]))(M.adam_step(s[1], p, d, s[0], RATE)),
    ),
}


def slope(p: float) -> float:
    """Of p⁴/4 + p²/2 − p."""
    return p**3 + p - 1


def reference(name: str, steps: int) -> list[float]:
    """The iterates, each rule as its paper prints it (for descent)."""
    p, v, g2, m = 2.0, 0.0, 0.0, 0.0
    found = []
    for t in range(1, steps + 1):
        g = slope(p + KEEP * v) if name == "nesterov" else slope(p)
        match name:
            case "gradient":
                p -= RATE * g
            case "momentum" | "nesterov":
                v = KEEP * v - RATE * g
                p += v
            case "adagrad":
                g2 += g * g
                p -= RATE * g / (np.sqrt(g2) + 1e-7)
            case "adam":
                m, g2 = 0.9 * m + 0.1 * g, 0.999 * g2 + 0.001 * g * g
                p -= RATE * (m / (1 - 0.9**t)) / (np.sqrt(g2 / (1 - 0.999**t)) + 1e-8)
        found.append(p)
    return found


@pytest.mark.parametrize("name", OURS)
def test_a_hundred_steps_of_each(name: str) -> None:
    """By `learner`: the optimiser is the lens through which a model sees its parameter."""
    start, point, put = OURS[name]
    update = Lens(lambda sp: (point(*sp), lambda d: put(*sp, d)))
    model = Parametrised(of(lambda p, a: p, lambda p, a, d: (d, None)))
    loss = Parametrised(of(lambda label, p: p, lambda label, p, d: (None, d * slope(p))))
    step = learner(model, loss, lambda value: -1.0, update)
    state, found = (start, 2.0), []
    for _ in range(100):
        state = step(state, None, None)
        found.append(state[1])
    np.testing.assert_allclose(found, reference(name, 100), rtol=1e-12)


def test_they_are_of_any_precision() -> None:
    assert "-> (f32, f32)" in repr(program("learning.optimisers", real="f32").momentum_step)
