"""Structural Verilog: a module of assignments, with a clock where there is state."""

from __future__ import annotations

import re

from ...core.errors import FileFault
from ...core.objects import BIT
from ...ir.circuit.circuit import UNKNOWN, Circuit
from .names import signals

_WORDS = frozenset(
    [
        "always",
        "and",
        "assign",
        "begin",
        "buf",
        "case",
        "default",
        "edge",
        "else",
        "end",
        "endcase",
        "endmodule",
        "for",
        "function",
        "if",
        "initial",
        "inout",
        "input",
        "integer",
        "module",
        "nand",
        "negedge",
        "nor",
        "not",
        "or",
        "output",
        "parameter",
        "posedge",
        "real",
        "reg",
        "task",
        "time",
        "tri",
        "wire",
        "xnor",
        "xor",
    ]
)


def write(c: Circuit) -> str:
    """The circuit as a Verilog module (IEEE 1364-1995). Raises FileFault PB0812 for a circuit that is not over bit."""
    if c.ring != BIT:
        raise FileFault("PB0812", f"Verilog has circuits over bit only, and this one is over {c.ring}")
    inputs, state, outputs = (tuple(_identifier(n) for n in names) for names in signals(c))
    wires = [*inputs, *state, *(f"n{w}" for w in range(c.first, c.wires))]
    clock = ["clk"] if c.states else []
    lines = [f"module {_identifier(c.name)}({', '.join((*clock, *inputs, *outputs))});"]
    lines += [f"  input {name};" for name in (*clock, *inputs)] + [f"  output {name};" for name in outputs]
    lines += [f"  reg {name};" for name in state]
    for w, (op, a, b) in enumerate(zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), strict=True), start=c.first):
        lines.append(f"  wire n{w}; assign n{w} = {_expression(op, wires[a], wires[b])};")  # in one, ABC would not read it
    lines += [f"  assign {name} = {wires[w]};" for name, w in zip(outputs, c.outputs.tolist(), strict=True)]
    begin = [f"    {name} = 1'b{start};" for name, start in zip(state, c.start.tolist(), strict=True) if start != UNKNOWN]
    lines += ["  initial begin", *begin, "  end"] if begin else []
    if c.states:
        steps = [f"    {name} <= {wires[w]};" for name, w in zip(state, c.next.tolist(), strict=True)]
        lines += ["  always @(posedge clk) begin", *steps, "  end"]
    return "\n".join([*lines, "endmodule"]) + "\n"


def _expression(op: int, a: str, b: str) -> str:
    if op & 8:
        left, right = ("~" if op & 4 else "") + a, ("~" if op & 2 else "") + b
        flips = (op & 1) ^ (op >> 1 & op >> 2 & 1)
        return f"~({left} & {right})" if flips else f"{left} & {right}"
    terms = [n for n, bit in ((a, 2), (b, 4)) if op & bit]
    if not terms:
        return f"1'b{op & 1}"
    value = " ^ ".join(terms)
    return value if not op & 1 else f"~({value})" if len(terms) > 1 else f"~{value}"


def _identifier(name: str) -> str:
    """A name as Verilog writes it; one that is no plain identifier is escaped."""
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and name not in _WORDS else f"\\{name} "
