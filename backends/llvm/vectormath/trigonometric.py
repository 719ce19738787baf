"""sin, cos, tan: reduction by π/2 in three parts, for huge arguments by the digits of 2/π (Payne and Hanek)."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from ..text import FLOATS, Value, quote
from . import tables
from .function import Arithmetic, VectorFunction, symbol_of

__all__ = ["FUNCTIONS", "HELPERS"]

PI_HALF = {
    "double": tuple(map(float.fromhex, ("0x1.921fb54442d18p+0", "0x1.1a62633145c07p-54", "-0x1.f1976b7ed8fbcp-110"))),
    "float": tuple(map(float.fromhex, ("0x1.921fb6p+0", "-0x1.777a5cp-25", "-0x1.ee59dap-50"))),
}
"""π/2 as a sum of three floating-point numbers."""

NEAR = {"double": 2.0**40, "float": 2.0**17}
"""Up to here three parts of π/2 leave the remainder exact to more digits than are used."""

TWO_OVER_PI = (
    0x0000000000000000, 0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561,
    0xB7246E3A424DD2E0, 0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41,
    0x3991D639835339F4, 0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7,
    0x4F463F669E5FEA2D, 0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB,
    0xF0CFBC209AF4361D,
)  # fmt: skip
"""The binary digits of 2/π, after 64 zeros."""


def _reduced(w: Arithmetic, x: Value) -> tuple[Value, Value, Value]:
    """n and the remainder in two parts: x = n π/2 + r + c, |r| ≤ π/4, for |x| ≤ NEAR."""
    first, second, third = PI_HALF[w.element]
    n = w.round(w.fmul(x, 2 / math.pi))
    minus_n = w.fneg(n)
    r = w.fma(minus_n, first, x)  # exact
    product, product_error = w.two_product(minus_n, second)
    r, c = w.two_sum(r, product)
    c = w.fma(minus_n, third, w.fadd(c, product_error))
    r, c = w.fast_two_sum(r, c)
    return n, r, c


def _kernels(w: Arithmetic, r: Value, c: Value) -> tuple[Value, Value]:
    """sin(r + c) and cos(r + c) for |r| ≤ π/4 and a tiny c (fdlibm's order of summation)."""
    z = w.fmul(r, r)
    cube = w.fmul(z, r)
    sine_series = w.polynomial(z, tables.SIN_SINGLE if w.single else tables.SIN)
    half_z = w.fmul(z, 0.5)
    sine = w.fadd(r, w.fmuladd(cube, sine_series, w.fmul(c, w.fsub(1.0, half_z))))
    cosine_series = w.polynomial(z, tables.COS_SINGLE if w.single else tables.COS)
    head = w.fsub(1.0, half_z)
    lost = w.fsub(w.fsub(1.0, head), half_z)
    cosine = w.fadd(head, w.fadd(lost, w.fmuladd(w.fmul(z, z), cosine_series, w.fneg(w.fmul(r, c)))))
    return sine, cosine


def _sine_and_cosine(w: Arithmetic, x: Value) -> tuple[Value, Value, Value]:
    """sin and cos of the remainder of x, and the quadrant (an integer whose two low bits count)."""
    far = w.fcmp("uge", w.fabs(x), NEAR[w.element])
    n, r, c = _reduced(w, w.select(far, 0.0, x))
    quadrant = w.to_integer(n)
    # The digits of 2/π are needed so rarely that all lanes step aside together for them.
    some = far if w.lanes == 1 else w.instruction("i1", f"call i1 @llvm.vector.reduce.or.v{w.lanes}i1({far})")
    aside, on = w.new_label("far"), w.new_label("on")
    before = w.current
    w.branch_if(some, aside, on, tail=', !prof !{!"branch_weights", i32 1, i32 1048575}')
    w.label(aside)
    packed = w.call(_far_type(w), symbol_of("reduce_far", w.element, w.lanes), [x])
    far_parts = [w.instruction(t, f"extractvalue {packed}, {i}") for i, t in enumerate([w.type, w.type, w.integer])]
    chosen = [w.select(far, new, old) for new, old in zip(far_parts, (r, c, quadrant), strict=True)]
    w.branch(on)
    w.label(on)
    pairs = zip(chosen, (r, c, quadrant), strict=True)
    r, c, quadrant = (w.phi(old.type, [(new, aside), (old, before)]) for new, old in pairs)
    sine, cosine = _kernels(w, r, c)
    return sine, cosine, quadrant


def _far_type(w: Arithmetic) -> str:
    return f"{{ {w.type}, {w.type}, {w.integer} }}"


def _turned(w: Arithmetic, sine: Value, cosine: Value, quadrant: Value) -> Value:
    """sin of the angle in the given quadrant."""
    odd = w.icmp("ne", w.and_(quadrant, 1), 0)
    value = w.select(odd, cosine, sine)
    bit = w.shl(w.and_(quadrant, 2), FLOATS[w.element] - 2)  # quadrants 2 and 3: the sign bit
    return w.from_bits(w.xor(w.bits(value), bit))


def emit_sin(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    result = _turned(w, *_sine_and_cosine(w, x))
    return w.select(w.fcmp("oeq", x, 0.0), x, result)


def emit_cos(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    sine, cosine, quadrant = _sine_and_cosine(w, arguments[0])
    return _turned(w, sine, cosine, w.add(quadrant, 1))


def emit_tan(w: Arithmetic, arguments: tuple[Value, ...]) -> Value:
    x = arguments[0]
    sine, cosine, quadrant = _sine_and_cosine(w, x)
    odd = w.icmp("ne", w.and_(quadrant, 1), 0)
    ratio = w.fdiv(w.select(odd, w.fneg(cosine), sine), w.select(odd, sine, cosine))
    return w.select(w.fcmp("oeq", x, 0.0), x, ratio)


def define_reduce_far(element: str, lanes: int) -> tuple[str, frozenset[str]]:
    """A function, not inlined, that reduces each lane by the scalar routine, one after the other."""
    w = Arithmetic(element, lanes)
    x = Value(w.type, "%x")
    scalar = symbol_of("reduce_far_one", "double", 1)
    result_type = _far_type(w)
    if lanes == 1:
        parts = _far_lane(w, scalar, x)
    else:
        slots = [w.alloca(t, align=64) for t in (w.type, w.type, w.type, w.integer)]
        loop, done = w.new_label("lane"), w.new_label("done")
        w.store(x, slots[0])
        w.branch(loop)
        w.label(loop)
        i = w.phi("i64", [(0, "entry")])
        one = w.load(element, w.gep(element, slots[0], i))
        for slot, part in zip(slots[1:], _far_lane(w, scalar, one), strict=True):
            w.store(part, w.gep(part.type, slot, i))
        next_i = w.add(i, 1)
        w.add_incoming(i, next_i, loop)
        w.branch_if(w.icmp("eq", next_i, lanes), done, loop)
        w.label(done)
        parts = [w.load(t, slot) for t, slot in zip((w.type, w.type, w.integer), slots[1:], strict=True)]
    w.ret(_packed(w, result_type, parts))
    symbol = symbol_of("reduce_far", element, lanes)
    return w.function(symbol, [x], result_type, "internal", "noinline optnone cold"), frozenset(w.dependencies)


def _packed(w: Arithmetic, type: str, parts: list[Value]) -> Value:
    """The parts as one structure."""
    whole = Value(type, "poison")
    for place, part in enumerate(parts):
        whole = w.instruction(type, f"insertvalue {whole}, {part}, {place}")
    return whole


def _far_lane(w: Arithmetic, scalar: str, x: Value) -> list[Value]:
    """One lane's remainder in two parts and quadrant, in the lane's own format."""
    packed = w.call("{ double, double, i64 }", scalar, [w.cast("fpext", x, "double")])
    r, c, quadrant = (w.instruction(t, f"extractvalue {packed}, {i}") for i, t in enumerate(["double", "double", "i64"]))
    if not w.single:
        return [r, c, quadrant]
    high = w.cast("fptrunc", r, "float")
    low = w.cast("fptrunc", w.fadd(w.fsub(r, w.cast("fpext", high, "double")), c), "float")
    return [high, low, w.cast("trunc", quadrant, "i32")]


def define_reduce_far_one() -> tuple[str, frozenset[str]]:
    """x = m 2^e with a 53-bit integer m: m times 192 digits of 2/π, from the place where multiples of 4 end, as
    integers; the top two bits of the product are the quadrant, the rest a signed fraction of π/2."""
    w = Arithmetic("double", 1)
    x = Value("double", "%x")
    table = symbol_of("two_over_pi", "double", 1)
    bits = w.bits(x)
    exponent = w.and_(w.lshr(bits, 52), 0x7FF)
    finite = w.icmp("ne", exponent, 0x7FF)
    exponent = w.select(finite, exponent, 1100)
    mantissa = w.or_(w.and_(bits, (1 << 52) - 1), 1 << 52)
    # The digit after the point in the table is number 64; digit j weighs 2^(63 - j) there, and 2^(e + 63 - j) in x 2/π.
    # The window starts with weight 2: j = e + 62, e = exponent - 1075.
    start = w.sub(exponent, 1075 - 62)
    start = w.select(w.icmp("slt", start, 0), 0, start)
    # Three words of digits and of the product, the most significant first: wider integers are dear to compile.
    word, shift = w.lshr(start, 6), w.and_(start, 63)
    digits = [w.load("i64", w.gep("i64", Value("ptr", quote(table)), w.add(word, i))) for i in range(4)]
    window = [w.intrinsic("fshl", a, b, shift) for a, b in pairwise(digits)]
    wide = w.cast("zext", mantissa, "i128")
    low = w.mul(w.cast("zext", window[2], "i128"), wide)
    middle = w.add(w.mul(w.cast("zext", window[1], "i128"), wide), w.lshr(low, 64))
    high = w.add(w.mul(window[0], mantissa), w.cast("trunc", w.lshr(middle, 64), "i64"))
    # Round to the nearest quadrant: what remains is a signed fraction, |fraction| ≤ 1/2, in units of 2^-190, and its first
    # word is not 0, since no multiple of π/2 is nearer to a double than 2^-61. Minus a number is its complement, nearly.
    quadrant = w.lshr(w.add(high, 1 << 61), 62)
    first = w.sub(high, w.shl(quadrant, 62))
    sign = w.ashr(first, 63)
    parts = [w.xor(part, sign) for part in (first, w.cast("trunc", middle, "i64"), w.cast("trunc", low, "i64"))]
    zeros = w.instruction("i64", f"call i64 @llvm.ctlz.i64({parts[0]}, i1 false)")
    normal = [w.intrinsic("fshl", a, b, zeros) for a, b in pairwise(parts)]
    top = w.lshr(normal[0], 11)  # 53 bits
    rest = w.or_(w.shl(w.and_(normal[0], 0x7FF), 42), w.lshr(normal[1], 22))  # and 53 more
    # The normalised fraction is 2^zeros larger, so top weighs 2^(139 - zeros - 190).
    weight = w.from_bits(w.shl(w.sub(1023 - 51, zeros), 52))
    negative = w.icmp("slt", first, 0)
    high = w.fmul(w.instruction("double", f"sitofp {top} to double"), weight)
    low = w.fmul(w.fmul(w.instruction("double", f"sitofp {rest} to double"), weight), 2.0**-53)
    r, error = w.two_product(high, PI_HALF["double"][0])
    c = w.fma(high, PI_HALF["double"][1], w.fma(low, PI_HALF["double"][0], error))
    r, c = w.fast_two_sum(r, c)
    flip = w.xor(negative, w.icmp("slt", bits, 0))
    r, c = (w.select(flip, w.fneg(part), part) for part in (r, c))
    quadrant = w.select(w.icmp("slt", bits, 0), w.sub(0, quadrant), quadrant)
    r = w.select(finite, r, math.nan)
    result = _packed(w, "{ double, double, i64 }", [r, c, quadrant])
    w.ret(result)
    words = ", ".join(f"i64 {word}" for word in TWO_OVER_PI)
    constants = f"{quote(table)} = internal constant [{len(TWO_OVER_PI)} x i64] [{words}]\n"
    body = w.function(symbol_of("reduce_far_one", "double", 1), [x], result.type, "internal", "noinline optnone cold")
    return constants + body, frozenset()


Helper = Callable[[str, int], tuple[str, frozenset[str]]]

HELPERS: tuple[tuple[str, Helper], ...] = (
    ("reduce_far", define_reduce_far),
    ("reduce_far_one", lambda element, lanes: define_reduce_far_one()),
)
"""Functions that the ones below call and nobody else does."""

METHOD = "reduction by π/2 in three parts (Cody and Waite), beyond 2^40 by digits of 2/π (Payne and Hanek); fdlibm's kernels"

FUNCTIONS: tuple[VectorFunction, ...] = (
    VectorFunction("sin", 1, emit_sin, 1.0, 1.0, "the whole range", METHOD),
    VectorFunction("cos", 1, emit_cos, 1.0, 1.0, "the whole range", METHOD),
    VectorFunction("tan", 1, emit_tan, 2.5, 2.5, "the whole range", METHOD),
)
