"""Places by number: integer values of a graph, evaluated by NumPy for all values of some loop variables at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.operations import operation_of
from ...core.semiring import semiring
from ..graph.node import Node, topological


@dataclass(frozen=True)
class Numbers:
    """An integer, or one for every combination of the variables, and where it can be had at all.

    What lies outside its array stands under a condition that does not hold there, or stops the program when it is run."""

    value: Any
    there: Any = True


class Enumeration:
    """All combinations of loop variables, the last varying quickest; a bound may depend on variables before it.

    ``inputs``: the values of the graph's inputs; ``sizes``: of its sizes."""

    def __init__(self, inputs: Sequence[Any], sizes: Mapping[str, int], over: Sequence[Node]) -> None:
        self.inputs, self.sizes = inputs, sizes
        self.count = 1
        self.known: dict[Node, Numbers] = {}
        for var in over:
            self._open(var)

    def _open(self, var: Node) -> None:
        bounds = np.maximum(np.broadcast_to(self.numbers(var.args[0]).value, (self.count,)), 0)
        self.count, starts = int(bounds.sum()), np.cumsum(bounds) - bounds
        self.known = {n: Numbers(np.repeat(v.value, bounds)) for n, v in self.known.items() if n.op == "var"}
        self.known[var] = Numbers(np.arange(self.count) - np.repeat(starts, bounds))

    def places(self, index: Node, bound: int) -> Any:
        """An index for every combination, −1 where there is none in 0 … bound − 1."""
        found = self.numbers(index)
        value = np.broadcast_to(found.value, (self.count,))
        return np.where(found.there & (value >= 0) & (value < bound), value, -1)

    def numbers(self, root: Node) -> Numbers:
        for node in topological([root], self._needed):
            if node not in self.known:
                self.known[node] = self._evaluate(node)
        return self.known[root]

    def _needed(self, node: Node) -> tuple[Node, ...]:
        if node in self.known or node.op == "input":
            return ()
        if node.op == "index":
            return _chain(node)[1]
        return node.args[:1] if node.op in ("guard", "assure") else node.args

    def _evaluate(self, node: Node) -> Numbers:
        args = [self.known[a] for a in self._needed(node)]
        match node.op:
            case "constant":
                return Numbers(node.data)
            case "zero":
                return Numbers(semiring(node.element).zero)
            case "size":
                return Numbers(self.sizes[node.data])
            case "input":
                return Numbers(self.inputs[node.data[0]])
            case "guard" | "assure":
                return args[0]
            case "index":
                return self._index(_chain(node)[0], args)
        value = operation_of(node.op).meaning(node.element, *(np.asarray(a.value) for a in args))
        if node.op == "select":
            return Numbers(value, args[0].there & np.where(args[0].value, args[1].there, args[2].there))
        return Numbers(value, _all(args))

    def _index(self, base: Node, indices: Sequence[Numbers]) -> Numbers:
        """An element of an input; 0, which is nowhere, outside it."""
        array = np.asarray(self.inputs[base.data[0]])
        inside = _all(indices)
        for i, bound in zip(indices, array.shape, strict=True):
            inside = inside & (np.asarray(i.value) >= 0) & (np.asarray(i.value) < bound)
        if array.size == 0:
            return Numbers(0, False)
        return Numbers(array[tuple(np.where(inside, i.value, 0) for i in indices)], inside)


def _all(parts: Sequence[Numbers]) -> Any:
    there: Any = True
    for part in parts:
        there = there & part.there
    return there


def _chain(node: Node) -> tuple[Node, tuple[Node, ...]]:
    """The array at the bottom of a chain of indices, and the indices."""
    indices: list[Node] = []
    while node.op == "index":
        indices.insert(0, node.args[1])
        node = node.args[0]
    return node, tuple(indices)
