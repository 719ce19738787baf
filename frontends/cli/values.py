"""Values written on the command line: `2.5`, `[1, 2, 3]`, `{x: 1, y: [2, 3]}`, `(1, true)`; and values as JSON."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from .usage import UsageFault

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>[+-]?(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf\b|nan\b))
    |(?P<word>[^\W\d]\w*)|"(?P<quoted>[^"]*)"|(?P<sign>[\[\](){},:=]))""",
    re.VERBOSE,
)
_DEEPEST = 64
"""Brackets within brackets; NumPy has no arrays of more dimensions."""
_CLOSING = {"[": "]", "(": ")", "{": "}"}


def parse_value(name: str, text: str) -> Any:
    """The value a text says, as numbers, truth values, lists, tuples and dicts. Raises UsageFault PB0620."""
    reader = _Reader(name, text)
    value = reader.value()
    if reader.peek() != ("end", ""):
        reader.fail()
    return value


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self.name, self.text, self.at, self.depth = name, text, 0, 0

    def fail(self) -> NoReturn:
        rest = self.text[self.at :].strip()
        said = f"`{self.text}`" + (f", from `{rest[:20]}` on," if rest and rest != self.text.strip() else "")
        raise UsageFault("PB0620", f"{said} is no value for `{self.name}`", hint="write a number, true, false, [1, 2, 3], "
                         "(1, 2) or {x: 1, y: 2}, or name a file that ends in .npy, .npz or .csv")

    def peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            return ("other", "") if self.text[self.at :].strip() else ("end", "")
        return str(match.lastgroup), match[str(match.lastgroup)]

    def next(self) -> tuple[str, str]:
        kind, word = self.peek()
        match = _TOKEN.match(self.text, self.at)
        if match is None:
            self.fail()
        self.at = match.end()
        return kind, word

    def value(self) -> Any:
        start = self.at
        kind, word = self.next()
        if kind == "number":
            return self.number(word)
        if kind == "word" and word in ("true", "false", "inf", "nan", "True", "False", "NaN", "Infinity"):
            return {"true": True, "false": False, "inf": math.inf, "infinity": math.inf, "nan": math.nan}[word.lower()]
        if kind == "sign" and word in _CLOSING:
            self.depth += 1
            if self.depth > _DEEPEST:
                raise UsageFault("PB0620", f"brackets in `{self.name}` nest more than {_DEEPEST} deep")
            items = list(self.items(_CLOSING[word]))
            self.depth -= 1
            if word == "{" and len(dict(items)) < len(items):
                raise UsageFault("PB0620", f"a field is given twice in `{self.name}`: `{self.text}`")
            if word == "[" and len(set(map(_shape, items))) > 1:
                raise UsageFault("PB0620", f"the items of a list in `{self.name}` have different lengths: `{self.text}`")
            return tuple(items) if word == "(" else items if word == "[" else dict(items)
        self.at = start
        return self.fail()

    def number(self, word: str) -> int | float:
        try:
            return int(word) if re.fullmatch(r"[+-]?\d[\d_]*", word) else float(word)
        except ValueError:  # thousands of digits, or `1__0`
            return self.fail()

    def items(self, closing: str) -> Iterator[Any]:
        while self.peek() != ("sign", closing):
            yield self.field() if closing == "}" else self.value()
            if self.peek() == ("sign", ","):
                self.next()
            elif self.peek() != ("sign", closing):
                self.fail()
        self.next()

    def field(self) -> tuple[str, Any]:
        kind, name = self.peek()
        if kind not in ("word", "quoted"):
            self.fail()
        self.next()
        if self.peek() not in (("sign", ":"), ("sign", "=")):
            self.fail()
        self.next()
        return name, self.value()


def _shape(item: Any) -> Any:
    return (len(item), *map(_shape, item[:1])) if isinstance(item, list) else None


def as_json(value: Any) -> Any:
    """Numbers and arrays as JSON has them; what JSON cannot say is a string: "nan", "inf", "-inf"."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [as_json(v) for v in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def structured(kind: Any, leaves: Sequence[Any]) -> Any:
    """The value of a type with these wires: records as dicts, tuples as lists, for JSON."""
    return _structured(kind, iter(leaves))


def _structured(kind: Any, leaves: Iterator[Any]) -> Any:
    if not hasattr(kind, "items"):
        return as_json(next(leaves))
    parts = [_structured(item, leaves) for item in kind.items]
    return parts if kind.names is None else dict(zip(kind.names, parts, strict=True))
