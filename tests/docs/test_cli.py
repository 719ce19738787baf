"""The page of the command line shows what commands write: its `console` blocks are run, in order, in one folder.

`--update-golden` rewrites what is shown.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from pullback.stdlib.command import COMMANDS, main

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"
FILE = re.compile(r"^```(?:pull|csv|aag)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def shown(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(shlex.split(command)[1:])
    out, err = capsys.readouterr()
    return f"$ {command}\n{out}{err}"


def test_the_page_shows_what_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, text in FILE.findall(page):
        Path(name).write_text(text, encoding="utf-8")
    blocks = CONSOLE.findall(page)
    now = ["".join(shown(c, capsys) for c in re.findall(r"^\$ (pullback .*)$", block, re.MULTILINE)) for block in blocks]
    if request.config.getoption("--update-golden"):
        for block, text in zip(blocks, now, strict=True):
            page = page.replace(f"```console\n{block}```", f"```console\n{text}```")
        PAGE.write_text(page, encoding="utf-8")
    else:
        assert now == blocks


def test_every_command_has_a_section() -> None:
    assert re.findall(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == [
        "run", "grad", "check", "test", "verify", "explain", "cost", "fmt", "circuit", "learn"]  # fmt: skip
    assert set(COMMANDS) == {"run", "grad", "check", "test", "verify", "explain", "cost", "fmt", "circuit", "learn"}
