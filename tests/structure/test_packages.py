"""The list of packages in pyproject.toml is the list of folders, and files stay readable in one sitting."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import pullback

LONGEST = 600  # lines; half of it is a good length


@pytest.fixture(scope="module")
def project(house: Path) -> dict[str, Any]:
    return tomllib.loads((house / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed_and_every_listed_one_exists(
    house: Path, rooms: tuple[str, ...], project: dict[str, Any]
) -> None:
    faces = [f.parent.relative_to(house) for room in rooms for f in (house / room).rglob("__init__.py")]
    assert sorted(project["tool"]["setuptools"]["packages"]) == sorted(
        ["pullback", *(".".join(("pullback", *face.parts)) for face in faces)]
    )


def test_every_folder_with_code_is_a_package(house: Path, rooms: tuple[str, ...]) -> None:
    folders = {f.parent for room in rooms for f in (house / room).rglob("*.py")}
    assert [str(f.relative_to(house)) for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


def test_the_version_is_stated_once(project: dict[str, Any]) -> None:
    assert pullback.__version__ == project["project"]["version"]


def test_every_public_name_is_there() -> None:
    assert sorted(pullback.__all__) == dir(pullback)
    for name in pullback.__all__:
        assert getattr(pullback, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        pullback.no_such_name  # noqa: B018


def test_no_file_is_too_long(house: Path, rooms: tuple[str, ...]) -> None:
    files = [f for room in rooms for f in (house / room).rglob("*.py")] + [house / "__init__.py"]
    lengths = {str(f.relative_to(house)): len(f.read_text(encoding="utf-8").splitlines()) for f in files}
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}
