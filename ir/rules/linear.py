"""Linear maps move out of sums: Σ_i A v_i = A (Σ_i v_i), where the map is written as loops over its matrix.

The cotangent of a matrix shared by all terms arrives as ``sum i: build a: sum b: onehot(b, m[a, b] * v[i, a])``: each term
is spread over a variable ``b`` that ``v`` does not mention. Summing ``v`` first spreads once instead of once for each i.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from ..graph.construct import Construct
from ..graph.node import Node, Pool
from .finite import factor
from .rule import Rule


@dataclass(frozen=True)
class _Leaf:
    """A scalar contribution to an array: ``binders`` are the variables around it, outermost first, and ``around`` makes
    the array again of another scalar in its place."""

    value: Node
    binders: tuple[Node, ...]
    around: Callable[[Node], Node]


def _sum_linear(pool: Pool, node: Node) -> Node | None:
    var, body = node.args
    if body.is_scalar:
        return None
    c = Construct(pool)
    leaves = list(islice(_leaves(c, body, var, (), lambda n: n), _MOST + 1))
    if len(leaves) > _MOST:
        return None
    narrow = {_moving(c, leaf.value, var) for leaf in leaves if _is_spread(c, leaf, var)}
    if not narrow:
        return None
    total = c.zero_like(node)
    for leaf in leaves:  # a sum that is made for one contribution serves every other that is linear in it
        product = _moving(c, leaf.value, var) if leaf.value.is_scalar else leaf.value
        there = product in narrow and _is_rectangle(leaf, _kept(leaf, product))
        total = c.add(total, leaf.around(_moved(c, leaf, var)) if there else c.reduce("sum", var, leaf.around(leaf.value)))
    return total


_MOST = 32
"""Contributions, and factors of one, up to which a sum is taken apart: values share parts, and paths to them can be many."""


def _leaves(
    c: Construct, node: Node, var: Node, binders: tuple[Node, ...], around: Callable[[Node], Node]
) -> Iterator[_Leaf]:
    """The contributions to an array, as far as where they go does not depend on ``var``; one that is spread stays whole."""
    match node.op:
        case "add" if not node.is_scalar or all(v in node.free for v in binders):
            for a in node.args:
                yield from _leaves(c, a, var, binders, around)
        case "build" if _is_fixed(node.args[0], var, binders):
            v, e = node.args
            yield from _leaves(c, e, var, (*binders, v), lambda n: around(c.build(v, n)))
        case "sum" if not node.is_scalar and _is_fixed(node.args[0], var, binders):
            v, e = node.args
            yield from _leaves(c, e, var, (*binders, v), lambda n: around(c.reduce("sum", v, n)))
        case "onehot" if var not in node.args[0].free | node.args[1].free:
            size, k, e = node.args
            yield from _leaves(c, e, var, binders, lambda n: around(c.onehot(size, k, n)))
        case _:
            yield _Leaf(node, binders, around)


def _is_fixed(v: Node, var: Node, binders: tuple[Node, ...]) -> bool:
    return v is not var and v not in binders and var not in v.args[0].free


def _moving(c: Construct, value: Node, var: Node) -> Node:
    """The product of those factors of ``value`` that mention ``var``."""
    moving = [f for f in _factors(value)[0] if var in f.free]
    product = moving[0] if moving else value
    for f in moving[1:]:
        product = c.apply("mul", product, f)
    return product


def _kept(leaf: _Leaf, product: Node) -> tuple[Node, ...]:
    return tuple(v for v in leaf.binders if v in product.free)


def _is_spread(c: Construct, leaf: _Leaf, var: Node) -> bool:
    """Whether what moves does without one of the variables around it."""
    if not leaf.value.is_scalar or var not in leaf.value.free:
        return False
    kept = _kept(leaf, _moving(c, leaf.value, var))
    return len(kept) < len(leaf.binders) and _is_rectangle(leaf, kept)


def _is_rectangle(leaf: _Leaf, kept: tuple[Node, ...]) -> bool:
    return not any(v.args[0].free & set(leaf.binders) for v in kept)


def _moved(c: Construct, leaf: _Leaf, var: Node) -> Node:
    """a · (Σ v)[…] for a leaf a · v in which ``var`` is in v alone."""
    factors, negative = _factors(leaf.value)
    array = _moving(c, leaf.value, var)
    kept = _kept(leaf, array)
    for v in reversed(kept):
        array = c.build(v, array)
    value = c.reduce("sum", var, array)
    for v in kept:
        value = c.index(value, v)
    for f in factors:
        value = value if var in f.free else c.apply("mul", factor(c, f, var), value)
    return c.apply("neg", value) if negative else value


def _factors(node: Node) -> tuple[list[Node], bool]:
    """The factors of a product, and whether it is taken negative; what has very many is one factor."""
    factors, negative, waiting = list[Node](), False, [node]
    while waiting:
        factor = waiting.pop()
        if factor.op == "neg":
            negative = not negative
        if factor.op in ("neg", "mul"):
            waiting += reversed(factor.args)
        else:
            factors.append(factor)
        if len(factors) + len(waiting) > _MOST:
            return [node], False
    return factors, negative


LINEAR = (Rule("sum-linear", ("sum",), _sum_linear, "sum i: build a: m[a] * v[i] = build a: m[a] * (sum i: v[i])"),)
