"""A grown program as a person would have written it: without what nobody needs, its names counted in the order they come."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from ..language import syntax as s

_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)$")


def used(items: Sequence[s.ModuleItem], name: str) -> tuple[s.ModuleItem, ...]:
    """The definitions that a function needs, itself included; a rule goes with its function."""
    kept: list[s.ModuleItem] = []
    mentioned = {name}
    for item in reversed(items):
        assert isinstance(item, s.Function | s.ReverseRule | s.TypeDefinition)
        if item.name in mentioned:
            kept.insert(0, item)
            mentioned |= {node.name for node in s.walk(item) if isinstance(node, s.Name | s.NamedType)}
            mentioned |= {node.type or "" for node in s.walk(item) if isinstance(node, s.RecordExpression)}
    return tuple(kept)


def numbered(items: Sequence[s.ModuleItem], given: Sequence[str]) -> tuple[s.ModuleItem, ...]:
    """The definitions with the names that were made up, whose stems are ``given``, counted from 1: many went to what is not
    there any more."""
    found: dict[str, str] = {}
    counts: Counter[str] = Counter()

    def renamed(word: str) -> str:
        match = _NUMBERED.match(word)
        if match is None or match[1] not in given or word in ("i32", "i64"):
            return word
        if word not in found:
            counts[match[1]] += 1
            found[word] = f"{match[1]}{counts[match[1]]}"
        return found[word]

    def walked(value: Any) -> Any:
        match value:
            case str():
                return renamed(value)
            case tuple():
                return tuple(map(walked, value))
            case s.Node():
                return replace(value, **{f.name: walked(getattr(value, f.name)) for f in fields(value) if f.name != "span"})
        return value

    return tuple(map(walked, items))
