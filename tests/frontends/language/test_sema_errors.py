"""Errors of names, types, sizes and derivatives, as a person reads them: `docs/errors.md` is the golden text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pullback.core.errors import FAMILIES, PullbackError
from pullback.frontends.language.elaborate import check, elaborate
from pullback.frontends.language.loader import load
from pullback.frontends.language.unused import unused

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "errors.md"
SECTION = re.compile(r"^### (PB\d{4})\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(pull|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECTIONS = dict(SECTION.findall(PAGE.read_text(encoding="utf-8")))


def first_fault(programs: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> PullbackError:
    """What is wrong with the last of the programs; one that begins with a comment is saved under that name."""
    monkeypatch.chdir(folder)
    name = ""
    for program in programs:
        header = re.match(r"# (\S+\.pull)\n", program)
        name = header[1] if header else "example.pull"
        Path(name).write_text(program, encoding="utf-8")
    try:
        found = load(name)
        return next(iter([*check(found), *unused(found.module.tree)]))
    except PullbackError as fault:
        return fault


@pytest.mark.parametrize("code", [code for code, text in SECTIONS.items() if "```pull" in text])
def test_the_page_of_errors_shows_what_is_said(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    blocks = BLOCK.findall(SECTIONS[code])
    fault = first_fault([text for kind, text in blocks if kind == "pull"], tmp_path, monkeypatch)
    assert fault.code == code, f"{fault}"
    family = next(family for prefix, family in FAMILIES if code.startswith(prefix))
    assert isinstance(fault, family)
    ((_, shown),) = [block for block in blocks if block[0] == "text"]
    if request.config.getoption("--update-golden"):
        page = PAGE.read_text(encoding="utf-8")
        section = SECTIONS[code]
        updated = section.replace(f"```text\n{shown}```", f"```text\n{fault}\n```")
        PAGE.write_text(page.replace(section, updated), encoding="utf-8")
    else:
        assert str(fault).rstrip() == shown.rstrip()


def test_every_code_in_the_sources_is_on_the_page() -> None:
    used = {
        code
        for room in ("core", "ir", "backends", "frontends", "stdlib")
        for file in (ROOT / room).rglob("*.py")
        for code in re.findall(r"\"(PB0\d{3})\"", file.read_text(encoding="utf-8"))
    }
    assert sorted(used - SECTIONS.keys()) == [], "add a section to docs/errors.md"


# The text, the code, and what must be said somewhere: in the message, the hint or the notes
SLIPS = [
    ("def f(x: f64[n]) -> f64 = sun i: x[i]", "PB0101", ""),
    ("def f(x: f64) = lenght(x)", "PB0201", "unknown name `lenght`"),
    ("def loss(x: f64) = x\ndef f(x: f64) = los(x)", "PB0201", "did you mean `loss`?"),
    ("def f(x: f64) = grd(f)(x)", "PB0201", "did you mean `grad`?"),
    ("def f(x: f64) = x\ndef f(y: f64) = y", "PB0202", "it is defined here first"),
    ("def f(p: (f64, f64)) =\n    let (a, a) = p\n    a", "PB0202", "`a` is defined twice"),
    ("def f(n: i64, x: f64[n]) = x[0]", "PB0202", "`n` is defined twice"),
    ("type A = (A, f64)\ndef f(x: A) = x.1", "PB0206", "the type `A` is defined by itself"),
    ("def g(x: f64) = h(x)\ndef h(x: f64) = g(x)", "PB0206", "`g` → `h` → `g`"),
    ("def g(k: (f64) -> f64) = k(1)\ndef h(x: f64) -> f64 = g(h)", "PB0206", "called from itself"),
    ("def f(x: flaot) = x", "PB0208", ""),
    ("def f(x: f46) = x", "PB0208", "did you mean"),
    ("def f(x: f64, y: f32) = x + y", "PB0302", "write `f64(…)` around the f32 side"),
    ("def f(k: i64) = k * 0.5", "PB0302", "a real number"),
    ("def f(x: f32) -> f64 = x", "PB0301", "write `f64(…)`"),
    ("def f(x: f64[n]) -> f64 = x", "PB0301", "reduce it"),
    ("def f(x: f64) -> f64[n] = x", "PB0209", "unknown size `n`"),
    ("def f(x: f64[n]) -> f64[n] = 0", "PB0301", "an array filled with it"),
    ("def f(x: sat<4>) = -x", "PB0303", "not on sat<4>"),
    ("def f(k: i64, x: i64) = x ^ k", "PB0303", "needs a whole number, written down"),
    ("def f(x: f64) = x + (x, x)", "PB0303", "one by one"),
    ("def g(x: f64, y: f64) = x\ndef f(x: f64) = g(x)", "PB0304", "its parameters are `x` and `y`"),
    ("def f(x: f64) = grad(x)", "PB0305", "grad(f)(x)"),
    ("def f(x: f64) = sin", "PB0305", "neither stored nor returned"),
    ("def f(x: f64) = x.y", "PB0305", "no record"),
    ("def f(x: f64) = x[0]", "PB0306", "no array"),
    ("def f(x: f64) = true and x", "PB0307", "a side of `and`"),
    ("def f(x: f64[n, m]) = max i: x[i]", "PB0315", "max i, j: x[i, j]"),
    ("def f(x: z<7>[n]) = max i: x[i]", "PB0315", "not ordered"),
    ("def f(x: f64[n]) = all i: x[i]", "PB0315", "compare it"),
    ("def f(x: f64[n]) = argmax i, j: x[i] * x[j]", "PB0315", "one axis at a time"),
    ("def f(x: f64[n]) = mean i, j < i: x[i] * x[j]", "PB0405", "number of terms"),
    ("def f(x: f64[n]) = fold s = x for i < 3: for j < 2: s[j]", "PB0401", "the first state is here"),
    ("def g(x: f64[d], l: f64[d*(d-1)//2]) = l[0]\ndef f(a: f64[n]) = g(a, a)", "PB0402", "`d` is n from `x`"),
    ("def f(x: f64[2], y: f64[3]) = [x, y]", "PB0401", "sizes differ"),
    ("def f(k: i64) = grad(g)(k)\ndef g(k: i64) = f64(k)", "PB0502", "i64"),
    ("def f(x: f64) = grad(g, wrt=y)(x)\ndef g(x: f64) = x", "PB0203", "its parameters are `x`"),
    ("def f(x: f64[3]) = x[3]", "PB0701", "indices run from 0 to 2"),
    ("def f(x: f64[3]) = x[-1]", "PB0701", "index -1"),
    ("def f(x: f64[n]) = sum(x)", "PB0201", "a loop over indices: `sum i: x[i]`"),
    ("def f(x: f64[n]) = max(x)", "PB0304", "of many numbers it is a loop: `max i: x[i]`"),
    ("def f(x: f64[n]) = x.sum()", "PB0305", "write `sum i: x[i]`"),
    ("def f(x: f64[n]) = x.shape[0]", "PB0305", "len(x)"),
    ("def f(x: f64[n]) = sum i: x(i)", "PB0305", "an array is indexed with brackets: `x[i]`"),
    ("def f(n: i64) = sum i, j < n: i * j", "PB0403", "belongs to one index alone: `i < n, j < n`"),
    ("def f(x: f64[n]) = sum i: g(x)[i]\ndef g(x: f64[n]) = for i: lgo(x[i])", "PB0201", "did you mean `log`?"),
    ("def f(x: f64[n]) = dot(x, x)", "PB0201", "sum i: x[i] * y[i]"),
    ("def f(x: f64) = int(x)", "PB0201", "write `i64(…)`"),
    ("def f(θ: f64) = θ² + 1", "PB0201", "a power is written `θ^2`"),
    ("def f(x: f64) = x % 2", "PB0303", "x - y * floor(x / y)"),
    ("def f(x: f64) -> f64 = x > 0", "PB0301", "write `f64(…)`: 1 where it is true, else 0"),
    ("def f(x: bool) -> f64 = 2.0 * x", "PB0302", "write `f64(…)` around the bool side"),
    ("def f(x: bit) = not x", "PB0307", "x == 1"),
    ("import numpy as np", "PB0205", "the file numpy.pull"),
    ("def f(n: i64) =\n    let a = for i < shl(1, n): 1.0\n    let b = for i < shl(1, n): 1.0\n"
     "    fold s = a for k < 2: b", "PB0401", "name it once"),
    ('test "a": 1 + 1', "PB0307", "compare"),
    ("def g(h: (f64) -> f64) = h(1)\ndef f(x: f64) = g(x)", "PB0301", "a function `(f64) -> f64` must stand here"),
    ("def g(h: (f64) -> f64) = h(1)\ndef f(x: f64) = g(atan2)", "PB0304", "`h` is called on 1"),
    ("def g(h: (f64) -> f64) = h(1)\ndef f(x: f64) = g(fn y: (y, y))", "PB0301", "in this call of `g`"),
]


@pytest.mark.parametrize(("text", "code", "said"), SLIPS)
def test_slips(text: str, code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = first_fault([text], tmp_path, monkeypatch)
    assert fault.code == code, f"{fault}"
    assert said in f"{fault}", f"{fault}"
    assert fault.span is not None
    assert fault.span.text, "the caret stands under something"


def test_a_fault_does_not_hide_those_of_other_functions(tmp_path: Path) -> None:
    file = tmp_path / "three.pull"
    file.write_text("def f(x: f64) = y\ndef g(x: f64) = x\ndef h(x: f64) = z\n", encoding="utf-8")
    assert [fault.message for fault in check(load(file))] == ["unknown name `y`", "unknown name `z`"]


def test_a_fault_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "two.pull"
    file.write_text("def f(x: f64) = y\ndef g(x: f64) = f(x)\ntest \"t\": g(1) == 2\n", encoding="utf-8")
    assert [fault.message for fault in check(load(file))] == ["unknown name `y`"]


def test_what_is_never_used(tmp_path: Path) -> None:
    file = tmp_path / "unused.pull"
    text = """
def f(x: f64) =
    let a = x
    let (b, _c) = (a, x)
    let n = 3
    let d: f64[2] = for i < 2:
        let e = x
        x
    let m = 2
    let w: f64[m] = d
    w[0]
"""
    file.write_text(text, encoding="utf-8")
    assert sorted(remark.message for remark in unused(load(file).module.tree)) == [
        "`b` is never used", "`e` is never used", "`n` is never used"
    ]  # fmt: skip


def test_an_unknown_function_is_suggested(tmp_path: Path) -> None:
    file = tmp_path / "one.pull"
    file.write_text("def predict(x: f64) = x\n", encoding="utf-8")
    with pytest.raises(PullbackError, match="did you mean `predict`") as caught:
        elaborate(load(file), "predcit")
    assert caught.value.code == "PB0201"
