"""The laws of a reverse derivative category (Cockett et al. 2020, arXiv 1910.07065, definition 13) and of the forward
derivative beside it, as functions on terms.

A law takes a `Case`, a map at a point with a source of all else, and gives what must be equal. Derivatives are terms, so R is
really applied again where a law says so. Parts of a domain that are discrete have no tangent: a law holds for each of their
values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ...backends.interpreter import run
from ...backends.interpreter.watching import Made, watched
from ...core.objects import Scalar, Wire, element, is_differentiable, shape
from ...core.operations import OPERATIONS
from ...core.semiring import semiring
from ...core.sizes import atom
from ...ir.derive import jvp, reverse, vjp
from ...ir.unary.builder import Builder, embed
from ...ir.unary.prune import prune
from ...ir.unary.term import Term
from ...ir.unary.typing import verify
from . import values
from .carriers import FINER, carried
from .choices import Choices

Values = list[Any]
Partner = Callable[["Case", Sequence[Wire], Sequence[Wire] | None], Term]
"""Another map from some wires, to some if given."""


@dataclass(frozen=True)
class Sides:
    """What a law says is equal."""

    what: str
    wires: Sequence[Wire]
    left: Callable[[Run], Values]
    right: Callable[[Run], Values]
    slack: Callable[[], Values] | None = None
    """How far the right side may be off by itself."""


Run = Callable[..., Values]
"""``run(term, *parts)``: the results of a term on lists of values put together."""


@dataclass(frozen=True)
class Case:
    """A map at a point. What else a law is about is drawn: directions, cotangents, other maps."""

    f: Term
    sizes: Mapping[str, int]
    point: Values
    choices: Choices
    partner: Partner | None = None
    """By default f itself, bent."""

    def other(self, dom: Sequence[Wire], cod: Sequence[Wire] | None = None) -> Term:
        if self.partner is None:
            return bent(self.f, tuple(dom), None if cod is None else tuple(cod))
        return self.partner(self, dom, cod)

    def near(self, wires: Sequence[Wire]) -> Values:
        return values.nearby(wires, self.sizes, self.choices)

    def zeros(self, wires: Sequence[Wire]) -> Values:
        return [np.full([max(d.evaluate(self.sizes), 0) for d in shape(w)], semiring(element(w)).zero, element(w).dtype)
                for w in wires]  # fmt: skip

    @property
    def inputs(self) -> list[Wire]:
        """The wires that have tangents."""
        return [self.f.dom[k] for k in movable(self.f.dom)]

    @property
    def results(self) -> list[Wire]:
        return [self.f.cod[k] for k in movable(self.f.cod)]


@dataclass(frozen=True)
class Law:
    name: str
    statement: str
    sides: Callable[[Case], Iterator[Sides]]


MOST = 100
"""So many maps that were made are kept: a law is tried at many points of one function."""


# -- maps as terms ---------------------------------------------------------------------------------------------------------
def movable(wires: Sequence[Wire]) -> list[int]:
    """Which wires have a tangent."""
    return [k for k, w in enumerate(wires) if is_differentiable(w)]


@lru_cache(MOST)
def R(f: Term) -> Term:  # noqa: N802
    """R[f]. Of an f that is a derivative itself, only what its results depend on is differentiated again."""
    r = reverse(prune(f))
    verify(r)
    return r


@lru_cache(MOST)
def D(f: Term) -> Term:  # noqa: N802
    d = jvp(f, movable(f.dom), value=False)
    verify(d)
    return d


def _own(f: Term) -> dict[str, Any]:
    return {name: atom(name) for name in f.sizes}


@lru_cache(MOST)
def compose(f: Term, g: Term) -> Term:
    """f ; g"""
    b = Builder("fg", f.sizes, f.names, f.dom)
    return b.finish(embed(b, g, embed(b, f, range(len(f.dom)), _own(f)), _own(f)))


@lru_cache(MOST)
def pair(f: Term, g: Term) -> Term:
    """<f, g>"""
    b = Builder("pair", f.sizes, f.names, f.dom)
    return b.finish([p for h in (f, g) for p in embed(b, h, range(len(h.dom)), _own(h))])


@lru_cache(MOST)
def plus(f: Term, g: Term) -> Term:
    """f + g"""
    b = Builder("plus", f.sizes, f.names, f.dom)
    left, right = (embed(b, h, range(len(h.dom)), _own(h)) for h in (f, g))
    return b.finish([b.add(x, y) if is_differentiable(b.wires[x]) else x for x, y in zip(left, right, strict=True)])


@lru_cache(MOST)
def forward_from_reverse(f: Term) -> Term:
    """D[f] = (ι₀ × 1) ; R[R[f]] ; π₁ : from the differentiable wires' directions to those of the results."""
    rr = R(R(f))
    cotangents = [f.cod[k] for k in movable(f.cod)]
    directions = [f.dom[k] for k in movable(f.dom)]
    b = Builder("D", f.sizes, [f"x{k}" for k in range(len(f.dom) + len(directions))], (*f.dom, *directions))
    point, moved = range(len(f.dom)), range(len(f.dom), len(b.wires))
    zeros = [b.zero(w) for w in cotangents]
    results = embed(b, rr, [*point, *zeros, *moved], _own(f))
    return b.finish(results[len(directions) :])


