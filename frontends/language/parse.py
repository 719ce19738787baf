"""From text to the surface syntax tree."""

from __future__ import annotations

import re

from lark.exceptions import UnexpectedInput, VisitError

from ...core.errors import Source, Span, SyntaxFault
from . import syntax
from .build import Builder
from .layout import Misplaced
from .slips import explain, token_span
from .tables import parser

DEPTH = 200
"""How deeply a program may nest; what walks over trees recurses, and must not run out of stack."""


def parse(text: str, path: str = "<text>") -> syntax.Module:
    """The module a text says; `path` is the name it goes by in errors.

    Raises `SyntaxFault` (PB01xx) where the text is not a program.
    """
    tree = _parse(text, path, "module")
    assert isinstance(tree, syntax.Module)
    return tree


def parse_expression(text: str, path: str = "<text>") -> syntax.Expression:
    """The expression a text says. Raises `SyntaxFault` (PB01xx) where it is none.

    >>> parse_expression("-x^2")
    Unary(operator='-', operand=Binary(operator='^', left=Name(name='x'), right=Integer(value=2)))
    """
    tree = _parse(text, path, "expression")
    assert isinstance(tree, syntax.Expression)
    return tree


def _parse(text: str, path: str, start: str) -> syntax.Node:
    source = Source(path, text)
    _refuse_tabs(source)
    try:
        tree = parser().parse(text, start=start)
    except Misplaced as slip:
        notes = [("it was opened here", token_span(source, slip.opener))] if slip.opener is not None else []
        raise SyntaxFault(slip.code, slip.message, token_span(source, slip.token), slip.hint, notes) from None
    except UnexpectedInput as slip:
        raise explain(source, slip) from None
    try:
        node = Builder(source).transform(tree)
    except VisitError as slip:
        raise slip.orig_exc from None
    _refuse_depth(node)
    return node


def _refuse_tabs(source: Source) -> None:
    """Tabs have no agreed width, so no line may be indented with them."""
    match = re.search(r"^[ \t]*\t", source.text, re.MULTILINE) if "\t" in source.text else None
    if match is not None:
        line = source.text.count("\n", 0, match.start()) + 1
        span = Span(source, line, 1, line, len(match.group()) + 1)
        raise SyntaxFault("PB0104", "a tab in the indentation", span, "indent with spaces, four to a level")


def _refuse_depth(root: syntax.Node) -> None:
    """No recursion here: the tree may be as deep as the text is long."""
    level = [root]
    for _ in range(DEPTH):
        level = [child for node in level for child in syntax.children(node)]
        if not level:
            return
    raise SyntaxFault(
        "PB0109",
        f"nested more than {DEPTH} deep",
        level[0].span,
        "give parts of it names with `let`, or functions of their own",
    )
