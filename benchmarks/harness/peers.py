"""The peers, set up alike: f64, pinned threads, results that are ready when a call returns.

Each function imports its library when it is called, so that a library that is not installed is an `ImportError` of the one
contender that needs it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import numpy as np


def threads() -> int:
    """How many threads this process may use: what `run.py` pinned it to."""
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def jax() -> ModuleType:
    """JAX in f64. XLA's threads are set by the environment (`harness.machine.environment`)."""
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def jitted(function: Callable[..., Any], arguments: Sequence[Any], **options: Any) -> Callable[[], Any]:
    """A jitted function on arguments that lie on the device already; a call returns when all results are ready."""
    library = jax()
    compiled = library.jit(function, **options)
    placed = [library.device_put(a) for a in arguments]

    def call() -> Any:
        return library.block_until_ready(compiled(*placed))

    return call


def torch() -> ModuleType:
    """PyTorch on as many threads as we may use; on the CPU a call has finished when it returns."""
    import torch

    torch.set_num_threads(threads())
    return torch


def tensors(arguments: Sequence[Any], *, leaves: Sequence[int] = ()) -> list[Any]:
    """The arrays as tensors; those at ``leaves`` ask for gradients."""
    library = torch()
    made = [library.from_numpy(np.array(a)) if isinstance(a, np.ndarray) else a for a in arguments]
    for place in leaves:
        made[place].requires_grad_(True)
    return made
