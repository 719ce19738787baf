"""The laws of derivatives on thousands of programs over each semiring, and third derivatives against SymPy.

    make fuzz-laws COUNT=10000        # or: python -m fuzzing.laws --count 10000, in tests/

Program number k is always the same; `--first` goes on where another run ended. What is broken is printed as a program that is
ready to run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from pullback.core.objects import Scalar, Wire, element, parse
from pullback.frontends.testing.choices import Seeded
from pullback.frontends.testing.laws import FORWARD, RDC, Case, broken, is_void, movable, regular
from pullback.frontends.testing.programs import grown
from pullback.frontends.testing.values import arguments
from pullback.ir.unary.term import Term

KINDS = ("f64", "bit", "z<2>", "z<7>", "sat<4>", "f32", "maxplus", "logplus")
MORE = ("z<3>", "z<4>", "z<5>", "sat<2>", "sat<3>", "sat<8>", "minplus")
"""What is tried where ``--kind`` asks for it."""

LARGE = {"RD.6": 3, "RD.7": 2}
"""How many constructs a program has at most whose derivatives are differentiated again and again."""


class Partners:
    """Other programs that laws are about besides f: those that want one from the same wires get the same."""

    def __init__(self) -> None:
        self._made: dict[tuple[Wire, ...], Term] = {}

    def __call__(self, case: Case, dom: Sequence[Wire], cod: Sequence[Wire] | None) -> Term:
        found = self._made.get(tuple(dom))
        if found is None or cod not in (None, found.cod):
            scalar = next(element(w) for w in case.f.cod if element(w).is_differentiable)
            found = self._made[tuple(dom)] = grown(case.choices, scalar, "formal", 3, 1, dom, cod).term
        return found


def laws_hold(kind: str, number: int) -> str:
    """What is wrong with program ``number`` over a semiring; nothing if all laws hold."""
    scalar = parse(kind)
    assert isinstance(scalar, Scalar)
    choices = Seeded(number)
    programs = {size: grown(choices, scalar, "formal", size, 2 if size > 3 else 1) for size in (5, 3, 2)}
    partners = Partners()
    for law in (*RDC, *FORWARD):
        program = programs[LARGE.get(law.name, 5)]
        f = program.term
        if not movable(f.dom) or not movable(f.cod):
            continue
        sizes, point = arguments(f, choices)
        case = Case(f, sizes, point, choices, partners)
        found = broken(law, case)
        if found is not None and (not scalar.is_float or (regular(case) and not is_void(found, case))):
            return f"{law.name}, program {number} over {kind}: {found}\n{program.ready(point)}"
    return ""


def guarded(check: Callable[[int], str], number: int) -> str:
    try:
        return check(number)
    except Exception:
        return f"program {number}: {traceback.format_exc()}"


def tried(check: Callable[[int], str], what: str, numbers: range, jobs: int) -> Iterator[str]:
    """What is wrong, as it is found; progress on standard error."""
    start = said = time.monotonic()
    with multiprocessing.Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        for k, wrong in enumerate(pool.imap_unordered(partial(guarded, check), numbers, 4), 1):
            if wrong:
                yield wrong
            if time.monotonic() - said > 5 or k == len(numbers):
                said = time.monotonic()
                print(f"\r{what}: {k} of {len(numbers)} in {said - start:.0f} s ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def main() -> int:
    from fuzzing.symbolic import agrees_with_sympy

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="programs over each semiring (1000)")
    parser.add_argument("--first", type=int, default=0, help="the number of the first (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--kind", action="append", choices=(*KINDS, *MORE, "sympy"), help="only this (may be said again)")
    options = parser.parse_args()
    wrong = 0
    for kind in options.kind or (*KINDS, "sympy"):
        count = min(options.count, 1000) if kind == "sympy" else options.count
        check: Callable[[int], str] = agrees_with_sympy if kind == "sympy" else partial(laws_hold, kind)
        for text in tried(check, kind, range(options.first, options.first + count), options.jobs):
            wrong += 1
            print(f"\n{text}", flush=True)
    print(f"{wrong} broken")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
