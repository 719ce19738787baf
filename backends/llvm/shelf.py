"""The shelf: a few places where kernels put memory that they no longer need, and look before they ask the system for some.

A gradient that keeps its states has megabytes for a millisecond. What the C library gets from the system for them it soon gives
back, so that each call would wait for new pages: about 0.3 ns for each byte, often more than what is computed costs. So blocks
of `LEAST` to `MOST` bytes are put on the shelf, where there is room, and taken from it by whoever needs nearly as much.

Kernels do both by themselves (`pb.allocate`, `pb.release`): the shelf is an array of words that they know as `pb.shelf`, first
how many places there are, then the places. A place is emptied and filled by one atomic exchange, so that a block belongs to
one thread at a time, or to the shelf. There is one in a process; what lies there at its end is not given back. With
`PULLBACK_SHELF=off` it has no places, and kernels give all memory back.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache

__all__ = ["LEAST", "MOST", "PLACES", "RUNTIME", "address"]

PLACES = 8

LEAST, MOST = 1 << 17, 1 << 24
"""Bytes of a block on the shelf. Smaller ones the C library keeps itself, larger ones would be much to hold."""


@cache
def address() -> int:
    """Of this process's shelf."""
    return ctypes.addressof(_words())


@cache
def _words() -> ctypes.Array[ctypes.c_int64]:
    return (ctypes.c_int64 * (1 + PLACES))(0 if os.environ.get("PULLBACK_SHELF") == "off" else PLACES)


_ALLOCATE = f"""\
declare ptr @malloc(i64)
@pb.shelf = external global [{1 + PLACES} x i64]

; 64-byte aligned memory, or null; in the words before it how much was asked for, and what malloc gave
define internal noalias ptr @pb.allocate(i64 %bytes) noinline nounwind {{
entry:
  %large = icmp uge i64 %bytes, {LEAST}
  %few = icmp ule i64 %bytes, {MOST}
  %shelved = and i1 %large, %few
  br i1 %shelved, label %look, label %new
look:
  %places = load i64, ptr @pb.shelf
  %some = icmp sgt i64 %places, 0
  br i1 %some, label %each, label %new
each:
  %k = phi i64 [ 1, %look ], [ %next, %on ]
  %place = getelementptr i64, ptr @pb.shelf, i64 %k
  %found = atomicrmw xchg ptr %place, i64 0 acq_rel
  %nothing = icmp eq i64 %found, 0
  br i1 %nothing, label %on, label %measure
measure:
  %block = inttoptr i64 %found to ptr
  %where = getelementptr i8, ptr %block, i64 -16
  %size = load i64, ptr %where
  %enough = icmp uge i64 %size, %bytes
  %half = lshr i64 %size, 1
  %near = icmp ule i64 %half, %bytes
  %fits = and i1 %enough, %near
  br i1 %fits, label %take, label %back
take:
  ret ptr %block
back:
  %pair = cmpxchg ptr %place, i64 0, i64 %found acq_rel acquire
  %put = extractvalue {{ i64, i1 }} %pair, 1
  br i1 %put, label %on, label %drop
drop:
  %old = getelementptr i8, ptr %block, i64 -8
  %gone = load ptr, ptr %old
  call void @free(ptr %gone)
  br label %on
on:
  %next = add i64 %k, 1
  %more = icmp sle i64 %next, %places
  br i1 %more, label %each, label %new
new:
  %all = call i64 @llvm.uadd.sat.i64(i64 %bytes, i64 80)
  %raw = call ptr @malloc(i64 %all)
  %none = icmp eq ptr %raw, null
  br i1 %none, label %failed, label %align
align:
  %past = getelementptr i8, ptr %raw, i64 79
  %aligned = call ptr @llvm.ptrmask.p0.i64(ptr %past, i64 -64)
  %word = getelementptr i8, ptr %aligned, i64 -8
  store ptr %raw, ptr %word
  %length = getelementptr i8, ptr %aligned, i64 -16
  store i64 %bytes, ptr %length
  ret ptr %aligned
failed:
  ret ptr null
}}
"""

_RELEASE = f"""\
declare void @free(ptr)

; The block goes to an empty place, or in the place of one that lay there
define internal void @pb.release(ptr %memory) noinline nounwind {{
entry:
  %none = icmp eq ptr %memory, null
  br i1 %none, label %done, label %measure
measure:
  %where = getelementptr i8, ptr %memory, i64 -16
  %bytes = load i64, ptr %where
  %large = icmp uge i64 %bytes, {LEAST}
  %few = icmp ule i64 %bytes, {MOST}
  %shelved = and i1 %large, %few
  br i1 %shelved, label %look, label %give
look:
  %places = load i64, ptr @pb.shelf
  %some = icmp sgt i64 %places, 0
  br i1 %some, label %each, label %give
each:
  %k = phi i64 [ 1, %look ], [ %next, %on ]
  %place = getelementptr i64, ptr @pb.shelf, i64 %k
  %mine = ptrtoint ptr %memory to i64
  %pair = cmpxchg ptr %place, i64 0, i64 %mine acq_rel acquire
  %put = extractvalue {{ i64, i1 }} %pair, 1
  br i1 %put, label %done, label %on
on:
  %next = add i64 %k, 1
  %more = icmp sle i64 %next, %places
  br i1 %more, label %each, label %instead
instead:
  %thousands = lshr i64 %bytes, 12
  %rest = urem i64 %thousands, %places
  %one = add i64 %rest, 1
  %its = getelementptr i64, ptr @pb.shelf, i64 %one
  %there = atomicrmw xchg ptr %its, i64 %mine acq_rel
  %taken = icmp eq i64 %there, 0
  br i1 %taken, label %done, label %swap
swap:
  %older = inttoptr i64 %there to ptr
  br label %give
give:
  %old = phi ptr [ %memory, %measure ], [ %memory, %look ], [ %older, %swap ]
  %word = getelementptr i8, ptr %old, i64 -8
  %raw = load ptr, ptr %word
  call void @free(ptr %raw)
  br label %done
done:
  ret void
}}
"""

RUNTIME = {"@pb.allocate": _ALLOCATE, "@pb.release": _RELEASE}
