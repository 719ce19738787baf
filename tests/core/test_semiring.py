"""Each object's sum and product are those of a commutative semiring, and the machine computes the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pullback.core.algebra import NumpyAlgebra, Value
from pullback.core.laws import check_semiring, matches, values
from pullback.core.objects import BIT, BOOL, DTYPES, F32, F64, I32, I64, WEIGHTS, Scalar
from pullback.core.operation import Expansion
from pullback.core.operations import OPERATIONS
from pullback.core.semiring import semiring

MODULAR = [Scalar("z", n) for n in (2, 3, 4, 5, 6, 7, 16, 17, 1000003, 2**31)]
SATURATING = [Scalar("sat", n) for n in (2, 3, 4, 5, 8, 100, 2**31)]
TROPICAL = [Scalar(kind) for kind in WEIGHTS]
ALL = [F64, F32, I64, I32, BOOL, BIT, *MODULAR, *SATURATING, *TROPICAL]


@pytest.mark.parametrize("scalar", ALL, ids=str)
def test_laws(scalar: Scalar) -> None:
    assert check_semiring(semiring(scalar)) == []


def test_every_kind_of_object_has_a_semiring() -> None:
    assert {o.kind for o in ALL} == set(DTYPES)


def test_negation_is_where_it_should_be() -> None:
    assert {o.kind for o in ALL if semiring(o).has_negation} == set(DTYPES) - {"bool", "sat", *WEIGHTS}


@pytest.mark.parametrize("scalar", ALL, ids=str)
def test_dtype_stays(scalar: Scalar) -> None:
    s = semiring(scalar)
    x = np.array(values(scalar, corners=False), dtype=scalar.dtype)
    with np.errstate(over="ignore"):
        assert s.add(x, x).dtype == s.mul(x, x).dtype == np.dtype(scalar.dtype)


@pytest.mark.parametrize("scalar", ALL, ids=str)
@pytest.mark.parametrize("name", ["add", "mul", "neg", "sub"])
def test_the_machine_agrees(scalar: Scalar, name: str) -> None:
    s = semiring(scalar)
    function = getattr(s, name)
    lowering = s.machine.get(name)
    assert (function is None) == (lowering is None)
    if not isinstance(lowering, Expansion):
        return
    elements = np.array(values(scalar), dtype=scalar.dtype)
    grids = np.meshgrid(elements, elements) if name != "neg" else [elements]
    arguments = [g.ravel() for g in grids]
    lowered = lowering.rule(NumpyAlgebra(OPERATIONS), *(Value(scalar, a) for a in arguments))
    assert lowered.object == scalar and matches(lowered.array, function(*arguments))


def test_z2_is_bit_and_sat2_is_bool() -> None:
    x, y = (g.ravel() for g in np.meshgrid([0, 1], [0, 1]))
    for small, truth in ((Scalar("z", 2), BIT), (Scalar("sat", 2), BOOL)):
        a, b = semiring(small), semiring(truth)
        assert np.array_equal(a.add(x, y), b.add(x == 1, y == 1).astype(int))
        assert np.array_equal(a.mul(x, y), b.mul(x == 1, y == 1).astype(int))


def test_a_broken_law_is_named() -> None:
    z5 = semiring(Scalar("z", 5))
    broken = check_semiring(replace(z5, add=lambda x, y: (x - y) % 5))
    assert broken[:2] == ["x + y = y + x", "(x + y) + z = x + (y + z)"]
    assert "x * (y + z) = x * y + x * z" in check_semiring(replace(z5, mul=lambda x, y: (x + y) % 5))
    assert "x + (-x) = 0" in check_semiring(replace(z5, neg=lambda x: x))
    f64 = semiring(F64)
    assert "x * (y + z) = x * y + x * z" in check_semiring(replace(f64, add=np.maximum, neg=None, sub=None))


@pytest.mark.parametrize(("scalar", "reachable"), [
    (Scalar("z", 2), 4), (Scalar("z", 3), 27), (Scalar("z", 4), 64), (Scalar("sat", 2), 3), (Scalar("sat", 3), 6),
    (Scalar("sat", 4), 11), (Scalar("sat", 5), 17),
], ids=str)
def test_how_many_unary_functions_are_polynomials(scalar: Scalar, reachable: int) -> None:
    """Completeness, counted: all functions over prime moduli, few over saturating ones (so circuits need `compare`)."""
    s = semiring(scalar)
    n = scalar.modulus or 0
    table = np.arange(n)
    found = {tuple(table.tolist()), *(tuple([c] * n) for c in range(n))}
    while True:
        arrays = [np.array(f) for f in found]
        more = {tuple(op(f, g).tolist()) for f in arrays for g in arrays for op in (s.add, s.mul)} - found
        if not more:
            break
        found |= more
    assert len(found) == reachable
