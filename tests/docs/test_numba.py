"""The page on Numba shows what its programs print: the `text` block after each `python` block.

`--update-golden` rewrites what is printed.
"""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds

PAGE = Path(__file__).parents[2] / "docs" / "numba.md"
PAIR = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_page_shows_what_its_programs_print(request: pytest.FixtureRequest) -> None:
    page = text = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    pairs = PAIR.findall(page)
    assert len(pairs) == page.count("```python")
    for program, shown in pairs:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(program, str(PAGE), "exec"), names)
        if request.config.getoption("--update-golden"):
            text = text.replace(f"{program}```\n\n```text\n{shown}```", f"{program}```\n\n```text\n{out.getvalue()}```")
        else:
            assert out.getvalue() == shown
    if text != page:
        PAGE.write_text(text, encoding="utf-8")
