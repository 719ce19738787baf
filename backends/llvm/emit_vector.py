"""Vectors of lanes: masks, memory where some lanes are not there, and the way from a vector to one value."""

from __future__ import annotations

from ...core.objects import BOOL, Scalar
from ...core.semiring import semiring
from .emit_body import better, combined
from .emit_instructions import memory_type, size_of
from .emit_memory import in_memory
from .shuffles import halves
from .text import Value, Writer, constant, intrinsic_suffix, lanes_of, scalar_of, vector, with_scalar

__all__ = [
    "all_lanes", "any_lane", "both", "first_lane", "folded", "gather", "load", "neutral", "numbers", "scatter",
    "store", "strided", "winner",
]  # fmt: skip


# -- masks -------------------------------------------------------------------------------------------------------------
def both(w: Writer, a: Value | None, b: Value | None) -> Value | None:
    """The lanes in both masks; None is all lanes."""
    if a is None or b is None:
        return a or b
    return w.and_(a, b)


def any_lane(w: Writer, mask: Value) -> Value:
    return w.intrinsic("vector.reduce.or", mask, type="i1")


def all_lanes(lanes: int) -> Value:
    return constant(vector("i1", lanes), 1)


def first_lane(w: Writer, mask: Value) -> Value:
    """The number of the first lane there is, as i64; the mask is not empty."""
    lanes = lanes_of(mask.type)
    bits = w.cast("bitcast", mask, f"i{lanes}")
    zeros = w.instruction(bits.type, f"call {bits.type} @llvm.cttz.{bits.type}({bits}, i1 true)")
    return zeros if lanes == 64 else w.cast("zext" if lanes < 64 else "trunc", zeros, "i64")


def numbers(lanes: int) -> Value:
    """0, 1, …, lanes − 1."""
    return Value(vector("i64", lanes), f"<{', '.join(f'i64 {k}' for k in range(lanes))}>")


# -- memory ------------------------------------------------------------------------------------------------------------
def strided(w: Writer, kind: Scalar, base: Value, positions: Value) -> Value:
    """The addresses of elements at a vector of positions."""
    type = with_scalar(positions.type, "ptr")
    return w.instruction(type, f"getelementptr {memory_type(kind)}, {base}, {positions}")


def load(w: Writer, kind: Scalar, address: Value, lanes: int, mask: Value | None) -> Value:
    """Neighbouring elements; zero and no memory touched where a lane is missing."""
    type = memory_type(kind, lanes)
    if mask is None:
        return _value(w, kind, w.load(type, address, size_of(kind)))
    call = f"call {type} @llvm.masked.load.{intrinsic_suffix(type)}.p0"
    return _value(w, kind, w.instruction(type, f"{call}({_aligned(address, kind)}, {mask}, {_zero(type)})"))


def gather(w: Writer, kind: Scalar, addresses: Value, mask: Value | None) -> Value:
    """Elements anywhere; zero and no memory touched where a lane is missing."""
    lanes = lanes_of(addresses.type)
    type = memory_type(kind, lanes)
    there = mask or all_lanes(lanes)
    call = f"call {type} @llvm.masked.gather.{intrinsic_suffix(type)}.v{lanes}p0"
    return _value(w, kind, w.instruction(type, f"{call}({_aligned(addresses, kind)}, {there}, {_zero(type)})"))


def store(w: Writer, kind: Scalar, value: Value, address: Value, mask: Value | None) -> None:
    value = in_memory(w, kind, value)
    if mask is None:
        w.store(value, address, size_of(kind))
        return
    name = f"@llvm.masked.store.{intrinsic_suffix(value.type)}.p0"
    w.line(f"call void {name}({value}, {_aligned(address, kind)}, {mask})")


def scatter(w: Writer, kind: Scalar, value: Value, addresses: Value, mask: Value | None) -> None:
    """Lane after lane: where two lanes meet, the later one stays."""
    value, lanes = in_memory(w, kind, value), lanes_of(addresses.type)
    name = f"@llvm.masked.scatter.{intrinsic_suffix(value.type)}.v{lanes}p0"
    w.line(f"call void {name}({value}, {_aligned(addresses, kind)}, {mask or all_lanes(lanes)})")


def _value(w: Writer, kind: Scalar, value: Value) -> Value:
    return w.icmp("ne", value, 0) if kind == BOOL else value


def _aligned(address: Value, kind: Scalar) -> str:
    return f"{address.type} align {size_of(kind)} {address.name}"


def _zero(type: str) -> Value:
    return Value(type, "zeroinitializer")


# -- from a vector to one value ----------------------------------------------------------------------------------------
def neutral(kind: str, ring: Scalar) -> float | int | bool:
    """What changes nothing in a reduction."""
    match kind:
        case "sum":
            return semiring(ring).zero
        case "prod":
            return semiring(ring).one
        case "all":
            return True
        case "any":
            return False
    sign = -1 if kind.endswith("max") else 1
    if ring.is_float:
        return sign * float("inf")
    bits = 31 if ring.kind == "i32" else 63
    return -(2**bits) if sign < 0 else 2**bits - 1


def folded(w: Writer, kind: str, ring: Scalar, value: Value) -> Value:
    """All lanes combined by a reduction, always in the same order: halves with halves."""
    while lanes_of(value.type) > 1:
        value = combined(w, kind, ring, *halves(w, value))
    return value


def winner(w: Writer, kind: str, value: Value, where: Value) -> tuple[Value, Value]:
    """The best of all lanes and its index: the smallest among equals; a lane whose index is negative has nothing."""
    while lanes_of(value.type) > 1:
        (a, b), (i, j) = halves(w, value), halves(w, where)
        ahead = w.or_(better(w, kind, b, a), w.and_(_same(w, a, b), w.icmp("slt", j, i)))
        wins = w.and_(w.icmp("sge", j, 0), w.or_(w.icmp("slt", i, 0), ahead))
        value, where = w.select(wins, b, a), w.select(wins, j, i)
    return value, where


def _same(w: Writer, a: Value, b: Value) -> Value:
    if scalar_of(a.type) not in ("double", "float"):
        return w.icmp("eq", a, b)
    return w.or_(w.fcmp("oeq", a, b), w.and_(w.fcmp("uno", a, a), w.fcmp("uno", b, b)))
