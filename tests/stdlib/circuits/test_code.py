"""Features as bits, and tables of examples from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pullback.core.errors import FileFault
from pullback.stdlib.circuits.code import Code
from pullback.stdlib.circuits.data import HELD, LEARNED, TESTED, parted, read


def test_a_thermometer_counts_thresholds() -> None:
    column = {"x": np.array([0.0, 1.0, 4.0, 8.0])}
    code = Code.thermometer(column, levels=3)
    assert code.names == ("x>2", "x>4", "x>6")
    assert code.encode(column).sum(axis=1).tolist() == [0, 0, 1, 3]
    assert (np.diff(code.encode({"x": np.linspace(0, 8, 50)}).astype(int), axis=1) <= 0).all()


def test_quantiles_part_examples_evenly() -> None:
    column = {"x": np.exp(np.linspace(0, 9, 100))}
    np.testing.assert_array_equal(Code.thermometer(column, 3, "quantile").encode(column).sum(axis=0), [75, 50, 25])


def test_words_have_a_bit_each_and_what_is_constant_none() -> None:
    features = {"colour": np.array(["red", "blue", "red"]), "same": np.ones(3), "x": np.array([0.0, 0.0, 9.0])}
    code = Code.thermometer(features, 2)
    assert code.names == ("colour=blue", "colour=red", "x>3", "x>6")
    np.testing.assert_array_equal(code.encode(features), [[0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 1, 1]])


def test_features_that_are_alike_have_the_same_thresholds() -> None:
    features = {"p": np.array([0.0, 4.0]), "q": np.array([0.0, 16.0]), "never": np.zeros(2)}
    assert Code.thermometer(features, 1, alike=True).names == ("p>8", "q>8", "never>8")


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-7, 123456.789, -2.5e9])
def test_names_of_bits_say_how_to_encode(value: float) -> None:
    code = Code.thermometer({"a=b>c": np.array([value, value + abs(value)])}, 3)
    assert Code.read(code.names) == code and len(code.bits) == 3


def test_names_that_say_nothing_are_refused() -> None:
    with pytest.raises(FileFault, match="PB0813"):
        Code.read(["x>1", "clock"])


# -- files -------------------------------------------------------------------------------------------------------------
def test_a_table_has_features_and_a_label(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("leaf width,kind,colour\n1,b,dark red\n2,a,blue\n3,b,blue\n")
    data = read(tmp_path / "t.csv", label="kind")
    assert list(data.features) == ["leaf_width", "colour"] and data.classes == ("a", "b")
    assert data.labels.tolist() == [1, 0, 1] and data.features["colour"].tolist() == ["dark_red", "blue", "blue"]
    assert read(tmp_path / "t.csv").classes == ("blue", "dark_red")


def test_numbers_as_labels_are_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("x,y\n1,10\n2,9\n3,10\n")
    assert read(tmp_path / "t.csv").classes == ("9", "10")


def test_an_archive_may_have_images_and_a_split(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", images=np.arange(24).reshape(2, 3, 4), labels=[1, 0], split=[0, 2])
    data = read(tmp_path / "a.npz")
    assert data.image == (3, 4) and data.parts is not None and data.parts.tolist() == [LEARNED, TESTED]
    assert list(data.features)[5] == "p1_1" and data.features["p1_1"].tolist() == [5, 17]


@pytest.mark.parametrize("text, said", (
    ("x,y\n1,a\n,b\n", "line 3 has nothing in the column `x`"),
    ("x,y\n1,a,3\n", "line 2 has 3 cells"),
    ("x,y\n", "no examples"),
    ("", "each a column"),
    ("y\n1\n", "each a column"),
    ("x,x,y\n1,2,3\n", "two columns are called `x`"),
    ("x,y\ninf,a\n", "`x` of example 0 is no finite number"),
))  # fmt: skip
def test_tables_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(FileFault, match=said):
        read(tmp_path / "t.csv")


@pytest.mark.parametrize("arrays, said", (
    ({"xs": np.ones((3, 2))}, "no array called `labels`, `target`, `ys` and `y`"),
    ({"xs": np.ones((3, 2)), "ys": np.ones(4)}, r"not \(3, 2\) and \(4,\)"),
    ({"xs": np.ones((3, 2)), "ys": np.ones(3), "split": [0, 1, 7]}, "`split` says"),
    ({"xs": np.full((3, 2), np.nan), "ys": np.ones(3)}, "no finite number"),
    ({"xs": np.array([["a"]]), "ys": np.ones(1)}, "features are numbers"),
))  # fmt: skip
def test_archives_that_are_none(tmp_path: Path, arrays: dict[str, np.ndarray], said: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FileFault, match=said):
        read(tmp_path / "a.npz")


def test_parts_are_drawn_by_the_seed() -> None:
    parts = parted(100, held=0.15, tested=0.2, seed=1)
    assert [(parts == part).sum() for part in (LEARNED, HELD, TESTED)] == [65, 15, 20]
    np.testing.assert_array_equal(parts, parted(100, 0.15, 0.2, 1))
    assert (parts != parted(100, 0.15, 0.2, 2)).any()
