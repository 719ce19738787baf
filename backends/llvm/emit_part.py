"""What one part of a shared loop runs: a function for the pool, the function with the iterations, and how copies are added up.

A part has a *place* in memory: an error record, then a word for every cell the loop reduces into. Its copies of what is summed
(all parts but the first have some) begin on lines of their own, so that no two threads write to one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ...core.objects import Scalar
from ...core.semiring import semiring
from ...ir.loops import nest
from ...ir.loops.sharing import Sharing
from . import emit_memory as memory
from . import emit_vector as vectors
from .emit_body import Body, Frame, Slot
from .emit_instructions import add, llvm_type, size_of
from .emit_memory import Buffer, stack_buffers
from .emit_writer import FunctionWriter
from .text import Value, Writer, constant

__all__ = ["LINE", "RECORD", "Copies", "Environment", "adder", "cell_words", "place_bytes", "write_part"]

RECORD = 4
"""Words of an error record."""

LINE = 64
"""Bytes that processors hand to one another."""


@dataclass(frozen=True)
class Copies:
    """A buffer that parts have copies of: its elements, and the bytes before it in a part's copies, as the parent has them."""

    name: str
    ring: Scalar
    count: Value
    offset: Value


class Environment:
    """Words in memory by name: written by the parent, read by its parts."""

    def __init__(self, w: Writer, base: Value, places: Mapping[str, tuple[int, str]] | None = None) -> None:
        self.w = w
        self.base = base
        self.places = dict(places or {})

    def put(self, name: str, value: Value) -> None:
        self.places[name] = (len(self.places), value.type)
        self.w.store(value, self.w.gep("i64", self.base, self.places[name][0]))

    def get(self, name: str) -> Value:
        number, type = self.places[name]
        return self.w.load(type, self.w.gep("i64", self.base, number))


