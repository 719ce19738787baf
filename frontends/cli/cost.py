"""`pullback cost`: what a function and its derivative cost at given sizes."""

from __future__ import annotations

import argparse

from .usage import OK, UsageFault, parser, write_json

DESCRIPTION = """\
Flops, elements read and written, bytes moved and memory held, counted on the loop nests of the function and of its
value and gradient (of its reverse derivative, where it does not give one number). Nothing is run. The sizes are given
by --size, or by arguments."""

EXAMPLES = """\
  pullback cost logistic.pull loss --size n=1000 --size d=20
  pullback cost logistic.pull loss --wrt w --size n=1000 --size d=20 --json
  pullback cost logistic.pull predict --arg w=[1,-2] --arg b=0.5 --arg x=[3,1]
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("cost", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("file", metavar="FILE", help="a program, such as logistic.pull")
    made.add_argument("function", metavar="FUNCTION", help="one of its functions")
    made.add_argument("--size", metavar="NAME=N", action="append", default=[], help="a size of the parameters' types")
    made.add_argument("--arg", metavar="NAME=VALUE", action="append", default=[],
                      help="an argument, as for `pullback run`; the sizes are then those of the arguments")
    made.add_argument("--wrt", metavar="NAMES", help="differentiate by these parameters, as in --wrt w,b")
    return made


def main(options: argparse.Namespace) -> int:
    from ...backends.executable import Settings
    from ..python.costs import costs, costs_at
    from ..python.function import Function
    from .function import arguments, find, sizes, wrt

    if options.size and options.arg:
        raise UsageFault("PB0620", "--size and --arg do not go together", hint="arguments tell the sizes")
    function = Function(find(options.file, options.function), Settings())
    chosen = None if options.wrt is None else wrt(function.morphism, options.wrt)
    if options.arg:
        found = costs_at(function, arguments(function.morphism, options.arg), chosen)
    else:
        found = costs(function, (), sizes(options.size), chosen)
    if options.json:
        write_json(found.as_data())
    else:
        print(found)
    return OK

