"""LLVM IR as text: types, constants, and a writer of instructions in SSA form.

Everything this backend emits is text, which LLVM parses and verifies. A `Writer` holds the lines of one function body
and invents fresh names; each method appends one instruction and returns its `Value`. Types are LLVM's own spelling
("double", "<8 x double>", "ptr"). Operands may be Python numbers where a typed value stands beside them:

>>> w = Writer(flags="contract")
>>> x = Value("<4 x double>", "%x")
>>> w.ret(w.fadd(w.fmul(x, x), 1.0))
>>> print(w.function("square_plus_one", [x], x.type), end="")
define <4 x double> @square_plus_one(<4 x double> %x) {
entry:
  %v1 = fmul contract <4 x double> %x, %x
  %v2 = fadd contract <4 x double> %v1, splat (double 0x3FF0000000000000)
  ret <4 x double> %v2
}
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

__all__ = [
    "FLOATS",
    "Operand",
    "Value",
    "Writer",
    "constant",
    "integer_type",
    "intrinsic_suffix",
    "lanes_of",
    "quote",
    "scalar_of",
    "vector",
    "with_scalar",
]

FLOATS = {"half": 16, "bfloat": 16, "float": 32, "double": 64}
"""The floating-point types and their widths in bits."""

_VECTOR = re.compile(r"<(\d+) x (.+)>")
_PLAIN_NAME = re.compile(r"[A-Za-z$._][A-Za-z$._0-9]*")


class Value(NamedTuple):
    """A typed operand; printed as `type name`."""

    type: str
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


Operand = Value | float
"""A value, or a Python number that takes its type from the operand beside it."""


@cache
def vector(scalar: str, lanes: int) -> str:
    """The type of `lanes` values of type `scalar`: the scalar type itself for one lane."""
    return scalar if lanes == 1 else f"<{lanes} x {scalar}>"


@cache
def scalar_of(type: str) -> str:
    """The element type of a vector type; a scalar type is its own."""
    match = _VECTOR.fullmatch(type)
    return match[2] if match else type


@cache
def lanes_of(type: str) -> int:
    """How many lanes a type has: 1 for a scalar type."""
    match = _VECTOR.fullmatch(type)
    return int(match[1]) if match else 1


@cache
def with_scalar(type: str, scalar: str) -> str:
    """`type` with its element type replaced: `with_scalar("<4 x double>", "i1")` is `<4 x i1>`."""
    return vector(scalar, lanes_of(type))


@cache
def integer_type(type: str) -> str:
    """The integer type of the same width and lanes as a floating-point type."""
    return with_scalar(type, f"i{FLOATS[scalar_of(type)]}")


@cache
def intrinsic_suffix(type: str) -> str:
    """How an overloaded intrinsic names `type`: `f64`, `v8f64`, `i32`, `p0`."""
    scalar = scalar_of(type)
    name = {"bfloat": "bf16", "ptr": "p0"}.get(scalar) or (f"f{FLOATS[scalar]}" if scalar in FLOATS else scalar)
    return name if type == scalar else f"v{lanes_of(type)}{name}"


@cache
def quote(symbol: str) -> str:
    """A global's name with its `@`, quoted where LLVM needs it."""
    return f"@{symbol}" if _PLAIN_NAME.fullmatch(symbol) else f'@"{symbol}"'


def constant(type: str, number: float) -> Value:
    """A constant of a scalar or vector type (every lane the same). Floats are written in hexadecimal, hence exactly; a
    number is first rounded to `type`."""
    scalar = scalar_of(type)
    text = _float_literal(scalar, float(number)) if scalar in FLOATS else _integer_literal(scalar, number)
    return Value(type, text if type == scalar else f"splat ({scalar} {text})")


def _float_literal(scalar: str, number: float) -> str:
    if scalar == "half":
        return f"0xH{struct.unpack('<H', struct.pack('<e', number))[0]:04X}"
    if scalar == "bfloat":
        bits: int = struct.unpack("<I", struct.pack("<f", _to_single(number)))[0]
        return f"0xR{0x7FC0 if math.isnan(number) else (bits + 0x7FFF + (bits >> 16 & 1)) >> 16:04X}"
    if scalar == "float":  # LLVM writes a float constant as the double of the same value
        number = _to_single(number)
    return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"


