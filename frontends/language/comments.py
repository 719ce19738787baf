"""Comments, and which part of the program each belongs to; the tree itself does not hold them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...core.errors import Span
from . import syntax

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, `#` included; `own` if nothing else stands on its line."""

    text: str
    line: int
    column: int
    own: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """Comments by the `id` of the node they belong to."""

    leading: dict[int, list[Comment]] = field(default_factory=dict)
    trailing: dict[int, list[Comment]] = field(default_factory=dict)
    below: dict[int, list[Comment]] = field(default_factory=dict)
    """Indented lines after the last of an item."""
    last: list[Comment] = field(default_factory=list)
    """After everything."""


def scan(text: str) -> Iterator[Comment]:
    """All comments of a text, in order."""
    for number, line in enumerate(text.split("\n"), start=1):
        for match in re.finditer(r'"[^"]*"|#.*', line):
            if match.group().startswith("#"):
                own = not line[: match.start()].strip()
                yield Comment(match.group().rstrip(), number, match.start() + 1, own)


def attach(module: syntax.Module, text: str) -> Attached:
    """Each comment with its node: the one that ends on its line, or starts below it, or else the one around it."""
    attached = Attached()
    anchors = _anchors(module)
    starts = [_start(node.span) for node in anchors]
    ending: dict[int, list[syntax.Node]] = {}
    for node in anchors:
        ending.setdefault(node.span.end_line, []).append(node)
    lines = text.split("\n")
    for comment in scan(text):
        if not comment.own and (last := _ending(ending.get(comment.line, []), comment, lines)) is not None:
            attached.trailing.setdefault(id(last), []).append(comment)
            continue
        above = bisect_right(starts, _place(comment))
        around = _around(anchors, above, comment)
        below = anchors[above] if above < len(anchors) else None
        if around and (below is None or not _nothing_between(comment, below, lines)):
            first = next(node for node in reversed(around) if _starts_line(node, lines) or node is around[0])
            attached.leading.setdefault(id(first), []).append(comment)
        elif (item := _item_above(module, comment, bool(around))) is not None:
            attached.below.setdefault(id(item), []).append(comment)
        elif below is not None:
            attached.leading.setdefault(id(below), []).append(comment)
        else:
            attached.last.append(comment)
    return attached


def _anchors(node: syntax.Node) -> list[syntax.Node]:
    """The nodes that can stand on lines of their own, outer before inner, in the order of the text."""
    found = [
        inner
        for outer in syntax.walk(node)
        for inner in syntax.children(outer)
        if not isinstance(inner, syntax.Block) and (_is_line(inner) or _is_part(outer, inner))
    ]
    return sorted(found, key=lambda inner: (_start(inner.span), tuple(-part for part in _end(inner.span))))


def _around(anchors: Sequence[syntax.Node], above: int, comment: Comment) -> list[syntax.Node]:
    """Of the first anchors, up to ``above``, those that end after the comment, outer before inner: all in one item."""
    found = []
    for k in reversed(range(above)):
        if _end(anchors[k].span) > _place(comment):
            found.append(anchors[k])
        if isinstance(anchors[k], syntax.ModuleItem):
            break
    return found[::-1]


def _is_line(node: syntax.Node) -> bool:
    return isinstance(node, syntax.ModuleItem | syntax.Claim | syntax.Let | syntax.Parameter | syntax.Keyword)


def _is_part(outer: syntax.Node, inner: syntax.Node) -> bool:
    """Whether the inner node is a body or stands in a bracketed list of the outer one."""
    match outer:
        case (syntax.Function() | syntax.ReverseRule() | syntax.Loop() | syntax.Fold() | syntax.While()
              | syntax.Lambda()):
            return inner is outer.body
        case syntax.Let():
            return inner is outer.value
        case syntax.Block():
            return inner is outer.result
        case syntax.If():
            return inner is outer.consequent or inner is outer.alternative
        case syntax.Call():
            return inner is not outer.function
        case syntax.TupleExpression() | syntax.ArrayExpression():
            return True
    return False


def _ending(nodes: Sequence[syntax.Node], comment: Comment, lines: list[str]) -> syntax.Node | None:
    """The outermost of the nodes that end on the comment's line with nothing but commas and brackets in between."""
    for node in nodes:
        span = node.span
        if span.end_column <= comment.column:
            between = lines[comment.line - 1][span.end_column - 1 : comment.column - 1]
            if not between.strip(" \t,)]}"):
                return node
    return None


def _nothing_between(comment: Comment, node: syntax.Node, lines: list[str]) -> bool:
    """Whether the node starts the first line of code below the comment."""
    between = [*lines[comment.line : node.span.line - 1], lines[node.span.line - 1][: node.span.column - 1]]
    return all(not line.strip() or line.strip().startswith("#") for line in between)


def _starts_line(node: syntax.Node, lines: list[str]) -> bool:
    return not lines[node.span.line - 1][: node.span.column - 1].strip()


def _item_above(module: syntax.Module, comment: Comment, inside: bool) -> syntax.ModuleItem | None:
    """The item whose indented last lines a comment belongs to."""
    if inside or comment.column == 1:
        return None
    count = bisect_right(module.items, _place(comment), key=lambda item: _end(item.span))
    above = module.items[count - 1] if count else None
    return above if above is not None and comment.column > above.span.column else None


def _place(comment: Comment) -> Position:
    return comment.line, comment.column


def _start(span: Span) -> Position:
    return span.line, span.column


def _end(span: Span) -> Position:
    return span.end_line, span.end_column
