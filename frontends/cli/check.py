"""`pullback check`: whether programs are right, and what is in them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from .usage import FAILED, OK, as_data, colours, parser, styled, write_json

DESCRIPTION = """\
Every function and test is checked: names, types, sizes, indices that are certainly outside their array. For each
function its type is listed, with the sizes it works for. Exits with 1 if anything is wrong."""

EXAMPLES = """\
  pullback check logistic.pull
  pullback check programs/ --json
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("check", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("files", metavar="FILE", nargs="+", help="a program, or a folder of programs")
    made.add_argument("--quiet", "-q", action="store_true", help="say only what is wrong")
    return made


def main(options: argparse.Namespace) -> int:
    from .programs import programs

    reports = [_report(path) for path in programs(options.files)]
    if options.json:
        write_json({"files": [{**r, "errors": [as_data(f) for f in r["errors"]],
                               "remarks": [as_data(f) for f in r["remarks"]]} for r in reports]})  # fmt: skip
    else:
        for report in reports:
            _tell(report, options.quiet)
        faults, count = sum(len(r["errors"]) for r in reports), sum(len(r["functions"]) for r in reports)
        summary = f"{_count(count, 'function')} in {_count(len(reports), 'file')}: "
        if not options.quiet or faults:
            print(summary + (styled(_count(faults, "error"), "bad") if faults else styled("all right", "good")))
    return FAILED if any(r["errors"] for r in reports) else OK


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _report(path: Path) -> dict[str, Any]:
    """What is in a program, and what is wrong with it."""
    from ...core.errors import FileFault, PullbackError
    from ..language.elaborate import check
    from ..language.loader import load
    from ..language.unused import unused

    try:
        program = load(path)
    except FileFault:
        raise
    except PullbackError as fault:
        return {"file": str(path), "functions": [], "errors": [fault], "remarks": []}
    faults = list(check(program))
    functions = [f for name in program.defined if (f := _signature(program, name)) is not None]
    return {"file": str(path), "functions": functions, "errors": faults, "remarks": list(unused(program.module.tree))}


def _signature(program: Any, name: str) -> dict[str, Any] | None:
    """A function as it is listed; None for one that is wrong."""
    from ...core.errors import PullbackError
    from ..language.elaborate import elaborate
    from ..language.types import Arrow, signature

    definition = program.functions[name]
    try:
        kinds = signature(definition, definition.module or program.module)
        inner = any(isinstance(p.type, Arrow) for p in kinds.parameters)
        if not inner:
            kinds = elaborate(program, name).signature
    except PullbackError:
        return None
    return {
        "name": name,
        "type": str(kinds),
        "sizes": list(kinds.sizes),
        "parameters": {p.name: str(p.type) for p in kinds.parameters},
        "result": str(kinds.result) if kinds.result is not None else None,
        "callable": not inner,
    }


def _tell(report: dict[str, Any], quiet: bool) -> None:
    from ..errors import render

    if not quiet:
        print(styled(report["file"], "strong"))
        for function in report["functions"]:
            print(f"  {function['type']}{styled(_aside(function), 'faint')}")
        sys.stdout.flush()
    for remark in report["remarks"] if not quiet else ():
        print(render(remark, colours()).replace("error", "remark", 1))
    for fault in report["errors"]:
        print(render(fault, colours()))


def _aside(function: dict[str, Any]) -> str:
    if not function["callable"]:
        return "   for use in programs: it takes a function"
    sizes = function["sizes"]
    return f"   for all {', '.join(sizes)}" if sizes else ""
