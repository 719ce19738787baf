"""log |Γ| and its first three derivatives on NumPy arrays (NumPy itself has none of them).

digamma, trigamma and tetragamma: reflection to x ≥ 1/2, recurrence to x ≥ 10, then the asymptotic series (Abramowitz & Stegun
6.3.18, 6.4.12 to 6.4.14), in float64. Tested against mpmath.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""B₂, B₄, …, B₁₆."""

_FAR = 10


def _lgamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except (ValueError, OverflowError):
        return math.inf


_vector = np.vectorize(_lgamma, otypes=[np.float64])


def lgamma(x: Any) -> Any:
    """log |Γ(x)|; inf at 0, -1, -2, … and at ±inf."""
    return _vector(x)


def digamma(x: Any) -> Any:
    """(log Γ)′(x); -inf at +0, inf at -0, nan at negative integers and -inf."""
    x = np.asarray(x, dtype=np.float64)
    reflected = x < 0.5
    y = np.where(reflected, 1 - x, x)
    total = np.zeros_like(y)
    for _ in range(_FAR):
        near = y < _FAR
        total = total - np.where(near, 1 / y, 0)
        y = np.where(near, y + 1, y)
    inverse = 1 / (y * y)
    series = np.zeros_like(y)
    for k in range(len(_BERNOULLI), 0, -1):
        series = (series + _BERNOULLI[k - 1] / (2 * k)) * inverse
    value = total + (np.log(y) - 0.5 / y - series)
    # tan(πx) from the distance to the nearest integer, exact where π·x would not be
    value = np.where(reflected, value - np.pi / np.tan(np.pi * (x - np.rint(x))), value)
    value = np.where((x < 0) & (x == np.rint(x)), np.nan, value)
    return np.where(x == 0, np.copysign(np.inf, -x), value)


def trigamma(x: Any) -> Any:
    """(log Γ)″(x); inf at 0, -1, -2, …, nan at -inf."""
    x = np.asarray(x, dtype=np.float64)
    reflected = x < 0.5
    y = np.where(reflected, 1 - x, x)
    total = np.zeros_like(y)
    for _ in range(_FAR):
        near = y < _FAR
        total = total + np.where(near, 1 / (y * y), 0)
        y = np.where(near, y + 1, y)
    inverse = 1 / (y * y)
    series = np.zeros_like(y)
    for b in reversed(_BERNOULLI):
        series = (series + b) * inverse
    value = total + (1 + 0.5 / y + series) / y
    sine = np.sin(np.pi * (x - np.rint(x)))
    value = np.where(reflected, (np.pi / sine) ** 2 - value, value)
    return np.where(np.isneginf(x), np.nan, value)


def tetragamma(x: Any) -> Any:
    """(log Γ)‴(x); -inf at +0, inf at -0, nan at negative integers and -inf."""
    x = np.asarray(x, dtype=np.float64)
    reflected = x < 0.5
    y = np.where(reflected, 1 - x, x)
    total = np.zeros_like(y)
    for _ in range(_FAR):
        near = y < _FAR
        total = total - np.where(near, 2 / y**3, 0)
        y = np.where(near, y + 1, y)
    inverse = 1 / (y * y)
    series = np.zeros_like(y)
    for k in range(len(_BERNOULLI), 0, -1):
        series = (series + (2 * k + 1) * _BERNOULLI[k - 1]) * inverse
    value = total - (1 + 1 / y + series) * inverse
    turn = np.pi * (x - np.rint(x))
    value = np.where(reflected, value - 2 * np.pi * (np.pi / np.sin(turn)) ** 2 / np.tan(turn), value)
    value = np.where((x < 0) & (x == np.rint(x)), np.nan, value)
    return np.where(x == 0, np.copysign(np.inf, -x), value)
