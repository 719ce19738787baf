"""Signals that files define in any order, made in an order in which each comes after what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ...core.errors import FileFault


def make_in_order(
    roots: Iterable[str],
    wires: dict[str, int],
    reads: Callable[[str], Sequence[str]],
    make: Callable[[str], int],
    circular: Callable[[str], FileFault],
) -> None:
    """Give ``wires`` all ``roots`` and what they depend on: ``reads`` says what a signal reads, ``make`` makes it once that is
    made. Raises what ``reads`` and ``make`` raise, and ``circular`` of a signal that depends on itself."""
    stack, open_ = list(roots)[::-1], set[str]()
    while stack:
        signal = stack[-1]
        if signal in wires:
            stack.pop()
            continue
        waiting = [s for s in reads(signal) if s not in wires]
        if not waiting:
            wires[signal] = make(signal)
            open_.discard(stack.pop())
        elif signal in open_ or not open_.isdisjoint(waiting):
            raise circular(signal)
        else:
            open_.add(signal)
            stack += waiting
