"""`pullback fmt`: programs in canonical layout."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from .usage import FAILED, OK, parser, styled, write_json

DESCRIPTION = """\
The files are rewritten in place, where that changes anything: four spaces to a block, 100 columns, comments kept.
What a program says is never changed. `-` reads standard input and writes standard output."""

EXAMPLES = """\
  pullback fmt logistic.pull
  pullback fmt programs/ --check
  pullback fmt - < logistic.pull
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("fmt", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("files", metavar="FILE", nargs="+", help="a program, a folder of programs, or -")
    made.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a file would be changed")
    return made


def main(options: argparse.Namespace) -> int:
    from .programs import programs

    if options.files == ["-"]:
        return _through(options.check)
    paths = programs(options.files)
    texts = [(path, text, formatted) for path in paths for text, formatted in [_formatted(path)]]
    changed = [path for path, text, formatted in texts if text != formatted]
    if not options.check:
        for path, text, formatted in texts:
            if text != formatted:
                _replace(path, formatted)
    if options.json:
        write_json({"changed": list(map(str, changed)), "files": len(paths), "check": options.check})
    else:
        word = "would change" if options.check else "changed"
        for path in changed:
            print(f"{styled(word, 'bad' if options.check else 'good')} {path}")
        rest = len(paths) - len(changed)
        print(f"{len(changed)} {word}, {rest} {'is' if rest == 1 else 'are'} as {'it' if rest == 1 else 'they'} should be")
    return FAILED if options.check and changed else OK


def _formatted(path: Path) -> tuple[str, str]:
    from ...core.errors import FileFault
    from ..language.format import format

    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise FileFault("PB0802", f"{path} is no text in UTF-8") from None
    except OSError as problem:
        raise FileFault("PB0801", f"{path} cannot be read: {problem.strerror}") from None
    return text, format(text.replace("\r\n", "\n"), str(path))


def _replace(path: Path, text: str) -> None:
    """Write the file whole or not at all: a program is never left half written."""
    from ...core.errors import FileFault

    temporary = ""
    try:
        real = path.resolve()
        handle, temporary = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(temporary, real.stat().st_mode & 0o7777)
        os.replace(temporary, real)
    except OSError as problem:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise FileFault("PB0804", f"{path} cannot be written: {problem.strerror}") from None


def _through(check: bool) -> int:
    """Standard input to standard output."""
    from ...core.errors import FileFault
    from ..language.format import format

    try:
        text = sys.stdin.read()
    except UnicodeDecodeError:
        raise FileFault("PB0802", "standard input is no text in UTF-8") from None
    formatted = format(text, "<stdin>")
    if check:
        return FAILED if text != formatted else OK
    sys.stdout.write(formatted)
    return OK
