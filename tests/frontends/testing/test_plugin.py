"""The pytest plugin: it is there when pullback is installed, costs nothing, and says what a program's author needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take some seconds

PROGRAM = """\
def half(x: f64) -> f64 = x / 2
def square(x: f64) -> f64 = x * x
reverse square(x, dy) = dy * x
def count(k: i64) -> i64 = k
def apply(f: (f64) -> f64, x: f64) -> f64 = f(x)

test "half of four": half(4) == 2
test "no half": half(4) == 3
"""


def pytest_on(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


def test_programs_are_collected_and_gradients_checked(tmp_path: Path) -> None:
    (tmp_path / "a.pull").write_text(PROGRAM)
    (tmp_path / "broken.pull").write_text('def f(x: f64) -> f64 = x +\ntest "f": f(1) == 1\n')
    said = pytest_on(tmp_path, "--continue-on-collection-errors", "--pullback-gradcheck")
    assert "a.pull::half of four PASSED" in said and "a.pull::no half FAILED" in said
    assert 'test "no half": half(4) == 3' in said and "Traceback" not in said and "error PB0101" in said
    assert "gradients of half PASSED" in said and "gradients of count PASSED" in said and "apply" not in said
    assert "gradients of square FAILED" in said and "2 failed, 3 passed, 1 error" in said
    assert "complex step: D[f](a, v) and Im f(a + ihv) / h differ" in said and "--arg x='1.0'" in said


def test_golden_texts(tmp_path: Path) -> None:
    (tmp_path / "library.pull").write_text("def f(x: f64) -> f64 = x\n")
    (tmp_path / "test_it.py").write_text("def test_text(golden):\n    golden('as it was')\n")
    assert "1 passed" in pytest_on(tmp_path, "--update-golden"), "a program without tests is none"
    assert (tmp_path / "golden" / "it" / "test_text.txt").read_text() == "as it was\n"
    (tmp_path / "test_it.py").write_text(
        "def test_text(golden):\n    golden('as it was')\n    golden('as it is')\n"
        "def test_other(golden):\n    golden('new')\n")  # fmt: skip
    said = pytest_on(tmp_path)
    assert "2 failed" in said and "differs from" in said and "no golden text" in said


def test_it_loads_nothing_heavy() -> None:
    script = ("import sys, pytest; before = set(sys.modules); import pullback.frontends.testing.plugin;"
              "print(*{m.split('.')[0] for m in set(sys.modules) - before})")  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not set(ended.stdout.split()) & {"numpy", "lark", "llvmlite", "numba", "sympy", "networkx", "hypothesis"}
