"""`import pullback` is light: whoever only wants the command line's help does not wait for sympy."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

HEAVY = ("sympy", "numba", "networkx", "llvmlite", "scipy", "matplotlib")
BUDGET = 0.3  # seconds beyond numpy


def test_import_loads_nothing_heavy(run, tmp_path: Path) -> None:
    loaded = run(sys.executable, "-c", "import pullback, sys; print(*sorted(sys.modules))", cwd=tmp_path).split()
    assert "pullback" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_import_is_quick(run, tmp_path: Path) -> None:
    # processor time, so that a busy machine does not count; the first run may write bytecode and is dropped
    script = "import numpy, time; start = time.process_time(); import pullback; print(time.process_time() - start)"
    times = [float(run(sys.executable, "-c", script, cwd=tmp_path)) for _ in range(6)][1:]
    assert statistics.median(times) < BUDGET
