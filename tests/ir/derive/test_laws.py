"""The axioms of reverse derivative categories (Cockett et al. 2020), RD.1 to RD.7, and the laws of forward mode, on programs at
random over several semirings (`frontends/testing/laws.py` states them).

On finite and tropical semirings both sides are equal; on floats and logarithms, up to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from effort import examples
from fuzzing.laws import laws_hold
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.core.objects import F64, Scalar
from pullback.frontends.testing.laws import FORWARD, RDC, Case, D, Law, broken, movable
from pullback.frontends.testing.programs import grown
from pullback.testing import Drawn, arguments, nearby, terms

pytestmark = pytest.mark.slow  # together they take many seconds

OBJECTS = (F64, Scalar("bit"), Scalar("z", 2), Scalar("z", 7), Scalar("sat", 4), Scalar("maxplus"), Scalar("logplus"))
FINITE = (*(Scalar("z", n) for n in (2, 3, 4, 5, 7)), *(Scalar("sat", n) for n in (2, 3, 4, 8)))
SMALLER = {"RD.6": (15, 3), "RD.7": (12, 2)}
"""Derivatives of derivatives of derivatives are large: of these, fewer examples and smaller ones."""


def programs(case: Case, dom: Any, cod: Any) -> Any:
    """Another program of those wires, as what the laws are about besides f."""
    return grown(case.choices, case.f.cod[0] if isinstance(case.f.cod[0], Scalar) else case.f.cod[0].element, "formal", 3, 1,
                 dom, cod).term  # fmt: skip


@pytest.mark.parametrize("scalar", OBJECTS, ids=str)
@pytest.mark.parametrize("law", [*RDC, *FORWARD], ids=lambda law: law.name)
def test_the_laws_hold(law: Law, scalar: Scalar) -> None:
    count, size = SMALLER.get(law.name, (25, 4))
    count = count // 5 if scalar.is_weight else count  # tests/frontends/python/test_weights.py has more of these

    @examples(count)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        f = data.draw(terms(scalar, "formal", size, 2 if size > 3 else 1), label="f")
        sizes, point = data.draw(arguments(f), label="point")
        assert broken(law, Case(f, sizes, point, Drawn(data.draw), programs)) is None

    holds()


@pytest.mark.parametrize("scalar", FINITE, ids=str)
def test_all_laws_hold_of_some_programs_over_each_finite_semiring(scalar: Scalar) -> None:
    """Zero divisors, idempotents, saturation early and late: a few programs with every law (`make fuzz-laws` has more)."""
    assert [wrong for number in range(2000, 2008) if (wrong := laws_hold(str(scalar), number))] == []


@examples(100)
@given(data=st.data())
def test_forward_is_the_limit_of_differences(data: st.DataObject) -> None:
    """D[f](a, v) = lim (f(a + hv) − f(a − hv)) / 2h, by extrapolation, with its own error estimate as tolerance."""
    f = data.draw(terms(F64, "smooth"))
    sizes, point = data.draw(arguments(f))
    active = movable(f.dom)
    v = data.draw(nearby([f.dom[k] for k in active], sizes))

    def difference(h: float) -> list[Any]:
        shifted = [list(point), list(point)]
        for k, d in zip(active, v, strict=True):
            shifted[0][k], shifted[1][k] = point[k] + h * d, point[k] - h * d
        after, before = (run(f, s, sizes) for s in shifted)
        return [(after[k] - before[k]) / (2 * h) for k in movable(f.cod)]

    tables = [difference(h) for h in (4e-3, 2e-3, 1e-3)]
    for coarse, middle, fine, exact in zip(*tables, run(D(f), [*point, *v], sizes), strict=True):
        first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
        limit = (16 * second - first) / 15
        tolerance = 1e-8 * (1 + np.abs(exact)) + 2 * np.abs(limit - second)
        assert np.all(np.abs(limit - exact) <= tolerance), f"differences give {limit}, the derivative is {exact}"
