"""Names that are bound and never used: most often a slip of the pen. These are remarks, not errors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from ...core.errors import NameFault
from . import syntax
from .scope import pattern_names


def unused(module: syntax.Module) -> Iterator[NameFault]:
    """The names of `let` lines that nothing after them mentions; those that begin with `_` are meant to be so."""
    for node in _nodes(module):
        match node:
            case syntax.Block(bindings, result):
                for k, binding in enumerate(bindings):
                    yield from _remarks(binding, [*bindings[k + 1:], result])
            case syntax.Test(_, lines):
                for k, line in enumerate(lines):
                    if isinstance(line, syntax.Let):
                        yield from _remarks(line, lines[k + 1:])


def _remarks(binding: syntax.Let, after: Sequence[syntax.Node]) -> Iterator[NameFault]:
    mentioned = {node.name for part in after for node in _nodes(part) if isinstance(node, syntax.Name)}
    for name in sorted(pattern_names(binding.pattern) - mentioned):
        if not name.startswith("_"):
            yield NameFault("PB0210", f"`{name}` is never used", binding.pattern.span, "`_` takes a value nobody needs")


def _nodes(node: syntax.Node) -> Iterator[syntax.Node]:
    """A node and all below it, in the order written."""
    yield node
    for entry in fields(node):
        value = getattr(node, entry.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, syntax.Node):
                yield from _nodes(part)
