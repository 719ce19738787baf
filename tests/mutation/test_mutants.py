"""The faults of `mutants.py` can be made: each line stands in its file once, and the tests that must notice are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation.mutants import MUTANTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("file", sorted({m.file for m in MUTANTS}))
def test_what_is_to_be_changed_stands_there_once(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    for mutant in MUTANTS:
        if mutant.file == file:
            assert text.count(mutant.old) == 1 and mutant.new != mutant.old, mutant.old
            assert mutant.tests and all((ROOT / test).exists() for test in mutant.tests), mutant.tests
