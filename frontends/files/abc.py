"""ABC (Brayton & Mishchenko, 2010), where it is on the PATH: a second opinion on equality, and fewer gates.

Circuits go to it and come back as AIGER files. It is asked when it is there, and nothing needs it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.circuit import Circuit
from ...ir.circuit.simplify import simplify
from . import aiger

NAMES = ("abc", "berkeley-abc", "yosys-abc")

_SMALLER = "strash; balance; rewrite; refactor; balance; rewrite; rewrite -z; balance; refactor -z; rewrite -z; balance"
_SECONDS = 300


def program() -> str | None:
    """Where it is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def simplified(c: Circuit) -> Circuit:
    """`simplify`, and what ABC makes of it where that has fewer gates."""
    best = simplify(c)
    if program() is None or c.ring != BIT or not best.gates:
        return best
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder) / "before.aig", Path(folder) / "after.aig"
        before.write_bytes(aiger.write(best))
        _run(f"read_aiger {before}; {_SMALLER}; write_aiger {after}")
        try:
            found = aiger.read(after.read_bytes(), c.name)
        except (OSError, FileFault):
            return best
    made = simplify(replace(found, names=c.names))
    same = (made.inputs, made.start.tolist(), len(made.outputs)) == (c.inputs, c.start.tolist(), len(c.outputs))
    return made if same and made.gates < best.gates else best


def equal(a: Circuit, b: Circuit) -> bool | None:
    """Whether two circuits over bit of one shape are equal, if ABC is there and says so."""
    if program() is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("a.aig", "b.aig")]
        for file, c in zip(files, (a, b), strict=True):
            file.write_bytes(aiger.write(c))
        said = _run(f"cec -n {files[0]} {files[1]}")
    if "Networks are equivalent" in said:
        return True
    return False if "NOT EQUIVALENT" in said else None


def _run(script: str) -> str:
    """What it writes; nothing if it fails."""
    try:
        command = [program() or NAMES[0], "-c", script]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout
