"""Layout of text to a width: Wadler's "A prettier printer" (2003), with comments at the ends of lines.

A document says where lines *may* end; `render` puts each group on one line if it fits and otherwise ends the line at
every place the group itself offers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A place where a line may end; `flat` stands there if it does not. `hard` ones always end the line."""

    flat: str = " "
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment for the end of whatever line it falls on; what follows it starts a new line where it can."""

    text: str


@dataclass(frozen=True, slots=True)
class Either:
    """One text in a broken group, another in one on a line."""

    broken: str
    flat: str = ""


@dataclass(frozen=True, slots=True)
class Nest:
    """Lines that start inside are indented further."""

    body: Document
    by: int = 4


@dataclass(frozen=True, slots=True)
class Group:
    """On one line if it fits."""

    body: Document


@dataclass(frozen=True, slots=True)
class Concat:
    """One after the other. `forced`: contains what cannot stand on one line."""

    parts: tuple[Document, ...]
    forced: bool


Document = str | Line | Aside | Either | Nest | Group | Concat

LINE = Line()
SOFT = Line("")
HARD = Line(hard=True)


def forced(document: Document) -> bool:
    """Whether the document holds a line end or comment that keeps it from standing on one line."""
    while isinstance(document, Nest | Group):
        document = document.body
    if isinstance(document, Concat):
        return document.forced
    return isinstance(document, Aside) or (isinstance(document, Line) and document.hard)


def concat(*parts: Document) -> Document:
    """The parts one after the other."""
    return Concat(parts, any(map(forced, parts)))


def join(separator: Document, parts: Iterable[Document]) -> Document:
    """The parts with the separator between them."""
    joined: list[Document] = []
    for part in parts:
        joined += [separator, part] if joined else [part]
    return concat(*joined)


Command = tuple[int, bool, Document]  # indentation, whether the group around it is broken, what to print


def render(document: Document, width: int) -> str:
    """The text of a document, lines no longer than `width` where the document lets them be."""
    out: list[str] = []
    asides: list[str] = []
    column = 0
    stack: list[Command] = [(0, True, document)]
    while stack:
        indent, broken, part = stack.pop()
        if isinstance(part, Line) and (broken or part.hard):
            out += [*asides, "\n", " " * indent]
            asides.clear()
            column = indent
        elif isinstance(part, Aside):
            asides.append(f"  {part.text}")
        elif isinstance(part, Group):
            flat = not forced(part.body) and _fits((indent, False, part.body), stack, width - column)
            stack.append((indent, not flat, part.body))
        elif isinstance(part, Nest):
            stack.append((indent + part.by, broken, part.body))
        elif isinstance(part, Concat):
            stack.extend((indent, broken, inner) for inner in reversed(part.parts))
        else:
            text = _text(part, broken)
            out.append(text)
            column += len(text)
    out += asides
    return "\n".join(line.rstrip() for line in "".join(out).split("\n"))


def _fits(command: Command, rest: list[Command], room: int) -> bool:
    """Whether the command, and what follows it up to the next line end, fit in `room` columns."""
    following = len(rest)
    stack = [command]
    while room >= 0:
        if not stack:
            if not following:
                return True
            following -= 1
            stack.append(rest[following])
        indent, broken, part = stack.pop()
        if isinstance(part, Line) and (broken or part.hard):
            return True
        if isinstance(part, Nest | Group):
            stack.append((indent, broken, part.body))
        elif isinstance(part, Concat):
            stack.extend((indent, broken, inner) for inner in reversed(part.parts))
        elif not isinstance(part, Aside):
            room -= len(_text(part, broken))
    return False


def _text(part: str | Line | Either, broken: bool) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Either):
        return part.broken if broken else part.flat
    return part.flat
