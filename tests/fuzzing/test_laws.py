"""What `make fuzz-laws` does, for a moment: the laws on some programs of each kind, third derivatives against SymPy."""

from __future__ import annotations

import pytest
from fuzzing.laws import KINDS, laws_hold
from fuzzing.symbolic import agrees_with_sympy

pytestmark = pytest.mark.slow  # together they take some seconds


@pytest.mark.parametrize("kind", KINDS)
def test_the_laws_hold(kind: str) -> None:
    assert [wrong for number in (1000,) if (wrong := laws_hold(kind, number))] == []


def test_third_derivatives_are_those_of_sympy() -> None:
    """Shifts and bits of whole numbers too (number 17)."""
    assert [wrong for number in range(20) if (wrong := agrees_with_sympy(number))] == []


@pytest.mark.parametrize("kind, number", [("f64", 2870), ("f64", 6213), ("f32", 2870)])
def test_laws_say_nothing_of_what_is_undefined_on_the_way(kind: str, number: int) -> None:
    """The mean of no numbers, used by nobody: its derivative times a cotangent of 0 is NaN, as IEEE 754 says."""
    assert laws_hold(kind, number) == ""
