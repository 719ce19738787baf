"""A rewrite rule: an equation read from left to right, with its phase and a statement one can check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from ..graph.node import Node, Pool

Rewrite = Callable[[Pool, Node], "Node | None"]


@dataclass(frozen=True)
class Rule:
    """``apply`` gives the right-hand side for a node whose operator is in ``ops``, or None where the rule does not fit.

    ``phase`` is "semiring" where the equation holds in every commutative semiring (it could stand before a derivative),
    "function" where it is only a law of the functions computed (x·x = x in Z2): those are applied after it alone.
    """

    name: str
    ops: tuple[str, ...]
    apply: Rewrite
    statement: str
    phase: str = "semiring"


def table(rules: Iterable[Rule]) -> Mapping[str, tuple[Rule, ...]]:
    """The rules by operator, in their order."""
    by_op: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for op in rule.ops:
            by_op[op] = (*by_op.get(op, ()), rule)
    return by_op
