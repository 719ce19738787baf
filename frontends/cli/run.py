"""`pullback run`: a function on data."""

from __future__ import annotations

import argparse

from .options import add_call_options
from .usage import OK, parser, write_json

DESCRIPTION = """\
Every parameter gets its value from an --arg option. A list on the command line takes the type of its parameter; an
array from a file must have it, and is never narrowed. The result is printed as the language writes it."""

EXAMPLES = """\
  pullback run logistic.pull predict --arg w=[1,-2] --arg b=0.5 --arg x=[3,1]
  pullback run logistic.pull loss --arg w=w.npy --arg b=0 --arg xs=data.csv:0..2 --arg ys=data.csv:label
  pullback run model.pull forward --arg params=weights.npz --arg x=x.npy --out y.npy
  pullback run model.pull forward --arg params.w=w.npy --arg params.b=[0,0] --arg x=x.npy --json
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("run", summary, DESCRIPTION, EXAMPLES)
    add_call_options(made)
    return made


def main(options: argparse.Namespace) -> int:
    from ...backends.executable import Executable, Settings
    from ...core.objects import wires
    from ..language.show import show
    from . import files
    from .function import arguments, find, part_names
    from .values import structured

    target = files.check_target(options.out) if options.out else None
    function = find(options.file, options.function)
    leaves = arguments(function, options.arg)
    results = Executable(function.term, Settings(backend=options.backend), function.counts, function.term.names)(*leaves)
    kind = function.result_type
    if target is not None:
        files.write(target, part_names(kind), list(wires(kind)), results)
    if options.json:
        result = {"file": str(target)} if target is not None else {"result": structured(kind, results)}
        write_json({"function": function.name, "type": str(kind), **result})
    elif target is None:
        print(show(kind, results))
    return OK
