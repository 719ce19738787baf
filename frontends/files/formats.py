"""Which file has which format: by its suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from ...core.errors import FileFault, suggestion
from ...ir.circuit import text
from ...ir.circuit.circuit import Circuit
from . import aiger, bench, blif, dot, pla, pull, svg, verilog

F = TypeVar("F")
Read = Callable[[bytes, str], Circuit]
Write = Callable[[Circuit], bytes]

READERS: Mapping[str, Read] = MappingProxyType(
    {
        ".aig": aiger.read,
        ".aag": aiger.read,
        ".blif": lambda data, name: blif.read(_text(data), name),
        ".bench": lambda data, name: bench.read(_text(data), name),
        ".pla": lambda data, name: pla.read(_text(data), name),
        ".circuit": lambda data, name: text.parse(_text(data).replace("\r\n", "\n")),
    }
)

WRITERS: Mapping[str, Write] = MappingProxyType(
    {
        ".aig": aiger.write,
        ".aag": lambda c: aiger.write(c, binary=False),
        ".blif": lambda c: blif.write(c).encode(),
        ".pla": lambda c: pla.write(c).encode(),
        ".circuit": lambda c: text.show(c).encode(),
        ".pull": lambda c: pull.write(c).encode(),
        ".v": lambda c: verilog.write(c).encode(),
        ".dot": lambda c: dot.write(c).encode(),
        ".svg": lambda c: svg.write(c).encode(),
    }
)


def load(path: str | Path) -> Circuit:
    """The circuit in a file. Raises FileFault: PB0801 for a file that is not there, PB0811 for one that does not read."""
    path = Path(path)
    read = _of(path, READERS, "read")
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise FileFault("PB0801", f"{path} cannot be read: {problem.strerror or problem}") from None
    return read(data, path.stem)


def writable(path: str | Path) -> None:
    """Raises FileFault PB0810 for a file whose suffix is of no format that is written."""
    _of(Path(path), WRITERS, "written")


def save(c: Circuit, path: str | Path) -> None:
    """Write a circuit. Raises FileFault: PB0804 where the file cannot be written, PB0812 where its format has no such."""
    path = Path(path)
    data = _of(path, WRITERS, "written")(c)
    try:
        path.write_bytes(data)
    except OSError as problem:
        raise FileFault("PB0804", f"{path} cannot be written: {problem.strerror or problem}") from None


def _of(path: Path, known: Mapping[str, F], what: str) -> F:
    found = known.get(path.suffix.lower())
    if found is None:
        hint = suggestion(path.suffix, known) or f"known suffixes are {', '.join(known)}"
        raise FileFault("PB0810", f"{path}: no format that can be {what} has the suffix `{path.suffix}`", hint=hint)
    return found


def _text(data: bytes) -> str:
    """The text: UTF-8, or what is older, a character to a byte."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
