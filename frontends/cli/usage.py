"""What the commands have in common: their faults, their exit codes, and where they write."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, NoReturn

from ...core.errors import ArgumentFault, FileFault, PullbackError
from ..errors import render, wants_colour

OK, FAILED, MISUSED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141
"""Exit codes: all is well; the program, a test or a check failed; the command cannot be carried out as given."""


class UsageFault(ArgumentFault):
    """The command line asks for something that cannot be: `pullback` exits with 2."""


def exit_code(fault: PullbackError) -> int:
    """Misuse is what is wrong with the command; anything else is wrong with the program or its data."""
    absent = fault.code == "PB0201" and fault.span is None  # no function of the name that was asked for
    return MISUSED if isinstance(fault, FileFault | UsageFault) or absent else FAILED


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are faults like all others."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise UsageFault("PB0620", f"{self.prog}: {message}", hint=f"it reads {usage}")


def parser(name: str, summary: str, description: str, examples: str) -> argparse.ArgumentParser:
    """The parser of a command, with the options that all have."""
    made = Parser(
        prog=f"pullback {name}",
        description=f"{summary}\n\n{description}".strip(),
        epilog=f"examples:\n{examples.rstrip()}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--json", action="store_true", help="write one JSON object, for other programs to read")
    return made


def colours() -> bool:
    return wants_colour(sys.stdout)


def styled(text: str, style: str) -> str:
    """The text in a colour, where standard output shows colours."""
    codes = {"good": "32", "bad": "1;31", "faint": "2", "strong": "1"}
    return f"\x1b[{codes[style]}m{text}\x1b[0m" if colours() else text


def write_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False))


def tell(fault: PullbackError, as_json: bool) -> None:
    """Write a fault: for a person on standard error, for a program on standard output."""
    if as_json:
        write_json({"error": as_data(fault)})
    else:
        print(render(fault, wants_colour(sys.stderr)), file=sys.stderr)


def as_data(fault: PullbackError) -> dict[str, Any]:
    """A fault as JSON: its code, its words and its place."""
    span = fault.span
    place = {"file": span.source.path, "line": span.line, "column": span.column,
             "end_line": span.end_line, "end_column": span.end_column} if span is not None else None  # fmt: skip
    notes = [{"message": text, "place": str(where) if where is not None else None} for text, where in fault.notes]
    return {"code": fault.code, "message": fault.message, "place": place, "hint": fault.hint, "notes": notes}
