"""`pullback circuit`: circuits in files, and functions of programs as circuits: what is in them, converted, simulated."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .usage import FAILED, OK, UsageFault, parser, styled, write_json

if TYPE_CHECKING:
    from ...ir.circuit.circuit import Circuit

DESCRIPTION = """\
Files: AIGER .aag (ascii) and .aig (binary), .blif, .pla (tables), and .circuit, our own text. Read is also .bench
(ISCAS); written are .v (structural Verilog), .svg (a picture), .dot (Graphviz) and .pull (a program).
FILE.pull:FUNCTION is a function of a program over bit, z<n> or sat<n>, at the sizes that --size gives.
`pullback circuit ACTION --help` has the options of an action."""

EXAMPLES = """\
  pullback circuit info adder.aig
  pullback circuit convert adder.blif adder.aig
  pullback circuit convert table.pla adder.blif
  pullback circuit simulate adder.aag --inputs 011 101
  pullback circuit equiv adder.aig other.blif
  pullback circuit simplify adder.blif small.aig
  pullback circuit draw adder.aig adder.svg
  pullback circuit simulate counter.aag --steps --inputs 1 1 0 1
  pullback circuit convert adder.pull:add adder.aig --size n=32
  pullback circuit equiv adder.pull:add adder.blif --size n=8
  pullback circuit simulate counter.pull:step --state count --size n=4 --steps --inputs 1 1 0 1"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("circuit", summary, DESCRIPTION, EXAMPLES)
    actions = made.add_subparsers(dest="action", required=True, metavar="ACTION")
    info = actions.add_parser("info", help="gates, depth and names", allow_abbrev=False)
    info.add_argument("file", metavar="FILE")
    convert = actions.add_parser("convert", help="write it in another format, in canonical form", allow_abbrev=False)
    convert.add_argument("file", metavar="FILE")
    convert.add_argument("out", metavar="OUT", help="the file to write; its suffix says in which format")
    smaller = actions.add_parser("simplify", help="write it with fewer gates, as a function; not before differentiation",
                                 allow_abbrev=False)  # fmt: skip
    smaller.add_argument("file", metavar="FILE")
    smaller.add_argument("out", metavar="OUT", nargs="?", help="the file to write; without it, only the numbers are told")
    draw = actions.add_parser("draw", help="make a picture of it", allow_abbrev=False)
    draw.add_argument("file", metavar="FILE")
    draw.add_argument("out", metavar="OUT", nargs="?", help="a file .svg or .dot; without it, the circuit's name and .svg")
    equiv = actions.add_parser("equiv", help="whether two compute the same; if not, an example", allow_abbrev=False)
    equiv.add_argument("file", metavar="FILE")
    equiv.add_argument("other", metavar="OTHER")
    simulate = actions.add_parser("simulate", help="run it on rows of inputs", allow_abbrev=False)
    simulate.add_argument("file", metavar="FILE")
    simulate.add_argument("--inputs", metavar="ROW", nargs="*", default=[], help="rows of bits, one for each input, as in 011; "
                          "over z<n> and sat<n> of digits, or of numbers with commas between them")
    simulate.add_argument("--from", metavar="FILE", dest="rows", help="a file of such rows, one to a line")
    simulate.add_argument(
        "--steps", action="store_true", help="the rows are steps in time, the state goes from one to the next"
    )
    for action in (info, convert, smaller, draw, equiv, simulate):
        action.add_argument("--size", metavar="NAME=N", action="append", default=[],
                            help="of a function: a size of its parameters' types")
        action.add_argument("--arg", metavar="NAME=VALUE", action="append", default=[],
                            help="of a function: a parameter that is fixed, or the first value of one that is state")
        action.add_argument("--state", metavar="NAMES", help="of a function: parameters that are state, as in --state s,t; "
                            "its first results are what they are next")
    return made


def main(options: argparse.Namespace) -> int:
    circuit = _load(options.file, options)
    match options.action:
        case "info":
            _info(circuit, options)
        case "convert":
            _convert(circuit, options)
        case "simplify":
            _simplify(circuit, options)
        case "draw":
            _draw(circuit, options)
        case "equiv":
            return _equivalent(circuit, options)
        case _:
            _simulate(circuit, options)
    return OK


