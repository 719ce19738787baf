"""What docs/testing.md shows is what one gets."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # it takes some seconds

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")


def test_the_page_does_what_it_shows() -> None:
    text = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(text, {}, "docs/testing.md", None, 0)
    assert len(examples.examples) > 15
    output: list[str] = []
    doctest.DocTestRunner(verbose=False).run(examples, out=output.append)
    if output:
        pytest.fail("".join(output), pytrace=False)


def test_every_check_and_strategy_is_on_the_page() -> None:
    import pullback.testing

    public = {name for name in pullback.testing.__all__ if name.islower()} - {"all_inputs", "grown_circuit"}
    assert {name for name in public if not re.search(rf"\b{name}\b", PAGE)} == set()
