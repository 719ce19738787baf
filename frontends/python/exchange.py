"""Circuits as graphs of networkx and polynomials of SymPy, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...core.objects import BIT, Scalar
from ...core.semiring import semiring
from ...ir.circuit.build import Builder
from ...ir.circuit.canonical import Phase, canonical
from ...ir.circuit.circuit import BITS, NOTHING, Circuit, Compare, Kind, Names, make
from ...ir.circuit.levels import reads
from ...ir.circuit.normal import polynomials
from ...ir.circuit.text import polynomial
from ..files.names import signals

if TYPE_CHECKING:
    import networkx
    import sympy

__all__ = ["from_networkx", "from_sympy", "to_networkx", "to_sympy"]


def to_networkx(c: Circuit) -> networkx.DiGraph:
    """A graph with a node for each wire, and an edge from each wire that a gate depends on.

    A node has a ``role`` ("input", "state" or "gate"), its ``name`` or its gate as ``text`` and ``kind``; an edge the
    ``operands`` it is (0, 1 or both). The graph has the rest: ``ring``, ``start``, ``next``, ``outputs``, ``names``."""
    import networkx

    inputs, state, outputs = signals(c)
    graph = networkx.DiGraph(name=c.name, ring=str(c.ring), outputs=c.outputs.tolist(), next=c.next.tolist(),
                             start=c.start.tolist(), names=(inputs, state, outputs))  # fmt: skip
    graph.add_nodes_from((w, {"role": "input", "name": name}) for w, name in enumerate(inputs))
    graph.add_nodes_from((c.inputs + k, {"role": "state", "name": name}) for k, name in enumerate(state))
    left, right = (r.tolist() for r in reads(c))
    for wire, (op, a, b) in enumerate(zip(c.op.tolist(), left, right, strict=True), start=c.first):
        graph.add_node(wire, role="gate", kind=c.kinds[op], text=polynomial(c.kinds[op], "a", "b"))
        for operand, w in ((0, a), (1, b)):
            if w != NOTHING:
                graph.add_edge(w, wire, operands=(*graph.edges.get((w, wire), {}).get("operands", ()), operand))
    return graph


def from_networkx(graph: networkx.DiGraph) -> Circuit:
    """The circuit of a graph such as `to_networkx` makes; gates may have been added or taken away.

    Raises ValueError where a gate does not get the operands it needs, or depends on itself."""
    import networkx

    from ...core.objects import parse

    ring = parse(graph.graph["ring"])
    assert isinstance(ring, Scalar)
    roles = networkx.get_node_attributes(graph, "role")
    order = [[n for n in graph if roles[n] == role] for role in ("input", "state")]
    try:
        gates = [n for n in networkx.lexicographical_topological_sort(graph, key=str) if roles[n] == "gate"]
    except networkx.NetworkXUnfeasible:
        raise ValueError("a gate of the graph depends on itself") from None
    place = {n: w for w, n in enumerate((*order[0], *order[1], *gates))}
    kinds: dict[Kind, int] = {k: n for n, k in enumerate(BITS)} if ring == BIT else {}
    rows = []
    for gate in gates:
        operands = [NOTHING, NOTHING]
        for source, _, data in graph.in_edges(gate, data=True):
            for k in data["operands"]:
                operands[k] = place[source]
        kind = graph.nodes[gate]["kind"]
        needs = (True, True) if isinstance(kind, Compare) else (kind.left or kind.both, kind.right or kind.both)
        if any(need and w == NOTHING for need, w in zip(needs, operands, strict=True)):
            raise ValueError(f"the gate {gate!r}, {polynomial(kind, 'a', 'b')}, does not get what it reads")
        rows.append((kinds.setdefault(kind, len(kinds)), *operands))
    names = Names(tuple(graph.nodes[n]["name"] for n in order[0]), tuple(graph.nodes[n]["name"] for n in order[1]),
                  tuple(graph.graph["names"][2]))  # fmt: skip
    op, left, right = zip(*rows, strict=True) if rows else ((), (), ())
    return make(ring, len(order[0]), op, left, right, [place[n] for n in graph.graph["outputs"]], kinds=tuple(kinds),
                start=graph.graph["start"], next=[place[n] for n in graph.graph["next"]], names=names,
                name=graph.name or "circuit")  # fmt: skip


def to_sympy(c: Circuit, phase: Phase = "semiring") -> list[sympy.Poly]:
    """The polynomials of the outputs, then of the next state, over GF(p), in the circuit's names.

    In the phase "function" they are reduced by xᵖ = x, so that equal functions have equal polynomials. Raises ValueError over
    a semiring that is no field, and for comparisons in the phase "semiring"; TooManyTerms beyond 2¹⁴ of them."""
    import sympy

    p = _field(c.ring)
    if phase == "semiring" and any(isinstance(k, Compare) for k in canonical(c).kinds):
        raise ValueError("comparisons are polynomials in the phase `function` only")
    inputs, state, _ = signals(c)
    symbols = sympy.symbols([*inputs, *state]) if c.first else [sympy.Symbol("x")]
    found = []
    for terms in polynomials(c, phase):
        exponents = {tuple(m.count(w) for w in range(len(symbols))): coefficient for m, coefficient in terms.items()}
        found.append(sympy.Poly.from_dict(exponents or {(0,) * len(symbols): 0}, *symbols, modulus=p, symmetric=False))
    return found


def from_sympy(found: Sequence[Any], symbols: Sequence[sympy.Symbol], ring: Scalar = BIT, name: str = "circuit") -> Circuit:
    """A circuit of polynomials (`Poly` or expressions with integer coefficients) in these symbols, by Horner's rule.

    Raises ValueError for a semiring that is no field, and SymPy's errors for what is no polynomial in the symbols."""
    import sympy

    p, builder = _field(ring), Builder(ring, len(symbols))
    wires = []
    for each in found:
        poly = sympy.Poly(each.as_expr() if isinstance(each, sympy.Poly) else each, *symbols)
        terms = {exponents: int(coefficient) % p for exponents, coefficient in poly.terms()}
        wires.append(_horner(builder, {m: k for m, k in terms.items() if k}, 0))
    names = Names(tuple(str(s) for s in symbols))
    return canonical(builder.circuit(wires, names=names if symbols else None, name=name))


def _horner(b: Builder, terms: dict[tuple[int, ...], int], wire: int) -> int:
    """Of polynomials in the wires from ``wire`` on."""
    if not terms:
        return b.constant(0)
    if wire == len(next(iter(terms))):
        return b.constant(terms[(0,) * wire])
    by_power: dict[int, dict[tuple[int, ...], int]] = {}
    for m, coefficient in terms.items():
        by_power.setdefault(m[wire], {})[(*m[:wire], 0, *m[wire + 1 :])] = coefficient
    total = None
    for power in range(max(by_power), -1, -1):
        part = _horner(b, by_power[power], wire + 1) if power in by_power else None
        total = b.mul(total, wire) if total is not None else None
        total = part if total is None else total if part is None else b.add(total, part)
    assert total is not None
    return total


def _field(ring: Scalar) -> int:
    p = len(semiring(ring).elements or ())
    if not p or not semiring(ring).has_negation or any(p % k == 0 for k in range(2, int(p**0.5) + 1)):
        raise ValueError(f"{ring} is no field, as GF(p) is")
    return p
