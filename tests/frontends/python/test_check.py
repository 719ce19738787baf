"""`check_grads` passes what is right and names what is wrong."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb

pytestmark = pytest.mark.slow  # together they take some seconds

TEXT = """
def loss(w: f64[d], b: f64, xs: f64[n, d]) -> f64 = mean i: log(1 + exp(b + (sum j: w[j] * xs[i, j])))
def field(x: f64[n]) -> f64[n] = for i: sin(x[i]) * (sum j: x[j]^2) / (1 + x[i]^2)
def single(x: f32[n]) -> f32 = sum i: exp(sin(x[i])) / x[i]
def tiny(x: f64) -> f64 = 1e-9 * sin(x)
def huge(x: f64) -> f64 = 1e9 * sin(x)
def halved(p: {w1: f64[n], b: f64}) -> f64 = sum i: p.w1[i] * stop_gradient(p.w1[i]) * p.b
def kink(x: f64[n]) -> f64 = sum i: abs(x[i] - 1)
def jump(x: f64) -> f64 = if x < 1 then x else x + 1
def bits(a: bit) -> bit = a
def counted(k: i64) -> i64 = k
"""


@pytest.fixture(scope="module")
def m() -> pb.Module:
    return pb.compile(TEXT)


def test_right_derivatives_pass(m: pb.Module) -> None:
    rng = np.random.default_rng(1)
    pb.check_grads(m.loss, (rng.normal(size=3), 0.5, rng.normal(size=(6, 3))))
    pb.check_grads(m.field, (rng.normal(size=4),))
    pb.check_grads(m.field, (rng.normal(size=4),), order=2, modes=("fwd",))
    pb.check_grads(pb.grad(m.loss), (rng.normal(size=3), 0.5, rng.normal(size=(6, 3))), order=1)


@pytest.mark.parametrize("name", ["tiny", "huge"])
def test_scale_does_not_matter(m: pb.Module, name: str) -> None:
    pb.check_grads(m[name], (0.7,))


def test_f32_has_its_own_tolerance(m: pb.Module) -> None:
    pb.check_grads(m.single, (np.linspace(0.5, 2, 5, dtype=np.float32),))


def test_a_wrong_derivative_is_named_with_its_entry(m: pb.Module) -> None:
    with pytest.raises(AssertionError, match=r"halved: the derivative by `p\['w1'\]\[0\]` is 6 in reverse mode, "
                       r"but difference quotients give 12\b") as caught:
        pb.check_grads(m.halved, ({"w1": [2.0, 3.0], "b": 3.0},))
    assert caught.value.code == "PB0504"
    with pytest.raises(AssertionError, match="forward mode"):
        pb.check_grads(m.halved, ({"w1": [2.0, 3.0], "b": 3.0},), modes=("fwd",))


def test_a_wrong_second_derivative_is_found_at_order_two() -> None:
    m = pb.compile("def f(x: f64) -> f64 = x * x + stop_gradient(x) * 0")
    pb.check_grads(m.f, (1.5,))
    wrong = pb.compile("def f(x: f64) -> f64 = grad(g)(x) * 0 + x\ndef g(x: f64) -> f64 = x * x")
    pb.check_grads(wrong.f, (1.5,))


@pytest.mark.parametrize("name, at", [("kink", ([1.0 + 1e-5, 3.0],)), ("jump", (1.0,))])
def test_where_quotients_do_not_settle_it_says_so(m: pb.Module, name: str, at: tuple[object, ...]) -> None:
    with pytest.raises(pb.DerivativeFault, match="kink or a jump"):
        pb.check_grads(m[name], at, order=1)


def test_arguments_are_left_alone(m: pb.Module) -> None:
    x = np.array([0.1, 0.2])
    x.flags.writeable = False
    pb.check_grads(m.field, (x,), order=1)


def test_there_are_no_quotients_over_bits(m: pb.Module) -> None:
    with pytest.raises(pb.DerivativeFault, match="no difference quotients over bit"):
        pb.check_grads(m.bits, (True,))
    pb.check_grads(m.counted, (3,))  # nothing to check
    with pytest.raises(pb.ArgumentFault, match="no mode 'bwd'"):
        pb.check_grads(m.field, ([1.0],), modes=("bwd",))
