"""A scope of the loop nest being written: what is in it, under which name, and the statements so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..graph.node import Node
from ..loops import nest
from .demand import Add, Put


@dataclass
class Scope:
    """``binders``: loop variables and carries known here. ``names``: scalars. ``buffers``: arrays in memory.

    ``kept``: scalars of inner loops that an earlier loop stored; readable where all the variables beside them are known.
    ``direct``: where the loops of this scope write results that are wanted in one place only."""

    parent: Scope | None
    binders: frozenset[Node]
    names: dict[Node, nest.Operand] = field(default_factory=dict)
    buffers: dict[Node, str] = field(default_factory=dict)
    kept: dict[Node, tuple[str, tuple[Node, ...]]] = field(default_factory=dict)
    direct: dict[Node, Put | Add] = field(default_factory=dict)
    statements: list[nest.Statement] = field(default_factory=list)

    def child(self, *binders: Node) -> Scope:
        return Scope(self, self.binders | frozenset(binders))

    def name(self, node: Node) -> nest.Operand | None:
        here: Scope | None = self
        while here is not None:
            if node in here.names:
                return here.names[node]
            here = here.parent
        return None

    def buffer(self, node: Node) -> str | None:
        here: Scope | None = self
        while here is not None:
            if node in here.buffers:
                return here.buffers[node]
            here = here.parent
        return None

    def stored(self, node: Node) -> tuple[str, tuple[Node, ...]] | None:
        """Where a kept scalar can be read, if its variables are all known here."""
        here: Scope | None = self
        while here is not None:
            found = here.kept.get(node)
            if found is not None and self.binders.issuperset(found[1]):
                return found
            here = here.parent
        return None

    def is_kept(self, node: Node) -> bool:
        here: Scope | None = self
        while here is not None:
            if node in here.kept:
                return True
            here = here.parent
        return False

    def all_kept(self) -> set[Node]:
        """The scalars kept here and in the scopes around."""
        return set(self.kept) | (self.parent.all_kept() if self.parent is not None else set())

    def closed(self, node: Node) -> bool:
        """Whether all the node mentions is known here."""
        return node.free <= self.binders
