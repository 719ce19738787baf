"""A program that was compiled before is called without being read, and nothing else about it changes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import pullback as pb
from pullback.backends import cache as cache_module
from pullback.backends import executable
from pullback.core.objects import Tuple, parse
from pullback.frontends.language import loader
from pullback.frontends.python import module as module_file
from pullback.frontends.python.face import Face, Parameter, read, written
from pullback.frontends.python.trees import Mirror

pytestmark = pytest.mark.slow  # together they take many seconds

PROGRAM = """
type Point = {x: f64, y: f64[n]}
def pick(x: f64[n], k: i64) -> f64 = x[k] * x[0]
def norm(p: Point) -> f64 = p.x^2 + (sum i: p.y[i]^2)
def wheel(a: z<7>[n]) -> z<7> = sum i: a[i]
def repeat(n: i64, x: f64) -> f64[n] = for i < n: x * f64(i)
def triangle(x: f64[d*(d+1)//2], y: f64[d]) -> f64[d + 1] = for i < d + 1: x[0] + y[0]
def apply(f: (f64) -> f64, x: f64) -> f64 = f(x)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of one's own; nothing is verified, as in the hands of users."""
    monkeypatch.setenv("PULLBACK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PULLBACK_VERIFY", "0")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "cache"


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the compiler does, as it does it."""
    done: list[str] = []
    for where, name in ((loader, "parse"), (module_file, "elaborate"), (executable, "bare_sizes")):
        real = getattr(where, name)
        monkeypatch.setattr(where, name, lambda *a, real=real, name=name, **k: done.append(name) or real(*a, **k))
    return done


def results(program: str | Path = PROGRAM) -> Iterator[object]:
    """Every kind of argument and result, and derivatives of several kinds."""
    m = pb.compile(program)
    x = np.arange(1.0, 4.0)
    yield m.pick(x, 2)
    yield pb.grad(m.pick)(x, 2).tolist()
    value, slope = pb.value_and_grad(m.norm)({"x": 2.0, "y": x})
    yield value, slope["x"], slope["y"].tolist()
    yield m.wheel([6, 6])
    yield m.repeat(3, 2.0).tolist()
    yield m.triangle(np.ones(6), x).tolist()
    yield pb.hvp(m.norm)({"x": 2.0, "y": x}, {"x": 1.0, "y": x})["y"].tolist()
    yield pb.vjp(m.pick, x, 1)[1](1.0)[0].tolist()
    yield pb.jvp(m.pick, (x, 1), (x, None))
    yield sorted(m.functions), repr(m), repr(pb.grad(m.norm))


def mistakes() -> Iterator[str]:
    m = pb.compile(PROGRAM)
    for call in (lambda: m.pick(np.ones(3), 7), lambda: m.pick(np.ones(3)), lambda: m.wheel([1, 9]), lambda: m.norm((1, 2)),
                 lambda: m.triangle(np.ones(6), np.ones(2)), lambda: m.pick(np.ones((3, 3)), 1), lambda: m.nothing,
                 lambda: m.apply, lambda: pb.grad(m.pick, "z"), lambda: pb.grad(m.repeat), lambda: pb.grad(m.pick, 1)):
        with pytest.raises(pb.PullbackError) as caught:
            call()
        yield str(caught.value)


def test_the_second_time_nothing_is_read_again_and_all_is_as_before(folder: Path, work: list[str]) -> None:
    first = list(results())
    assert {"parse", "elaborate", "bare_sizes"} <= set(work)
    work.clear()
    assert list(results()) == first
    assert work == []


def test_mistakes_are_told_in_the_same_words(folder: Path) -> None:
    first = list(mistakes())
    assert list(mistakes()) == first
    assert "pick(x: f64[n], k: i64)" in first[0], "the place in the text is shown"


def test_a_new_process_loads_neither_the_language_nor_the_compiler(folder: Path) -> None:
    program = (
        "import sys, numpy as np, pullback as pb\n"
        f"m = pb.compile({PROGRAM!r})\n"
        "print(m.pick(np.ones(3), 2), pb.grad(m.pick)(np.ones(3), 2))\n"
        "from pullback.frontends.language.tables import parser\n"
        "print(parser.cache_info().misses, 'pullback.ir.lower' in sys.modules)\n"
    )
    runs = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
            for _ in range(2)]  # fmt: skip
    assert runs == ["1.0 [1. 0. 1.]\n1 True\n", "1.0 [1. 0. 1.]\n0 False\n"]


def test_what_the_term_is_needed_for_still_works(folder: Path) -> None:
    list(results())
    m = pb.compile(PROGRAM)
    assert "pick" in m.pick.as_text("unary")
    assert m.pick.with_settings(backend="interpreter")(np.arange(3.0), 2) == 0.0
    assert pb.hessian(m.pick)(np.ones(2), 1).tolist() == [[0.0, 1.0], [1.0, 0.0]]
    assert "define" in pb.grad(m.pick).as_text("llvm")


def test_settings_are_kept_apart(folder: Path) -> None:
    text = "def f(a: f64, b: f64, c: f64) -> f64 = a * b + c"
    a, c = 1 + 2.0**-30, -(1 + 2.0**-29)
    for _ in range(2):
        assert pb.compile(text, mode="strict").f(a, a, c) == 0.0
        assert pb.compile(text).f(a, a, c) in (0.0, 2.0**-60)


def test_loops_that_threads_share_are_kept_too(folder: Path, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text, x = "def f(x: f64[n]) -> f64 = sum i: exp(x[i])", np.linspace(0.0, 1.0, 300_000)
    first = pb.compile(text, threads=2).f
    assert " threads 2" in first.as_text("schedule")
    expected = first(x)
    work.clear()
    assert pb.compile(text, threads=2).f(x) == expected
    monkeypatch.setenv("PULLBACK_THREADS", "2")
    assert pb.compile(text).f(x) == expected
    assert work == []
    monkeypatch.setenv("PULLBACK_THREADS", "1")
    assert "bare_sizes" not in work
    np.testing.assert_allclose(pb.compile(text).f(x), expected, rtol=1e-12)
    assert "bare_sizes" in work


@pytest.mark.parametrize("again", [0, 1])
def test_a_rule_is_part_of_what_it_is_given_to(folder: Path, again: int) -> None:
    """Two rules of one name and one type are two rules, in one process as in two."""
    f = pb.compile("def f(x: f64) -> f64 = x^2").f
    for _ in range(1 + again):
        for by in (2, 3):
            rule = pb.compile(f"def rule(x: f64, dy: f64) -> f64 = {by} * x * dy").rule
            assert pb.grad(pb.custom_rev(f, rule))(5.0) == by * 5.0
            assert pb.grad(pb.custom_rev(pb.compile("def f(x: f64) -> f64 = x^2").f, rule))(5.0) == by * 5.0


def test_what_no_text_decides_is_not_kept(folder: Path, work: list[str]) -> None:
    m = pb.compile("def f(x: f64) -> f64 = x^2")
    assert m.f.derived("known", lambda: m.f.morphism).recipe is not None
    assert m.f.derived(("unknown", object()), lambda: m.f.morphism).recipe is None


# -- what a program depends on -----------------------------------------------------------------------------------------
def test_a_change_of_an_imported_module_is_seen(folder: Path, tmp_path: Path, work: list[str]) -> None:
    main, other = tmp_path / "main.pull", tmp_path / "other.pull"
    main.write_text("from other import half\ndef f(x: f64) -> f64 = half(x)\n")
    other.write_text("def half(x: f64) -> f64 = x / 2\n")
    assert [pb.compile(main).f(8), pb.compile(main).f(8)] == [4.0, 4.0]
    other.write_text("def half(x: f64) -> f64 = x / 4\n")
    assert pb.compile(main).f(8) == 2.0
    work.clear()
    assert pb.compile(main).f(8) == 2.0
    assert work == []
    other.write_text("def half(x: f64) -> f64 = y\n")
    with pytest.raises(pb.NameFault, match="unknown name `y`"):
        pb.compile(main)


def test_a_module_that_takes_the_place_of_another_is_seen(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "other.pull").write_text("def half(x: f64) -> f64 = x / 2\n")
    main = tmp_path / "main.pull"
    main.write_text("from other import half\ndef f(x: f64) -> f64 = half(x)\n")
    for _ in range(2):
        assert pb.compile(main, folders=[tmp_path / "library"]).f(8) == 4.0
    (tmp_path / "other.pull").write_text("def half(x: f64) -> f64 = x / 4\n")
    assert pb.compile(main, folders=[tmp_path / "library"]).f(8) == 2.0
    (tmp_path / "other.pull").unlink()
    assert pb.compile(main, folders=[tmp_path / "library"]).f(8) == 4.0


def test_the_same_text_elsewhere_imports_what_is_there(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, by in (("a", 2), ("b", 4)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "other.pull").write_text(f"def half(x: f64) -> f64 = x / {by}\n")
    for name, expected in (("a", 4.0), ("b", 2.0), ("a", 4.0)):
        monkeypatch.chdir(tmp_path / name)
        assert pb.compile("from other import half\ndef f(x: f64) -> f64 = half(x)\n").f(8) == expected


@pytest.mark.parametrize("recorded", [False, True])
def test_a_program_stays_as_it_was_when_it_was_compiled(folder: Path, tmp_path: Path, recorded: bool) -> None:
    main, other = tmp_path / "main.pull", tmp_path / "other.pull"
    main.write_text("from other import half\ndef f(x: f64) -> f64 = half(x)\ndef g(x: f64) -> f64 = half(x) + 1\n")
    other.write_text("def half(x: f64) -> f64 = x / 2\n")
    if recorded:
        pb.compile(main).f(1)
    m = pb.compile(main)
    other.write_text("def half(x: f64) -> f64 = x / 4\n")
    assert (m.f(8), m.g(8), pb.grad(m.g)(8)) == (4.0, 5.0, 0.5)
    m = pb.compile(main)
    assert (m.f(8), m.g(8), pb.grad(m.g)(8)) == (2.0, 3.0, 0.25)


def test_another_compiler_compiles_anew(folder: Path, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    list(results())
    work.clear()
    for where in (executable, module_file.record):
        monkeypatch.setattr(where, "compiler", lambda: "another")
    list(results())
    assert {"parse", "elaborate", "bare_sizes"} <= set(work)


# -- what is not kept --------------------------------------------------------------------------------------------------
def test_a_program_with_a_fault_tells_it_each_time(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(pb.NameFault, match="unknown name `y`"):
            pb.compile("def f(x: f64) -> f64 = y")
    assert not folder.exists()


def test_off_means_no_files(folder: Path, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULLBACK_CACHE", "off")
    first = list(results())
    work.clear()
    assert list(results()) == first
    assert {"parse", "elaborate", "bare_sizes"} <= set(work)
    assert not folder.exists()


def test_verifying_means_going_all_the_way(folder: Path, work: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    list(results())
    work.clear()
    monkeypatch.setenv("PULLBACK_VERIFY", "1")
    list(results())
    assert {"parse", "elaborate", "bare_sizes"} <= set(work)


# -- what may lie in the folder ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("damage", [lambda e: b"", lambda e: e[:-1], lambda e: e[:-2] + b"xx", lambda e: b"{}" + e])
def test_damaged_entries_are_as_none(folder: Path, damage: object) -> None:
    first = list(results())
    for path in folder.iterdir():
        path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert list(results()) == first
    assert list(results()) == first


@pytest.mark.parametrize("kept", [0, 1])
def test_any_entry_may_be_missing(folder: Path, kept: int) -> None:
    first = list(results())
    for k, path in enumerate(sorted(folder.iterdir())):
        if k % 2 == kept:
            path.unlink()
    assert list(results()) == first


def test_entries_but_for_machine_code_are_text(folder: Path) -> None:
    list(results())
    heads = len(cache_module.MAGIC) + 2 * cache_module.DIGEST
    contents = [path.read_bytes()[heads:] for path in folder.iterdir()]
    texts = [c for c in contents if not c.startswith((b"\x7fELF", b"\xcf\xfa\xed\xfe"))]
    assert 0 < len(texts) < len(contents)
    for text in texts:
        json.loads(text)


def test_processes_at_once_agree(folder: Path) -> None:
    program = f"import numpy as np, pullback as pb; print(pb.grad(pb.compile({PROGRAM!r}).pick)(np.ones(3), 2))"
    runs = [subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ)
            for _ in range(3)]  # fmt: skip
    assert {run.communicate()[0] for run in runs} == {"[1. 0. 1.]\n"}
    assert not list(folder.glob(".new-*"))


# -- faces -------------------------------------------------------------------------------------------------------------
POINT = Tuple((parse("f64"), parse("z<7>[n, d*(d-1)//2]")), ("x", "odd name"))


@pytest.mark.parametrize("result", [
    parse("f64"), POINT, Tuple(()), Mirror(0, POINT), (parse("bool[3]"), (Mirror(1, parse("f32[n]")), POINT)), ()])
def test_a_face_reads_back(result: object) -> None:
    face = Face("f", (Parameter("p", POINT), Parameter("q", parse("f32[n]"))), result, {"n": 1})  # type: ignore[arg-type]
    assert read(json.loads(json.dumps(written(face)))) == face
