"""What the tests of the house share: where it stands, its rooms, and a wheel built from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("core", "ir", "backends", "frontends", "stdlib")  # lowest first: a room may use those before it


@pytest.fixture(scope="session")
def house() -> Path:
    return HOUSE


@pytest.fixture(scope="session")
def rooms() -> tuple[str, ...]:
    return ROOMS


def run(*command: str | Path, cwd: Path, **extra_env: str) -> str:
    """What the command prints; its whole output goes into the failure when it exits with anything but 0."""
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "MYPYPATH", "PYTHONHOME"}} | extra_env
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))}\nexit code {done.returncode}\n{done.stdout}{done.stderr}", False)
    return done.stdout


@pytest.fixture(scope="session", name="run")
def run_fixture():
    return run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout. Built from a copy, so that no old `build/` gets in and nothing is left behind."""
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    faces = ("__init__.py", "circuits.py", "gradbench.py", "testing.py")
    for name in ("pyproject.toml", "README.md", "LICENSE", "py.typed", *faces):
        shutil.copy(HOUSE / name, copy / name)
    for room in ROOMS:
        shutil.copytree(HOUSE / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*"))
    # --no-build-isolation: the environment has setuptools, so the test needs no network
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
        "--no-build-isolation", "--wheel-dir", out, copy, cwd=out)  # fmt: skip
    (built,) = out.glob("*.whl")
    return built