@lru_cache(MOST)
def bent(f: Term, dom: tuple[Wire, ...], cod: tuple[Wire, ...] | None) -> Term:
    """A map like ``f`` that is another: f at x·x + x where a map of its type is wanted, else x·x + x by itself."""
    b = Builder("bent", f.sizes, [f"x{k}" for k in range(len(dom))], dom)

    def bend(x: int) -> int:
        if not shape(b.wires[x]):
            return b.apply("add", b.apply("mul", x, x), x)
        return b.loop("i", shape(b.wires[x])[0], [], ["build"], lambda _, i, c: [bend(b.index(x, i))])[0]

    moved = [bend(k) if is_differentiable(w) else k for k, w in enumerate(dom)]
    return b.finish(moved if cod is None else embed(b, f, moved, _own(f)))


# -- values ----------------------------------------------------------------------------------------------------------------
def add(wires: Sequence[Wire], left: Values, right: Values) -> Values:
    return [np.asarray(OPERATIONS["add"].meaning(element(w), x, y)) if x.dtype == element(w).dtype else x + y
            for w, x, y in zip(wires, map(np.asarray, left), right, strict=True)]  # fmt: skip


def inner(wires: Sequence[Wire], left: Values, right: Values) -> dict[Scalar, Any]:
    """<left, right>, over each semiring that occurs."""
    totals: dict[Scalar, Any] = {}
    for w, x, y in zip(wires, left, right, strict=True):
        ring = semiring(element(w))
        total = totals.get(element(w), np.asarray(ring.zero, np.result_type(x)))
        for product in np.ravel(ring.mul(x, y)):
            total = ring.add(total, product)
        totals[element(w)] = total
    return totals


# -- the axioms ------------------------------------------------------------------------------------------------------------
def rd1(c: Case) -> Iterator[Sides]:
    g, w = c.other(c.f.dom, c.f.cod), c.near(c.results)
    total, rf, rg = R(plus(c.f, g)), R(c.f), R(g)
    yield Sides("R[f + g] and R[f] + R[g]", c.inputs, lambda run: run(total, c.point, w),
                lambda run: add(c.inputs, run(rf, c.point, w), run(rg, c.point, w)))  # fmt: skip
    b = Builder("zero", c.f.sizes, c.f.names, c.f.dom)
    nothing = R(b.finish([b.zero(k) for k in c.results]))
    yield Sides("R[0] and 0", c.inputs, lambda run: run(nothing, c.point, w), lambda run: c.zeros(c.inputs))


def rd2(c: Case) -> Iterator[Sides]:
    r, v, w = R(c.f), c.near(c.results), c.near(c.results)
    yield Sides("R[f](a, v + w) and R[f](a, v) + R[f](a, w)", c.inputs,
                lambda run: run(r, c.point, add(c.results, v, w)),
                lambda run: add(c.inputs, run(r, c.point, v), run(r, c.point, w)))  # fmt: skip
    yield Sides("R[f](a, 0) and 0", c.inputs, lambda run: run(r, c.point, c.zeros(c.results)),
                lambda run: c.zeros(c.inputs))  # fmt: skip


def rd3(c: Case) -> Iterator[Sides]:
    active = movable(c.f.dom)
    chosen = [k for k in active if c.choices.between(0, 1)] or active[:1]
    r = R(Builder("select", c.f.sizes, c.f.names, c.f.dom).finish(chosen))
    w = c.near([c.f.dom[k] for k in chosen])
    expected = [w[chosen.index(k)] if k in chosen else c.zeros([c.f.dom[k]])[0] for k in active]
    yield Sides("R[π] and ι", c.inputs, lambda run: run(r, c.point, w), lambda run: expected)


