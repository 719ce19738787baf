"""Looking for a counterexample, and for the smallest one: hypothesis does both."""

from __future__ import annotations

import warnings
from collections.abc import Callable

from ...core.errors import ArgumentFault
from .choices import Choices, Drawn

__all__ = ["Unfit", "falsify"]


class Unfit(Exception):
    """What was drawn says nothing about a property: the function does not run there."""


def falsify(holds: Callable[[Choices], None], examples: int) -> int:
    """Try a property on so many examples; how many it was tried on. What it raises for the smallest counterexample comes out.

    The same property is tried on the same examples everywhere."""
    try:
        from hypothesis import HealthCheck, Phase, assume, given, settings
        from hypothesis import strategies as st
        from hypothesis.errors import Unsatisfiable
    except ModuleNotFoundError:
        raise ArgumentFault("PB0613", "looking for counterexamples needs hypothesis",
                            hint="pip install 'pullback[test]'") from None  # fmt: skip

    tried = 0

    @settings(max_examples=examples, database=None, deadline=None, derandomize=True, report_multiple_bugs=False,
              suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(st.data())
    def search(data: st.DataObject) -> None:
        nonlocal tried
        try:
            holds(Drawn(data.draw))
            tried += 1
        except Unfit:
            assume(False)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hypothesis warns of what it is told to do here
        try:
            search()
        except Unsatisfiable:
            return 0
        except Exception as found:
            found.__notes__ = []  # hypothesis notes what it drew, number by number
            raise
    return tried
