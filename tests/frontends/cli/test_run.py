"""`pullback run`: every way to give an argument, every way to get a result, and what is said where one does not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

PREDICT = 1 / (1 + np.exp(-1.5))  # of w = [1, -2], b = 0.5, x = [3, 1]


@pytest.mark.parametrize("w", ("[1, -2]", "[1,-2.0]", "w.npy", "all.npz", "all.npz:w"))
@pytest.mark.parametrize("backend", ("llvm", "interpreter"))
def test_arguments_from_the_command_line_and_from_files(pullback, w: str, backend: str) -> None:
    ended = pullback("run", "logistic.pull", "predict", "--arg", f"w={w}", "--arg", "b=.5", "--arg", "x=all.npz",
                     "--backend", backend)  # fmt: skip
    assert (ended.code, ended.err) == (0, "")
    assert float(ended.out) == pytest.approx(PREDICT, rel=1e-15)


@pytest.mark.parametrize("words, result", (
    (["total", "--arg", "x=points.csv:height"], "3.0"),
    (["total", "--arg", "x=points.csv:1"], "6.5"),
    (["total", "--arg", "x=[]"], "0.0"),
    (["total", "--arg", "x=[1e3, .5, -inf]"], "-inf"),
    (["total", "--arg", "x=[nan]"], "nan"),
    (["outer", "--arg", "x=[1, 2]", "--arg", "y=[3, 4]"], "[[3.0, 4.0], [6.0, 8.0]]"),
    (["norm", "--arg", "p={x: 3, y: 4}"], "5.0"),
    (["norm", "--arg", "p={\"x\": 3, \"y\": 4}"], "5.0"),
    (["norm", "--arg", "p.x=3", "--arg", "p.y=4"], "5.0"),
    (["swap", "--arg", "p={y: 1, x: 2}"], "{x: 1.0, y: 2.0}"),
    (["both", "--arg", "p=(2, [1, 2])"], "([2.0, 4.0], 2.0)"),
    (["both", "--arg", "p.0=2", "--arg", "p.1=w.npy"], "([2.0, -4.0], 2.0)"),
    (["count", "--arg", "k=[1, 2]", "--arg", "yes=[true, false]"], "1"),
    (["count", "--arg", "k=[5]", "--arg", "yes=[True]"], "5"),
    (["narrow", "--arg", "x=bare.csv:0"], "4.0"),
    (["ones", "--arg", "n=3"], "[1.0, 1.0, 1.0]"),
    (["integer", "--arg", "k=9223372036854775806"], "9223372036854775807"),
    (["answer"], "42"),
))  # fmt: skip
def test_values(pullback, words: list[str], result: str) -> None:
    ended = pullback("run", "shapes.pull", *words)
    assert (ended.code, ended.out, ended.err) == (0, result + "\n", "")


def test_records_from_files(pullback) -> None:
    np.savez("point.npz", x=3.0, y=4.0)
    assert pullback("run", "shapes.pull", "norm", "--arg", "p=point.npz").out == "5.0\n"
    np.savez("model.npz", **{"p.x": 3.0, "p.y": 4.0})
    assert pullback("run", "shapes.pull", "norm", "--arg", "p=model.npz").out == "5.0\n"
    Path("line.csv").write_text("y,t\n1,2\n3,4\n")
    assert pullback("run", "shapes.pull", "line", "--arg", "x=line.csv").out == "14.0\n"


def test_tables(pullback) -> None:
    Path("id.pull").write_text("def id(x: f64[n, m]) -> f64[n, m] = for i, j: x[i, j]\n")
    parts = {
        "": "[[1.0, 2.0, 0.0], [3.0, 4.0, 1.0], [-1.0, 0.5, 1.0]]",
        ":0..2": "[[1.0, 2.0], [3.0, 4.0], [-1.0, 0.5]]",
        ":label,height": "[[0.0, 1.0], [1.0, 3.0], [1.0, -1.0]]",
    }
    for part, result in parts.items():
        assert pullback("run", "id.pull", "id", "--arg", f"x=points.csv{part}").out == result + "\n"
    Path("odd.csv").write_text("\ufeff# said before\n\n1,2\n3,4\n", encoding="utf-8")
    assert pullback("run", "id.pull", "id", "--arg", "x=odd.csv").out == "[[1.0, 2.0], [3.0, 4.0]]\n"


# -- results -----------------------------------------------------------------------------------------------------------
def test_results_as_json(pullback) -> None:
    assert pullback("run", "shapes.pull", "swap", "--arg", "p={x: 1, y: inf}", "--json").data == {
        "function": "swap", "type": "{x: f64, y: f64}", "result": {"x": "inf", "y": 1.0}}  # fmt: skip
    assert pullback("run", "shapes.pull", "both", "--arg", "p=(2, [1])", "--json").data["result"] == [[2.0], 2.0]


def test_results_in_files(pullback) -> None:
    args = ("--arg", "x=[1, 2]", "--arg", "y=[3, 4]")
    for name in ("out.npy", "out.npz", "out.csv"):
        ended = pullback("run", "shapes.pull", "outer", *args, "--out", name)
        assert (ended.code, ended.out, ended.err) == (0, "", "")
    expected = np.array([[3.0, 4.0], [6.0, 8.0]])
    assert np.array_equal(np.load("out.npy"), expected)
    assert np.array_equal(np.load("out.npz")["result"], expected)
    assert Path("out.csv").read_text() == "3.0,4.0\n6.0,8.0\n"
    both = ("run", "shapes.pull", "both", "--arg", "p=(2, [1, 2])", "--out")
    assert pullback(*both, "both.npz").code == 0
    with np.load("both.npz") as arrays:
        assert set(arrays) == {"0", "1"} and arrays["1"] == 2.0
    assert pullback("run", "shapes.pull", "swap", "--arg", "p={x: 1, y: 2}", "--out", "swap.csv").code == 0
    assert Path("swap.csv").read_text() == "x,y\n2.0,1.0\n"
    assert pullback("run", "shapes.pull", "swap", "--arg", "p=swap.csv", "--out", "swap.npz").code == 0
    assert np.load("swap.npz")["x"] == 1.0


def test_what_is_written_reads_back(pullback) -> None:
    values = np.random.default_rng(0).normal(size=7) * 10.0 ** np.arange(-100, 110, 30)
    np.save("v.npy", values)
    Path("id.pull").write_text("def id(x: f64[n]) -> f64[n] = for i: x[i]\n")
    assert pullback("run", "id.pull", "id", "--arg", "x=v.npy", "--out", "v.csv").code == 0
    assert pullback("run", "id.pull", "id", "--arg", "x=v.csv", "--out", "again.npy").code == 0
    assert np.array_equal(np.load("again.npy"), values)


# -- what does not fit -------------------------------------------------------------------------------------------------
RUN = {
    "no function": (2, ["predit"]),
    "no parameter": (2, ["predict", "--arg", "wt=1"]),
    "no argument": (2, ["predict", "--arg", "w=[1]", "--arg", "x=[1]"]),
    "twice": (2, ["predict", "--arg", "w=[1]", "--arg", "w=[1]"]),
    "no value": (2, ["predict", "--arg", "w=[1,2", "--arg", "b=1", "--arg", "x=[1]"]),
    "no equals": (2, ["predict", "--arg", "w"]),
    "no ending": (2, ["predict", "--arg", "w=weights.txt", "--arg", "b=1", "--arg", "x=[1]"]),
    "no file": (2, ["predict", "--arg", "w=v.npy", "--arg", "b=1", "--arg", "x=[1]"]),
    "sizes differ": (1, ["predict", "--arg", "w=[1, 2]", "--arg", "b=1", "--arg", "x=[1, 2, 3]"]),
    "rank": (1, ["predict", "--arg", "w=[[1], [2]]", "--arg", "b=1", "--arg", "x=[1, 2]"]),
    "ragged": (2, ["predict", "--arg", "w=[[1], [2, 3]]", "--arg", "b=1", "--arg", "x=[1, 2]"]),
    "a number for an array": (1, ["predict", "--arg", "w=3", "--arg", "b=1", "--arg", "x=[1]"]),
    "an array for a number": (1, ["predict", "--arg", "w=[3]", "--arg", "b=[1]", "--arg", "x=[1]"]),
    "which of the arrays": (2, ["predict", "--arg", "w=all.npz:v", "--arg", "b=1", "--arg", "x=[1]"]),
    "which column": (2, ["predict", "--arg", "w=points.csv", "--arg", "b=1", "--arg", "x=[1]"]),
    "no such column": (2, ["predict", "--arg", "w=points.csv:hieght", "--arg", "b=1", "--arg", "x=[1]"]),
    "out": (2, ["predict", "--out", "x.txt"]),
}  # fmt: skip


@pytest.mark.parametrize("name", RUN)
def test_what_is_said(pullback, golden, name: str) -> None:
    code, words = RUN[name]
    ended = pullback("run", "logistic.pull", *words)
    assert ended.code == code and ended.out == ""
    golden(ended.err)


@pytest.mark.parametrize("words, said", (
    (["narrow", "--arg", "x=w.npy"], "f32 does not hold without loss"),
    (["count", "--arg", "k=w.npy", "--arg", "yes=[true]"], "PB0605"),
    (["count", "--arg", "k=[1.5]", "--arg", "yes=[true]"], "`k` of `count`"),
    (["norm", "--arg", "p=3"], "`p` is {x: f64, y: f64}"),
    (["norm", "--arg", "p={x: 1, z: 2}"], "has no `y`"),
    (["norm", "--arg", "p={x: 1}", "--arg", "p.y=2"], "is given, and its part `p.y` too"),
    (["norm", "--arg", "p.z=1"], "has no parameter `p.z`"),
    (["norm", "--arg", "p.x=1"], "`p.y` of `norm` is missing"),
    (["element", "--arg", "x=[1, 2]", "--arg", "k=2"], "index 2 is outside an array of 2"),
    (["element", "--arg", "x=[1, 2]", "--arg", "k=1.5"], "`k` of `element`"),
    (["integer", "--arg", "k=99999999999999999999"], "PB0606"),
    (["map", "--arg", "x=[1]"], "takes the function `f`"),
    (["ones", "--arg", "n=-1"], "PB0604"),
    (["both", "--arg", "p=(2, [1])", "--out", "both.npy"], "write both.npz"),
    (["both", "--arg", "p=(2, [1, 2])", "--out", "both.csv"], "columns of one length"),
    (["total", "--arg", "x=[1]", "--out", "nowhere/x.npy"], "cannot be written: No such file or directory"),
))  # fmt: skip
def test_what_does_not_fit(pullback, words: list[str], said: str) -> None:
    ended = pullback("run", "shapes.pull", *words)
    assert ended.code in (1, 2) and ended.out == "" and said in ended.err
    assert pullback("run", "shapes.pull", *words, "--json").data["error"]["message"]


@pytest.mark.parametrize("name, content, said", (
    ("bad.npy", b"no array", "does not read as an array"),
    ("bad.npy", b"", "does not read as an array"),
    ("bad.npz", b"PK\x03\x04", "does not read as an array"),
    ("bad.csv", b"1,2\n3\n", "line 2 has 1 cells, and the first 2"),
    ("bad.csv", b"a,b\n1,2\n3,4\n", "`a`"),
    ("bad.csv:b", b"a,b\n1,x\n", "line 2, column `b`: 'x' is no f64"),
    ("bad.csv:1", b"1,\n", "PB0803"),
    ("bad.csv:7", b"1,2\n", "no columns 7"),
    ("bad.csv", b"\xff\xfe", "no text in UTF-8"),
))  # fmt: skip
def test_files_that_do_not_read(pullback, name: str, content: bytes, said: str) -> None:
    Path(name.partition(":")[0]).write_bytes(content)
    ended = pullback("run", "shapes.pull", "total", "--arg", f"x={name}")
    assert ended.code == 2 and "PB0803" in ended.err and said in ended.err


@pytest.mark.parametrize("value", (
    "[" * 5000, "9" * 5000, "{x: 1, x: 2}", "[1,,2]", "", "(", "1 2", "{1: 2}", "[1, 2}", "\0", "1__0", "[true"
))  # fmt: skip
def test_values_that_are_none(pullback, value: str) -> None:
    ended = pullback("run", "shapes.pull", "norm", "--arg", f"p={value}")
    assert ended.code == 2 and ended.err.startswith("error PB0620")


def test_any_word_at_all_ends_with_words(pullback) -> None:
    random = np.random.default_rng(1)
    pieces = ["run", "grad", "shapes.pull", "norm", "total", "--arg", "x=", "p=", "x=[1,2", "]", "--out", "a.npz", "--json",
              "p.x=1", "\udcff", "w.npy", "x=w.npy:q", "x=points.csv:9..", "--wrt", "x,",
              "--backend", "=", "--after", "é", "x=..csv"]
    for _ in range(300):
        words = [str(w) for w in random.choice(pieces, size=random.integers(1, 7))]
        ended = pullback(*words)
        assert ended.code in (0, 1, 2), words
        assert "internal error" not in ended.err and "PB0999" not in ended.out, (words, ended.err)
        assert "Traceback" not in ended.err


def test_pickles_are_not_opened(pullback) -> None:
    np.save("objects.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    ended = pullback("run", "shapes.pull", "total", "--arg", "x=objects.npy")
    assert ended.code == 2 and "PB0803" in ended.err