def rd4(c: Case) -> Iterator[Sides]:
    g = c.other(c.f.dom)
    both, rf, rg = R(pair(c.f, g)), R(c.f), R(g)
    v, w = c.near(c.results), c.near([g.cod[k] for k in movable(g.cod)])
    yield Sides("R[<f, g>](a, (v, w)) and R[f](a, v) + R[g](a, w)", c.inputs, lambda run: run(both, c.point, v, w),
                lambda run: add(c.inputs, run(rf, c.point, v), run(rg, c.point, w)))  # fmt: skip


def rd5(c: Case) -> Iterator[Sides]:
    g = c.other(c.f.cod)
    both, rf, rg = R(compose(c.f, g)), R(c.f), R(g)
    w = c.near([g.cod[k] for k in movable(g.cod)])
    yield Sides("R[f ; g](a, w) and R[f](a, R[g](f a, w))", c.inputs, lambda run: run(both, c.point, w),
                lambda run: run(rf, c.point, run(rg, run(c.f, c.point), w)))  # fmt: skip


def rd6(c: Case) -> Iterator[Sides]:
    r = R(c.f)
    rrr, b, w, zero = R(R(r)), c.near(c.results), c.near(c.results), c.zeros(c.inputs)
    count = len(c.inputs)
    yield Sides("π₁ R[R[R[f]]](((a, b), 0), (0, w)) and R[f](a, w)", c.inputs,
                lambda run: run(rrr, c.point, b, zero, zero, w)[-count:], lambda run: run(r, c.point, w))  # fmt: skip


def rd7(c: Case) -> Iterator[Sides]:
    dd = forward_from_reverse(forward_from_reverse(c.f))
    v, w, u = (c.near(c.inputs) for _ in range(3))
    yield Sides("D[D[f]]((a, v), (w, u)) and D[D[f]]((a, w), (v, u))", c.results,
                lambda run: run(dd, c.point, v, w, u), lambda run: run(dd, c.point, w, v, u))  # fmt: skip


# -- forward and reverse ---------------------------------------------------------------------------------------------------
def double_reverse(c: Case) -> Iterator[Sides]:
    d, rr, v = D(c.f), forward_from_reverse(c.f), c.near(c.inputs)
    yield Sides("D[f](a, v) and (ι₀ × 1) ; R[R[f]] ; π₁", c.results, lambda run: run(d, c.point, v),
                lambda run: run(rr, c.point, v))  # fmt: skip


def adjoint(c: Case) -> Iterator[Sides]:
    r, d, v, w = R(c.f), D(c.f), c.near(c.inputs), c.near(c.results)
    scalars = sorted({element(k) for k in c.inputs} & {element(k) for k in c.results}, key=str)
    if {element(k) for k in c.inputs} == {element(k) for k in c.results}:
        yield Sides("<R[f](a, w), v> and <w, D[f](a, v)>", scalars,
                    lambda run: [inner(c.inputs, run(r, c.point, w), v)[s] for s in scalars],
                    lambda run: [inner(c.results, w, run(d, c.point, v))[s] for s in scalars])  # fmt: skip


def forward_chain(c: Case) -> Iterator[Sides]:
    g = c.other(c.f.cod)
    both, df, dg, v = D(compose(c.f, g)), D(c.f), D(g), c.near(c.inputs)
    wires = [g.cod[k] for k in movable(g.cod)]
    yield Sides("D[f ; g](a, v) and D[g](f a, D[f](a, v))", wires, lambda run: run(both, c.point, v),
                lambda run: run(dg, run(c.f, c.point), run(df, c.point, v)))  # fmt: skip


def some_wires(c: Case) -> Iterator[Sides]:
    active = movable(c.f.dom)
    some = [k for k in active if c.choices.between(0, 1)]
    back, w, whole = vjp(c.f, some), c.near(c.results), R(c.f)
    verify(back)
    wires = [*c.f.cod, *(c.f.dom[k] for k in some)]
    yield Sides("vjp by some wires, and R[f] restricted", wires, lambda run: run(back, c.point, w),
                lambda run: [*run(c.f, c.point), *(run(whole, c.point, w)[active.index(k)] for k in some)])  # fmt: skip


RDC = (
    Law("RD.1", "R[f + g] = R[f] + R[g]; R[0] = 0", rd1),
    Law("RD.2", "R[f] is additive in the cotangent", rd2),
    Law("RD.3", "R of identity and projections: what is selected gets its cotangent, the rest zero", rd3),
    Law("RD.4", "R[<f, g>](a, (v, w)) = R[f](a, v) + R[g](a, w)", rd4),
    Law("RD.5", "R[f ; g](a, w) = R[f](a, R[g](f a, w)), the chain rule", rd5),
    Law("RD.6", "R[f] is linear in the cotangent: π₁ R[R[R[f]]](((a, b), 0), (0, w)) = R[f](a, w)", rd6),
    Law("RD.7", "mixed partial derivatives are symmetric", rd7),
)

