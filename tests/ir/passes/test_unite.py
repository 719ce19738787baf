"""Loops that run the same steps are one, with the outputs of all; but not where one needs what another gave."""

from __future__ import annotations

import pytest

from pullback.ir.graph.node import topological
from pullback.ir.graph.text import parse, show
from pullback.ir.graph.verify import verify
from pullback.ir.passes.unite import unite

LOOPS = """graph f [n] (x: f64[n]) {{
  i = var n
  %1 = carry 0, 0 : f64
  %2 = %1 * x[i]
  %3 = loop i carry %1: 1.0 -> %2
  %4 = %3.0
  %5 = %1 * {factor}
  %6 = loop i{backward} carry %1: 1.0 -> %2 give sum %5
  %7 = %6.1
}} -> %4, %7
"""


def loops(text: str) -> int:
    graph = unite(parse(text))
    verify(graph)
    assert show(parse(show(graph))) == show(graph)
    return sum(node.op == "loop" for node in topological(graph.results))


def test_the_same_steps_are_run_once() -> None:
    assert loops(LOOPS.format(factor="x[i]", backward="")) == 1


@pytest.mark.parametrize("factor, backward", [("%4", ""), ("x[i]", " backward")])
def test_what_another_gave_has_to_be_there_first(factor: str, backward: str) -> None:
    """A loop that goes through its range from the end runs other steps, too."""
    assert loops(LOOPS.format(factor=factor, backward=backward)) == 2
