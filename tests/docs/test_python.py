"""What docs/python.md shows is what one gets."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take some seconds

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)


def test_the_page_does_what_it_shows() -> None:
    """All sections, one after the other, in one session."""
    texts = [re.findall(r"^```pycon\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) for _, text in SECTIONS]
    examples = doctest.DocTestParser().get_doctest("\n".join(b for t in texts for b in t), {}, "docs/python.md", None, 0)
    assert len(examples.examples) > 30
    output: list[str] = []
    runner = doctest.DocTestRunner(checker=Whole(), verbose=False)
    runner.run(examples, out=output.append)
    if output:
        pytest.fail("".join(output), pytrace=False)


class Whole(doctest.OutputChecker):
    """Output to the last character; but how much rounding there is differs between machines."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        want, got = (re.sub(r"±[\d.e+-]+", "±…", text) for text in (want, got))
        return super().check_output(want, got, optionflags)