def place_bytes(shared: Sharing) -> int:
    return -(-8 * (RECORD + len(shared.reduced)) // LINE) * LINE


def cell_words(w: Writer, place: Value, shared: Sharing) -> dict[str, Value]:
    """Where in a place the value of each cell stands."""
    return {name: w.gep("i64", place, RECORD + k) for k, name in enumerate(shared.reduced)}


# -- the function for the pool -----------------------------------------------------------------------------------------
def write_part(body: Body, loop: nest.For, shared: Sharing, symbol: str, copies: list[Copies], given: Environment) -> None:
    """Add `void SYMBOL(environment, part)` and what it calls to the module."""
    w = FunctionWriter(body.w.flags)
    environment, part = Environment(w, Value("ptr", "%environment"), given.places), Value("i64", "%part")
    get = environment.get
    places, parts = get("places"), get("parts")
    place = w.gep("i8", places, w.mul(part, place_bytes(shared)))
    w.store(constant("i64", 0), place)
    arguments = {name: get(name) for name in given.places if name.startswith((".", "["))}
    clear, run = w.new_label("clear"), w.new_label("run")
    first = w.icmp("eq", part, 0)
    start = w.gep("i8", places, w.add(w.mul(parts, place_bytes(shared)), w.mul(w.sub(part, 1), get("copied"))), flags="")
    own = {c.name: w.gep("i8", start, get(f"<{c.name}>"), flags="") for c in copies}
    arguments |= {f"[{name}]": w.select(first, arguments[f"[{name}]"], copy) for name, copy in own.items()}
    w.branch_if(first, run, clear)
    w.label(clear)
    for c in copies:
        _clear(w, body.frame.buffers[c.name].element, c.ring, own[c.name], get(f"({c.name})"))
    w.branch(run)
    w.label(run)
    together = 1 if loop.tile else loop.lanes  # the lanes of a tile may be those of another loop
    low, high = _range(w, part, parts, get("bound"), together)
    w.call("i32", f"{symbol}.body", [*arguments.values(), low, high, place])
    w.ret()
    functions = body.frame.module.functions
    functions[symbol] = w.function(symbol, [environment.base, part], "void", "internal", "nounwind")
    functions[f"{symbol}.body"] = _iterations(body, loop, shared, f"{symbol}.body", arguments)
    body.frame.module.needed |= w.dependencies


def _range(w: Writer, part: Value, parts: Value, bound: Value, together: int) -> tuple[Value, Value]:
    """Where a part begins and ends: at whole blocks of iterations, of which the first parts have one more where they must."""
    blocks = w.binary("udiv", w.add(bound, together - 1), together)
    each, rest = w.binary("udiv", blocks, parts), w.binary("urem", blocks, parts)

    def begin(k: Value) -> Value:
        block = w.add(w.mul(k, each), w.intrinsic("smin", k, rest))
        return w.intrinsic("smin", w.mul(block, together), bound)

    return begin(part), begin(w.add(part, 1))


def _clear(w: FunctionWriter, kind: Scalar, ring: Scalar, copy: Value, count: Value) -> None:
    zero = semiring(ring).zero
    if zero == 0:
        memory.clear(w, copy, w.mul(count, size_of(kind)))
        return
    value = constant(llvm_type(kind), zero)
    memory.loop(w, count, lambda i: memory.store(w, kind, value, memory.address(w, kind, copy, i)))


# -- the iterations ----------------------------------------------------------------------------------------------------
def _iterations(outer: Body, loop: nest.For, shared: Sharing, symbol: str, arguments: Mapping[str, Value]) -> str:
    """`i32 SYMBOL(scalars, buffers, low, high, place)`: those iterations, and what they reduce into the place's cells."""
    w, place = FunctionWriter(outer.w.flags), Value("ptr", "%place")
    frame = Frame(w, place, stack_buffers(loop.body), outer.frame.module)
    signature = []
    for number, (name, argument) in enumerate(arguments.items()):
        value, attributes = Value(argument.type, f"%p{number}"), ""
        w.comment(f"{value.name} {name}")
        if name.startswith("["):
            known = outer.frame.buffers[name[1:-1]]
            frame.buffers[name[1:-1]] = Buffer(known.element, known.shape, value)
            attributes = " noalias" if name[1:-1] in shared.written else " noalias readonly"
        else:
            frame.values[name[1:]] = value
        signature.append(Value(f"{value.type}{attributes}", value.name))
    for name, r in shared.reduced.items():
        kind = outer.frame.cells[name].kind
        slot = frame.cells[name] = Slot(w.alloca(llvm_type(kind)), kind)
        first = -1 if name == r.where else vectors.neutral(r.kind, r.ring)
        w.store(constant(llvm_type(kind), first), slot.pointer)
    low, high = Value("i64", "%low"), Value("i64", "%high")
    body = Body(frame, outer.at_once, outer.in_parts)
    body.run(loop, low, high)
    for name, word in cell_words(w, place, shared).items():
        memory.store(w, frame.cells[name].kind, body.now(frame.cells[name]), word)
    frame.leave(0)
    frame.finish()
    outer.frame.module.needed |= w.dependencies
    parameters = [*signature, low, high, Value("ptr noalias", place.name)]
    return w.function(symbol, parameters, "i32", "internal", "noinline nounwind")


# -- adding up ---------------------------------------------------------------------------------------------------------
def adder(frame: Frame, kind: Scalar, ring: Scalar) -> str:
    """The symbol of `void (target, copies, stride, others, count)`: each element plus those of ``others`` copies, in order;
    the copies are ``stride`` bytes apart."""
    symbol = f"pb.add.{ring}"
    if symbol in frame.module.functions:
        return symbol
    w = FunctionWriter(frame.w.flags)
    target, copies = Value("ptr", "%target"), Value("ptr", "%copies")
    stride, others, count = (Value("i64", f"%{name}") for name in ("stride", "others", "count"))

    def elements(lanes: int) -> Callable[[Value], None]:
        type = llvm_type(kind, lanes)
        total = w.alloca(type)

        def some(i: Value) -> None:
            address = memory.address(w, kind, target, i)
            w.store(vectors.load(w, kind, address, lanes, None), total)

            def other(k: Value) -> None:
                copy = memory.address(w, kind, w.gep("i8", copies, w.mul(k, stride)), i)
                w.store(add(w, ring, w.load(type, total), vectors.load(w, kind, copy, lanes, None)), total)

            memory.loop(w, others, other)
            vectors.store(w, kind, w.load(type, total), address, None)

        return some

    lanes = LINE // size_of(kind)
    all_of_them = w.select(w.icmp("sgt", others, 0), count, 0)
    whole = w.and_(all_of_them, -lanes)
    memory.loop(w, whole, elements(lanes), step=lanes)
    memory.loop(w, all_of_them, elements(1), whole)
    w.ret()
    parameters = [Value("ptr noalias", target.name), Value("ptr noalias readonly", copies.name), stride, others, count]
    frame.module.functions[symbol] = w.function(symbol, parameters, "void", "internal", "noinline nounwind")
    frame.module.needed |= w.dependencies
    return symbol
