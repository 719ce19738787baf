"""A costly value that two loops need is stored by the first for the second, whichever of its variables was made first."""

from __future__ import annotations

import numpy as np
import pytest

from pullback.backends.executable import Executable, Settings
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.loops.text import show
from pullback.ir.loops.verify import verify

PROGRAM = """\
def f(x: f64[n], y: f64[m]) -> (f64, f64) =
    let before = sum {first}
    let a = sum j: log(sum i: exp(x[i] * y[j]))
    let b = sum j: log(a + (sum i: exp(x[i] * y[j])^2))
    (before, b)
"""


@pytest.mark.parametrize("first", ("i: x[i]^2", "j: y[j]^2"))
def test_it_is_kept_under_the_loop_that_is_there(first: str) -> None:
    executable = Executable(elaborate(load_text(PROGRAM.format(first=first)), "f").term, Settings(mode="strict"))
    verify(executable.kernel)
    assert show(executable.kernel).count("exp(") == 1
    x, y = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.25])
    e = np.exp(np.outer(y, x))
    a = np.log(e.sum(1)).sum()
    before = (x**2).sum() if "x" in first else (y**2).sum()
    assert executable(x, y) == pytest.approx((before, np.log(a + (e**2).sum(1)).sum()), rel=1e-14)
