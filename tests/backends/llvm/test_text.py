"""LLVM accepts what the writer writes, and constants are exact."""

import ctypes
import math

import numpy as np
import pytest

from pullback.backends.llvm import jit
from pullback.backends.llvm.text import Value, Writer, constant, integer_type, intrinsic_suffix, lanes_of, scalar_of, vector


def run(w, *arguments, result="double"):
    """Compile the body as a function of doubles and call it."""
    parameters = [Value("double", f"%x{k}") for k in range(len(arguments))]
    loaded = jit.load(jit.object_code(w.function("f", parameters, result)), ["f"])
    kind = {"double": ctypes.c_double, "i64": ctypes.c_int64}[result]
    return ctypes.CFUNCTYPE(kind, *[ctypes.c_double] * len(arguments))(loaded["f"])(*arguments)


@pytest.mark.parametrize("number", [0.0, -0.0, 0.1, -1e300, 5e-324, math.inf, -math.inf, math.pi])
def test_float_constants_are_exact(number):
    w = Writer()
    w.ret(constant("double", number))
    result = run(w)
    assert result == number and math.copysign(1, result) == math.copysign(1, number)


@pytest.mark.parametrize("type", ["half", "bfloat", "float"])
@pytest.mark.parametrize("number", [0.1, 1.0, -3.14159, 1e-5, 65504.0, 1e30, math.inf])
def test_narrow_constants_are_rounded_to_nearest(type, number):
    if type == "half" and number == 1e30:
        number = 6e4
    w = Writer()
    w.ret(w.cast("fpext", constant(type, number), "double"))
    bits = np.array(number, np.float32).view(np.uint32)
    as_bfloat = float(np.array(((int(bits) + 0x7FFF + (int(bits) >> 16 & 1)) >> 16) << 16, np.uint32).view(np.float32))
    with np.errstate(over="ignore"):
        half = float(np.float16(number))
    wanted = {"half": half, "float": float(np.float32(number)), "bfloat": as_bfloat}[type]
    assert run(w) == wanted


def test_nan_constants():
    for type in ("half", "bfloat", "float", "double"):
        w = Writer()
        w.ret(w.cast("fpext", constant(type, math.nan), "double"))
        assert math.isnan(run(w))


def test_integer_constants_take_whole_numbers_only():
    assert constant("i64", 3) == Value("i64", "3") and constant("i1", True) == Value("i1", "true")
    assert constant("<4 x i32>", -1) == Value("<4 x i32>", "splat (i32 -1)")
    with pytest.raises(ValueError, match="not a constant of type i32"):
        constant("i32", 0.5)


def test_types_are_taken_apart_and_put_together():
    assert vector("double", 1) == "double" and vector("float", 8) == "<8 x float>"
    assert scalar_of("<8 x float>") == "float" and lanes_of("<8 x float>") == 8 and lanes_of("ptr") == 1
    assert integer_type("<8 x float>") == "<8 x i32>" and integer_type("double") == "i64"
    suffixes = [intrinsic_suffix(t) for t in ("double", "<8 x float>", "i32", "ptr", "bfloat")]
    assert suffixes == ["f64", "v8f32", "i32", "p0", "bf16"]


def test_loops_phis_and_stack_memory():
    """Σ_{i<10} x·i through memory; the alloca stands in the entry block though written inside the loop."""
    w, x = Writer(), Value("double", "%x0")
    loop, done = w.new_label("loop"), w.new_label("done")
    w.branch(loop)
    w.label(loop)
    i = w.phi("i64", [(0, "entry")])
    total = w.phi("double", [(0.0, "entry")])
    place = w.alloca("double")
    w.store(w.fmul(x, w.instruction("double", f"sitofp {i} to double")), place)
    following, added = w.add(i, 1), w.fadd(total, w.load("double", place))
    w.add_incoming(i, following, loop)
    w.add_incoming(total, added, loop)
    w.branch_if(w.icmp("eq", following, 10), done, loop)
    w.label(done)
    w.ret(added)
    assert run(w, 2.0) == 90.0


def test_labels_are_new_each_time():
    w = Writer()
    assert [w.new_label("a"), w.new_label("a"), w.new_label("b")] == ["a", "a.1", "b"]


def test_vector_operations():
    w, x = Writer("contract"), Value("double", "%x0")
    lanes = w.insert(w.splat(x, 4), constant("double", 10.0), 2)
    lanes = w.fmuladd(lanes, 2.0, 1.0)
    lanes = w.select(w.fcmp("ogt", lanes, 20.0), w.fneg(lanes), w.sqrt(lanes))
    w.ret(w.fadd(w.extract(lanes, 2), w.extract(lanes, 0)))
    assert run(w, 4.0) == -21.0 + 3.0


def test_integer_and_bit_operations():
    w, x = Writer(), Value("double", "%x0")
    bits = w.cast("bitcast", x, "i64")
    w.ret(w.xor(w.or_(w.and_(w.lshr(bits, 52), 0x7FF), w.shl(constant("i64", 1), 20)), 0))
    assert run(w, 2.0, result="i64") == 1024 | 1 << 20


def test_two_bare_numbers_have_no_type():
    with pytest.raises(TypeError, match="two bare numbers"):
        Writer().fadd(1.0, 2.0)


def test_flags_are_on_floating_point_only_and_can_be_overridden():
    w, x = Writer("contract"), Value("double", "%x")
    w.fmul(x, x)
    w.fmul(x, x, flags="")
    w.add(Value("i64", "%i"), 1)
    w.fma(x, x, x)
    assert [line.split("=")[1].split()[:2] for line in w.lines] == [
        ["fmul", "contract"], ["fmul", "double"], ["add", "i64"], ["call", "double"],
    ]  # fmt: skip
