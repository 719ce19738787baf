"""Pictures of circuits: all is in them, and nothing lies on anything else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.errors import FileFault
from pullback.core.objects import BIT, Scalar
from pullback.frontends.files import svg
from pullback.ir.circuit.circuit import AND, NOT, OR, XOR, Circuit, Names, make
from pullback.testing import circuits

SVG = "{http://www.w3.org/2000/svg}"


def boxes(picture: ElementTree.Element) -> list[tuple[float, float, float, float]]:
    found = [r for r in picture.iter(f"{SVG}rect") if r.get("class") == "gate"]
    return [tuple(float(r.get(k, "0")) for k in ("x", "y", "width", "height")) for r in found]  # type: ignore[misc]


@given(st.sampled_from((BIT, Scalar("z", 3))).flatmap(circuits))
def test_every_gate_has_a_box_and_no_two_touch(c: Circuit) -> None:
    found = boxes(ElementTree.fromstring(svg.write(c)))
    assert len(found) == c.gates
    for k, (x, y, w, h) in enumerate(found):
        for u, v, t, s in found[:k]:
            assert x + w < u or u + t < x or y + h < v or v + s < y


def test_wires_go_from_left_to_right_and_end_at_gates() -> None:
    c = make(BIT, 3, [XOR, AND, OR], [0, 3, 0], [1, 2, 4], [5], names=Names(("a", "b", "c"), (), ("<x>",)))
    picture = ElementTree.fromstring(svg.write(c))
    ends = []
    for path in picture.iter(f"{SVG}path"):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", path.get("d", ""))]
        assert numbers[0] < numbers[6]
        ends.append((numbers[6], numbers[7]))
    for x, y, _, h in boxes(picture):
        assert sum(abs(u - x) < 1 and y < v < y + h for u, v in ends) == 2
    assert [t.text for t in picture.iter(f"{SVG}text") if "name" in t.get("class", "")] == ["a", "b", "c", "<x>"]


@pytest.mark.parametrize(
    ("op", "sign", "rings"), [(AND, "&", 0), (0b1001, "&", 1), (OR, "≥1", 0), (0b1111, "≥1", 1), (XOR, "=1", 0), (NOT, "1", 1)]
)
def test_signs(op: int, sign: str, rings: int) -> None:
    picture = ElementTree.fromstring(svg.write(make(BIT, 2, [op], [0], [1], [2])))
    assert [t.text for t in picture.iter(f"{SVG}text") if t.get("class") is None] == [sign]
    assert len(list(picture.iter(f"{SVG}circle"))) == rings


def test_what_nobody_could_read_is_not_drawn() -> None:
    gates = svg.MOST_GATES + 1
    c = make(BIT, 1, [NOT] * gates, range(gates), [-1] * gates, [gates])
    with pytest.raises(FileFault, match="shows nothing"):
        svg.write(c)
