"""What a sequential loop sums, taken apart: sparse contributions become stacked ones, or leave the loop.

    Σ_i onehot(i, v_i) = build i: v_i      Σ_i onehot(k, v_i) = onehot(k, Σ_i v_i)      Σ_i (a_i + b_i) = Σ_i a_i + Σ_i b_i

The rules on parallel sums say the same (`ir/rules/arrays.py`); here the sum is one output of a loop that has others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .construct import Construct
from .node import Node


@dataclass
class Outputs:
    """The outputs a loop over ``var`` really has; ``binders`` are its variable and carries."""

    c: Construct
    var: Node
    binders: frozenset[Node]
    kinds: list[str] = field(default_factory=list)
    bodies: list[Node] = field(default_factory=list)

    def take(self, kind: str, body: Node) -> Callable[[Sequence[Node]], Node]:
        """Note what an output needs; how it is made of the loop's outputs, in the order of ``bodies``."""
        if kind == "sum" and not body.is_scalar:
            match body.op:
                case "add":
                    left, right = (self.take(kind, part) for part in body.args)
                    return lambda made: self.c.add(left(made), right(made))
                case "onehot":
                    size, k, value = body.args
                    if k is self.var and size is self.var.args[0]:
                        return self.take("build", value)
                    if k.free.isdisjoint(self.binders) and size.free.isdisjoint(self.binders):
                        inner = self.take(kind, value)
                        return lambda made: self.c.onehot(size, k, inner(made))
        place = len(self.bodies)
        self.kinds.append(kind)
        self.bodies.append(body)
        return lambda made: made[place]
