"""`pullback`, with the commands of the library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ..frontends.cli import main as cli

COMMANDS: Mapping[str, cli.Command] = MappingProxyType({
    **cli.COMMANDS,
    "learn": cli.Command("learn a circuit from a table of examples", f"{__package__}.circuits.command"),
})  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; its exit code."""
    return cli.main(argv, COMMANDS)
