"""The parser of the grammar, its tables from the cache where they are there: making them takes fifty times as long."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from ...backends.cache import Cache, key_of
from .layout import Layout

__all__ = ["parser"]


@cache
def parser() -> Lark:
    """The one parser of this process."""
    grammar = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    kept, key = Cache.default(), key_of("grammar", grammar, lark.__version__, json.dumps(OPTIONS))
    text = kept.get(key)
    if text is not None:
        return _read(text.decode())
    made = Lark(grammar, postlex=Layout(), **OPTIONS)
    kept.put(key, _written(made).encode())
    return made


OPTIONS: dict[str, Any] = {
    "parser": "lalr", "lexer": "basic", "start": ["module", "expression"], "propagate_positions": True,
}  # fmt: skip


# -- text: what lark's own stand-alone parsers hold, but as JSON ---------------------------------------------------------
def _written(made: Lark) -> str:
    data, memo = made.memo_serialize([TerminalDef, Rule])
    data["options"] = {name: value for name, value in data["options"].items() if name != "postlex"}
    return json.dumps([data, memo])


def _read(text: str) -> Lark:
    data, memo = json.loads(text, object_hook=_numbered)
    made: Lark = Lark._load_from_dict(data, memo, postlex=Layout())
    return made


def _numbered(found: dict[str, Any]) -> dict[Any, Any]:
    """A table by numbers, which JSON writes as texts."""
    return {int(key): value for key, value in found.items()} if next(iter(found), "").isdigit() else found
