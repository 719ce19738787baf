"""Straight-line machine code run on blocks of samples, which threads share.

A block is some rows of as many samples as a register has bits; in a row the slots of the code are neighbours.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .assembler import TUNED, Straight
from .memory import aligned
from .parts import Part, block_loop, opening, part, rest, share


def run_straight(s: Straight, inputs: NDArray[np.uint64], results: NDArray[np.uint64], threads: int | None) -> None:
    """Fill the results [results, words] for sources [sources, words]."""
    words = inputs.shape[1]
    stride, each = s.slots * s.width, s.width // 8
    tuning = TUNED[s.width]
    least, most = tuning.rows
    rows = min(max(tuning.cached // stride, least), most, -(-words // each))
    blocks = -(-words // (each * rows))
    parts, helpers = share(blocks, words * s.gates, threads)
    memory, start = aligned(parts * rows * stride)
    environment = [s.code.address, start, stride, rows, inputs.ctypes.data, s.sources.ctypes.data, len(s.sources),
              results.ctypes.data, s.results.ctypes.data, len(s.results), words, blocks, parts]  # fmt: skip
    _part(s.width).run(environment, parts, helpers)
    del memory  # it lived until here


# -- what is around the code -------------------------------------------------------------------------------------------
_FIELDS = ("code", "memory", "stride", "rows", "in", "sources", "nsources", "out", "results", "nresults", "columns", "blocks",
           "parts")  # fmt: skip
_POINTERS = ("code", "memory", "in", "sources", "out", "results")


def _text(width: int) -> str:
    """The module of `pb.bits.straight.WIDTH(environment, k)`: part k of the blocks, with its own memory."""
    words = width // 8
    more = f"""\
  %full = udiv i64 %here, {words}
  %over = urem i64 %here, {words}
  %any.over = icmp ne i64 %over, 0
  %over.bytes = shl i64 %over, 3
  %one.more = zext i1 %any.over to i64
  %count = add i64 %full, %one.more"""
    return f"""\
define void @pb.bits.straight.{width}(ptr %environment, i64 %k) nounwind {{
entry:
{opening(_FIELDS, _POINTERS)}
  %size = mul i64 %stride, %rows
  %offset = mul i64 %k, %size
  %mem = getelementptr i8, ptr %memory, i64 %offset
  %block.words = mul i64 %rows, {words}
  br label %zero
zero:
  %z = phi i64 [ 0, %entry ], [ %z.next, %zero ]
  %z.bytes = mul i64 %z, %stride
  %z.at = getelementptr i8, ptr %mem, i64 %z.bytes
  store <{words} x i64> zeroinitializer, ptr %z.at, align {width}
  %z.next = add i64 %z, 1
  %z.more = icmp ult i64 %z.next, %rows
  br i1 %z.more, label %zero, label %block
{block_loop("zero", "%block.words", "i64", str(width), more)}
  br label %take.next
take.next:
  %t = phi i64 [ 0, %take.read ], [ %t.next, %take.full ]
  %t.more = icmp ult i64 %t, %full
  %t.words = mul i64 %t, {words}
  %t.source = getelementptr i64, ptr %s.source, i64 %t.words
  %t.bytes = mul i64 %t, %stride
  %t.target = getelementptr i8, ptr %s.target, i64 %t.bytes
  br i1 %t.more, label %take.full, label %take.over
take.full:
  %t.value = load <{words} x i64>, ptr %t.source, align 8
  store <{words} x i64> %t.value, ptr %t.target, align {width}
  %t.next = add i64 %t, 1
  br label %take.next
take.over:
  br i1 %any.over, label %take.rest, label %taken
take.rest:
  call void @llvm.memcpy.p0.p0.i64(ptr %t.target, ptr %t.source, i64 %over.bytes, i1 false)
  br label %taken
run:
  call void %code(ptr %mem, i64 %count, i64 %stride)
  br label %give
give:
  %r = phi i64 [ 0, %run ], [ %r.next, %given ]
  %r.more = icmp ult i64 %r, %nresults
  br i1 %r.more, label %give.one, label %done
give.one:
  %r.next = add i64 %r, 1
  %r.at = getelementptr i32, ptr %results, i64 %r
  %r.literal = load i32, ptr %r.at
  %r.sign = and i32 %r.literal, 1
  %r.wide = sext i32 %r.sign to i64
  %r.mask = sub i64 0, %r.wide
  %m.one = insertelement <{words} x i64> poison, i64 %r.mask, i64 0
  %m = shufflevector <{words} x i64> %m.one, <{words} x i64> poison, <{words} x i32> zeroinitializer
  %r.place = lshr i32 %r.literal, 1
  %r.index = zext i32 %r.place to i64
  %r.bytes = mul i64 %r.index, {width}
  %r.slot = getelementptr i8, ptr %mem, i64 %r.bytes
  %r.row = mul i64 %r, %columns
  %r.to = add i64 %r.row, %from
  %r.target = getelementptr i64, ptr %out, i64 %r.to
  br label %give.next
give.next:
  %g = phi i64 [ 0, %give.one ], [ %g.next, %give.full ]
  %g.more = icmp ult i64 %g, %full
  %g.words = mul i64 %g, {words}
  %g.target = getelementptr i64, ptr %r.target, i64 %g.words
  %g.bytes = mul i64 %g, %stride
  %g.source = getelementptr i8, ptr %r.slot, i64 %g.bytes
  br i1 %g.more, label %give.full, label %give.over
give.full:
  %g.value = load <{words} x i64>, ptr %g.source, align {width}
  %g.signed = xor <{words} x i64> %g.value, %m
  store <{words} x i64> %g.signed, ptr %g.target, align 8
  %g.next = add i64 %g, 1
  br label %give.next
give.over:
  br i1 %any.over, label %give.rest, label %given
{rest("give.over", "g.source", "g.target", "over")}
given:
  br label %give
done:
  %n.next = add i64 %n, 1
  br label %block
leave:
  ret void
}}
declare i64 @llvm.umin.i64(i64, i64)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
"""


@cache
def _part(width: int) -> Part:
    return part(f"pb.bits.straight.{width}", _text(width))
