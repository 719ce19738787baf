"""The interpreter of circuits over z<n> and sat<n>, as LLVM text: for each block of samples, for each gate, all samples of it.

A gate is c₀ + c₁·a + c₂·b + c₃·a·b, or compares. Both semirings are quotients of the natural numbers: where the polynomial
fits, it is computed in those and reduced once, else after each product. That is mod n, by a multiplication, as n is known, or
cut off at n − 1."""

from __future__ import annotations

from ...core.objects import Scalar
from .memory import LINE
from .parts import block_loop, opening

COEFFICIENTS = 5
"""Numbers that tell a kind: the four of the polynomial, and 1 where it is none but compares."""

_STEP = 128
"""Bytes that a step of a gate takes: two registers of 512 bits."""

_FIELDS = ("code", "gates", "kinds", "memory", "stride", "in", "sources", "nsources", "out", "results", "nresults", "columns",
           "each", "blocks", "parts")  # fmt: skip
_POINTERS = ("code", "kinds", "memory", "in", "sources", "out", "results")


def text(symbol: str, ring: Scalar, size: int) -> str:
    """The module of ``symbol(environment, k)``: part k of the blocks, with its own memory. ``size``: bytes of an element."""
    e, lanes = f"i{8 * size}", _STEP // size
    v = f"<{lanes} x {e}>"
    coefficients = "\n".join(
        f"  %c{k}.at = getelementptr {e}, ptr %kind, i64 {k}\n  %c{k} = load {e}, ptr %c{k}.at" for k in range(COEFFICIENTS)
    )
    splats = "\n".join(
        f"  %s{k}.one = insertelement {v} poison, {e} %c{k}, i64 0\n"
        f"  %s{k} = shufflevector {v} %s{k}.one, {v} poison, <{lanes} x i32> zeroinitializer"
        for k in range(COEFFICIENTS - 1)
    )
    return f"""\
define void @{symbol}(ptr %environment, i64 %k) nounwind {{
entry:
{opening(_FIELDS, _POINTERS)}
  %offset = mul i64 %k, %stride
  %mem = getelementptr i8, ptr %memory, i64 %offset
  %row = mul i64 %each, {size}
  br label %block
{block_loop("entry", "%each", e, "%row", f"  %bytes = mul i64 %here, {size}")}
  call void @llvm.memcpy.p0.p0.i64(ptr align {LINE} %s.target, ptr align {size} %s.source, i64 %bytes, i1 false)
  br label %taken
run:
  %g = phi i64 [ 0, %take ], [ %g.next, %gate.done ]
  %g.more = icmp ult i64 %g, %gates
  br i1 %g.more, label %gate, label %give
gate:
  %g.next = add i64 %g, 1
  %word = mul i64 %g, 4
{_place("op", 0)}
{_place("a", 1)}
{_place("b", 2)}
{_place("o", 3)}
  %kind.number = mul i64 %op.wide, {COEFFICIENTS}
  %kind = getelementptr {e}, ptr %kinds, i64 %kind.number
{_pointer("a")}
{_pointer("b")}
{_pointer("o")}
{coefficients}
{splats}
  %compares = icmp ne {e} %c4, 0
  br i1 %compares, label %compare, label %polynomial
{_loop("compare", v, _compared(v, lanes))}
{_loop("polynomial", v, _polynomial(v, ring, size, lanes))}
gate.done:
  br label %run
give:
  %r = phi i64 [ 0, %run ], [ %r.next, %give.one ]
  %r.more = icmp ult i64 %r, %nresults
  br i1 %r.more, label %give.one, label %done
give.one:
  %r.next = add i64 %r, 1
  %r.at = getelementptr i32, ptr %results, i64 %r
  %r.place = load i32, ptr %r.at
  %r.wide = sext i32 %r.place to i64
  %r.bytes = mul i64 %r.wide, %row
  %r.source = getelementptr i8, ptr %mem, i64 %r.bytes
  %r.row = mul i64 %r, %columns
  %r.to = add i64 %r.row, %from
  %r.target = getelementptr {e}, ptr %out, i64 %r.to
  call void @llvm.memcpy.p0.p0.i64(ptr align {size} %r.target, ptr align {LINE} %r.source, i64 %bytes, i1 false)
  br label %give
done:
  %n.next = add i64 %n, 1
  br label %block
leave:
  ret void
}}
declare i64 @llvm.umin.i64(i64, i64)
declare {v} @llvm.umin.v{lanes}{e}({v}, {v})
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""


def _place(name: str, k: int) -> str:
    return f"""\
  %{name}.number = add i64 %word, {k}
  %{name}.at = getelementptr i32, ptr %code, i64 %{name}.number
  %{name}.place = load i32, ptr %{name}.at
  %{name}.wide = zext i32 %{name}.place to i64"""


def _pointer(name: str) -> str:
    return f"  %{name}.bytes = mul i64 %{name}.wide, %row\n  %{name} = getelementptr i8, ptr %mem, i64 %{name}.bytes"


def _loop(name: str, v: str, body: str) -> str:
    """The samples of a gate, step by step; ``body`` makes %NAME.result of %NAME.x and %NAME.y."""
    p = f"%{name}"
    return f"""\
{name}:
  {p}.n = phi i64 [ 0, %gate ], [ {p}.next, %{name} ]
  {p}.a = getelementptr i8, ptr %a, i64 {p}.n
  {p}.b = getelementptr i8, ptr %b, i64 {p}.n
  {p}.o = getelementptr i8, ptr %o, i64 {p}.n
  {p}.x = load {v}, ptr {p}.a, align {LINE}
  {p}.y = load {v}, ptr {p}.b, align {LINE}
{body}
  store {v} {p}.result, ptr {p}.o, align {LINE}
  {p}.next = add i64 {p}.n, {_STEP}
  {p}.more = icmp ult i64 {p}.next, %row
  br i1 {p}.more, label %{name}, label %gate.done"""


def _compared(v: str, lanes: int) -> str:
    return f"  %equal = icmp eq {v} %compare.x, %compare.y\n  %compare.result = zext <{lanes} x i1> %equal to {v}"


def _polynomial(v: str, ring: Scalar, size: int, lanes: int) -> str:
    """Reduced at the end, or wherever the next product would not fit."""
    n = ring.modulus or 2
    top = n - 1
    early = top + 2 * top**2 + top**3 >= 1 << 8 * size
    lines: list[str] = []

    def reduced(name: str, of: str) -> str:
        lines.append(f"  %{name} = urem {v} {of}, splat (i{8 * size} {n})" if ring.kind == "z" else
                     f"  %{name} = call {v} @llvm.umin.v{lanes}i{8 * size}({v} {of}, {v} splat (i{8 * size} {top}))")
        return f"%{name}"

    def made(name: str, op: str, left: str, right: str) -> str:
        lines.append(f"  %{name} = {op} {v} {left}, {right}")
        return reduced(f"{name}.reduced", f"%{name}") if early and op == "mul" else f"%{name}"

    x, y = "%polynomial.x", "%polynomial.y"
    both = made("p3", "mul", "%s3", made("p", "mul", x, y))
    left, right = made("p1", "mul", "%s1", x), made("p2", "mul", "%s2", y)
    total = made("t3", "add", made("t2", "add", made("t1", "add", "%s0", left), right), both)
    reduced("polynomial.result", total)
    return "\n".join(lines)
