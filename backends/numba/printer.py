"""A kernel as Python source: readable, for `numba.njit`, and the same for CPython on NumPy arrays.

    def dot(x, y, n, out, error):
        total = np.float64(0.0)
        for i in range(n):
            a = x[i]
            ...
        out[0] = r
        return 0

The arguments are the kernel's inputs, sizes and outputs (a scalar output is an array of one element) and the error record
of four int64. The result is 0, or 1 with the record filled in. Written apart from the LLVM emitter on purpose: it is the
second opinion.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Sequence

from ...core.objects import I64, Scalar
from ...core.operation import Expansion, Instruction, Operation
from ...core.operations import operation_of
from ...core.semiring import semiring
from ...ir.loops import nest
from ...ir.loops.nest import Literal, Operand, Statement
from .instructions import HELPERS, expression, literal

__all__ = ["Printer", "extern_names", "identifier", "shapes_name", "source"]

_RESERVED = frozenset({*keyword.kwlist, *HELPERS, "np", "math", "range", "abs", "min", "max", "error"})


def source(kernel: nest.Kernel) -> str:
    """The module: the helpers it needs, the function of the kernel, and one that computes the shapes of its outputs."""
    printer = Printer(kernel)
    body = printer.function() + "\n\n" + printer.shapes(shapes_name(kernel), kernel.outputs)
    helpers = [text + "\n\n" for name, text in HELPERS.items() if f"{name}(" in body]
    return "import math\n\nimport numpy as np\n\n\n" + "".join(helpers) + body


def shapes_name(kernel: nest.Kernel) -> str:
    """The function beside the kernel's own that takes its inputs and sizes and returns the shape of each output."""
    return f"{identifier(kernel.name)}_shapes"


def extern_names(kernel: nest.Kernel) -> dict[str, str]:
    """What each function that is not ours is called in the source, which expects it to be there."""
    taken = {*_RESERVED, identifier(kernel.name), shapes_name(kernel)}
    names: dict[str, str] = {}
    for e in kernel.externs:
        stem, count = identifier(e.name), 1
        while (name := stem if count == 1 else f"{stem}_{count}") in taken:
            count += 1
        taken.add(name)
        names[e.name] = name
    return names


def identifier(name: str) -> str:
    """The Python name of the function of a kernel called ``name``."""
    plain = re.sub(r"\W", "_", name)
    if not plain.isidentifier():
        return f"_{plain}"
    return f"{plain}_" if plain in _RESERVED else plain


