"""Examples in docstrings are true. Modules are imported by name: `--doctest-modules` would load each class twice."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path


def failures(module: object) -> list[str]:
    """The reports of the examples in a module's docstrings that do not print what they show."""
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for examples in doctest.DocTestFinder(exclude_empty=True).find(module):
        runner.run(examples, out=report.append)
    return report


def test_examples_in_docstrings_are_true(house: Path, rooms: tuple[str, ...]) -> None:
    files = [f for room in rooms for f in sorted((house / room).rglob("*.py")) if ">>> " in f.read_text("utf-8")]
    names = [".".join(("pullback", *f.relative_to(house).with_suffix("").parts)) for f in files]
    wrong = [report for name in names for report in failures(import_module(name.removesuffix(".__init__")))]
    assert names
    assert not wrong, "".join(wrong)
