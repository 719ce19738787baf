"""Sparse Jacobians: they are the dense ones, and their structure is found from the program and its integers."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st

import pullback as pb
from pullback.backends.executable import Settings
from pullback.core.objects import F64, Tuple, element
from pullback.frontends.python.function import Function
from pullback.frontends.python.morphism import Morphism, Parameter
from pullback.testing import arguments, terms

pytestmark = pytest.mark.slow  # together they take many seconds

PROGRAM = """
def squares(x: f64[n]) -> f64[n] = for i: x[i]^2

def heat(u: f64[n]) -> f64[n] = for i:
    (if i > 0 then u[i - 1] else 0) - 2 * sin(u[i]) + (if i + 1 < n then u[i + 1] else 0)

def softmax(x: f64[n, k]) -> f64[n, k] = for i, j: exp(x[i, j]) / (sum l: exp(x[i, l]))

def layer(a: f64[n, d], x: f64[d]) -> f64[n] = for i: tanh(sum j: a[i, j] * x[j])

def springs(x: f64[n], ends: i64[p, 2]) -> (f64[p], f64) =
    (for e: (x[ends[e, 0]] - x[ends[e, 1]])^2, sum i: x[i]^2)

def sparse(start: i64[r], column: i64[z], data: f64[z], x: f64[c]) -> f64[r - 1] = for i < r - 1:
    sum e < start[i + 1] - start[i]: data[start[i] + e] * x[column[start[i] + e]]

def running(x: f64[n]) -> f64[n] = scan s = 0.0 for i < n: tanh(s + x[i])

def tops(x: f64[n, k]) -> f64[n] = for i: max j: x[i, j]^2

def looked_up(x: f64[n], y: f64[m]) -> f64[m] = for j: y[j] * x[min(max(i64(stop_gradient(y[j])), 0), n - 1)]

def rosenbrock(x: f64[n]) -> f64 = sum i < n - 1: 100 * (x[i + 1] - x[i]^2)^2 + (1 - x[i])^2

