"""The reference interpreter on NumPy: the meaning the other backends are compared with."""

from .evaluate import run

__all__ = ["run"]
