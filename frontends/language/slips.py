"""What a person most likely meant where the parser gave up: messages and hints for syntax errors.

Codes: PB0101 something else was expected, PB0102 brackets, PB0103 indentation, PB0104 tabs, PB0105 a character the
language does not use, PB0106 order of arguments, PB0107 record fields after no name, PB0108 number too large,
PB0109 nested too deeply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ...core.errors import Source, Span, SyntaxFault, suggestion
from .hints import Place, hint

LABELS = {
    "EQUAL": "`=`",
    "COLON": "`:`",
    "COMMA": "`,`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LESS": "`<`",
    "ARROW": "`->`",
    "RANGE": "`..`",
    "NEAR": "`~=`",
    "_NL": "the end of the line",
    "REDUCER": "`sum`",
    "_INDENT": "a block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the text",
    "NAME": "a name",
    "STRING": 'a name in quotes (`"..."`)',
}
SOFT = frozenset({"REDUCER", "IMPORT", "FROM", "AS", "TYPE", "TEST", "WITHIN", "ERROR", "CHECKPOINT", "EVERY", "INVERSE",
                  "REVERSE"})
OPERATORS = frozenset({"OR", "AND", "COMPARISON", "LESS", "PLUS", "MINUS", "MULTIPLY", "POWER"})
OPERATORS |= {"DOT", "POSITION", "LPAR", "LSQB", "LBRACE"}
CHARACTERS = {
    "'": 'names of tests stand in double quotes: `"..."`',
    '"': 'a name in quotes ends on its line, with `"`',
    ";": "each `let` stands on a line of its own",
    "&": "write `and`",
    "|": "write `or`; the absolute value is `abs(x)`",
    "!": "write `not`, or `!=` for unequal",
    "\\": "no mark is needed: a deeper line continues the one before; a function without a name is `fn x: e`",
    "@": "write out the sum: `for i, j: sum k: a[i, k] * b[k, j]`",
    "~": "`~=` stands in a test line only",
    "\ufeff": "save the file as UTF-8 without a byte order mark",
    "×": "write `*`",
    "·": "write `*`",
    "−": "this is not the minus sign of the keyboard; write `-`",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "→": "write `->`",
}


def token_span(source: Source, token: Token) -> Span:
    """Where a token stands; one of no text (a line's end) takes one column."""
    line, column = token.line or 1, token.column or 1
    if token.type == "_NL" or not token:
        return Span(source, line, column, line, column + 1)
    return Span(source, line, column, token.end_line or line, token.end_column or column + 1)


def explain(source: Source, slip: UnexpectedInput) -> SyntaxFault:
    """The fault for what lark could not read."""
    if isinstance(slip, UnexpectedCharacters):
        return _character(source, slip)
    assert isinstance(slip, UnexpectedToken)
    token = slip.token
    span = token_span(source, token) if token.type != "$END" else _end(source)
    bracket = _open_bracket(source, span)
    if bracket is not None and token.type in {"DEF", "LET", "TYPE", "TEST", "IMPORT", "FROM", "$END"}:
        return SyntaxFault("PB0102", f"`{bracket.text}` is never closed", bracket, None, [("noticed here", span)])
    expected = frozenset(slip.accepts or slip.expected)
    advice = hint(Place(token, expected, source, span))
    if "DEF" in expected and token.type == "NAME":
        advice = suggestion(token, ("def", "reverse", "type", "test", "import", "from")) or advice
    return SyntaxFault("PB0101", f"expected {_label(expected)}, found {_found(token)}", span, advice)


def _character(source: Source, slip: UnexpectedCharacters) -> SyntaxFault:
    span = Span(source, slip.line, slip.column, slip.line, slip.column + 1)
    character = span.text or "?"
    shown = f"`{character}`" if character.isprintable() else f"U+{ord(character):04X}"
    return SyntaxFault("PB0105", f"unexpected character {shown}", span, CHARACTERS.get(character))


def _end(source: Source) -> Span:
    lines = source.text.rstrip().split("\n")
    return Span(source, len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 2)


def _label(expected: frozenset[str]) -> str:
    """What could have stood there, in words."""
    if "INTEGER" in expected:
        return "an expression"
    if "MODULAR" in expected:
        return "a type"
    if "DEF" in expected:
        return "`def`, `reverse`, `type`, `test`, `import` or `from`" + (" on a new line" if "_NL" in expected else "")
    if "_NL" in expected and "LET" not in expected:
        expected = expected - {"$END", "_DEDENT"}
    rest = expected - OPERATORS - SOFT if expected - OPERATORS - SOFT else expected
    if "NAME" in rest and len(rest) > 1 and {"LPAR", "LBRACE"} <= expected:
        return "a name or a pattern"
    labels = [LABELS.get(kind, f"`{kind.lower()}`") for kind in sorted(rest)]
    if rest & {"RPAR", "RSQB", "RBRACE", "COMMA"}:
        labels = [label for label in labels if label.startswith("`")]
    if not labels:  # an expression is over, and nothing may follow
        return LABELS["$END"]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"


def _found(token: Token) -> str:
    return LABELS[token.type] if token.type in {"_NL", "_DEDENT", "_INDENT", "$END"} else f"`{token}`"


def _open_bracket(source: Source, span: Span) -> Span | None:
    """The innermost bracket open before the span that was opened on an earlier line."""
    stack: list[Span] = []
    for number, line in enumerate(source.text.split("\n")[: span.line], start=1):
        end = span.column - 1 if number == span.line else len(line)
        for column, mark in _brackets(line[:end]):
            if mark in "([{":
                stack.append(Span(source, number, column, number, column + 1))
            elif stack:
                stack.pop()
    return stack[-1] if stack else None


def _brackets(line: str) -> Iterable[tuple[int, str]]:
    for match in re.finditer(r'"[^"]*"|#.*|[][(){}]', line):
        if match.group() in "()[]{}":
            yield match.start() + 1, match.group()
