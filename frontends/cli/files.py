"""Arrays in files: .npy, .npz and .csv, read for a type and written with names."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ...core.errors import FileFault, suggestion
from ...core.objects import Scalar, Tuple, Type, Wire, element, shape, wires
from ..language.derivatives import labelled
from ..language.scope import listed
from ..language.show import number
from .usage import UsageFault

SUFFIXES = (".npy", ".npz", ".csv")
_FILE = re.compile(r"(?P<path>.+?\.(?:npy|npz|csv))(?::(?P<part>.+))?$", re.IGNORECASE | re.DOTALL)


def file_of(text: str) -> tuple[Path, str | None] | None:
    """The file and the part of it that a text names (`data.npz:w`, `data.csv:0..3`), or None where it names none."""
    match = _FILE.match(text)
    return (Path(match["path"]), match["part"]) if match else None


def read(path: Path, part: str | None, name: str, kind: Type) -> Any:
    """The value of a type that a file holds. Raises FileFault PB0801 or PB0803."""
    with reading(path, f", for `{name}`"):
        match path.suffix.lower():
            case ".npy":
                if part is not None:
                    raise unreadable(path, f"an .npy file has no part `{part}`", f"write {path} alone")
                return np.load(path, allow_pickle=False)
            case ".npz":
                with np.load(path, allow_pickle=False) as arrays:
                    return _from_archive(path, arrays, part, name, kind)
            case _:
                return _from_table(path, Table(path), part, kind)


@contextmanager
def reading(path: Path, why: str = "") -> Iterator[None]:
    """Makes faults of what goes wrong while a file is read: PB0801 where there is none, PB0803 where it does not read."""
    if not path.is_file():
        raise FileFault("PB0801", f"there is no file {path}{why}", hint=_near(path))
    try:
        yield
    except FileFault:
        raise
    except OSError as problem:
        raise FileFault("PB0801", f"{path} cannot be read: {problem.strerror or problem}") from None
    except UnicodeDecodeError:
        raise unreadable(path, "it is no text in UTF-8") from None
    except (ValueError, EOFError, KeyError, csv.Error) as problem:
        raise unreadable(path, str(problem)) from None
    except Exception as problem:  # zipfile and NumPy raise a dozen kinds for damaged files
        raise unreadable(path, f"{type(problem).__name__}: {problem}") from None


def unreadable(path: Path, why: str, hint: str | None = None) -> FileFault:
    return FileFault("PB0803", f"{path} does not read as an array: {why}", hint=hint)


def _near(path: Path) -> str | None:
    try:
        return suggestion(path.name, [other.name for other in path.parent.iterdir()])
    except OSError:
        return None


# -- .npz --------------------------------------------------------------------------------------------------------------
def _from_archive(path: Path, arrays: Mapping[str, Any], part: str | None, name: str, kind: Type) -> Any:
    keys = list(arrays)
    if part is None and isinstance(kind, Tuple):
        prefix = "" if any(label in keys for label in _inner(kind)) else f"{name}."
        return _assembled(kind, prefix, lambda key: _member(path, arrays, key))
    if part is None:
        if not keys:
            raise unreadable(path, "it has no arrays")
        if name not in keys and len(keys) != 1:
            raise unreadable(path, f"it has {listed(keys)}, and none is called `{name}`", f"say which: {path}:{keys[0]}")
        part = name if name in keys else keys[0]
    return _member(path, arrays, part)


def _member(path: Path, arrays: Mapping[str, Any], key: str) -> Any:
    if key not in arrays:
        keys = list(arrays)
        raise unreadable(path, f"it has no `{key}`", suggestion(key, keys) or f"it has {listed(keys)}")
    return arrays[key]


def _inner(kind: Type) -> list[str]:
    return [label[1:] for label in labelled("", kind)]


def _assembled(kind: Type, prefix: str, member: Any) -> Any:
    """A product put together from members called by their fields."""
    if not isinstance(kind, Tuple):
        return member(prefix.rstrip("."))
    parts = {str(n): _assembled(item, f"{prefix}{n}.", member) for n, item in
             zip(kind.names or range(len(kind.items)), kind.items, strict=True)}  # fmt: skip
    return tuple(parts.values()) if kind.names is None else parts


# -- .csv --------------------------------------------------------------------------------------------------------------
class Table:
    """The cells of a CSV file, and the names of its columns where the first line has words only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            rows = [(reader.line_num, row) for row in reader if row and not row[0].startswith("#")]
        self.names: list[str] | None = None
        if rows and not any(map(_is_number, rows[0][1])):
            self.names = [cell.strip() for cell in rows.pop(0)[1]]
        self.lines, self.rows = [line for line, _ in rows], [row for _, row in rows]
        self.width = len(self.names) if self.names is not None else len(self.rows[0]) if self.rows else 0
        for line, row in zip(self.lines, self.rows, strict=True):
            if len(row) != self.width:
                raise unreadable(path, f"line {line} has {len(row)} cells, and the first {self.width}")

    def columns(self, part: str | None) -> list[int]:
        """The columns that `age`, `0`, `0..3` or several of these with commas name."""
        if part is None:
            return list(range(self.width))
        return [k for piece in part.split(",") for k in self._column(piece.strip())]

    def _column(self, piece: str) -> Sequence[int]:
        if self.names is not None and piece in self.names:
            return [self.names.index(piece)]
        span = re.fullmatch(r"(\d+)(?:\.\.(\d+))?", piece)
        if span is None:
            known = self.names or []
            raise unreadable(self.path, f"it has no column `{piece}`", suggestion(piece, known) or (
                f"its columns are {listed(known)}" if known else "its columns have no names: number them from 0"))
        first, last = int(span[1]), int(span[2]) if span[2] else int(span[1]) + 1
        if last > self.width or first >= last:
            raise unreadable(self.path, f"there are no columns {piece}: it has {self.width}, numbered from 0")
        return range(first, last)

    def array(self, columns: Sequence[int], kind: Scalar) -> Any:
        """The cells of some columns as numbers, a row for each line."""
        convert = _cell_of(kind)
        values = np.empty((len(self.rows), len(columns)), kind.dtype)
        for r, (line, row) in enumerate(zip(self.lines, self.rows, strict=True)):
            for c, k in enumerate(columns):
                try:
                    values[r, c] = convert(row[k].strip())
                except (ValueError, OverflowError):
                    where = f"column `{self.names[k]}`" if self.names is not None else f"column {k}"
                    raise unreadable(self.path, f"line {line}, {where}: {row[k]!r} is no {kind}") from None
        return values


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell.strip().lower() in ("true", "false")
    return True


