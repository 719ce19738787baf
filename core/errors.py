"""Faults a person can act on: what is wrong, where, what to try, and a stable code.

Every error pullback raises on purpose is a `PullbackError`. Its code never changes meaning once released, and its
first two digits name the family:

    ======  ===================  ==========================================================================
    PB01xx  `SyntaxFault`        the text does not read as a program
    PB02xx  `NameFault`          an unknown, misspelt or doubly defined name, a module that is not there
    PB03xx  `TypeFault`          kinds of values that do not fit (also a Python `TypeError`)
    PB04xx  `SizeFault`          array sizes that do not agree, or cannot be told (also a `ValueError`)
    PB05xx  `DerivativeFault`    a derivative asked for where none is defined
    PB06xx  `ArgumentFault`      a call from outside with wrong arguments (also `TypeError` and `ValueError`)
    PB07xx  `IndexFault`         an index outside its array (also an `IndexError`)
    PB08xx  `FileFault`          a file that is missing or does not read as what it should be (also an `OSError`)
    PB09xx  `VerifyFault`        a level of the compiler found its own output malformed: our mistake, not the user's
    ======  ===================  ==========================================================================

Positions are 1-based; the end column is the first one *after* the span, as editors and lark count.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True, repr=False)
class Source:
    """A text and the name it is shown under (a path, or something like `<text>`)."""

    path: str
    text: str

    def line(self, number: int) -> str:
        """The line with that 1-based number, without its end; empty where there is none."""
        return self._lines[number - 1].rstrip("\r") if 1 <= number <= len(self._lines) else ""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Span:
    """A stretch of a source, from (line, column) up to and without (end_line, end_column)."""

    source: Source
    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The stretch from the start of this one to the end of the other."""
        return Span(self.source, self.line, self.column, other.end_line, other.end_column)

    @property
    def text(self) -> str:
        """The source text the span covers."""
        lines = [self.source.line(number) for number in range(self.line, self.end_line + 1)]
        if not lines:
            return ""
        lines[-1] = lines[-1][: self.end_column - 1]
        lines[0] = lines[0][self.column - 1 :]
        return "\n".join(lines)

    def __str__(self) -> str:
        return f"{self.source.path}:{self.line}:{self.column}"

    def __repr__(self) -> str:
        return f"<{self}>"


@dataclass(frozen=True, slots=True, repr=False)
class Derivative(Span):
    """A place in a source, for what the reverse derivative of the code there does."""

    @classmethod
    def of(cls, span: Span | None) -> Span | None:
        if span is None or span == NOWHERE:
            return span
        return cls(span.source, span.line, span.column, span.end_line, span.end_column)


NOWHERE = Span(Source("<nowhere>", ""), 0, 0, 0, 0)
"""The span of what no text was written for: made by a program, not by a person."""

WINDOW = 120
"""The most columns of a source line that an error shows."""

Note = tuple[str, "Span | None"]
Role = Literal["error", "message", "place", "gutter", "code", "caret", "hint", "note", "plain"]


