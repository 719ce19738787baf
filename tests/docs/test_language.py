"""The language reference shows what programs give: each section's `output` is run against its `pull` blocks.

A `pull` block that begins with a comment `# name.pull` is a file of that name; the others of a section, one after the
other, are its program. After `> ` stands an expression over that program, on the lines below what it gives.
`--update-golden` rewrites what is given.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pullback.backends.interpreter.evaluate import run
from pullback.frontends.language import syntax
from pullback.frontends.language.elaborate import check, elaborate_expression, elaborate_test
from pullback.frontends.language.loader import Program, load_text
from pullback.frontends.language.show import show
from pullback.ir.unary.typing import verify

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
SECTION = re.compile(r"^## (.*?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(pull|output)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.pull)\n")
SECTIONS = dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))


def program_of(section: str, folder: Path) -> Program:
    """The program of a section, its other files saved in the folder."""
    own = []
    for kind, text in BLOCK.findall(SECTIONS[section]):
        header = FILE.match(text)
        if kind == "pull" and header:
            (folder / header[1]).parent.mkdir(parents=True, exist_ok=True)
            (folder / header[1]).write_text(text, encoding="utf-8")
        elif kind == "pull":
            own.append(text)
    return load_text("\n".join(own), f"docs/language.md, {section}", folder)


def given(program: Program, expression: str) -> str:
    term, kind = elaborate_expression(program, expression)
    verify(term)
    return show(kind, run(term, []))


@pytest.mark.parametrize("section", [name for name, text in SECTIONS.items() if "```pull" in text or "```out" in text])
def test_the_reference_shows_what_programs_give(
    section: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    program = program_of(section, tmp_path)
    assert list(check(program)) == []
    for kind, text in BLOCK.findall(SECTIONS[section]):
        if kind == "output":
            expressions = re.findall(r"^> (.*)\n", text, re.MULTILINE)
            now = "".join(f"> {expression}\n{given(program, expression)}\n" for expression in expressions)
            if request.config.getoption("--update-golden"):
                page = PAGE.read_text(encoding="utf-8")
                PAGE.write_text(page.replace(f"```output\n{text}```", f"```output\n{now}```"), encoding="utf-8")
            else:
                assert now == text


def test_the_tests_on_the_page_hold(tmp_path: Path) -> None:
    program = program_of("Tests", tmp_path)
    lines = [claim for test in program.tests for claim in elaborate_test(program, test)]
    assert [type(claim.line) for claim in lines] == [syntax.Holds, syntax.Near, syntax.Fails]
    holds, near, fails = lines
    assert holds.term is not None and near.term is not None
    assert all(run(holds.term, []))
    actual, expected, tolerance = run(near.term, [])
    assert abs(actual - expected) <= tolerance
    assert isinstance(fails.line, syntax.Fails) and fails.fault is not None
    assert fails.fault.code == fails.line.code
