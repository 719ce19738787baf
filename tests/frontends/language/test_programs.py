"""The programs in `tests/programs` carry what they are expected to give: every line of every test holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pullback.backends.interpreter import run
from pullback.core.errors import PullbackError
from pullback.frontends.language import syntax
from pullback.frontends.language.elaborate import Claim, check, elaborate_test
from pullback.frontends.language.loader import load
from pullback.ir.unary.typing import verify

pytestmark = pytest.mark.slow  # together they take many seconds

PROGRAMS = sorted((Path(__file__).parents[2] / "programs").glob("*.pull"))
TESTS = [(file, k) for file in PROGRAMS for k in range(len(load(file).tests))]


@pytest.mark.parametrize("file", PROGRAMS, ids=lambda file: file.stem)
def test_programs_have_no_faults(file: Path) -> None:
    assert [str(fault) for fault in check(load(file))] == []


@pytest.mark.parametrize(("file", "number"), TESTS, ids=lambda part: getattr(part, "stem", str(part)))
def test_their_own_tests_hold(file: Path, number: int) -> None:
    program = load(file)
    claims = elaborate_test(program, program.tests[number])
    assert claims
    for claim in claims:
        assert holds(claim), f"{claim.line.span}: {claim.line.span.text}\n{claim.fault or ''}"


def holds(claim: Claim) -> bool:
    """Whether a line of a test is as it says."""
    line, fault, results = claim.line, claim.fault, []
    if claim.term is not None:
        verify(claim.term)
        try:
            results = run(claim.term, [])
        except PullbackError as failure:
            fault = failure
    if isinstance(line, syntax.Fails):
        return fault is not None and fault.code == line.code
    if fault is not None:
        return False
    if isinstance(line, syntax.Holds):
        return all(np.all(result) for result in results)
    tolerance = results.pop() if line.tolerance is not None else 1e-9
    half = len(results) // 2
    return all(np.all(np.abs(a - b) <= tolerance) for a, b in zip(results[:half], results[half:], strict=True))
