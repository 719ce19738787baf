"""Where measurements are made: the machine in words, versions, and the environment that pins a process to its threads."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from . import native
from .program import Absent

PACKAGES = ("pullback", "aigverse", "jax", "torch", "numpy", "scipy", "casadi", "autograd", "llvmlite")
POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "PULLBACK_THREADS")


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def environment(threads: int) -> dict[str, str]:
    """The variables of a process in which every library has so many threads: they are read when libraries load."""
    pinned = {**os.environ, **dict.fromkeys(POOLS, str(threads)), "JAX_PLATFORMS": "cpu"}
    if threads == 1:
        pinned["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    return pinned


def pin(threads: int) -> None:
    """Keep this process, and what it starts, on so many cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    flags = " ".join(line for line in lines if line.startswith("flags"))[:10000].split()
    vectors = [text for flag, text in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags]
    return ", ".join([names[0] if names else platform.processor() or platform.machine(), *vectors[:1]])


def described() -> dict[str, str]:
    """What a reader needs to know to judge figures: the machine and the versions of everybody."""
    busy = f", load average {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    found = {"machine": f"{processor()}, {cores()} cores{busy}", "system": platform.system(),
             "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    try:
        found["C"] = native.version()
    except Absent as absent:
        found["C"] = str(absent)
    return found
