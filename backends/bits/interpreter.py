"""An interpreter of plans, written as LLVM text and compiled once: for each block of samples, for each run, for each gate.

A block is some words of 64 samples to a place, so many that all places stay in the fast caches. The gates of a run are of one
kind, so that what a gate costs is two loads and a store of a few registers. Blocks are independent: threads share them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .memory import LINE, aligned
from .parts import Part, block_loop, opening, part, rest, share
from .plan import AND, BUT, OR, XOR, Runs

SIZES = (64, 32, 16)
"""Words that a place can have in a block: 512, 256 or 128 bytes."""

CACHED = 48 << 10
"""Bytes that all places together should not exceed, if they need not: about what is nearest to the processor."""


def interpret(p: Runs, inputs: NDArray[np.uint64], results: NDArray[np.uint64], threads: int | None) -> None:
    """Fill the results [results, words] for sources [sources, words]."""
    words = inputs.shape[1]
    size = next((s for s in SIZES if 8 * s * p.places <= CACHED), SIZES[-1])
    blocks = -(-words // size)
    parts, helpers = share(blocks, words * p.gates, threads)
    memory, start = aligned(parts * p.places * size * 8)
    environment = [p.code.ctypes.data, len(p.code), start, p.places * size * 8, inputs.ctypes.data,
                   p.sources.ctypes.data, len(p.sources), results.ctypes.data, p.results.ctypes.data, len(p.results),
                   words, blocks, parts]  # fmt: skip
    _part(size).run(environment, parts, helpers)
    del memory  # it lived until here


@cache
def _part(words: int) -> Part:
    return part(f"pb.bits.interpret.{words}", text(words))


# -- its text ----------------------------------------------------------------------------------------------------------
_GATES = {
    AND: ["and {t} %a, %b"],
    BUT: ["xor {t} %b, splat (i64 -1)", "and {t} %a, %1"],
    OR: ["or {t} %a, %b"],
    XOR: ["xor {t} %a, %b"],
}
"""The instructions of the kinds; %1 is the result of the first."""

_FIELDS = ("code", "length", "memory", "stride", "in", "sources", "nsources", "out", "results", "nresults", "columns", "blocks",
           "parts")  # fmt: skip
_POINTERS = ("code", "memory", "in", "sources", "out", "results")


def text(words: int) -> str:
    """The module of `pb.bits.interpret.WORDS(environment, k)`: part k of the blocks, with its own memory."""
    row = 8 * words
    cases = "\n".join(f"    i32 {k}, label %kind{k}" for k in _GATES)
    kinds = "\n".join(_kind(k, words) for k in _GATES)
    more = f"  %bytes = shl i64 %here, 3\n  %full = icmp eq i64 %here, {words}"
    return f"""\
