"""Blocks of samples shared by threads: a function of LLVM text that does part k of them, and the pool that calls it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..cache import Cache
from ..llvm.jit import Loaded, Options, kept_object_code, load
from ..llvm.pool import RUN, pool
from ..llvm.processors import processors
from ..llvm.target import host

_WORTH = 2e5
"""Words times gates that are worth a part of their own: about a tenth of a millisecond."""


def share(blocks: int, work: int, threads: int | None) -> tuple[int, int]:
    """In how many parts to do so many blocks, ``work`` words times gates in all, and by how many threads at most.

    Some more parts than threads, since a processor may have other things to do."""
    helpers = processors(threads)
    return (1, 1) if helpers == 1 else (max(1, min(4 * helpers, blocks, int(work / _WORTH))), helpers)


@dataclass(frozen=True, eq=False)
class Part:
    """`function(environment, k)`."""

    address: int
    function: Any
    _code: Loaded

    def run(self, environment: Sequence[int], parts: int, threads: int) -> None:
        """All parts; the environment is an array of words."""
        words = np.array(environment, dtype=np.int64)
        if parts == 1:
            self.function(words.ctypes.data, 0)
        else:
            _pool()(self.address, words.ctypes.data, parts, threads)


def part(symbol: str, text: str) -> Part:
    """The function of that name in a module."""
    loaded = load(kept_object_code(text, Options(level=3), host(), Cache.default()), [symbol])
    return Part(loaded[symbol], ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(loaded[symbol]), loaded)


def opening(names: Sequence[str], pointers: Sequence[str]) -> str:
    """LLVM text that reads the environment into values of these names, the ``pointers`` among them as such, and says which
    blocks part %k does: from %first to before %last."""
    fields = "\n".join(
        f"  %{name}.at = getelementptr i64, ptr %environment, i64 {k}\n"
        f"  %{name} = load {'ptr' if name in pointers else 'i64'}, ptr %{name}.at"
        for k, name in enumerate(names)
    )
    return f"""\
{fields}
  %k.after = add i64 %k, 1
  %lower = mul i64 %k, %blocks
  %first = udiv i64 %lower, %parts
  %upper = mul i64 %k.after, %blocks
  %last = udiv i64 %upper, %parts"""


def block_loop(before: str, each: str, element: str, row: str, more: str) -> str:
    """LLVM text of the loop over blocks, come to from ``before``: %n is the block, %from its first column, %here how many it
    has, at most ``each``; ``more`` is what else to know of it.

    A block begins with the loop `take` over the sources that somebody reads: %s.source is where the block of one begins,
    %s.target its place, ``row`` bytes for each place. What is done with them goes on at `taken`, and after the last at `run`;
    `done` ends a block, `leave` the last."""
    return f"""\
block:
  %n = phi i64 [ %first, %{before} ], [ %n.next, %done ]
  %more = icmp ult i64 %n, %last
  br i1 %more, label %begin, label %leave
begin:
  %from = mul i64 %n, {each}
  %rest = sub i64 %columns, %from
  %here = call i64 @llvm.umin.i64(i64 %rest, i64 {each})
{more}
  br label %take
take:
  %s = phi i64 [ 0, %begin ], [ %s.next, %taken ]
  %s.more = icmp ult i64 %s, %nsources
  br i1 %s.more, label %take.one, label %run
taken:
  br label %take
take.one:
  %s.next = add i64 %s, 1
  %s.at = getelementptr i32, ptr %sources, i64 %s
  %s.place = load i32, ptr %s.at
  %s.read = icmp sge i32 %s.place, 0
  br i1 %s.read, label %take.read, label %taken
take.read:
  %s.wide = sext i32 %s.place to i64
  %s.bytes = mul i64 %s.wide, {row}
  %s.target = getelementptr i8, ptr %mem, i64 %s.bytes
  %s.row = mul i64 %s, %columns
  %s.from = add i64 %s.row, %from
  %s.source = getelementptr {element}, ptr %in, i64 %s.from"""


def rest(before: str, source: str, target: str, count: str) -> str:
    """LLVM text of the loop `give.rest`, come to from ``before``: the last words of a result one by one, each with its sign."""
    return f"""\
give.rest:
  %w = phi i64 [ 0, %{before} ], [ %w.next, %give.rest ]
  %w.from = getelementptr i64, ptr %{source}, i64 %w
  %w.value = load i64, ptr %w.from
  %w.signed = xor i64 %w.value, %r.mask
  %w.to = getelementptr i64, ptr %{target}, i64 %w
  store i64 %w.signed, ptr %w.to
  %w.next = add i64 %w, 1
  %w.more = icmp ult i64 %w.next, %{count}
  br i1 %w.more, label %give.rest, label %given"""


@cache
def _pool() -> Any:
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
    return kind(pool().imports[RUN])
