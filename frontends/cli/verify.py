"""`pullback verify`: the laws that a program must obey, tried on arguments at random."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .usage import FAILED, OK, UsageFault, parser, styled, write_json

if TYPE_CHECKING:
    from ..python.morphism import Morphism
    from ..testing.verification import Finding

DESCRIPTION = """\
Tries the laws of derivatives, and that all ways to run a function agree, on arguments drawn at random: small arrays,
from empty to four elements along an axis. What --arg and --size give stays as it is, and the rest is drawn; the same
examples every time. A law that is broken is told with the smallest counterexample that was found. Exits with 1 if one
is."""

EXAMPLES = """\
  pullback verify logistic.pull
  pullback verify logistic.pull loss --examples 200
  pullback verify gather.pull pick --arg i=0 --size n=3
  pullback verify model.pull --law RD.7 --law backends --html report.html
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("verify", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("file", metavar="FILE", help="a program, such as logistic.pull")
    made.add_argument("function", metavar="FUNCTION", nargs="?", help="one of its functions (default: all of them)")
    made.add_argument("--arg", metavar="NAME=VALUE", action="append", default=[],
                      help="an argument, as for `pullback run`; the others are drawn")
    made.add_argument("--size", metavar="NAME=N", action="append", default=[], help="a size of the parameters' types")
    made.add_argument("--examples", metavar="N", type=int, default=20, help="on how many arguments a law is tried (20)")
    made.add_argument("--seconds", metavar="S", type=float, default=60.0,
                      help="after so long a law is tried on nothing more (60)")
    made.add_argument("--law", metavar="NAME", action="append", default=[], help="only this law (may be said again)")
    made.add_argument("--html", metavar="FILE", help="write the report as a page too")
    return made


def main(options: argparse.Namespace) -> int:
    from ...core.errors import ArgumentFault
    from ..testing.verification import LAWS, failed

    _refuse(options, LAWS)
    reports: list[tuple[Morphism, list[Finding]]] = []
    untried: list[str] = []
    if not options.json:
        print(styled(options.file, "strong"))
    for function in _functions(options):
        if not options.json:
            print(f"  {function}")
        findings: list[Finding] = []
        try:
            for finding in _findings(function, options):
                findings.append(finding)
                if not options.json and finding.outcome != "does not apply":
                    print(_line(finding), flush=True)
        except ArgumentFault as fault:
            if fault.code != "PB0612" or options.function is not None:
                raise
            untried.append(function.name)  # the other functions of the file are verified all the same
        if not options.json:
            _beside(findings)
        reports.append((function, findings))
    broken = [(f, finding) for f, findings in reports for finding in failed(findings)]
    broken.sort(key=lambda pair: pair[1].size)
    if options.html:
        from ..testing.page import page

        _write(Path(options.html), page(options.file, [(str(f), findings) for f, findings in reports]))
    if options.json:
        write_json({"broken": len(broken), "untried": untried, "functions": [
            {"function": f.name, "type": str(f), "findings": [x.as_data() for x in findings]} for f, findings in reports]})
    else:
        _summary(options.file, reports, broken)
        for name in untried:
            print(f"{styled('not verified', 'bad')}: no arguments on which {name} runs were found; give some: "
                  f"pullback verify {options.file} {name} --arg ...")  # fmt: skip
    return FAILED if broken or untried else OK


def _refuse(options: argparse.Namespace, laws: Any) -> None:
    from ...core.errors import suggestion

    if options.examples < 1:
        raise UsageFault("PB0620", f"--examples {options.examples} is none at all")
    if not options.seconds > 0:
        raise UsageFault("PB0620", f"--seconds {options.seconds:g} is no time at all")
    for name in options.law:
        if name not in laws:
            hint = suggestion(name, laws) or f"they are {', '.join(laws)}"
            raise UsageFault("PB0620", f"there is no law `{name}`", hint=hint)
    if options.arg and options.function is None:
        raise UsageFault("PB0620", "--arg goes with one function", hint="name it: pullback verify FILE FUNCTION --arg ...")


def _functions(options: argparse.Namespace) -> Iterator[Morphism]:
    from ..language import syntax
    from ..language.loader import load
    from .function import find

    if options.function is not None:
        yield find(options.file, options.function)
        return
    program = load(options.file)
    for name in program.defined:
        if not any(isinstance(p.type, syntax.FunctionType) for p in program.functions[name].tree.parameters):
            yield find(options.file, name)


def _findings(function: Morphism, options: argparse.Namespace) -> Iterator[Finding]:
    from ..testing.subject import of_morphism, with_some
    from ..testing.verification import verification
    from .function import sizes, some_arguments

    known = sizes(options.size)
    if options.function is None:
        known = {name: n for name, n in known.items() if name in function.term.sizes}
    of = with_some(of_morphism(function), some_arguments(function, options.arg), known)
    return verification(of, options.examples, lambda law: not options.law or law in options.law, options.seconds)


def _line(finding: Finding) -> str:
    if finding.outcome == "broken":
        return f"    {styled('FAIL', 'bad')} {finding.law:<22} {finding.message}"
    return f"    {styled('ok', 'good')}   {finding.law:<22} tried on {finding.tried}"


def _beside(findings: list[Finding]) -> None:
    """What does not apply, a line for each reason."""
    reasons: dict[str, list[str]] = {}
    for finding in findings:
        if finding.outcome == "does not apply":
            reasons.setdefault(finding.message, []).append(finding.law)
    for reason, laws in reasons.items():
        which = ", ".join(laws) if len(laws) < 4 else f"the {len(laws)} laws from {laws[0]} to {laws[-1]}"
        print(styled(f"    -    not {which}: {reason}", "faint"))


def _summary(file: str, reports: Any, broken: list[tuple[Morphism, Finding]]) -> None:
    held = sum(x.outcome == "holds" for _, findings in reports for x in findings)
    if broken:
        print(f"\n{styled(f'{len(broken)} broken', 'bad')}, {held} hold. Counterexamples, the smallest first:")
    else:
        print(styled(f"{held} hold", "good") if held else "nothing to verify")
    for function, finding in broken:
        print(f"\n  {finding.law} of {function.name}: {finding.message}")
        print(f"    pullback run {file} {function.name} {finding.arguments}".rstrip())


def _write(path: Path, text: str) -> None:
    from ...core.errors import FileFault

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise FileFault("PB0804", f"{path} cannot be written: {problem.strerror or problem}") from None
