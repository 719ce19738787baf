"""The golden fixture asks for a text that is missing, writes it when told to, and sees a change."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds


@pytest.mark.slow
def test_a_golden_text_from_missing_to_changed(house: Path, tmp_path: Path) -> None:
    shutil.copy(house / "tests" / "conftest.py", tmp_path / "conftest.py")
    test, text = tmp_path / "test_thing.py", tmp_path / "golden" / "thing" / "test_it_1_-part.txt"

    def outcome(shown: str, *options: str) -> tuple[int, str]:
        test.write_text(f"import pytest\n@pytest.mark.parametrize('x', [1])\n"
                        f"def test_it(golden, x):\n    golden({shown!r}, 'part')\n")  # fmt: skip
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout

    code, report = outcome("one\ntwo")
    assert code == 1 and "--update-golden" in report and not text.exists()
    assert outcome("one\ntwo", "--update-golden")[0] == 0
    assert text.read_text() == "one\ntwo\n"
    assert outcome("one\ntwo")[0] == 0
    code, report = outcome("one\nthree")
    assert code == 1 and "-two" in report and "+three" in report
