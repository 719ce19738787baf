"""The machine instructions (`core/operation.py`) as LLVM text: one table, for scalars and vectors alike.

All arguments have the same number of lanes. Semirings other than a machine's own come in through `Machine`, which runs
their rules with these instructions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ...core.objects import Scalar
from ...core.operation import Expansion, Instruction, Operation
from ...core.operations import operation_of
from ...core.semiring import semiring
from .shuffles import halves, joined
from .text import FLOATS, Value, Writer, constant, intrinsic_suffix, lanes_of, scalar_of, vector
from .vectormath import CATALOGUE, symbol_of

__all__ = ["Machine", "add", "apply", "llvm_type", "memory_type", "mul", "size_of"]

_TYPES = MappingProxyType({"f64": "double", "f32": "float", "i64": "i64", "i32": "i32", "bool": "i1"})
_BYTES = MappingProxyType({"f64": 8, "f32": 4, "i64": 8, "i32": 4, "bool": 1})
_LONGEST = 128
"""Bytes of the longest vectors that functions take: they fill a small register file while one is computed, and there are fewer
functions to compile."""

_SIGNED_LEAST = MappingProxyType({"i64": -(2**63), "i32": -(2**31)})


def llvm_type(kind: Scalar, lanes: int = 1) -> str:
    """The type of a carrier in registers: a bool is one bit."""
    return vector(_TYPES[kind.kind], lanes)


def memory_type(kind: Scalar, lanes: int = 1) -> str:
    """The type of a carrier in memory: a bool is a byte, 0 or 1."""
    return vector("i8" if kind.kind == "bool" else _TYPES[kind.kind], lanes)


def size_of(kind: Scalar) -> int:
    """Bytes of a carrier in memory."""
    return _BYTES[kind.kind]


Template = Callable[..., Value]
"""``template(writer, type, *args)``: appends what computes the instruction; ``type`` is the result's LLVM type."""


def apply(w: Writer, name: str, kind: Scalar, args: list[Value]) -> Value:
    """The instruction ``name`` with a result of carrier ``kind``."""
    type = llvm_type(kind, max(lanes_of(a.type) for a in args))
    template = _TABLE.get(name)
    return template(w, type, *args) if template is not None else _function(w, name, type, args)


