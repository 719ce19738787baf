"""The page of circuits does what it shows: commands and Python, in one folder.

`--update-golden` rewrites what commands write.
"""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from pullback.frontends.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "circuits.md"
FILE = re.compile(r"^```(?:aag|pla)\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_does_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("PATH", "")  # whether ABC is there should make no difference
    for name, text in FILE.findall(page):
        Path(name).write_text(text, encoding="utf-8")

    def shown(command: str) -> str:
        capsys.readouterr()
        main(shlex.split(command)[1:])
        out, err = capsys.readouterr()
        return f"$ {command}\n{out}{err}"

    blocks = CONSOLE.findall(page)
    now = ["".join(map(shown, re.findall(r"^\$ (pullback .*)$", block, re.MULTILINE))) for block in blocks]
    if request.config.getoption("--update-golden"):
        for block, text in zip(blocks, now, strict=True):
            page = page.replace(f"```console\n{block}```", f"```console\n{text}```")
        PAGE.write_text(page, encoding="utf-8")
    else:
        assert now == blocks
    examples = doctest.DocTestParser().get_doctest("\n".join(PYTHON.findall(page)), {}, "docs/circuits.md", None, 0)
    output: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=output.append)
    if output:
        pytest.fail("".join(output), pytrace=False)
