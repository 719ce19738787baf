"""Tables in the format of espresso."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import FileFault
from pullback.core.objects import BIT, Scalar
from pullback.frontends.files import aiger, blif, pla
from pullback.frontends.files.cover import irredundant
from pullback.ir.circuit.circuit import Circuit, Names, make
from pullback.ir.circuit.table import synthesise, tabulate
from pullback.testing import circuits

pytestmark = pytest.mark.slow  # together they take some seconds

ADDER = """\
# a half adder, as people write them
.i 2
.o 2
.ilb x y
.ob sum carry
.p 3
.type f
01 10
10 | 10   # the bar is there for the eye
1 1 01
.e
"""


def test_a_table_as_people_write_them() -> None:
    c = pla.read(ADDER)
    assert (c.names, tabulate(c).tolist()) == (Names(("x", "y"), (), ("sum", "carry")), [[0, 0], [1, 0], [1, 0], [0, 1]])


@given(circuits(states=0))
def test_what_is_written_has_the_same_table_when_read(c: Circuit) -> None:
    np.testing.assert_array_equal(tabulate(pla.read(pla.write(c))), tabulate(c))


@given(st.lists(st.booleans(), min_size=16, max_size=16))
def test_covers_are_right_and_no_product_can_be_left_out(values: list[bool]) -> None:
    words = irredundant(np.array(values))

    def covered(chosen: list[str]) -> list[bool]:
        rows = [f"{r:04b}" for r in range(16)]
        return [any(all(w in ("-", c) for w, c in zip(word, row, strict=True)) for word in chosen) for row in rows]

    assert covered(words) == values
    assert all(covered(words[:k] + words[k + 1 :]) != values for k in range(len(words)))


@given(st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_formats_agree_on_tables(rows: list[int]) -> None:
    table = np.array(rows)[:, None] >> np.arange(2) & 1
    c = synthesise(table)
    for d in (pla.read(pla.write(c)), blif.read(blif.write(c)), aiger.read(aiger.write(c))):
        np.testing.assert_array_equal(tabulate(pla.read(pla.write(d))), table)


def test_what_a_table_leaves_open_is_zero() -> None:
    assert tabulate(pla.read(".i 2\n.o 2\n.type fd\n00 1-\n0- -1\n11 ~1\n")).tolist() == [[1, 1], [0, 1], [0, 0], [0, 1]]
    assert tabulate(pla.read(".i 1\n.o 1\n.type fr\n0 0\n1 1\n.e")).tolist() == [[0], [1]]


BAD = {
    "no header": ("01 1\n", "line 1"),
    "a short row": (".i 2\n.o 1\n01\n", "line 3"),
    "a row with other marks": (".i 2\n.o 1\n0x 1\n", "line 3"),
    "a wrong count": (".i 1\n.o 1\n.p 2\n1 1\n.e", "2 rows"),
    "names that are too few": (".i 2\n.o 1\n.ilb a\n.e", "names"),
    "a type that is none": (".i 1\n.o 1\n.type r\n", "line 3"),
    "a word for a number": (".i two\n", "line 1"),
    "absurd": (".i 999999999\n", "line 1"),
    "several values": (".mv 4 2 3\n", "line 1"),
    "nothing": ("", "how many"),
}


@pytest.mark.parametrize("mistake", BAD)
def test_malformed_tables_are_refused_and_the_place_is_told(mistake: str) -> None:
    text, words = BAD[mistake]
    with pytest.raises(FileFault, match=words):
        pla.read(text)


def test_what_has_no_table_is_not_written() -> None:
    for c, words in (
        (make(Scalar("z", 3), 1, [], [], [], [0], kinds=()), "over bit only"),
        (make(BIT, 1, [], [], [], [0], start=[0], next=[0]), "latches"),
        (make(BIT, 40, [], [], [], [0]), "too large"),
    ):
        with pytest.raises(FileFault, match=words):
            pla.write(c)
