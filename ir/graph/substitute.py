"""Substitution of loop variables and carries: scope by scope, without capture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from ...core.objects import BOOL
from .node import Node, Pool, binders, conditions, outside

_CHECKS = frozenset(("guard", "assure"))


def substitute(pool: Pool, node: Node, values: Mapping[Node, Node]) -> Node:
    """``node`` with free variables replaced. A binder that would capture a replacement is renamed. What is checked for each
    value of a variable is checked for its replacement only under the paths of the guards that this is made of."""
    return _Substitution(pool, dict(values)).run(node)


def rebuild(pool: Pool, node: Node, change: Callable[[Node], Node], paths: Sequence[Node] = ()) -> Node:
    """The node with its arguments and shape changed, in normal form; a check only under more ``paths``."""
    if node.op in ("var",):
        return pool.intern("var", [change(node.args[0])], node.data)
    args = [change(a) for a in node.args]
    if node.op in _CHECKS:  # pinned to a variable, it is now pinned to those of what stands for it
        pins = [v for pin in args[3:] for v in ([pin] if pin.op in ("var", "carry") else sorted(pin.free))]
        args[3:] = dict.fromkeys(pins)
        for path in paths:
            args[2] = pool.make("and", (args[2], path), None, BOOL)
    return pool.make(node.op, args, node.data, node.element, [change(s) for s in node.shape])


class _Substitution:
    def __init__(self, pool: Pool, values: dict[Node, Node]) -> None:
        self.pool, self.values = pool, values
        self.done: dict[Node, Node] = dict(values)
        self.incoming: frozenset[Node] = frozenset().union(*(v.free for v in values.values()))

    @cached_property
    def paths(self) -> tuple[Node, ...]:
        """Under which the replacements of loop variables are in range: found when the first check is met."""
        return tuple(dict.fromkeys(p for var, v in self.values.items() if var.op == "var" for p in conditions(v)))

    def _touches(self, node: Node) -> bool:
        return not node.free.isdisjoint(self.values)

    def run(self, root: Node) -> Node:
        stack = [root]
        while stack:
            node = stack[-1]
            if node in self.done:
                stack.pop()
                continue
            if not self._touches(node):
                self.done[node] = node
                stack.pop()
                continue
            bound = binders(node)
            waiting = [a for a in (*(outside(node) if bound else node.args), *node.shape) if a not in self.done]
            if waiting:
                stack.extend(waiting)
                continue
            paths = self.paths if node.op in _CHECKS else ()
            self.done[node] = self._binder(node, bound) if bound else rebuild(self.pool, node, self.done.__getitem__, paths)
            stack.pop()
        return self.done[root]

    def _binder(self, node: Node, bound: tuple[Node, ...]) -> Node:
        renamed: dict[Node, Node] = {}
        for b in bound:
            new = self._rebound(b, node)
            if new is not b:
                renamed[b] = new
        inner = {k: v for k, v in self.values.items() if k not in bound} | renamed
        sub = _Substitution(self.pool, inner) if inner != self.values else self
        done = self.done

        def change(a: Node) -> Node:
            if a in bound:
                return renamed.get(a, a)
            return done[a] if a in fixed else sub.run(a)

        fixed = set(outside(node))
        args = [change(a) for a in node.args]
        shape = [done[s] for s in node.shape]
        return self.pool.make(node.op, args, node.data, node.element, shape)

    def _rebound(self, b: Node, node: Node) -> Node:
        """The binder as it must be: its bound or type substituted, and another if it would capture."""

        def value(x: Node) -> Node:
            return self.run(x)

        if b.op == "var":
            bound, k = value(b.args[0]), b.data
            new = self.pool.intern("var", [bound], k)
            while new in self.incoming or (new is not b and any(new in a.free for a in node.args)):
                k += 1
                new = self.pool.intern("var", [bound], k)
            return new
        shape = [value(s) for s in b.shape]
        (level, number) = b.data
        new = self.pool.intern("carry", (), b.data, b.element, shape)
        while new in self.incoming or (new is not b and any(new in a.free for a in node.args)):
            level += 1
            new = self.pool.intern("carry", (), (level, number), b.element, shape)
        return new
