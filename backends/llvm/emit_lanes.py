"""Loops that run several iterations at once."""

from __future__ import annotations

from ...ir.loops import nest
from .emit_body import Body

__all__ = ["run_in_lanes"]


def run_in_lanes(body: Body, loop: nest.For) -> bool:
    """Write the loop with its lanes and return True, or write nothing where its form does not allow that."""
    return False
