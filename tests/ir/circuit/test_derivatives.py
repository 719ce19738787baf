"""Derivatives of circuits: the brute-force formal derivative, the axioms RD.1 to RD.7, unary form, time.

The brute-force derivative expands a circuit into polynomials with natural numbers for coefficients and differentiates those
term by term; it knows nothing of gates or of a chain rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pytest
from effort import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from pullback.backends.bits.sequence import reverse_steps, run_steps
from pullback.backends.interpreter import run
from pullback.backends.interpreter.circuit import trace
from pullback.core.objects import BIT, Scalar
from pullback.core.semiring import semiring
from pullback.ir.circuit.arithmetic import insert
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import AND, BITS, NOT, XOR, Bilinear, Circuit, Compare, make
from pullback.ir.circuit.evaluate import apply, evaluate
from pullback.ir.circuit.reverse import reverse
from pullback.ir.circuit.state import latched, step, tangent, unrolled
from pullback.ir.circuit.unary import term
from pullback.ir.derive import reverse as reverse_term
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds

RINGS = (BIT, *(Scalar("z", n) for n in (2, 3, 4, 5, 7)), *(Scalar("sat", n) for n in (2, 3, 4, 8)))
over_rings = pytest.mark.parametrize("ring", RINGS, ids=str)
Polynomial = dict[tuple[int, ...], int]
"""From the exponents of the variables to the coefficient, a natural number."""


# -- by brute force --------------------------------------------------------------------------------------------------------
def random_circuit(rng: np.random.Generator, ring: Scalar, inputs: int, gates: int, outputs: int) -> Circuit:
    """Gates of every kind but comparisons. Their coefficients are natural numbers, which go into every semiring."""
    kinds = BITS
    if ring != BIT:
        kinds += tuple(Bilinear(*rng.integers(0, ring.modulus, 4).tolist()) for _ in range(8))
    own = np.arange(inputs, inputs + gates)
    left, right = ((rng.random(gates) * own).astype(int) for _ in range(2))
    op = rng.choice([AND, XOR, NOT, *range(len(kinds))], gates)
    return make(ring, inputs, op, left, right, rng.integers(0, inputs + gates, outputs), kinds=kinds)


def expanded(c: Circuit) -> list[Polynomial]:
    """The polynomial of each wire, over the natural numbers."""
    unit = (0,) * c.inputs
    made = [Counter({tuple(int(k == i) for k in range(c.inputs)): 1}) for i in range(c.inputs)]
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        kind, x, y = c.kinds[op], made[a], made[b]
        total = Counter({unit: kind.constant}) if kind.constant else Counter()
        for coefficient, part in ((kind.left, x), (kind.right, y)):
            for m, n in part.items():
                total[m] += coefficient * n
        if kind.both:
            for m, n in x.items():
                for m2, n2 in y.items():
                    total[tuple(p + q for p, q in zip(m, m2, strict=True))] += kind.both * n * n2
        made.append(Counter({m: n for m, n in total.items() if n}))
    return made


def valued(ring: Scalar, p: Polynomial, x: Sequence[np.ndarray]) -> np.ndarray:
    """The polynomial on the values of each variable, with the semiring's own sums and products."""
    s = semiring(ring)

    def times(n: int) -> int:  # n = 1 + … + 1 in the semiring
        return min(n, ring.modulus - 1) if ring.kind == "sat" else n % (ring.modulus or 2)

    total = np.array(s.zero, dtype=ring.dtype)
    for exponents, n in p.items():
        part = np.array(times(n), dtype=ring.dtype)
        for k, e in enumerate(exponents):
            for _ in range(e):
                part = s.mul(part, x[k])
        total = s.add(total, part)
    return total


def partial(p: Polynomial, k: int) -> Polynomial:
    return {(*m[:k], m[k] - 1, *m[k + 1 :]): n * m[k] for m, n in p.items() if m[k]}


