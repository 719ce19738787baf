"""An interpreter of plans, written as LLVM text and compiled once: for each block of samples, for each gate, a vector loop.

A block is `WORDS` words of 64 samples. The sixteen gates are sixteen loops behind one `switch`; what is read is in a cache, so
a gate costs about two loads and a store of a register each.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cache import Cache
from ..llvm.jit import Options, kept_object_code, load
from ..llvm.target import host
from .plan import Plan

WORDS = 64
"""Words in a block: 4096 samples, half a kilobyte for each place."""

_SYMBOL = "pb.bits.interpret"


def run(p: Plan, inputs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The results of a plan, [results, words], for sources [sources, words], 64 samples in a word."""
    words = inputs.shape[1]
    inputs = np.ascontiguousarray(inputs, dtype=np.uint64)
    results = np.empty((len(p.results), words), dtype=np.uint64)
    memory = np.empty((p.places + 1, WORDS), dtype=np.uint64)
    function = _function()
    if words:
        function(
            p.code.ctypes.data,
            len(p.code),
            memory.ctypes.data,
            inputs.ctypes.data,
            p.sources.ctypes.data,
            len(p.sources),
            results.ctypes.data,
            p.results.ctypes.data,
            len(p.results),
            words,
            0,
            -(-words // WORDS),
        )
    return results


@cache
def _function() -> Any:
    code = kept_object_code(text(), Options(level=3), host(), Cache.default())
    loaded = load(code, [_SYMBOL])
    kind = ctypes.CFUNCTYPE(
        None,
        *(
            [ctypes.c_void_p, ctypes.c_int64]
            + [ctypes.c_void_p] * 3
            + [ctypes.c_int64]
            + [ctypes.c_void_p] * 2
            + [ctypes.c_int64] * 4
        ),
    )
    function = kind(loaded[_SYMBOL])
    function.keeps = loaded  # type: ignore[attr-defined]
    return function


def text() -> str:
    """The interpreter's module."""
    cases = "\n".join(f"    i32 {k}, label %gate{k}" for k in range(16))
    gates = "\n".join(_gate(k) for k in range(16))
    return f"""\
define void @{_SYMBOL}(ptr noalias readonly %code, i64 %gates, ptr noalias %memory, ptr noalias readonly %in,
    ptr readonly %sources, i64 %nsources, ptr noalias %out, ptr readonly %results,
    i64 %nresults, i64 %words, i64 %first, i64 %last) nounwind {{
entry:
  br label %block
block:
  %k = phi i64 [ %first, %entry ], [ %k.next, %done ]
  %more = icmp slt i64 %k, %last
  br i1 %more, label %begin, label %leave
begin:
  %from = mul i64 %k, {WORDS}
  %rest = sub i64 %words, %from
  %here = call i64 @llvm.smin.i64(i64 %rest, i64 {WORDS})
  %bytes = shl i64 %here, 3
  br label %take
take:
  %s = phi i64 [ 0, %begin ], [ %s.next, %take.one ]
  %s.more = icmp slt i64 %s, %nsources
  br i1 %s.more, label %take.one, label %gate.next
take.one:
  %s.at = getelementptr i32, ptr %sources, i64 %s
  %s.place = load i32, ptr %s.at
  %s.wide = sext i32 %s.place to i64
  %s.row = mul i64 %s, %words
  %s.from = add i64 %s.row, %from
  %s.source = getelementptr i64, ptr %in, i64 %s.from
  %s.words = mul i64 %s.wide, {WORDS}
  %s.target = getelementptr i64, ptr %memory, i64 %s.words
  call void @llvm.memcpy.p0.p0.i64(ptr %s.target, ptr %s.source, i64 %bytes, i1 false)
  %s.next = add i64 %s, 1
  br label %take
gate.next:
  %g = phi i64 [ 0, %take ], {", ".join(f"[ %g.after, %end{k} ]" for k in range(16))}
  %g.more = icmp slt i64 %g, %gates
  br i1 %g.more, label %fetch, label %give
fetch:
  %g.after = add i64 %g, 1
  %row = getelementptr [4 x i32], ptr %code, i64 %g
  %row.a = getelementptr i32, ptr %row, i64 1
  %row.b = getelementptr i32, ptr %row, i64 2
  %row.o = getelementptr i32, ptr %row, i64 3
  %op = load i32, ptr %row
  %a.place = load i32, ptr %row.a
  %b.place = load i32, ptr %row.b
  %o.place = load i32, ptr %row.o
  %a.wide = sext i32 %a.place to i64
  %b.wide = sext i32 %b.place to i64
  %o.wide = sext i32 %o.place to i64
  %a.row = mul i64 %a.wide, {8 * WORDS}
  %b.row = mul i64 %b.wide, {8 * WORDS}
  %o.row = mul i64 %o.wide, {8 * WORDS}
  %pa = getelementptr i8, ptr %memory, i64 %a.row
  %pb = getelementptr i8, ptr %memory, i64 %b.row
  %po = getelementptr i8, ptr %memory, i64 %o.row
  switch i32 %op, label %never [
{cases}
  ]
never:
  unreachable
{gates}
give:
  %r = phi i64 [ 0, %gate.next ], [ %r.next, %give.one ]
  %r.more = icmp slt i64 %r, %nresults
  br i1 %r.more, label %give.one, label %done
give.one:
  %r.at = getelementptr i32, ptr %results, i64 %r
  %r.place = load i32, ptr %r.at
  %r.wide = sext i32 %r.place to i64
  %r.words = mul i64 %r.wide, {WORDS}
  %r.source = getelementptr i64, ptr %memory, i64 %r.words
  %r.row = mul i64 %r, %words
  %r.to = add i64 %r.row, %from
  %r.target = getelementptr i64, ptr %out, i64 %r.to
  call void @llvm.memcpy.p0.p0.i64(ptr %r.target, ptr %r.source, i64 %bytes, i1 false)
  %r.next = add i64 %r, 1
  br label %give
done:
  %k.next = add i64 %k, 1
  br label %block
leave:
  ret void
}}
declare i64 @llvm.smin.i64(i64, i64)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""


_CHUNK = 16
"""Words that one step of a gate's loop takes: four registers of 256 bits, two of 512."""


def _gate(op: int) -> str:
    """The loop of one gate over the words of a block, unrolled."""
    type, lines = f"<{_CHUNK} x i64>", [f"gate{op}:"]
    for k in range(0, WORDS, _CHUNK):
        lines += _chunk(op, k, type)
    return "\n".join([*lines, f"  br label %end{op}", f"end{op}:", "  br label %gate.next"])


def _chunk(op: int, k: int, type: str) -> list[str]:
    prefix, lines = f"%g{op}.{k}", []
    if op & 0b1010:
        lines += [
            f"  {prefix}.pa = getelementptr i64, ptr %pa, i64 {k}",
            f"  {prefix}.a = load {type}, ptr {prefix}.pa, align 8",
        ]
    if op & 0b1100:
        lines += [
            f"  {prefix}.pb = getelementptr i64, ptr %pb, i64 {k}",
            f"  {prefix}.b = load {type}, ptr {prefix}.pb, align 8",
        ]
    ones = "splat (i64 -1)"
    terms = [f"{prefix}.a"] if op & 2 else []
    terms += [f"{prefix}.b"] if op & 4 else []
    if op & 8:
        lines.append(f"  {prefix}.ab = and {type} {prefix}.a, {prefix}.b")
        terms.append(f"{prefix}.ab")
    if op & 1:
        terms.append(ones)
    value = terms[0] if terms else "zeroinitializer"
    for n, term in enumerate(terms[1:]):
        lines.append(f"  {prefix}.x{n} = xor {type} {value}, {term}")
        value = f"{prefix}.x{n}"
    return [
        *lines,
        f"  {prefix}.po = getelementptr i64, ptr %po, i64 {k}",
        f"  store {type} {value}, ptr {prefix}.po, align 8",
    ]
