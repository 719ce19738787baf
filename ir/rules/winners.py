"""Rules on choices that are zero but at one place: cotangents of max, min and of branches.

The reverse of ``max j: v[j]`` sends its cotangent to the winner alone: ``if j == w then z else 0`` for every j. Here the zeros
go: a product with such a choice is a choice, and a sum over j of one is its value at w. A sum of choices between sparse arrays
becomes a sparse array of such sums: the reverse of a branch inside a loop over an array that all iterations read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...core.objects import I64
from ..graph.construct import Construct
from ..graph.node import Node, Pool
from ..graph.substitute import substitute
from .rule import Rule


def _is_choice(node: Node) -> bool:
    return node.op == "select" and node.args[2].op == "zero" and node.is_scalar


def _linear_choice(pool: Pool, node: Node) -> Node | None:
    """f(if c then x else 0, y) = if c then f(x, y) else 0, for f linear in that argument."""
    if not node.is_scalar:
        return None
    places = (0, 1) if node.op == "mul" else (0,)
    for k in places:
        choice = node.args[k]
        if _is_choice(choice):
            c = Construct(pool)
            args = [choice.args[1] if j == k else a for j, a in enumerate(node.args)]
            value = pool.make(node.op, args, node.data, node.element)
            return c.select(choice.args[0], value, c.zero(node.element))
    return None


def _add_choices(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    if node.is_scalar and _is_choice(left) and _is_choice(right) and left.args[0] is right.args[0]:
        c = Construct(pool)
        total = pool.make(node.op, (left.args[1], right.args[1]), None, node.element)
        return c.select(left.args[0], total, c.zero(node.element))
    return None


def _winner(condition: Node, var: Node) -> Node | None:
    """The w of ``var == w``, where w is found before the loop over ``var``."""
    if condition.op != "eq":
        return None
    left, right = condition.args
    other = right if left is var else left if right is var else None
    return other if other is not None and var not in other.free else None


def _at(pool: Pool, value: Node, var: Node, w: Node) -> tuple[Node, Node, Node]:
    """``value`` at var = w, the place as a guarded index, and whether there is one (w is −1 where nothing won)."""
    c = Construct(pool)
    bound = var.args[0]
    if w.op == "var" and w.args[0] is bound:  # another loop's index over the same range is in it
        return substitute(pool, value, {var: w}), w, c.true()
    there = c.apply("and", c.apply("ge", w, c.integer(0)), c.apply("lt", w, bound))
    place = pool.make("guard", (w, bound, there), "proved", I64)
    return substitute(pool, value, {var: place}), place, there


def _sum_winner(pool: Pool, node: Node) -> Node | None:
    var, body = node.args
    if not _is_choice(body):
        return None
    c = Construct(pool)
    conditions = _conjuncts(body.args[0])
    for k, condition in enumerate(conditions):
        w = _winner(condition, var)
        if w is not None:
            value, _, there = _at(pool, _where(c, [*conditions[:k], *conditions[k + 1 :]], body.args[1]), var, w)
            return c.select(there, value, c.zero_like(node))
    return None


def _conjuncts(condition: Node) -> list[Node]:
    return [each for a in condition.args for each in _conjuncts(a)] if condition.op == "and" else [condition]


def _where(c: Construct, conditions: Sequence[Node], value: Node) -> Node:
    for condition in reversed(conditions):
        value = c.select(condition, value, c.zero_like(value))
    return value


def _sum_choice(pool: Pool, node: Node) -> Node | None:
    """Σ_i (if c then x else y) = Σ_i (if c then x else 0) + Σ_i (if c then 0 else y), for arrays with few places that are not
    zero: else whole arrays would be chosen between, and added, for every i."""
    var, body = node.args
    if body.op != "select" or body.is_scalar or var not in body.args[0].free:
        return None
    return _Summing(Construct(pool), var).of(body)


@dataclass(frozen=True)
class _Summing:
    """Σ_var (if condition then node else 0), the choice and the sum made where ``node`` is not zero; None if it may be so
    everywhere. What is met again is made once."""

    c: Construct
    var: Node
    made: dict[tuple[Node | None, Node], Node | None] = field(default_factory=dict)

    def of(self, node: Node, condition: Node | None = None) -> Node | None:
        key = condition, node
        if key not in self.made:
            self.made[key] = self._sum(node, condition)
        return self.made[key]

    def _sum(self, node: Node, condition: Node | None) -> Node | None:
        c, var = self.c, self.var
        if node.is_scalar:
            return c.reduce("sum", var, self._chosen(node, condition))
        match node.op:
            case "zero":
                return node
            case "onehot":
                size, k, value = node.args
                return self._placed(size, k, value, condition)
            case "sum" if var not in node.args[0].args[0].free:
                v, e = self._renamed(node, condition)
                part = self.of(e, condition)
                return part and c.reduce("sum", v, part)
            case "add":
                left, right = (self.of(a, condition) for a in node.args)
                return left and right and c.add(left, right)
            case "select":
                test, yes, no = node.args
                left, right = self.of(yes, self._and(condition, test)), self.of(no, self._and(condition, c.apply("not", test)))
                return left and right and c.add(left, right)
        return None

    def _placed(self, size: Node, k: Node, value: Node, condition: Node | None) -> Node | None:
        c, var = self.c, self.var
        if var in size.free | k.free:
            return c.reduce("sum", var, c.onehot(size, k, self._chosen(value, condition)))
        if value.op == "build" and var not in value.args[0].args[0].free:
            v, e = self._renamed(value, condition)
            part = self.of(e, condition)
            return part and c.onehot(size, k, c.build(v, part))
        part = self.of(value, condition)
        return part and c.onehot(size, k, part)

    def _chosen(self, node: Node, condition: Node | None) -> Node:
        return node if condition is None else self.c.select(condition, node, self.c.zero_like(node))

    def _and(self, condition: Node | None, test: Node) -> Node:
        return test if condition is None else self.c.apply("and", condition, test)

    def _renamed(self, loop: Node, condition: Node | None) -> tuple[Node, Node]:
        """A loop's variable and body, so that the loop may go outside of the sum and the choice."""
        v, e = loop.args
        around = {self.var} | (condition.free if condition else frozenset())
        if v not in around:
            return v, e
        fresh = self.c.var(v.args[0], around | e.free)
        return fresh, substitute(self.c.pool, e, {v: fresh})


