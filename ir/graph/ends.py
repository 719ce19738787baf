"""Between which numbers an integer node lies, and whether its arithmetic is that of the integers.

Machine integers wrap. A proof about polynomials is one about the machine only where nothing on the way overflows, and
`k + l < n` says little of k + l where the sum may have gone beyond 2⁶³. Ends are found from below: of arrays there
can be no more elements than a machine has memory for; comparisons of the path condition narrow them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from ..unary.extents import LONGEST
from .node import Node

__all__ = ["Ends", "Interval", "narrowed"]

Interval = tuple[int, int]
"""The least and the greatest value, both included."""

class Ends:
    """Ends of nodes where they are known to lie within ``within``; ``longest`` is the longest axis there may be."""

    def __init__(self, within: Mapping[Node, Interval] | None = None, longest: int = LONGEST) -> None:
        self.within, self.longest = within or {}, longest
        self.found: dict[Node, Interval] = {}
        self.exactly: dict[Node, bool] = {}

    def of(self, node: Node) -> Interval:
        """The ends of the machine's value."""
        if node not in self.found:
            low, high = self._clipped(node, self._computed(node))
            least, most = self.within.get(node, (low, high))
            self.found[node] = (max(low, least), min(high, most))
        return self.found[node]

    def exact(self, node: Node) -> bool:
        """Whether the value is the one its sums, products and quotients have among the integers."""
        if node not in self.exactly:
            self.exactly[node] = node.op not in _ARITHMETIC or (
                self._clipped(node, self._computed(node)) == self._computed(node) and all(map(self.exact, node.args))
            )
        return self.exactly[node]

    @staticmethod
    def _clipped(node: Node, ends: Interval) -> Interval:
        """What overflows may be anything."""
        most = 2**31 if node.element.kind == "i32" else 2**63
        return ends if -most <= ends[0] and ends[1] < most else (-most, most - 1)

    def _computed(self, node: Node) -> Interval:
        """What the node does, done to intervals; more than any type holds where nothing is known."""
        args = node.args
        match node.op:
            case "constant":
                return int(node.data), int(node.data)
            case "zero":
                return 0, 0
            case "size":
                return 0, self.longest
            case "var":
                return 0, max(0, min(self.of(args[0])[1], 2 * self.longest) - 1)
            case "guard" if args[2].op == "constant":
                return 0, max(0, self.of(args[1])[1] - 1)
            case "guard" | "assure":
                return self.of(args[0])
            case "neg":
                low, high = self.of(args[0])
                return -high, -low
            case "add" | "sub" | "mul" | "max" | "min" if node.element.is_integer:
                return _OF_TWO[node.op](self.of(args[0]), self.of(args[1]))
            case "floordiv" if args[1].op == "constant" and args[1].data > 0:
                low, high = self.of(args[0])
                return low // args[1].data, high // args[1].data
            case "mod" if args[1].op == "constant" and args[1].data > 0:
                return 0, args[1].data - 1
            case "cast" if args[0].element.is_integer:
                return self.of(args[0])
            case "cast" if args[0].element.modulus is not None:
                return 0, args[0].element.modulus - 1
            case "cast" if args[0].element.kind in ("bool", "bit"):
                return 0, 1
        return _ANYTHING


def narrowed(comparisons: Iterable[Node]) -> Ends:
    """The ends of everything where these comparisons of integers hold. They are of machine values, so that each is good
    whatever overflows in its sides."""
    comparisons = list(comparisons)
    within: dict[Node, Interval] = {}
    for _ in range(3):  # what one narrows may narrow another
        ends = Ends(within)
        within = {}
        for comparison in comparisons:
            left, right = comparison.args
            (a, b), (c, d) = ends.of(left), ends.of(right)
            strict = comparison.op in ("lt", "gt")
            if comparison.op in ("lt", "le", "eq"):
                _narrow(within, left, (a, d - strict))
                _narrow(within, right, (a + strict, d))
            if comparison.op in ("gt", "ge", "eq"):
                _narrow(within, left, (c + strict, b))
                _narrow(within, right, (c, b - strict))
    return Ends(within)


def _narrow(within: dict[Node, Interval], node: Node, ends: Interval) -> None:
    low, high = within.get(node, ends)
    within[node] = (max(low, ends[0]), min(high, ends[1]))


def _add(x: Interval, y: Interval) -> Interval:
    return x[0] + y[0], x[1] + y[1]


def _sub(x: Interval, y: Interval) -> Interval:
    return x[0] - y[1], x[1] - y[0]


def _mul(x: Interval, y: Interval) -> Interval:
    corners = [a * b for a in x for b in y]
    return min(corners), max(corners)


def _max(x: Interval, y: Interval) -> Interval:
    return max(x[0], y[0]), max(x[1], y[1])


def _min(x: Interval, y: Interval) -> Interval:
    return min(x[0], y[0]), min(x[1], y[1])


_OF_TWO: Mapping[str, Callable[[Interval, Interval], Interval]] = MappingProxyType(
    {"add": _add, "sub": _sub, "mul": _mul, "max": _max, "min": _min}
)
_ARITHMETIC = ("add", "sub", "neg", "mul", "floordiv")
_ANYTHING = (-(2**64), 2**64)