class Printer:
    def __init__(self, kernel: nest.Kernel) -> None:
        self.kernel = kernel
        self.names: dict[str, str] = {}
        self.externs = extern_names(kernel)
        self.taken = set(_RESERVED) | {identifier(kernel.name), shapes_name(kernel), *self.externs.values()}
        self.lines: list[str] = []
        self.depth = 1
        self.buffers: dict[str, nest.Array | nest.Allocate] = {
            p.name: p for p in (*kernel.inputs, *kernel.outputs) if isinstance(p, nest.Array)
        }
        self.arguments = [self.name(n) for n in (*(p.name for p in kernel.inputs), *kernel.sizes)]

    # -- names, operands, lines
    def name(self, name: str) -> str:
        """A Python identifier of its own for each name of the kernel."""
        if name not in self.names:
            stem = candidate = identifier(name)
            count = 1
            while candidate in self.taken:
                count += 1
                candidate = f"{stem}_{count}"
            self.taken.add(candidate)
            self.names[name] = candidate
        return self.names[name]

    def fresh(self) -> str:
        return self.name(f"q{len(self.taken)}")

    def operand(self, operand: Operand) -> str:
        """An operand, literals with their type: a cell or a branch takes its type from them."""
        return literal(operand.value, operand.kind) if isinstance(operand, Literal) else self.name(operand)

    def index(self, operand: Operand) -> str:
        return str(int(operand.value)) if isinstance(operand, Literal) else self.name(operand)

    def element(self, buffer: str, indices: Sequence[Operand]) -> str:
        return f"{self.name(buffer)}[{', '.join(map(self.index, indices)) or '()'}]"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def block(self, head: str, body: Sequence[Statement]) -> None:
        self.line(head)
        self.depth += 1
        self.statements(body)
        if not body:
            self.line("pass")
        self.depth -= 1

    # -- the functions
    def function(self) -> str:
        kernel = self.kernel
        results = [p for p in kernel.outputs if isinstance(p, nest.Number)]
        places = {p.name: self.name(f"{p.name}_out") for p in results}
        outputs = [places.get(p.name) or self.name(p.name) for p in kernel.outputs]
        for p in results:
            self.line(f"{self.name(p.name)} = {literal(0, p.kind)}")
        self.statements(kernel.body)
        for p in results:
            self.line(f"{places[p.name]}[0] = {self.name(p.name)}")
        self.line("return 0")
        head = f"def {identifier(kernel.name)}({', '.join([*self.arguments, *outputs, 'error'])}):"
        return "\n".join([head, *self.lines]) + "\n"

    def shapes(self, name: str, parameters: Sequence[nest.Array | nest.Number]) -> str:
        """The arithmetic on sizes stands at the top of the kernel; here is what of it the parameters' shapes need."""
        shapes = [p.shape if isinstance(p, nest.Array) else (Literal(1, I64),) for p in parameters]
        wanted = {o for shape in shapes for o in shape if isinstance(o, str)}
        needed: list[nest.Let] = []
        for s in reversed(self.kernel.body):
            if isinstance(s, nest.Let) and s.name in wanted:
                wanted |= {a for a in s.args if isinstance(a, str)}
                needed.insert(0, s)
        self.lines, self.depth = [], 1
        self.statements(needed)
        tuples = [f"({''.join(f'{self.index(o)}, ' for o in shape).rstrip() or ''})" for shape in shapes]
        self.line(f"return ({''.join(f'{t}, ' for t in tuples).rstrip()})")
        return "\n".join([f"def {name}({', '.join(self.arguments)}):", *self.lines]) + "\n"

    # -- statements
    def statements(self, body: Iterable[Statement]) -> None:
        for s in body:
            self.statement(s)

    def statement(self, s: Statement) -> None:
        match s:
            case nest.Let():
                self.line(f"{self.name(s.name)} = {self.let(s.instruction, s.kind, s.args)}")
            case nest.Call():
                args = ", ".join(map(self.operand, s.args))
                self.line(f"{self.name(s.name)} = np.{s.kind.dtype}({self.externs[s.function]}({args}))")
            case nest.Load():
                value = self.element(s.buffer, s.indices)
                if s.when is not None:
                    value += f" if {self.operand(s.when)} else {literal(0, s.kind)}"
                self.line(f"{self.name(s.name)} = {value}")
            case nest.Store():
                self.line(f"{self.element(s.buffer, s.indices)} = {self.operand(s.value)}")
            case nest.Accumulate():
                if s.when is not None:
                    self.line(f"if {self.operand(s.when)}:")
                self.depth += s.when is not None
                place = self.element(s.buffer, s.indices)
                self.line(f"{place} = {self.combined('add', s.ring, place, self.operand(s.value))}")
                self.depth -= s.when is not None
            case nest.Cell():
                self.line(f"{self.name(s.name)} = {self.operand(s.init)}")
            case nest.Assign():
                self.line(f"{self.name(s.cell)} = {self.operand(s.value)}")
            case nest.Read():
                self.line(f"{self.name(s.name)} = {self.name(s.cell)}")
            case nest.Reduce():
                self.reduce(s)
            case nest.Check():
                self.check(s)
            case nest.For():
                bound = self.index(s.bound)
                steps = f"{bound} - 1, -1, -1" if s.backward else bound
                self.block(f"for {self.name(s.index)} in range({steps}):", s.body)
            case nest.Loop():
                self.block("while True:", s.head)
                self.depth += 1
                self.line(f"if not {self.operand(s.cond)}:")
                self.line("    break")
                self.statements(s.body)
                self.depth -= 1
            case nest.If():
                self.block(f"if {self.operand(s.cond)}:", s.then)
                if s.orelse:
                    self.block("else:", s.orelse)
            case _:
                self.whole(s)

    def whole(self, s: Statement) -> None:
        """What is done to whole buffers."""
        match s:
            case nest.Allocate():
                self.buffers[s.name] = s
                sizes = "".join(f"{self.size(size)}, " for size in s.shape).rstrip()
                maker = "zeros" if s.zero else "empty"
                self.line(f"{self.name(s.name)} = np.{maker}(({sizes}), np.{s.element.dtype})")
            case nest.Fill():
                self.line(f"{self.everything(s.buffer)} = {self.operand(s.value)}")
            case nest.Copy():
                self.line(f"{self.everything(s.target)} = {self.everything(s.source)}")
            case nest.Swap():
                left, right = self.name(s.left), self.name(s.right)
                self.line(f"{left}, {right} = {right}, {left}")

    def size(self, size: Operand) -> str:
        return self.index(size) if isinstance(size, Literal) else f"max({self.name(size)}, 0)"

    def everything(self, buffer: str) -> str:
        return f"{self.name(buffer)}[{':' if self.buffers[buffer].shape else '()'}]"

    def check(self, s: nest.Check) -> None:
        self.line(f"if not {self.operand(s.ok)}:")
        self.depth += 1
        for position, word in enumerate(("1", str(s.site), self.index(s.value), self.index(s.bound))):
            self.line(f"error[{position}] = {word}")
        self.line("return 1")
        self.depth -= 1

    def reduce(self, s: nest.Reduce) -> None:
        cell, value = self.name(s.cell), self.operand(s.value)
        match s.kind:
            case "sum" | "prod":
                which = "add" if s.kind == "sum" else "mul"
                self.line(f"{cell} = {self.combined(which, s.ring, cell, value)}")
                return
            case "all" | "any":
                self.line(f"{cell} = {cell} {'and' if s.kind == 'all' else 'or'} {value}")
                return
        ahead = f"{value} {'>' if s.kind.endswith('max') else '<'} {cell}"
        if s.ring.is_float:
            ahead += f" or ({value} != {value} and {cell} == {cell})"  # a nan wins and stays
        if s.where is not None:
            ahead += f" or {self.name(s.where)} < 0"
        self.line(f"if {ahead}:")
        self.depth += 1
        self.line(f"{cell} = {value}")
        if s.where is not None and s.index is not None:
            self.line(f"{self.name(s.where)} = {self.operand(s.index)}")
        self.depth -= 1

    # -- expressions
    def let(self, instruction: str, kind: Scalar, args: Sequence[Operand]) -> str:
        """Beside a name, a number of i64 or f64 keeps its type without being told."""
        plain = any(isinstance(a, str) for a in args) and instruction != "select"
        return expression(instruction, kind, [self.beside(a) if plain else self.operand(a) for a in args])

    def beside(self, operand: Operand) -> str:
        if isinstance(operand, Literal) and operand.kind.kind in ("f64", "i64") and abs(operand.value) < 2**53:
            text = repr(float(operand.value)) if operand.kind.is_float else str(int(operand.value))
            return f"({text})" if text.startswith("-") else text
        return self.operand(operand)

    def combined(self, which: str, ring: Scalar, a: str, b: str) -> str:
        """a + b or a · b in a semiring; what is more than one instruction goes through names of its own."""
        rule = semiring(ring).machine[which]
        if isinstance(rule, Instruction):
            return expression(rule.name, ring, [a, b])
        _, value = rule.rule(_Algebra(self), (ring, a), (ring, b))
        return str(value)


class _Algebra:
    """An `Algebra` whose handles are (object, name): the rules of semirings, written as assignments."""

    def __init__(self, printer: Printer) -> None:
        self.printer = printer

    def apply(self, op: str | Operation, *args: tuple[Scalar, str], to: Scalar | None = None) -> tuple[Scalar, str]:
        operation = operation_of(op)
        objects = [o for o, _ in args]
        result = operation.typing(objects, to)
        lowering = operation.lowering(objects, result)
        if isinstance(lowering, Expansion):
            made: tuple[Scalar, str] = lowering.rule(self, *args)
            return made
        assert isinstance(lowering, Instruction), "no semiring is made of foreign functions"
        if lowering.name == "copy":
            return result, args[0][1]
        target = self.printer.fresh()
        self.printer.line(f"{target} = {expression(lowering.name, result, [a for _, a in args])}")
        return result, target

    def constant(self, value: float | int | bool, like: Scalar) -> tuple[Scalar, str]:
        carrier = {"bool": Scalar("bool"), "int64": I64}.get(like.dtype, like)
        return like, literal(value, carrier)

    def object(self, handle: tuple[Scalar, str]) -> Scalar:
        return handle[0]
