"""Rules on scalar operations: units, structural zeros, constants, and the laws of Z2."""

from __future__ import annotations

import numpy as np

from ...core.operations import OPERATIONS
from ...core.semiring import semiring
from ..graph.construct import Construct
from ..graph.node import Node, Pool
from .rule import Rule

_FOLDABLE = frozenset(
    (
        "add",
        "sub",
        "mul",
        "neg",
        "div",
        "min",
        "max",
        "floordiv",
        "mod",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
        "and",
        "or",
        "not",
        "xor",
        "select",
        "cast",
        "abs",
        "carrier",
        "element",
    )
)


def _is_zero(node: Node) -> bool:
    return node.op == "zero"


def _is_one(node: Node) -> bool:
    return node.op == "constant" and node.data == semiring(node.element).one and not isinstance(node.element, str)


def _is_true(node: Node) -> bool:
    return node.op == "constant" and node.data is True


def _is_false(node: Node) -> bool:
    return (node.op == "constant" and node.data is False) or node.op == "zero"


def _add_zero(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    return right if _is_zero(left) else left if _is_zero(right) else None


def _mul_zero(pool: Pool, node: Node) -> Node | None:
    return Construct(pool).zero_like(node) if any(_is_zero(a) for a in node.args) else None


def _mul_one(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    return right if _is_one(left) else left if _is_one(right) else None


def _linear_zero(pool: Pool, node: Node) -> Node | None:
    zero = node.args[0]
    same = semiring(zero.element).zero == semiring(node.element).zero  # a cast carries the zero of one semiring to another's
    return Construct(pool).zero_like(node) if _is_zero(zero) and same else None


def _sub_zero(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    if _is_zero(right):
        return left
    return Construct(pool).apply("neg", right) if _is_zero(left) else None


def _neg_neg(pool: Pool, node: Node) -> Node | None:
    return node.args[0].args[0] if node.args[0].op == "neg" else None


def _add_neg(pool: Pool, node: Node) -> Node | None:
    if not node.is_scalar:
        return None
    for k, a in enumerate(node.args):
        if a.op == "neg":
            return Construct(pool).apply("sub", node.args[1 - k], a.args[0])
    return None


def _sub_neg(pool: Pool, node: Node) -> Node | None:
    right = node.args[1]
    return Construct(pool).apply("add", node.args[0], right.args[0]) if right.op == "neg" else None


def _mul_neg(pool: Pool, node: Node) -> Node | None:
    for k, a in enumerate(node.args):
        if a.op == "neg":
            c = Construct(pool)
            return c.apply("neg", c.apply("mul", *(b.args[0] if j == k else b for j, b in enumerate(node.args))))
    return None


def _commute(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    if right.id >= left.id:
        return None
    return pool.make(node.op, (right, left), node.data, node.element, node.shape)


def _fold(pool: Pool, node: Node) -> Node | None:
    """Constants are computed, with the operation's own meaning; an integer division by zero is left to fail where it stands."""
    if not node.args or any(a.op not in ("constant", "zero") or a.shape for a in node.args):
        return None
    if node.op in ("floordiv", "mod") and not _value(node.args[1]):
        return None
    arrays = [np.asarray(_value(a), dtype=a.element.dtype) for a in node.args]
    value = OPERATIONS[node.op].meaning(node.element, *arrays)
    return Construct(pool).constant(value.item(), node.element)


def _value(node: Node) -> object:
    return semiring(node.element).zero if node.op == "zero" else node.data


def _select(pool: Pool, node: Node) -> Node | None:
    condition, yes, no = node.args
    if yes is no or _is_true(condition):
        return yes
    if _is_false(condition):
        return no
    return pool.make("select", (condition.args[0], no, yes), None, node.element, node.shape) if condition.op == "not" else None


def _select_again(pool: Pool, node: Node) -> Node | None:
    """The same question asked again inside a branch."""
    condition, yes, no = node.args
    if yes.op == "select" and yes.args[0] is condition:
        return pool.make("select", (condition, yes.args[1], no), None, node.element, node.shape)
    if no.op == "select" and no.args[0] is condition:
        return pool.make("select", (condition, yes, no.args[2]), None, node.element, node.shape)
    return None


def _select_boolean(pool: Pool, node: Node) -> Node | None:
    """A choice of truth values is a conjunction or a disjunction, in which facts for index proofs can be found."""
    condition, yes, no = node.args
    if node.element.kind != "bool":
        return None
    if _is_false(no):
        return Construct(pool).apply("and", condition, yes)
    return Construct(pool).apply("or", condition, no) if _is_true(yes) else None


def _and(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    if _is_false(left) or _is_false(right):
        return Construct(pool).constant(False, node.element)
    return right if _is_true(left) or left is right else left if _is_true(right) else None


def _or(pool: Pool, node: Node) -> Node | None:
    left, right = node.args
    if _is_true(left) or _is_true(right):
        return Construct(pool).constant(True, node.element)
    return right if _is_false(left) or left is right else left if _is_false(right) else None


def _not(pool: Pool, node: Node) -> Node | None:
    return node.args[0].args[0] if node.args[0].op == "not" else None


def _twice(pool: Pool, node: Node) -> Node | None:
    return Construct(pool).zero_like(node) if node.element.kind == "bit" and node.args[0] is node.args[1] else None


def _idempotent(pool: Pool, node: Node) -> Node | None:
    return node.args[0] if node.element.kind == "bit" and node.args[0] is node.args[1] else None


SCALARS = (
    Rule("fold-constants", tuple(sorted(_FOLDABLE)), _fold, "f(c) = the constant f(c)"),
    Rule("add-zero", ("add",), _add_zero, "0 + x = x"),
    Rule("mul-zero", ("mul",), _mul_zero, "0 * x = 0, for the structural zero"),
    Rule("mul-one", ("mul",), _mul_one, "1 * x = x"),
    Rule("linear-zero", ("neg", "cast", "div"), _linear_zero, "-0 = 0, 0 / x = 0, for the structural zero"),
    Rule("sub-zero", ("sub",), _sub_zero, "x - 0 = x, 0 - x = -x"),
    Rule("neg-neg", ("neg",), _neg_neg, "-(-x) = x"),
    Rule("add-neg", ("add",), _add_neg, "x + (-y) = x - y"),
    Rule("sub-neg", ("sub",), _sub_neg, "x - (-y) = x + y"),
    Rule("mul-neg", ("mul",), _mul_neg, "(-x) * y = -(x * y)"),
    Rule(
        "select-known",
        ("select",),
        _select,
        "if true then x else y = x; if c then x else x = x; if not c then x else y = if c then y else x",
    ),
    Rule("select-boolean", ("select",), _select_boolean, "if c then x else false = c and x, if c then true else x = c or x"),
    Rule("select-again", ("select",), _select_again, "if c then (if c then x else y) else z = if c then x else z"),
    Rule("and-known", ("and",), _and, "true and x = x, false and x = false, x and x = x"),
    Rule("or-known", ("or",), _or, "false or x = x, true or x = true, x or x = x"),
    Rule("not-not", ("not",), _not, "not not x = x"),
    Rule("bit-twice", ("add", "sub"), _twice, "x + x = 0 in Z2"),
    Rule("bit-idempotent", ("mul",), _idempotent, "x * x = x in Z2", phase="function"),
    Rule("commute", ("add", "mul"), _commute, "x + y = y + x, x * y = y * x: the older operand first"),
)
