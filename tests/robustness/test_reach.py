"""What a program can reach: its arguments and its results. Not files, not the network, not the process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pullback as pb
from pullback.core.errors import PullbackError

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted([*ROOT.glob("examples/*.pull"), *ROOT.glob("tests/programs/*.pull")])
ALLOWED = re.compile(r"llvm\.[\w.]+|malloc|calloc|realloc|free|memset|memcpy|pb\.[\w.]+|pullback\.[\w.]+")


@pytest.mark.slow
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda p: p.stem)
def test_machine_code_calls_nothing_but_memory_and_our_own_pool(path: Path) -> None:
    """Every function that a module declares and does not define."""
    for f in list(pb.compile(path).functions.values())[:4]:
        declared = re.findall(r'^declare [^@]*@"?([\w.$-]+)', f.as_text("llvm"), re.MULTILINE)
        assert not [name for name in declared if not ALLOWED.fullmatch(name)]


WATCHED = """
import sys
import numpy as np
import pullback as pb
f = pb.compile("def f(x: f64[n]) = sum i: exp(x[i]) * (for j < n: x[j])[i]").f
g = pb.grad(f)
x = np.arange(4.0)
f(x), g(x)
events = []
sys.addaudithook(lambda name, args: events.append(name))
f(x), g(x)
events = [e for e in events if not e.startswith(("object.", "gc.", "ctypes.", "sys."))]
assert not events, events
print("quiet")
"""


def test_a_call_opens_nothing_and_connects_to_nothing() -> None:
    """As Python's audit hooks see it (PEP 578)."""
    done = subprocess.run([sys.executable, "-c", WATCHED], capture_output=True, text=True, timeout=60)
    assert done.stdout == "quiet\n", done.stderr


@pytest.mark.parametrize("line", [
    "from /etc/passwd import f", "import ../secret as s", 'import "/etc/passwd" as s', "from .. import f", "import . as s",
    "import a/b as s", "from etc.passwd import f",
])  # fmt: skip
def test_imports_reach_programs_beside_it_only(line: str, tmp_path: Path) -> None:
    """An import is names with dots, below the folder, and ends in .pull."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "secret.pull").write_text("def f(x: f64) = x\n")
    (tmp_path / "inner" / "main.pull").write_text(f"{line}\ndef g(x: f64) = x\n")
    with pytest.raises(PullbackError):
        pb.compile(tmp_path / "inner" / "main.pull")
