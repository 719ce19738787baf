"""All benchmarks, one after another: `make bench`, or `python benchmarks/run.py [compile_time call_time gmm]`.

Prints the tables; a run of all of them is written, dated, into benchmarks/results/.
"""

from __future__ import annotations

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import datetime  # noqa: E402
import importlib  # noqa: E402
import platform  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402

RESULTS = Path(__file__).parent / "results"
ALL = ("compile_time", "call_time", "gmm")


def pin() -> None:
    """Keep this process, and what it starts, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def machine() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()}, Python {platform.python_version()}"


def main(chosen: list[str]) -> None:
    pin()
    parts = [f"# Benchmarks, {datetime.date.today().isoformat()}\n", f"One core of {machine()}.\n"]
    print("\n".join(parts))
    for name in chosen or ALL:
        for table in importlib.import_module(name).tables():
            print(table.markdown, flush=True)
            parts.append(table.markdown)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.date.today().isoformat()}.md"
    if not chosen:
        path.write_text("\n".join(parts), encoding="utf-8")
        print(f"written to {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
