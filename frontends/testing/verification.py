"""Everything that can be verified of a function, one finding after the other (`pullback verify`)."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.errors import DerivativeFault
from ...core.objects import element, is_differentiable
from ...ir.unary import term as t
from ..python.inverse import WrongInverse, undone_steps
from .agreement import executables
from .checks import BackendsDiffer, LawBroken, law_at, same_at, search
from .choices import Choices
from .laws import FORWARD, RDC, Case, movable
from .quotients import QUOTIENTS, is_analytic, steps
from .subject import Subject

LAWS: Mapping[str, str] = {
    "backends": "machine code, in one thread and two, and Python come to what the function means",
    "inverses": "the inverse of each step undoes it",
    **{law.name: law.statement for law in (*RDC, *FORWARD, *QUOTIENTS)},
}
"""What is verified, by name, with what it says."""


GRADIENTS = ("double reverse", "adjoint", *(law.name for law in QUOTIENTS))
"""The laws that say whether derivatives are right."""


@dataclass(frozen=True)
class Finding:
    """What came out of one law: ``outcome`` is holds, broken, or does not apply."""

    law: str
    outcome: str
    tried: int
    seconds: float
    message: str = ""
    arguments: str = ""
    """The counterexample, as options of the command line."""
    size: int = 0
    """Of the counterexample: how many numbers it has."""

    def as_data(self) -> dict[str, Any]:
        return {"law": self.law, "statement": LAWS[self.law], "outcome": self.outcome, "tried": self.tried,
                "message": self.message or None, "arguments": self.arguments or None}  # fmt: skip


def verification(
    of: Subject, examples: int, chosen: Callable[[str], bool] = lambda law: True, seconds: float = math.inf
) -> Iterator[Finding]:
    """The findings on a function, as they are made; after so many seconds a law is tried on nothing more. Raises ArgumentFault
    PB0612 where the function does not run on what is drawn."""
    for name in filter(chosen, LAWS):
        watched = _Watched(of, _property(name, of), name != "backends")
        start = time.perf_counter()
        try:
            reason = _beside(name, of)
            tried = search(of, examples, watched.holds, seconds) if reason is None else 0
            finding = Finding(name, "holds" if reason is None else "does not apply", tried, 0.0, reason or "")
        except (LawBroken, BackendsDiffer, WrongInverse) as fault:
            point = watched.broken.point if watched.broken is not None else []
            message = fault.message.removeprefix(f"`{of.name}` fails {name}: ")
            finding = Finding(name, "broken", watched.tried, 0.0, message, of.shown(point), sum(map(np.size, point)))
        except DerivativeFault as fault:
            finding = Finding(name, "does not apply", 0, 0.0, fault.message)
        yield Finding(**{**vars(finding), "seconds": time.perf_counter() - start})


@dataclass
class _Watched:
    """A property that remembers where it last did not hold: at the end of a search, that is the smallest counterexample."""

    of: Subject
    property: Callable[[Choices, Case], None]
    laws: bool
    tried: int = 0
    broken: Case | None = None

    def holds(self, choices: Choices) -> None:
        case = self.of.case(choices, laws=self.laws)
        self.tried += 1
        try:
            self.property(choices, case)
        except Exception:
            self.broken = case
            raise


def _property(name: str, of: Subject) -> Callable[[Choices, Case], None]:
    if name == "backends":
        ways = executables(of.term, of.counts)
        return lambda choices, case: same_at(of, ways, case)
    if name == "inverses":
        return lambda choices, case: _undone(of, case)
    law = next(law for law in (*RDC, *FORWARD, *QUOTIENTS) if law.name == name)
    return lambda choices, case: law_at(law, of, case)


def _undone(of: Subject, case: Case) -> None:
    undone_steps(of.term, case.point, case.sizes)


def _beside(name: str, of: Subject) -> str | None:
    """Why a law says nothing of a function; None where it does."""
    inside = list(steps(of.term.steps))
    if name == "backends":
        return None
    if name == "inverses":
        has = any(isinstance(s, t.Loop | t.While) and s.inverse is not None for s in inside)
        return None if has else "no fold declares an inverse"
    if not movable(of.term.dom) or not movable(of.term.cod):
        return "its parameters, or its results, are discrete"
    moving = [w for wires in (of.term.dom, of.term.cod) for w in wires if is_differentiable(w)]
    if name in {law.name for law in QUOTIENTS} and not all(element(w).is_float for w in moving):
        return "there are no difference quotients over this semiring"
    if name == "difference quotients" and any(isinstance(s, t.Stop) for s in inside):
        return "stop_gradient declares another derivative"
    if name == "complex step" and not all(map(is_analytic, inside)):
        return "it is not analytic"
    return None


def failed(findings: list[Finding]) -> list[Finding]:
    """Those that are broken, the smallest counterexample first."""
    return sorted((f for f in findings if f.outcome == "broken"), key=lambda f: f.size)
