"""Machine code on disk, so that a program compiled once is not compiled again by the next process.

An entry is a file named by its key, the SHA-256 of everything that decides the machine code: the text, the target, the
options and all versions. It begins with a magic word, the key and a checksum; one that does not match (cut short,
damaged, somebody else's) counts as absent and is written anew, so nothing but what we wrote is ever executed. Writers
make a temporary file and rename it over, so readers and other writers see an old entry or a new one, never half of
one.

The folder is `$PULLBACK_CACHE`, else `$XDG_CACHE_HOME/pullback`, else `~/.cache/pullback`; `PULLBACK_CACHE=off` does
without. It must be ours and closed to others, because what lies there is executed. Whenever anything about it fails,
compilation goes on without.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import stat
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

from .jit import Options, object_code, toolchain
from .target import Target

__all__ = ["ObjectCache"]

MAGIC = b"pullback object 1\n"
DIGEST = 32
DEFAULT_LIMIT = 512 * 2**20


@dataclass(frozen=True)
class ObjectCache:
    """A folder of object files, kept below `limit` bytes by removing the oldest. Without a folder nothing is kept."""

    folder: Path | None
    limit: int = DEFAULT_LIMIT

    @staticmethod
    def default() -> ObjectCache:
        """The user's cache, as the environment says at this moment."""
        return ObjectCache(_folder_from(os.environ.get("PULLBACK_CACHE"), os.environ.get("XDG_CACHE_HOME")))

    def object_code(self, text: str, options: Options, target: Target) -> bytes:
        """`jit.object_code`, from the cache where it is there."""
        key = key_of(text, options, target)
        found = self.get(key)
        if found is None:
            found = object_code(text, options, target)
            self.put(key, found)
        return found

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


def key_of(text: str, options: Options, target: Target) -> str:
    """The name of the entry for this text: 64 hexadecimal digits."""
    parts = [text, options.key, target.key, toolchain(), _our_version()]
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


@cache
def _our_version() -> str:
    try:
        return metadata.version("pullback")
    except metadata.PackageNotFoundError:
        return "uninstalled"


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
