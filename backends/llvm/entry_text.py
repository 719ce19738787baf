"""The text of a compiled entry: a METH_FASTCALL function in LLVM IR that checks arguments and calls a kernel.

Control flows through a row of checks; each that does not hold goes to the label `slow`, which hands the call over to the
slow path in Python (`entry.py` has the whole picture).
"""

from __future__ import annotations

from collections.abc import Callable
from math import lcm

import numpy as np

from ...core.sizes import Size
from . import cpython
from .arguments import Input, Output, Signature
from .text import Value, Writer, quote

__all__ = ["RECORD", "entry_symbol", "entry_text"]

RECORD = 4
"""Words of an error record: code, site, value, bound."""

AT = cpython.Offsets()


def entry_symbol(symbol: str) -> str:
    return f"{symbol}.entry"


def entry_text(signature: Signature, symbol: str) -> str:
    """The entry as LLVM text, declarations included, to stand in one module with the kernel `symbol`."""
    return _Entry(signature, symbol).module()


class _Entry:
    """Writes the entry of one signature. A check that does not hold goes to the label `slow`; a Python error to
    `failed`, if results have been made, or `nothing`."""

    def __init__(self, signature: Signature, symbol: str) -> None:
        self.signature = signature
        self.symbol = symbol
        self.w = Writer()
        self.globals: set[str] = set()
        self.functions: set[str] = set()
        self.slow = self.w.new_label("slow")
        self.failed = self.w.new_label("failed")
        self.nothing = self.w.new_label("nothing")
        self.unmade = self.w.new_label("unmade")
        self.sizes: dict[str, Value] = {}

    def module(self) -> str:
        body = self.body()
        lines = [f"{quote(name)} = external global i8" for name in sorted(self.globals)]
        for name in sorted(self.functions):
            result, parameters = cpython.FUNCTIONS[name].split(" ", 1)
            lines.append(f"declare {result} {quote(name)}{parameters}")
        return "\n" + "\n".join(lines) + "\n\n" + body

    # -- small steps

    def address(self, name: str) -> Value:
        self.globals.add(name)
        return Value("ptr", quote(name))

    def python(self, name: str, *arguments: Value) -> Value:
        self.functions.add(name)
        return self.w.call(cpython.FUNCTIONS[name].split(" ", 1)[0], name, arguments)

    def field(self, thing: Value, offset: int, type: str) -> Value:
        return self.w.load(type, self.w.gep("i8", thing, offset))

    def require(self, *conditions: Value) -> None:
        """Go on where all conditions hold, else to the slow path."""
        met = conditions[0]
        for condition in conditions[1:]:
            met = self.w.and_(met, condition)
        go_on = self.w.new_label("checked")
        self.w.branch_if(met, go_on, self.slow)
        self.w.label(go_on)

    # -- the whole

    def body(self) -> str:
        w, signature = self.w, self.signature
        inputs, sizes, outputs = signature.inputs, signature.sizes, signature.outputs
        self.slots = w.alloca("i64", len(inputs) + len(sizes) + len(outputs) + 1)
        self.record = w.alloca("i64", RECORD)
        self.held = [w.alloca("ptr") for o in outputs if o.dims]
        for place in self.held:
            w.store(Value("ptr", "null"), place)
        arguments, count = Value("ptr", "%args"), Value("i64", "%nargs")
        self.require(w.icmp("eq", count, len(inputs)))
        shapes = [self.input(k, w.load("ptr", w.gep("ptr", arguments, k))) for k in range(len(inputs))]
        self.bind(shapes)
        for k, atom in enumerate(sizes):
            self.fill(len(inputs) + k, self.sizes[atom])
        values = self.allocate()
        self.fill(len(inputs) + len(sizes) + len(outputs), w.cast("ptrtoint", self.record, "i64"))
        self.run()
        self.results(values)
        self.endings()
        parameters = [Value("ptr", "%self"), arguments, count]
        # A row of checks runs as quickly as it is written; made without optimisation it is there five times sooner.
        return w.function(entry_symbol(self.symbol), parameters, "ptr", attributes="noinline optnone nounwind")

    def fill(self, slot: int, word: Value) -> None:
        self.w.store(word, self.w.gep("i64", self.slots, slot))

    # -- inputs

    def input(self, k: int, thing: Value) -> list[Value]:
        """Check argument k and fill its slot; the dimensions of an array."""
        item = self.signature.inputs[k]
        if item.dims:
            return self.array(k, item, thing)
        self.fill(k, self.scalar(item, thing))
        return []

    def array(self, k: int, item: Input, thing: Value) -> list[Value]:
        w = self.w
        # Nothing beyond the type may be read before the type is known.
        self.require(w.icmp("eq", self.field(thing, AT.type, "ptr"), self.address("pb.type.array")))
        flags = w.and_(self.field(thing, AT.array_flags, "i32"), cpython.CONTIGUOUS_AND_ALIGNED)
        self.require(
            w.icmp("eq", self.field(thing, AT.array_descr, "ptr"), self.address(f"pb.descr.{_short(item)}")),
            w.icmp("eq", self.field(thing, AT.array_nd, "i32"), len(item.dims)),
            w.icmp("eq", flags, cpython.CONTIGUOUS_AND_ALIGNED),
        )
        self.fill(k, self.field(thing, AT.array_data, "i64"))
        dimensions = self.field(thing, AT.array_dimensions, "ptr")
        return [w.load("i64", w.gep("i64", dimensions, axis)) for axis in range(len(item.dims))]

    def scalar(self, item: Input, thing: Value) -> Value:
        """The bits of a number: from Python's own type, or from NumPy's scalar of the exact dtype."""
        w, name = self.w, _short(item)
        if name not in cpython.scalar_types():
            self.require(Value("i1", "false"))
            return Value("i64", "0")
        done = w.new_label("number")
        kind = self.field(thing, AT.type, "ptr")
        incoming: list[tuple[Value, str]] = []

        def case(condition: Value, bits: Callable[[], Value]) -> None:
            yes, no = w.new_label("case"), w.new_label("else")
            w.branch_if(condition, yes, no)
            w.label(yes)
            incoming.append((bits(), w.current))
            w.branch(done)
            w.label(no)

        if name[0] == "f":
            case(w.icmp("eq", kind, self.address("pb.type.float")), lambda: self.rounded(name, self.payload(thing, "f8")))
        if name == "?":
            case(w.icmp("eq", thing, self.address("pb.true")), lambda: Value("i64", "1"))
            case(w.icmp("eq", thing, self.address("pb.false")), lambda: Value("i64", "0"))
        else:
            case(w.icmp("eq", kind, self.address("pb.type.int")), lambda: self.from_int(name, thing))
        case(w.icmp("eq", kind, self.address(f"pb.type.{name}")), lambda: self.bits(name, self.payload(thing, name)))
        w.branch(self.slow)
        w.label(done)
        return w.phi("i64", incoming)

    def payload(self, thing: Value, name: str) -> Value:
        return self.field(thing, AT.scalar_value, _llvm_type(name))

    def rounded(self, name: str, number: Value) -> Value:
        """The bits of a double, rounded to f32 where that is wanted; what would overflow goes the slow way, to be
        refused."""
        if name == "f8":
            return self.bits(name, number)
        w = self.w
        narrow = w.cast("fptrunc", number, "float")
        infinite = w.fcmp("oeq", w.fabs(narrow), float("inf"))
        self.require(w.not_(w.and_(infinite, w.fcmp("one", w.fabs(number), float("inf")))))
        return self.bits(name, narrow)

    def from_int(self, name: str, thing: Value) -> Value:
        """The bits of a Python int. -1 also means an error, so it goes the slow way, as does what is out of range."""
        w = self.w
        function = "PyLong_AsDouble" if name[0] == "f" else "PyLong_AsLongLong"
        number = self.python(function, thing)
        good, odd = w.new_label("integer"), w.new_label("odd")
        minus_one = w.fcmp("oeq", number, -1.0) if name[0] == "f" else w.icmp("eq", number, -1)
        w.branch_if(minus_one, odd, good)
        w.label(odd)
        self.python("PyErr_Clear")
        w.branch(self.slow)
        w.label(good)
        if name[0] == "f":
            return self.rounded(name, number)
        if name == "u8":
            self.require(w.icmp("sge", number, 0))
        elif name != "i8":
            narrow = w.cast("trunc", number, _llvm_type(name))
            self.require(w.icmp("eq", w.cast("sext" if name[0] == "i" else "zext", narrow, "i64"), number))
        return number

    def bits(self, name: str, payload: Value) -> Value:
        w = self.w
        if name[0] == "f":
            payload = w.cast("bitcast", payload, f"i{8 * int(name[1:])}")
        return w.cast("sext" if name[0] == "i" else "zext", payload, "i64")

    # -- sizes

    def bind(self, shapes: list[list[Value]]) -> None:
        """The first bare occurrence of an atom gives its size; every other dimension is checked against it."""
        w, checks = self.w, []
        for k, item in enumerate(self.signature.inputs):
            if item.binds is not None:
                number = w.load("i64", w.gep("i64", self.slots, k))
                checks.append(w.icmp("sge", number, 0))
                checks += self.bound(item.binds, number)
            for dim, found in zip(item.dims, shapes[k], strict=True):
                if dim.name is not None:
                    checks += self.bound(dim.name, found)
        for item, shape in zip(self.signature.inputs, shapes, strict=True):
            for dim, found in zip(item.dims, shape, strict=True):
                if dim.name is None:
                    checks.append(w.icmp("eq", self.size(dim), found))
        checks += [w.icmp("ule", self.sizes[atom], self.signature.longest(atom)) for atom in self.signature.sizes]
        if checks:
            self.require(*checks)

    def bound(self, atom: str, found: Value) -> list[Value]:
        if atom in self.sizes:
            return [self.w.icmp("eq", self.sizes[atom], found)]
        self.sizes[atom] = found
        return []

    def size(self, dim: Size) -> Value:
        """The value of a size; division by zero goes the slow way."""
        w = self.w
        if dim.constant is not None:
            return Value("i64", str(dim.constant))
        if dim.name is not None:
            return self.sizes[dim.name]
        denominator = lcm(*(coefficient.denominator for _, coefficient in dim.terms))
        total = Value("i64", "0")
        for monomial, coefficient in dim.terms:
            term = Value("i64", str(int(coefficient * denominator)))
            for base, power in monomial:
                factor = self.sizes[base] if isinstance(base, str) else self.floor_division(base.numerator, base.divisor)
                for _ in range(power):
                    term = w.mul(term, factor)
            total = w.add(total, term)
        return w.binary("sdiv exact", total, denominator) if denominator > 1 else total

    def floor_division(self, numerator: Size, divisor: Size) -> Value:
        w = self.w
        a, b = self.size(numerator), self.size(divisor)
        self.require(w.icmp("sgt", b, 0))
        quotient = w.binary("sdiv", a, b)
        return w.sub(quotient, w.cast("zext", w.icmp("slt", a, w.mul(quotient, b)), "i64"))

    # -- the call

    def allocate(self) -> list[Value]:
        """Make the results, fill their slots; the arrays, or the cells of scalars. An extent below 0 is refused by NumPy, which
        leads to the slow path and its words."""
        w, signature = self.w, self.signature
        first = len(signature.inputs) + len(signature.sizes)
        shapes = [[self.size(d) for d in o.dims] for o in signature.outputs]
        made, held = [], iter(self.held)
        for k, (output, shape) in enumerate(zip(signature.outputs, shapes, strict=True)):
            if output.dims:
                thing = self.empty(output, shape)
                w.store(thing, next(held))
                self.fill(first + k, self.field(thing, AT.array_data, "i64"))
            else:
                thing = w.alloca("i64")
                w.store(Value("i64", "0"), thing)
                self.fill(first + k, w.cast("ptrtoint", thing, "i64"))
            made.append(thing)
        return made

    def empty(self, output: Output, shape: list[Value]) -> Value:
        w = self.w
        dimensions = w.alloca("i64", len(shape))
        for axis, extent in enumerate(shape):
            w.store(extent, w.gep("i64", dimensions, axis))
        descr = self.address(f"pb.descr.{_short(output)}")
        self.python("Py_IncRef", descr)  # PyArray_Empty takes the reference over
        rank, c_order = Value("i32", str(len(shape))), Value("i32", "0")
        thing = self.python("PyArray_Empty", rank, dimensions, descr, c_order)
        go_on = w.new_label("made")
        w.branch_if(w.icmp("eq", thing, Value("ptr", "null")), self.unmade, go_on)
        w.label(go_on)
        return thing

    def run(self) -> None:
        """The kernel, without the GIL; on an error its record goes to `pb.on_error`."""
        w = self.w
        for k in range(RECORD):
            w.store(Value("i64", "0"), w.gep("i64", self.record, k))
        state = self.python("PyEval_SaveThread")
        status = w.call("i32", self.symbol, [self.slots])
        self.python("PyEval_RestoreThread", state)
        well, wrong = w.new_label("well"), w.new_label("wrong")
        w.branch_if(w.icmp("eq", status, 0), well, wrong)
        w.label(wrong)
        self.release()
        record = self.python("PyBytes_FromStringAndSize", self.record, Value("i64", str(8 * RECORD)))
        raised = w.new_label("raised")
        w.branch_if(w.icmp("eq", record, Value("ptr", "null")), self.nothing, raised)
        w.label(raised)
        answer = self.python("PyObject_CallOneArg", self.address("pb.on_error"), record)
        self.python("Py_DecRef", record)
        w.ret(answer)
        w.label(well)

    def release(self) -> None:
        for place in self.held:
            self.python("Py_DecRef", self.w.load("ptr", place))  # nothing for null

    def results(self, made: list[Value]) -> None:
        w, outputs = self.w, self.signature.outputs
        values = [v if o.dims else self.number(_short(o), v) for o, v in zip(outputs, made, strict=True)]
        if len(values) == 1:
            w.ret(values[0])
            return
        result = self.python("PyTuple_New", Value("i64", str(len(values))))
        packed = w.new_label("packed")
        w.branch_if(w.icmp("eq", result, Value("ptr", "null")), self.failed, packed)
        w.label(packed)
        for k, value in enumerate(values):
            self.python("PyTuple_SetItem", result, Value("i64", str(k)), value)
        w.ret(result)

    def number(self, name: str, cell: Value) -> Value:
        w = self.w
        value = w.load(_llvm_type(name), cell)
        if name[0] == "f":
            return self.python("PyFloat_FromDouble", w.cast("fpext", value, "double"))
        wide = w.cast("sext" if name[0] == "i" else "zext", value, "i64")
        maker = {"?": "PyBool_FromLong", "u": "PyLong_FromUnsignedLongLong", "i": "PyLong_FromLongLong"}[name[0]]
        return self.python(maker, wide)

    def endings(self) -> None:
        w = self.w
        w.label(self.unmade)  # a result for which there is no memory: the slow path says so in words
        self.python("PyErr_Clear")
        self.release()
        w.branch(self.slow)
        w.label(self.slow)
        arguments = [Value("ptr", "%self"), Value("ptr", "%args"), Value("i64", "%nargs"), Value("ptr", "null")]
        w.ret(self.python("PyObject_Vectorcall", *arguments))
        w.label(self.failed)
        self.release()
        w.branch(self.nothing)
        w.label(self.nothing)
        w.ret(Value("ptr", "null"))


def _short(item: Input | Output) -> str:
    """NumPy's short name of the dtype without its byte order: f8, i4, ?."""
    dtype = np.dtype(item.dtype)
    return "?" if dtype.kind == "b" else dtype.str[1:]


def _llvm_type(name: str) -> str:
    if name[0] == "f":
        return {"f8": "double", "f4": "float", "f2": "half"}[name]
    return "i8" if name == "?" else f"i{8 * int(name[1:])}"
