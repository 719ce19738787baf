"""Rules on arrays and sums: reading what was built, one-hots that vanish, sums of sparse cotangents becoming maps."""

from __future__ import annotations

from ..graph.construct import Construct
from ..graph.node import Node, Pool
from ..graph.substitute import substitute
from .finite import factor
from .rule import Rule
from .worth import is_cheap


def _index(pool: Pool, node: Node) -> Node | None:
    array, i = node.args
    c = Construct(pool)
    match array.op:
        case "build":
            var, body = array.args
            if i is var:
                return body
            if i.op == "var" or is_cheap(body, var):
                return substitute(pool, body, {var: i})
        case "zero":
            return c.zero(node.element, node.shape)
        case "add":
            return c.add(c.index(array.args[0], i), c.index(array.args[1], i))
        case "select":
            return c.select(array.args[0], c.index(array.args[1], i), c.index(array.args[2], i))
        case "onehot":
            _, k, value = array.args
            if k is i:
                return value
            return c.select(c.apply("eq", i, k), value, c.zero_like(value))
    return None


def _zero_body(pool: Pool, node: Node) -> Node | None:
    return Construct(pool).zero_like(node) if node.args[-1].op == "zero" else None


def _sum_onehot(pool: Pool, node: Node) -> Node | None:
    """Σ_i onehot(i, v_i) is the map of v; a one-hot whose place does not mention i comes out of the sum."""
    var, body = node.args
    if body.op != "onehot":
        return None
    size, k, value = body.args
    c = Construct(pool)
    if k is var and size is var.args[0]:
        return c.build(var, value)
    if var not in k.free and var not in size.free:
        return c.onehot(size, k, c.reduce("sum", var, value))
    return None


def _sum_add(pool: Pool, node: Node) -> Node | None:
    var, body = node.args
    if body.op != "add" or body.is_scalar:
        return None
    c = Construct(pool)
    return c.add(c.reduce("sum", var, body.args[0]), c.reduce("sum", var, body.args[1]))


def _sum_build(pool: Pool, node: Node) -> Node | None:
    """Σ_i build(j, e) = build(j, Σ_i e), taken only where Σ_i e then is no sum over i any more: else it is an accumulation."""
    var, body = node.args
    if body.op != "build":
        return None
    j, e = body.args
    if var in j.free:
        return None
    c = Construct(pool)
    if j in var.args[0].free:  # how often the sum runs is said by another j, from outside
        j = c.var(j.args[0], body.free | var.free)
        e = c.index(body, j)
    inner = c.reduce("sum", var, e)
    return None if _sums_over(inner, var) else c.build(j, inner)


def _sums_over(node: Node, var: Node) -> bool:
    """Whether a sum over the variable is among what the node is put together from; every node is looked at once."""
    seen, pending = {node}, [node]
    while pending:
        at = pending.pop()
        if at.op == "sum" and at.args[0] is var:
            return True
        if at.op in ("add", "build", "mul", "neg", "onehot", "select"):
            fresh = [a for a in at.args if a not in seen]
            seen.update(fresh)
            pending += fresh
    return False


def _sum_constant(pool: Pool, node: Node) -> Node | None:
    """Σ_{i<n} e = n · e where e does not mention i (0 for n = 0 even if e is infinite)."""
    var, body = node.args
    if var in body.free or not body.is_scalar:
        return None
    c = Construct(pool)
    bound = var.args[0]
    if body.element.is_weight:  # where the sum chooses, many are one; elsewhere they are counted one by one
        return c.select(c.apply("gt", bound, c.integer(0)), body, c.zero_like(body)) if body.element.kind != "logplus" else None
    times = bound if body.element.kind == "i64" else c.apply("cast", bound, to=body.element)
    if body.element.kind == "bool":
        return c.apply("and", c.apply("gt", bound, c.integer(0)), body)
    return c.select(c.apply("gt", bound, c.integer(0)), c.apply("mul", times, body), c.zero_like(body))


def _sum_factor(pool: Pool, node: Node) -> Node | None:
    """Σ_i a · e_i = a · Σ_i e_i: what is linear and common to all terms moves out of it (0 for n = 0 even if a is infinite)."""
    var, body = node.args
    c = Construct(pool)
    if body.op == "mul":
        for k, a in enumerate(body.args):
            if var not in a.free:
                return c.apply("mul", factor(c, a, var), c.reduce("sum", var, body.args[1 - k]))
    if body.op == "neg":
        return c.apply("neg", c.reduce("sum", var, body.args[0]))
    if body.op == "select" and var not in body.args[0].free and body.args[2].op == "zero":
        return c.select(body.args[0], c.reduce("sum", var, body.args[1]), c.zero_like(node))
    return None


def _onehot_zero(pool: Pool, node: Node) -> Node | None:
    return Construct(pool).zero_like(node) if node.args[2].op == "zero" else None


def _select_arrays(pool: Pool, node: Node) -> Node | None:
    """A choice between arrays is an array of choices; between a one-hot and nothing, a one-hot of a choice."""
    if node.is_scalar:
        return None
    condition, yes, no = node.args
    c = Construct(pool)
    for flip, hot, other in ((False, yes, no), (True, no, yes)):
        if hot.op == "onehot" and other.op == "zero":
            size, k, value = hot.args
            zero = c.zero_like(value)
            return c.onehot(size, k, c.select(condition, zero, value) if flip else c.select(condition, value, zero))
    if yes.op in ("build", "zero") or no.op in ("build", "zero"):
        if any(n.op in ("sum", "add", "onehot") for n in (yes, no)):
            return None
        return c.elementwise(yes, no, body=lambda a, b: c.select(condition, a, b), beside=[condition])
    return None


def _add_builds(pool: Pool, node: Node) -> Node | None:
    if node.is_scalar or any(a.op != "build" for a in node.args):
        return None
    c = Construct(pool)
    return c.elementwise(*node.args, body=c.add)


ARRAYS = (
    Rule("index", ("index",), _index, "(build v: e)[i] = e with v := i, and index distributes over 0, +, if, onehot"),
    Rule("zero-body", ("build", "sum"), _zero_body, "build v: 0 = 0, sum v: 0 = 0"),
    Rule("onehot-zero", ("onehot",), _onehot_zero, "onehot(i, 0) = 0"),
    Rule("sum-onehot", ("sum",), _sum_onehot, "sum i < n: onehot(n, i, v) = build i < n: v"),
    Rule("sum-add", ("sum",), _sum_add, "sum i: a + b = (sum i: a) + (sum i: b), for arrays"),
    Rule("sum-build", ("sum",), _sum_build, "sum i: build j: e = build j: sum i: e"),
    Rule("sum-factor", ("sum",), _sum_factor, "sum i: a * e = a * (sum i: e), i not in a"),
    Rule("sum-constant", ("sum",), _sum_constant, "sum i < n: e = n * e, i not in e"),
    Rule("select-arrays", ("select",), _select_arrays, "if c then a else b = build v: if c then a[v] else b[v]"),
    Rule("add-builds", ("add",), _add_builds, "(build v: a) + (build v: b) = build v: a + b"),
)
