"""Programs in the cache: which functions a program has, and which faces, without reading it again.

A record is found by the program's text and by what its imports found when it was last read: every place that was looked
at, and what was there (the constructive traces of Mokhov, Mitchell and Peyton Jones, "Build systems à la carte", 2018).
Only programs without faults are recorded, so the others are told of again each time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ...backends.cache import Cache, compiler, key_of
from ...backends.executable import verifying
from ...core.operation import Operation
from ..language.loader import TEXT, Files, Program, load, load_text
from .face import Face, read, written

__all__ = ["Origin", "find", "find_face", "keep", "keep_face", "open_cache"]


def open_cache() -> Cache | None:
    """The user's cache; nothing where there is none, or every level is to be verified."""
    cache = Cache.default()
    return None if cache.folder is None or verifying() else cache


@dataclass(frozen=True)
class Origin:
    """Where a program comes from: a file, or a text. Files are read once, however much later the program is asked for."""

    source: str | Path
    folders: tuple[Path, ...] = ()
    operations: Mapping[str, Operation] = field(default_factory=lambda: MappingProxyType({}))
    types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    files: Files = field(default_factory=Files)

    @property
    def path(self) -> str:
        """What the program is called in errors."""
        return str(self.source) if isinstance(self.source, Path) else TEXT

    def load(self) -> Program:
        if isinstance(self.source, Path):
            return load(self.source, self.folders, self.operations, self.files, self.types)
        return load_text(self.source, self.path, folders=self.folders, operations=self.operations, files=self.files,
                         types=self.types)

    @property
    def key(self) -> str | None:
        """What the program says by itself, and where it looks for its imports. None where operations are not ours (no text
        says what they do), and where the file cannot be read (`load` says why)."""
        if self.operations:
            return None
        places = [os.getcwd(), *map(str, self.folders), json.dumps(sorted(self.types.items()))]
        if not isinstance(self.source, Path):
            return key_of("program", compiler(), "text", self.source, *places)
        try:
            content = self.files.content(self.source)
        except OSError:
            return None
        return None if content is None else key_of("program", compiler(), "file", content.hex(), str(self.source), *places)

    @property
    def recipe(self) -> str | None:
        """What decides the functions of the program, once it has been read."""
        return self.key and key_of(self.key, json.dumps(_trace(self.files)))


def find(cache: Cache, origin: Origin) -> Mapping[str, Face] | None:
    """The faces of a program's functions by name, where it was read before and all it reads is as it was."""
    text = cache.get(origin.key) if origin.key is not None else None
    if text is None:
        return None
    trace, faces = json.loads(text)
    try:
        same = all(_digest(origin.files.content(Path(path))) == digest for path, digest in trace)
    except OSError:
        return None
    return {name: read(face) for name, face in faces.items()} if same else None


def keep(cache: Cache, origin: Origin, faces: Mapping[str, Face]) -> None:
    content = [_trace(origin.files), {name: written(face) for name, face in faces.items()}]
    if origin.key is not None:
        cache.put(origin.key, json.dumps(content).encode())


def _trace(files: Files) -> Sequence[tuple[str, str | None]]:
    """Every place that was looked at, in that order, and what was there."""
    return [(path, _digest(content)) for path, content in files.seen.items()]


def _digest(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


# -- faces of derived functions ----------------------------------------------------------------------------------------
def find_face(cache: Cache, recipe: str) -> Face | None:
    """The face of the function with this recipe."""
    text = cache.get(key_of("face", compiler(), recipe))
    return None if text is None else read(json.loads(text))


def keep_face(cache: Cache, recipe: str, face: Face) -> None:
    cache.put(key_of("face", compiler(), recipe), json.dumps(written(face)).encode())
