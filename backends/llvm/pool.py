"""The threads that kernels share: a pool written in LLVM text on POSIX threads, one in each process.

`pb.pool.run(function, environment, parts, threads)` calls `function(environment, k)` for every k below ``parts``. The calling
thread takes parts itself, one after another, and up to ``threads`` − 1 workers help it. It never waits for one to begin: a
worker that is not there, or wakes up late, or cannot be made, means only that the others do more. So a call inside a part,
calls from several threads and calls after a fork (where no workers are left) all end. Which thread takes which part must not
show in the results: so workers compute in the caller's floating-point environment (rounding, flushing of subnormal numbers).

A call is a *job*, on the caller's stack, in a list under one lock. Workers join a job and leave it under the lock, and take
parts by an atomic counter in between; the caller takes the job off the list, and then waits only for those who have joined.
Who has nothing to do looks for some microseconds before it sleeps.
"""

from __future__ import annotations

import atexit
import ctypes
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from ..cache import Cache
from .jit import Loaded, Options, kept_object_code, load
from .target import host

__all__ = ["DECLARATION", "MOST", "RUN", "Pool", "available", "pool", "pool_text"]

RUN = "pb.pool.run"
DECLARATION = f"declare void @{RUN}(ptr, ptr, i64, i64)\n"

MOST = 256
"""Threads there can be at most."""

_SPINS = 2000
"""How often one looks, before it sleeps: some 30 µs."""

_QUICK = Options(level=0)
"""The pool waits more than it works: compiling it well would take ten times as long, and gain nothing."""

_PAUSES = MappingProxyType({"x86_64": "call void @llvm.x86.sse2.pause()", "i686": "call void @llvm.x86.sse2.pause()",
                            "aarch64": "call void @llvm.aarch64.hint(i32 1)", "arm64": "call void @llvm.aarch64.hint(i32 1)"})
"""What tells a processor that one is waiting, by the first word of the triple."""

