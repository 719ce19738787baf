"""Circuits learned from the irises: the published figures to the flower, and better ones with counters."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import pullback as pb

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_published_accuracies_are_reproduced(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("rda_example", EXAMPLES / "rda.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    assert [round(v, 1) for v in module.main().values()] == [98.0, 98.0, 73.3, 73.3, 80.0, 90.7]
    assert "98.0   98.0" in capsys.readouterr().out


def test_a_step_puts_the_label_into_the_table_and_changes_nothing_else() -> None:
    """The closed form of an ascent step on a table: θ[x] := y (last write wins)."""
    step = pb.compile(EXAMPLES / "rda.pull").step
    rng = np.random.default_rng(0)
    for _ in range(20):
        theta, x, y = (rng.integers(0, 2, shape).astype(bool) for shape in ((8, 2), 3, 2))
        expected = theta.copy()
        expected[x @ [1, 2, 4]] = y
        np.testing.assert_array_equal(step(theta, x, y), expected)
