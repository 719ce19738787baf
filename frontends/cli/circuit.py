"""`pullback circuit`: boolean circuits in the files of logic designers: what is in them, converted, simulated."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .usage import FAILED, OK, UsageFault, parser, styled, write_json

if TYPE_CHECKING:
    from ...ir.circuit.circuit import Circuit

DESCRIPTION = """\
Files: AIGER .aag (ascii) and .aig (binary), .blif, .pla (tables), and .circuit, our own text. Written are also .v
(structural Verilog) and .dot (Graphviz). `pullback circuit ACTION --help` has the options of an action."""

EXAMPLES = """\
  pullback circuit info adder.aig
  pullback circuit convert adder.blif adder.aig
  pullback circuit convert table.pla adder.blif
  pullback circuit simulate adder.aag --inputs 011 101
  pullback circuit equiv adder.aig other.blif
  pullback circuit simulate counter.aag --steps --inputs 1 1 0 1"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("circuit", summary, DESCRIPTION, EXAMPLES)
    actions = made.add_subparsers(dest="action", required=True, metavar="ACTION")
    info = actions.add_parser("info", help="gates, depth and names", allow_abbrev=False)
    info.add_argument("file", metavar="FILE")
    convert = actions.add_parser("convert", help="write it in another format, in canonical form", allow_abbrev=False)
    convert.add_argument("file", metavar="FILE")
    convert.add_argument("out", metavar="OUT", help="the file to write; its suffix says in which format")
    equiv = actions.add_parser("equiv", help="whether two compute the same; if not, an example", allow_abbrev=False)
    equiv.add_argument("file", metavar="FILE")
    equiv.add_argument("other", metavar="OTHER")
    simulate = actions.add_parser("simulate", help="run it on rows of bits", allow_abbrev=False)
    simulate.add_argument("file", metavar="FILE")
    simulate.add_argument(
        "--inputs", metavar="ROW", nargs="*", default=[], help="rows of bits, one for each input, as in 011"
    )
    simulate.add_argument("--from", metavar="FILE", dest="rows", help="a file of such rows, one to a line")
    simulate.add_argument(
        "--steps", action="store_true", help="the rows are steps in time, the state goes from one to the next"
    )
    return made


def main(options: argparse.Namespace) -> int:
    from ..files.formats import load

    circuit = load(options.file)
    match options.action:
        case "info":
            _info(circuit, options)
        case "convert":
            _convert(circuit, options)
        case "equiv":
            return _equivalent(circuit, options)
        case _:
            _simulate(circuit, options)
    return OK


def _info(c: Circuit, options: argparse.Namespace) -> None:
    from ...ir.circuit.measure import measure

    facts: dict[str, Any] = {"file": options.file, "name": c.name, "over": str(c.ring), **measure(c)}
    if options.json:
        write_json({**facts, "names": {"inputs": c.names.inputs, "state": c.names.state, "outputs": c.names.outputs}})
        return
    print(styled(f"{c.name}", "strong") + f" over {c.ring}")
    for what, value in list(facts.items())[3:]:
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"  {what:<8} {shown}".rstrip())


def _convert(c: Circuit, options: argparse.Namespace) -> None:
    from ...ir.circuit.canonical import canonical
    from ..files.formats import save

    made = canonical(c)
    save(made, options.out)
    if options.json:
        write_json({"file": options.out, "gates": made.gates})


def _equivalent(c: Circuit, options: argparse.Namespace) -> int:
    from ...backends.bits.equivalence import equivalent
    from ..files.formats import load

    verdict = equivalent(c, load(options.other))
    example = "".join(map(str, verdict.example)) if verdict.example is not None else None
    if options.json:
        write_json({"equal": verdict.equal, "how": verdict.how, "example": example})
    elif verdict.equal is None:
        print("undecided: there are too many inputs to try all, and z3 is not installed (pip install pullback[circuits])")
    elif verdict.equal:
        print(f"equal, by {verdict.how}")
    else:
        print(f"different: {f'on {example}' if example is not None else 'in their inputs, outputs or latches'}")
    return OK if verdict.equal else FAILED


def _simulate(c: Circuit, options: argparse.Namespace) -> None:
    import numpy as np

    from ...backends.bits.samples import simulate

    rows = np.array(_rows(c, options), dtype=bool).reshape(-1, c.inputs)
    if not options.steps:
        outputs, _ = simulate(c, rows)
    else:
        state, found = None, []
        for row in rows:
            out, state = simulate(c, row[None], state)
            found.append(out)
        outputs = np.concatenate(found) if found else np.zeros((0, len(c.outputs)), dtype=bool)
    lines = ["".join("01"[b] for b in row) for row in outputs.tolist()]
    if options.json:
        write_json({"outputs": lines})
    else:
        print("\n".join(lines))


def _rows(c: Circuit, options: argparse.Namespace) -> list[list[bool]]:
    words: Iterable[str] = options.inputs
    if options.rows is not None:
        from ...core.errors import FileFault

        try:
            words = Path(options.rows).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as problem:
            raise FileFault(
                "PB0801", f"{options.rows} cannot be read: {getattr(problem, 'strerror', None) or problem}"
            ) from None
    rows = []
    for number, word in enumerate(words, start=1):
        if len(word) != c.inputs or set(word) - {"0", "1"}:
            raise UsageFault(
                "PB0601", f"row {number}, `{word[:40]}`, should be {c.inputs} of 0 and 1: one for each input of {c.name}"
            )
        rows.append([ch == "1" for ch in word])
    return rows
