"""What docs/benchmarks.md says of the tool is so."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

from pullback.frontends.gradbench.protocol import NAMES

TEXT = (Path(__file__).parents[2] / "docs" / "benchmarks.md").read_text(encoding="utf-8")


def test_the_conversation_shown() -> None:
    asked, shown = re.findall(r"^\$ (echo .*) \| python -m pullback\.gradbench\n(.*)$", TEXT, re.MULTILINE)[0]
    done = subprocess.run([sys.executable, "-m", "pullback.gradbench"], input=shlex.split(asked)[1], capture_output=True,
                          text=True, check=True)
    ours, theirs = json.loads(done.stdout), json.loads(shown)
    for answer in (ours, theirs):
        for timing in answer["timings"]:
            assert timing.pop("nanoseconds") > 0
    assert ours == theirs


def test_all_modules_are_named() -> None:
    (sentence,) = re.findall(r"Its modules are (.*?) \(", TEXT, re.DOTALL)
    assert sorted(re.findall(r"`(\w+)`", sentence)) == sorted(NAMES)
