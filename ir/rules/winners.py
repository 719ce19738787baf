"""Rules on choices that are zero but at one place: cotangents of max, min and of branches.

The reverse of ``max j: v[j]`` sends its cotangent to the winner alone: ``if j == w then z else 0`` for every j. Here the zeros
go: a product with such a choice is a choice, and a sum over j of one is its value at w.
"""

from __future__ import annotations

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
    w = _winner(body.args[0], var) if _is_choice(body) else None
    if w is None:
        return None
    value, _, there = _at(pool, body.args[1], var, w)
    c = Construct(pool)
    return c.select(there, value, c.zero_like(node))


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
        "build-winner",
        ("build",),
        _build_winner,
        "build j: build r: (if j == w then e else 0) = onehot(w, build r: e at j = w)",
    ),
)
