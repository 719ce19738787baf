"""The installed wheel passes mypy: core and ir strictly, the rooms that talk to untyped libraries nearly so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds


@pytest.mark.slow
def test_the_types_are_right(wheel: Path, run, house: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-index",
        "--no-compile", "--target", site, wheel, cwd=tmp_path)  # fmt: skip
    # the cache stays in the checkout: mypy compares contents where times differ, so a second run is quick
    command = [sys.executable, "-m", "mypy", "-p", "pullback", "--config-file", house / "pyproject.toml",
               "--cache-dir", house / ".cache" / "mypy", "--python-executable", sys.executable]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"MYPYPATH": str(site)}, capture_output=True, text=True
    )
    if done.returncode:
        # with the paths of the checkout, so that a click leads to the line
        pytest.fail((done.stdout + done.stderr).replace("site/pullback/", ""), pytrace=False)
