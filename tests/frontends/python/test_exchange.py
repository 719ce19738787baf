"""Circuits as graphs and as polynomials of SymPy, and back."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import pullback.circuits as public
from pullback.core.objects import BIT, Scalar
from pullback.frontends.python.exchange import from_networkx, from_sympy, to_networkx, to_sympy
from pullback.ir.circuit.canonical import canonical
from pullback.ir.circuit.circuit import XOR, Circuit, make
from pullback.ir.circuit.measure import depth
from pullback.ir.circuit.table import synthesise, tabulate
from pullback.testing import circuits

Z3 = Scalar("z", 3)


@given(st.sampled_from((BIT, Z3, Scalar("sat", 4))).flatmap(circuits))
def test_graphs_are_circuits_again(c: Circuit) -> None:
    graph = to_networkx(c)
    d = from_networkx(graph)
    assert canonical(d) == canonical(c)
    assert d.start.tolist() == c.start.tolist()
    assert networkx.is_directed_acyclic_graph(graph)


def test_graphs_are_for_analysis() -> None:
    c = make(BIT, 2, [XOR, XOR], [0, 2], [1, 0], [3])
    graph = to_networkx(c)
    assert networkx.dag_longest_path_length(graph) == depth(c)
    assert sorted(networkx.ancestors(graph, 3)) == [0, 1, 2]


def test_graphs_that_are_no_circuits_are_refused() -> None:
    graph = to_networkx(make(BIT, 2, [XOR, XOR], [0, 2], [1, 0], [3]))
    graph.remove_edge(2, 3)
    with pytest.raises(ValueError, match="does not get"):
        from_networkx(graph)
    graph.add_edge(3, 2, operands=(0,))
    graph.add_edge(2, 3, operands=(0,))
    with pytest.raises(ValueError, match="itself"):
        from_networkx(graph)


@settings(max_examples=25)
@given(st.sampled_from((BIT, Z3)), st.data())
def test_polynomials_are_circuits_again(ring: Scalar, data: st.DataObject) -> None:
    n = ring.modulus or 2
    table = np.array(data.draw(st.lists(st.integers(0, n - 1), min_size=n**2, max_size=n**2)))
    found = to_sympy(synthesise(table, ring), "function")
    np.testing.assert_array_equal(tabulate(from_sympy(found, found[0].gens, ring))[:, 0], table)
    x, y = found[0].gens
    assert all(found[0].eval({x: r // n, y: r % n}) % n == v for r, v in enumerate(table.tolist()))


def test_expressions_will_do() -> None:
    x, y = sympy.symbols("x y")
    c = from_sympy([(x + y) ** 2 - 1, 2], [x, y], Z3)
    assert c.names.inputs == ("x", "y")
    assert tabulate(c).tolist() == [[((r // 3 + r % 3) ** 2 - 1) % 3, 2] for r in range(9)]


def test_polynomials_are_over_fields() -> None:
    with pytest.raises(ValueError, match="no field"):
        to_sympy(make(Scalar("z", 4), 1, [], [], [], [0], kinds=()))
    with pytest.raises(ValueError, match="comparisons"):
        to_sympy(synthesise([1, 0, 0], Z3))


def test_the_public_names_are_there() -> None:
    assert dir(public) == sorted(public.__all__)
    for name in public.__all__:
        assert getattr(public, name) is not None
    with pytest.raises(AttributeError, match="nothing_such"):
        public.nothing_such  # noqa: B018