def grids(ring: Scalar, inputs: int) -> Iterator[list[np.ndarray]]:
    """All inputs, as values that broadcast: each input along an axis of its own, after a first one that is free. So a wire
    takes no more than the inputs that it depends on. Beyond GRID points a first input is one number after the other."""
    modulus = ring.modulus or 2
    along = max(k for k in range(inputs + 1) if modulus**k <= GRID)
    for first in product(range(modulus), repeat=inputs - along):
        fixed = [np.full((1,) * (along + 1), value, dtype=ring.dtype) for value in first]
        yield fixed + [np.arange(modulus).astype(ring.dtype).reshape((1,) * (k + 1) + (-1,) + (1,) * (along - k - 1))
                       for k in range(along)]  # fmt: skip


GRID = 1 << 21


def on_grid(c: Circuit, values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """The outputs of a circuit without state, gate by gate, on values that broadcast."""
    ring, wires = semiring(c.ring), list(values)
    for op, a, b in zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True):
        x, y = np.broadcast_arrays(wires[a], wires[b])
        kind = c.kinds[op]
        if not kind.right and not kind.both:
            x = wires[a]
        elif not kind.left and not kind.both:
            x = y = wires[b]
        wires.append(apply(ring, kind, x, y))
    return [wires[w] for w in c.outputs.tolist()]


def r_is_formal(c: Circuit, wires: list[Polynomial], rng: np.random.Generator) -> None:
    """R[c] on all inputs: with the cotangents (1, 0) and (0, 1), which by RD.2 say all, and with three at random."""
    ring, s = c.ring, semiring(c.ring)
    y = np.concatenate((np.eye(2, dtype=int), rng.integers(0, ring.modulus or 2, (3, 2)))).astype(ring.dtype)
    back = reverse(c)
    for x in grids(ring, c.inputs):
        cotangents = [y[:, j].reshape((5,) + (1,) * (x[0].ndim - 1)) for j in range(2)]
        for k, got in enumerate(on_grid(back, [*x, *cotangents])):
            want = np.array(s.zero, dtype=ring.dtype)
            for cotangent, wire in zip(cotangents, c.outputs.tolist(), strict=True):
                want = s.add(want, s.mul(valued(ring, partial(wires[wire], k), x), cotangent))
            assert np.all(got == want), (c, k)


@over_rings
def test_r_is_the_formal_derivative_of_the_polynomials(ring: Scalar) -> None:
    """On all inputs of hundreds of random circuits a semiring, thousands in all, of up to eight inputs."""
    rng, checked = np.random.default_rng(7), 0
    while checked < 500:
        c = random_circuit(rng, ring, int(rng.integers(1, 9)), int(rng.integers(1, 10)), 2)
        wires = expanded(c)
        if max(map(len, wires)) > 60 or max((sum(m) for p in wires for m in p), default=0) > 12:
            continue
        r_is_formal(c, wires, rng)
        checked += 1


@over_rings
def test_a_circuit_on_a_grid_is_the_circuit_on_its_points(ring: Scalar) -> None:
    rng = np.random.default_rng(9)
    for _ in range(10):
        c = random_circuit(rng, ring, 3, 8, 2)
        (x,) = grids(ring, 3)
        dense = all_inputs(c)
        for got, want in zip(on_grid(c, x), evaluate(c, dense)[0].T, strict=True):
            equal(np.broadcast_to(got, np.broadcast_shapes(*(z.shape for z in x))).ravel(), want)


# -- the axioms ------------------------------------------------------------------------------------------------------------
def composed(f: Circuit, g: Circuit) -> Circuit:
    """f ; g"""
    b = Builder(f.ring, f.inputs)
    return b.circuit(insert(b, g, insert(b, f, range(f.inputs))))


def at(c: Circuit, *parts: np.ndarray) -> np.ndarray:
    return evaluate(c, np.concatenate(parts, axis=1))[0]


class Case:
    """Two circuits f, g : A → B and h : B → C, and points, over one semiring."""

    def __init__(self, rng: np.random.Generator, ring: Scalar) -> None:
        self.ring, self.ops, self.rng = ring, semiring(ring), rng
        self.n, self.m = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        self.f, self.g = (random_circuit(rng, ring, self.n, int(rng.integers(1, 8)), self.m) for _ in range(2))
        self.h = random_circuit(rng, ring, self.m, int(rng.integers(1, 8)), 2)
        self.a = self.points(self.n)

    def points(self, wires: int) -> np.ndarray:
        return self.rng.integers(0, self.ring.modulus or 2, (30, wires)).astype(self.ring.dtype)

    def zeros(self, wires: int) -> np.ndarray:
        return np.zeros((30, wires), dtype=self.ring.dtype)