class PullbackError(Exception):
    """Base of all faults; `str` gives the whole plain text, with the source line and a caret where there is one."""

    code: str
    message: str
    span: Span | None
    hint: str | None
    notes: tuple[Note, ...]

    def __init__(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        hint: str | None = None,
        notes: Iterable[Note] = (),
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.span = None if span == NOWHERE else span
        self.hint = hint
        self.notes = tuple(notes)

    def __str__(self) -> str:
        return "".join(text for _, text in layout(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.code, self.message, self.span, self.hint, self.notes)

    @property
    def headline(self) -> str:
        """One line: `path:line:column: PB0301: message`, as editors and compilers' users expect it."""
        return f"{self.span}: {self.code}: {self.message}" if self.span else f"{self.code}: {self.message}"


class SyntaxFault(PullbackError):
    """PB01xx: the text does not read as a program."""


class NameFault(PullbackError):
    """PB02xx: an unknown, misspelt or doubly defined name."""


class TypeFault(PullbackError, TypeError):
    """PB03xx: kinds of values that do not fit."""


class SizeFault(PullbackError, ValueError):
    """PB04xx: array sizes that do not agree, or cannot be told."""


class DerivativeFault(PullbackError):
    """PB05xx: a derivative asked for where none is defined."""


class ArgumentFault(PullbackError, TypeError, ValueError):
    """PB06xx: a call from outside with wrong arguments."""


class IndexFault(PullbackError, IndexError):
    """PB07xx: an index outside its array."""


class FileFault(PullbackError, OSError):
    """PB08xx: a file that is missing or does not read as what it should be."""


class VerifyFault(PullbackError):
    """PB09xx: a level of the compiler found its own output malformed."""


FAMILIES: tuple[tuple[str, type[PullbackError]], ...] = (
    ("PB01", SyntaxFault),
    ("PB02", NameFault),
    ("PB03", TypeFault),
    ("PB04", SizeFault),
    ("PB05", DerivativeFault),
    ("PB06", ArgumentFault),
    ("PB07", IndexFault),
    ("PB08", FileFault),
    ("PB09", VerifyFault),
)
"""The code prefix of each family."""


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate a person who wrote `name` most likely meant, or None if none is near.

    >>> closest("sigmod", ["sin", "sigmoid", "sum"])
    'sigmoid'
    >>> closest("Loss", ["loss", "lose"])
    'loss'
    >>> closest("q", ["weights"])
    """
    others = sorted(set(candidates) - {name})
    for candidate in others:
        if candidate.lower() == name.lower():
            return candidate
    matches = difflib.get_close_matches(name, others, n=1, cutoff=0.6)
    return matches[0] if matches else None


def suggestion(name: str, candidates: Iterable[str]) -> str | None:
    """`did you mean \\`closest\\`?`, ready to be a hint, or None."""
    match = closest(name, candidates)
    return f"did you mean `{match}`?" if match else None


def layout(error: PullbackError) -> Iterator[tuple[Role, str]]:
    """The text of an error in pieces, each with the role it plays, so that a frontend may colour it.

    Joined, the pieces are `str(error)`:

        error PB0201: unknown name `sigmod`
          --> logistic.pull:2:5
          |
        2 |     sigmod(x)
          |     ^^^^^^
          = hint: did you mean `sigmoid`?
    """
    yield "error", f"error {error.code}"
    yield "message", f": {error.message}"
    spans = [span for span in (error.span, *(span for _, span in error.notes)) if span is not None]
    margin = max((len(str(span.line)) for span in spans), default=1)
    if error.span is not None:
        yield from _excerpt(error.span, margin)
    if error.hint is not None:
        yield "gutter", f"\n{' ' * margin} = "
        yield "hint", f"hint: {error.hint}"
    for text, span in error.notes:
        yield "gutter", f"\n{' ' * margin} = "
        yield "note", f"note: {text}"
        if span is not None and span != NOWHERE:
            yield from _excerpt(span, margin)


def _excerpt(span: Span, margin: int) -> Iterator[tuple[Role, str]]:
    """Where the span is, its first line, and carets under the part of that line it covers."""
    yield "gutter", f"\n{' ' * margin}--> "
    yield "place", str(span)
    line = span.source.line(span.line)
    if not line.strip():
        return
    last = span.end_column if span.end_line == span.line else len(line) + 1
    start = max(0, span.column - WINDOW // 2) if len(line) > WINDOW else 0
    before = ("... " if start else "") + line[start : span.column - 1].ljust(span.column - 1 - start)
    covered = line[span.column - 1 : min(last - 1, start + WINDOW)]
    after = line[span.column - 1 + len(covered) : start + WINDOW]
    dots = " ..." if len(line) > start + WINDOW else ""
    # Tabs stay tabs and wide characters count twice, so that the caret stands under what it means.
    padding = "".join("\t" if mark == "\t" else " " * _width(mark) for mark in before)
    carets = "^" * max(1, sum(_width(mark) for mark in covered.rstrip()))
    yield "gutter", f"\n{' ' * margin} |\n{span.line:>{margin}} | "
    yield "code", _printable(before + covered + after + dots).rstrip()
    yield "gutter", f"\n{' ' * margin} | "
    yield "caret", padding + carets


def _printable(text: str) -> str:
    """The text with what would disturb a terminal replaced by `?`."""
    return "".join(mark if mark.isprintable() or mark == "\t" else "?" for mark in text)


def _width(mark: str) -> int:
    if unicodedata.combining(mark):
        return 0
    return 2 if unicodedata.east_asian_width(mark) in "WF" else 1
