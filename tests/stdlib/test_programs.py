"""The programs of the library: in canonical layout, with tests that hold, and importable from any program."""

from __future__ import annotations

from pathlib import Path

import pytest

import pullback as pb
from pullback.frontends.language.loader import LIBRARY
from pullback.stdlib.command import main
from pullback.stdlib.programs import program

pytestmark = pytest.mark.slow  # together they take some seconds

PROGRAMS = sorted(LIBRARY.rglob("*.pull"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_it_is_laid_out_and_tested(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", str(path)]) == 0
    assert main(["test", str(path)]) == 0, capsys.readouterr().out


def test_every_program_can_import_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    m = pb.compile("from circuits.tables import cell\nimport learning.optimisers as o\ndef f(x: bit[3]) = cell([2, 0], x)\n"
                   "def g(x: f64) -> f64 = o.gradient_step(x, 1, 0.5)")  # fmt: skip
    assert m.f([True, False, True]) == 3 and m.g(1.0) == 1.5


def test_a_file_beside_the_program_goes_before_the_library(tmp_path: Path) -> None:
    (tmp_path / "learning").mkdir()
    (tmp_path / "learning" / "optimisers.pull").write_text("def gradient_step(x: f64) -> f64 = 10 * x\n")
    own = "from learning.optimisers import gradient_step\ndef f(x: f64) -> f64 = gradient_step(x)\n"
    (tmp_path / "own.pull").write_text(own)
    assert pb.compile(tmp_path / "own.pull").f(2) == 20


def test_types_are_chosen_where_a_program_is_compiled() -> None:
    assert "z<5>" in repr(program("circuits.tables", ring="z<5>").units)
    with pytest.raises(pb.NameFault, match="no type `rings` is defined"):
        program("circuits.tables", rings="z<5>")
    with pytest.raises(pb.SyntaxFault):
        program("circuits.tables", ring="z<")
    with pytest.raises(pb.NameFault, match="unknown type `f65`"):
        program("circuits.tables", ring="f65")
