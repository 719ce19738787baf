"""What the README shows is what one gets: its program, its commands with their output, its Python."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (program,) = blocks("pull")
    (tmp_path / program.split()[1]).write_text(program, encoding="utf-8")
    return tmp_path


def test_the_commands_print_what_is_shown(folder: Path) -> None:
    (session,) = blocks("console")
    program = str(Path(sys.executable).with_name("pullback"))
    environment = {**os.environ, "NO_COLOR": "1", "PULLBACK_CACHE": str(folder / "cache")}
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", session, re.MULTILINE):
        words = [program if w == "pullback" else w for w in shlex.split(command)]
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.startswith(shown), command  # a last line may give the time it took


def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = blocks("python")
    exec(compile(code, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert printed.strip() == re.findall(r"print\(.*\) +# (.*)$", code, re.MULTILINE)[0]
