"""Circuits as programs of the language: a function of one gate a line.

State comes first, (state, inputs) → (next state, outputs): `pullback circuit … FILE.pull:FUNCTION --state …` reads it back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...core.errors import FileFault
from ...ir.circuit.circuit import UNKNOWN, Circuit, Compare, Kind
from .names import signals

_WORDS = frozenset(
    "and compare def else false fn fold for if in let not or scan then true while".split()  # noqa: SIM905
)
"""Words that no parameter may be called here."""


def write(c: Circuit) -> str:
    """The program. Raises FileFault PB0812 for a circuit without outputs."""
    results = [*c.next.tolist(), *c.outputs.tolist()]
    if not results:
        raise FileFault("PB0812", "a function gives something, and this circuit has no outputs")
    inputs, state, _ = signals(c)
    taken: set[str] = set()
    wires = [_identifier(n, taken) for n in (*inputs, *state)] + [f"n{w}" for w in range(c.first, c.wires)]
    parameters = ", ".join(f"{w}: {c.ring}" for w in (*wires[c.inputs : c.first], *wires[: c.inputs]))
    kind = str(c.ring) if len(results) == 1 else _product([str(c.ring)] * len(results))
    lines = []
    if c.states:
        first = ", ".join(f"{w} = {'any' if v == UNKNOWN else v}" for w, v in zip(state, c.start.tolist(), strict=True))
        lines.append(f"# {c.states} of state, first {first}")
    lines.append(f"def {_identifier(c.name, set())}({parameters}) -> {kind} =")
    for w, (op, a, b) in enumerate(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True), start=c.first):
        annotation, value = _gate(c.kinds[op], wires[a] if a >= 0 else "", wires[b] if b >= 0 else "")
        lines.append(f"    let {wires[w]}{f': {c.ring}' if annotation else ''} = {value}")
    values = [wires[w] for w in results]
    lines.append(f"    {values[0] if len(values) == 1 else _product(values)}")
    return "\n".join(lines) + "\n"


def _product(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)})"


def _gate(kind: Kind, a: str, b: str) -> tuple[bool, str]:
    """A gate as an expression, and whether nothing in it tells its type."""
    if isinstance(kind, Compare):
        return False, f"compare({a}, {b})"
    parts = [(kind.left, a), (kind.right, b), (kind.both, f"{a} * {b}")]
    terms = [part if k == 1 else f"{k} * {part}" for k, part in parts if k]
    if kind.constant or not terms:
        terms.insert(0, str(kind.constant))
    return not (kind.left or kind.right or kind.both), " + ".join(terms)


def _identifier(name: str, taken: set[str]) -> str:
    """A name of the language, none of those taken, to which it is added."""
    word = re.sub(r"\W", "_", name).rstrip("_") or "x"
    if not word[0].isalpha():
        word = f"x{word}"
    while word in _WORDS or word in taken or re.fullmatch(r"n\d+", word):
        word += "_"
    taken.add(word)
    return word
