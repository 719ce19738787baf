"""How long it takes until a program runs: from its text to a compiled gradient, cold and from the cache."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from harness import Table, scaled

SIZES = (10, 100, 1000)
CHILD = """
import sys, time
import numpy as np
import pullback as pb
import llvmlite.binding, pullback.frontends.language.elaborate, pullback.ir.lower, pullback.backends.llvm.entry
text = sys.stdin.read()
pb.compile("def warm(x: f64[n]) -> f64 = sum i: x[i]").warm(np.ones(3))
start = time.perf_counter()
m = pb.compile(text)
f = m.f if sys.argv[1] == "value" else pb.value_and_grad(m.f)
f(np.linspace(0.1, 0.9, 64))
print(time.perf_counter() - start)
"""


def program(operations: int, seed: int = 0) -> str:
    """A loop over an array whose body has about so many operations, each reading two earlier values."""
    rng, lines, names = random.Random(seed), [], ["x[i]"]
    for k in range(operations):
        a, b = rng.choice(names[-8:]), rng.choice(names[-8:])
        forms = (f"{a} * {b}", f"{a} + {b}", f"{a} - {b}", f"sin({a}) * {b}", f"tanh({a} + {b})")
        lines.append(f"        let v{k} = {rng.choice(forms)}")
        names.append(f"v{k}")
    body = "\n".join(lines)
    return f"def f(x: f64[n]) -> f64 =\n    sum i:\n{body}\n        {names[-1]}\n"


def measure(operations: int, what: str, repeats: int = 5) -> tuple[float, float]:
    """Seconds cold (an empty cache) and warm (the same program in a new process), medians."""
    cold, warm = [], []
    for k in range(repeats):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "PULLBACK_CACHE": folder}
            for runs in (cold, warm):
                done = subprocess.run([sys.executable, "-c", CHILD, what], input=program(operations, k), text=True,
                                      capture_output=True, check=True, env=environment)
                runs.append(float(done.stdout))
    return statistics.median(cold), statistics.median(warm)


def tables(sizes: Sequence[int] = SIZES) -> list[Table]:
    rows = []
    for operations in sizes:
        value, gradient = measure(operations, "value"), measure(operations, "gradient")
        rows.append((str(operations), *(scaled(s) for s in (*value, *gradient))))
    columns = ("operations", "value, cold", "value, cached", "value and gradient, cold", "value and gradient, cached")
    return [Table("From text to the first result (imports apart)", columns, tuple(rows))]
