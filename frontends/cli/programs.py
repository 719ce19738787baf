"""The programs that a list of files and folders names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.errors import FileFault, suggestion


def programs(names: Sequence[str]) -> list[Path]:
    """The files as given, and for a folder every .pull file below it, in order; each once. Raises FileFault PB0801."""
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*.pull") if p.is_file())
            if not inside:
                raise FileFault("PB0801", f"there is no .pull file in the folder {path}")
            found |= dict.fromkeys(inside)
        elif path.exists():
            found[path] = None
        else:
            raise FileFault("PB0801", f"there is no file {path}", hint=_near(path))
    return list(found)


def _near(path: Path) -> str | None:
    try:
        return suggestion(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return None
