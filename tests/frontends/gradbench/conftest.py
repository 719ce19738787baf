"""Asking an evaluation as GradBench does, without a process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from pullback.frontends.gradbench.protocol import Session


@pytest.fixture(scope="session")
def session() -> Session:
    """One conversation for all tests: modules are compiled once."""
    return Session()


@pytest.fixture
def ask(session: Session) -> Callable[..., Any]:
    """The output of a function of a module; the answer must be a success that JSON can carry, with as many timings as runs."""

    def asked(module: str, function: str, given: Any) -> Any:
        message = {"id": 1, "kind": "evaluate", "module": module, "function": function, "input": given}
        answer = json.loads(json.dumps(session.answer(json.dumps(message)), allow_nan=False))
        assert answer["success"], answer["error"]
        assert [t["name"] for t in answer["timings"]] == ["prepare", "evaluate"]
        return answer["output"]

    return asked