def equal(x: np.ndarray, y: np.ndarray) -> None:
    np.testing.assert_array_equal(x, y)


@over_rings
def test_rd1_to_rd5(ring: Scalar) -> None:
    rng = np.random.default_rng(5)
    for _ in range(40):
        c = Case(rng, ring)
        b = Builder(ring, c.n)
        total = b.circuit([b.add(x, y) for x, y in zip(insert(b, c.f, range(c.n)), insert(b, c.g, range(c.n)), strict=True)])
        v, w = c.points(c.m), c.points(c.m)
        rf, rg = reverse(c.f), reverse(c.g)
        add = c.ops.add
        equal(at(reverse(total), c.a, v), add(at(rf, c.a, v), at(rg, c.a, v)))  # RD.1
        equal(at(rf, c.a, add(v, w)), add(at(rf, c.a, v), at(rf, c.a, w)))  # RD.2
        equal(at(rf, c.a, c.zeros(c.m)), c.zeros(c.n))
        chosen = rng.permutation(c.n)[: int(rng.integers(1, c.n + 1))]
        d, dual = c.points(len(chosen)), c.zeros(c.n)
        dual[:, chosen] = d
        equal(at(reverse(make(ring, c.n, [], [], [], chosen, kinds=c.f.kinds)), c.a, d), dual)  # RD.3
        b = Builder(ring, c.n)
        pair = b.circuit([*insert(b, c.f, range(c.n)), *insert(b, c.g, range(c.n))])
        equal(at(reverse(pair), c.a, v, w), add(at(rf, c.a, v), at(rg, c.a, w)))  # RD.4
        z = c.points(2)
        equal(at(reverse(composed(c.f, c.h)), c.a, z), at(rf, c.a, at(reverse(c.h), at(c.f, c.a), z)))  # RD.5


@over_rings
def test_rd6_and_rd7(ring: Scalar) -> None:
    """Linear in the second argument, and symmetry of mixed partial derivatives, by R applied again and again."""
    rng = np.random.default_rng(6)
    for _ in range(15):
        c = Case(rng, ring)
        n, m, r = c.n, c.m, reverse(c.f)
        rr = reverse(r)  # (a, b, da') → (da, db)
        rrr = reverse(rr)
        w = c.points(m)
        third = at(rrr, c.a, c.zeros(m), c.zeros(n), c.zeros(n), w)  # at ((a, 0), 0), of (0, w): cotangents of a, b, da'
        equal(third[:, n + m :], at(r, c.a, w))
        u, v = c.points(n), c.points(n)
        dd = tangent(tangent(c.f))  # ((a, u), (v, 0)) and with u and v exchanged
        equal(at(dd, c.a, u, v, c.zeros(n))[:, 3 * m :], at(dd, c.a, v, u, c.zeros(n))[:, 3 * m :])
        equal(at(rr, c.a, c.zeros(m), v)[:, n:], at(tangent(c.f), c.a, v)[:, m:])  # D[f] = (ι₀ × 1) ; R[R[f]] ; π₁


def test_a_functional_equation_before_the_derivative_breaks_the_chain_rule() -> None:
    """The phases of rules are there for this: a·a = a holds of functions over Z2, and R[a·a] is not R[a].

    With it, R[f ; g] would depend on where f ; g is cut: R[copy ; mul] is 0 by the chain rule, and y by that of the wire."""
    square, wire = make(BIT, 1, [AND], [0], [0], [1]), make(BIT, 1, [], [], [], [0])
    x = all_inputs(square)
    equal(at(square, x), at(wire, x))
    y = np.ones((2, 1), dtype=bool)
    copy, mul = make(BIT, 1, [], [], [], [0, 0]), make(BIT, 2, [AND], [0], [1], [2])
    by_chain = at(reverse(copy), x, at(reverse(mul), at(copy, x), y))
    equal(at(reverse(canonical(square)), x, y), by_chain)
    assert (at(reverse(wire), x, y) != by_chain).all()


