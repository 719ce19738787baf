"""The axioms of reverse derivative categories (Cockett et al. 2020), RD.1 to RD.7, on random terms over several semirings.

Each is checked pointwise, by applying `reverse` again and again to what it returned: derivatives are terms. On finite
semirings both sides are equal; on floats, up to rounding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import OBJECTS, arguments, contexts, nearby, terms

from pullback.backends.interpreter import run
from pullback.core.objects import F64, Scalar, Wire, element, is_differentiable, shape
from pullback.core.operations import OPERATIONS
from pullback.core.semiring import semiring
from pullback.core.sizes import atom
from pullback.ir.derive import jvp, reverse, vjp
from pullback.ir.unary.builder import Builder, embed
from pullback.ir.unary.term import Term
from pullback.ir.unary.typing import verify

pytestmark = pytest.mark.slow  # together they take many seconds

Values = list[Any]
over_all = pytest.mark.parametrize("scalar", OBJECTS, ids=str)


# -- maps as terms ---------------------------------------------------------------------------------------------------------
def movable(wires: Sequence[Wire]) -> list[int]:
    """Which wires have a tangent. The others are constants of a law: it holds for each of their values."""
    return [k for k, w in enumerate(wires) if is_differentiable(w)]


def R(f: Term) -> Term:  # noqa: N802
    r = reverse(f)
    verify(r)
    return r


def D(f: Term) -> Term:  # noqa: N802
    d = jvp(f, movable(f.dom), value=False)
    verify(d)
    return d


def compose(f: Term, g: Term) -> Term:
    """f ; g"""
    b = Builder("fg", f.sizes, f.names, f.dom)
    sizes = {s: atom(s) for s in f.sizes}
    return b.finish(embed(b, g, embed(b, f, range(len(f.dom)), sizes), sizes))


def pair(f: Term, g: Term) -> Term:
    """<f, g>"""
    b = Builder("pair", f.sizes, f.names, f.dom)
    return b.finish([p for h in (f, g) for p in embed(b, h, range(len(h.dom)), {s: atom(s) for s in h.sizes})])


def plus(f: Term, g: Term) -> Term:
    """f + g"""
    b = Builder("plus", f.sizes, f.names, f.dom)
    left, right = (embed(b, h, range(len(h.dom)), {s: atom(s) for s in h.sizes}) for h in (f, g))
    return b.finish([b.add(x, y) if is_differentiable(b.wires[x]) else x for x, y in zip(left, right, strict=True)])


def forward_from_reverse(f: Term) -> Term:
    """D[f] = (ι₀ × 1) ; R[R[f]] ; π₁ : from the differentiable wires' directions to those of the results."""
    rr = R(R(f))
    cotangents = [f.cod[k] for k in movable(f.cod)]
    directions = [f.dom[k] for k in movable(f.dom)]
    b = Builder("D", f.sizes, [f"x{k}" for k in range(len(f.dom) + len(directions))], (*f.dom, *directions))
    point, moved = range(len(f.dom)), range(len(f.dom), len(b.wires))
    zeros = [b.zero(w) for w in cotangents]
    results = embed(b, rr, [*point, *zeros, *moved], {s: atom(s) for s in f.sizes})
    return b.finish(results[len(directions) :])


# -- values ----------------------------------------------------------------------------------------------------------------
def add(wires: Sequence[Wire], left: Values, right: Values) -> Values:
    return [
        np.asarray(OPERATIONS["add"].meaning(element(w), x, y)) for w, x, y in zip(wires, left, right, strict=True)
    ]


def zeros(wires: Sequence[Wire], sizes: Mapping[str, int]) -> Values:
    return [
        np.full([d.evaluate(sizes) for d in shape(w)], semiring(element(w)).zero, dtype=element(w).dtype) for w in wires
    ]


def inner(scalar: Scalar, left: Values, right: Values) -> Any:
    """<left, right> in the semiring."""
    s = semiring(scalar)
    total = np.asarray(s.zero, dtype=scalar.dtype)
    for x, y in zip(left, right, strict=True):
        for product in np.ravel(s.mul(x, y)):
            total = s.add(total, product)
    return total


def same(scalar: Scalar, left: Values, right: Values) -> None:
    assert len(left) == len(right)
    for x, y in zip(left, right, strict=True):
        assert np.shape(x) == np.shape(y)
        if scalar.is_float:
            scale = max(1.0, float(np.max(np.abs(x), initial=0.0)))
            np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9 * scale)
        else:
            np.testing.assert_array_equal(x, y)


