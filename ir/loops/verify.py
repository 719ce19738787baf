"""Whether a kernel is well formed: names, kinds, ranks, scopes. Runs before and after every pass that touches kernels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from ...core.errors import VerifyFault
from ...core.objects import BOOL, F32, F64, I32, I64, Scalar
from ...core.operation import BINARY_FUNCTIONS, INSTRUCTIONS
from . import nest
from .contraction import contraction
from .nest import Kernel, Literal, Operand, Statement
from .sharing import Inseparable, sharing
from .text import show_statement

__all__ = ["verify"]

_CARRIERS = (F64, F32, I64, I32, BOOL)
_RANGES = MappingProxyType({"i64": 2**63, "i32": 2**31})
_REDUCTIONS = ("sum", "prod", "max", "min", "all", "any", "argmax", "argmin")
_CASTS: Mapping[str, tuple[tuple[Scalar, ...], tuple[Scalar, ...]]] = MappingProxyType({
    "sitofp": ((I64, I32), (F64, F32)), "fptosi": ((F64, F32), (I64, I32)), "fpext": ((F32,), (F64,)),
    "fptrunc": ((F64,), (F32,)), "sext": ((I32,), (I64,)), "trunc_int": ((I64,), (I32,)),
    "booltoint": ((BOOL,), (I64, I32)), "booltofp": ((BOOL,), (F64, F32)), "inttobool": ((I64, I32), (BOOL,)),
    "fptobool": ((F64, F32), (BOOL,)),
})  # fmt: skip
_UNARY = frozenset(["fneg", "fabs", "sqrt", "floor", "ceil", "trunc", "round", "ineg", "iabs", "bnot"]) | frozenset(
    INSTRUCTIONS["function"]
) - BINARY_FUNCTIONS


def verify(kernel: Kernel) -> None:
    """Raise VerifyFault (PB0920) where the kernel is not well formed, showing the statement and its neighbours."""
    _Verifier(kernel).run()


@dataclass
class _Scope:
    """What may be mentioned in a block. ``fixed`` are the cells a surrounding parallel loop may only reduce into."""

    scalars: dict[str, Scalar] = field(default_factory=dict)
    cells: dict[str, Scalar] = field(default_factory=dict)
    buffers: dict[str, nest.Array] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()
    split: bool = False
    """Whether a surrounding loop is shared by threads, or runs in lanes."""

    def inner(self, parallel: bool = False, split: bool = False) -> _Scope:
        fixed = self.fixed | (frozenset(self.cells) if parallel else frozenset())
        return _Scope(dict(self.scalars), dict(self.cells), dict(self.buffers), fixed, self.split or split)


class _Verifier:
    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.assigned: set[str] = set()
        self.inputs: set[str] = set()
        self.externs: dict[str, nest.Extern] = {}
        self.local: set[str] = set()
        self.block: Sequence[Statement] = ()
        self.position = -1
        self.scope = _Scope()

    # -- faults
    def fault(self, message: str) -> VerifyFault:
        if self.position < 0:
            return VerifyFault("PB0920", f"kernel `{self.kernel.name}`: {message}")
        around = range(max(0, self.position - 5), min(len(self.block), self.position + 6))
        lines = [f"{'>' if k == self.position else ' '} {show_statement(self.block[k]).splitlines()[0]}" for k in around]
        span = getattr(self.block[self.position], "span", None)
        note = "statements around it:\n" + "\n".join(lines)
        return VerifyFault("PB0920", f"kernel `{self.kernel.name}`: {message}", span, notes=[(note, None)])

    def require(self, holds: bool, message: str) -> None:
        if not holds:
            raise self.fault(message)

    # -- the whole
    def run(self) -> None:
        kernel, scope = self.kernel, self.scope
        for size in kernel.sizes:
            self.assign(size)
            scope.scalars[size] = I64
        for parameter in (*kernel.inputs, *kernel.outputs):
            self.assign(parameter.name)
            is_input = parameter in kernel.inputs
            if isinstance(parameter, nest.Array):
                scope.buffers[parameter.name] = parameter
                self.carrier(parameter.element)
            else:
                self.carrier(parameter.kind)
                (scope.scalars if is_input else scope.cells)[parameter.name] = parameter.kind
        self.inputs = {p.name for p in kernel.inputs}
        for e in kernel.externs:
            self.require(e.name not in self.externs, f"there are two functions `{e.name}`")
            self.externs[e.name] = e
            for kind in (*e.args, e.result):
                self.carrier(kind)
        self.statements(kernel.body, scope)
        self.position = -1
        for parameter in (*kernel.inputs, *kernel.outputs):
            if isinstance(parameter, nest.Array):
                self.kinds(parameter.shape, I64, f"a size of `{parameter.name}`")

    def statements(self, body: Sequence[Statement], scope: _Scope) -> None:
        saved = self.block, self.position, self.scope
        self.block, self.scope = body, scope
        for self.position, statement in enumerate(body):
            self.statement(statement)
        self.block, self.position, self.scope = saved

    # -- names and kinds
    def assign(self, name: str) -> None:
        self.require(name not in self.assigned, f"`{name}` is assigned twice")
        self.assigned.add(name)

    def define(self, name: str, kind: Scalar) -> None:
        self.carrier(kind)
        self.assign(name)
        self.scope.scalars[name] = kind

    def carrier(self, kind: Scalar) -> None:
        self.require(kind in _CARRIERS, f"{kind} is not a carrier")

    def kind(self, operand: Operand) -> Scalar:
        if isinstance(operand, Literal):
            self.carrier(operand.kind)
            bound = _RANGES.get(operand.kind.kind)
            if bound is not None:
                fits = operand.value == int(operand.value) and -bound <= operand.value < bound
                self.require(fits, f"{operand.value} is no {operand.kind}")
            return operand.kind
        found = self.scope.scalars.get(operand)
        if found is None:
            raise self.fault(f"no scalar `{operand}` is known here")
        return found

    def has(self, operand: Operand, kind: Scalar, what: str) -> None:
        self.require(self.kind(operand) == kind, f"{what} is {kind}, not {self.kind(operand)}")

    def kinds(self, operands: Iterable[Operand], kind: Scalar, what: str) -> None:
        for operand in operands:
            self.has(operand, kind, what)

    def cell(self, name: str) -> Scalar:
        found = self.scope.cells.get(name)
        if found is None:
            raise self.fault(f"no cell `{name}` is known here")
        return found

    def buffer(self, name: str, written: bool = False) -> nest.Array:
        found = self.scope.buffers.get(name)
        if found is None:
            raise self.fault(f"no buffer `{name}` is known here")
        self.require(not (written and name in self.inputs), f"`{name}` is an input and is only read")
        return found

    def element(self, name: str, indices: Sequence[Operand], written: bool = False) -> Scalar:
        """The kind of an element, its indices checked; the sizes that its address takes must be known here."""
        buffer = self.buffer(name, written)
        ranks = len(buffer.shape), len(indices)
        self.require(ranks[0] == ranks[1], f"`{name}` has rank {ranks[0]} and {ranks[1]} indices")
        self.kinds(indices, I64, f"an index of `{name}`")
        self.kinds(buffer.shape[1:], I64, f"a size of `{name}`")
        return buffer.element

    def when(self, when: Operand | None) -> None:
        if when is not None:
            self.has(when, BOOL, "a condition")

    # -- statements
    def statement(self, s: Statement) -> None:
        match s:
            case nest.Let():
                self.let(s)
            case nest.Call():
                self.call(s)
            case nest.Load():
                self.when(s.when)
                element = self.element(s.buffer, s.indices)
                self.require(element == s.kind, f"`{s.buffer}` holds {element}, not {s.kind}")
                self.define(s.name, s.kind)
            case nest.Store():
                self.has(s.value, self.element(s.buffer, s.indices, written=True), "the value")
            case nest.Accumulate():
                self.when(s.when)
                element = self.element(s.buffer, s.indices, written=True)
                self.ring(s.ring, element)
                self.has(s.value, element, "the value")
            case nest.Cell():
                self.carrier(s.kind)
                self.has(s.init, s.kind, "the first value")
                self.assign(s.name)
                self.scope.cells[s.name] = s.kind
            case nest.Assign():
                self.has(s.value, self.cell(s.cell), "the value")
                self.require(s.cell not in self.scope.fixed, f"`{s.cell}` is assigned in a parallel loop")
            case nest.Read():
                found = self.cell(s.cell)
                self.require(found == s.kind, f"`{s.cell}` holds {found}, not {s.kind}")
                self.define(s.name, s.kind)
            case nest.Reduce():
                self.reduce(s)
            case nest.Check():
                self.has(s.ok, BOOL, "what is checked")
                self.require(0 <= s.site < len(self.kernel.sites), f"there is no site {s.site}")
                self.kinds((s.value, s.bound), I64, "a word of an error record")
            case nest.For() | nest.Loop() | nest.If():
                self.control(s)
            case _:
                self.whole(s)

    def whole(self, s: Statement) -> None:
        """What is done to whole buffers."""
        match s:
            case nest.Allocate():
                self.carrier(s.element)
                self.kinds(s.shape, I64, f"a size of `{s.name}`")
                self.assign(s.name)
                self.scope.buffers[s.name] = nest.Array(s.name, s.element, s.shape)
                self.local.add(s.name)
            case nest.Fill():
                buffer = self.buffer(s.buffer, written=True)
                self.kinds(buffer.shape, I64, f"a size of `{s.buffer}`")
                self.has(s.value, buffer.element, "the value")
            case nest.Copy():
                target, source = self.buffer(s.target, written=True), self.buffer(s.source)
                self.kinds((*target.shape, *source.shape), I64, "a size")
                self.alike(target, source)
            case nest.Swap():
                left, right = self.buffer(s.left), self.buffer(s.right)
                self.require({s.left, s.right} <= self.local, "only local buffers are exchanged")
                self.alike(left, right)

    def alike(self, left: nest.Array, right: nest.Array) -> None:
        same = left.element == right.element and len(left.shape) == len(right.shape)
        self.require(same, f"`{left.name}` and `{right.name}` differ in element or rank")

    def let(self, s: nest.Let) -> None:
        kinds = [self.kind(a) for a in s.args]
        group = next((g for g, names in INSTRUCTIONS.items() if s.instruction in names), None)
        self.require(group is not None, f"there is no instruction `{s.instruction}`")
        arity = 1 if s.instruction in _UNARY or group == "cast" or s.instruction == "copy" else 2
        arity = 3 if s.instruction == "select" else arity
        self.require(len(kinds) == arity, f"`{s.instruction}` takes {arity} arguments, not {len(kinds)}")
        if group == "cast":
            sources, targets = _CASTS[s.instruction]
            self.require(kinds[0] in sources and s.kind in targets, f"`{s.instruction}` from {kinds[0]} to {s.kind}")
        else:
            self.operation(s, group or "", kinds)
        self.define(s.name, s.kind)

    def call(self, s: nest.Call) -> None:
        found = self.externs.get(s.function)
        if found is None:
            raise self.fault(f"there is no function `{s.function}`")
        kinds = tuple(self.kind(a) for a in s.args)
        given = ", ".join(map(str, kinds))
        fits = kinds == found.args and s.kind == found.result
        self.require(fits, f"`{s.function}` does not take ({given}) to {s.kind}")
        self.define(s.name, s.kind)

    def operation(self, s: nest.Let, group: str, kinds: Sequence[Scalar]) -> None:
        allowed = {"float": (F64, F32), "function": (F64, F32), "integer": (I64, I32), "boolean": (BOOL,)}.get(group)
        if group == "comparison":
            allowed = (F64, F32) if s.instruction.startswith("f") else (I64, I32)
        if s.instruction == "select":
            self.require(kinds[0] == BOOL, "`select` chooses by a bool")
            kinds = kinds[1:]
        wanted = kinds[0] if group != "comparison" else BOOL
        fits = (allowed is None or kinds[0] in allowed) and all(k == kinds[0] for k in kinds) and s.kind == wanted
        given = ", ".join(map(str, kinds))
        self.require(fits, f"`{s.instruction}` does not take ({given}) to {s.kind}")

    def ring(self, ring: Scalar, carrier: Scalar) -> None:
        self.require(ring.dtype == carrier.dtype, f"{ring} is not carried by {carrier}")

    def reduce(self, s: nest.Reduce) -> None:
        cell, kind = self.cell(s.cell), s.kind
        self.require(kind in _REDUCTIONS, f"there is no reduction `{kind}`")
        self.has(s.value, cell, "the value")
        self.ring(s.ring, cell)
        if kind in ("all", "any"):
            self.require(cell == BOOL, f"`{kind}` is of bool")
        if kind.endswith(("max", "min")):
            self.require(s.ring in (F64, F32, I64, I32), f"`{kind}` needs an order, and {s.ring} has none")
        finds = kind.startswith("arg")
        self.require((s.where is not None) == (s.index is not None) == finds, f"`{kind}` and an index do not go together")
        if s.where is not None and s.index is not None:
            self.require(self.cell(s.where) == I64, "a winner's index is i64")
            self.has(s.index, I64, "a winner's index")

    def split(self, s: nest.For, split: nest.Split) -> None:
        self.has(split.parts, I64, "the number of parts")
        self.require(split.threads >= 2, "one thread shares nothing")
        self.require(not self.scope.split, "a loop that threads share lies inside another")
        try:
            shared = sharing(s)
        except Inseparable as reason:
            raise self.fault(f"threads cannot share a loop: {reason}") from None
        self.require(set(split.own) == shared.summed.keys() and len(set(split.own)) == len(split.own),
                     f"parts need copies of {sorted(shared.summed)}, and have {list(split.own)}")

    def control(self, s: nest.For | nest.Loop | nest.If) -> None:
        match s:
            case nest.For():
                self.has(s.bound, I64, "a bound")
                power = s.lanes >= 1 and s.lanes & (s.lanes - 1) == 0
                self.require(power and s.lanes <= 1024, f"{s.lanes} lanes: not a power of two up to 1024")
                self.require(s.lanes == 1 or s.parallel, "only a parallel loop has lanes")
                self.require(not s.tile or contraction(s) is not None, "a tile of what is no contraction")
                if s.split is not None:
                    self.split(s, s.split)
                inner = self.scope.inner(s.parallel, s.split is not None or s.lanes > 1)
                self.assign(s.index)
                inner.scalars[s.index] = I64
                self.statements(s.body, inner)
            case nest.Loop():
                inner = self.scope.inner()
                self.statements(s.head, inner)
                outer, self.scope = self.scope, inner
                self.has(s.cond, BOOL, "a condition")
                self.scope = outer
                self.statements(s.body, inner)
            case nest.If():
                self.has(s.cond, BOOL, "a condition")
                self.statements(s.then, self.scope.inner())
                self.statements(s.orelse, self.scope.inner())
