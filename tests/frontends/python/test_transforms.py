"""grad, vjp and their kin on functions of modules, against each other and against derivatives known by hand."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import pullback as pb

TEXT = """
type Params = {w: f64[n, d], b: f64[n]}
def net(p: Params, x: f64[d]) -> f64[n] = for i: tanh((sum j: p.w[i, j] * x[j]) + p.b[i])
def energy(p: Params, x: f64[d]) -> f64 = sum i: net(p, x)[i]^2
def quadratic(a: f64[d, d], x: f64[d]) -> f64 = sum i: sum j: x[i] * a[i, j] * x[j]
def product(a: f64[m, d], x: f64[d]) -> f64[m] = for i: sum j: a[i, j] * x[j]
def exponentials(w: f64[d], xs: f64[n, d]) -> f64 = sum i: exp(sum j: w[j] * xs[i, j])
def both(x: f64, k: i64, y: f64) -> (f64, i64, f64) = (x * y, k, x + y)
def with_aux(x: f64[n]) -> (f64, {half: f64[n], count: i64}) = (sum i: x[i]^2, {half: for i: floor(x[i] / 2), count: n})
def mixed(p: {x: f64[n], k: i64}) -> f64 = sum i: p.x[i]^2
def cubic(x: f64) -> f64 = x^3
def square(x: f64[n]) -> f64[n] = x^2
def power(x: f64, k: i64) -> f64[k] = for i < k: x^f64(i)
def steps(x: f64) -> f64 = x * f64(floor(x))
def rounded(k: i64) -> f64 = f64(k)
def cube(x: z<7>) -> z<7> = x * x * x
def majority(a: bit, b: bit, c: bit) -> bit = a*b + b*c + c*a
def full_adder(a: bit, b: bit, c: bit) -> (bit, bit) = (a + b + c, a*b + b*c + c*a)
def saturated(x: sat<4>, y: sat<4>) -> sat<4> = x * y
"""


@pytest.fixture(scope="module")
def m() -> pb.Module:
    return pb.compile(TEXT)


@dataclasses.dataclass
class Params:
    w: Any
    b: Any


RNG = np.random.default_rng(7)
A, X, V = RNG.normal(size=(3, 3)), RNG.normal(size=3), RNG.normal(size=3)
P = {"w": RNG.normal(size=(2, 3)), "b": RNG.normal(size=2)}


# -- gradients ---------------------------------------------------------------------------------------------------------
def test_gradients_known_by_hand(m: pb.Module) -> None:
    assert np.allclose(pb.grad(m.quadratic, 1)(A, X), (A + A.T) @ X)
    assert np.allclose(pb.grad(m.quadratic)(A, X), np.outer(X, X))
    value, slope = pb.value_and_grad(m.cubic)(2.0)
    assert (value, slope) == (8.0, 12.0)


def test_parameters_are_named_or_counted(m: pb.Module) -> None:
    by_x = pb.grad(m.quadratic, "x")(A, X)
    for argnums in (1, -1):
        assert np.array_equal(pb.grad(m.quadratic, argnums)(A, X), by_x)
    pair = pb.grad(m.quadratic, ("x", 0))(A, X)
    assert isinstance(pair, tuple)
    assert np.array_equal(pair[0], by_x)
    assert np.allclose(pair[1], np.outer(X, X))
    (alone,) = pb.grad(m.quadratic, ["x"])(A, X)
    assert np.array_equal(alone, by_x)


def test_a_gradient_has_the_structure_of_its_argument(m: pb.Module) -> None:
    grad = pb.grad(m.energy)
    of_dict, of_class = grad(P, X), grad(Params(**P), X)
    assert set(of_dict) == {"w", "b"}
    assert isinstance(of_class, Params)
    assert np.array_equal(of_dict["w"], of_class.w)
    y = np.tanh(P["w"] @ X + P["b"])
    assert np.allclose(of_dict["b"], 2 * y * (1 - y**2))
    assert np.allclose(of_dict["w"], np.outer(2 * y * (1 - y**2), X))


def test_what_is_discrete_has_no_part_in_a_gradient(m: pb.Module) -> None:
    assert list(pb.grad(m.mixed)({"x": X, "k": 3})) == ["x"]


def test_has_aux_hands_on_what_is_not_differentiated(m: pb.Module) -> None:
    x = np.array([1.0, 5.0])
    slope, aux = pb.grad(m.with_aux, has_aux=True)(x)
    (value, same), again = pb.value_and_grad(m.with_aux, has_aux=True)(x)
    assert value == 26.0
    assert np.array_equal(slope, 2 * x)
    assert np.array_equal(again, 2 * x)
    assert aux.count == same.count == 2
    assert np.array_equal(aux.half, [0.0, 2.0])
    with pytest.raises(pb.DerivativeFault, match="should give a pair"):
        pb.grad(m.cubic, has_aux=True)


def test_transformations_are_made_once(m: pb.Module) -> None:
    assert pb.grad(m.cubic) is pb.grad(m.cubic, 0)
    assert pb.grad(m.cubic) is pb.grad(m.cubic, "x")
    assert pb.grad(m.quadratic, 0) is not pb.grad(m.quadratic, (0,))


def test_any_number_of_times(m: pb.Module) -> None:
    f = m.cubic
    for expected in (8.0, 12.0, 12.0, 6.0, 0.0):
        assert f(2.0) == expected
        f = pb.grad(f)


# -- vjp, jvp, reverse -------------------------------------------------------------------------------------------------
def test_vjp_pulls_back_to_every_argument(m: pb.Module) -> None:
    y, pull = pb.vjp(m.product, A, X)
    assert np.allclose(y, A @ X)
    da, dx = pull(V)
    assert np.allclose(da, np.outer(V, X))
    assert np.allclose(dx, A.T @ V)
    y, pull = pb.vjp(m.both, 2.0, 5, 3.0)
    assert y == (6.0, 5, 5.0)
    assert pull((1.0, 10.0)) == (13.0, None, 12.0)


def test_jvp_pushes_forward(m: pb.Module) -> None:
    y, dy = pb.jvp(m.product, (A, X), (A, V))
    assert np.allclose(y, A @ X)
    assert np.allclose(dy, A @ X + A @ V)
    assert pb.jvp(m.both, (2.0, 5, 3.0), (1.0, None, 10.0)) == ((6.0, 5, 5.0), (23.0, 11.0))
    with pytest.raises(pb.ArgumentFault, match="one for each of the 2 parameters"):
        pb.jvp(m.product, (A, X), (A,))


def test_forward_and_reverse_are_transposes(m: pb.Module) -> None:
    change = {"w": RNG.normal(size=(2, 3)), "b": RNG.normal(size=2)}
    cotangent = RNG.normal(size=2)
    _, dy = pb.jvp(m.net, (P, X), (change, V))
    dp, dx = pb.reverse(m.net)(P, X, cotangent)
    assert np.isclose(cotangent @ dy, np.sum(dp["w"] * change["w"]) + dp["b"] @ change["b"] + dx @ V)


def test_reverse_over_other_semirings(m: pb.Module) -> None:
    for x in range(7):
        assert pb.reverse(m.cube)(x, 1) == 3 * x * x % 7
    bits = (False, True)
    for a in bits:
        for b in bits:
            for c in bits:
                assert pb.reverse(m.majority)(a, b, c, True) == (b ^ c, a ^ c, a ^ b)
                assert pb.reverse(m.full_adder)(a, b, c, (True, False)) == (True, True, True)
    assert pb.reverse(m.saturated)(2, 3, 1) == (3, 2)
    assert pb.reverse(m.saturated)(2, 3, 2) == (3, 3)


def test_sizes_given_by_value(m: pb.Module) -> None:
    y, pull = pb.vjp(m.power, 2.0, 4)
    assert y.tolist() == [1.0, 2.0, 4.0, 8.0]
    assert pull(np.ones(4)) == (17.0, None)
    assert pb.jacrev(m.power)(2.0, 4).tolist() == [0.0, 1.0, 4.0, 12.0]
    with pytest.raises(pb.ArgumentFault, match="`k` is 4 by the value of `k`, but 3 by dimension 0 of `cotangent`"):
        pb.reverse(m.power)(2.0, 4, np.ones(3))


# -- Jacobians and Hessians --------------------------------------------------------------------------------------------
def test_jacobians_known_by_hand(m: pb.Module) -> None:
    for jacobian in (pb.jacrev, pb.jacfwd):
        assert np.allclose(jacobian(m.product, 1)(A, X), A)
        assert np.allclose(jacobian(m.product, 0)(A, X), np.einsum("ik,j->ikj", np.eye(3), X))
        by_a, by_x = jacobian(m.product, (0, 1))(A, X)
        assert by_a.shape == (3, 3, 3)
        assert np.allclose(by_x, A)
        assert jacobian(m.cubic)(2.0) == 12.0


def test_jacobians_of_trees(m: pb.Module) -> None:
    y = np.tanh(P["w"] @ X + P["b"])
    for jacobian in (pb.jacrev, pb.jacfwd):
        found = jacobian(m.net)(P, X)
        assert np.allclose(found.b, np.diag(1 - y**2))
        assert np.allclose(found.w, np.einsum("ik,i,j->ikj", np.eye(2), 1 - y**2, X))


def test_hessians_known_by_hand(m: pb.Module) -> None:
    assert np.allclose(pb.hessian(m.quadratic, 1)(A, X), A + A.T)
    (aa, ax), (xa, xx) = pb.hessian(m.quadratic, (0, 1))(A, X)
    assert np.allclose(aa, np.zeros((3, 3, 3, 3)))
    eye = np.eye(3)
    assert np.allclose(ax, np.einsum("ik,j->ijk", eye, X) + np.einsum("jk,i->ijk", eye, X))
    assert np.allclose(xa, np.moveaxis(ax, 2, 0))
    assert np.allclose(xx, A + A.T)
    assert pb.hessian(m.cubic)(2.0) == 12.0


def test_three_ways_to_a_hessian(m: pb.Module) -> None:
    xs = RNG.normal(size=(5, 3))
    expected = (xs.T * np.exp(xs @ X)) @ xs
    for hessian in (pb.hessian(m.exponentials), pb.jacrev(pb.grad(m.exponentials)), pb.jacfwd(pb.grad(m.exponentials))):
        assert np.allclose(hessian(X, xs), expected)
    assert np.allclose(pb.hvp(m.exponentials)(X, xs, V), expected @ V)


def test_second_derivatives_of_many_numbers(m: pb.Module) -> None:
    """∂²(x_i²) is 2 at i, i alone; of x·y, 1 across."""
    found = pb.hessian(m.square)(X)
    assert np.allclose(found, 2 * np.einsum("ij,ik->ijk", np.eye(3), np.eye(3)))
    assert np.allclose(pb.hvp(m.square)(X, V), found @ V)
    (xx, xy), (yx, yy) = pb.hessian(m.both, (0, 2))(2.0, 1, 3.0)[0]
    assert (xx, xy, yx, yy) == (0, 1, 1, 0)
    net, twice = pb.hessian(m.net)(P, X), pb.jacfwd(pb.jacrev(m.net))(P, X)
    assert np.allclose(net.w.b, twice.w.b) and net.w.b.shape == (2, 2, 3, 2)


def test_hvp_of_trees(m: pb.Module) -> None:
    found = pb.hvp(m.energy)(P, X, P)
    blocks = pb.hessian(m.energy)(P, X)
    for name, row in (("w", blocks.w), ("b", blocks.b)):
        expected = np.tensordot(row.w, P["w"], 2) + np.tensordot(row.b, P["b"], 1)
        assert np.allclose(found[name], expected)


def test_derivatives_of_empty_arrays(m: pb.Module) -> None:
    empty = np.empty((0, 0))
    assert pb.grad(m.quadratic, 1)(empty, []).shape == (0,)
    assert pb.hessian(m.quadratic, 1)(empty, []).shape == (0, 0)
    assert pb.jacrev(m.product, 1)(np.empty((0, 3)), X).shape == (0, 3)
    assert pb.jacfwd(m.product, 1)(np.empty((2, 0)), []).shape == (2, 0)


# -- refusals ----------------------------------------------------------------------------------------------------------
def test_grad_is_of_one_number(m: pb.Module) -> None:
    for transform in (pb.grad, pb.value_and_grad):
        with pytest.raises(pb.DerivativeFault, match="one differentiable number") as caught:
            transform(m.product)
        assert caught.value.code == "PB0503"


def test_by_what_is_discrete_there_is_no_derivative(m: pb.Module) -> None:
    for transform in (pb.grad, pb.jacrev, pb.jacfwd):
        with pytest.raises(pb.DerivativeFault, match="`k` is i64") as caught:
            transform(m.rounded)
        assert caught.value.code == "PB0502"


def test_parameters_there_are_not(m: pb.Module) -> None:
    for argnums in (2, -3, "z", (0, 5)):
        with pytest.raises(pb.NameFault, match="has no"):
            pb.grad(m.quadratic, argnums)
    with pytest.raises(pb.NameFault, match="named twice"):
        pb.grad(m.quadratic, (0, "a"))


def test_only_functions_of_modules(m: pb.Module) -> None:
    with pytest.raises(pb.ArgumentFault, match="the Python function `cubic`"):
        pb.grad(cubic)  # type: ignore[arg-type]


def cubic(x: float) -> float:
    return x**3


@pytest.mark.parametrize("backend", ["python", "interpreter"])
def test_backends_agree(m: pb.Module, backend: str) -> None:
    xs = RNG.normal(size=(4, 3))
    for made in (pb.value_and_grad(m.exponentials, (0, 1)), pb.hessian(m.exponentials), pb.hvp(m.exponentials)):
        args = (X, xs, V)[: len(made.parameters)]
        ours, theirs = made(*args), made.with_settings(backend=backend)(*args)
        for a, b in zip(leaves(ours), leaves(theirs), strict=True):
            assert np.allclose(a, b, rtol=1e-12)


def leaves(value: Any) -> list[Any]:
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, tuple) else [value]
