"""Large circuits run by the interpreter and as machine code, against `ir.circuit.evaluate`; and the kernels that plan them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from pullback.backends.bits import assembler, plan
from pullback.backends.bits.assembler import available, widths
from pullback.backends.bits.kernels import kernel
from pullback.backends.bits.plan import Plan, runs
from pullback.backends.bits.run import run
from pullback.backends.bits.samples import pack, simulate, unpack
from pullback.backends.numba.run import compile_numba
from pullback.core.objects import BIT
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import AND, NOT, XOR, Circuit, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.state import step
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds

WAYS = ("interpreted", "straight") if available() else ("interpreted",)


def layered(gates: int, reach: int, seed: int, inputs: int = 40, outputs: int = 30) -> Circuit:
    """A random circuit whose wires reach back at most so far, of gates of all kinds, constants and dead gates among them."""
    rng = np.random.default_rng(seed)
    own = inputs + np.arange(gates)
    left, right = (np.maximum(own - rng.integers(1, reach + 1, gates), 0) for _ in range(2))
    op = rng.choice([AND, XOR, *range(16)], gates)
    return make(BIT, inputs, op, left, right, rng.choice(own[-4 * outputs :], outputs))


def check(c: Circuit, p: Plan, way: str, count: int, threads: int = 1) -> None:
    """The samples at both ends and some between, the last word and the last block not full."""
    x = np.random.default_rng(1).integers(0, 2, (count, c.inputs)).astype(bool)
    got = unpack(run(p, pack(x), threads, way), count)
    some = np.r_[:60, count - 60 : count, np.random.default_rng(2).integers(0, count, 20)]
    np.testing.assert_array_equal(got[some], evaluate(c, x[some])[0])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("gates", "reach"), [(300, 300), (1024, 60), (1025, 1000), (5000, 400), (5000, 5000), (3000, 2)])
@pytest.mark.parametrize("threads", (1, 3))
def test_large_circuits_mean_the_same(way: str, gates: int, reach: int, threads: int) -> None:
    c = layered(gates, reach, gates + reach)
    check(c, plan.plan(c), way, 64 * 41 + 5 if threads == 1 else 64 * 1501 + 5, threads)


@pytest.mark.parametrize("way", WAYS)
@given(c=circuits())
def test_small_circuits_mean_the_same(way: str, c: Circuit) -> None:
    c = step(c)
    x = all_inputs(c)
    np.testing.assert_array_equal(unpack(run(plan.plan(c), pack(x), 1, way), len(x)), evaluate(c, x)[0])


@pytest.mark.parametrize(("window", "chunk"), [(1, 1), (5, 7), (64, 100), (10_000, 10_000)])
def test_windows_and_chunks_change_nothing(window: int, chunk: int) -> None:
    c = layered(1500, 200, window)
    p = plan.plan(c)
    p.__dict__["runs"] = runs(p, window)
    check(c, p, "interpreted", 500)
    for width in widths():
        p.__dict__["straight"] = assembler.assemble((p.kind, p.left, p.right), p.ends, p.first, window, chunk, width)
        check(c, p, "straight", 500)


@pytest.mark.parametrize("width", widths())
def test_slots_that_no_pointer_is_near(width: int) -> None:
    """More wires are kept than four pointers reach with a byte."""
    rng = np.random.default_rng(3)
    own = 40 + np.arange(3000)
    c = make(BIT, 40, np.full(3000, XOR), rng.integers(0, own), rng.integers(0, own), own)
    p = plan.plan(c)
    straight = assembler.assemble((p.kind, p.left, p.right), p.ends, p.first, width=width)
    assert straight is not None and straight.slots > 4 * 256
    p.__dict__["straight"] = straight
    for count in (130, 64 * 21 + 5, 64 * 700):
        check(c, p, "straight", count)


@pytest.mark.parametrize("name", ("reduce", "runs", "assemble", "places"))
def test_the_kernels_are_well_formed_and_print(name: str) -> None:
    read = kernel(name)
    verify(read)
    assert parse(show(read)) == read


def test_the_kernels_mean_the_same_as_python() -> None:
    """Their machine code against the same kernels printed as Python, which fails for an index outside an array."""
    c = layered(200, 60, 3)
    p, sizes = plan.plan(c), {"n": c.gates, "f": c.first, "w": c.wires, "m": len(c.outputs)}
    python = {name: compile_numba(replace(kernel(name), name=name), jit=False) for name in ("reduce", "runs", "assemble")}
    arrays = [a.astype(np.int64) for a in (c.op, c.left, c.right, c.outputs)]
    reduced = python["reduce"](*arrays, **sizes)
    there = p.kind >= 0  # what is left of the other gates nobody reads
    for got, want in zip(reduced, (p.kind, p.left, p.right, p.ends), strict=True):
        np.testing.assert_array_equal(*((v if want is p.ends else v[there]) for v in (got, want)))
    code, sources, results, facts = python["runs"](p.kind, p.left, p.right, p.ends, 64, s=5 * c.gates, **sizes)
    r = runs(p, 64)
    assert facts.tolist() == [len(r.code), r.places, r.gates]
    for got, want in ((code[: facts[0]], r.code), (sources, r.sources), (results, r.results)):
        np.testing.assert_array_equal(got, want)
    if available():
        s = assembler.assemble((p.kind, p.left, p.right), p.ends, p.first, 64, 50, 32)
        given = (p.kind, p.left, p.right, p.ends, 64, 50, 16)
        code, sources, results, facts = python["assemble"](*given, s=3 * c.gates + 30, **sizes)
        assert s is not None and facts[1:].tolist() == [s.slots, s.gates]
        for got, want in ((sources, s.sources), (results, s.results)):
            np.testing.assert_array_equal(got, want)


def test_constants_copies_and_inverters_cost_nothing() -> None:
    b = Builder(BIT, 2)
    not_x, one = b.negated(0), b.constant(1)
    outputs = [not_x, one, b.mul(not_x, one), b.add(not_x, one), b.gate(NOT, b.negated(1)), b.mul(0, b.mul(0, 0))]
    c = b.circuit(outputs)
    assert plan.plan(c).runs.gates == 0
    np.testing.assert_array_equal(simulate(c, all_inputs(c))[0], evaluate(c, all_inputs(c))[0])
