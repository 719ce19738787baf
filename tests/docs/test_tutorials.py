"""The tutorials are run: their commands beside the example data, in order, then their Python in one session."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest

from pullback.stdlib.command import main

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PAGES = ("learning.md", "hardware.md")
FILE = re.compile(r"^```pull\n# (\S+\.pull)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A page, in whose folder are its programs and the data of the examples."""
    path = ROOT / "docs" / str(request.param)
    for file in (ROOT / "examples" / "data").iterdir():
        shutil.copy(file, tmp_path)
    for name, text in FILE.findall(path.read_text(encoding="utf-8")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return path


def test_tutorials_do_what_they_show(page: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> None:
    """`--update-golden` rewrites what commands write."""
    text = page.read_text(encoding="utf-8")
    for block in CONSOLE.findall(text):
        now = ""
        for command in re.findall(r"^\$ (pullback .*)$", block, re.MULTILINE):
            capsys.readouterr()
            main(shlex.split(command)[1:])
            now += f"$ {command}\n" + "".join(capsys.readouterr())
        if request.config.getoption("--update-golden"):
            text = text.replace(f"```console\n{block}```", f"```console\n{now}```")
            page.write_text(text, encoding="utf-8")
        else:
            assert now == block
    session = doctest.DocTestParser().get_doctest("\n".join(PYTHON.findall(text)), {}, page.name, None, 0)
    output: list[str] = []
    doctest.DocTestRunner(verbose=False).run(session, out=output.append)
    if output:
        pytest.fail("".join(output), pytrace=False)