class Case:
    """A random term at a random point, with what the laws need to be drawn beside it."""

    def __init__(self, data: st.DataObject, scalar: Scalar, steps: int = 4, depth: int = 2, grade: str = "formal") -> None:
        self.data, self.scalar, self.steps, self.depth, self.grade = data, scalar, steps, depth, grade
        self.f = self.term()
        self.sizes, self.point = data.draw(arguments(self.f), label="arguments")

    def term(self, dom: Sequence[Wire] | None = None, cod: Sequence[Wire] | None = None) -> Term:
        dom = self.data.draw(contexts(self.scalar)) if dom is None else dom
        return self.data.draw(terms(self.scalar, self.grade, self.steps, self.depth, dom, cod), label="term")

    def run(self, f: Term, *args: Values) -> Values:
        return run(f, [value for part in args for value in part], self.sizes)

    def results(self, f: Term) -> list[Wire]:
        """The differentiable results of a term."""
        return [f.cod[k] for k in movable(f.cod)]

    @property
    def inputs(self) -> list[Wire]:
        return [self.f.dom[k] for k in movable(self.f.dom)]

    def near(self, wires: Sequence[Wire]) -> Values:
        return self.data.draw(nearby(wires, self.sizes), label="direction")

    def same(self, left: Values, right: Values) -> None:
        same(self.scalar, left, right)


# -- the axioms ------------------------------------------------------------------------------------------------------------
@over_all
@given(data=st.data())
def test_rd1_derivative_of_a_sum(scalar: Scalar, data: st.DataObject) -> None:
    """R[f + g] = R[f] + R[g]; R[0] = 0"""
    c = Case(data, scalar)
    g = c.term(c.f.dom, c.f.cod)
    w = c.near(c.results(c.f))
    c.same(
        c.run(R(plus(c.f, g)), c.point, w),
        add(c.inputs, c.run(R(c.f), c.point, w), c.run(R(g), c.point, w)),
    )
    b = Builder("zero", c.f.sizes, c.f.names, c.f.dom)
    zero = b.finish([b.zero(k) for k in c.results(c.f)])
    c.same(c.run(R(zero), c.point, w), zeros(c.inputs, c.sizes))


@over_all
@given(data=st.data())
def test_rd2_additive_in_the_cotangent(scalar: Scalar, data: st.DataObject) -> None:
    """<a, b + c> ; R[f] = <a, b> ; R[f] + <a, c> ; R[f]; <a, 0> ; R[f] = 0"""
    c = Case(data, scalar)
    r, wires = R(c.f), c.results(c.f)
    v, w = c.near(wires), c.near(wires)
    c.same(c.run(r, c.point, add(wires, v, w)), add(c.inputs, c.run(r, c.point, v), c.run(r, c.point, w)))
    c.same(c.run(r, c.point, zeros(wires, c.sizes)), zeros(c.inputs, c.sizes))


@over_all
@given(data=st.data())
def test_rd3_identity_and_projections(scalar: Scalar, data: st.DataObject) -> None:
    """R[1] = π₁, R[π₀] = π₁ ; ι₀, R[π₁] = π₁ ; ι₁: what is selected gets its cotangent, the rest gets zero."""
    c = Case(data, scalar, steps=0)
    chosen = data.draw(st.lists(st.sampled_from(movable(c.f.dom)), unique=True))
    selection = Builder("select", c.f.sizes, c.f.names, c.f.dom).finish(chosen)
    w = c.near(selection.cod)
    got = dict(zip(movable(c.f.dom), c.run(R(selection), c.point, w), strict=True))
    for k, wire in zip(movable(c.f.dom), c.inputs, strict=True):
        c.same([got[k]], [w[chosen.index(k)]] if k in chosen else zeros([wire], c.sizes))


@over_all
@given(data=st.data())
def test_rd4_pairing(scalar: Scalar, data: st.DataObject) -> None:
    """R[<f, g>](a, (v, w)) = R[f](a, v) + R[g](a, w)"""
    c = Case(data, scalar)
    g = c.term(c.f.dom)
    v, w = c.near(c.results(c.f)), c.near(c.results(g))
    c.same(
        c.run(R(pair(c.f, g)), c.point, v, w),
        add(c.inputs, c.run(R(c.f), c.point, v), c.run(R(g), c.point, w)),
    )


@over_all
@given(data=st.data())
def test_rd5_chain_rule(scalar: Scalar, data: st.DataObject) -> None:
    """R[f ; g](a, w) = R[f](a, R[g](f a, w))"""
    c = Case(data, scalar, steps=3)
    g = c.term(c.f.cod)
    w = c.near(c.results(g))
    middle = c.run(R(g), c.run(c.f, c.point), w)
    c.same(c.run(R(compose(c.f, g)), c.point, w), c.run(R(c.f), c.point, middle))


