"""Programs that are deep, long or large end in a result or in words, never in a traceback of the compiler."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest

import pullback as pb
from pullback.core.errors import PullbackError
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.ir.derive import jvp, vjp

pytestmark = pytest.mark.slow  # together they take some seconds

AROUND = {
    "if": "(if x > {k} then {e} else 1.0)",
    "call": "sin({e})",
    "sum": "(sum i{k} < 2: {e})",
    "fold": "(fold a = 0.5 for i{k} < 2: {e} * a)",
}


def nested(kind: str, depth: int) -> str:
    e = "x"
    for k in range(depth):
        e = AROUND[kind].format(k=k, e=e)
    return f"def f(x: f64) -> f64 = {e}"


@pytest.mark.parametrize("kind", ["if", "call"])
def test_as_deep_as_the_parser_lets_programs_be(kind: str) -> None:
    f = pb.compile(nested(kind, 90)).f
    f.as_text("llvm")
    assert np.isfinite(pb.grad(f)(0.5))


def test_too_deep_is_refused_with_words() -> None:
    with pytest.raises(PullbackError, match="PB0109"):
        pb.compile(nested("call", 5000))


@pytest.mark.parametrize("derive", [vjp, jvp])
@pytest.mark.parametrize("kind, depth", [("sum", 60), ("fold", 9)])
def test_derivatives_of_nested_loops_take_no_time(kind: str, depth: int, derive: object) -> None:
    """The time must not double with each loop."""
    term = elaborate(load_text(nested(kind, depth)), "f").term
    start = time.process_time()
    derive(term, [0])  # type: ignore[operator]
    assert time.process_time() - start < 5


@pytest.mark.slow
def test_a_long_program() -> None:
    lines = [f"    let a{k + 1} = sin(a{k}) + a{k // 2}" for k in range(500)]
    f = pb.compile("\n".join(["def f(x: f64) -> f64 =", "    let a0 = x", *lines, "    a500"])).f
    assert np.isfinite(f(0.5)) and np.isfinite(pb.grad(f)(0.5))


# -- sizes and memory --------------------------------------------------------------------------------------------------
SQUARE = "def f(n: i64) = for i < n, j < n: 1.0"
INSIDE = """
def f(n: i64, x: f64) =
    let z = for i < n, j < n: x
    let a = fold s = z for k < 2: for i < n, j < n: sin(s[j, i]) + x
    sum i < n: a[i, 0]
"""


@pytest.mark.parametrize("n", [2**20, 2**30, 2**31, 2**32, 2**40, 2**47, 2**62, 2**63 - 1])
def test_results_larger_than_memory(n: int) -> None:
    """Also where the number of bytes, or of elements, is more than a word holds."""
    with pytest.raises((MemoryError, PullbackError)) as refused:
        pb.compile(SQUARE).f(n)
    assert isinstance(refused.value, MemoryError) == (n < 2**48)


def test_a_negative_size_is_refused() -> None:
    with pytest.raises(PullbackError, match="PB0604"):
        pb.compile(SQUARE).f(-5)


LIMITED = """
import resource
import numpy as np
import pullback as pb
m = pb.compile('''{program}''')
assert m.f(3, 0.5) > 0
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for n in (40_000, 2**31, 2**40):
    try:
        m.f(n, 0.5)
        print("computed", n)
    except MemoryError as fault:
        print("memory", "needs more memory" in str(fault) or "llocate" in str(fault))
    except pb.PullbackError as fault:
        print("refused", fault.code)
print(m.f(3, 0.5) > 0, pb.grad(m.f, argnums=1)(3, 0.25) is not None)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are those of Linux")
def test_memory_that_cannot_be_had_is_an_error_and_nothing_is_lost() -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED.format(program=INSIDE)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert "memory True" in lines[0] and all(w.split()[0] in ("memory", "refused") for w in lines[:3]), done.stdout
    assert lines[3] == "True True"


@pytest.mark.parametrize("kind", ["z<7>", "sat<7>"])
def test_elements_of_a_finite_object_are_below_its_modulus(kind: str) -> None:
    f = pb.compile(f"def f(a: {kind}[n]) = sum i: a[i]").f
    assert f(np.array([6, 0])) == 6
    for wrong in (7, -1, 8):
        with pytest.raises(PullbackError, match="PB0606"):
            f(np.array([0, wrong]))
