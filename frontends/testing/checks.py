"""The laws as checks: each passes, or raises for the smallest counterexample it finds, with a program that is ready to run.

    check_rdc(m.f)                    # RD.1 to RD.7 and the laws of forward mode, at points that are drawn
    check_rdc(m.f, (x, y))            # at that point
    check_backends(program)           # a program made at random
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ...core.errors import ArgumentFault, DerivativeFault, VerifyFault
from ...core.laws import check_semiring as broken_laws
from ...core.objects import Scalar, element
from ...core.objects import parse as parse_wire
from ...core.semiring import Semiring, semiring
from ...ir.unary import term as t
from ..python import check as quotients
from ..python.function import Function
from ..python.inverse import check_inverse as undone
from ..python.inverse import undone_steps
from .agreement import executables, outcome, parted, unstable
from .choices import Choices, Seeded
from .laws import FORWARD, RDC, Case, Law, Sides, Values, add, broken, is_void, meaning, movable, regular, shown
from .quotients import QUOTIENTS, steps
from .search import Unfit, falsify
from .subject import Checked, Subject, subject

EXAMPLES = 20


class LawBroken(DerivativeFault, AssertionError):
    """PB0507: a law of derivatives does not hold (a Python `AssertionError` too)."""


class BackendsDiffer(VerifyFault, AssertionError):
    """PB0952: two ways to run a function come to different results (a Python `AssertionError` too)."""


# -- derivatives -----------------------------------------------------------------------------------------------------------
def check_rdc(f: Checked, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """The axioms of a reverse derivative category, RD.1 to RD.7, and that forward mode is two reverse derivatives and the
    adjoint of one. Raises LawBroken."""
    check_laws((*RDC, *FORWARD), subject(f, args), examples)


def check_grads(f: Checked, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """The derivatives of a function of real numbers: forward mode against difference quotients in finer arithmetic and, where f
    is analytic, the complex step; two reverse derivatives against forward mode; reverse mode as its adjoint; and for a function
    of a module at ``args`` what `pullback.check_grads` compares, entry by entry, up to the second order.

    Raises LawBroken or GradientMismatch."""
    check_laws((*QUOTIENTS, *FORWARD[:2]), subject(f, args), examples)
    if isinstance(f, Function) and args is not None and not any(isinstance(s, t.Stop) for s in steps(f.term.steps)):
        quotients.check_grads(f, args)


def check_linear(f: Checked, args: Sequence[Any] | None = None, wrt: Sequence[str] = (), examples: int = EXAMPLES) -> None:
    """A function is linear in the parameters ``wrt`` (by default in all that are not discrete): additive, 0 at 0, homogeneous.

    Raises LawBroken."""
    of = subject(f, args)
    chosen = [k for k, label in enumerate(of.labels) if not wrt or label.split(".")[0].split("[")[0] in wrt]
    law = Law("linear", "f(v + w) = f(v) + f(w), f(0) = 0, f(2 v) = 2 f(v)", lambda c: _linear(c, chosen))
    check_laws((law,), of, examples)


def _linear(c: Case, chosen: Sequence[int]) -> Iterator[Sides]:
    places = [k for k in movable(c.f.dom) if k in chosen]
    wires = [c.f.dom[k] for k in places]
    v, w = c.near(wires), c.near(wires)
    results = movable(c.f.cod)

    def of(run: Any, values: Values) -> Values:
        point = list(c.point)
        for k, value in zip(places, values, strict=True):
            point[k] = value
        return [run(c.f, point)[k] for k in results]

    def scaled(wires: Sequence[Any], values: Values) -> Values:
        """Twice the value, as a sum: what every semiring has."""
        return add(wires, values, values)

    yield Sides("f(v + w) and f(v) + f(w)", c.results, lambda run: of(run, add(wires, v, w)),
                lambda run: add(c.results, of(run, v), of(run, w)))  # fmt: skip
    yield Sides("f(0) and 0", c.results, lambda run: of(run, c.zeros(wires)), lambda run: c.zeros(c.results))
    yield Sides("f(2 v) and 2 f(v)", c.results, lambda run: of(run, scaled(wires, v)),
                lambda run: scaled(c.results, of(run, v)))  # fmt: skip


def check_custom_rule(f: Checked, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """The reverse rules in a function are its derivative: linear in the cotangent, and what difference quotients say. A rule
    that is meant to be something else (a straight-through estimator) is linear only.

    Raises LawBroken; ArgumentFault PB0602 for a function without rules."""
    of = subject(f, args)
    if not any(isinstance(s, t.Custom) for s in steps(of.term.steps)):
        raise ArgumentFault("PB0602", f"`{of.name}` uses no function with a reverse rule",
                            hint="`reverse f(x, dy) = …` gives one, and so does `pullback.custom_rev`")  # fmt: skip
    check_laws((RDC[1], FORWARD[1], *QUOTIENTS), of, examples)


def check_laws(laws: Sequence[Law], of: Subject, examples: int) -> None:
    """Some laws, one after the other. Raises LawBroken for the first that does not hold."""
    if not movable(of.term.dom) or not movable(of.term.cod):
        raise ArgumentFault("PB0602", f"`{of.name}` has no derivative: its parameters, or its results, are discrete")
    for law in laws:
        search(of, examples, lambda choices, law=law: law_at(law, of, of.case(choices)))  # type: ignore[misc]


def law_at(law: Law, of: Subject, case: Case) -> None:
    """Raises LawBroken where the law does not hold at a point, Unfit where f has no derivative at it, as sqrt at 0."""
    if not regular(case):
        raise Unfit("no derivative here")
    found = broken(law, case)
    if found is not None and is_void(found, case):
        raise Unfit("something undefined is made here")
    if found is not None:
        raise LawBroken("PB0507", f"`{of.name}` fails {law.name}: {found}", hint=law.statement,
                        notes=((ready(of, case), None),))  # fmt: skip


def search(of: Subject, examples: int, holds: Callable[[Choices], None], seconds: float = math.inf) -> int:
    """Try a property at the point that is given, or at points that are drawn, for so long; at how many it was."""
    if len(of.fixed) == len(of.term.dom):
        for seed in range(min(examples, 3)):  # what is drawn besides, such as cotangents
            holds(Seeded(seed))
        return 1
    tried = falsify(holds, examples, seconds)
    if not tried:
        raise ArgumentFault("PB0612", f"no arguments on which `{of.name}` runs were found by drawing",
                            hint="give some, and draw the rest: an index must be inside its array")  # fmt: skip
    return tried


def ready(of: Subject, case: Case) -> str:
    """The counterexample: the program, where it was made at random, and the arguments."""
    if of.program is not None:
        return f"the program and its arguments:\n{of.program.ready(case.point)}"
    return f"at {of.shown(case.point)}"


# -- everything else -------------------------------------------------------------------------------------------------------
def check_backends(f: Checked, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """All ways to run a function come to what it means: machine code unoptimised and optimised, in one thread and two, strict,
    and as Python; also on NaN, infinities, subnormals and extremes. Raises BackendsDiffer."""
    of = subject(f, args)
    ways = executables(of.term, of.counts)

    def holds(choices: Choices) -> None:
        same_at(of, ways, of.case(choices, laws=False))

    search(of, examples, holds)


def same_at(of: Subject, ways: Any, case: Case) -> None:
    """Raises BackendsDiffer where a way differs from the meaning at a point; Unfit where all come to the same error."""
    meant = outcome(lambda: meaning(of.term, [case.point], case.sizes))
    for way, call in ways.items():
        had = outcome(lambda call=call: call(*case.point))  # type: ignore[misc]
        if not parted(meant, had):
            continue
        floats = any(element(w).is_float for w in of.term.dom)
        if floats and not isinstance(meant, str) and unstable(of.term, case.point, case.sizes):
            raise Unfit("a condition turns on the last bit")
        raise BackendsDiffer("PB0952", f"`{of.name}` by {way} is {_told(had)}, and means {_told(meant)}",
                             notes=((ready(of, case), None),))  # fmt: skip
    if isinstance(meant, str):
        raise Unfit(meant)


def _told(outcome: Any) -> str:
    return f"the error {outcome}" if isinstance(outcome, str) else ", ".join(map(shown, outcome))


def check_semiring(scalar: Scalar | Semiring | str) -> None:
    """The laws of a commutative semiring, of a ring where there is negation: on all elements of a small one, else on samples.

    Raises LawBroken."""
    found = parse_wire(scalar) if isinstance(scalar, str) else scalar
    ring = found if isinstance(found, Semiring) else semiring(element(found))
    if wrong := broken_laws(ring):
        raise LawBroken("PB0507", f"{ring.name} is no commutative semiring: {', '.join(wrong)}")


def check_inverse(f: Function, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """The inverses that folds declare undo their steps, step by step (`pullback.check_inverse`), at ``args`` or at points that
    are drawn. Raises WrongInverse."""
    if args is not None:
        undone(f, args)
        return
    of = subject(f)
    found = 0

    def holds(choices: Choices) -> None:
        nonlocal found
        case = of.case(choices)
        found += undone_steps(of.term, case.point, case.sizes)

    search(of, examples, holds)
    if not found:
        raise ArgumentFault("PB0602", f"no step with an inverse is run by `{of.name}`",
                            hint="a fold declares one by `inverse`, before its `:`")  # fmt: skip


def check_lens(get: Function, put: Function, args: Sequence[Any] | None = None, examples: int = EXAMPLES) -> None:
    """``get``: S → A and ``put``: S, A → S are a lens (Foster et al. 2007): what was put is got, putting what was got changes
    nothing, and the last put counts. Raises LawBroken."""
    of, ours, theirs = subject(get, args), get.term, put.term
    if tuple(theirs.cod) != tuple(ours.dom) or tuple(theirs.dom) != (*ours.dom, *ours.cod):
        raise ArgumentFault("PB0602", f"`{put.name}` does not put back what `{get.name}` gets: it is {put.face}",
                            hint=f"of {get.face}; sizes must have the same names")  # fmt: skip

    def sides(c: Case) -> Iterator[Sides]:
        a, b = c.near(ours.cod), c.near(ours.cod)
        yield Sides("get(put(s, a)) and a", ours.cod, lambda run: run(ours, run(theirs, c.point, a)), lambda run: a)
        yield Sides("put(s, get(s)) and s", ours.dom, lambda run: run(theirs, c.point, run(ours, c.point)), lambda run: c.point)
        yield Sides("put(put(s, a), b) and put(s, b)", ours.dom, lambda run: run(theirs, run(theirs, c.point, a), b),
                    lambda run: run(theirs, c.point, b))  # fmt: skip

    law = Law("lens", "get(put(s, a)) = a; put(s, get(s)) = s; put(put(s, a), b) = put(s, b)", sides)
    search(of, examples, lambda choices: law_at(law, of, of.case(choices)))


__all__ = ["EXAMPLES", "BackendsDiffer", "LawBroken", "check_backends", "check_custom_rule", "check_grads", "check_inverse",
           "check_laws", "check_lens", "check_linear", "check_rdc", "check_semiring"]
