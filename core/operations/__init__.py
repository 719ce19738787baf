"""The table of all operations, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..operation import Operation
from .casts import CASTS
from .circuit import CIRCUIT
from .integer import INTEGER
from .logic import LOGIC
from .order import ORDER
from .real import REAL
from .ring import RING

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {o.name: o for o in (*RING, *REAL, *ORDER, *INTEGER, *LOGIC, *CASTS, *CIRCUIT)}
)
"""Every operation of ours. The order is that of the files above, and stable."""


def operation_of(op: str | Operation) -> Operation:
    """The operation an application names: itself, where it is none of ours, or the one of the table. Raises KeyError."""
    return OPERATIONS[op] if isinstance(op, str) else op


def name_of(op: str | Operation) -> str:
    """What it is called in messages."""
    return op if isinstance(op, str) else op.name
