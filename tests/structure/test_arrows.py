"""Imports point down: stdlib → frontends → backends → ir → core, relative between our modules, never in a circle.

Every import counts, also one inside a function or under TYPE_CHECKING: postponing an arrow does not turn it round.
The checker itself is tested on small houses built wrong on purpose.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HEAVY = {"sympy", "numba", "networkx", "llvmlite", "scipy", "matplotlib", "jax", "torch", "pandas"}


@dataclass(frozen=True)
class Import:
    file: Path  # relative to the house
    line: int
    level: int  # how many dots
    module: str
    names: tuple[str, ...]
    at_top: bool  # runs when the file is loaded

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: import of {'.' * self.level}{self.module} ({', '.join(self.names)})"


def imports(house: Path, file: Path) -> Iterator[Import]:
    """Every import of the file, `import_module("...")` with a literal name included."""
    tree = ast.parse((house / file).read_text(encoding="utf-8"), str(file))
    inner = {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for below in ast.walk(node)
    }
    for node in ast.walk(tree):
        top = id(node) not in inner
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield Import(file, node.lineno, 0, alias.name, (), top)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield Import(file, node.lineno, level, module or "", tuple(a.name for a in names), top)
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if (
                getattr(func, "attr", getattr(func, "id", "")) in {"import_module", "__import__"}
            ):
                bare = name.lstrip(".")
                yield Import(file, node.lineno, len(name) - len(bare), bare, (), top)


def targets(house: Path, found: Import) -> list[Path]:
    """The files of ours that a relative import names: the submodule where the name is one, otherwise the module."""
    folder = found.file.parent
    for _ in range(found.level - 1):
        folder = folder.parent
    base = folder.joinpath(*found.module.split(".")) if found.module else folder

    def as_file(place: Path) -> Path | None:
        for candidate in (place.with_suffix(".py") if place.name else None, place / "__init__.py"):
            if candidate is not None and (house / candidate).is_file():
                return candidate
        return None

    places = [as_file(base / name) or as_file(base) for name in found.names] or [as_file(base)]
    return [place for place in dict.fromkeys(places) if place is not None]


def files_of(house: Path, rooms: tuple[str, ...]) -> list[Path]:
    return sorted(f.relative_to(house) for room in rooms for f in (house / room).rglob("*.py"))


def faults(house: Path, rooms: tuple[str, ...]) -> list[str]:
    """What is wrong with the arrows of a house, one line each."""
    wrong: list[str] = []
    edges: dict[Path, set[Path]] = {}
    for file in files_of(house, rooms):
        edges[file] = set()
        here = rooms.index(file.parts[0])
        for found in imports(house, file):
            outside = found.module.split(".")[0]
            if found.level == 0:
                if outside == "pullback":
                    wrong.append(f"{found}: between our modules imports are relative")
                elif outside in HEAVY and file.parts[0] == "core":
                    wrong.append(f"{found}: core needs no heavy package")
                elif outside in HEAVY and found.at_top and file.name == "__init__.py":
                    wrong.append(f"{found}: a package's face loads nothing heavy")
                continue
            for target in targets(house, found):
                room = target.parts[0]
                if room not in rooms:
                    wrong.append(f"{found}: {target} is in no room below {file.parts[0]}")
                elif rooms.index(room) > here:
                    wrong.append(f"{found}: {file.parts[0]} may not use {room}, which stands above it")
                elif target != file:
                    edges[file].add(target)
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        wrong.append("a circle between files: " + " → ".join(map(str, reversed(error.args[1]))))
    return wrong


def test_imports_point_down_and_never_in_a_circle(house: Path, rooms: tuple[str, ...]) -> None:
    assert faults(house, rooms) == []


def test_the_face_hands_on_and_defines_nothing(house: Path) -> None:
    body = ast.parse((house / "__init__.py").read_text(encoding="utf-8")).body
    defined = [n.name for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    assert set(defined) <= {"__getattr__", "__dir__"}


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("core/a.py", "from ..ir import b", "core may not use ir"),
        ("core/a.py", "def f():\n    from ..ir.b import c", "core may not use ir"),
        ("core/a.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..stdlib import x", "stdlib"),
        ("core/a.py", "import importlib\nimportlib.import_module('..ir.b', __package__)", "core may not use ir"),
        ("ir/a.py", "import pullback.core.objects", "imports are relative"),
        ("ir/a.py", "from pullback.core import objects", "imports are relative"),
        ("ir/a.py", "from .. import grad", "is in no room below ir"),
        ("ir/a.py", "from ..tests.helper import x", "is in no room below ir"),
        ("core/a.py", "def f():\n    import sympy", "core needs no heavy package"),
        ("ir/__init__.py", "import networkx", "loads nothing heavy"),
        ("core/a.py", "from . import c", "a circle between files: core/a.py → core/c.py → core/a.py"),
        ("core/a.py", "def f():\n    from .c import d", "a circle between files"),
    ],
)
def test_the_checker_sees(tmp_path: Path, rooms: tuple[str, ...], file: str, text: str, complaint: str) -> None:
    sound = {
        "core/a.py": "import math",
        "core/c.py": "from .a import sin",
        "ir/b.py": "from ..core import a, c",
        "tests/helper.py": "x = 1",
        "__init__.py": "",
    } | {f"{room}/__init__.py": "" for room in rooms}
    for name, content in sound.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert faults(tmp_path, rooms) == []
    (tmp_path / file).write_text(text)
    assert [f for f in faults(tmp_path, rooms) if complaint in f]
