"""What the compiler does grows with the program: a name that stands twice is not two values, at any level.

Each family is exponential as soon as one walk somewhere forgets what it has seen: even at 40 it would not end.
"""

from collections.abc import Callable

import pytest

import pullback as pb

pytestmark = pytest.mark.slow  # together they take many seconds


def lets(k: int) -> str:
    return "def f(x: f64[n]) -> f64 =\n    let a0 = sum i: x[i]\n" + "".join(
        f"    let a{j + 1} = sin(a{j}) * a{j}\n" for j in range(k)) + f"    a{k}\n"


def open_numbers(k: int) -> str:
    return "def f(x: f64[n]) -> f64 =\n    let a0 = 1 / n\n" + "".join(
        f"    let a{j + 1} = a{j} * a{j} + a{j}\n" for j in range(k)) + f"    sum i: x[i] * a{k}\n"


def maps(k: int) -> str:
    return "def f0(x: f64[n]) -> f64[n] = x^2\n" + "".join(
        f"def f{j + 1}(x: f64[n]) -> f64[n] = f{j}(for i: sin(x[i]) + x[i])\n" for j in range(k)) + (
        f"def f(x: f64[n]) -> f64 = sum i: f{k}(x)[i]\n")


def reductions(k: int) -> str:
    return "def f(x: f64[n]) -> f64 =\n    let y0 = x\n" + "".join(
        f"    let y{j + 1} = for i: y{j}[i] * (sum l: y{j}[l])\n" for j in range(k)) + f"    sum i: y{k}[i]\n"


def scans(k: int) -> str:
    return "def f(x: f64[n]) -> f64 =\n    let y0 = x\n" + "".join(
        f"    let y{j + 1} = scan s = y{j}[0] for i: s * y{j}[i]\n" for j in range(k)) + f"    sum i: y{k}[i]\n"


def choices(k: int) -> str:
    return "def f(x: f64[n]) -> f64 =\n    let y0 = x\n" + "".join(
        f"    let y{j + 1} = if y{j}[0] > {j} then y{j} else -y{j}\n" for j in range(k)) + f"    sum i: y{k}[i]\n"


@pytest.mark.parametrize("family", [lets, open_numbers, maps, reductions, scans, choices])
def test_a_gradient_twice_as_deep_is_twice_as_long(family: Callable[[int], str]) -> None:
    half, whole = (len(pb.grad(pb.compile(family(k)).f).as_text("loops").splitlines()) for k in (20, 40))
    assert whole < 2.2 * half
