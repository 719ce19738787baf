"""What a person most likely meant where the parser gave up: messages and hints for syntax errors.

Codes: PB0101 something else was expected, PB0102 brackets, PB0103 indentation, PB0104 tabs, PB0105 a character the
language does not use, PB0106 order of arguments, PB0107 record fields after no name, PB0108 number too large,
PB0109 nested too deeply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lark import Token
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from ...core.errors import Source, Span, SyntaxFault

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
    "__ANON_0": "`->`",
    "_NL": "the end of the line",
    "_INDENT": "a block",
    "_DEDENT": "the end of the block",
    "$END": "the end of the text",
    "NAME": "a name",
    "STRING": 'a name in quotes (`"..."`)',
}
SOFT = frozenset({"REDUCER", "IMPORT", "FROM", "AS", "TYPE", "TEST", "WITHIN", "ERROR"})
OPERATORS = frozenset(
    {"OR", "AND", "COMPARISON", "LESS", "PLUS", "MINUS", "MULTIPLY", "POWER", "DOT", "POSITION", "LPAR", "LSQB", "LBRACE"}
)
OPEN_ENDED = frozenset({"FOR", "FOLD", "SCAN", "IF", "FN"})
REDUCERS = frozenset({"sum", "prod", "max", "min", "mean", "all", "any", "argmax", "argmin"})
CHARACTERS = {
    "'": 'names of tests stand in double quotes: `"..."`',
    '"': "a name in quotes ends on its line, with `\"`",
    ";": "each `let` stands on a line of its own",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`, or `!=` for unequal",
    "\\": "no mark is needed: a deeper line continues the one before; a function without a name is `fn x: e`",
    "@": "write out the sum: `for i, j: sum k: a[i, k] * b[k, j]`",
    "~": "`~=` stands in a test line only",
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
    hint = _hint(_Place(token, expected, source, span))
    return SyntaxFault("PB0101", f"expected {_label(expected)}, found {_found(token)}", span, hint)


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
        return "`def`, `type`, `test`, `import` or `from`" + (" on a new line" if "_NL" in expected else "")
    rest = expected - OPERATORS - SOFT if expected - OPERATORS - SOFT else expected
    if "NAME" in rest and len(rest) > 1 and {"LPAR", "LBRACE"} <= expected:
        return "a name or a pattern"
    labels = [LABELS.get(kind, f"`{kind.lower()}`") for kind in sorted(rest)]
    if rest & {"RPAR", "RSQB", "RBRACE", "COMMA"}:
        labels = [label for label in labels if label.startswith("`")]
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} or {labels[-1]}"


def _found(token: Token) -> str:
    return LABELS[token.type] if token.type in {"_NL", "_DEDENT", "_INDENT", "$END"} else f"`{token}`"


class _Place:
    """Where the parser gave up: the token, what could have stood there, and the text just before."""

    def __init__(self, token: Token, expected: frozenset[str], source: Source, span: Span) -> None:
        self.token = token
        self.expected = expected
        lines = source.text.split("\n")[: span.line]
        lines[-1] = lines[-1][: span.column - 1]
        bare = [re.sub(r"#.*", "", line).rstrip() for line in lines]
        self.line = bare[-1].strip() or next((line.strip() for line in reversed(bare) if line), "")
        words = re.findall(r"\w+|[^\w\s]", self.line)
        self.before = words[-1] if words else ""
        self.rest = source.line(span.line)[span.column - 1 :]

    def wants(self, *kinds: str) -> bool:
        return any(kind in self.expected for kind in kinds)


Rule = tuple[Callable[[_Place], bool], str]

RULES: tuple[Rule, ...] = (
    (lambda at: at.before == "return", "drop `return`: a body is an expression"),
    (lambda at: at.before == "lambda", "a function without a name is `fn x: e`"),
    (lambda at: "elif" in (at.before, at.token), "write `else if ... then ...`"),
    (lambda at: at.before in ("var", "const", "val"), "write `let name = ...`"),
    (lambda at: at.before == "while" or at.token == "while" and at.wants("INTEGER"), "a loop that ends by a condition is `fold s = start while condition: next`"),
    (lambda at: at.token == "*" and at.before == "*", "power is written `^`"),
    (lambda at: at.token in ("=", ">", "<") and at.before in ("=", "!", "<", ">"), "comparisons are `==`, `!=`, `<`, `<=`, `>`, `>=`"),
    (lambda at: at.line.startswith("def") and at.wants("COLON") and at.token in (")", ","), "each parameter needs a type: `x: f64`, `x: f64[n]`"),
    (lambda at: at.line.startswith("def") and at.token == ":" and at.wants("EQUAL"), "write `=` before the body of a function"),
    (lambda at: at.line.startswith("def") and at.wants("EQUAL", "__ANON_0"), "write `=` before the body of a function"),
    (lambda at: at.token == ":" and at.wants("THEN"), "write `if condition then a else b`"),
    (lambda at: at.wants("ELSE") and not at.wants("INTEGER"), "every `if` needs an `else`: both give a value"),
    (lambda at: at.wants("THEN"), "write `if condition then a else b`"),
    (lambda at: at.wants("DOTDOT", "__ANON_2") and "for" in at.line + "sum", "a range is `i < n`, or `i in lo..hi`"),
    (lambda at: at.token == "<=" and at.wants("COLON"), "a bound is `i < n`; the last index is n - 1"),
    (lambda at: at.token in ("<", "<=", ">", ">=", "==", "!="), "comparisons do not chain: join them with `and`"),
    (lambda at: at.token == "=" and re.fullmatch(r"[\w, ()]+", at.line) is not None and not at.line.startswith(("let", "def", "type")), "write `let name = ...`"),
    (lambda at: at.token == "=", "`=` gives a name its value; to compare, write `==`"),
    (lambda at: at.token.type == "LET", "a `let` stands on a line of its own, in a block after `=`, `:`, `then` or `else`"),
    (lambda at: at.token.type in OPEN_ENDED or at.before in REDUCERS and at.token.type == "NAME", "put parentheses around it: `(sum i: x[i])`"),
    (lambda at: at.token.type == "_DEDENT" and at.wants("_NL"), "a block ends with an expression: what its `let`s are for"),
    (lambda at: at.token == ":" and at.wants("RSQB"), "there are no slices; write `for i < n: x[i + 1]`"),
    (lambda at: at.token.type == "POSITION", f"a number starts with a digit: `0.5`"),
    (lambda at: at.before == "." and re.search(r"\d\.$", at.line) is not None, "a number does not end in a point: `1.0`"),
    (lambda at: at.token == "." and re.search(r"\d$", at.line) is not None, "a number does not end in a point: `1.0`"),
    (lambda at: at.line.startswith("let") and at.wants("EQUAL"), "write `let name = value`"),
    (lambda at: at.wants("COLON") and not at.wants("INTEGER") and at.token.type != "COMMA", "write `:` before the body of a loop"),
)  # fmt: skip
"""Common slips, the more telling ones first: when a rule holds, its text is the hint."""


def _hint(place: _Place) -> str | None:
    return next((text for holds, text in RULES if holds(place)), None)


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
