"""Circuits that read digits: the kept one and those learned in one pass are as good as the example says."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from pullback.frontends.files.formats import load

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def digits() -> ModuleType:
    spec = importlib.util.spec_from_file_location("digits_example", EXAMPLES / "digits.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_the_kept_network_of_gates_is_a_circuit_over_bits_that_reads_digits(digits: ModuleType) -> None:
    circuit = load(EXAMPLES / "data" / "digits.aig")
    assert str(circuit.ring) == "bit" and circuit.states == 0 and len(circuit.outputs) == 10
    held, tested = digits.kept(digits.read(EXAMPLES / "data" / "digits.npz"))
    assert round(100 * held, 1) == 98.3 and round(100 * tested, 1) == 98.3


@pytest.mark.slow
def test_figures_of_ascent(digits: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    found = digits.main()
    assert list(found.values()) == [99.2, 97.8, 96.1, 60.6, 92.8, 94.2, 98.3]
    assert "99.2" in capsys.readouterr().out


@pytest.mark.slow
def test_digits_of_other_hands_are_harder(digits: ModuleType) -> None:
    data = digits.read(EXAMPLES / "data" / "digits.npz")
    parts = np.where(np.arange(len(data)) < len(data) // 2, 0, 2).astype(np.uint8)
    parts[np.random.default_rng(0).permutation(len(data) // 2)[:135]] = 1
    _, tested = digits.ascent(replace(data, parts=parts), *digits.MODELS["tables of 12 bits over sat<2>, shown once"])
    assert round(100 * tested, 1) == 92.7
