"""What a vector function is, and the writer its code is written with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..text import FLOATS, Operand, Value, Writer, constant, integer_type, vector, with_scalar

__all__ = ["Arithmetic", "Format", "VectorFunction", "symbol_of"]


@dataclass(frozen=True)
class VectorFunction:
    """An elementary function as branch-free LLVM code on lanes of f64 or f32.

    `ulp_f64` and `ulp_f32` bound the error in units in the last place of the exact result, over the whole domain except
    where `notes` says otherwise; tests hold the code to them. `emit` writes the body and returns the result.
    `source` says where the method comes from."""

    name: str
    arity: int
    emit: Callable[[Arithmetic, tuple[Value, ...]], Value]
    ulp_f64: float
    ulp_f32: float
    notes: str
    source: str


@dataclass(frozen=True)
class Format:
    """The numbers that describe an IEEE format to the code below."""

    mantissa: int
    """Bits of the fraction, without the hidden one."""
    bias: int
    log2_high: float
    """log 2 rounded to few enough bits that k · log2_high is exact for every exponent k."""
    log2_low: float
    tiny: float
    """Below it in magnitude x² does not change 1 + x."""
    smallest_normal: float

    @property
    def magic(self) -> float:
        """Adding it rounds to an integer, which then stands in the low bits."""
        return 1.5 * 2.0**self.mantissa


FORMATS = {
    "double": Format(52, 1023, float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33"), 2.0**-54, 2.0**-1022),
    "float": Format(23, 127, float.fromhex("0x1.62ep-1"), float.fromhex("0x1.0bfbe8p-15"), 2.0**-25, 2.0**-126),
}


LONG = 10
"""Coefficients that one chain of multiplications and additions takes at most."""


def symbol_of(name: str, element: str, lanes: int) -> str:
    """The symbol a function is defined under: `pb.exp.f64x8`."""
    return f"pb.{name}.f{FLOATS[element]}x{lanes}"


class Arithmetic(Writer):
    """A writer for code on one element type and a number of lanes.

    Nothing is contracted behind its back (no fast-math flags): where a product and a sum are to be fused, the code says
    `fma` if the error of the product is relied upon, `fmuladd` if either will do."""

    def __init__(self, element: str, lanes: int) -> None:
        super().__init__()
        self.element = element
        self.lanes = lanes
        self.type = vector(element, lanes)
        self.integer = integer_type(self.type)
        self.format = FORMATS[element]
        self.single = element == "float"

    # ---- constants and bits

    def const(self, number: float) -> Value:
        return constant(self.type, number)

    def bits(self, x: Value) -> Value:
        return self.cast("bitcast", x, integer_type(x.type))

    def from_bits(self, bits: Value) -> Value:
        return self.cast("bitcast", bits, self.type)

    def to_integer(self, x: Value) -> Value:
        """|x| < 2^(mantissa - 1), an integer value: as an integer, also where the target has no such conversion."""
        shifted = self.bits(self.fadd(x, self.format.magic))
        return self.sub(shifted, self.magic_bits)

    def to_float(self, k: Value) -> Value:
        """The inverse of `to_integer`."""
        return self.fsub(self.from_bits(self.add(k, self.magic_bits)), self.format.magic)

    @property
    def magic_bits(self) -> int:
        return (self.format.bias + self.format.mantissa << self.format.mantissa) | 1 << (self.format.mantissa - 1)

    def round(self, x: Value) -> Value:
        """To the nearest integer, ties to even; for |x| < 2^(mantissa - 1)."""
        return self.fsub(self.fadd(x, self.format.magic), self.format.magic)

    def power_of_two(self, k: Value) -> Value:
        """2^k for an integer k within the range of normal numbers."""
        return self.from_bits(self.shl(self.add(k, self.format.bias), self.format.mantissa))

    def scale(self, x: Value, k: Value) -> Value:
        """x · 2^k for |k| up to twice the exponent range: in two steps, of which only the second can round."""
        half = self.ashr(k, 1)
        return self.fmul(self.fmul(x, self.power_of_two(half)), self.power_of_two(self.sub(k, half)))

    # ---- sums

    def polynomial(self, x: Value, coefficients: Sequence[float]) -> Value:
        """Horner's scheme; coefficients lowest power first. Long ones go in two chains, of even and of odd powers, because each
        step waits for the one before."""
        if len(coefficients) > LONG:
            square = self.fmul(x, x)
            even, odd = (self.polynomial(square, coefficients[k::2]) for k in (0, 1))
            return self.fmuladd(odd, x, even)
        result = self.const(coefficients[-1])
        for coefficient in reversed(coefficients[:-1]):
            result = self.fmuladd(result, x, coefficient)
        return result

    def two_sum(self, a: Operand, b: Operand) -> tuple[Value, Value]:
        """a + b and its rounding error, exactly (Knuth)."""
        total = self.fadd(a, b)
        b_part = self.fsub(total, a)
        a_part = self.fsub(total, b_part)
        return total, self.fadd(self.fsub(a, a_part), self.fsub(b, b_part))

    def fast_two_sum(self, a: Operand, b: Operand) -> tuple[Value, Value]:
        """As `two_sum`, for |a| ≥ |b| (Dekker)."""
        total = self.fadd(a, b)
        return total, self.fsub(b, self.fsub(total, a))

    def two_product(self, a: Operand, b: Operand) -> tuple[Value, Value]:
        """a · b and its rounding error, exactly."""
        product = self.fmul(a, b)
        return product, self.fma(a, b, self.fneg(product))

    # ---- comparisons

    def is_nan(self, x: Value) -> Value:
        return self.fcmp("uno", x, x)

    def sign_bit(self, x: Value) -> Value:
        """Whether the sign bit is set (true of -0)."""
        return self.icmp("slt", self.bits(x), 0)

    def minimum(self, a: Value, b: Operand) -> Value:
        """The smaller; `a` where it is NaN."""
        return self.select(self.fcmp("ogt", a, b), b, a)

    def maximum(self, a: Value, b: Operand) -> Value:
        """The larger; `a` where it is NaN."""
        return self.select(self.fcmp("olt", a, b), b, a)

    # ---- other functions

    def function_call(self, name: str, *arguments: Value) -> Value:
        """Another vector function, on the element type of the arguments, as part of this one."""
        symbol = symbol_of(name, self._element_of(arguments[0]), self.lanes)
        value = self.call(arguments[0].type, symbol, arguments)
        self.lines[-1] += " alwaysinline"
        return value

    def _element_of(self, value: Value) -> str:
        return "float" if value.type == with_scalar(self.type, "float") else "double"