def _load(name: str, options: argparse.Namespace) -> Circuit:
    """The circuit in a file, or the one that FILE.pull:FUNCTION is."""
    from ..files.formats import load

    file, colon, function = name.rpartition(":")
    if name.endswith(".pull"):
        raise UsageFault("PB0620", f"{name} is a program: which of its functions?", hint=f"write {name}:FUNCTION")
    if not (colon and file.endswith(".pull")):
        return load(name)
    from ..python.circuits import of_morphism
    from .function import find, sizes, some_arguments

    found = find(file, function)
    state = [n.strip() for n in options.state.split(",")] if options.state else []
    return of_morphism(found, sizes(options.size), some_arguments(found, options.arg), state)


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


def _simplify(c: Circuit, options: argparse.Namespace) -> None:
    from ...ir.circuit.canonical import canonical
    from ...ir.circuit.measure import depth
    from ..files.abc import simplified
    from ..files.formats import save

    before, made = canonical(c), simplified(c)
    if options.out is not None:
        save(made, options.out)
    facts = {"gates": [before.gates, made.gates], "depth": [depth(before), depth(made)]}
    if options.json:
        write_json({"file": options.out, **facts})
    else:
        print(", ".join(f"{what} {old} → {new}" for what, (old, new) in facts.items()))


def _draw(c: Circuit, options: argparse.Namespace) -> None:
    from ..files.formats import save

    out = options.out or f"{Path(c.name).name}.svg"
    if Path(out).suffix.lower() not in (".svg", ".dot"):
        raise UsageFault("PB0620", f"{out}: pictures are .svg files, or .dot for Graphviz")
    save(c, out)
    if options.json:
        write_json({"file": out})
    else:
        print(out)


def _equivalent(c: Circuit, options: argparse.Namespace) -> int:
    from ...backends.bits.equivalence import equivalent
    from ..files.abc import equal

    other = _load(options.other, options)
    if c.ring != other.ring:
        raise UsageFault("PB0620", f"{options.file} is over {c.ring}, and {options.other} over {other.ring}")
    verdict = equivalent(c, other)
    if verdict.equal is None:
        verdict = replace(verdict, equal=equal(c, other), how="solver")
    comma = "" if (c.ring.modulus or 2) <= 10 else ","
    example = comma.join(map(str, verdict.example)) if verdict.example is not None else None
    if options.json:
        write_json({"equal": verdict.equal, "how": verdict.how, "example": example})
    elif verdict.equal is None:
        print("undecided: there are too many inputs to try all, and no solver that could tell (pip install pullback[circuits])")
    elif verdict.equal:
        print(f"equal, by {verdict.how}")
    else:
        where = "in their inputs, outputs or latches" if verdict.how == "shape" else "as ABC finds"
        print(f"different: {f'on {example}' if example is not None else where}")
    return OK if verdict.equal else FAILED


def _simulate(c: Circuit, options: argparse.Namespace) -> None:
    import numpy as np

    from ...backends.bits.sequence import run_steps

    rows = np.array(_rows(c, options), dtype=c.ring.dtype).reshape(-1, c.inputs)
    steps = rows[:, None] if options.steps else rows[None]
    outputs, _ = run_steps(c, steps)
    comma = "" if _top(c) < 10 else ","
    lines = [comma.join(str(int(v)) for v in row) for row in outputs.reshape(len(rows), len(c.outputs)).tolist()]
    if options.json:
        write_json({"outputs": lines})
    else:
        print("\n".join(lines))


def _top(c: Circuit) -> int:
    return (c.ring.modulus or 2) - 1


def _rows(c: Circuit, options: argparse.Namespace) -> list[list[int]]:
    """The rows of inputs: digits, or where elements have more than one, numbers with commas between them."""
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
    short, top = _top(c) < 10, _top(c)
    for number, word in enumerate(words, start=1):
        row = list(word) if short else word.split(",")
        if len(row) != c.inputs or not all(w.isdecimal() and int(w) <= top for w in row):
            digits = "0 and 1" if top == 1 else f"0 to {top}" + ("" if short else ", with commas between them")
            raise UsageFault(
                "PB0601", f"row {number}, `{word[:40]}`, should be {c.inputs} of {digits}: one for each input of {c.name}"
            )
        rows.append([int(w) for w in row])
    return rows
