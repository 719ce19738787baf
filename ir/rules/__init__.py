"""The rewrite rules of the graph, as data: a file per theory, each rule an equation with its phase."""

from collections.abc import Mapping

from .arrays import ARRAYS
from .linear import LINEAR
from .rule import Rule, table
from .scalars import SCALARS
from .sequential import SEQUENTIAL
from .winners import WINNERS

RULES: tuple[Rule, ...] = (*SCALARS, *WINNERS, *LINEAR, *ARRAYS, *SEQUENTIAL)
BY_OP: Mapping[str, tuple[Rule, ...]] = table(RULES)

__all__ = ["BY_OP", "RULES", "Rule", "table"]
