"""The page about learning is run: its commands beside the example data, in order, and its Python in one session."""

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
PAGES = ("learning.md",)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def beside_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (ROOT / "examples" / "data").iterdir():
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.usefixtures("beside_the_data")
@pytest.mark.parametrize("name", PAGES)
def test_commands_write_what_is_shown(name: str, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> None:
    """`--update-golden` rewrites what is shown."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for block in CONSOLE.findall(page):
        now = ""
        for command in re.findall(r"^\$ (pullback .*)$", block, re.MULTILINE):
            capsys.readouterr()
            main(shlex.split(command)[1:])
            now += f"$ {command}\n" + "".join(capsys.readouterr())
        if request.config.getoption("--update-golden"):
            page = page.replace(f"```console\n{block}```", f"```console\n{now}```")
        else:
            assert now == block
    (ROOT / "docs" / name).write_text(page, encoding="utf-8")


@pytest.mark.usefixtures("beside_the_data")
@pytest.mark.parametrize("name", PAGES)
def test_python_does_what_is_shown(name: str) -> None:
    text = "\n".join(PYTHON.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
    examples = doctest.DocTestParser().get_doctest(text, {}, name, None, 0)
    output: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=output.append)
    if output:
        pytest.fail("".join(output), pytrace=False)