def _build_winner(pool: Pool, node: Node) -> Node | None:
    """build j: build r: (if j == w then e else 0) = onehot(w, build r: e at j = w): rows that are all zero but one."""
    var, body = node.args
    inner, e = [], body
    while e.op == "build":
        inner.append(e.args[0])
        e = e.args[1]
    w = _winner(e.args[0], var) if inner and _is_choice(e) else None
    if w is None or any(v in w.free or var in v.free for v in inner):
        return None
    value, place, there = _at(pool, e.args[1], var, w)
    c = Construct(pool)
    row = c.select(there, value, c.zero_like(e))
    for v in reversed(inner):
        row = c.build(v, row)
    return c.onehot(var.args[0], place, row)


WINNERS = (
    Rule("linear-choice", ("mul", "neg", "div"), _linear_choice, "(if c then x else 0) * y = if c then x * y else 0"),
    Rule("add-choices", ("add", "sub"), _add_choices, "(if c then x else 0) + (if c then y else 0) = if c then x + y else 0"),
    Rule("sum-winner", ("sum",), _sum_winner, "sum j < n: (if j == w then e else 0) = if 0 <= w < n then e at j = w else 0"),
    Rule(
        "sum-choice",
        ("sum",),
        _sum_choice,
        "sum i: (if c then x else y) = (sum i: (if c then x else 0)) + (sum i: (if c then 0 else y)), for arrays",
    ),
    Rule(
        "build-winner",
        ("build",),
        _build_winner,
        "build j: build r: (if j == w then e else 0) = onehot(w, build r: e at j = w)",
    ),
)
