"""`pullback test`: the tests that programs carry."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from .usage import FAILED, OK, as_data, parser, styled, write_json

DESCRIPTION = """\
A program carries tests: `test "name":` and lines that must hold. `a ~= b` holds where |a - b| <= t * max(1, |b|) for
every element, with t from `within`, else 1e-9 (1e-5 for f32); equal infinities and two NaN agree. Exits with 1 if one
fails."""

EXAMPLES = """\
  pullback test logistic.pull
  pullback test programs/ -k adder
  pullback test programs/ --backend interpreter --json
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("test", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("files", metavar="FILE", nargs="+", help="a program, or a folder of programs")
    made.add_argument("-k", metavar="TEXT", dest="pattern", default="", help="only the tests whose name has TEXT in it")
    made.add_argument("--backend", choices=("llvm", "numba", "python", "interpreter"), default="llvm",
                      help="what runs them (llvm: machine code)")  # fmt: skip
    return made


def main(options: argparse.Namespace) -> int:
    from .programs import programs

    start = time.perf_counter()
    outcomes: list[dict[str, Any]] = []
    for path in programs(options.files):
        outcomes += _file(path, options)
    failed = sum(o["outcome"] == "failed" for o in outcomes)
    if options.json:
        faults = [{**o, "faults": [as_data(f) if not isinstance(f, str) else {"message": f} for f in o["faults"]]}
                  for o in outcomes]  # fmt: skip
        write_json({"passed": len(outcomes) - failed, "failed": failed, "tests": faults})
    else:
        passed = f"{len(outcomes) - failed} passed"
        counts = f"{styled(f'{failed} failed', 'bad')}, {passed}" if failed else styled(passed, "good")
        print(f"{counts if outcomes else 'no tests'} in {time.perf_counter() - start:.2f} s")
    return FAILED if failed else OK


def _file(path: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """The outcomes of the tests of a program; one that does not load is a failed test of its own."""
    from ...core.errors import FileFault, PullbackError
    from ..language.loader import load
    from .claims import Runner

    try:
        program = load(path)
    except FileFault:
        raise
    except PullbackError as fault:
        return [_outcome(path, "the program", 1, [fault], options.json)]
    tests = [t for t in program.tests if options.pattern.lower() in t.name.lower()]
    if tests and not options.json:
        print(styled(str(path), "strong"))
    runner = Runner(program, options.backend)
    return [_outcome(path, test.name, test.span.line, list(runner.faults(test)), options.json) for test in tests]


def _outcome(path: Path, name: str, line: int, faults: list[Any], silent: bool) -> dict[str, Any]:
    from ..errors import render
    from .usage import colours

    if not silent:
        print(f"  {styled('FAIL', 'bad') if faults else styled('ok', 'good') + '  '} {name}")
        for fault in faults:
            text = fault if isinstance(fault, str) else render(fault, colours())
            print("\n".join(f"       {part}" for part in text.splitlines()))
    return {"file": str(path), "name": name, "line": line, "outcome": "failed" if faults else "passed", "faults": faults}
