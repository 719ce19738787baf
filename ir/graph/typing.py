"""The type of a node from what it reads: what the text need not say, and what the verifier checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.objects import BOOL, I64, Scalar
from ...core.operation import Operation
from ...core.operations import OPERATIONS
from .node import IN_MEMORY, KINDS, REDUCTIONS, Node

NodeType = tuple[Scalar, tuple[Node, ...]]
"""Element and shape."""

UNTYPED = frozenset(("input", "constant", "zero", "carry", "cast", "element"))
"""Operators whose type does not follow from what they read: it is said."""


def infer(op: str, args: Sequence[Node], data: Any = None) -> NodeType | None:
    """The type of a node, or None where it does not follow from its arguments. Raises ValueError where they do not fit."""
    match op:
        case "size" | "loop" | "while":
            return I64, ()
        case "var":
            _scalar(args[0], I64, "the bound of a loop")
            return I64, ()
        case "index":
            if args[0].is_scalar:
                raise ValueError("an index into a number")
            _scalar(args[1], I64, "an index")
            return args[0].element, args[0].shape[1:]
        case "guard":
            _scalar(args[0], I64, "an index")
            _scalar(args[1], I64, "a size")
            _scalar(args[2], BOOL, "a path condition")
            return I64, ()
        case "assure":
            _scalar(args[1], BOOL, "what is assured")
            _scalar(args[2], BOOL, "a path condition")
            return args[0].element, args[0].shape
        case "onehot":
            _scalar(args[0], I64, "a size")
            _scalar(args[1], I64, "an index")
            return args[2].element, (args[0], *args[2].shape)
        case "build":
            return args[1].element, (args[0].args[0], *args[1].shape)
        case "select":
            _scalar(args[0], BOOL, "a condition")
            _alike(args[1], args[2])
            return args[1].element, args[1].shape
        case "add" if not args[0].is_scalar:
            _alike(*args)
            return args[0].element, args[0].shape
        case "keep" | "contract":
            if args[0].is_scalar:
                raise ValueError(f"`{op}` of a number")
            return args[0].element, args[0].shape
        case "get":
            return _result(args[0], data)
        case "call":
            return _applied(data, args)
    if op in REDUCTIONS:
        return _folded(KINDS.get(op, op), args[1])
    if op in UNTYPED:
        return None
    return _applied(op, args)


def arity(op: str) -> int | None:
    """How many arguments the operator reads; None where that varies (loops, guards) or there is no such operator."""
    if op in OPERATIONS:
        return OPERATIONS[op].arity
    if op in ("input", "size", "constant", "zero", "carry"):
        return 0
    if op in ("var", "get", *IN_MEMORY):
        return 1
    if op in ("index", "build", *REDUCTIONS):
        return 2
    return 3 if op == "onehot" else None


def _applied(op: str | Operation, args: Sequence[Node]) -> NodeType:
    operation = OPERATIONS.get(op) if isinstance(op, str) else op
    if operation is None:
        raise ValueError(f"no operator is called `{op}`")
    if any(not a.is_scalar for a in args):
        raise ValueError(f"`{operation.name}` of an array")
    return operation.typing([a.element for a in args], None), ()


def _folded(kind: str, body: Node) -> NodeType:
    if kind != "sum" and not body.is_scalar:
        raise ValueError(f"`{kind}` of arrays")
    if kind in ("all", "any"):
        _scalar(body, BOOL, f"what `{kind}` folds")
    return I64 if kind in ("argmax", "argmin") else body.element, body.shape


def _result(loop: Node, k: int) -> NodeType:
    """What result ``k`` of a loop is: a carry's type, or what its output kind makes of the body's."""
    if loop.op not in ("loop", "while"):
        raise ValueError(f"a result of {loop.op}, which is no loop")
    first, count = (0, loop.data) if loop.op == "while" else (1, loop.data.carries)
    outputs = 0 if loop.op == "while" else len(loop.data.kinds)
    if not 0 <= k < count + outputs:
        raise ValueError(f"result {k} of a loop that has {count + outputs}")
    if k < count:
        init = loop.args[first + count + k]
        return init.element, init.shape
    body, output = loop.args[1 + 2 * count + k], loop.data.kinds[k - count]
    return (body.element, (loop.args[0].args[0], *body.shape)) if output == "build" else _folded(output, body)


def _scalar(node: Node, element: Scalar, what: str) -> None:
    if node.element != element or node.shape:
        raise ValueError(f"{what} is {element}, not {describe(node)}")


def _alike(left: Node, right: Node) -> None:
    if left.element != right.element or len(left.shape) != len(right.shape):
        raise ValueError(f"{describe(left)} beside {describe(right)}")


def describe(node: Node) -> str:
    """Element and rank, for messages: `f64` or `f64[·, ·]`."""
    return str(node.element) + (f"[{', '.join('·' * len(node.shape))}]" if node.shape else "")
