"""`pullback grad` gives what a difference quotient gives, and otherwise the program that would."""

from __future__ import annotations

import numpy as np
import pytest

from pullback.ir.graph.text import parse

ARGS = ("--arg", "w=[1,-2]", "--arg", "b=0.5", "--arg", "xs=points.csv:0..2", "--arg", "ys=points.csv:label")


def value(pullback, b: float) -> float:
    return pullback("run", "logistic.pull", "loss", *ARGS[:2], "--arg", f"b={b!r}", *ARGS[4:], "--json").data["result"]


def test_value_and_gradient(pullback) -> None:
    ended = pullback("grad", "logistic.pull", "loss", "--wrt", "w,b", *ARGS)
    assert ended.code == 0
    assert [line.partition(" = ")[0] for line in ended.out.splitlines()] == ["value", "d w", "d b"]
    data = pullback("grad", "logistic.pull", "loss", *ARGS, "--json").data
    assert set(data["gradient"]) == {"w", "b", "xs", "ys"}
    quotient = (value(pullback, 0.5 + 1e-6) - value(pullback, 0.5 - 1e-6)) / 2e-6
    assert data["value"] == value(pullback, 0.5)
    assert data["gradient"]["b"] == pytest.approx(quotient, rel=1e-8)


def test_gradients_in_files(pullback) -> None:
    ended = pullback("grad", "logistic.pull", "loss", "--wrt", "w,b", *ARGS, "--out", "d.npz")
    assert ended.code == 0 and ended.out.startswith("value = ")
    data = pullback("grad", "logistic.pull", "loss", "--wrt", "w", *ARGS, "--json").data
    with np.load("d.npz") as arrays:
        assert set(arrays) == {"w", "b"} and arrays["w"].tolist() == data["gradient"]["w"]
    assert pullback("grad", "logistic.pull", "loss", "--wrt", "w", *ARGS, "--out", "d.npy").code == 0
    assert np.load("d.npy").tolist() == data["gradient"]["w"]


def test_records_have_gradients_that_are_records(pullback) -> None:
    data = pullback("grad", "shapes.pull", "norm", "--arg", "p={x: 3, y: 4}", "--json").data
    assert data == {"function": "norm", "value": 5.0, "gradient": {"p": pytest.approx({"x": 0.6, "y": 0.8}, rel=1e-15)}}


def test_without_arguments_the_derived_program(pullback, golden) -> None:
    ended = pullback("grad", "logistic.pull", "predict", "--wrt", "w")
    assert ended.code == 0
    parse(ended.out)
    golden(ended.out)


@pytest.mark.parametrize("words, code, said", (
    (["logistic.pull", "loss", "--wrt", "v"], 2, "no parameter `v`"),
    (["shapes.pull", "outer"], 1, "PB0503"),
    (["shapes.pull", "integer"], 2, "no parameter to differentiate by"),
    (["shapes.pull", "element", "--wrt", "k"], 1, "`k` is i64, which has no derivative"),
))  # fmt: skip
def test_what_has_no_gradient(pullback, words: list[str], code: int, said: str) -> None:
    ended = pullback("grad", *words)
    assert ended.code == code and ended.out == "" and said in ended.err
