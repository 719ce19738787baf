"""Whether the lines of a test hold, and what to say where one does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...backends.executable import Executable, Settings
from ...core.errors import PullbackError, SizeFault, Span
from ...core.objects import Tuple, Type, Wire, element, wires
from ..language import syntax
from ..language.elaborate import Claim, elaborate_test
from ..language.loader import Program
from ..language.show import show

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class FailedClaim(PullbackError):
    """PB0710: a line of a test does not hold."""


@dataclass(frozen=True)
class Runner:
    """Runs the tests of a program on a backend."""

    program: Program
    backend: str

    def faults(self, test: syntax.Test) -> Iterator[PullbackError]:
        """What is wrong with a test, a fault for each line that does not hold."""
        for claim in elaborate_test(self.program, test):
            fault = self._fault(test, claim)
            if fault is not None:
                yield fault

    def _fault(self, test: syntax.Test, claim: Claim) -> PullbackError | None:
        try:
            results = self._run(claim)
        except PullbackError as fault:
            return self._unexpected(claim, fault)
        match claim.line:
            case syntax.Fails(_, code):
                return failed(f"this should end in error {code}, and gives {show(_kind(claim), results)}", claim.line.span)
            case syntax.Holds(expression):
                if all(bool(np.all(r)) for r in results):
                    return None
                return failed("this does not hold", claim.line.span, self._sides(test, claim.line, expression))
            case syntax.Near():
                return _apart(claim, results)

    def _unexpected(self, claim: Claim, fault: PullbackError) -> PullbackError | None:
        if not isinstance(claim.line, syntax.Fails):
            return fault
        if fault.code == claim.line.code:
            return None
        return failed(f"this should end in error {claim.line.code}, and ends in {fault.code}", claim.line.span, [fault.message])

    def _run(self, claim: Claim) -> Sequence[Any]:
        if claim.fault is not None:
            raise claim.fault
        assert claim.term is not None
        try:
            return Executable(claim.term, Settings(backend=self.backend))()
        except SizeFault as fault:
            if fault.code not in ("PB0405", "PB0406"):
                raise
            # a result whose size is computed: no backend can be handed the room for it
            return Executable(claim.term, Settings(backend="interpreter"))()

    def _sides(self, test: syntax.Test, line: syntax.Claim, claim: syntax.Expression) -> list[str]:
        """Both sides of a comparison, where they have values of one type."""
        if not isinstance(claim, syntax.Binary) or claim.operator not in COMPARISONS:
            return []
        before = [entry for entry in test.lines[: test.lines.index(line)] if isinstance(entry, syntax.Let)]
        both = syntax.Near(claim.left, claim.right, span=claim.span)
        (made,) = elaborate_test(self.program, replace(test, lines=(*before, both)))
        try:
            values = self._run(made)
        except PullbackError:
            return []
        left, right, _ = _parts(made)
        count = len(list(wires(left)))
        return [f"the left side is {show(left, values[:count])}", f"the right side is {show(right, values[count:])}"]


def failed(message: str, span: Span, notes: Sequence[str] = ()) -> FailedClaim:
    return FailedClaim("PB0710", message, span, notes=[(note, None) for note in notes])


def _kind(claim: Claim) -> Type:
    assert claim.kind is not None
    return claim.kind


def _parts(claim: Claim) -> tuple[Type, Type, Type | None]:
    """The types of the actual value, the expected one and the tolerance, if there is one."""
    kind = _kind(claim)
    assert isinstance(kind, Tuple)
    left, right, *tolerance = kind.items
    return left, right, tolerance[0] if tolerance else None


def _apart(claim: Claim, results: Sequence[Any]) -> PullbackError | None:
    left, right, given = _parts(claim)
    leaves = list(wires(left))
    actual, expected = results[: len(leaves)], results[len(leaves) : 2 * len(leaves)]
    worst = 0.0
    for wire, a, b in zip(leaves, actual, expected, strict=True):
        tolerance = float(results[-1]) if given is not None else _default(wire)
        a, b = np.asarray(a, float), np.asarray(b, float)
        if a.shape != b.shape:
            return failed(f"the left side has shape {a.shape}, the right side {b.shape}", claim.line.span)
        with np.errstate(invalid="ignore"):
            excess = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, np.abs(a - b) / np.maximum(1, np.abs(b)))
        excess = np.where(np.isnan(excess), np.inf, excess)
        if excess.size and float(excess.max()) > tolerance:
            worst = max(worst, float(excess.max()))
    if not worst:
        return None
    return failed(f"the sides differ by {worst:.2g}", claim.line.span,
                  [f"the left side is {show(left, actual)}", f"the right side is {show(right, expected)}"])


def _default(wire: Wire) -> float:
    return 1e-5 if element(wire).kind == "f32" else 1e-9
