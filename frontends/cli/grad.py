"""`pullback grad`: a function's value and gradient on data, or the program that computes them."""

from __future__ import annotations

import argparse

from .options import add_call_options
from .usage import OK, parser, write_json

DESCRIPTION = """\
The function gives one differentiable number. With --arg for every parameter: its value, and its gradient by the
parameters named (all that have derivatives, if none is). Without --arg: the derived program, as a graph."""

EXAMPLES = """\
  pullback grad logistic.pull predict --arg w=[1,-2] --arg b=0.5 --arg x=[3,1]
  pullback grad logistic.pull predict --wrt w,b --arg w=[1,-2] --arg b=0.5 --arg x=[3,1] --json
  pullback grad logistic.pull loss --wrt w --arg w=w.npy --arg b=0 --arg xs=xs.npy --arg ys=ys.npy --out dw.npy
  pullback grad logistic.pull loss --wrt w
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("grad", summary, DESCRIPTION, EXAMPLES)
    add_call_options(made)
    made.add_argument("--wrt", metavar="NAMES", help="differentiate by these parameters, as in --wrt w,b")
    return made


def main(options: argparse.Namespace) -> int:
    from ...backends.executable import Executable, Settings
    from ...core.objects import Tuple, wires
    from ..language.show import show
    from ..python.derivatives import gradient
    from . import files
    from .function import arguments, find, part_names, wrt
    from .values import structured

    target = files.check_target(options.out) if options.out else None
    function = find(options.file, options.function)
    chosen = wrt(function, options.wrt)
    derived = gradient(function, chosen, value=True)
    executable = Executable(derived.term, Settings(backend=options.backend), derived.counts, function.term.names)
    if function.parameters and not options.arg:
        return _program(executable.graph, derived.name, options.json)
    results = executable(*arguments(function, options.arg))
    pair = derived.result_type
    assert isinstance(pair, Tuple) and isinstance(pair.items[1], Tuple)
    kinds = pair.items[1].items
    counts = [len(list(wires(kind))) for kind in kinds]
    starts = [1 + sum(counts[:k]) for k in range(len(counts))]
    parts = [(function.names[p], kind, results[s : s + c])
             for p, kind, s, c in zip(chosen, kinds, starts, counts, strict=True)]
    if target is not None:
        labels = [n if p == "result" else f"{n}.{p}" for n, kind, _ in parts for p in part_names(kind)]
        files.write(target, labels, [w for _, kind, _ in parts for w in wires(kind)], results[1:])
    if options.json:
        gradients = {n: structured(kind, leaves) for n, kind, leaves in parts}
        extra = {"file": str(target)} if target is not None else {"gradient": gradients}
        write_json({"function": function.name, "value": structured(function.result_type, results[:1]), **extra})
        return OK
    print(f"value = {show(function.result_type, results[:1])}")
    if target is None:
        for name, kind, leaves in parts:
            print(f"d {name} = {show(kind, leaves)}")
    return OK


def _program(graph: object, name: str, as_json: bool) -> int:
    from ...ir.graph.text import show
    from ...ir.passes.prune import prune

    text = show(prune(graph))  # type: ignore[arg-type]
    if as_json:
        write_json({"function": name, "stage": "prune", "text": text})
    else:
        print(text, end="")
    return OK
