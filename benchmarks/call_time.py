"""What a call costs: three small arrays, everything checked, beside a NumPy ufunc and a plain Python function."""

from __future__ import annotations

import numpy as np
from harness import Table, side_by_side

import pullback as pb

PROGRAM = "def f(x: f64[n], y: f64[n], z: f64[n]) -> f64 = sum i: x[i] * y[i] + z[i]"


def tables() -> list[Table]:
    f = pb.compile(PROGRAM).f
    g = pb.grad(f)
    x, y, z = (np.arange(3.0) for _ in range(3))
    timings = side_by_side({
        "pullback, value": lambda: f(x, y, z),
        "pullback, gradient (an array is made)": lambda: g(x, y, z),
        "NumPy, np.add(x, y)": lambda: np.add(x, y),
        "NumPy, the same expression": lambda: float(np.sum(x * y + z)),
    })
    rows = tuple((name, t.text) for name, t in timings.items())
    return [Table("One call with three arrays of three elements", ("call", "time"), rows)]
