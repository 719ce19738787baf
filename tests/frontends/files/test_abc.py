"""ABC is asked where it is on the PATH; here something that answers like it and, if it is there, itself too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pullback.core.objects import BIT
from pullback.frontends.files import abc
from pullback.ir.circuit.build import Builder
from pullback.ir.circuit.circuit import AND, XOR, Circuit
from pullback.ir.circuit.simplify import simplify

from .with_abc import differences, random_circuit

ANSWERS = '''\
#!{python}
import re, shutil, sys
script = sys.argv[2]
if "cec" in script:
    a, b = (open(name, "rb").read() for name in script.split()[2:])
    print("Networks are equivalent." if a == b else "Networks are NOT EQUIVALENT.")
elif {works}:
    names = re.findall(r"(?:read_aiger|write_aiger) (\\S+?)(?:;|$)", script)
    shutil.copy(*names)
'''


@pytest.fixture
def circuit() -> Circuit:
    b = Builder(BIT, inputs=3)
    return b.circuit([b.gate(AND, b.gate(XOR, 0, 1), 2)])


@pytest.fixture(params=("works", "fails", *(["itself"] if abc.program() else [])))
def installed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "itself":
        return
    file = tmp_path / "abc"
    file.write_text(ANSWERS.format(python=sys.executable, works=request.param == "works"), encoding="utf-8")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))


def test_what_it_says_counts(circuit: Circuit, installed: None) -> None:
    b = Builder(BIT, inputs=3)
    assert abc.equal(circuit, circuit) is True
    assert abc.equal(circuit, b.circuit([0])) is False


def test_what_it_finds_is_taken_if_it_is_smaller(circuit: Circuit, installed: None) -> None:
    assert abc.simplified(circuit).gates == 2


def test_without_it_all_goes_on(circuit: Circuit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert abc.program() is None
    assert abc.equal(circuit, circuit) is None
    assert abc.simplified(circuit).gates == 2


if abc.program():

    def test_it_reads_what_is_written_and_writes_what_is_read() -> None:
        for seed, states in ((1, 0), (2, 3)):
            assert not differences(random_circuit(seed, 12, 300, 5, states))

    def test_it_finds_what_simplify_does_not() -> None:
        c = random_circuit(3, 30, 2000, 4)
        made = abc.simplified(c)
        assert abc.equal(c, made) and made.gates <= simplify(c).gates