define void @pb.bits.interpret.{words}(ptr %environment, i64 %k) nounwind {{
entry:
{opening(_FIELDS, _POINTERS)}
  %offset = mul i64 %k, %stride
  %mem = getelementptr i8, ptr %memory, i64 %offset
  %end = getelementptr i32, ptr %code, i64 %length
  call void @llvm.memset.p0.i64(ptr align {LINE} %mem, i8 0, i64 {row}, i1 false)
  br label %block
{block_loop("entry", str(words), "i64", str(row), more)}
  br i1 %full, label %take.full, label %take.rest
take.full:
  call void @llvm.memcpy.p0.p0.i64(ptr align {LINE} %s.target, ptr align 8 %s.source, i64 {row}, i1 false)
  br label %taken
take.rest:
  call void @llvm.memcpy.p0.p0.i64(ptr align {LINE} %s.target, ptr align 8 %s.source, i64 %bytes, i1 false)
  br label %taken
run:
  %at = phi ptr [ %code, %take ], {", ".join(f"[ %k{k}.next, %kind{k}.gate ]" for k in _GATES)}
  %ended = icmp eq ptr %at, %end
  br i1 %ended, label %give, label %fetch
fetch:
  %kind = load i32, ptr %at
  %many.at = getelementptr i32, ptr %at, i64 1
  %many = load i32, ptr %many.at
  %gates = getelementptr i32, ptr %at, i64 2
  %many.wide = sext i32 %many to i64
  %words.of = mul i64 %many.wide, 3
  %over = getelementptr i32, ptr %gates, i64 %words.of
  switch i32 %kind, label %never [
{cases}
  ]
never:
  unreachable
{kinds}
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
  %r.place = lshr i32 %r.literal, 1
  %r.index = zext i32 %r.place to i64
  %r.bytes = mul i64 %r.index, {row}
  %r.source = getelementptr i8, ptr %mem, i64 %r.bytes
  %r.row = mul i64 %r, %columns
  %r.to = add i64 %r.row, %from
  %r.target = getelementptr i64, ptr %out, i64 %r.to
  br i1 %full, label %give.full, label %give.rest
give.full:
  %m.one = insertelement <{words} x i64> poison, i64 %r.mask, i64 0
  %m = shufflevector <{words} x i64> %m.one, <{words} x i64> poison, <{words} x i32> zeroinitializer
  %r.all = load <{words} x i64>, ptr %r.source, align {LINE}
  %r.signed = xor <{words} x i64> %r.all, %m
  store <{words} x i64> %r.signed, ptr %r.target, align 8
  br label %given
{rest("give.one", "r.source", "r.target", "here")}
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
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
"""


_STEP = 16
"""Words that one step of a gate takes: four registers of 256 bits, two of 512."""


def _kind(kind: int, words: int) -> str:
    """The loop over the gates of a run; each is unrolled."""
    p = f"%k{kind}"
    lines = [f"kind{kind}:", f"  br label %kind{kind}.gate", f"kind{kind}.gate:"]
    lines += [f"  {p}.at = phi ptr [ %gates, %kind{kind} ], [ {p}.next, %kind{kind}.gate ]"]
    for n, wire in enumerate("abo"):
        lines += [
            f"  {p}.{wire}.at = getelementptr i32, ptr {p}.at, i64 {n}",
            f"  {p}.{wire}.place = load i32, ptr {p}.{wire}.at",
            f"  {p}.{wire}.wide = zext i32 {p}.{wire}.place to i64",
            f"  {p}.{wire}.row = mul i64 {p}.{wire}.wide, {8 * words}",
            f"  {p}.{wire} = getelementptr i8, ptr %mem, i64 {p}.{wire}.row",
        ]
    for k in range(0, words, _STEP):
        lines += _step(kind, p, k)
    return "\n".join([
        *lines,
        f"  {p}.next = getelementptr i32, ptr {p}.at, i64 3",
        f"  {p}.over = icmp eq ptr {p}.next, %over",
        f"  br i1 {p}.over, label %run, label %kind{kind}.gate",
    ])  # fmt: skip


def _step(kind: int, p: str, k: int) -> list[str]:
    type, lines = f"<{_STEP} x i64>", []
    for wire in "ab":
        lines += [
            f"  {p}.{wire}.{k}.at = getelementptr i64, ptr {p}.{wire}, i64 {k}",
            f"  {p}.{wire}.{k} = load {type}, ptr {p}.{wire}.{k}.at, align {LINE}",
        ]
    value = ""
    for n, instruction in enumerate(_GATES[kind], start=1):
        text = instruction.format(t=type).replace("%a", f"{p}.a.{k}").replace("%b", f"{p}.b.{k}").replace("%1", f"{p}.{k}.1")
        value = f"{p}.{k}.{n}"
        lines.append(f"  {value} = {text}")
    return [
        *lines,
        f"  {p}.o.{k}.at = getelementptr i64, ptr {p}.o, i64 {k}",
        f"  store {type} {value}, ptr {p}.o.{k}.at, align {LINE}",
    ]
