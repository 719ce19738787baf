"""An operation: one value that holds everything anybody needs to know about it.

Operations are *scalar*: loops, indexing and branches are the glue of the unary form (`ir/`), not operations. Rules are
written once against an `Algebra` and so run everywhere: on unary-form terms (derivation), on graph nodes (partial
evaluation), on NumPy arrays (tests). A rule that does not exist is `Undefined` with the reason, never absent.

Machine instructions. An operation is lowered to one of the names in `INSTRUCTIONS` or expanded into operations that
are; every code-printing backend has a table on exactly these names. What each means is said beside it there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from .objects import Scalar

H = TypeVar("H")

INSTRUCTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    # f64 and f32. `round` goes to even; `fmin fmax` propagate nan; the sign of a zero out of fmin/fmax is unspecified.
    "float": ("fadd", "fsub", "fmul", "fdiv", "fneg", "fabs", "sqrt", "floor", "ceil", "trunc", "round", "fmin", "fmax",
              "copysign"),
    # f64 and f32, by vector code or a library. pow is C99's: pow(x, 0) = pow(1, y) = 1, nan for x < 0 and fractional y.
    "function": ("exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "tanh", "sinh", "cosh",
                 "asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh", "pow", "cbrt", "hypot", "sigmoid", "softplus",
                 "erf", "erfc", "lgamma", "digamma", "trigamma", "tetragamma"),
    # i64 and i32, wrapping. ifloordiv and imod round to -inf and never trap: by zero they give 0 (the guard reports),
    # MIN // -1 = MIN and MIN % -1 = 0. A shift count outside 0..bits-1 gives 0 (ishl) or the sign, 0 or -1 (ishr).
    "integer": ("iadd", "isub", "imul", "ineg", "iabs", "ifloordiv", "imod", "iand", "ior", "ixor", "ishl", "ishr",
                "imin", "imax"),
    # result bool; with a nan every float comparison is false except fne
    "comparison": ("feq", "fne", "flt", "fle", "fgt", "fge", "ieq", "ine", "ilt", "ile", "igt", "ige"),
    "boolean": ("band", "bor", "bxor", "bnot"),
    # select(c, a, b) is bitwise a or b, whatever the other is; copy is no instruction at all: the same machine value
    "move": ("select", "copy"),
    # fptosi truncates and saturates, nan gives 0 (LLVM fptosi.sat); trunc_int wraps; inttobool and fptobool ask x != 0
    "cast": ("sitofp", "fptosi", "fpext", "fptrunc", "sext", "trunc_int", "booltoint", "booltofp", "inttobool",
             "fptobool"),
})
"""The machine instructions by group: the whole vocabulary of a code-printing backend."""

BINARY_FUNCTIONS = frozenset({"atan2", "hypot", "pow"})
"""The functions of two arguments; the others have one."""


class Algebra(Protocol[H]):
    """Whatever can apply operations: a builder of terms, a graph, NumPy itself. ``H`` is its handle of a scalar."""

    def apply(self, op: str | Operation, *args: H, to: Scalar | None = None) -> H:
        """An operation, or the one of the table with that name, on ``args``; ``to`` is the result object where they do
        not determine it (casts)."""

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
    """Lowered by the machine itself: every backend has a table from these names to its text (`fadd`, `exp`)."""

    name: str

    def __post_init__(self) -> None:
        if not any(self.name in group for group in INSTRUCTIONS.values()):
            raise ValueError(f"unknown machine instruction {self.name!r}")


@dataclass(frozen=True)
class Expansion:
    """Lowered by rewriting into other operations: ``rule(algebra, *args) -> handle``, before loops are made."""

    rule: Callable[..., Any]


@dataclass(frozen=True, eq=False)
class External:
    """Lowered to a call of compiled code that is not ours. It must be total and depend on nothing but its arguments: it
    may be called often, not at all, or where a branch is not taken.

    name      what it is called in texts
    address   that of a C function on the arguments' carriers, good as long as this object lives
    function  the same for `@njit` code and for Python, on NumPy scalars"""

    name: str
    address: Callable[[], int]
    function: Callable[..., Any]


@dataclass(frozen=True)
class Guard:
    """What must hold at run time wherever control reaches the application; the compiler emits the check.

    The instruction itself is total, so it may still be executed where it does not (an untaken side of a select)."""

    rule: Callable[..., Any]
    """``rule(algebra, *args) -> bool handle``."""
    message: str
    code: str = "PB0702"


@dataclass(frozen=True)
class Cost:
    """``flops`` counts every arithmetic operation as 1 (a transcendental too); ``weight`` is time in additions."""

    flops: int
    weight: float


Typing = Callable[[Sequence[Scalar], "Scalar | None"], Scalar]
"""Result object from argument objects and the cast target. Raises ValueError whose text says what is accepted."""

Reverse = Callable[..., "Sequence[Any] | Undefined"]
"""``reverse(algebra, args, result, cotangent) -> cotangent of each argument``, None where structurally zero.

