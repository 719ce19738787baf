"""Passes, each a frozen dataclass or function in a file named like it. Those on loop nests run in the order of `SCHEDULE`."""

from __future__ import annotations

from ..loops.nest import Kernel
from .lanes import Lanes
from .stage import Stage

SCHEDULE = (Lanes(), Stage())
"""What turns the loops a graph was lowered to into the loops that run."""


def schedule(kernel: Kernel) -> Kernel:
    """The kernel after every pass of `SCHEDULE`."""
    for step in SCHEDULE:
        kernel = step.run(kernel)
    return kernel


__all__ = ["SCHEDULE", "Lanes", "Stage", "schedule"]