def _cell_of(kind: Scalar) -> Any:
    if kind.kind == "bool":
        return lambda cell: {"true": True, "false": False, "1": True, "0": False}.get(cell.lower()) or _no(cell)
    if kind.is_float:
        return float
    return lambda cell: int(cell) if re.fullmatch(r"[+-]?\d+", cell) else int(_whole(float(cell)))


def _no(cell: str) -> bool:
    if cell.lower() not in ("false", "0"):
        raise ValueError(cell)
    return False


def _whole(value: float) -> float:
    if value != int(value):
        raise ValueError(value)
    return value


def _from_table(path: Path, table: Table, part: str | None, kind: Type) -> Any:
    if isinstance(kind, Tuple):
        leaves = dict(zip(_inner(kind), wires(kind), strict=True))
        return _assembled(kind, "", lambda key: _shaped(path, table, key, leaves[key]))
    return _shaped(path, table, part, kind)


def _shaped(path: Path, table: Table, part: str | None, wire: Wire) -> Any:
    """The table as an array of the rank wanted: a column or a row is a vector, one cell a number."""
    cells, rank = table.array(table.columns(part), element(wire)), len(shape(wire))
    if rank == 2:
        return cells
    if rank > 2:
        raise unreadable(path, f"a table has two dimensions, and {wire} has {rank}", "use .npy or .npz")
    if rank == 1 and 1 in cells.shape:
        return cells.reshape(-1)
    if rank == 0 and cells.size == 1:
        return cells.reshape(()).item()
    if rank == 1 and cells.shape[1] == 0:
        return cells.reshape(-1)
    names = listed(table.names) if table.names is not None else f"0 to {table.width - 1}"
    raise unreadable(path, f"{wire} is {'one column' if rank else 'one number'}, and this is "
                      f"{cells.shape[0]} lines of {cells.shape[1]} cells",
                      f"say which column: {path}:0 (they are {names})" if rank else None)


# -- writing -----------------------------------------------------------------------------------------------------------
def check_target(path: str) -> Path:
    """A file to write. Raises UsageFault PB0620 for one whose ending says nothing."""
    if Path(path).suffix.lower() not in SUFFIXES:
        raise UsageFault("PB0620", f"--out {path}: the ending says what to write, and is .npy, .npz or .csv")
    return Path(path)


def write(path: Path, names: Sequence[str], kinds: Sequence[Wire], values: Sequence[Any]) -> None:
    """Arrays to a file: one to .npy, several with their names to .npz, columns or a table to .csv.

    Raises FileFault PB0804 where the file cannot be written or cannot hold them."""
    arrays = [np.asarray(v, element(k).dtype) for k, v in zip(kinds, values, strict=True)]
    suffix = path.suffix.lower()
    try:
        if suffix == ".npz":
            members: dict[str, Any] = dict(zip(names, arrays, strict=True))
            np.savez(path, **members)
        elif suffix == ".npy":
            if len(arrays) != 1:
                raise FileFault("PB0804", f"{path} holds one array, and there are {len(arrays)}: {listed(names)}",
                                hint=f"write {path.with_suffix('.npz')}")
            np.save(path, arrays[0])
        else:
            _write_table(path, names, kinds, arrays)
    except OSError as problem:
        if isinstance(problem, FileFault):
            raise
        raise FileFault("PB0804", f"{path} cannot be written: {problem.strerror or problem}") from None


def _write_table(path: Path, names: Sequence[str], kinds: Sequence[Wire], arrays: Sequence[Any]) -> None:
    lengths = {len(a) if a.ndim else 1 for a in arrays}
    if any(a.ndim > 2 for a in arrays) or len(lengths) > 1 or (len(arrays) > 1 and any(a.ndim > 1 for a in arrays)):
        raise FileFault("PB0804", f"{path} holds a table, or columns of one length; "
                        f"this is {listed([f'{n}: {k}' for n, k in zip(names, kinds, strict=True)])}",
                        hint=f"write {path.with_suffix('.npz')}")
    table = [a if a.ndim == 2 else a.reshape(-1, 1) for a in arrays]
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if not (len(arrays) == 1 and arrays[0].ndim == 2):
            writer.writerow(names)
        for row in range(lengths.pop() if lengths else 0):
            writer.writerow([number(element(k), v) for k, a in zip(kinds, table, strict=True) for v in a[row]])
