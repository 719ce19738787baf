"""A second algebra for the tests: it records what is applied, so that rules can be differentiated again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pullback.core.algebra import NumpyAlgebra, Value
from pullback.core.objects import Scalar
from pullback.core.operation import Undefined
from pullback.core.semiring import semiring


@dataclass(frozen=True, eq=False)
class Node:
    value: Value
    name: str = ""
    args: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Tape:
    """Records nodes in order of application."""

    numpy: NumpyAlgebra
    nodes: list[Node] = field(default_factory=list)

    def leaf(self, array: Any, scalar: Scalar) -> Node:
        return self._record(Node(self.numpy.value(array, scalar)))

    def constant(self, value: float | int | bool, like: Scalar) -> Node:
        return self.leaf(value, like)

    def object(self, handle: Node) -> Scalar:
        return handle.value.object

    def apply(self, name: str, *args: Node, to: Scalar | None = None) -> Node:
        return self._record(Node(self.numpy.apply(name, *(a.value for a in args), to=to), name, args))

    def _record(self, node: Node) -> Node:
        self.nodes.append(node)
        return node


def gradient(tape: Tape, out: Node, wrt: Sequence[Node], cotangent: Node | None = None) -> list[Node | None]:
    """The cotangents of ``wrt``, themselves on the tape; None is a structural zero. Raises ValueError on Undefined."""
    scalar = tape.object(out)
    cotangents: dict[int, Node] = {id(out): cotangent or tape.constant(semiring(scalar).one, scalar)}
    position = next(k for k, node in enumerate(tape.nodes) if node is out)
    for node in reversed(tape.nodes[: position + 1]):
        arrived = cotangents.get(id(node))
        if not node.name or arrived is None:
            continue
        pulled = tape.numpy.operations[node.name].pull(tape, node.args, node, arrived)
        if isinstance(pulled, Undefined):
            raise ValueError(pulled.reason)
        for argument, part in zip(node.args, pulled, strict=True):
            if part is not None:
                before = cotangents.get(id(argument))
                cotangents[id(argument)] = part if before is None else tape.apply("add", before, part)
    return [cotangents.get(id(node)) for node in wrt]