# -- unary form, comparisons -----------------------------------------------------------------------------------------------
ANY = st.sampled_from((BIT, Scalar("z", 3), Scalar("sat", 4))).flatmap(circuits)


@examples(50)
@given(ANY)
def test_a_circuit_is_a_term_and_back(c: Circuit) -> None:
    whole = step(c)
    equal(*(evaluate(d, all_inputs(whole))[0] for d in (trace(term(c)), whole)))
    x = all_inputs(whole)[:3]
    for row in x:
        equal(run(term(c), list(row)), evaluate(whole, row)[0])


@examples(30)
@given(ANY, st.data())
def test_r_of_the_circuit_is_r_of_the_term(c: Circuit, data: st.DataObject) -> None:
    x = all_inputs(step(c))
    rows = [data.draw(st.sampled_from(x.tolist())) for _ in range(2)] if x.shape[1] else []
    for row in rows:
        y = [data.draw(st.integers(0, (c.ring.modulus or 2) - 1)) for _ in range(len(c.outputs) + c.states)]
        equal(run(reverse_term(term(c)), [*row, *y]), evaluate(reverse(c), [*row, *y])[0])


def test_comparisons_pass_nothing_on_unless_told_to() -> None:
    c = make(Scalar("sat", 3), 2, [0], [0], [1], [2], kinds=(Compare(),))
    x = np.array([[1, 2, 2]])
    assert evaluate(reverse(c), x)[0].tolist() == [[0, 0]]
    assert evaluate(reverse(c, straight_through=True), x)[0].tolist() == [[2, 2]]


# -- time ------------------------------------------------------------------------------------------------------------------
@examples(40)
@given(ANY, st.integers(0, 5), st.data())
def test_a_run_is_the_unrolled_circuit(c: Circuit, steps: int, data: st.DataObject) -> None:
    """So are its derivatives: forward as a circuit with twice the state, reverse by going back through the states."""
    assume((c.start >= 0).all())
    element = st.integers(0, (c.ring.modulus or 2) - 1)

    def draw(*shape: int) -> np.ndarray:
        count = int(np.prod(shape))
        return np.array(data.draw(st.lists(element, min_size=count, max_size=count)), dtype=c.ring.dtype).reshape(shape)

    x, y, v = draw(steps, 2, c.inputs), draw(steps, 2, len(c.outputs)), draw(steps, 2, c.inputs)
    flat = lambda a: a.transpose(1, 0, 2).reshape(2, -1)  # noqa: E731
    whole = unrolled(c, steps)
    equal(flat(run_steps(c, x)[0]), at(whole, flat(x)))
    equal(flat(reverse_steps(c, x, y)[0]), at(reverse(whole), flat(x), flat(y)))
    moved, _ = run_steps(tangent(c), np.concatenate((x, v), axis=2))
    equal(flat(moved[:, :, len(c.outputs) :]), at(tangent(whole), flat(x), flat(v))[:, len(whole.outputs) :])


@given(ANY)
def test_a_step_is_latched_again(c: Circuit) -> None:
    assert latched(step(c), c.start.tolist()) == c


def test_the_delayed_trace_of_the_swap_is_a_delay() -> None:
    """Of the axioms of a trace, yanking does not hold: the trace of the swap is not the identity."""
    swap = latched(make(BIT, 2, [], [], [], [1, 0]), [0])
    x = np.array([[[1]], [[0]], [[1]], [[1]]])
    assert run_steps(swap, x)[0].ravel().tolist() == [0, 1, 0, 1]


def test_an_unknown_first_state_is_an_input_of_the_unrolled_circuit() -> None:
    toggle = make(BIT, 0, [0b0011], [0], [-1], [0], start=[-1], next=[1])
    whole = unrolled(toggle, 3)
    assert whole.inputs == 1
    assert at(whole, np.array([[0], [1]])).astype(int).tolist() == [[0, 1, 0], [1, 0, 1]]


def test_sums_that_meet_are_one_gate() -> None:
    """R of c₀ + c₁·a + c₂·b + c₃·a·b takes one gate for each wire."""
    c = make(BIT, 2, [0b1111], [0], [1], [2])
    assert canonical(reverse(c)).gates == 2
    assert canonical(reverse(make(BIT, 2, [XOR], [0], [1], [2]))).gates == 0