FORWARD = (
    Law("double reverse", "D[f] = (ι₀ × 1) ; R[R[f]] ; π₁", double_reverse),
    Law("adjoint", "<R[f](a, w), v> = <w, D[f](a, v)>", adjoint),
    Law("forward chain rule", "D[f ; g](a, v) = D[g](f a, D[f](a, v))", forward_chain),
    Law("some wires", "vjp by some wires is R restricted, and gives the value too", some_wires),
)


# -- whether they hold -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """Where the two sides of a law part."""

    what: str
    wire: Wire
    left: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.what} differ: {shown(self.left)} and {shown(self.right)}"


def broken(law: Law, case: Case) -> Difference | None:
    """Where a law does not hold; None where it does.

    Elements of finite semirings are equal. Floats are up to rounding: within 1e-9 (f64) or 1e-4 (f32) of the largest number of
    the array; where they are not, both sides are computed again in a finer arithmetic, which tells rounding from error."""
    for sides in law.sides(case):
        found = _differ(sides, lambda f, *parts: meaning(f, parts, case.sizes))
        if found is not None and (not element(found.wire).is_float or _differ(sides, finer(case.sizes)) is not None):
            return found
    return None


def regular(case: Case) -> bool:
    """Whether f and its derivative are finite at a point: elsewhere, as at the end of its domain, laws say nothing."""
    results, _ = _evaluated(case.f, case.point, case)
    return _is_finite(results)


def is_void(found: Difference, case: Case) -> bool:
    """Whether two sides part for a NaN or an infinity that f, or another map of the law, makes on the way, though it goes
    nowhere: what is undefined, such as the mean of no numbers, is so in reverse even times a cotangent of zero (IEEE 754)."""
    if _is_finite([found.left, found.right]):
        return False
    f, value = case.f, meaning(case.f, [case.point], case.sizes)
    at = ((f, case.point), (case.other(f.cod), value), (case.other(f.dom), case.point), (case.other(f.dom, f.cod), case.point))
    return any(_evaluated(g, point, case)[1] for g, point in at)


def _evaluated(f: Term, point: Values, case: Case) -> tuple[Values, list[Made]]:
    """The results of a map and of its derivative, and what they make of finite numbers that is none."""
    ones = [np.ones_like(z) for z in case.zeros([f.dom[k] for k in movable(f.dom)])]
    (value, first), (change, then) = watched(f, point, case.sizes), watched(D(f), [*point, *ones], case.sizes)
    return [*value, *change], [*first, *then]


def _is_finite(values: Values) -> bool:
    return all(np.isfinite(x).all() for x in map(np.asarray, values) if x.dtype.kind == "f")


def finer(sizes: Mapping[str, int]) -> Run:
    """The interpreter with floats of more digits."""
    return lambda f, *parts: meaning(carried(f, FINER), parts, sizes)


def meaning(f: Term, parts: Sequence[Values], sizes: Mapping[str, int]) -> Values:
    """The results of a term on lists of values put together, by the interpreter."""
    with np.errstate(all="ignore"):
        return run(f, [value for part in parts for value in part], sizes)


TOLERANCE = {"f64": 1e-9, "f32": 1e-4, "logplus": 1e-9}


def _differ(sides: Sides, run: Run) -> Difference | None:
    left, right = sides.left(run), sides.right(run)
    slack = sides.slack() if sides.slack is not None else [0.0] * len(sides.wires)
    for wire, x, y, more in zip(sides.wires, map(np.asarray, left), map(np.asarray, right), slack, strict=True):
        if x.shape != y.shape:
            return Difference(sides.what, wire, x, y)
        if element(wire).kind not in TOLERANCE:
            same = np.array_equal(x, y)
        else:
            bound = TOLERANCE[element(wire).kind]
            scale = max(1.0, float(np.max(np.abs(x[np.isfinite(x)]), initial=0.0)))
            with np.errstate(all="ignore"):
                near = abs(x - y) <= bound * (scale + abs(y)) + more
                same = bool(np.all(near | (x == y) | (np.isnan(x) & np.isnan(y))))
        if not same:
            return Difference(sides.what, wire, x, y)
    return None


def shown(value: Any) -> str:
    return np.array2string(np.asarray(value), threshold=20, precision=10).replace("\n", "")
