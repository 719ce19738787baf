"""The demo does what it says: it learns, ends beside the reference, and leaves what it names."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import pullback as pb

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def demo() -> ModuleType:
    spec = importlib.util.spec_from_file_location("logistic_demo", EXAMPLES / "logistic.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_demo_trains_and_reports(demo: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = demo.main(["--out", str(tmp_path)])
    printed = capsys.readouterr().out
    model, data = pb.compile(EXAMPLES / "logistic.pull"), demo.read()
    assert demo.accuracy(model, result, data.held_xs, data.held_ys) >= demo.REFERENCE_ACCURACY - 1e-4
    assert abs(result.held_losses[-1] - demo.REFERENCE_LOSS) < 0.01
    assert result.losses[-1] < 0.1 * np.log(2)
    for file in ("gradient.graph", "gradient.loops", "gradient.s"):
        assert (tmp_path / file).stat().st_size > 0
        assert file in printed


def test_a_step_follows_the_gradient(demo: ModuleType) -> None:
    """`step` is a gradient step: to first order it lowers the loss by rate · |gradient|²."""
    model, data = pb.compile(EXAMPLES / "logistic.pull"), demo.read()
    w, b, rate = np.full(30, 0.01), 0.1, 1e-5
    moved = model.step(w, b, data.xs, data.ys, rate)
    square = sum(np.sum((np.subtract(new, old) / rate) ** 2) for new, old in zip(moved, (w, b), strict=True))
    fall = model.loss(w, b, data.xs, data.ys) - model.loss(*moved, data.xs, data.ys)
    assert fall == pytest.approx(rate * square, rel=1e-3)