Called through `Operation.pull`, so with a differentiable result; an argument that is discrete must get None."""

Forward = Callable[..., Any]
"""``forward(algebra, args, result, tangents) -> tangent``; None is a structural zero, coming in and going out."""

Lowering = Callable[[Sequence[Scalar], Scalar], "Instruction | Expansion | External"]
"""From argument objects and result object."""


@dataclass(frozen=True)
class Operation:
    """One scalar operation and all its rules.

    name      as printed in every level of the IR
    arity     number of arguments
    typing    type rule
    meaning   NumPy meaning, elementwise: ``meaning(result, *arrays) -> array`` of the result's dtype, no warnings
    reverse   reverse derivative, or Undefined
    forward   forward derivative, or Undefined
    lowering  Instruction, Expansion into other operations, or External, chosen per object: ``lowering(objects, result) -> …``
    cost      of one application
    objects   argument objects it is checked on; families like z<n> appear by examples. `typing` is the whole truth
    samples   float argument tuples at which derivative rules are checked (`laws.samples` has those of other objects)
    doc       one line: what it computes, conventions at corners; ``source`` where the rule is from
    targets   cast targets it is checked on
    guard     what must hold at run time, on integer objects
    undefined where the derivative is undefined on some objects only: from argument objects and result object, or None
    """

    name: str
    arity: int
    typing: Typing
    meaning: Callable[..., Any]
    reverse: Reverse | Undefined
    forward: Forward | Undefined
    lowering: Lowering
    cost: Cost
    objects: tuple[tuple[Scalar, ...], ...]
    samples: tuple[tuple[Any, ...], ...]
    doc: str
    source: str = ""
    commutative: bool = False
    surface: str | None = None
    """The name under which the language offers it, if it does (``+`` for add, ``exp`` for exp)."""
    targets: tuple[Scalar | None, ...] = (None,)
    guard: Guard | None = None
    undefined: Callable[[Sequence[Scalar], Scalar], Undefined | None] | None = None

    def applications(self) -> Iterator[tuple[tuple[Scalar, ...], Scalar | None, Scalar]]:
        """Argument objects, cast target and result object of everything it is checked on."""
        for objects, to in product(self.objects, self.targets):
            try:
                result = self.typing(objects, to)
            except ValueError:
                continue
            yield objects, to, result

    def derivative_missing(self, objects: Sequence[Scalar], result: Scalar) -> Undefined | None:
        """Why there is no derivative on these objects; None where there is one, or nothing to differentiate by."""
        if not any(o.is_differentiable for o in objects):
            return None
        if isinstance(self.reverse, Undefined):
            return self.reverse
        return self.undefined(objects, result) if self.undefined else None

    def pull(
        self, algebra: Algebra[H], args: Sequence[H], result: H, cotangent: H | None
    ) -> Sequence[H | None] | Undefined:
        """The cotangent of each argument; ``cotangent`` None is a structural zero, or what a discrete result has."""
        objects = [algebra.object(a) for a in args]
        missing = self.derivative_missing(objects, algebra.object(result))
        if missing is not None:
            return missing
        if cotangent is None or not any(o.is_differentiable for o in objects):
            return (None,) * self.arity
        assert not isinstance(self.reverse, Undefined)
        return self.reverse(algebra, args, result, cotangent)

    def push(
        self, algebra: Algebra[H], args: Sequence[H], result: H, tangents: Sequence[H | None]
    ) -> H | Undefined | None:
        """The tangent of the result; a tangent None is a structural zero, or what a discrete argument has."""
        missing = self.derivative_missing([algebra.object(a) for a in args], algebra.object(result))
        if missing is not None:
            return missing
        if all(t is None for t in tangents) or not algebra.object(result).is_differentiable:
            return None
        assert not isinstance(self.forward, Undefined)
        tangent: H | None = self.forward(algebra, args, result, tangents)
        return tangent
