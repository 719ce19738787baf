"""`pullback explain`: a function after any stage of its way to machine code."""

from __future__ import annotations

import argparse

from .usage import OK, parser, write_json

STAGES = ("parse", "check", "unary", "reverse", "graph", "prune", "recall", "contract", "loops", "schedule", "llvm",
          "optimised", "asm", "numba")  # fmt: skip

DESCRIPTION = """\
The stages, in the order of the way down:
  parse      the function in canonical layout
  check      its type: sizes, parameters, result
  unary      unary form: primitives on one context, everything called inlined
  reverse    unary form of its reverse derivative R[f]
  graph      values after partial evaluation, with loop variables as values
  prune      the graph without what nobody reads
  recall     the same, with loops that keep the states they will be asked for
  contract   the same, with sums of products that get loops of their own
  loops      fused loop nests over buffers
  schedule   the loop nests as they run, in vector registers and threads; what was decided, and why
  llvm       the LLVM text that is made of them
  optimised  the LLVM text after LLVM's own passes
  asm        machine code for this machine, as assembly
  numba      the loop nests as Python that Numba compiles"""

EXAMPLES = """\
  pullback explain logistic.pull loss
  pullback explain logistic.pull loss --grad --after loops
  pullback explain logistic.pull loss --after reverse
  pullback explain logistic.pull loss --grad --wrt w --after asm
  pullback explain logistic.pull loss --after schedule --lanes 16
"""


def build(summary: str) -> argparse.ArgumentParser:
    made = parser("explain", summary, DESCRIPTION, EXAMPLES)
    made.add_argument("file", metavar="FILE", help="a program, such as logistic.pull")
    made.add_argument("function", metavar="FUNCTION", help="one of its functions")
    made.add_argument("--after", metavar="STAGE", choices=STAGES, default="graph", help="one of the stages above (graph)")
    made.add_argument("--grad", action="store_true", help="explain the value and gradient instead of the function")
    made.add_argument("--wrt", metavar="NAMES", help="with --grad: differentiate by these parameters")
    made.add_argument("--lanes", metavar="N", type=int, help="with N lanes in vector registers (1: none) instead of the best")
    return made


def main(options: argparse.Namespace) -> int:
    from .usage import UsageFault

    if options.wrt is not None and not options.grad:
        raise UsageFault("PB0620", "--wrt goes with --grad")
    if options.grad and options.after in ("parse", "reverse"):
        raise UsageFault("PB0620", f"--grad has nothing to show after {options.after}",
                         hint="a gradient is made of unary form; it can be shown from `check` and `unary` on")
    text = _text(options)
    if options.json:
        write_json({"function": options.function, "grad": options.grad, "stage": options.after, "text": text})
    else:
        print(text.rstrip("\n"))
    return OK


def _text(options: argparse.Namespace) -> str:
    from ...backends.executable import Executable, Settings
    from ..python.derivatives import gradient
    from .function import find, wrt

    function = find(options.file, options.function)
    match options.after:
        case "parse":
            return _source(options.file, options.function)
        case "reverse":
            from ...ir.derive import reverse
            from ...ir.unary.text import show as show_unary

            return show_unary(reverse(function.term))
    if options.grad:
        function = gradient(function, wrt(function, options.wrt), value=True)
    if options.after == "check":
        sizes = ", ".join(function.term.sizes)
        return f"{function}" + (f"\nsizes {sizes}" if sizes else "")
    settings = Settings() if options.lanes is None else Settings(lanes=options.lanes)
    executable = Executable(function.term, settings, function.counts, function.term.names)
    if options.after in ("prune", "recall", "contract"):
        from ...ir.graph.text import show as show_graph
        from ...ir.passes import prepared

        return show_graph(prepared(executable.graph, options.after))
    return executable.as_text(options.after)


def _source(file: str, name: str) -> str:
    """The function in canonical layout, from wherever it is imported."""
    from ..language import syntax
    from ..language.format import unparse
    from ..language.loader import load

    return unparse(syntax.Module((load(file).functions[name].tree,)))
