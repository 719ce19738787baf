"""Loop nests: the last level before machine text. Statements over buffers, scalars assigned once, and mutable cells.

Scalars here are *carriers*: f64, f32, i64, i32, bool; operations are machine instructions (`core/operation.py` lists them).
Only a Reduce and an Accumulate still know their semiring, because a schedule may split them over lanes or threads.
A scalar name is assigned once and visible in the rest of its block and the blocks inside. Buffers are dense and row-major.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ...core.errors import Span
from ...core.objects import Scalar
from ...core.operation import External


@dataclass(frozen=True)
class Literal:
    """A constant of a carrier."""

    value: float | int | bool
    kind: Scalar


def zero(kind: Scalar) -> Literal:
    """All bits 0."""
    return Literal(_ZERO[kind.kind], kind)


_ZERO: Mapping[str, float | int | bool] = MappingProxyType({"f64": 0.0, "f32": 0.0, "i64": 0, "i32": 0, "bool": False})


Operand = str | Literal
"""A scalar: the name of one, or a literal."""


@dataclass(frozen=True)
class Array:
    """A buffer parameter: where it is read or written, and its shape as operands over the sizes (and i64 parameters)."""

    name: str
    element: Scalar
    shape: tuple[Operand, ...]


@dataclass(frozen=True)
class Number:
    """A scalar parameter. As an output it is a cell that `Assign` sets."""

    name: str
    kind: Scalar


@dataclass(frozen=True)
class Let:
    """name = instruction(args)."""

    name: str
    kind: Scalar
    instruction: str
    args: tuple[Operand, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Call:
    """name = function(args), one of `Kernel.externs`."""

    name: str
    kind: Scalar
    function: str
    args: tuple[Operand, ...]
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Load:
    """name = buffer[indices]; where ``when`` is given and false, zero instead, and no memory is touched."""

    name: str
    kind: Scalar
    buffer: str
    indices: tuple[Operand, ...]
    when: Operand | None = None
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Store:
    """buffer[indices] = value."""

    buffer: str
    indices: tuple[Operand, ...]
    value: Operand


@dataclass(frozen=True)
class Accumulate:
    """buffer[indices] += value in the semiring ``ring``; nothing where ``when`` is given and false."""

    buffer: str
    indices: tuple[Operand, ...]
    value: Operand
    ring: Scalar
    when: Operand | None = None


@dataclass(frozen=True)
class Cell:
    """Declare a mutable scalar with its first value."""

    name: str
    kind: Scalar
    init: Operand


@dataclass(frozen=True)
class Assign:
    """cell = value."""

    cell: str
    value: Operand


@dataclass(frozen=True)
class Read:
    """name = the present value of a cell."""

    name: str
    kind: Scalar
    cell: str


@dataclass(frozen=True)
class Reduce:
    """cell ⊕= value, with ⊕ of ``kind`` (sum prod max min all any) over ``ring``.

    For argmax and argmin, ``cell`` holds the best value so far and ``where`` the index at which it stood first; ``index``
    is the present one. ``where`` is −1 before the first. A NaN wins and stays, as in NumPy."""

    cell: str
    kind: str
    value: Operand
    ring: Scalar
    where: str | None = None
    index: Operand | None = None


@dataclass(frozen=True)
class Allocate:
    """A local buffer, zeroed if ``zero``; it lives to the end of the enclosing block. Memory that cannot be had is an error."""

    name: str
    element: Scalar
    shape: tuple[Operand, ...]
    zero: bool = False


@dataclass(frozen=True)
class Fill:
    """Every element of a buffer = value."""

    buffer: str
    value: Operand


@dataclass(frozen=True)
class Copy:
    """All of ``source`` into ``target``, of the same shape."""

    target: str
    source: str


@dataclass(frozen=True)
class Swap:
    """Exchange two local buffers of one shape (their names, not their contents)."""

    left: str
    right: str


@dataclass(frozen=True)
class Check:
    """Stop with an error record (site, value, bound) unless ``ok``. ``site`` numbers `Kernel.sites`."""

    ok: Operand
    site: int
    value: Operand
    bound: Operand


@dataclass(frozen=True)
class Split:
    """How a parallel loop is cut: into ``parts`` (one at least) of neighbouring iterations, at most ``threads`` at a time.

    ``own``: the buffers from outside of which each part has a copy, the first part the buffer itself. The copies, and what the
    parts reduce into cells, are put together in the order of the parts: a result depends on how many there are, and not on
    when they run. Of checks that fail, the one in the first iteration is reported."""

    parts: Operand
    threads: int
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class For:
    """for index in 0 … bound−1 (from the end if ``backward``).

    ``parallel``: iterations do not depend on each other but through Reduce and Accumulate. ``lanes`` > 1: run that many
    at once in vector registers (only if parallel); what depends on the index is then a vector, the rest stays scalar.
    ``split``: how threads share it. ``tile`` > 0: this loop and all in it contract (`contraction.py`), in register tiles of so
    many rows of vectors."""

    index: str
    bound: Operand
    body: tuple[Statement, ...]
    backward: bool = False
    parallel: bool = False
    lanes: int = 1
    split: Split | None = None
    tile: int = 0
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Loop:
    """Run ``head``; while its scalar ``cond`` holds, run ``body`` and then ``head`` again."""

    head: tuple[Statement, ...]
    cond: Operand
    body: tuple[Statement, ...]


@dataclass(frozen=True)
class If:
    cond: Operand
    then: tuple[Statement, ...]
    orelse: tuple[Statement, ...] = ()


Statement = (
    Let | Call | Load | Store | Accumulate | Cell | Assign | Read | Reduce | Allocate | Fill | Copy | Swap | Check | For | Loop
    | If
)


@dataclass(frozen=True)
class Site:
    """A place that can fail at run time: what the error says and where it points."""

    code: str
    message: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Extern:
    """A function that is not ours, under the name it has in this kernel: pure and total, on carriers.

    ``code`` is what it is, and is not written; a kernel without it can be read, but not run."""

    name: str
    args: tuple[Scalar, ...]
    result: Scalar
    code: External | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Decision:
    """What the compiler chose where it had a choice: for a loop (``place`` is its index) or a local buffer, and why."""

    place: str
    choice: str
    reason: str


@dataclass(frozen=True)
class Kernel:
    """A compiled function: inputs, then sizes, then outputs; the order is the calling convention of every backend.

    ``decisions`` is for people: it changes nothing that the kernel does."""

    name: str
    inputs: tuple[Array | Number, ...]
    sizes: tuple[str, ...]
    outputs: tuple[Array | Number, ...]
    body: tuple[Statement, ...]
    sites: tuple[Site, ...] = ()
    externs: tuple[Extern, ...] = ()
    decisions: tuple[Decision, ...] = ()
