"""`pullback.compile`: a program's functions as attributes, and what is wrong with it in words."""

from __future__ import annotations

import inspect
import threading
from pathlib import Path

import numpy as np
import pytest

import pullback as pb

TEXT = """
def double(x: f64[n]) -> f64[n] = for i: 2 * x[i]
def norm(x: f64[n]) -> f64 = sqrt(sum i: x[i]^2)
def apply(f: (f64) -> f64, x: f64) -> f64 = f(x)
"""


@pytest.fixture(scope="module")
def module() -> pb.Module:
    return pb.compile(TEXT)


def test_functions_are_attributes_and_items(module: pb.Module) -> None:
    assert module.norm([3.0, 4.0]) == 5.0
    assert module["norm"] is module.norm
    assert list(module.functions) == ["double", "norm"]
    assert {"double", "norm"} <= set(dir(module))


def test_it_is_a_collection_of_names(module: pb.Module) -> None:
    assert list(module) == ["double", "norm"]
    assert len(module) == 2 and "norm" in module
    assert "apply" not in module and "nrom" not in module
    assert pb.compile("def apply(f: (f64) -> f64, x: f64) -> f64 = f(x)"), "true, though it has nothing to call"


def test_it_says_what_it_has(module: pb.Module) -> None:
    assert "norm(x: f64[n]) -> f64" in repr(module)
    assert repr(module.norm) == "<pullback function norm(x: f64[n]) -> f64>"
    assert str(inspect.signature(module.norm)) == "(x: 'f64[n]') -> 'f64'"
    assert dict(module.norm.parameters) == {"x": "f64[n]"}


def test_a_misspelt_function_is_an_attribute_error_with_a_suggestion(module: pb.Module) -> None:
    with pytest.raises(AttributeError, match="did you mean `norm`") as caught:
        _ = module.nrm
    assert isinstance(caught.value, pb.NameFault)
    assert caught.value.code == "PB0201"
    assert not hasattr(module, "nothing")


def test_a_function_of_functions_is_called_in_programs_only(module: pb.Module) -> None:
    with pytest.raises(pb.TypeFault, match="takes the function `f`"):
        _ = module.apply


def test_files_and_their_imports(tmp_path: Path) -> None:
    (tmp_path / "main.pull").write_text("from other import half\ndef quarter(x: f64) -> f64 = half(half(x))\n")
    (tmp_path / "other.pull").write_text("def half(x: f64) -> f64 = x / 2\n")
    assert pb.compile(tmp_path / "main.pull").quarter(8) == 2.0
    assert pb.compile(str(tmp_path / "main.pull")).half(8) == 4.0
    with pytest.raises(OSError, match=r"main\.pull"):
        pb.compile(tmp_path / "mian.pull")


def test_a_program_is_checked_whole_when_it_is_compiled() -> None:
    with pytest.raises(pb.NameFault, match="unknown name `y`") as caught:
        pb.compile("def f(x: f64) -> f64 = y\ndef g(x: f64) -> f64 = z")
    assert caught.value.span is not None
    assert caught.value.span.line == 1
    assert any("unknown name `z`" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("settings, message", [
    ({"backend": "lvm"}, "did you mean `llvm`"),
    ({"bakend": "llvm"}, "did you mean `backend`"),
    ({"mode": "exact"}, "one of strict, contract, fastmath"),
    ({"level": 4}, "0, 1, 2 or 3"),
])
def test_settings_there_are_not(settings: dict[str, object], message: str) -> None:
    with pytest.raises(pb.ArgumentFault, match=message):
        pb.compile(TEXT, **settings)


@pytest.mark.parametrize("backend", ["llvm", "python", "interpreter", pytest.param("numba", marks=pytest.mark.slow)])
def test_backends_give_and_refuse_the_same(backend: str) -> None:
    m = pb.compile("def f(x: f64[n], k: i64) -> (f64, i64, bool, f64[n]) = (x[k], k + 1, x[k] > 0, x)", backend=backend)
    x = np.array([1.0, -2.0])
    value, count, positive, same = m.f(x, 1)
    assert (value, count, positive) == (-2.0, 2, False)
    assert (type(value), type(count), type(positive)) == (float, int, bool)
    assert np.array_equal(same, x)
    assert not np.shares_memory(same, x)
    with pytest.raises(pb.IndexFault, match="index 2 is outside an array of 2") as caught:
        m.f(x, 2)
    assert caught.value.span is not None
    assert caught.value.span.text == "x[k]"
    with pytest.raises(IndexError):
        m.f(x, -1)
    with pytest.raises(pb.ArgumentFault, match="without loss"):
        m.f(x.astype(complex).real.astype(np.longdouble), 0)


def test_every_stage_has_a_text(module: pb.Module) -> None:
    f = pb.grad(module.norm)
    texts = {stage: f.as_text(stage) for stage in ("unary", "graph", "loops", "schedule", "llvm", "optimised", "asm", "numba")}
    assert texts["unary"].startswith("unary grad(norm) [n] (0 x: f64[n])")
    assert "define" in texts["llvm"]
    assert "define" in texts["optimised"]
    assert "def " in texts["numba"]
    assert all(text == f.as_text(stage) for stage, text in texts.items())
    with pytest.raises(pb.ArgumentFault, match="did you mean `llvm`"):
        f.as_text("lvm")


def test_compile_time_is_shown_on_request(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    m = pb.compile("def f(x: f64) -> f64 = x + 1")
    monkeypatch.setenv("PULLBACK_DEBUG", "1")
    m.f(1.0)
    assert "pullback: f compiled in" in capsys.readouterr().err
    m.f(1.0)
    assert capsys.readouterr().err == ""


def test_the_first_call_may_come_from_several_threads() -> None:
    m = pb.compile("def f(x: f64[n]) -> f64 = sum i: x[i]")
    found: list[float] = []
    threads = [threading.Thread(target=lambda: found.append(m.f(np.ones(100)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [100.0] * 4
