"""`pullback learn` from a table to a circuit in a file that can be checked, and what it says when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pullback.frontends.files.formats import load
from pullback.stdlib.command import COMMANDS, main

pytestmark = pytest.mark.slow  # together they take some seconds

DATA = Path(__file__).parents[2] / "examples" / "data"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def learn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    rng = np.random.default_rng(0)
    width, height = rng.random((2, 80)).round(3)
    kind = np.where(width + height > 1, "big", "small")
    rows = [f"{w},{h},{k}" for w, h, k in zip(width, height, kind, strict=True)]
    Path("boxes.csv").write_text("\n".join(["width,height,kind", *rows]) + "\n")

    def run(*words: str) -> Ended:
        capsys.readouterr()
        code = main(["learn", *words])
        return Ended(code, *capsys.readouterr())

    return run


def test_help_tells_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0 and COMMANDS["learn"].summary in capsys.readouterr().out
    assert main(["learn", "--help"]) == 0
    assert all(len(line) <= 128 for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize("words", (
    ["--model", "lut", "--bits", "6", "--ring", "sat<16>"],
    ["--model", "lut", "--bits", "3", "--units", "8", "--ring", "bit"],
    ["--model", "linear", "--levels", "5"],
    ["--model", "gates", "--width", "40", "--depth", "3", "--temperature", "2", "--levels", "5"],
))  # fmt: skip
@pytest.mark.parametrize("suffix", [".aig", ".blif", ".circuit"])
def test_a_circuit_in_a_file_is_as_good_as_it_was_said_to_be(learn: Run, words: list[str], suffix: str) -> None:
    """The names of its inputs are all that a check needs besides the data, in every format."""
    ended = learn("boxes.csv", *words, "--out", f"c{suffix}", "--json")
    assert ended.code == 0 and ended.err == ""
    said = json.loads(ended.out)
    checked = json.loads(learn("boxes.csv", "--check", f"c{suffix}", "--json").out)
    assert checked["accuracy"] == said["accuracy"] and said["accuracy"]["learned"] > 0.7
    assert load(f"c{suffix}").names.outputs == ("big", "small")


def test_it_shows_how_far_it_is_and_ends_with_a_summary(learn: Run) -> None:
    ended = learn("boxes.csv", "--model", "gates", "--width", "20", "--epochs", "40", "--picture", "accuracy.svg")
    assert ended.err.count("epoch") == 20 and "loss" in ended.err
    assert "gates, depth" in ended.out and " of 52\n" in ended.out and " of 16\n" in ended.out
    assert Path("accuracy.svg").read_text().startswith("<?xml")


def test_the_seed_decides(learn: Run) -> None:
    texts = []
    for seed in ("1", "1", "2"):
        learn("boxes.csv", "--bits", "4", "--seed", seed, "--out", "c.circuit")
        texts.append(Path("c.circuit").read_text())
    assert texts[0] == texts[1] != texts[2]


def test_counters_of_the_irises_are_as_good_as_in_the_example(learn: Run) -> None:
    """The same model as in `examples/rda.py`, given its split: 25 of 50 flowers of a kind, in the order of the file."""
    table = np.loadtxt(DATA / "iris.csv", delimiter=",", skiprows=1)
    np.savez("iris.npz", xs=table[:, :4], ys=table[:, 4].astype(int), split=np.where(np.arange(150) % 50 < 25, 0, 2))
    ended = learn("iris.npz", "--levels", "1", "--bits", "4", "--ring", "sat<100>", "--json")
    assert json.loads(ended.out)["accuracy"]["tested"] == pytest.approx(0.80)


@pytest.mark.parametrize("words, said", (
    (["nowhere.csv"], "there is no file nowhere.csv"),
    (["boxes.csv", "--label", "kin"], "it has no column `kin`"),
    (["boxes.csv", "--out", "c.txt"], "no format that can be written has the suffix `.txt`"),
    (["boxes.csv", "--ring", "f64"], "tables are learned over bit, sat<N> or z<N>"),
    (["boxes.csv", "--ring", "sat<1>"], "the modulus lies between"),
    (["boxes.csv", "--epochs", "0"], "'0' should be a whole number, at least 1"),
    (["boxes.csv", "--hold", "1.5"], "'1.5' should be a share"),
    (["boxes.csv", "--hold", "0.6", "--test", "0.6"], "no example to learn from"),
    (["boxes.csv", "--model", "conv"], "a convolution needs images"),
    (["boxes.csv", "--model", "gates", "--shifted", "0.5"], "should be images"),
    (["boxes.csv", "--image", "8by8"], "as in 8x8"),
    (["boxes.csv", "--image", "8x8"], "have 64 pixels, and there are 2 features"),
    (["boxes.csv", "--model", "neural"], "invalid choice"),
    (["boxes.csv", "--bits", "60", "--levels", "64", "--units", "1"], "cells"),
))  # fmt: skip
def test_what_does_not_go_is_said(learn: Run, words: list[str], said: str) -> None:
    ended = learn(*words)
    assert ended.code == 2 and ended.out == "" and said in ended.err


def test_a_circuit_of_other_examples_is_refused(learn: Run) -> None:
    assert learn("boxes.csv", "--out", "c.aig").code == 0
    Path("other.csv").write_text(Path("boxes.csv").read_text().replace("height", "depth"))
    ended = learn("other.csv", "--check", "c.aig")
    assert ended.code == 2 and "there is no feature `height`" in ended.err
