"""What was compiled once, on disk, so that the next process does not compile it again.

An entry is a file named by its key, the SHA-256 of everything that decides its content. It begins with a magic word, the
key and a checksum; one that does not match (cut short, damaged, somebody else's) counts as absent and is written anew,
so nothing but what we wrote is ever executed. Writers make a temporary file and rename it over, so readers and other
writers see an old entry or a new one, never half of one.

The folder is `$PULLBACK_CACHE`, else `$XDG_CACHE_HOME/pullback`, else `~/.cache/pullback`; `PULLBACK_CACHE=off` does
without. It must be ours and closed to others, because what lies there is executed. Whenever anything about it fails,
compilation goes on without.

Entries are kept by the modules that know what they mean: machine code (`llvm/jit.py`), what a call needs beside it
(`llvm/image.py`), what a program says to Python (`frontends/python/record.py`), the tables of the parser
(`frontends/language/tables.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Cache", "compiler", "key_of"]

MAGIC = b"pullback entry 2\n"
DIGEST = 32
ROOMS = ("core", "ir", "backends", "frontends", "stdlib")
DEFAULT_LIMIT = 512 * 2**20


@dataclass(frozen=True)
class Cache:
    """A folder of entries, kept below `limit` bytes by removing the oldest. Without a folder nothing is kept."""

    folder: Path | None
    limit: int = DEFAULT_LIMIT

    @staticmethod
    def default() -> Cache:
        """The user's cache, as the environment says at this moment."""
        return Cache(_folder_from(os.environ.get("PULLBACK_CACHE"), os.environ.get("XDG_CACHE_HOME")))

    def get(self, key: str) -> bytes | None:
        """The entry's content, or None where there is none that is whole and ours."""
        if self.folder is None or not _is_private(self.folder):
            return None
        path = self.folder / key
        try:
            with open(path, "rb", opener=_no_links) as file:
                if not _is_ours(os.fstat(file.fileno())):
                    return None
                entry = file.read()
        except OSError:
            return None
        content = _opened(entry, key)
        if content is not None:
            with contextlib.suppress(OSError):
                os.utime(path)  # so that pruning takes the longest unused
        return content

    def put(self, key: str, content: bytes) -> None:
        """Write an entry; where that cannot be done, nothing happens."""
        if self.folder is None:
            return
        entry = MAGIC + bytes.fromhex(key) + hashlib.sha256(content).digest() + content
        if len(entry) > self.limit:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_private(self.folder):
                return
            _write(self.folder, key, entry)
            self._prune()
        except OSError:
            return

    def _prune(self) -> None:
        """Remove the entries longest unused until the rest is below the limit."""
        entries = []
        with os.scandir(self.folder) as files:
            for file in files:
                with contextlib.suppress(OSError):
                    state = file.stat(follow_symlinks=False)
                    if stat.S_ISREG(state.st_mode):
                        entries.append((state.st_mtime, state.st_size, file.path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.limit:
                break
            with contextlib.suppress(OSError):
                os.unlink(path)
            total -= size


def key_of(*parts: str) -> str:
    """The name of an entry that these texts decide: 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


@cache
def compiler() -> str:
    """What tells this compiler from another: the file that has its version and, as it may be edited in place, the sizes
    and times of all its files, which is what Python goes by when it reuses what it compiled."""
    root = Path(__file__).parents[1]
    return key_of((root / "__init__.py").read_text(encoding="utf-8"), sys.version, *sorted(_sources(root)))


def _sources(folder: Path | str, within: str = "") -> Iterator[str]:
    """Every file of the packages in a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{within}{entry.name}"
            if entry.name.endswith((".py", ".lark")):
                state = entry.stat()
                yield f"{name} {state.st_size} {state.st_mtime_ns}"
            elif (within or entry.name in ROOMS) and entry.is_dir():
                yield from _sources(entry.path, f"{name}/")


def _folder_from(setting: str | None, cache_home: str | None) -> Path | None:
    """The cache's folder for these environment values (an empty one counts as unset)."""
    if setting:
        return None if setting.lower() == "off" else Path(setting)
    if cache_home and Path(cache_home).is_absolute():
        return Path(cache_home) / "pullback"
    try:
        return Path.home() / ".cache" / "pullback"
    except RuntimeError:  # no home folder
        return None


def _is_private(folder: Path) -> bool:
    """Whether the folder is one that only we can write to."""
    try:
        state = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(state.st_mode) and _is_ours(state)


def _is_ours(state: os.stat_result) -> bool:
    if not hasattr(os, "getuid"):  # Windows: the user's profile is private by its access list
        return True
    return state.st_uid == os.getuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _no_links(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0))


def _opened(entry: bytes, key: str) -> bytes | None:
    """The content of a whole entry under this key."""
    head = MAGIC + bytes.fromhex(key)
    content = entry[len(head) + DIGEST :]
    checksum = entry[len(head) : len(head) + DIGEST]
    if not entry.startswith(head) or not hmac.compare_digest(hashlib.sha256(content).digest(), checksum):
        return None
    return content


def _write(folder: Path, key: str, entry: bytes) -> None:
    """Put the entry under its name at one stroke."""
    number, temporary = tempfile.mkstemp(prefix=".new-", dir=folder)  # readable by us alone
    try:
        with os.fdopen(number, "wb") as file:
            file.write(entry)
        os.replace(temporary, folder / key)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