def _to_single(number: float) -> float:
    try:
        rounded: float = struct.unpack("<f", struct.pack("<f", number))[0]
    except OverflowError:
        return math.copysign(math.inf, number)
    return rounded


def _integer_literal(scalar: str, number: float) -> str:
    if scalar == "ptr":
        if number != 0:
            raise ValueError("the only constant pointer is null (0)")
        return "null"
    if number != int(number):
        raise ValueError(f"{number!r} is not a constant of type {scalar}")
    return ("true" if number else "false") if scalar == "i1" else str(int(number))


class Writer:
    """Writes the body of one function, an instruction a line.

    `flags` are the fast-math flags of every floating-point instruction ("", "contract", "fast"). A method's own `flags`
    overrides them. `dependencies` collects the symbols called through `call`, so that a caller can define them."""

    def __init__(self, flags: str = "") -> None:
        self.flags = flags
        self.lines: list[str] = []
        self.dependencies: set[str] = set()
        self.current = "entry"
        """The label of the block being written (for phis)."""
        self.beside = 1
        """How many lanes the code has that does the same to vectors, where there is some."""
        self._entry_lines: list[str] = []
        self._count = 0
        self._labels: dict[str, int] = {}
        self._phis: dict[str, int] = {}

    # ---- names and lines

    def fresh(self) -> str:
        self._count += 1
        return f"%v{self._count}"

    def instruction(self, type: str, text: str) -> Value:
        """Append `%new = text` and return the new value, of type `type`."""
        name = self.fresh()
        self.lines.append(f"  {name} = {text}")
        return Value(type, name)

    def pure(self, type: str, text: str, *operands: str) -> Value:
        """The same for what may as well run where nobody asks for it. ``operands``: the names it reads."""
        return self.instruction(type, text)

    def line(self, text: str) -> None:
        """Append an instruction without a result."""
        self.lines.append(f"  {text}")

    def comment(self, text: str) -> None:
        self.lines.append(f"  ; {text}")

    def _typed(self, type: str, operand: Operand) -> Value:
        return operand if isinstance(operand, Value) else constant(type, operand)

    def _pair(self, a: Operand, b: Operand) -> tuple[str, str, str]:
        if isinstance(a, Value):
            return a.type, a.name, b.name if isinstance(b, Value) else constant(a.type, b).name
        if isinstance(b, Value):
            return b.type, constant(b.type, a).name, b.name
        raise TypeError("one operand must be a Value: two bare numbers have no type")

    def _flagged(self, opcode: str, flags: str | None) -> str:
        flags = self.flags if flags is None else flags
        return f"{opcode} {flags}" if flags else opcode

    # ---- arithmetic

    def binary(self, opcode: str, a: Operand, b: Operand) -> Value:
        """An integer or bitwise instruction, flags included in the opcode ("add nsw")."""
        type, left, right = self._pair(a, b)
        text = f"{opcode} {type} {left}, {right}"
        return self.instruction(type, text) if opcode[1:4] in ("div", "rem") else self.pure(type, text, left, right)

    def float_binary(self, opcode: str, a: Operand, b: Operand, flags: str | None = None) -> Value:
        type, left, right = self._pair(a, b)
        return self.instruction(type, f"{self._flagged(opcode, flags)} {type} {left}, {right}")

    def fadd(self, a: Operand, b: Operand, flags: str | None = None) -> Value:
        return self.float_binary("fadd", a, b, flags)

    def fsub(self, a: Operand, b: Operand, flags: str | None = None) -> Value:
        return self.float_binary("fsub", a, b, flags)

    def fmul(self, a: Operand, b: Operand, flags: str | None = None) -> Value:
        return self.float_binary("fmul", a, b, flags)

    def fdiv(self, a: Operand, b: Operand, flags: str | None = None) -> Value:
        return self.float_binary("fdiv", a, b, flags)

    def fneg(self, a: Value, flags: str | None = None) -> Value:
        return self.instruction(a.type, f"{self._flagged('fneg', flags)} {a}")

    def fcmp(self, predicate: str, a: Operand, b: Operand, flags: str = "") -> Value:
        """`predicate` is LLVM's: oeq one olt ole ogt oge ord, ueq une ult ule ugt uge uno."""
        type, left, right = self._pair(a, b)
        opcode = self._flagged("fcmp", flags)
        return self.instruction(with_scalar(type, "i1"), f"{opcode} {predicate} {type} {left}, {right}")

    def add(self, a: Operand, b: Operand) -> Value:
        return self.binary("add", a, b)

    def sub(self, a: Operand, b: Operand) -> Value:
        return self.binary("sub", a, b)

    def mul(self, a: Operand, b: Operand) -> Value:
        return self.binary("mul", a, b)

    def shl(self, a: Operand, b: Operand) -> Value:
        return self.binary("shl", a, b)

    def lshr(self, a: Operand, b: Operand) -> Value:
        return self.binary("lshr", a, b)

    def ashr(self, a: Operand, b: Operand) -> Value:
        return self.binary("ashr", a, b)

    def and_(self, a: Operand, b: Operand) -> Value:
        return self.binary("and", a, b)

    def or_(self, a: Operand, b: Operand) -> Value:
        return self.binary("or", a, b)

    def xor(self, a: Operand, b: Operand) -> Value:
        return self.binary("xor", a, b)

    def not_(self, a: Value) -> Value:
        return self.binary("xor", a, 1 if scalar_of(a.type) == "i1" else -1)

    def icmp(self, predicate: str, a: Operand, b: Operand) -> Value:
        """`predicate` is LLVM's: eq ne slt sle sgt sge ult ule ugt uge."""
        type, left, right = self._pair(a, b)
        return self.instruction(with_scalar(type, "i1"), f"icmp {predicate} {type} {left}, {right}")

    def select(self, condition: Value, a: Operand, b: Operand) -> Value:
        type, left, right = self._pair(a, b)
        return self.instruction(type, f"select {condition}, {type} {left}, {type} {right}")

    def cast(self, opcode: str, a: Value, type: str) -> Value:
        """bitcast sext zext trunc fpext fptrunc sitofp uitofp fptosi fptoui ptrtoint inttoptr. `type` may be the scalar
        type: the lanes are those of `a` (except for a bitcast, which takes the whole type)."""
        if opcode != "bitcast" and type == scalar_of(type):
            type = with_scalar(a.type, type)
        return a if type == a.type else self.instruction(type, f"{opcode} {a} to {type}")

    # ---- calls

    def call(self, type: str, symbol: str, arguments: Sequence[Value], flags: str | None = "") -> Value:
        """Call a function of ours by its symbol (without `@`); `void` results return a Value nobody reads."""
        self.dependencies.add(symbol)
        return self._call(type, symbol, arguments, flags)

    def _call(self, type: str, symbol: str, arguments: Sequence[Value], flags: str | None) -> Value:
        opcode = self._flagged("call", flags) if scalar_of(type) in FLOATS else "call"
        text = f"{opcode} {type} {quote(symbol)}({', '.join(map(str, arguments))})"
        if type == "void":
            self.line(text)
            return Value("void", "")
        return self.instruction(type, text)

    def intrinsic(self, name: str, *arguments: Operand, type: str | None = None, flags: str | None = None) -> Value:
        """`llvm.NAME` overloaded on the type of its first argument. LLVM declares intrinsics by itself when parsing."""
        first = next(a for a in arguments if isinstance(a, Value))
        values = [self._typed(first.type, a) for a in arguments]
        symbol = f"llvm.{name}.{intrinsic_suffix(first.type)}"
        return self._call(type or first.type, symbol, values, flags)

    def fma(self, a: Operand, b: Operand, c: Operand) -> Value:
        """a·b + c with a single rounding, whatever the target."""
        return self.intrinsic("fma", *self._same(a, b, c), flags="")

    def fmuladd(self, a: Operand, b: Operand, c: Operand, flags: str | None = None) -> Value:
        """a·b + c, fused where the target does that fast."""
        return self.intrinsic("fmuladd", *self._same(a, b, c), flags=flags)

    def _same(self, *operands: Operand) -> list[Value]:
        type = next(o.type for o in operands if isinstance(o, Value))
        return [self._typed(type, o) for o in operands]

    def sqrt(self, a: Value) -> Value:
        return self.intrinsic("sqrt", a)

    def fabs(self, a: Value) -> Value:
        return self.intrinsic("fabs", a)

    def copysign(self, magnitude: Operand, sign: Value) -> Value:
        return self.intrinsic("copysign", *self._same(magnitude, sign))

    # ---- vectors

    def splat(self, a: Value, lanes: int) -> Value:
        """The scalar in every lane."""
        if lanes == 1:
            return a
        type = vector(a.type, lanes)
        one = self.instruction(type, f"insertelement {type} poison, {a}, i64 0")
        return self.instruction(type, f"shufflevector {one}, {type} poison, <{lanes} x i32> zeroinitializer")

    def extract(self, a: Value, index: int | Value) -> Value:
        position = index if isinstance(index, Value) else constant("i64", index)
        return self.instruction(scalar_of(a.type), f"extractelement {a}, {position}")

    def insert(self, a: Value, element: Value, index: int | Value) -> Value:
        position = index if isinstance(index, Value) else constant("i64", index)
        return self.instruction(a.type, f"insertelement {a}, {element}, {position}")

    # ---- memory

    def gep(self, element: str, base: Value, *indices: Operand, flags: str = "inbounds") -> Value:
        """The address of `base[indices]`, counted in elements of type `element`; bare numbers are i64."""
        tail = "".join(f", {self._typed('i64', i)}" for i in indices)
        return self.instruction("ptr", f"getelementptr {flags}{' ' if flags else ''}{element}, {base}{tail}")

    def load(self, type: str, address: Value, align: int = 0, tail: str = "") -> Value:
        """`tail` is added as is (metadata such as `, !tbaa !1`)."""
        alignment = f", align {align}" if align else ""
        return self.instruction(type, f"load {type}, {address}{alignment}{tail}")

    def store(self, value: Value, address: Value, align: int = 0, tail: str = "") -> None:
        alignment = f", align {align}" if align else ""
        self.line(f"store {value}, {address}{alignment}{tail}")

    def alloca(self, type: str, count: int | Value = 1, align: int = 0) -> Value:
        """Stack memory. With a constant count it is placed in the entry block, hence reserved once, however often the
        surrounding loop runs."""
        name = self.fresh()
        number = count if isinstance(count, Value) else constant("i64", count)
        text = f"  {name} = alloca {type}, {number}" + (f", align {align}" if align else "")
        (self.lines if isinstance(count, Value) else self._entry_lines).append(text)
        return Value("ptr", name)

    # ---- control

    def new_label(self, hint: str = "block") -> str:
        """A label not used before; start its block with `label`."""
        number = self._labels.get(hint, 0)
        self._labels[hint] = number + 1
        return f"{hint}.{number}" if number else hint

    def label(self, name: str) -> None:
        self.lines.append(f"{name}:")
        self.current = name

    def branch(self, target: str) -> None:
        self.line(f"br label %{target}")

    def branch_if(self, condition: Value, then: str, otherwise: str, tail: str = "") -> None:
        self.line(f"br {condition}, label %{then}, label %{otherwise}{tail}")

    def phi(self, type: str, incoming: Iterable[tuple[Operand, str]]) -> Value:
        """The value that comes from whichever block ran before; more edges can be added by `add_incoming`."""
        edges = ", ".join(f"[ {self._typed(type, value).name}, %{block} ]" for value, block in incoming)
        value = self.instruction(type, f"phi {type} {edges}")
        self._phis[value.name] = len(self.lines) - 1
        return value

    def add_incoming(self, phi: Value, value: Operand, block: str) -> None:
        edge = f"[ {self._typed(phi.type, value).name}, %{block} ]"
        at = self._phis[phi.name]
        self.lines[at] += f", {edge}" if self.lines[at].endswith("]") else edge

    def ret(self, value: Value | None = None) -> None:
        self.line("ret void" if value is None else f"ret {value}")

    def function(self, symbol: str, parameters: Sequence[Value], result: str, linkage: str = "", attributes: str = "") -> str:
        """The whole definition, ending in a newline. A parameter's type may carry attributes ("ptr noalias")."""
        head = f"define {linkage} {result}" if linkage else f"define {result}"
        tail = f" {attributes}" if attributes else ""
        signature = f"{head} {quote(symbol)}({', '.join(map(str, parameters))}){tail} {{"
        return "\n".join([signature, "entry:", *self._entry_lines, *self.written(), "}"]) + "\n"

    def written(self) -> list[str]:
        """The lines of the body."""
        return self.lines
