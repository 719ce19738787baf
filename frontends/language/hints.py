"""Hints for syntax errors: what a person who wrote this most likely meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lark import Token

from ...core.errors import Source, Span

KEYWORDS = frozenset(
    [
        "DEF",
        "LET",
        "FOR",
        "FOLD",
        "SCAN",
        "WHILE",
        "IF",
        "THEN",
        "ELSE",
        "OR",
        "AND",
        "NOT",
        "TRUE",
        "FALSE",
        "IN",
        "FN",
    ]
)
OPEN_ENDED = frozenset(["FOR", "FOLD", "SCAN", "IF", "FN"])
REDUCERS = frozenset(["sum", "prod", "max", "min", "mean", "all", "any", "argmax", "argmin"])
ENDS = frozenset(["_NL", "_DEDENT", "$END"])

Case = tuple[bool, str]


class Place:
    """Where the parser gave up: the token, what could have stood there, and the text just before.

    `line` is the text of the line before the token (of the last line that has any, if the token starts one), `before`
    its last word or sign, `touching` the character directly before the token.
    """

    def __init__(self, token: Token, expected: frozenset[str], source: Source, span: Span) -> None:
        self.token = token
        self.kind = token.type
        self.expected = expected
        lines = source.text.split("\n")[: span.line]
        lines[-1] = lines[-1][: span.column - 1]
        self.touching = lines[-1][-1:]
        bare = [re.sub(r"#.*", "", line).strip() for line in lines]
        self.line = bare[-1] or next((line for line in reversed(bare) if line), "")
        words = re.findall(r"\w+|[^\w\s]", self.line)
        self.before = words[-1] if words else ""

    def wants(self, *kinds: str) -> bool:
        """Whether one of these kinds of token could have stood there."""
        return not self.expected.isdisjoint(kinds)

    @property
    def wants_value(self) -> bool:
        """Whether an expression could have started there."""
        return "INTEGER" in self.expected

    def starts(self, *words: str) -> bool:
        """Whether the line starts with one of these words."""
        return self.line.split(" ")[0] in words


def hint(place: Place) -> str | None:
    """The most telling hint, or None."""
    for cases in (_habits(place), _signatures(place), _branches_and_loops(place), _equals(place), _lines(place)):
        for holds, text in cases:
            if holds:
                return text
    return None


def _habits(at: Place) -> Iterator[Case]:
    """Words and signs of other languages."""
    yield at.before == "checkpoint" and at.kind == "INTEGER", "how often is said by `every`: `checkpoint every 16`"
    yield at.before == "return", "drop `return`: a body is an expression"
    yield at.before == "lambda", "a function without a name is `fn x: e`"
    yield "elif" in (at.before, at.token), "write `else if ... then ...`"
    yield at.before in ("var", "const", "val"), "write `let name = ...`"
    yield (
        at.before == "while" or (at.token == "while" and at.wants_value),
        "a loop that ends by a condition is `fold s = start while condition: next`",
    )
    yield at.token == "*" and at.before == "*", "power is written `^`"
    yield (
        at.token in ("=", ">", "<") and at.touching in ("=", "!", "<", ">") and not at.wants("MODULAR"),
        "comparisons are `==`, `!=`, `<`, `<=`, `>`, `>=`",
    )
    yield (
        at.token == "=" and at.wants_value and at.before in ("+", "-", "*", "/"),
        "nothing changes its value; the body of a `fold` is the next state, as in `s + x[i]`",
    )
    yield at.kind == "STRING" and at.wants_value, "there are no texts among values; the field of a record is `p.name`"
    yield at.token == "xor", "`xor(a, b)` is written as a call; on bit it is `a + b`"
    yield at.token == "," and at.wants("_NL") and not at.starts("import", "from"), "a tuple stands in parentheses: `(a, b)`"
    yield at.token == ":" and at.wants("RSQB"), "there are no slices; write `for i < n: x[i + 1]`"
    yield at.kind == "FOR" and at.wants("RSQB"), "an array is built by `for i < n: e`"
    yield at.kind == "POSITION", "a number starts with a digit: `0.5`"
    yield bool(re.search(r"\d\.$", at.line)), "a number does not end in a point: `1.0`"


def _signatures(at: Place) -> Iterator[Case]:
    """The first line of a function, and types."""
    signature = at.starts("def")
    yield (
        signature and at.wants("COLON") and not at.wants("COMMA"),
        "each parameter needs a type: `x: f64`, `x: f64[n]`",
    )
    yield signature and at.wants("EQUAL", "ARROW"), "write `=` before the body of a function"
    yield at.token == "]" and at.before == "[", "sizes and indices are listed: `f64[n]`, `x[i, j]`"
    yield at.token == "=" and at.wants("MODULAR"), "write the type, or leave `->` out"
    yield at.starts("type") and at.wants("EQUAL"), "write `type Name = ...`"
    yield at.starts("import") and at.token == ",", "write an `import` line for each module"


def _branches_and_loops(at: Place) -> Iterator[Case]:
    yield at.token == "=" and at.wants("THEN"), "to compare, write `==`"
    chained = "comparisons do not chain: join them with `and`, as in `0 < x and x < 1`"
    yield at.kind in ("LESS", "COMPARISON") and at.wants("THEN"), chained
    yield (
        at.token in ("checkpoint", "inverse") and at.wants("FOR", "WHILE"),
        f"it stands after the indices: `fold s = start for i < n {at.token} …: next`",
    )
    yield at.wants("THEN") or (at.kind == "IF" and not at.wants_value), "write `if condition then a else b`"
    yield at.wants("ELSE") and not at.wants_value, "every `if` needs an `else`: both give a value"
    yield at.wants("RANGE"), "a range is `i < n`, or `i in lo..hi`"
    yield at.token == "<=" and at.wants("COLON"), "a bound is `i < n`; the last index is n - 1"
    yield at.kind in ("LESS", "COMPARISON"), chained
    yield (
        (at.kind in OPEN_ENDED and at.wants_value) or (at.before in REDUCERS and at.kind == "NAME"),
        "put parentheses around it: `(sum i: x[i])`",
    )


def _equals(at: Place) -> Iterator[Case]:
    """`=`, `let` and what they belong to."""
    top = at.wants("DEF")
    yield top and (at.kind == "LET" or at.token == "="), "a constant is a function of nothing: `def name() = ...`"
    names = re.fullmatch(r"[\w, ()]+", at.line) is not None
    yield at.token == "=" and names and not at.starts("let", "def", "type"), "write `let name = ...`"
    yield (
        at.token == "=" and re.search(r"\b(fold|scan)\b.*:\s*\w+$", at.line) is not None,
        "nothing changes its value; what stands after `:` is the next state, as in `s + x[i]`",
    )
    yield at.token == "=", "`=` gives a name its value; to compare, write `==`"
    yield (
        at.kind == "LET",
        "a `let` stands on a line of its own, in a block after `=`, `:`, `then` or `else`",
    )
    yield (
        at.kind in KEYWORDS and at.wants("NAME") and not at.wants_value,
        f"`{at.token}` is a word of the language; choose another name",
    )
    yield at.starts("let") and at.wants("EQUAL"), "write `let name = value`"


def _lines(at: Place) -> Iterator[Case]:
    """Where lines and blocks end, and what is missing there."""
    yield at.kind == "_DEDENT" and at.wants("_NL"), "a block ends with an expression: what its `let`s are for"
    yield (
        at.kind in ENDS and at.before in ("=", ":", "then", "else"),
        "the body goes on the same line, or on deeper ones",
    )
    yield at.kind in ENDS and at.wants_value, "the line ends too early; a line continues where the next one is deeper"
    yield at.wants("DEF") and not at.wants("_NL"), "a program is made of `def`s; start with one"
    yield (
        at.kind in ("NAME", "INTEGER", "REAL") and at.wants("PLUS") and at.wants("_NL", "RPAR"),
        "a call is `f(x)`, a product `a * b`",
    )
    yield (
        at.wants("COLON") and not at.wants_value and at.kind != "COMMA",
        "write `:` before the body of a loop",
    )