_TEXT = """\
; next, function, environment, parts, taken, room, helpers, and a fenv_t
%job = type { ptr, ptr, ptr, i64, i64, i64, i64, [8 x i64] }

@lock = internal global [128 x i8] zeroinitializer, align 16
@work = internal global [128 x i8] zeroinitializer, align 16 ; workers sleep on it
@done = internal global [128 x i8] zeroinitializer, align 16 ; callers do
@jobs = internal global ptr null
@posted = internal global i64 0, align 8 ; how many jobs there have been
@workers = internal global i64 0
@asleep = internal global i64 0
@waiting = internal global i64 0
@stopping = internal global i1 false
@handles = internal global [MOST x i64] zeroinitializer

declare i32 @pthread_mutex_init(ptr, ptr)
declare i32 @pthread_mutex_lock(ptr)
declare i32 @pthread_mutex_unlock(ptr)
declare i32 @pthread_cond_init(ptr, ptr)
declare i32 @pthread_cond_wait(ptr, ptr)
declare i32 @pthread_cond_signal(ptr)
declare i32 @pthread_cond_broadcast(ptr)
declare i32 @pthread_create(ptr, ptr, ptr, ptr)
declare i32 @pthread_join(i64, ptr)
declare i32 @pthread_sigmask(i32, ptr, ptr)
declare i32 @sigfillset(ptr)
declare i32 @fegetenv(ptr)
declare i32 @fesetenv(ptr)

define internal void @enter() nounwind {
  %r = call i32 @pthread_mutex_lock(ptr @lock)
  ret void
}

define internal void @leave() nounwind {
  %r = call i32 @pthread_mutex_unlock(ptr @lock)
  ret void
}

; As when the process began: no workers, no jobs. For the first use, and for a child after a fork.
define void @pb.pool.reset() nounwind {
  store ptr null, ptr @jobs
  store i64 0, ptr @workers
  store i64 0, ptr @asleep
  store i64 0, ptr @waiting
  %a = call i32 @pthread_mutex_init(ptr @lock, ptr null)
  %b = call i32 @pthread_cond_init(ptr @work, ptr null)
  %c = call i32 @pthread_cond_init(ptr @done, ptr null)
  ret void
}

; No workers any more: those there are end, and are waited for.
define void @pb.pool.stop() nounwind {
entry:
  call void @enter()
  store i1 true, ptr @stopping
  %count = load i64, ptr @workers
  %r = call i32 @pthread_cond_broadcast(ptr @work)
  call void @leave()
  br label %each
each:
  %k = phi i64 [ 0, %entry ], [ %following, %join ]
  %more = icmp slt i64 %k, %count
  br i1 %more, label %join, label %end
join:
  %place = getelementptr i64, ptr @handles, i64 %k
  %handle = load i64, ptr %place
  %s = call i32 @pthread_join(i64 %handle, ptr null)
  %following = add i64 %k, 1
  br label %each
end:
  ret void
}

; Under the lock: as many workers as wanted, or as many as can be had. They leave signals to other threads.
define internal void @hire(i64 %wanted) nounwind {
entry:
  %all = alloca [128 x i8], align 16
  %before = alloca [128 x i8], align 16
  %stopping = load i1, ptr @stopping
  %count = load i64, ptr @workers
  %enough = icmp sge i64 %count, %wanted
  %none = or i1 %stopping, %enough
  br i1 %none, label %end, label %begin
begin:
  %a = call i32 @sigfillset(ptr %all)
  %b = call i32 @pthread_sigmask(i32 SETMASK, ptr %all, ptr %before)
  br label %one
one:
  %k = phi i64 [ %count, %begin ], [ %following, %made ]
  %place = getelementptr i64, ptr @handles, i64 %k
  %failed = call i32 @pthread_create(ptr %place, ptr null, ptr @worker, ptr null)
  %well = icmp eq i32 %failed, 0
  br i1 %well, label %made, label %stop
made:
  %following = add i64 %k, 1
  store i64 %following, ptr @workers
  %more = icmp slt i64 %following, %wanted
  br i1 %more, label %one, label %stop
stop:
  %c = call i32 @pthread_sigmask(i32 SETMASK, ptr %before, ptr null)
  br label %end
end:
  ret void
}

; Part after part, until all are taken.
define internal void @take(ptr %job) nounwind {
entry:
  %function.at = getelementptr %job, ptr %job, i32 0, i32 1
  %environment.at = getelementptr %job, ptr %job, i32 0, i32 2
  %parts.at = getelementptr %job, ptr %job, i32 0, i32 3
  %taken = getelementptr %job, ptr %job, i32 0, i32 4
  %function = load ptr, ptr %function.at
  %environment = load ptr, ptr %environment.at
  %parts = load i64, ptr %parts.at
  br label %next
next:
  %k = atomicrmw add ptr %taken, i64 1 acq_rel
  %more = icmp slt i64 %k, %parts
  br i1 %more, label %part, label %end
part:
  call void %function(ptr %environment, i64 %k)
  br label %next
end:
  ret void
}

; Under the lock: a job that one more can help with, or null.
define internal ptr @find() nounwind {
entry:
  %first = load ptr, ptr @jobs
  br label %each
each:
  %job = phi ptr [ %first, %entry ], [ %next, %skip ]
  %none = icmp eq ptr %job, null
  br i1 %none, label %end, label %look
look:
  %parts.at = getelementptr %job, ptr %job, i32 0, i32 3
  %taken.at = getelementptr %job, ptr %job, i32 0, i32 4
  %room.at = getelementptr %job, ptr %job, i32 0, i32 5
  %parts = load i64, ptr %parts.at
  %taken = load atomic i64, ptr %taken.at acquire, align 8
  %room = load i64, ptr %room.at
  %left = icmp slt i64 %taken, %parts
  %fits = icmp sgt i64 %room, 0
  %good = and i1 %left, %fits
  br i1 %good, label %end, label %skip
skip:
  %next = load ptr, ptr %job
  br label %each
end:
  ret ptr %job
}

define internal ptr @worker(ptr %nothing) nounwind {
entry:
  call void @enter()
  br label %look
look:
  %job = call ptr @find()
  %none = icmp eq ptr %job, null
  br i1 %none, label %idle, label %help
help:
  %room = getelementptr %job, ptr %job, i32 0, i32 5
  %helpers = getelementptr %job, ptr %job, i32 0, i32 6
  %room.before = load i64, ptr %room
  %room.after = sub i64 %room.before, 1
  store i64 %room.after, ptr %room
  %joined = atomicrmw add ptr %helpers, i64 1 acq_rel
  call void @leave()
  %floats = getelementptr %job, ptr %job, i32 0, i32 7
  %f = call i32 @fesetenv(ptr %floats)
  call void @take(ptr %job)
  call void @enter()
  %left = atomicrmw sub ptr %helpers, i64 1 acq_rel ; after this the job may be gone
  %last = icmp eq i64 %left, 1
  %sleepers = load i64, ptr @waiting
  %awaited = icmp sgt i64 %sleepers, 0
  %tell = and i1 %last, %awaited
  br i1 %tell, label %telling, label %look
telling:
  %t = call i32 @pthread_cond_broadcast(ptr @done)
  br label %look
idle:
  %stop = load i1, ptr @stopping
  br i1 %stop, label %end, label %rest
end:
  call void @leave()
  ret ptr null
rest:
  %seen = load i64, ptr @posted
  call void @leave()
  br label %spin
spin:
  %n = phi i64 [ 0, %rest ], [ %n.next, %still ]
  %now = load atomic i64, ptr @posted acquire, align 8
  %new = icmp ne i64 %now, %seen
  br i1 %new, label %again, label %still
still:
  PAUSE
  %n.next = add i64 %n, 1
  %patient = icmp slt i64 %n.next, SPINS
  br i1 %patient, label %spin, label %tired
again:
  call void @enter()
  br label %look
tired:
  call void @enter()
  %then = load i64, ptr @posted
  %meanwhile = icmp ne i64 %then, %seen
  %stop.too = load i1, ptr @stopping
  %awake = or i1 %meanwhile, %stop.too
  br i1 %awake, label %look, label %sleep
sleep:
  %asleep = load i64, ptr @asleep
  %asleep.more = add i64 %asleep, 1
  store i64 %asleep.more, ptr @asleep
  %w = call i32 @pthread_cond_wait(ptr @work, ptr @lock)
  %asleep.now = load i64, ptr @asleep
  %asleep.less = sub i64 %asleep.now, 1
  store i64 %asleep.less, ptr @asleep
  br label %look
}

; Under the lock: take a job off the list.
define internal void @withdraw(ptr %job) nounwind {
entry:
  br label %each
each:
  %at = phi ptr [ @jobs, %entry ], [ %here, %skip ] ; the next job is a job's first word
  %here = load ptr, ptr %at
  %found = icmp eq ptr %here, %job
  br i1 %found, label %out, label %skip
skip:
  br label %each
out:
  %next = load ptr, ptr %job
  store ptr %next, ptr %at
  ret void
}

define void @pb.pool.run(ptr %function, ptr %environment, i64 %parts, i64 %threads) nounwind {
entry:
  %job = alloca %job, align 16
  %most = call i64 @llvm.smin.i64(i64 %parts, i64 %threads)
  %few = call i64 @llvm.smin.i64(i64 %most, i64 MOST)
  %wanted = sub i64 %few, 1
  %next = getelementptr %job, ptr %job, i32 0, i32 0
  %function.at = getelementptr %job, ptr %job, i32 0, i32 1
  %environment.at = getelementptr %job, ptr %job, i32 0, i32 2
  %parts.at = getelementptr %job, ptr %job, i32 0, i32 3
  %taken = getelementptr %job, ptr %job, i32 0, i32 4
  %room = getelementptr %job, ptr %job, i32 0, i32 5
  %helpers = getelementptr %job, ptr %job, i32 0, i32 6
  store ptr %function, ptr %function.at
  store ptr %environment, ptr %environment.at
  store i64 %parts, ptr %parts.at
  store atomic i64 0, ptr %taken release, align 8
  store i64 %wanted, ptr %room
  store atomic i64 0, ptr %helpers release, align 8
  %alone = icmp slt i64 %wanted, 1
  br i1 %alone, label %by.itself, label %post
by.itself:
  call void @take(ptr %job)
  ret void
post:
  %floats = getelementptr %job, ptr %job, i32 0, i32 7
  %f = call i32 @fegetenv(ptr %floats)
  call void @enter()
  call void @hire(i64 %wanted)
  %first = load ptr, ptr @jobs
  store ptr %first, ptr %next
  store ptr %job, ptr @jobs
  %jobs = load i64, ptr @posted
  %jobs.more = add i64 %jobs, 1
  store atomic i64 %jobs.more, ptr @posted release, align 8
  %asleep = load i64, ptr @asleep
  %calls = call i64 @llvm.smin.i64(i64 %wanted, i64 %asleep)
  call void @leave()
  br label %wake
wake:
  %c = phi i64 [ 0, %post ], [ %c.next, %call ]
  %sleeping = icmp slt i64 %c, %calls
  br i1 %sleeping, label %call, label %own
call:
  %s = call i32 @pthread_cond_signal(ptr @work)
  %c.next = add i64 %c, 1
  br label %wake
own:
  call void @take(ptr %job)
  call void @enter()
  call void @withdraw(ptr %job)
  call void @leave()
  br label %spin
spin:
  %n = phi i64 [ 0, %own ], [ %n.next, %still ]
  %left = load atomic i64, ptr %helpers acquire, align 8
  %over = icmp eq i64 %left, 0
  br i1 %over, label %end, label %still
still:
  PAUSE
  %n.next = add i64 %n, 1
  %patient = icmp slt i64 %n.next, SPINS
  br i1 %patient, label %spin, label %tired
tired:
  call void @enter()
  %waiting = load i64, ptr @waiting
  %waiting.more = add i64 %waiting, 1
  store i64 %waiting.more, ptr @waiting
  br label %check
check:
  %still.there = load atomic i64, ptr %helpers acquire, align 8
  %finished = icmp eq i64 %still.there, 0
  br i1 %finished, label %woken, label %sleep
sleep:
  %w = call i32 @pthread_cond_wait(ptr @done, ptr @lock)
  br label %check
woken:
  %waiting.now = load i64, ptr @waiting
  %waiting.less = sub i64 %waiting.now, 1
  store i64 %waiting.less, ptr @waiting
  call void @leave()
  br label %end
end:
  ret void
}
"""


@dataclass(frozen=True)
class Pool:
    """The code of the pool, which lives as long as the process. ``imports`` is what kernels need of it."""

    code: Loaded

    @property
    def imports(self) -> Mapping[str, int]:
        return MappingProxyType({RUN: self.code[RUN]})


def available() -> bool:
    """Whether this system has POSIX threads."""
    return os.name == "posix"


def pool_text(triple: str) -> str:
    """The module, for processors of that triple."""
    setmask = "3" if sys.platform == "darwin" else "2"
    words = {"MOST": str(MOST), "SPINS": str(_SPINS), "SETMASK": setmask, "PAUSE": _PAUSES.get(triple.split("-")[0], "")}
    text = _TEXT
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text


@cache
def pool() -> Pool:
    """This process's pool. Its workers are made when they are first wanted, and end before the process does."""
    target = host()
    symbols = (RUN, "pb.pool.reset", "pb.pool.stop")
    code = load(kept_object_code(target.header + pool_text(target.triple), _QUICK, target, Cache.default()), symbols)
    reset, stop = (ctypes.CFUNCTYPE(None)(code[s]) for s in symbols[1:])
    reset()
    os.register_at_fork(after_in_child=reset)
    atexit.register(stop)
    return Pool(code)
