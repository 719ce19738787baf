"""Looking for a counterexample, and for the smallest one: hypothesis does both."""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable

from ...core.errors import ArgumentFault
from .choices import Choices, Drawn

__all__ = ["Unfit", "falsify"]


class Unfit(Exception):
    """What was drawn says nothing about a property: the function does not run there."""


class _Enough(KeyboardInterrupt):
    """The time is up. hypothesis stops for an interrupt alone; all else is an example to it."""


def falsify(holds: Callable[[Choices], None], examples: int, seconds: float = math.inf) -> int:
    """Try a property on so many examples; how many it was tried on. What it raises for the smallest counterexample comes out.

    The same property is tried on the same examples everywhere, on fewer of them (one at least) where those take longer than
    ``seconds``; a counterexample is made smaller for as long again."""
    try:
        from hypothesis import HealthCheck, Phase, assume, given, settings
        from hypothesis import strategies as st
        from hypothesis.errors import Unsatisfiable
    except ModuleNotFoundError:
        raise ArgumentFault("PB0613", "looking for counterexamples needs hypothesis",
                            hint="pip install 'pullback[test]'") from None  # fmt: skip

    tried, until = 0, time.monotonic() + seconds
    found: Exception | None = None

    @settings(max_examples=examples, database=None, deadline=None, derandomize=True, report_multiple_bugs=False,
              suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink))  # fmt: skip
    @given(st.data())
    def search(data: st.DataObject) -> None:
        nonlocal tried, until, found
        if (tried or found) and time.monotonic() > until:
            raise _Enough
        try:
            holds(Drawn(data.draw))
            tried += 1
        except Unfit:
            assume(False)
        except Exception as wrong:
            until = until if found else time.monotonic() + seconds
            found = wrong
            raise

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # hypothesis warns of what it is told to do here
        try:
            search()
        except Unsatisfiable:
            return 0
        except _Enough:
            if found is not None:
                raise found from None
        except Exception as smallest:
            smallest.__notes__ = []  # hypothesis notes what it drew, number by number
            raise
    return tried
