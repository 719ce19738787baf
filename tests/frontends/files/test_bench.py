"""Netlists of the ISCAS benchmarks."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import FileFault
from pullback.frontends.files import bench
from pullback.ir.circuit.evaluate import evaluate
from pullback.ir.circuit.table import tabulate

C17 = """\
# the smallest of ISCAS'85
INPUT(1)
INPUT(2)
INPUT(3)
INPUT(6)
INPUT(7)
OUTPUT(22)
OUTPUT(23)
22 = NAND(10, 16)
23 = NAND(16, 19)
10 = NAND(1, 3)
11 = NAND(3, 6)
16 = NAND(2, 11)
19 = NAND(11, 7)
"""


def test_c17() -> None:
    c = bench.read(C17)
    assert (c.names.inputs, c.names.outputs) == (("1", "2", "3", "6", "7"), ("22", "23"))
    n1, n2, n3, n6, n7 = (np.arange(32) >> k & 1 for k in (4, 3, 2, 1, 0))
    n11 = 1 - (n3 & n6)
    np.testing.assert_array_equal(tabulate(c), np.stack((n1 & n3 | n2 & n11, n2 & n11 | n11 & n7), axis=1))


@pytest.mark.parametrize(
    ("gate", "ones"),
    [("AND", [3]), ("NAND", [0, 1, 2]), ("OR", [1, 2, 3]), ("NOR", [0]), ("XOR", [1, 2]), ("XNOR", [0, 3]), ("LUT 0x2", [2])],
)
def test_gates(gate: str, ones: list[int]) -> None:
    """Rows have the first input as the higher bit, and tables of gates the first as the lower."""
    c = bench.read(f"INPUT(a)\nINPUT(b)\nOUTPUT(y)\ny = {gate} (a, b)\n")
    assert np.flatnonzero(tabulate(c)[:, 0]).tolist() == ones


def test_flip_flops_and_constants() -> None:
    c = bench.read("OUTPUT(y)\ny = XOR(q, one)\nq = DFF(y)\none = vdd\n")
    assert c.start.tolist() == [0]
    out, state = evaluate(c, np.zeros((1, 0)), [[0]])
    assert (out.tolist(), state.tolist()) == ([[True]], [[True]])


BAD = {
    "what is no line": ("INPUT a\n", "line 1"),
    "a gate there is not": ("INPUT(a)\ny = NANT(a, a)\n", "line 2"),
    "a signal twice": ("INPUT(a)\na = NOT(a)\n", "line 2"),
    "too many signals": ("INPUT(a)\nOUTPUT(y)\ny = NOT(a, a)\n", "line 3"),
    "no signals": ("y = AND()\n", "line 1"),
    "a cycle": ("OUTPUT(y)\ny = NOT(z)\nz = NOT(y)\n", "itself"),
    "nothing defines it": ("OUTPUT(y)\n", "nothing defines"),
    "a table that is too large": ("INPUT(a)\ny = LUT 0x12 (a)\n", "line 2"),
    "a table without its number": ("INPUT(a)\ny = LUT (a)\n", "line 2"),
    "a constant that is none": ("y = vcc\n", "line 1"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_malformed_netlists_are_refused_and_the_place_is_told(mistake: str) -> None:
    text, words = BAD[mistake]
    with pytest.raises(FileFault, match=words):
        bench.read(text)


def test_flip_flops_that_abc_writes() -> None:
    plain, its = (bench.read(f"OUTPUT(q)\nq = {ff}\nd = NOT(q)\n") for ff in ("DFF(d)", "DFFRSE( d, gnd, gnd, gnd, gnd )"))
    assert its == plain
    for wrong in ("d, q, gnd, gnd, gnd", "d, vdd, gnd, gnd, gnd", "d, gnd"):
        with pytest.raises(FileFault, match="only where they are gnd"):
            bench.read(f"OUTPUT(q)\nq = DFFRSE({wrong})\nd = NOT(q)\n")


@given(st.integers(0, len(C17)), st.text(alphabet="()=,#1023NANDLUTxDFF \n", max_size=6), st.integers(0, 4))
def test_damaged_netlists_are_read_or_refused_with_words(at: int, piece: str, gone: int) -> None:
    with contextlib.suppress(FileFault):
        bench.read(C17[:at] + piece + C17[at + gone :])
