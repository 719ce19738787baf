"""How many examples a property is tried on."""

from __future__ import annotations

from hypothesis import settings


def examples(count: int) -> settings:
    """So many examples, or as many as a profile that searches (`--hypothesis-profile=search`) asks for."""
    return settings(max_examples=max(count, settings.default.max_examples if settings.default.max_examples > 100 else 0))
