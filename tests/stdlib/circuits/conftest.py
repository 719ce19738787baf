"""Small problems to learn circuits for."""

from __future__ import annotations

import numpy as np
import pytest

from pullback.stdlib.circuits.problem import Examples, Problem


@pytest.fixture
def problem() -> Problem:
    """Which third of their range three numbers' mean lies in, from noisy bits: 3 classes, 12 bits, 200 and 60 examples."""
    rng = np.random.default_rng(1)
    levels = rng.random((260, 3))
    bits = (levels[:, :, None] > np.linspace(0, 1, 6)[1:-1]).reshape(260, 12)
    labels = np.minimum((levels.mean(axis=1) * 3).astype(np.int64), 2)
    learned, held = Examples(bits[:200], labels[:200]), Examples(bits[200:], labels[200:])
    return Problem(learned, held, tuple(f"b{k}" for k in range(12)), ("low", "middle", "high"))


@pytest.fixture
def images() -> Problem:
    """Whether a bright spot of 2 × 2 lies in the left or in the right half of 4 × 6 pixels of two levels."""
    rng = np.random.default_rng(2)
    pixels = np.zeros((120, 4, 6), dtype=int)
    for image, row, column in zip(pixels, rng.integers(0, 3, 120), rng.choice([0, 1, 3, 4], 120), strict=True):
        image[row : row + 2, column : column + 2] = rng.integers(1, 3)
    bits = (pixels[..., None] > np.arange(2)).reshape(120, -1)
    labels = (pixels[:, :, 3:].sum(axis=(1, 2)) > 0).astype(np.int64)
    names = tuple(f"p{k}" for k in range(bits.shape[1]))
    return Problem(Examples(bits[:80], labels[:80]), Examples(bits[80:], labels[80:]), names, ("left", "right"), (4, 6, 2))
