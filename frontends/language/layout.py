"""Layout: line ends and indentation become the tokens `_NL`, `_INDENT` and `_DEDENT`.

The rules, in full:

1. A line that ends in `=`, `:`, `then` or `else`, followed by a deeper one, opens a block; the deeper line's column is
   the block's. `=` opens no block directly inside brackets (it is a keyword argument), nor `:` inside braces.
2. A line at the column of the innermost block is a new line of it; any deeper line continues the one before.
3. A shallower line closes blocks until one is not deeper than it.
4. Inside brackets line ends mean nothing, except in a block opened there; the closing bracket closes that block.
5. A line that starts with `then`, `else` or a closing bracket continues what it belongs to, at whatever column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lark import Token

CLOSES = {"RPAR": "LPAR", "RSQB": "LSQB", "RBRACE": "LBRACE"}
OPENERS = frozenset({"EQUAL", "COLON", "THEN", "ELSE"})
CONTINUES = frozenset({"THEN", "ELSE", "RPAR", "RSQB", "RBRACE"})


class Misplaced(Exception):
    """A token that no layout allows; `opener` is the bracket concerned, if one is."""

    def __init__(self, code: str, message: str, token: Token, hint: str | None = None, opener: Token | None = None):
        super().__init__(message)
        self.code = code
        self.message = message
        self.token = token
        self.hint = hint
        self.opener = opener


@dataclass(frozen=True, slots=True)
class _Context:
    """A block (`bracket` is None) or an open bracket; `column` is that of the innermost block."""

    column: int
    bracket: Token | None = None


class Layout:
    """The stage between lexer and parser, in the form lark calls `postlex`; it keeps no state between texts."""

    always_accept = ("_NL",)

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """The tokens with layout made explicit."""
        previous: Token | None = None
        newline: Token | None = None
        contexts: list[_Context] = []
        for token in stream:
            if token.type == "_NL":
                newline = newline or token
                continue
            if previous is None:
                contexts.append(_Context(token.column or 1))
            elif newline is not None:
                yield from _line_start(contexts, previous, newline, token)
            newline = None
            if token.type in CLOSES:
                yield from _close(contexts, token, previous)
            elif token.type in CLOSES.values():
                contexts.append(_Context(contexts[-1].column, token))
            yield token
            previous = token
        if previous is not None:
            yield from _end(contexts, previous)


def _line_start(contexts: list[_Context], previous: Token, newline: Token, token: Token) -> Iterator[Token]:
    """What the line end before `token` means."""
    column = token.column or 1
    if column > contexts[-1].column and _opens(contexts[-1], previous):
        contexts.append(_Context(column))
        yield Token.new_borrow_pos("_INDENT", "", token)
        return
    closed = False
    while contexts[-1].bracket is None and len(contexts) > 1 and column < contexts[-1].column:
        contexts.pop()
        closed = True
        yield _after("_DEDENT", previous)
    if contexts[-1].bracket is not None or token.type in CONTINUES:
        return
    if column <= contexts[-1].column:
        yield Token.new_borrow_pos("_NL", "", newline)
    elif closed:
        raise Misplaced(
            "PB0103",
            "this line's indentation matches no block",
            token,
            f"the blocks around it start at column {' and '.join(_columns(contexts))}",
        )


def _opens(context: _Context, previous: Token) -> bool:
    """Whether a deeper line after `previous` is a block rather than a continuation."""
    if previous.type not in OPENERS:
        return False
    if context.bracket is None:
        return True
    return previous.type != "EQUAL" and not (previous.type == "COLON" and context.bracket.type == "LBRACE")


def _close(contexts: list[_Context], token: Token, previous: Token | None) -> Iterator[Token]:
    """Close the blocks opened since the bracket that `token` closes, and the bracket."""
    while contexts[-1].bracket is None and len(contexts) > 1:
        contexts.pop()
        yield _after("_DEDENT", previous or token)
    opener = contexts[-1].bracket
    if opener is None:
        raise Misplaced("PB0102", f"`{token}` closes nothing", token, "remove it, or open the bracket before it")
    if opener.type != CLOSES[token.type]:
        raise Misplaced("PB0102", f"`{token}` does not close `{opener}`", token, opener=opener)
    contexts.pop()


def _end(contexts: list[_Context], previous: Token) -> Iterator[Token]:
    while len(contexts) > 1:
        context = contexts.pop()
        if context.bracket is not None:
            raise Misplaced("PB0102", f"`{context.bracket}` is never closed", context.bracket)
        yield _after("_DEDENT", previous)


def _after(kind: str, token: Token) -> Token:
    """A token of no width, just after another."""
    line, column, position = token.end_line, token.end_column, token.end_pos
    return Token(kind, "", position, line, column, line, column, position)


def _columns(contexts: list[_Context]) -> list[str]:
    return [str(context.column) for context in contexts if context.bracket is None]
