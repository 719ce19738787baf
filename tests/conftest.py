"""What all tests share: hypothesis settings that give the same verdict on every machine.

`make golden` (or `pytest --update-golden tests/ir`) rewrites golden texts, which the `golden` fixture of our own pytest plugin
(`frontends/testing/plugin.py`) compares with; read the diff before committing it.
`pytest --hypothesis-profile=search` looks for new counterexamples instead of running the same ones.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

os.environ.setdefault("PULLBACK_VERIFY", "1")  # every level is verified after every pass

# no deadline: the cores are shared, and slowness is measured in benchmarks/, not here
settings.register_profile(
    "house", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("house")
# Hypothesis draws constants from whatever modules of ours are loaded, which differs from worker to worker.
providers._get_local_constants = Constants


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests that programs carry are compiled to machine code, which takes its time."""
    for item in items:
        if item.path.suffix == ".pull":
            item.add_marker(pytest.mark.slow)
