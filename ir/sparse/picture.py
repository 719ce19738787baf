"""A sparse matrix as text: dots of Braille, each for one element, or for a few where it is larger than the page."""

from __future__ import annotations

from typing import Any

import numpy as np

WIDTH, HEIGHT = 120, 96
"""Dots across and down at most: 60 by 24 characters."""


def picture(shape: tuple[int, int], starts: Any, columns: Any) -> str:
    """A dot is there where one of the elements it stands for may differ from zero.

    >>> print(picture((4, 6), np.array([0, 2, 4, 6, 8]), np.array([0, 1, 1, 2, 2, 3, 4, 5])))
    ⠙⠦⣀
    """
    if not shape[0] or not shape[1]:
        return ""
    scale = max(1.0, shape[1] / WIDTH, shape[0] / HEIGHT)
    height, width = (max(1, int(np.ceil(n / scale))) for n in shape)
    dots = np.zeros((-(-height // 4) * 4, -(-width // 2) * 2), bool)
    rows = np.repeat(np.arange(shape[0]), np.diff(starts))
    dots[(rows / scale).astype(int), (np.asarray(columns) / scale).astype(int)] = True
    cells = dots.reshape(dots.shape[0] // 4, 4, dots.shape[1] // 2, 2).transpose(0, 2, 1, 3).reshape(-1, dots.shape[1] // 2, 8)
    codes = 0x2800 + cells @ _BITS
    return "\n".join("".join(map(chr, line)).rstrip("\u2800") for line in codes.tolist())


_BITS = np.array([0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80])
"""What each dot of a cell adds to its character, row by row."""
