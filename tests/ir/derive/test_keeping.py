"""How the reverse of a loop comes by its carries changes no value: kept at every step, at checkpoints, or made by an inverse.

Held against each other exactly over z<7>, to rounding over f64; by the meaning, and as kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pullback.core.errors import IndexFault, VerifyFault
from pullback.core.sizes import parse as parse_size
from pullback.frontends.testing.ways import Failed, in_python, interpreted, lowered
from pullback.ir.derive import jvp, reverse, vjp
from pullback.ir.unary import term as t
from pullback.ir.unary import text
from pullback.ir.unary.typing import verify

pytestmark = pytest.mark.slow  # together they take many seconds

STEPS = (0, 1, 2, 3, 7, 16, 23)

COUPLED = """unary coupled [n, m] (0 x: S[n], 1 y: S, 2 w: S[m]) {
  3, 4 = loop k < m (3: i64, 4: S[n] = 0, 5: S = 1) {
    6 = index 2 3 : S
    7 = loop i < n (7: i64) {
      8 = index 4 7 : S
      9 = mul 5 5 : S
      10 = mul 9 6 : S
      11 = add 8 10 : S
    } build 11
    8 = loop i < n (8: i64) {
      9 = index 7 8 : S
      10 = mul 9 9 : S
    } sum 10
    9 = mul 8 C : S
    10 = add 5 9 : S
  } 7, 10 inverse (3: i64, 4: S[n], 5: S) {
    6 = index 2 3 : S
    7 = loop i < n (7: i64) {
      8 = index 4 7 : S
      9 = mul 8 8 : S
    } sum 9
    8 = mul 7 C : S
    9 = sub 5 8 : S
    10 = loop i < n (10: i64) {
      11 = index 4 10 : S
      12 = mul 9 9 : S
      13 = mul 12 6 : S
      14 = sub 11 13 : S
    } build 14
  } 10, 9
} -> 3, 4
"""
"""x, y ↦ x + y²w_k, y + c|x|²: a record of a vector and a number, coupled; C stands for an operand."""

NESTED = """unary nested [n] (0 x: S, 1 w: S[n]) {
  2 = loop i < n (2: i64, 3: S = 0) {
    4 = loop j < i + 1 (4: i64, 5: S = 3) {
      6 = index 1 4 : S
      7 = mul 5 6 : S
      8 = mul 7 7 : S
      9 = add 8 6 : S
    } 9
    5 = add 4 3 : S
  } 5
} -> 2
"""


def coupled(scalar: str) -> t.Term:
    body = COUPLED.replace("mul 8 C", "mul 8 6").replace("mul 7 C", "mul 7 6")
    return text.parse(body.replace("S", scalar))


def every_way(term: t.Term) -> list[t.Term]:
    """The term with what its loops carry kept at every step, at checkpoints, by the inverse if it has one."""
    loops = [step for step in term.steps if isinstance(step, t.Loop | t.While)]
    assert loops
    ways: list[dict[str, Any]] = [{"checkpoint": None, "inverse": None}]
    for every in (None, "1", "2", "5", "100", term.sizes[0]):
        size = parse_size(every) if every is not None else None
        ways.append({"checkpoint": t.Checkpoint(size), "inverse": None})
    if loops[0].inverse is not None:
        ways.append({"checkpoint": None, "inverse": loops[0].inverse})
    return [changed(term, way) for way in ways]


def changed(term: t.Term, way: dict[str, Any]) -> t.Term:
    steps = tuple(replace(s, **way) if isinstance(s, t.Loop | t.While) else s for s in term.steps)
    made = replace(term, steps=steps)
    verify(made)
    assert text.parse(text.show(made)) == made
    return made


def drawn(term: t.Term, sizes: dict[str, int], scalar: str, seed: int = 0) -> list[Any]:
    rng = np.random.default_rng(seed)
    args = []
    for wire in term.dom:
        extents = [d.evaluate(sizes) for d in getattr(wire, "shape", ())]
        draw = rng.integers(0, 7, extents) if scalar == "z<7>" else rng.uniform(-0.3, 0.3, extents)
        args.append(np.asarray(draw, dtype=np.int64 if scalar == "z<7>" else float))
    return args


def same(left: list[Any], right: list[Any], scalar: str) -> None:
    for a, b in zip(left, right, strict=True):
        if scalar == "z<7>":
            np.testing.assert_array_equal(a, b)
        else:
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("scalar", ["z<7>", "f64"])
@pytest.mark.parametrize("make", [coupled, lambda s: text.parse(NESTED.replace("S", s))], ids=["record", "nested"])
def test_all_ways_give_the_same_derivatives(make: Any, scalar: str) -> None:
    """Values, first and second derivatives by the meaning; T = 0, 1, 2, primes, squares."""
    first, *others = every_way(make(scalar))
    for derive in (reverse, lambda f: reverse(reverse(f)), lambda f: vjp(jvp(f, range(len(f.dom))), range(len(f.dom)))):
        expected = derive(first)
        for other in others:
            derived = derive(other)
            verify(derived)
            assert text.parse(text.show(derived)) == derived
            for steps in (0, 1, 2, 5):
                sizes = {"n": 2 if first.name == "coupled" else steps, "m": steps}
                args = drawn(expected, sizes, scalar)
                same(interpreted(derived, args, sizes), interpreted(expected, args, sizes), scalar)


@pytest.mark.parametrize("scalar", ["z<7>", "f64"])
@pytest.mark.parametrize("make", [coupled, lambda s: text.parse(NESTED.replace("S", s))], ids=["record", "nested"])
def test_all_ways_as_kernels(make: Any, scalar: str) -> None:
    first, *others = every_way(make(scalar))
    for other in others:
        kernel = lowered(vjp(other, range(len(first.dom))))
        for steps in STEPS:
            sizes = {"n": 3 if first.name == "coupled" else steps, "m": steps}
            expected = vjp(first, range(len(first.dom)))
            args = drawn(expected, sizes, scalar, steps)
            same(in_python(kernel, args, sizes), interpreted(expected, args, sizes), scalar)


WHILE = """unary halved [n] (0 x: f64[n], 1 w: f64) {
  2, 3 = while (2: i64, 3: f64[n] = 0) {
    4 = loop i < n (4: i64) {
      5 = index 3 4 : f64
      6 = mul 5 5 : f64
    } sum 6
    5 = constant 0.5 : f64
    6 = gt 4 5 : bool
  } 6 do {
    4 = loop i < n (4: i64) {
      5 = index 3 4 : f64
      6 = mul 5 1 : f64
    } build 6
  } 4 inverse (2: i64, 3: f64[n]) {
    4 = loop i < n (4: i64) {
      5 = index 3 4 : f64
      6 = div 5 1 : f64
    } build 6
  } 4
} -> 2
"""


def test_a_while_every_way() -> None:
    first, *others = every_way(text.parse(WHILE))
    expected = reverse(first)
    for other in others:
        kernel = lowered(reverse(other))
        second = lowered(vjp(reverse(other), [0, 1, 2], value=False))
        for size in (0.1, 1.0, 60.0):
            args = [np.array([size, 0.5 * size, 0.0]), np.float64(0.7), np.array([1.0, -2.0, 3.0])]
            same(in_python(kernel, args, {"n": 3}), interpreted(expected, args, {"n": 3}), "f64")
            more = [*args, np.array([0.3, 0.1, -0.2]), np.float64(2.0)]
            again = vjp(expected, [0, 1, 2], value=False)
            same(in_python(second, more, {"n": 3}), interpreted(again, more, {"n": 3}), "f64")


def test_a_wrong_inverse_is_an_error_and_never_a_gradient() -> None:
    wrong = text.parse(text.show(coupled("f64")).replace("14 = sub 11 13", "14 = add 11 13"))
    derived = vjp(wrong, [2], value=False)
    sizes = {"n": 2, "m": 3}
    args = drawn(derived, sizes, "f64")
    with pytest.raises(IndexFault, match="PB0703: the declared inverse does not lead back to the first state"):
        interpreted(derived, args, sizes)
    with pytest.raises(Failed):
        in_python(lowered(derived), args, sizes)
    right = coupled("f64")
    same(interpreted(wrong, args[:3], sizes), interpreted(right, args[:3], sizes), "f64")  # the value has no part in it


SWAPPED = """unary swapped [] (0 x: maxplus, 1 y: maxplus) {
  2 = mul 0 1 : maxplus
  3, 4 = loop k < 3 (3: i64, 4: maxplus = 2, 5: maxplus = 1) {
  } 5, 4 inverse (3: i64, 4: maxplus, 5: maxplus) {
  } 5, 4
} -> 3, 4
"""


@pytest.mark.parametrize("scalar", ["maxplus", "sat<4>", "f64"])
def test_what_an_inverse_leads_back_to_is_compared_without_a_derivative(scalar: str) -> None:
    """Weights are compared as real numbers, and casts to those have no derivative: found by `make fuzz-laws`."""
    f = text.parse(SWAPPED.replace("maxplus", scalar))
    (keeping,) = (replace(s, inverse=None) for s in f.steps if isinstance(s, t.Loop))
    kept = replace(f, steps=(f.steps[0], keeping))
    args = [np.asarray(v, dtype="int64" if scalar == "sat<4>" else "float64") for v in (1, 2, 1, 3, 2, 1)]
    for again in (reverse, lambda r: jvp(r, [0, 1])):
        ours, theirs = (interpreted(again(reverse(h)), args, {}) for h in (f, kept))
        for x, y in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(x, y)


@pytest.mark.parametrize(("before", "after", "message"), [
    ("} 10, 9\n", "} 9, 10\n", "what the inverse gives"),
    ("loop k < m (", "loop k < m checkpoint (", "has checkpoints and an inverse"),
    ("inverse (3: i64, 4: f64[n], 5: f64)", "inverse (3: i64, 4: f64[m], 5: f64)", "inverse parameters"),
])  # fmt: skip
def test_the_verifier_looks_at_it(before: str, after: str, message: str) -> None:
    source = text.show(coupled("f64"))
    assert before in source
    with pytest.raises(VerifyFault, match=message):
        verify(text.parse(source.replace(before, after)))
