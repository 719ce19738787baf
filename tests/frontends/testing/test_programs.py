"""Programs made at random are well typed, mean the same everywhere, say all there is to say, and shrink to something small."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from pullback.core.objects import parse
from pullback.frontends.cli.main import main
from pullback.frontends.language.format import format
from pullback.frontends.testing import growth, programs, values
from pullback.frontends.testing.ways import Machine, interpreted, lowered
from pullback.testing import GRADES, Seeded, arguments, grown
from pullback.testing import programs as drawn

SCALARS = ("f64", "bit", "z<7>", "sat<4>", "f32")


def some(count: int, first: int = 0) -> list[tuple[int, str, str]]:
    return [(seed, SCALARS[seed % 5], GRADES[seed % 3]) for seed in range(first, first + count)]


@pytest.mark.parametrize(("seed", "scalar", "grade"), some(30))
def test_a_program_is_well_typed_and_laid_out(seed: int, scalar: str, grade: str) -> None:
    program = grown(Seeded(seed), parse(scalar), grade)
    assert program.term.cod
    assert format(program.text) == program.text
    assert grown(Seeded(seed), parse(scalar), grade) == program, "the same seed, the same program"


@pytest.mark.slow
@pytest.mark.parametrize("scalar", ["f64", "z<7>"])
@settings(max_examples=20)
@given(st.data())
def test_machine_code_computes_what_a_program_means(scalar: str, data: st.DataObject) -> None:
    program = data.draw(drawn(scalar))
    sizes, args = data.draw(arguments(program))
    want = interpreted(program.term, args, sizes)
    have = Machine(lowered(program.term), 0)(args, sizes, program.term.cod)
    for a, b in zip(want, have, strict=True):
        np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), rtol=1e-9, atol=1e-9)


def test_numbers_may_be_unbounded() -> None:
    """A product of large numbers is within no bound (found by make fuzz: the generator gave up on such a program)."""
    assert growth.raised(1e300, 2) == np.inf and growth.raised(3.0, 4) == 81.0


@pytest.mark.slow
def test_every_production_fires(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generator would be worth little if it never made a `while`."""
    fired = set()

    def noting(p: growth.Production) -> growth.Production:
        def make(g: growth.Growth, wire: growth.Wire) -> growth.Value | None:
            fired.add(p.name)
            return p.make(g, wire)

        return growth.Production(p.name, p.weight, p.fits, make)

    monkeypatch.setattr(programs, "PRODUCTIONS", tuple(map(noting, programs.PRODUCTIONS)))
    for seed, scalar, grade in [*some(120), *((seed, "f64", "any") for seed in range(100, 160))]:
        grown(Seeded(seed), parse(scalar), grade)
    assert fired == {p.name for p in programs.PRODUCTIONS}


@pytest.mark.slow
def test_counterexamples_are_small() -> None:
    few = settings(max_examples=300, derandomize=True, database=None, deadline=None)
    text = find(drawn("f64", constructs=4), lambda p: "fold" in p.text, settings=few).text
    assert len(text.splitlines()) <= 4, text


def test_a_program_can_be_run_as_it_is_told(tmp_path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    program = grown(Seeded(4), parse("f64"))
    _, args = values.arguments(program.term, Seeded(4))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "found.pull").write_text(program.ready(args))
    command = _words(program.ready(args).splitlines()[0].partition("pullback ")[2])
    assert main(command) == 0
    assert capsys.readouterr().out.strip()


def _words(line: str) -> Sequence[str]:
    import shlex

    return shlex.split(line)


def test_awkward_numbers_are_among_those_that_are_drawn() -> None:
    drawn = np.array([values.number(parse("f64"), Seeded(seed), awkward=True) for seed in range(400)])
    assert np.isnan(drawn).any() and np.isinf(drawn).any() and (np.signbit(drawn) & (drawn == 0)).any()
    assert ((drawn != 0) & (abs(drawn) < np.finfo(float).tiny)).any() and (abs(drawn) == np.finfo(float).max).any()
    assert not np.isnan([values.number(parse("f64"), Seeded(seed)) for seed in range(400)]).any()


def test_hypothesis_is_loaded_for_strategies_only() -> None:
    script = ("import sys, pullback.testing as t; t.grown(t.Seeded(1)); assert 'hypothesis' not in sys.modules;"
              "t.programs; assert 'hypothesis' in sys.modules")  # fmt: skip
    subprocess.run([sys.executable, "-c", script], check=True)
