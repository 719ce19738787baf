"""Examples in docstrings are true. Modules are imported by name: `--doctest-modules` would load each class twice."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("core", "ir", "backends", "frontends", "stdlib")
WITH_EXAMPLES = sorted(
    ".".join(("pullback", *file.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__")
    for room in ROOMS
    for file in (HOUSE / room).rglob("*.py")
    if ">>> " in file.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_in_docstrings(name: str) -> None:
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for examples in doctest.DocTestFinder(exclude_empty=True).find(import_module(name)):
        runner.run(examples, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
