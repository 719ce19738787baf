"""The command line in this process: a folder with programs and data, and `pullback(...)` that says how a command ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pullback.frontends.cli.main import main

LOGISTIC = """\
def predict(w: f64[d], b: f64, x: f64[d]) -> f64 = sigmoid((sum j: w[j] * x[j]) + b)

def loss(w: f64[d], b: f64, xs: f64[n, d], ys: f64[n]) -> f64 =
    let p = for i: predict(w, b, xs[i])
    mean i: -(ys[i] * log(p[i]) + (1 - ys[i]) * log(1 - p[i]))

test "an indifferent model":
    predict([0, 0], 0, [5, 5]) == 0.5
"""

SHAPES = """\
type Point = {x: f64, y: f64}

def total(x: f64[n]) -> f64 = sum i: x[i]
def outer(x: f64[n], y: f64[m]) -> f64[n, m] = for i, j: x[i] * y[j]
def norm(p: Point) -> f64 = sqrt(p.x^2 + p.y^2)
def swap(p: Point) -> Point = {x: p.y, y: p.x}
def both(p: (f64, f64[n])) -> (f64[n], f64) = (for i: p.0 * p.1[i], p.0)
def line(x: {t: f64[n], y: f64[n]}) -> f64 = sum i: x.t[i] * x.y[i]
def count(k: i64[n], yes: bool[n]) -> i64 = sum i: if yes[i] then k[i] else 0
def narrow(x: f32[n]) -> f32 = sum i: x[i]
def element(x: f64[n], k: i64) -> f64 = x[k]
def ones(n: i64) -> f64[n] = for i < n: 1.0
def map(f: (f64) -> f64, x: f64[n]) -> f64[n] = for i: f(x[i])
def integer(k: i64) -> i64 = k + 1
def answer() -> i64 = 42
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("PULLBACK_TRACEBACK", raising=False)
    Path("logistic.pull").write_text(LOGISTIC)
    Path("shapes.pull").write_text(SHAPES)
    np.save("w.npy", np.array([1.0, -2.0]))
    np.savez("all.npz", w=np.array([1.0, -2.0]), b=0.5, x=np.array([3.0, 1.0]))
    Path("points.csv").write_text("height,weight,label\n1.0,2.0,0\n3.0,4.0,1\n-1.0,0.5,1\n")
    Path("bare.csv").write_text("1,2\n3,4\n")
    return tmp_path


@pytest.fixture
def pullback(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def run(*words: str) -> Ended:
        capsys.readouterr()
        code = main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run
