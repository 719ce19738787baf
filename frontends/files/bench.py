"""BENCH, the netlists of the ISCAS'85 and '89 benchmarks (Brglez, Bryan & Kozminski, 1989), to be read.

Lines are `INPUT(a)`, `OUTPUT(y)`, `y = NAND(a, b)` with the gates BUF, NOT, AND, OR, NAND, NOR, XOR, XNOR over any number of
signals, and `q = DFF(d)`. As ABC writes them there are also `vdd`, `gnd`, `y = LUT 0x8 (a, b)`, and flip-flops with a reset, a
set and two enables that are not used: `q = DFFRSE(d, gnd, gnd, gnd, gnd)`. Flip-flops start at 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...core.errors import FileFault, suggestion
from ...core.objects import BIT
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import AND, NOT, ONE, OR, XOR, ZERO, Circuit, Names
from .cover import balanced, irredundant, product, total
from .depend import make_in_order

_GATES = {"AND": (AND, False), "NAND": (AND, True), "OR": (OR, False), "NOR": (OR, True), "XOR": (XOR, False),
          "XNOR": (XOR, True), "NXOR": (XOR, True), "BUF": (AND, False), "BUFF": (AND, False), "NOT": (AND, True),
          "INV": (AND, True)}  # fmt: skip
"""The gate over all signals, and whether its end is inverted; those of one signal have but one."""

_SINGLE = ("BUF", "BUFF", "NOT", "INV", "DFF")
_CONSTANTS = {"vdd": ONE, "gnd": ZERO, "VDD": ONE, "GND": ZERO}
_MOST_IN_A_TABLE = 16

_END = re.compile(r"(INPUT|OUTPUT)\s*\(\s*([^\s(),=]+)\s*\)$", re.IGNORECASE)
_GATE = re.compile(r"([^\s(),=]+)\s*=\s*(?:([A-Za-z]+)\s*(0[xX][0-9a-fA-F]+)?\s*\(([^()]*)\)|(\w+))$")


@dataclass(frozen=True)
class _Gate:
    line: int
    name: str
    table: int
    reads: tuple[str, ...]


def read(text: str, name: str = "circuit") -> Circuit:
    """The circuit of a file's contents; ``name`` is what it is called. Raises FileFault PB0811 with the line."""
    inputs, outputs, gates = _parsed(text)
    state = {signal: gate for signal, gate in gates.items() if gate.name == "DFF"}
    builder = Builder(BIT, len(inputs), (0,) * len(state))
    wires = {signal: w for w, signal in enumerate((*inputs, *state))}

    def reads(signal: str) -> Sequence[str]:
        if signal in _CONSTANTS and signal not in gates:
            return ()
        if signal not in gates:
            raise _fault(None, f"`{signal}` is read, and nothing defines it")
        return gates[signal].reads

    def make(signal: str) -> int:
        if signal not in gates:
            return builder.gate(_CONSTANTS[signal])
        return _made(gates[signal], [wires[s] for s in gates[signal].reads], builder)

    following = [gate.reads[0] for gate in state.values()]
    make_in_order((*outputs, *following), wires, reads, make,
                  lambda signal: _fault(gates[signal].line, f"`{signal}` depends on itself"))  # fmt: skip
    names = Names(tuple(inputs), tuple(state), tuple(outputs))
    return builder.circuit([wires[s] for s in outputs], [wires[s] for s in following], names, name)


def _parsed(text: str) -> tuple[dict[str, None], list[str], dict[str, _Gate]]:
    """Inputs, outputs and gates by their signals."""
    inputs: dict[str, None] = {}
    outputs: list[str] = []
    gates: dict[str, _Gate] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        end, gate = _END.match(words), _GATE.match(words)
        if end is None and gate is None:
            raise _fault(number, f"`{words[:40]}` is no line such as INPUT(a), OUTPUT(y) or y = NAND(a, b)")
        if end is not None and end[1].upper() == "OUTPUT":
            outputs.append(end[2])
            continue
        signal = end[2] if end is not None else gate[1] if gate is not None else ""
        if signal in inputs or signal in gates:
            raise _fault(number, f"`{signal}` is defined again")
        if end is not None:
            inputs[signal] = None
        elif gate is not None:
            gates[signal] = _gate(number, gate)
    return inputs, outputs, gates


def _gate(line: int, match: re.Match[str]) -> _Gate:
    if match[5] is not None:  # y = vdd
        if match[5] not in _CONSTANTS:
            raise _fault(line, f"`{match[5]}` is no constant, as vdd and gnd are")
        return _Gate(line, "BUF", 0, (match[5],))
    name, reads = match[2].upper(), tuple(w for w in (word.strip() for word in match[4].split(",")) if w)
    if name == "LUT":
        if match[3] is None or len(reads) > _MOST_IN_A_TABLE or int(match[3], 16) >> (1 << len(reads)):
            raise _fault(line, f"a table over {len(reads)} signals is a number of {1 << min(len(reads), 20)} bits, 0x…")
        return _Gate(line, name, int(match[3], 16), reads)
    if name == "DFFRSE":
        if len(reads) != 5 or any(_CONSTANTS.get(signal) != ZERO for signal in reads[1:]):
            raise _fault(line, "a flip-flop with reset, set and enables can be read only where they are gnd")
        name, reads = "DFF", reads[:1]
    if name not in _GATES and name != "DFF":
        raise _fault(line, f"there is no gate `{match[2]}`", suggestion(name, [*_GATES, "DFF", "LUT"]))
    if match[3] is not None or not reads or (name in _SINGLE and len(reads) != 1):
        raise _fault(line, f"`{match[2]}` reads {'one signal' if name in _SINGLE else 'signals'}, and not {len(reads)}")
    return _Gate(line, name, 0, reads)


def _made(gate: _Gate, wires: Sequence[int], builder: Builder) -> int:
    if gate.name == "LUT":  # the first signal is the lowest bit of the row
        rows = np.array([gate.table >> r & 1 for r in range(1 << len(wires))])
        return total([product(word, wires[::-1], builder) for word in irredundant(rows)], builder)
    op, inverted = _GATES[gate.name]
    wire = balanced(builder, op, wires)
    return builder.gate(NOT, wire) if inverted else wire


def _fault(line: int | None, what: str, hint: str | None = None) -> FileFault:
    where = f" (line {line})" if line is not None else ""
    return FileFault("PB0811", f"this does not read as BENCH: {what}{where}", hint=hint)
