"""What `pullback` itself promises: help that can be read, exit codes, and words for whatever happens."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pullback.frontends.cli import main as cli
from pullback.frontends.cli.main import COMMANDS, main

SCRIPT = [sys.executable, "-c", "import sys; from pullback.frontends.cli.main import main; sys.exit(main())"]


def test_without_a_word_it_introduces_itself(pullback, golden) -> None:
    ended = pullback()
    assert ended.code == 0 and ended.err == ""
    assert pullback("--help") == pullback("help") == ended
    golden(ended.out)


@pytest.mark.parametrize("command", COMMANDS)
def test_help(pullback, golden, command: str) -> None:
    ended = pullback(command, "--help")
    assert ended.code == 0 and "examples:" in ended.out
    assert pullback("help", command) == ended
    assert all(len(line) <= 120 for line in ended.out.splitlines())
    if sys.version_info[:2] == (3, 11):  # argparse lays out otherwise in others
        golden(ended.out)


def test_version(pullback) -> None:
    from pullback import __version__

    assert pullback("--version").out == f"pullback {__version__}\n"


@pytest.mark.parametrize("words, said", (
    (["rum"], "did you mean `run`?"),
    (["frobnicate"], "the commands are run, grad"),
    (["run"], "the following arguments are required"),
    (["run", "logistic.pull", "predict", "--ar", "w=1"], "unrecognized arguments"),
    (["explain", "logistic.pull", "loss", "--after", "magic"], "invalid choice"),
))  # fmt: skip
def test_misuse_is_2_and_says_why(pullback, words: list[str], said: str) -> None:
    ended = pullback(*words)
    assert ended.code == 2 and ended.out == "" and said in ended.err


def test_help_is_quick_and_light() -> None:
    probe = f"{SCRIPT[2].partition('sys.exit')[0]} main(['run', '--help']); print(*sys.modules, file=sys.stderr)"
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    loaded = set(ended.stderr.split())
    assert not loaded & {"numpy", "lark", "llvmlite", "numba", "sympy", "networkx"}
    best = min(_seconds([*SCRIPT, "--help"]) - _seconds([sys.executable, "-c", "pass"]) for _ in range(5))
    assert best < 0.3


def _seconds(command: list[str]) -> float:
    """Of a processor, so that it does not matter what else the machine is doing."""
    start = os.times()
    subprocess.run(command, capture_output=True, check=True)
    end = os.times()
    return end.children_user + end.children_system - start.children_user - start.children_system


# -- what can happen ---------------------------------------------------------------------------------------------------
def broken(problem: BaseException):
    def command(words: object, commands: object) -> int:
        raise problem

    return command


def test_the_unexpected_is_one_line(pullback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_command", broken(ZeroDivisionError("by\nzero")))
    ended = pullback("run")
    assert ended.code == 1 and ended.out == ""
    assert ended.err == (
        "internal error PB0999: ZeroDivisionError: by zero; run with PULLBACK_TRACEBACK=full and report this, please\n"
    )
    assert pullback("run", "--json").data["error"]["code"] == "PB0999"
    monkeypatch.setenv("PULLBACK_TRACEBACK", "full")
    with pytest.raises(ZeroDivisionError):
        main(["run"])


def test_interrupted_and_out_of_memory(pullback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_command", broken(KeyboardInterrupt()))
    ended = pullback("run")
    assert (ended.code, ended.out, ended.err) == (130, "", "")
    monkeypatch.setattr(cli, "_command", broken(MemoryError()))
    ended = pullback("run")
    assert ended.code == 1 and ended.err.startswith("error PB0998: not enough memory")


def test_a_terminal_that_knows_no_signs(folder: Path) -> None:
    Path("odd.pull").write_text("def f(x: f64) = \N{GREEK SMALL LETTER PSI}(x)\n", encoding="utf-8")
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run([*SCRIPT, "check", "odd.pull"], cwd=folder, env=env, capture_output=True, text=True)
    assert ended.returncode == 1 and "PB0201" in ended.stdout and ended.stderr == ""


def test_nobody_reads_on(folder: Path) -> None:
    command = subprocess.Popen([*SCRIPT, "explain", "logistic.pull", "loss"], cwd=folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)  # fmt: skip
    assert command.stdout is not None and command.stderr is not None
    command.stdout.close()
    assert command.stderr.read() == b""
    assert command.wait() == 141


def test_colours_on_a_terminal_only(pullback, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(colour: bool) -> tuple[str, str]:
        out, err = Terminal(), Terminal()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            patch.setenv("TERM", "xterm")
            if colour:
                patch.delenv("NO_COLOR")
            assert main(["test", "logistic.pull"]) == 0
            assert main(["run", "logistic.pull", "predit"]) == 2
        return out.getvalue(), err.getvalue()

    assert all("\x1b[" in text for text in shown(True))
    assert not any("\x1b[" in text for text in shown(False))


def test_a_program_that_is_no_program(pullback, golden) -> None:
    Path("wrong.pull").write_text("def f(x: f64) = sigmod(x)\ndef g(x: f64[n], y: f64[m]) = sum i: x[i] * y[i]\n")
    ended = pullback("run", "wrong.pull", "f", "--arg", "x=1")
    assert ended.code == 1
    golden(ended.err)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 10, b"def f("])
@pytest.mark.parametrize("command", ["check", "fmt", "test"])
def test_files_that_are_no_programs_never_make_a_traceback(pullback, command: str, content: bytes) -> None:
    Path("odd.pull").write_bytes(content)
    ended = pullback(command, "odd.pull")
    assert ended.code in (1, 2) and "PB0" in ended.out + ended.err and "internal error" not in ended.err
    assert Path("odd.pull").read_bytes() == content
