"""`pullback`: finds the command, and turns whatever happens into words and an exit code. Loads only the command asked for."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from ...core.errors import PullbackError, suggestion
from .usage import BROKEN_PIPE, FAILED, INTERRUPTED, MISUSED, OK, UsageFault, exit_code, tell, write_json


@dataclass(frozen=True)
class Command:
    """What a command is for, and the module that has it: a ``build`` that gives its parser and a ``main`` that takes what it
    parsed."""

    summary: str
    module: str


COMMANDS: Mapping[str, Command] = MappingProxyType({name: Command(summary, f"{__package__}.{name}") for name, summary in {
    "run": "run a function of a program on data",
    "grad": "the value and the gradient of a function on data, or the derived program",
    "check": "check programs, and list their functions with types and sizes",
    "test": "run the tests that programs carry",
    "verify": "the laws of derivatives, and that backends agree, on arguments at random",
    "explain": "show a function at any stage on its way to machine code",
    "cost": "flops and memory of a function and of its derivative, counted",
    "fmt": "bring programs into the canonical layout",
    "circuit": "boolean circuits in files: what is in them, converted, simulated",
}.items()})  # fmt: skip
"""Those of this folder. The library has more, and hands all of them to `main`."""

OVERVIEW = """\
pullback compiles small array programs, and their reverse derivatives, to machine code.

usage: pullback COMMAND ...

commands:
{commands}

first steps:
  pullback check logistic.pull                      what is in a program
  pullback run logistic.pull predict --arg w=[1,2] --arg b=0 --arg x=[3,4]
  pullback grad logistic.pull loss --arg ...        its value and its gradient
  pullback COMMAND --help                           options and examples

exit codes: 0 all is well; 1 a program, test or check failed; 2 the command cannot be carried out as given.
Colours are left out where NO_COLOR is set. `pullback --version` says which version this is.
"""


def overview(commands: Mapping[str, Command]) -> str:
    return OVERVIEW.format(commands="\n".join(f"  {name:<9} {command.summary}" for name, command in commands.items()))


def main(argv: Sequence[str] | None = None, commands: Mapping[str, Command] = COMMANDS) -> int:
    """Run a command; its exit code. Never raises, except with PULLBACK_TRACEBACK=full."""
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    full = os.environ.get("PULLBACK_TRACEBACK") == "full"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that cannot show × still gets the rest
    try:
        code = _command(words, commands)
        sys.stdout.flush()
        return code
    except PullbackError as fault:
        if full:
            raise
        return _told(fault, as_json)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # nobody reads on; the interpreter's own last flush must not complain either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as problem:
        if full:
            raise
        return _internal(problem, as_json)


def _command(words: Sequence[str], commands: Mapping[str, Command]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        if len(words) > 1 and words[0] == "help" and words[1] in commands:
            return _parsed(commands[words[1]], ["--help"])
        print(overview(commands), end="")
        return OK
    if words[0] in ("-V", "--version", "version"):
        from importlib.metadata import version

        print(f"pullback {version('pullback')}")
        return OK
    if words[0] not in commands:
        hint = suggestion(words[0], commands) or f"the commands are {', '.join(commands)}"
        raise UsageFault("PB0620", f"there is no command `{words[0]}`", hint=hint)
    return _parsed(commands[words[0]], words[1:])


def _parsed(command: Command, words: Sequence[str]) -> int:
    module = import_module(command.module)
    parser: argparse.ArgumentParser = module.build(command.summary.capitalize() + ".")
    try:
        options = parser.parse_args(words)
    except SystemExit as left:  # argparse has printed the help
        return left.code if isinstance(left.code, int) else MISUSED
    code: int = module.main(options)
    return code


def _told(fault: PullbackError, as_json: bool) -> int:
    tell(fault, as_json)
    return exit_code(fault)


def _internal(problem: Exception, as_json: bool) -> int:
    words = " ".join(str(problem).split()) or "no more is known"
    if isinstance(problem, MemoryError):
        code, text = "PB0998", f"not enough memory: {words}"
    else:
        code, text = "PB0999", f"{type(problem).__name__}: {words}; run with PULLBACK_TRACEBACK=full and report this, please"
    if as_json:
        write_json({"error": {"code": code, "message": text, "place": None, "hint": None, "notes": []}})
    else:
        kind = "error" if code == "PB0998" else "internal error"
        print(f"{kind} {code}: {text}", file=sys.stderr)
    return FAILED
