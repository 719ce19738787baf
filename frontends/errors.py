"""Errors as a person sees them: the layout of `core.errors`, with colour where it is wanted."""

from __future__ import annotations

import os
from typing import TextIO

from ..core.errors import PullbackError, Role, layout

STYLES: dict[Role, str] = {
    "error": "\x1b[1;31m",
    "message": "\x1b[1m",
    "place": "\x1b[36m",
    "gutter": "\x1b[34m",
    "caret": "\x1b[1;31m",
    "hint": "\x1b[32m",
    "note": "\x1b[33m",
}
RESET = "\x1b[0m"


def render(error: PullbackError, colour: bool = False) -> str:
    """The text of an error: what, where, the line with a caret, hint and notes; plain, or with ANSI colours."""
    if not colour:
        return str(error)
    return "".join(_coloured(role, text) for role, text in layout(error))


def wants_colour(stream: TextIO) -> bool:
    """Whether to write colours to the stream: it is a terminal, and the user has not said `NO_COLOR`.

    `FORCE_COLOR` asks for colours where there is no terminal; `NO_COLOR` is the stronger (https://no-color.org).
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def _coloured(role: Role, text: str) -> str:
    style = STYLES.get(role)
    return f"{style}{text}{RESET}" if style else text
