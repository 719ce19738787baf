"""The pytest plugin: programs carry tests that pytest collects, golden texts, and derivatives checked on the way.

    pytest programs/                       # each `test "…":` of each .pull file
    pytest --pullback-gradcheck programs/  # and the derivatives of each function
    pytest --update-golden                 # what the `golden` fixture compares with is written instead

It is registered where pullback is installed (`-p no:pullback` does without), so it must cost nothing: all is loaded when
needed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

SUFFIX = ".pull"
_TEST = re.compile(rb"^test\s", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pullback")
    group.addoption("--update-golden", action="store_true", help="write golden texts instead of comparing with them")
    group.addoption("--pullback-gradcheck", action="store_true",
                    help="check the derivatives of the functions in .pull files, on arguments drawn at random")  # fmt: skip


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != SUFFIX:
        return None
    checked = parent.config.getoption("--pullback-gradcheck")
    return PullFile.from_parent(parent, path=file_path) if checked or _TEST.search(file_path.read_bytes()) else None


class PullFile(pytest.File):
    """A program, and the tests it carries."""

    def collect(self) -> Iterator[pytest.Item]:
        from ...core.errors import PullbackError
        from ..language.loader import load

        try:
            program = load(self.path)
        except PullbackError as fault:
            raise self.CollectError(str(fault)) from None
        for test in program.tests:
            yield Carried.from_parent(self, name=test.name, program=program, test=test)
        if self.config.getoption("--pullback-gradcheck"):
            for name in program.defined:
                if not _takes_functions(program, name):
                    yield Gradients.from_parent(self, name=f"gradients of {name}", program=program, of=name)


def _takes_functions(program: Any, name: str) -> bool:
    from ..language import syntax

    return any(isinstance(p.type, syntax.FunctionType) for p in program.functions[name].tree.parameters)


class _Item(pytest.Item):
    """One thing to run; a fault of ours is told as the program's author is told it."""

    def __init__(self, *, program: Any, line: int, **rest: Any) -> None:
        super().__init__(**rest)
        self.program, self.line = program, line

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line - 1, self.name

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from ...core.errors import PullbackError

        if isinstance(excinfo.value, PullbackError | Unheld):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class Carried(_Item):
    """A `test` of a program."""

    def __init__(self, *, test: Any, **rest: Any) -> None:
        super().__init__(line=test.span.line, **rest)
        self.test = test

    def runtest(self) -> None:
        from ..cli.claims import Runner

        faults = list(Runner(self.program, "llvm").faults(self.test))
        if faults:
            raise Unheld("\n".join(map(str, faults)))


class Gradients(_Item):
    """The derivatives of a function. What has none is not checked."""

    def __init__(self, *, program: Any, of: str, **rest: Any) -> None:
        super().__init__(program=program, line=program.functions[of].tree.span.line, **rest)
        self.of = of

    def runtest(self) -> None:
        from ...core.errors import DerivativeFault
        from ..language.elaborate import elaborate
        from ..python.morphism import of_language
        from .subject import of_morphism
        from .verification import GRADIENTS, verification

        of = of_morphism(of_language(elaborate(self.program, self.of)))
        try:
            findings = list(verification(of, 5, GRADIENTS.__contains__))
        except DerivativeFault:
            return
        if broken := [f for f in findings if f.outcome == "broken"]:
            raise Unheld("\n".join(f"{f.law}: {f.message}\n  at {f.arguments}" for f in broken))


class Unheld(AssertionError):
    """A test of a program, or a law, that does not hold."""


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`golden(text)` compares with `golden/<test file>/<test name>.txt` beside the test.

    A test with several texts names them: `golden(text, "loops")`. A text that is not there yet fails, with what to do."""

    def compare(text: str, part: str = "") -> None:
        file = re.sub(r"[^\w.=+-]+", "_", "-".join(filter(None, (request.node.name, part)))).strip("_") + ".txt"
        path = request.path.parent / "golden" / request.path.stem.removeprefix("test_") / file
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        elif not path.exists():
            pytest.fail(f"no golden text {path} yet; `pytest --update-golden` writes it. The text is:\n{text}", pytrace=False)
        elif text.rstrip("\n") != (kept := path.read_text(encoding="utf-8").rstrip("\n")):
            lines = unified_diff(kept.splitlines(), text.rstrip("\n").splitlines(), "kept", "now", lineterm="")
            pytest.fail("\n".join([f"differs from {path}; `pytest --update-golden` writes it anew", *lines]), pytrace=False)

    return compare
