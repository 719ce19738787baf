"""The tool itself: messages on standard input, answers on standard output, and nothing else there."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .protocol import NAMES, serve

__all__ = ["main"]

USAGE = f"""\
usage: python -m pullback.gradbench

Answers GradBench (https://gradben.ch): reads messages on standard input, a JSON object a line, and answers each with a line
on standard output, until the input ends. The modules are {', '.join(NAMES)}.

    gradbench run --eval "gradbench eval gmm" --tool "python -m pullback.gradbench"
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until the input ends; the exit code. Whatever else is printed meanwhile goes to standard error."""
    words = sys.argv[1:] if argv is None else argv
    if words:
        asked = list(words) in (["-h"], ["--help"])
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def write(line: str) -> None:
        answers.write(line)
        answers.flush()

    messages = os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8", errors="replace")
    try:
        serve(messages, write)
    except (BrokenPipeError, KeyboardInterrupt):
        os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())  # nobody reads on; the last flush must not complain
    return 0
