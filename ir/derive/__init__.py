"""Derivatives, each a functor on unary form: what they return is unary form again."""

from .forward import jvp
from .reverse import reverse, vjp

__all__ = ["jvp", "reverse", "vjp"]
