"""An operation: one value that holds everything anybody needs to know about it.

Operations are *scalar*: loops, indexing and branches are the glue of the unary form (`ir/`), not operations. Rules are
written once against an `Algebra` and so run everywhere: on unary-form terms (derivation), on graph nodes (partial
evaluation), on NumPy arrays (tests). A rule that does not exist is `Undefined` with the reason, never absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from .objects import Scalar

H = TypeVar("H")


class Algebra(Protocol[H]):
    """Whatever can apply operations: a builder of terms, a graph, NumPy itself. ``H`` is its handle of a scalar value."""

    def apply(self, name: str, *args: H, to: Scalar | None = None) -> H:
        """The operation ``name`` on ``args``; ``to`` is the result object where arguments do not determine it (casts)."""

    def constant(self, value: float | int | bool, like: Scalar) -> H:
        """A constant of the object ``like``."""

    def object(self, handle: H) -> Scalar:
        """The object of a handle."""


@dataclass(frozen=True)
class Undefined:
    """A rule that does not exist, and why; ``hint`` says what the user can do instead."""

    reason: str
    hint: str | None = None


@dataclass(frozen=True)
class Instruction:
    """Lowered by the machine itself: every backend has a table from these few names to its own text (`fadd`, `exp`, …)."""

    name: str


@dataclass(frozen=True)
class Expansion:
    """Lowered by rewriting into other operations: ``rule(algebra, *args) -> handle``, before loops are made."""

    rule: Callable[..., Any]


@dataclass(frozen=True)
class Cost:
    """``flops`` counts every arithmetic operation as 1 (a transcendental too); ``weight`` is time relative to an addition."""

    flops: int
    weight: float


Typing = Callable[[Sequence[Scalar], "Scalar | None"], Scalar]
"""Result object from argument objects and the cast target. Raises ValueError whose text says what is accepted."""

Reverse = Callable[..., Sequence[Any]]
"""``reverse(algebra, args, result, cotangent) -> cotangent of each argument`` (None: structurally zero)."""

Forward = Callable[..., Any]
"""``forward(algebra, args, result, tangents) -> tangent``; a tangent that is structurally zero comes as None, and may be returned."""


@dataclass(frozen=True)
class Operation:
    """One scalar operation and all its rules.

    name      as printed in every level of the IR
    arity     number of arguments
    typing    type rule
    meaning   NumPy meaning, elementwise: ``meaning(result_object, *arrays) -> array`` of the result's dtype
    reverse   reverse derivative, or Undefined
    forward   forward derivative, or Undefined
    lowering  Instruction, or Expansion into other operations, chosen per object: ``lowering(objects) -> …``
    cost      of one application
    samples   argument tuples at which derivative rules are checked; `domains` names the objects it exists on
    doc       one line: what it computes, conventions at corners; ``source`` where the rule is from
    """

    name: str
    arity: int
    typing: Typing
    meaning: Callable[..., Any]
    reverse: Reverse | Undefined
    forward: Forward | Undefined
    lowering: Callable[[Sequence[Scalar]], Instruction | Expansion]
    cost: Cost
    objects: tuple[tuple[Scalar, ...], ...]
    samples: tuple[tuple[Any, ...], ...]
    doc: str
    source: str = ""
    commutative: bool = False
    surface: str | None = field(default=None)
    """The name under which the language offers it, if it does (``+`` for add, ``exp`` for exp)."""
