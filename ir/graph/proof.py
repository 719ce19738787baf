"""Index proofs on the graph: integer nodes as polynomials, loop variables as ranges, path conditions as facts.

A sum or product modulo 2⁶⁴ that is proved to be an index is that index. But what is compared or divided must not have
wrapped before, and is taken for its polynomial only where it cannot have (`ends.py`)."""

from __future__ import annotations

from ...core.ranges import Range, nonnegative
from ...core.sizes import ZERO, Size, atom, size
from .ends import Ends, narrowed
from .node import Node, Pool


class Prover:
    """Polynomials of integer nodes (kept), and the questions asked about them."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.known: dict[Node, Size] = {}
        self.atoms: dict[str, Node] = {}
        self.facts: dict[Node | None, list[Size]] = {}
        self.answers: dict[tuple[Node, Node, Node | None, tuple[Node, ...]], bool] = {}
        self.dividends = Ends(longest=2**31)
        """Longer than this is nothing of which a packed triangle, d·(d - 1)/2, has room."""

    def polynomial(self, node: Node) -> Size:
        """The integer node as a polynomial over its non-polynomial parts."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self._polynomial(node)
        return found

    def _polynomial(self, node: Node) -> Size:
        args = node.args
        match node.op:
            case "constant":
                return size(int(node.data))
            case "zero":
                return ZERO
            case "add":
                return self.polynomial(args[0]) + self.polynomial(args[1])
            case "sub":
                return self.polynomial(args[0]) - self.polynomial(args[1])
            case "neg":
                return -self.polynomial(args[0])
            case "mul":
                return self.polynomial(args[0]) * self.polynomial(args[1])
            case "floordiv" if args[1].op == "constant" and args[1].data > 0 and self.dividends.exact(args[0]):
                return self.polynomial(args[0]) // int(args[1].data)
            case "guard" | "assure":
                pass
        name = f"{node.op}.{node.id}"
        self.atoms[name] = node
        return atom(name)

    def in_range(self, index: Node, bound: Node, path: Node | None, entered: tuple[Node, ...] = ()) -> bool:
        """Whether 0 ≤ index < bound is proved wherever control reaches, under the condition ``path`` and inside of loops with
        these bounds."""
        question = (index, bound, path, entered)
        if question not in self.answers:
            i, n, facts = self.polynomial(index), self.polynomial(bound), self._facts(path) + self._entered(entered)
            own = index.op == "var" and index.args[0] is bound
            self.answers[question] = own or (self._nonnegative(i, facts) and self._nonnegative(n - 1 - i, facts))
        return self.answers[question]

    def positive(self, value: Node, path: Node | None, entered: tuple[Node, ...] = ()) -> bool:
        """Whether 0 < value is proved, as ``in_range`` proves."""
        return self._is_positive(value, self._facts(path) + self._entered(entered))

    def _is_positive(self, value: Node, facts: list[Size]) -> bool:
        return self.dividends.exact(value) and self._nonnegative(self.polynomial(value) - 1, facts)

    def _entered(self, bounds: tuple[Node, ...]) -> list[Size]:
        """A loop that runs at all has a bound above 0."""
        return [self.polynomial(b) - 1 for b in bounds if self.dividends.exact(b)]

    def _nonnegative(self, value: Size, facts: list[Size]) -> bool:
        for side in (0, 1):
            ranges = self._ranges(value, facts, side)
            if ranges is not None and nonnegative(value, ranges):
                return True
        return False

    # -- facts from the path condition ---------------------------------------------------------------------------
    def _facts(self, path: Node | None) -> list[Size]:
        """Polynomials that are ≥ 0 where the path condition holds."""
        if path not in self.facts:
            comparisons = self._comparisons(path)
            ends = narrowed(comparisons)
            self.facts[path] = [
                fact for c in comparisons if all(map(ends.exact, c.args)) for fact in self._fact(c)
            ]  # fmt: skip
        return self.facts[path]

    def _fact(self, comparison: Node) -> list[Size]:
        left, right = (self.polynomial(a) for a in comparison.args)
        match comparison.op:
            case "lt":
                return [right - left - 1]
            case "le":
                return [right - left]
            case "gt":
                return [left - right - 1]
            case "ge":
                return [left - right]
        return [left - right, right - left]

    def _comparisons(self, path: Node | None) -> list[Node]:
        """The comparisons of integers that the path condition is a conjunction of."""
        found: list[Node] = []
        waiting = [path] if path is not None else []
        while waiting:
            node = waiting.pop()
            if node.op == "and":
                waiting.extend(node.args)
            elif node.op in ("lt", "le", "gt", "ge", "eq") and node.args[0].element.is_integer:
                found.append(node)
            elif node.op == "not" and node.args[0].op in _OPPOSITE and node.args[0].args[0].element.is_integer:
                waiting.append(self.pool.intern(_OPPOSITE[node.args[0].op], node.args[0].args, None, node.element))
            elif node.op == "ne" and node.args[0].element.is_integer:
                (low, high), (least, most) = map(Ends().of, node.args)
                if low == most or high == least:  # not at the end that they have in common
                    found.append(self.pool.intern("gt" if low == most else "lt", node.args, None, node.element))
        return found

    def at_least(self, one: Node, other: Node, path: Node | None) -> bool:
        """Whether one integer is proved to be as great as another wherever control reaches, under the condition ``path``."""
        ends = narrowed(self._comparisons(path))
        if not (ends.exact(one) and ends.exact(other)):
            return False
        return self._nonnegative(self.polynomial(one) - self.polynomial(other), self._facts(path))

    # -- ranges of the atoms ---------------------------------------------------------------------------------------
    def _ranges(self, value: Size, facts: list[Size], side: int) -> list[Range] | None:
        """The ranges of all atoms met, innermost first; None if one has no range at all. Where a loop runs below the least
        of two bounds, it runs below each: ``side`` says which is taken."""
        found: dict[str, Range] = {}
        depth: dict[str, int] = {}

        def visit(name: str) -> int:
            if name in depth:
                return depth[name]
            depth[name] = 0
            low, high = self._tightened(name, self._limits(name, side, facts), facts)
            if low is None or not known(low):
                del depth[name]
                raise LookupError(name)
            if high is not None and not known(high):
                high = None
            inner = {a for end in (low, high) if end is not None for a in end.atoms}
            found[name] = Range(name, low, high)
            depth[name] = 1 + max((depth[a] for a in inner), default=0)
            return depth[name]

        def known(end: Size) -> bool:
            """Whether every atom of an end has a range of its own; one of which nothing is known bounds nothing."""
            try:
                return all(visit(a) >= 0 for a in sorted(end.atoms))
            except LookupError:
                return False

        try:
            for name in sorted(value.atoms):
                visit(name)
        except LookupError:
            return None
        if any(depth[a] >= depth[r.name] for r in found.values() for end in (r.low, r.high) if end for a in end.atoms):
            return None  # facts bound two atoms by each other: no order to eliminate them in
        return sorted(found.values(), key=lambda r: (-depth[r.name], r.name))

    def _limits(self, name: str, side: int, facts: list[Size]) -> tuple[Size | None, Size | None]:
        node = self.atoms[name]
        if node.op == "assure":
            node = node.args[0]
        match node.op:
            case "var":
                return ZERO, self.polynomial(_reached(node.args[0], side)) - 1
            case "size":
                return ZERO, None
            case "guard":
                return (ZERO, self.polynomial(node.args[1]) - 1) if node.args[2].op == "constant" else (None, None)
            case "max":
                for least in node.args:
                    if least.op == "constant" and least.data >= 0:
                        return size(int(least.data)), None
            case "mod" if self._is_positive(node.args[1], facts):
                return ZERO, self.polynomial(node.args[1]) - 1
            case "cast" if node.args[0].element.modulus is not None:
                return ZERO, size(node.args[0].element.modulus - 1)
            case "cast" if node.args[0].element.kind in ("bool", "bit"):
                return ZERO, size(1)
        return None, None

    def _tightened(
        self, name: str, limits: tuple[Size | None, Size | None], facts: list[Size]
    ) -> tuple[Size | None, Size | None]:
        """Take ends from facts name ≥ r or name ≤ r, where r is made of older atoms: so that ends never go in a circle."""
        low, high = limits
        here = self.atoms[name]
        for fact in facts:
            coefficient = dict(fact.terms).get(((name, 1),))
            rest = fact - atom(name) * int(coefficient or 0)
            if coefficient not in (1, -1) or name in rest.atoms or any(self.atoms[a].id >= here.id for a in rest.atoms):
                continue
            if coefficient == 1 and (
                low is None or low == ZERO or ((low - -rest).constant is not None and (low - -rest).constant < 0)
            ):
                low = -rest
            if coefficient == -1:
                high = rest
        return low, high


def _reached(bound: Node, side: int) -> Node:
    """A bound as it is where the loop is entered: then max(e, 0) is e, and min(a, b) is at most either of them."""
    while bound.op in ("max", "min"):
        floor = next((k for k, a in enumerate(bound.args) if a.op == "constant" and a.data <= 0), None)
        if bound.op == "max" and floor is None:
            break
        bound = bound.args[side if floor is None else 1 - floor]
    return bound


_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