def _function(w: Writer, name: str, type: str, args: Sequence[Value]) -> Value:
    """A function of `vectormath`, by halves where vectors are long. Of a single number it is that of vectors, where those are
    in need of it anyway and it takes no longer: each that a module calls is compiled."""
    scalar, lanes = scalar_of(type), lanes_of(type)
    if lanes == 1 < w.beside and FLOATS[scalar] * w.beside <= 4 * _LONGEST:
        symbol, spread = symbol_of(name, scalar, w.beside), [w.splat(a, w.beside) for a in args]
        return w.extract(w.call(vector(scalar, w.beside), symbol, spread), 0)
    if FLOATS[scalar] * lanes > 8 * _LONGEST:
        low, high = zip(*(halves(w, a) for a in args), strict=True)
        return joined(w, [_function(w, name, vector(scalar, lanes // 2), part) for part in (low, high)])
    return w.call(type, symbol_of(name, scalar, lanes), args)


# -- templates ---------------------------------------------------------------------------------------------------------
def _fcmp(predicate: str) -> Template:
    return lambda w, type, a, b: w.fcmp(predicate, a, b)


def _icmp(predicate: str) -> Template:
    return lambda w, type, a, b: w.icmp(predicate, a, b)


def _binary(opcode: str) -> Template:
    return lambda w, type, a, b: w.binary(opcode, a, b)


def _cast(opcode: str) -> Template:
    return lambda w, type, a: w.cast(opcode, a, scalar_of(type))


def _intrinsic(name: str) -> Template:
    return lambda w, type, a: w.intrinsic(name, a, flags="")


def _contracted(opcode: str) -> Template:
    return lambda w, type, a, b: w.float_binary(opcode, a, b)


def _exact(w: Writer) -> str:
    """The flags of what cannot be contracted: those of the writer, if they are more than that."""
    return "" if w.flags == "contract" else w.flags


def _fmax(w: Writer, type: str, a: Value, b: Value, wins: str = "ogt") -> Value:
    """`b` where it is NaN, by the failing comparison; `a` where it is NaN, by the second select."""
    larger = w.select(w.fcmp(wins, a, b), a, b)
    return w.select(w.fcmp("uno", a, a), a, larger)


def _fmin(w: Writer, type: str, a: Value, b: Value) -> Value:
    return _fmax(w, type, a, b, "olt")


def _quotient(w: Writer, type: str, x: Value, y: Value) -> tuple[Value, Value, Value, Value]:
    """⌊x / y⌋, x - y·⌊x / y⌋, and whether y is 0 (both are 0 then). Never traps: MIN by -1 is done as MIN by 1."""
    least = _SIGNED_LEAST[scalar_of(type)]
    by_zero = w.icmp("eq", y, 0)
    wraps = w.and_(w.icmp("eq", x, least), w.icmp("eq", y, -1))
    safe = w.select(w.or_(by_zero, wraps), 1, y)
    quotient, rest = w.binary("sdiv", x, safe), w.binary("srem", x, safe)
    below = w.and_(w.icmp("ne", rest, 0), w.icmp("slt", w.xor(rest, safe), 0))
    return quotient, rest, below, by_zero


def _exponent(y: Value) -> int | None:
    """k, where y is the constant 2^k."""
    found = re.fullmatch(r"(?:splat \(i\d+ )?(\d+)\)?", y.name)
    number = int(found[1]) if found else 0
    return number.bit_length() - 1 if number > 0 and number & (number - 1) == 0 else None


def _ifloordiv(w: Writer, type: str, x: Value, y: Value) -> Value:
    if (k := _exponent(y)) is not None:
        return w.ashr(x, k)
    quotient, _, below, by_zero = _quotient(w, type, x, y)
    floor = w.select(below, w.add(quotient, -1), quotient)
    return w.select(by_zero, 0, floor)


def _imod(w: Writer, type: str, x: Value, y: Value) -> Value:
    if (k := _exponent(y)) is not None:
        return w.and_(x, 2**k - 1)
    _, rest, below, by_zero = _quotient(w, type, x, y)
    positive = w.select(below, w.add(rest, y), rest)
    return w.select(by_zero, 0, positive)


def _bits(type: str) -> int:
    return int(scalar_of(type)[1:])


def _ishl(w: Writer, type: str, x: Value, count: Value) -> Value:
    return w.select(w.icmp("ult", count, _bits(type)), w.shl(x, count), 0)


def _ishr(w: Writer, type: str, x: Value, count: Value) -> Value:
    last = constant(type, _bits(type) - 1)
    return w.ashr(x, w.select(w.icmp("ult", count, last), count, last))


def _iabs(w: Writer, type: str, x: Value) -> Value:
    return w.select(w.icmp("slt", x, 0), w.sub(0, x), x)


def _fptosi(w: Writer, type: str, x: Value) -> Value:
    return w.intrinsic(f"fptosi.sat.{intrinsic_suffix(type)}", x, type=type, flags="")


def _select(w: Writer, type: str, condition: Value, a: Value, b: Value) -> Value:
    return w.select(condition, a, b)


_TABLE: Mapping[str, Template] = MappingProxyType({
    "fadd": _contracted("fadd"), "fsub": _contracted("fsub"), "fmul": _contracted("fmul"),
    "fdiv": lambda w, type, a, b: w.fdiv(a, b, _exact(w)),
    "fneg": lambda w, type, a: w.fneg(a, _exact(w)),
    "fabs": _intrinsic("fabs"), "sqrt": _intrinsic("sqrt"), "floor": _intrinsic("floor"), "ceil": _intrinsic("ceil"),
    "trunc": _intrinsic("trunc"), "round": _intrinsic("roundeven"),
    "fmin": _fmin, "fmax": _fmax,
    "copysign": lambda w, type, a, b: w.intrinsic("copysign", a, b, flags=""),
    "iadd": _binary("add"), "isub": _binary("sub"), "imul": _binary("mul"),
    "ineg": lambda w, type, a: w.sub(0, a), "iabs": _iabs,
    "ifloordiv": _ifloordiv, "imod": _imod, "iand": _binary("and"), "ior": _binary("or"), "ixor": _binary("xor"),
    "ishl": _ishl, "ishr": _ishr,
    "imin": lambda w, type, a, b: w.select(w.icmp("slt", a, b), a, b),
    "imax": lambda w, type, a, b: w.select(w.icmp("sgt", a, b), a, b),
    "feq": _fcmp("oeq"), "fne": _fcmp("une"), "flt": _fcmp("olt"), "fle": _fcmp("ole"), "fgt": _fcmp("ogt"),
    "fge": _fcmp("oge"),
    "ieq": _icmp("eq"), "ine": _icmp("ne"), "ilt": _icmp("slt"), "ile": _icmp("sle"), "igt": _icmp("sgt"),
    "ige": _icmp("sge"),
    "band": _binary("and"), "bor": _binary("or"), "bxor": _binary("xor"), "bnot": lambda w, type, a: w.not_(a),
    "select": _select, "copy": lambda w, type, a: a,
    "sitofp": _cast("sitofp"), "fptosi": _fptosi, "fpext": _cast("fpext"), "fptrunc": _cast("fptrunc"),
    "sext": _cast("sext"), "trunc_int": _cast("trunc"), "booltoint": _cast("zext"), "booltofp": _cast("uitofp"),
    "inttobool": lambda w, type, a: w.icmp("ne", a, 0), "fptobool": lambda w, type, a: w.fcmp("une", a, 0.0),
})  # fmt: skip
"""Every instruction but the functions, which are calls into `vectormath`."""

SUPPORTED = frozenset(_TABLE) | frozenset(CATALOGUE)


# -- semirings ---------------------------------------------------------------------------------------------------------
class Machine:
    """An `Algebra` whose handles are (object, value): the rules of operations and semirings, run as instructions."""

    def __init__(self, w: Writer, lanes: int = 1) -> None:
        self.w = w
        self.lanes = lanes

    def apply(self, op: str | Operation, *args: tuple[Scalar, Value], to: Scalar | None = None) -> tuple[Scalar, Value]:
        operation = operation_of(op)
        result = operation.typing([o for o, _ in args], to)
        lowering = operation.lowering([o for o, _ in args], result)
        if isinstance(lowering, Instruction):
            return result, apply(self.w, lowering.name, carrier(result), [v for _, v in args])
        assert isinstance(lowering, Expansion), "no semiring is made of foreign functions"
        made: tuple[Scalar, Value] = lowering.rule(self, *args)
        return made

    def constant(self, value: float | int | bool, like: Scalar) -> tuple[Scalar, Value]:
        return like, constant(llvm_type(carrier(like), self.lanes), value)

    def object(self, handle: tuple[Scalar, Value]) -> Scalar:
        return handle[0]


def carrier(element: Scalar) -> Scalar:
    """The machine scalar that carries an element of a semiring."""
    return element.carrier


def _semiring(w: Writer, which: str, ring: Scalar, a: Value, b: Value) -> Value:
    rule = semiring(ring).machine[which]
    if isinstance(rule, Instruction):
        return apply(w, rule.name, carrier(ring), [a, b])
    _, value = rule.rule(Machine(w, lanes_of(a.type)), (ring, a), (ring, b))
    return value


def add(w: Writer, ring: Scalar, a: Value, b: Value) -> Value:
    """a + b in the semiring of ``ring``."""
    return _semiring(w, "add", ring, a, b)


def mul(w: Writer, ring: Scalar, a: Value, b: Value) -> Value:
    """a · b in the semiring of ``ring``."""
    return _semiring(w, "mul", ring, a, b)
