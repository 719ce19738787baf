"""The wheel holds exactly the package, and works in an environment and a folder that know nothing of the checkout."""

from __future__ import annotations

import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # together they take many seconds

DATA = {".lark", ".loops", ".pull", ".csv"}

IMPORT_EVERYTHING = """
import pkgutil, sys
import pullback
assert sys.prefix in pullback.__file__, pullback.__file__
def stop(name): raise
for module in pkgutil.walk_packages(pullback.__path__, "pullback.", onerror=stop):
    if not module.name.endswith("__main__"):
        __import__(module.name)
        print(module.name)
"""


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it; dependencies are seen where they are already."""
    place = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", place / "env", cwd=place)
    tools = place / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(sys.executable, "-m", "pip", "--python", tools / "python", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--no-index", wheel, cwd=place)  # fmt: skip
    site = run(tools / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place).strip()
    # a folder named in a .pth file is searched, but the .pth files in it (our editable install) are not read
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return tools


def test_it_holds_the_package_and_nothing_else(wheel: Path, house: Path, rooms: tuple[str, ...]) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    files = [f.relative_to(house) for room in rooms for f in (house / room).rglob("*") if f.suffix in DATA | {".py"}]
    faces = {f"pullback/{name}" for name in ("__init__.py", "circuits.py", "gradbench.py", "testing.py", "py.typed")}
    assert names == {*faces, *(f"pullback/{f.as_posix()}" for f in files)}


@pytest.mark.slow
def test_every_module_loads_from_another_folder(elsewhere: Path, run, rooms: tuple[str, ...], tmp_path: Path) -> None:
    loaded = run(elsewhere / "python", "-c", IMPORT_EVERYTHING, cwd=tmp_path).split()
    assert {f"pullback.{room}" for room in rooms} <= set(loaded)


def test_the_command_works_from_another_folder(elsewhere: Path, run, tmp_path: Path) -> None:
    (tmp_path / "twice.pull").write_text("def twice(x: f64[n]) -> f64[n] = for i: 2 * x[i]\n")
    script = elsewhere / "pullback"
    assert "usage: pullback COMMAND" in run(script, "--help", cwd=tmp_path)
    assert run(script, "--version", cwd=tmp_path).startswith("pullback ")
    assert run(script, "run", "twice.pull", "twice", "--arg", "x=[1, 2]", cwd=tmp_path) == "[2.0, 4.0]\n"
    assert "error" in run(script, "check", "twice.pull", "--json", cwd=tmp_path)


def test_the_tool_works_from_another_folder(elsewhere: Path, run, tmp_path: Path) -> None:
    """Its programs are in the wheel."""
    ask = ("import subprocess, sys; print(subprocess.run([sys.executable, '-m', 'pullback.gradbench'], text=True, check=True, "
           "capture_output=True, input='{\"id\": 1, \"kind\": \"define\", \"module\": \"hello\"}').stdout)")
    assert '"success": true' in run(elsewhere / "python", "-c", ask, cwd=tmp_path)
