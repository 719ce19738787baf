"""Kernels as text: what is printed parses back, and what does not parse says where."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import SyntaxFault
from pullback.core.objects import BOOL, F32, F64, I32, I64, Scalar
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show

pytestmark = pytest.mark.slow  # together they take some seconds

CARRIERS = st.sampled_from([F64, F32, I64, I32, BOOL])
RINGS = st.sampled_from([F64, I32, Scalar("bit"), Scalar("z", 7), Scalar("sat", 4)])
# keywords of the text are names like any other; so is what is no identifier
WORDS = [
    "i", "x", "v3.at", "x'", "β", "for", "cell", "buffer", "if", "loop", "check", "read", "site", "true", "zero", "when",
    "over", "at", "into", "decision", "kernel",
    "copy", "fill", "swap", "parallel", "a b", "w[0]", "3", "inf", "nan", "else", "argmax",
]  # fmt: skip
NAMES = st.sampled_from(WORDS) | st.text("abx_.'", min_size=1)
LITERALS = st.one_of(
    st.builds(nest.Literal, st.floats(allow_nan=False), st.sampled_from([F64, F32])),
    st.builds(nest.Literal, st.just(math.nan), st.sampled_from([F64, F32])),
    st.builds(nest.Literal, st.integers(-(2**63), 2**63 - 1), st.just(I64)),
    st.builds(nest.Literal, st.integers(-5, 5), st.just(I32)),
    st.builds(nest.Literal, st.booleans(), st.just(BOOL)),
)
OPERANDS = NAMES | LITERALS
LISTS = st.lists(OPERANDS, max_size=3).map(tuple)
MAYBE = st.none() | OPERANDS
SIMPLE = st.one_of(
    st.builds(nest.Let, NAMES, CARRIERS, st.sampled_from(["fadd", "exp", "select", "imod"]), LISTS),
    st.builds(nest.Load, NAMES, CARRIERS, NAMES, LISTS, MAYBE),
    st.builds(nest.Store, NAMES, LISTS, OPERANDS),
    st.builds(nest.Accumulate, NAMES, LISTS, OPERANDS, RINGS, MAYBE),
    st.builds(nest.Cell, NAMES, CARRIERS, OPERANDS),
    st.builds(nest.Assign, NAMES, OPERANDS),
    st.builds(nest.Read, NAMES, CARRIERS, NAMES),
    st.builds(nest.Reduce, NAMES, st.sampled_from(["sum", "max", "argmin"]), OPERANDS, RINGS, st.none() | NAMES, MAYBE),
    st.builds(nest.Allocate, NAMES, CARRIERS, LISTS, st.booleans()),
    st.builds(nest.Fill, NAMES, OPERANDS),
    st.builds(nest.Copy, NAMES, NAMES),
    st.builds(nest.Swap, NAMES, NAMES),
    st.builds(nest.Check, OPERANDS, st.integers(0, 9), OPERANDS, OPERANDS),
)


def compound(inner):
    block = st.lists(inner, max_size=3).map(tuple)
    lanes = st.sampled_from([1, 8])
    return st.one_of(
        st.builds(nest.For, NAMES, OPERANDS, block, st.booleans(), st.booleans(), lanes),
        st.builds(nest.Loop, block, OPERANDS, block),
        st.builds(nest.If, OPERANDS, block, block),
    )


STATEMENTS = st.recursive(SIMPLE, compound, max_leaves=6)
PARAMETERS = st.lists(st.builds(nest.Array, NAMES, CARRIERS, LISTS) | st.builds(nest.Number, NAMES, CARRIERS), max_size=2)
KERNELS = st.builds(
    nest.Kernel, NAMES, PARAMETERS.map(tuple), st.lists(NAMES, max_size=2).map(tuple), PARAMETERS.map(tuple),
    st.lists(STATEMENTS, max_size=4).map(tuple),
    st.lists(st.builds(nest.Site, st.just("PB0701"), st.text(max_size=9)), max_size=2).map(tuple),
    st.just(()), st.lists(st.builds(nest.Decision, NAMES, st.text(max_size=9), st.text(max_size=9)), max_size=2).map(tuple),
)  # fmt: skip


@given(KERNELS)
def test_what_is_printed_parses_back(kernel):
    assert parse(show(kernel)) == kernel
    assert show(parse(show(kernel))) == show(kernel)


def test_the_text_reads_like_code(golden):
    golden(show(parse(EVERYTHING)))


EVERYTHING = """
# a comment
kernel everything(
    x: f64[n, 3], k: i64    # parameters may go over several lines
    ; n, m) -> (y: f64[n], s: f64) {
  site PB0701 "index \\"outside\\" its array"
  cell total: f64 = 0.0
  cell where: i64 = -1
  buffer t: f32[n, 2] zero
  fill y with 1e-05
  for i < n parallel lanes 4 {
    a: f64 = x[i, 0]
    b: f64 = x[i, k] when ok
    c: f64 = fmul(a, -2.5)
    y[i] = c
    y[0] += c over f64 when true
    total argmax= c over z<7> at i into where
    check ok site 0 (i, 3)
  }
  loop {
    r: f64 = read total
  } while ok {
    for j < 5_i32 backward {
      total := +inf
    }
    if ok {
      swap t, u
    } else {
      copy t from u
    }
  }
}
"""


@pytest.mark.parametrize("wrong, place, wanted", [
    ("kernel f() -> () {\n  x[i] = \n}", (2, 10), "a name"),
    ("kernel f() -> () {\n  x[i] = y z\n}", (2, 12), "one statement a line"),
    ("kernel f(x: f63) -> () {\n}", (1, 13), "unknown scalar"),
    ("kernel f() -> () {\n  t: f64 = 3\n}", (2, 12), "a name"),
    ("kernel f() -> () {\n  t: f64 = write c\n}", (2, 18), None),
    ("kernel f() -> () {\n  c := $\n}", (2, 8), "no token"),
    ("kernel f() -> () {\n  for i < n lanes 2.5 {\n  }\n}", (2, 19), "a whole number"),
    ("kernel f() -> () {\n  if c {\n}", (3, 2), "the end of the text"),
    ("kernel f() -> () {\n}\nkernel g", (3, 1), "its end"),
])  # fmt: skip
def test_a_fault_says_where(wrong, place, wanted):
    with pytest.raises(SyntaxFault) as fault:
        parse(wrong)
    assert fault.value.code == "PB0190"
    assert fault.value.span.line == place[0]
    assert wanted is None or wanted in fault.value.message, fault.value.message
