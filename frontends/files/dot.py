"""DOT text, for Graphviz: gates as nodes with their polynomials, and inputs, state and outputs by name."""

from __future__ import annotations

from ...ir.circuit.circuit import Circuit, uses
from ...ir.circuit.text import polynomial
from .names import signals


def write(c: Circuit) -> str:
    """The circuit as a directed graph, left to right."""
    inputs, state, outputs = signals(c)
    lines = [f"digraph {_quoted(c.name)} {{", "  rankdir=LR;", '  node [fontname="Helvetica"];']
    lines += [f"  w{w} [label={_quoted(name)}, shape=plaintext];" for w, name in enumerate(inputs)]
    lines += [f"  w{c.inputs + k} [label={_quoted(name)}, shape=box];" for k, name in enumerate(state)]
    reads = zip(*(u.tolist() for u in uses(c)), strict=True)
    for w, (op, a, b, used) in enumerate(
        zip(c.op.tolist(), c.left.tolist(), c.right.tolist(), reads, strict=True), start=c.first
    ):
        lines.append(f"  w{w} [label={_quoted(polynomial(c.kinds[op], 'a', 'b'))}, shape=ellipse];")
        lines += [
            f"  w{x} -> w{w}{side};" for x, side, is_read in ((a, "", used[0]), (b, " [style=dashed]", used[1])) if is_read
        ]
    for k, (name, w) in enumerate(zip(outputs, c.outputs.tolist(), strict=True)):
        lines += [f"  o{k} [label={_quoted(name)}, shape=plaintext];", f"  w{w} -> o{k};"]
    lines += [f"  w{w} -> w{c.inputs + k} [constraint=false, color=gray];" for k, w in enumerate(c.next.tolist())]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