def positive(x: f64[n], at: i64[n]) -> f64[n] = for e: if x[e] > 0 then x[at[e]]^2 else 0.0
"""
m = pb.compile(PROGRAM)


def dense(f: pb.Function, args: Any, argnums: tuple[int, ...]) -> np.ndarray:
    """The Jacobian as one matrix: rows for all elements of the result, columns for all of the arguments."""
    parts = pb.jacrev(f, argnums)(*args)
    many = isinstance(f.morphism.result_type, Tuple)
    results = f(*args) if many else (f(*args),)
    rows = []
    sizes = [np.size(args[k]) for k in argnums]
    for result, row in zip(results, parts if many else (parts,), strict=True):
        blocks = [np.reshape(block, (np.size(result), size)) for block, size in zip(row, sizes, strict=True)]
        rows.append(np.concatenate(blocks, axis=1))
    return np.concatenate(rows)


def agrees(f: pb.Function, args: Any, argnums: tuple[int, ...] = (0,)) -> Any:
    jacobian = pb.sparse_jacobian(f, argnums)
    found = jacobian(*args)
    assert found.has_canonical_format
    np.testing.assert_allclose(found.toarray(), dense(f, args, argnums), rtol=1e-12, atol=1e-12)
    return jacobian.structure(*args)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_maps_stencils_and_rows(rng: np.random.Generator) -> None:
    assert agrees(m.squares, [rng.normal(size=7)]).nnz == 7
    assert agrees(m.heat, [rng.normal(size=9)]).nnz == 3 * 9 - 2
    assert agrees(m.softmax, [rng.normal(size=(5, 3))]).nnz == 5 * 3 * 3
    assert agrees(m.layer, [rng.normal(size=(5, 3)), rng.normal(size=3)], (0, 1)).nnz == 15 + 15


def test_what_is_gathered(rng: np.random.Generator) -> None:
    """Two ends of a spring, which may be one; then a result of another shape."""
    ends = np.array([[0, 1], [3, 2], [4, 4], [1, 0]])
    found = agrees(m.springs, [rng.normal(size=5), ends])
    assert found.shape == (5, 5)
    assert found.nnz == 2 + 2 + 1 + 2 + 5
    assert found.indices[:7].tolist() == [0, 1, 2, 3, 4, 0, 1]


def test_ragged_rows_are_taken_by_colours(rng: np.random.Generator) -> None:
    start, column = np.array([0, 2, 2, 5, 6]), np.array([1, 4, 0, 2, 4, 3])
    args = [start, column, rng.normal(size=6), rng.normal(size=5)]
    by_x, by_both = agrees(m.sparse, args, (3,)), agrees(m.sparse, args, (2, 3))
    assert by_x.indices.tolist() == column.tolist()
    assert by_x.indptr.tolist() == start.tolist()
    assert "colours" in by_x.how
    assert by_both.nnz == 12


def test_what_values_decide_has_a_place_for_every_value(rng: np.random.Generator) -> None:
    """The structure is that of all real numbers: of a maximum all candidates, of an index out of reals all places."""
    jacobian = pb.sparse_jacobian(m.tops)
    assert agrees(m.tops, [rng.normal(size=(4, 3))]).nnz == 12
    first = jacobian.structure(rng.normal(size=(4, 3)))
    assert np.array_equal(first.indices, jacobian.structure(rng.normal(size=(4, 3))).indices)
    assert agrees(m.looked_up, [rng.normal(size=4), np.array([0.5, 1.5, 3.5])], (0, 1)).nnz == 3 * 4 + 3
    agrees(m.running, [rng.normal(size=6)])


def test_a_hessian(rng: np.random.Generator) -> None:
    x = rng.normal(size=8)
    found = pb.sparse_hessian(m.rosenbrock)
    assert found.structure(x).nnz == 8 + 2 * 7
    np.testing.assert_allclose(found(x).toarray(), pb.hessian(m.rosenbrock)(x), rtol=1e-12)


def test_a_structure_is_found_again_when_sizes_or_integers_change(rng: np.random.Generator) -> None:
    jacobian = pb.sparse_jacobian(m.springs)
    x, ends = rng.normal(size=4), np.array([[0, 1], [2, 3]])
    before = jacobian(x, ends).toarray()
    ends[0] = [1, 2]  # in place: the arguments are the same objects
    after = jacobian(x, ends).toarray()
    assert not np.array_equal(before, after)
    np.testing.assert_allclose(after, dense(m.springs, [x, ends], (0,)))
    assert jacobian(rng.normal(size=9), ends).shape == (3, 9)


def test_values_are_the_callers_own_and_the_structure_cannot_be_spoilt(rng: np.random.Generator) -> None:
    jacobian = pb.sparse_jacobian(m.heat)
    x = rng.normal(size=5)
    spoilt = jacobian(x)
    expected = spoilt.toarray()
    spoilt.data[:] = 0
    np.testing.assert_array_equal(jacobian(x).toarray(), expected)
    assert spoilt.nnz == 13
    assert not spoilt.toarray().any()
    with pytest.raises(ValueError, match="read-only"):
        spoilt.eliminate_zeros()
    own = spoilt.copy()
    own.eliminate_zeros()
    assert own.nnz == 0
    structure = jacobian.structure(x)
    structure.indices[:] = 0
    np.testing.assert_array_equal(jacobian(x).toarray(), expected)


def test_memory_is_used_again_only_when_nobody_holds_it(rng: np.random.Generator) -> None:
    jacobian = pb.sparse_jacobian(m.heat)
    points = rng.normal(size=(4, 6))
    held = [jacobian(x) for x in points]
    views = [jacobian(x).data[2:] for x in points]
    for x, whole, part in zip(points, held, views, strict=True):
        expected = jacobian(x)
        np.testing.assert_array_equal(whole.toarray(), expected.toarray())
        np.testing.assert_array_equal(part, expected.data[2:])


def test_nothing_at_all() -> None:
    empty = np.zeros(0)
    assert pb.sparse_jacobian(m.heat)(empty).shape == (0, 0)
    assert pb.sparse_jacobian(m.springs)(np.ones(3), np.zeros((0, 2), np.int64)).shape == (1, 3)
    assert str(pb.sparse_jacobian(m.heat).structure(empty)).startswith("0 × 0, 0 non-zeros, by ")


def test_an_index_outside_stops_it_where_control_reaches_it() -> None:
    """Behind a condition on real numbers an index may be outside, and is no error until the condition holds."""
    jacobian = pb.sparse_jacobian(m.positive)
    at = np.array([1, 7, 0])
    found = jacobian(np.array([2.0, -1.0, 3.0]), at)
    np.testing.assert_array_equal(found.toarray(), [[0, -2, 0], [0, 0, 0], [4, 0, 0]])
    with pytest.raises(pb.IndexFault):
        jacobian(np.array([2.0, 1.0, 3.0]), at)
    with pytest.raises(pb.IndexFault):
        pb.sparse_jacobian(m.springs)(np.ones(3), np.array([[0, 3]]))


def test_the_picture() -> None:
    drawn = str(pb.sparse_jacobian(m.heat).structure(np.zeros(12)))
    assert drawn.splitlines() == ["12 × 12, 34 non-zeros, 24 %, by reverse coefficients", "⠻⣦⡀", "⠀⠈⠻⣦⡀", "⠀⠀⠀⠈⠻⣦"]
    large = str(pb.sparse_jacobian(m.squares).structure(np.zeros(100_000))).splitlines()
    assert len(large) <= 25
    assert max(map(len, large[1:])) <= 60


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = pb.compile("def f(x: z<7>[n]) -> z<7>[n] = for i: x[i]^2\ndef g(x: f64[n]) -> i64 = argmax i: x[i]")
    for f in (other.f, other.g):
        with pytest.raises(pb.DerivativeFault):
            pb.sparse_jacobian(f)
    with pytest.raises(pb.ArgumentFault, match="elements that may differ from zero"):
        pb.sparse_jacobian(m.running)(np.zeros(100_000))
    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(pb.ArgumentFault, match="SciPy is not installed") as caught:
        pb.sparse_jacobian(m.heat)(np.zeros(3))
    assert caught.value.code == "PB0611"


@pytest.mark.slow
@examples(60)
@given(data=st.data())
def test_random_programs(data: st.DataObject) -> None:
    """By coefficients forward and in reverse, and by colours, the Jacobian is the dense one."""
    term = data.draw(terms(F64, "smooth", cod=None))
    wrt = tuple(k for k, w in enumerate(term.dom) if element(w) == F64)
    parameters = tuple(Parameter(f"x{k}", w) for k, w in enumerate(term.dom))
    f = Function(Morphism("f", parameters, Tuple(term.cod), {}, term=term), Settings(backend="interpreter"))
    _, args = data.draw(arguments(term))
    with np.errstate(all="ignore"):
        expected = dense(f, args, wrt)
        jacobian = pb.sparse_jacobian(f, wrt)
        np.testing.assert_allclose(jacobian(*args).toarray(), expected, rtol=1e-8, atol=1e-8)
        ways = jacobian._ways
        for own in ({"_ways": (ways[0],) * 2}, {"_ways": (ways[1],) * 2}, {"_ways": ways, "_executables": (None, None)}):
            only = type(jacobian)(f, wrt)
            only.__dict__.update(own)
            np.testing.assert_allclose(only(*args).toarray(), expected, rtol=1e-8, atol=1e-8)
