"""How much work a value is: what decides between computing it again and keeping it."""

from __future__ import annotations

from ...core.operation import Operation
from ...core.operations import OPERATIONS
from ..graph.node import BINDERS, IN_MEMORY, Node

CHEAP = 12.0
"""Weight (in additions) up to which reading an element of an array is rather computing the element again."""

KEPT = 8.0
"""Weight from which a value that two loops need, or that a loop would compute again each time, is kept in memory."""

FAR = 24.0
"""The same for an array over the function's outermost loops: these are taken to be long, so it goes through memory, where a
store and a load take as long as that many additions in lanes."""

HOSTED = 10.0
"""The same where the later loop makes an array in whose memory the values can be kept (`passes/inplace.py`)."""

AGAIN = 3.0
"""Weight from which a real number is kept that a loop of some length would compute again in every iteration."""

SHORT = 4
"""Iterations up to which a loop of known length is not worth an array."""


TURN = 3.0
"""Weight of the remainder of a loop's variable: beside each other, iterations divide once."""


def weight(node: Node) -> float:
    """The weight of one node itself; a loop counts as more than anything."""
    if node.op in BINDERS or node.op == "get":
        return 1000.0
    if node.op == "mod" and _varies(node.args[0]) and _moves_evenly(node.args[0]) and not _varies(node.args[1]):
        return TURN
    operation = node.data if node.op == "call" else OPERATIONS.get(node.op)
    if isinstance(operation, Operation):
        return operation.cost.weight
    return {"index": 1.0, "onehot": 1.0, "guard": 1.0}.get(node.op, 0.0)


def _moves_evenly(node: Node) -> bool:
    """Whether an integer is loops' variables and what is added to them."""
    if node.op == "add":
        return all(map(_moves_evenly, node.args))
    if node.op == "sub":
        return _moves_evenly(node.args[0]) and not _varies(node.args[1])
    return node.op in ("var", "size", "constant", "input")


def _varies(node: Node) -> bool:
    return any(v.op == "var" for v in node.free)


def work(root: Node, var: Node) -> float:
    """The weight of everything under ``root`` that mentions ``var``; stops counting once it is clearly not cheap."""
    total, seen, stack = 0.0, {root}, [root]
    while stack and total <= 1000.0:
        node = stack.pop()
        if var not in node.free or node.op in IN_MEMORY:
            continue
        total += weight(node)
        for a in node.args:
            if a not in seen:
                seen.add(a)
                stack.append(a)
    return total


def is_cheap(root: Node, var: Node) -> bool:
    return work(root, var) <= CHEAP
