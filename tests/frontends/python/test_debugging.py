"""What made a NaN or an infinity is named with its place; where two backends part, too."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import numpy as np
import pytest

import pullback as pb
from pullback.backends.interpreter.evaluate import Machine
from pullback.core.errors import Derivative
from pullback.frontends.python.debugging import NotFinite

TEXT = """\
def loss(w: f64[d], b: f64) -> f64 =
    let a = sum i: sqrt(w[i])
    log(a) / b + (if b > 0 then exp(a * a) else 0)
def safe(x: f64[n]) -> f64 = sum i: if x[i] > 0 then log(x[i]) else 0
def norm(x: f64[n]) -> f64 = sqrt(sum i: x[i]^2)
def table(x: f64[n], y: f64[m]) -> f64[n, m] = for i, j: log(x[i] - y[j])
def most(x: f64[n]) -> f64 = max i: x[i]
def walk(x: f64[n]) -> f64 = fold s = 0.5 for i: sin(s) * x[i]
def nested(x: f64[n], y: f64[m]) -> f64 =
    let a = for i:
        let b = for j: sin(x[i]) + y[j]
        let c = sum j: b[j]
        c * x[i]
    sum i: a[i]
"""


@pytest.fixture(scope="module")
def m() -> Any:
    return pb.compile(TEXT)


@pytest.mark.parametrize(("call", "said", "place"), [
    (lambda m: m.loss([4.0, -1.0], 2.0), "`sqrt` of -1 is nan, at i = 1", "sqrt(w[i])"),
    (lambda m: m.loss([1.0, 1.0], 0.0), "`div` of 0.693147, 0 is inf", "log(a) / b"),
    (lambda m: m.loss([900.0, 900.0], 1.0), "`exp` of 3600 is inf", "exp(a * a)"),
    (lambda m: pb.grad(m.loss)([1.0, 0.0], 2.0), "in the reverse derivative of this, `div` of", "sqrt(w[i])"),
    (lambda m: pb.grad(m.norm)([0.0, 0.0]), "in the reverse derivative of this, `div` of 0.5, 0 is inf", "sqrt(sum i: x[i]^2)"),
    (lambda m: m.table([2.0, 1.0], [0.0, 1.0]), "`log` of 0 is -inf, at i = 1, j = 1", "log(x[i] - y[j])"),
    (lambda m: m.most([]), "`max` of nothing is -inf", "max i: x[i]"),
])  # fmt: skip
def test_what_made_it_is_named(m: Any, call: Callable[[Any], Any], said: str, place: str) -> None:
    with pb.debug(nan=True), pytest.raises(NotFinite) as caught:
        call(m)
    assert said in caught.value.message and caught.value.code == "PB0720"
    assert caught.value.span is not None and caught.value.span.text == place
    assert isinstance(caught.value.span, Derivative) == ("reverse" in said)


def test_an_argument_that_has_it_already_is_named(m: Any) -> None:
    with pb.debug(nan=True), pytest.raises(ArithmeticError, match=r"`x` has nan at \[1\] when `norm` is called"):
        m.norm([1.0, np.nan])


def test_what_a_condition_throws_away_does_no_harm(m: Any) -> None:
    with pb.debug(nan=True):
        np.testing.assert_array_equal(pb.grad(m.safe)([1.0, 0.0, -1.0]), [1.0, 0.0, 0.0])


def test_outside_of_the_context_nothing_is_watched(m: Any) -> None:
    found = []
    with pb.debug(nan=True):
        other = Thread(target=lambda: found.append(m.most([])))
        other.start()
        other.join()
        with pb.debug(nan=False):
            found.append(m.most([]))
        with pytest.raises(NotFinite):
            m.most([])
    assert found == [-np.inf, -np.inf] and m.most([]) == -np.inf
    assert pb.compile("def f(x: f64) = x").f(1.0) == 1.0


@pytest.mark.parametrize(("name", "args", "index", "said"), [
    ("walk", (np.ones(5),), {"i": 2}, "`sin`, at i = 2: "),
    ("nested", (np.ones(3), np.ones(2)), {"i": 1, "j": 1}, "`sin`, at i = 1, j = 1: "),
    ("loss", (np.ones(2), 1.0), {"i": 0}, ""),
])  # fmt: skip
def test_the_first_value_that_differs_is_found(
    m: Any, monkeypatch: pytest.MonkeyPatch, name: str, args: Any, index: dict[str, int], said: str
) -> None:
    """The interpreter is made wrong in one iteration."""
    right = Machine.apply

    def apply(self: Any, operation: Any, objects: Any, result: Any, given: Any, span: Any) -> Any:
        value = right(self, operation, objects, result, given, span)
        here = {k.split(".")[0]: v for k, v in self.sizes.items()}
        wrong = operation.name == "sin" and all(here.get(k) == v for k, v in index.items())
        return value + 1e-3 if wrong else value

    monkeypatch.setattr(Machine, "apply", apply)
    found = pb.explain_difference(m[name], args, ("interpreter", "python"))
    if not said:
        assert found is None
        return
    assert found is not None and said in str(found) and "by interpreter and" in str(found)
    assert found.span is not None and found.span.text.startswith("sin(")
    assert found.values[0] == pytest.approx(found.values[1] + 1e-3)


def test_what_agrees_needs_no_explanation(m: Any) -> None:
    assert pb.explain_difference(m.nested, (np.ones(3), np.ones(2))) is None
    assert pb.explain_difference(pb.grad(m.walk), (np.ones(3),), ("llvm", "python")) is None
    with pytest.raises(pb.ArgumentFault, match="takes a function"):
        pb.explain_difference(len, ())
