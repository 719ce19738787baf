"""What all tests share: golden texts, and hypothesis settings that give the same verdict on every machine.

`make golden` (or `pytest --update-golden tests/ir`) rewrites golden texts; read the diff before committing it.
`pytest --hypothesis-profile=search` looks for new counterexamples instead of running the same ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

os.environ.setdefault("PULLBACK_VERIFY", "1")  # every level is verified after every pass

# no deadline: the cores are shared, and slowness is measured in benchmarks/, not here
settings.register_profile(
    "house", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("house")
# Hypothesis draws constants from whatever modules of ours are loaded, which differs from worker to worker.
providers._get_local_constants = Constants


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden texts instead of comparing with them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[..., None]:
    """`golden(text)` compares with `golden/<test file>/<test name>.txt` beside the test.

    A test with several texts names them: `golden(text, "loops")`. A text that is not there yet fails, with what to do.
    """

    def compare(text: str, part: str = "") -> None:
        file = re.sub(r"[^\w.=+-]+", "_", "-".join(filter(None, (request.node.name, part)))).strip("_") + ".txt"
        path = request.path.parent / "golden" / request.path.stem.removeprefix("test_") / file
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
        elif not path.exists():
            pytest.fail(f"no golden text {path} yet; `make golden` writes it. The text is:\n{text}", pytrace=False)
        else:
            assert text.rstrip("\n") == path.read_text(encoding="utf-8").rstrip("\n"), f"differs from {path}"

    return compare
