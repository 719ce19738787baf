"""Unary form: every primitive has one argument, its context.

A context Γ is a list of wires; a primitive is a morphism Γ → Γ, B that appends its result and names what it reads by
position (de Bruijn levels, so nothing is renumbered under a binder). Composition is concatenation. This is the unary form
of Huot & Shaikhha (arXiv 2212.09801) with their ``var`` and ``proj`` absorbed into the positions: since a
primitive never removes anything, the context at the end *is* the forward trace, which is what makes the reverse
derivative a functor with one clause per primitive (`derive/reverse.py`).

A block is a body that captures its whole enclosing context: its own parameters stand at the next positions.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ...core.errors import Span
from ...core.objects import Scalar, Wire
from ...core.operation import Operation
from ...core.sizes import Size

KINDS = ("build", "sum", "prod", "max", "min", "argmax", "argmin", "all", "any")
"""What a loop does with an output of its body: stack it, or fold it with a commutative monoid."""


@dataclass(frozen=True)
class Block:
    """A body: Γ, params → results of type ``cod``. Positions of the parameters follow those of Γ."""

    params: tuple[Wire, ...]
    steps: tuple[Step, ...]
    results: tuple[int, ...]
    cod: tuple[Wire, ...]


@dataclass(frozen=True)
class Apply:
    """A scalar operation, by its name or, if it is none of ours, itself; ``to`` is the target of a cast. ``add`` also
    applies elementwise to arrays of one shape."""

    op: str | Operation
    args: tuple[int, ...]
    to: Scalar | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Constant:
    value: float | int | bool
    kind: Scalar
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Zero:
    """The additive zero of a wire: structural, so 0 · x is 0 whatever x is (also NaN)."""

    kind: Wire
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Extent:
    """A size as an i64 value."""

    size: Size
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Open:
    """Name the i64 value at ``arg`` (at least 0) as a size atom for what follows; appends the clamped value."""

    atom: str
    arg: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Index:
    """``array[index]``: one dimension fewer. Out of range is an error."""

    array: int
    index: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class OneHot:
    """The array of ``size`` rows that is ``value`` at ``index`` and zero elsewhere: the transpose of Index."""

    size: Size
    index: int
    value: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Checkpoint:
    """The reverse of a loop keeps its carries at every ``every``-th step only, and runs the steps between again.

    None is ⌈√steps⌉, which keeps least; below 1 counts as 1."""

    every: Size | None = None


@dataclass(frozen=True)
class Loop:
    """``index`` runs over 0 ≤ index < bound (from the end if ``backward``); carries start at ``inits``.

    body : Γ, index, carries → carries', outputs.  Appends the final carries, then one wire per output kind.
    Without carries the iterations are independent: a parallel loop.

    What the reverse derivative does about carries changes no value: it keeps those of every step, or at every
    ``checkpoint``, or none: ``inverse`` : Γ, index, carries' → carries undoes a step."""

    index: str
    bound: Size
    inits: tuple[int, ...]
    body: Block
    kinds: tuple[str, ...]
    backward: bool = False
    span: Span | None = field(default=None, compare=False)
    checkpoint: Checkpoint | None = None
    inverse: Block | None = None


@dataclass(frozen=True)
class While:
    """cond : Γ, trip, carries → bool;  body : Γ, trip, carries → carries'.  Appends the final carries, then the number of
    trips. ``trip`` (i64) counts from 0, so the body is that of the Loop over the trips, which is what its reverse runs;
    ``checkpoint`` and ``inverse`` are that loop's."""

    inits: tuple[int, ...]
    cond: Block
    body: Block
    span: Span | None = field(default=None, compare=False)
    checkpoint: Checkpoint | None = None
    inverse: Block | None = None


@dataclass(frozen=True)
class Branch:
    """``if cond then … else …``; both blocks : Γ → the same wires. Only the taken one can fail."""

    cond: int
    then: Block
    orelse: Block
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Stop:
    """Identity whose derivative is declared zero (``stop_gradient``)."""

    arg: int
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Custom:
    """A block with a derivative of its own. primal : Γ, args → results; reverse : Γ, args, dresults → dargs.

    Neither block reads Γ: they are closed, so nothing captured can lose its cotangent silently. Without ``reverse`` there is
    no derivative: a rule that mentions what it is the rule of is written out to some order only."""

    args: tuple[int, ...]
    primal: Block
    reverse: Block | None
    span: Span | None = field(default=None, compare=False)


Step = Apply | Constant | Zero | Extent | Open | Index | OneHot | Loop | While | Branch | Stop | Custom


@dataclass(frozen=True)
class Term:
    """A closed morphism dom → cod: ``sizes`` are its size parameters, ``names`` label the wires of dom for printing."""

    name: str
    sizes: tuple[str, ...]
    names: tuple[str, ...]
    dom: tuple[Wire, ...]
    steps: tuple[Step, ...]
    results: tuple[int, ...]
    cod: tuple[Wire, ...]