@over_all
@settings(max_examples=50)
@given(data=st.data())
def test_rd6_linear_in_the_cotangent(scalar: Scalar, data: st.DataObject) -> None:
    """π₁ R[R[R[f]]](((a, b), 0), (0, w)) = R[f](a, w)"""
    c = Case(data, scalar, steps=3, depth=1)
    r = R(c.f)
    rrr = R(R(r))
    wires = c.results(c.f)
    b, w = c.near(wires), c.near(wires)
    zero = zeros(c.inputs, c.sizes)
    got = c.run(rrr, c.point, b, zero, zero, w)
    c.same(got[-len(c.inputs) :], c.run(r, c.point, w))


@over_all
@settings(max_examples=25)
@given(data=st.data())
def test_rd7_symmetry_of_mixed_partials(scalar: Scalar, data: st.DataObject) -> None:
    """D[D[f]]((a, v), (w, u)) = D[D[f]]((a, w), (v, u)), where each D is two reverse derivatives."""
    c = Case(data, scalar, steps=2, depth=1)
    dd = forward_from_reverse(forward_from_reverse(c.f))
    v, w, u = (c.near(c.inputs) for _ in range(3))
    c.same(c.run(dd, c.point, v, w, u), c.run(dd, c.point, w, v, u))


# -- forward and reverse ---------------------------------------------------------------------------------------------------
@over_all
@given(data=st.data())
def test_forward_is_two_reverses(scalar: Scalar, data: st.DataObject) -> None:
    """D[f] = (ι₀ × 1) ; R[R[f]] ; π₁"""
    c = Case(data, scalar)
    v = c.near(c.inputs)
    c.same(c.run(D(c.f), c.point, v), c.run(forward_from_reverse(c.f), c.point, v))


@over_all
@given(data=st.data())
def test_forward_and_reverse_are_adjoint(scalar: Scalar, data: st.DataObject) -> None:
    """<R[f](a, w), v> = <w, D[f](a, v)>"""
    c = Case(data, scalar)
    v, w = c.near(c.inputs), c.near(c.results(c.f))
    back, on = c.run(R(c.f), c.point, w), c.run(D(c.f), c.point, v)
    c.same([inner(scalar, back, v)], [inner(scalar, w, on)])


@over_all
@given(data=st.data())
def test_forward_chain_rule(scalar: Scalar, data: st.DataObject) -> None:
    """D[f ; g](a, v) = D[g](f a, D[f](a, v))"""
    c = Case(data, scalar, steps=3)
    g = c.term(c.f.cod)
    v = c.near(c.inputs)
    c.same(c.run(D(compose(c.f, g)), c.point, v), c.run(D(g), c.run(c.f, c.point), c.run(D(c.f), c.point, v)))


@over_all
@given(data=st.data())
def test_value_and_a_part_of_the_wires(scalar: Scalar, data: st.DataObject) -> None:
    """vjp and jvp by some wires are those by all, restricted; with the value, they return it too."""
    c = Case(data, scalar)
    all_of_them = movable(c.f.dom)
    some = data.draw(st.lists(st.sampled_from(all_of_them), unique=True))
    w = c.near(c.results(c.f))
    whole = dict(zip(all_of_them, c.run(R(c.f), c.point, w), strict=True))
    backward = vjp(c.f, some)
    verify(backward)
    value = c.run(c.f, c.point)
    c.same(c.run(backward, c.point, w), [*value, *(whole[k] for k in some)])
    forward = jvp(c.f, some)
    verify(forward)
    v = c.near([c.f.dom[k] for k in some])
    given_v = dict(zip(some, v, strict=True))
    padded = [given_v[k] if k in given_v else zeros([c.f.dom[k]], c.sizes)[0] for k in all_of_them]
    c.same(c.run(forward, c.point, v), [*value, *c.run(D(c.f), c.point, padded)])


@given(data=st.data())
def test_forward_is_the_limit_of_differences(data: st.DataObject) -> None:
    """D[f](a, v) = lim (f(a + hv) − f(a − hv)) / 2h, by extrapolation, with its own error estimate as tolerance."""
    c = Case(data, F64, grade="smooth")
    v = c.near(c.inputs)
    active = movable(c.f.dom)

    def difference(h: float) -> Values:
        shifted = [list(c.point), list(c.point)]
        for k, d in zip(active, v, strict=True):
            shifted[0][k], shifted[1][k] = c.point[k] + h * d, c.point[k] - h * d
        after, before = (c.run(c.f, s) for s in shifted)
        return [(after[k] - before[k]) / (2 * h) for k in movable(c.f.cod)]

    tables = [difference(h) for h in (4e-3, 2e-3, 1e-3)]
    for coarse, middle, fine, exact in zip(*tables, c.run(D(c.f), c.point, v), strict=True):
        first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
        limit = (16 * second - first) / 15
        tolerance = 1e-8 * (1 + np.abs(exact)) + 2 * np.abs(limit - second)
        assert np.all(np.abs(limit - exact) <= tolerance), f"differences give {limit}, the derivative is {exact}"
