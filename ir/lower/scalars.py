"""Scalar statements: the straight-line part of a scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...core.errors import Span
from ...core.objects import BOOL, I64, Scalar
from ...core.operation import External, Instruction, Operation
from ...core.operations import operation_of
from ...core.semiring import semiring
from ..graph.node import Node, conditions
from ..loops import nest
from .demand import base, carrier
from .scope import Scope

Handle = tuple[nest.Operand, Scalar]


class Scalars:
    """Writes scalar nodes as statements of a scope. Also an `Algebra` over operands, so that expansions run on it."""

    def __init__(self) -> None:
        self.counter = 0
        self.taken: set[str] = set()
        """Names that stand for parameters of the kernel."""
        self.sites: list[nest.Site] = []
        self.externs: list[nest.Extern] = []
        self.scope: Scope | None = None
        self.span: Span | None = None

    def fresh(self, stem: str) -> str:
        self.counter += 1
        while f"{stem}{self.counter}" in self.taken:
            self.counter += 1
        return f"{stem}{self.counter}"

    # -- Algebra -------------------------------------------------------------------------------------------------------
    def apply(self, op: str | Operation, *args: Handle, to: Scalar | None = None) -> Handle:
        operation = operation_of(op)
        objects = [kind for _, kind in args]
        result = operation.typing(objects, to)
        lowering = operation.lowering(objects, result)
        if isinstance(lowering, Instruction):
            return self._instruction(lowering.name, [operand for operand, _ in args], result), result
        if isinstance(lowering, External):
            return self._call(lowering, args, result), result
        value: Handle = lowering.rule(self, *args)
        return value

    def constant(self, value: float | int | bool, like: Scalar) -> Handle:
        return nest.Literal(value, carrier(like)), like

    def object(self, handle: Handle) -> Scalar:
        return handle[1]

    def _instruction(self, name: str, args: Sequence[nest.Operand], result: Scalar) -> nest.Operand:
        if name == "copy":
            return args[0]
        assert self.scope is not None
        target = self.fresh("t")
        self.scope.statements.append(nest.Let(target, carrier(result), name, tuple(args), self.span))
        return target

    def _call(self, code: External, args: Sequence[Handle], result: Scalar) -> nest.Operand:
        """A call of a function that is not ours; two of one name get names of their own in the kernel."""
        extern = next((e for e in self.externs if e.code is code), None)
        if extern is None:
            taken = [e.name for e in self.externs]
            name = next(n for n in (code.name, *(f"{code.name}.{k}" for k in range(1, len(taken) + 1))) if n not in taken)
            extern = nest.Extern(name, tuple(carrier(kind) for _, kind in args), carrier(result), code)
            self.externs.append(extern)
        assert self.scope is not None
        target = self.fresh("t")
        operands = tuple(operand for operand, _ in args)
        self.scope.statements.append(nest.Call(target, carrier(result), extern.name, operands, self.span))
        return target

    # -- nodes ---------------------------------------------------------------------------------------------------------
    def operand(self, scope: Scope, node: Node) -> nest.Operand:
        """The operand of a scalar node, after writing what it takes. Its productions must have run."""
        found = self._leaf(scope, node)
        if found is not None:
            return found
        saved, self.scope = self.scope, scope
        for n in self._pending(scope, node):
            if self._leaf(scope, n) is None:
                self.span = n.span
                scope.names[n] = self._write(scope, n)
        self.scope = saved
        return scope.names[node]

    def operands(self, scope: Scope, nodes: Iterable[Node]) -> tuple[nest.Operand, ...]:
        return tuple(self.operand(scope, n) for n in nodes)

    def _leaf(self, scope: Scope, node: Node) -> nest.Operand | None:
        if node.op == "constant":
            return nest.Literal(node.data, carrier(node.element))
        if node.op == "zero":
            return self.zero(node.element)
        return scope.name(node)

    @staticmethod
    def zero(element: Scalar) -> nest.Literal:
        return nest.Literal(semiring(element).zero, carrier(element))

    def _pending(self, scope: Scope, root: Node) -> list[Node]:
        """What is not written yet, in an order in which it can be."""
        order: list[Node] = []
        seen = {root}
        stack: list[tuple[Node, list[Node]]] = [(root, self._children(scope, root))]
        while stack:
            node, children = stack[-1]
            if children:
                child = children.pop(0)
                if child not in seen and self._leaf(scope, child) is None:
                    seen.add(child)
                    stack.append((child, self._children(scope, child)))
            else:
                order.append(node)
                stack.pop()
        return order

    def _children(self, scope: Scope, node: Node) -> list[Node]:
        stored = scope.stored(node)
        if stored is not None:
            return list(stored[1])
        if node.op == "index":
            _, indices = base(node)
            return [n for i in indices for n in (i, *conditions(i))]
        if node.op in ("guard", "assure"):
            return list(node.args[:3])
        return list(node.args)

    def _write(self, scope: Scope, node: Node) -> nest.Operand:
        stored = scope.stored(node)
        if stored is not None:
            return self._load(scope, node, stored[0], stored[1], ())
        match node.op:
            case "index":
                array, indices = base(node)
                buffer = scope.buffer(array)
                assert buffer is not None, f"{array} is read before it is made"
                return self._load(scope, node, buffer, indices, [p for i in indices for p in conditions(i)])
            case "guard":
                return self._guard(scope, node)
            case "assure":
                value, ok, path = (self.operand(scope, n) for n in node.args[:3])
                code, _, message = node.data.partition(" ")
                self._check(
                    scope,
                    (ok, BOOL),
                    (path, BOOL),
                    nest.Site(code, message, node.span),
                    nest.Literal(0, I64),
                    nest.Literal(0, I64),
                )
                return value
            case _:
                handles = [(self.operand(scope, a), a.element) for a in node.args]
                operand, _ = self.apply(node.data if node.op == "call" else node.op, *handles, to=node.element)
                return operand

    def _load(self, scope: Scope, node: Node, buffer: str, indices: Sequence[Node], paths: Sequence[Node]) -> str:
        when: nest.Operand | None = None
        for p in dict.fromkeys(paths):
            held = self.operand(scope, p)
            when = held if when is None else self._instruction("band", [when, held], BOOL)
        target = self.fresh("x")
        scope.statements.append(
            nest.Load(target, carrier(node.element), buffer, self.operands(scope, indices), when, node.span)
        )
        return target

    def _guard(self, scope: Scope, node: Node) -> nest.Operand:
        index, size, path = (self.operand(scope, n) for n in node.args[:3])
        if node.data != "proved":
            low = self.apply("ge", (index, I64), (nest.Literal(0, I64), I64))
            high = self.apply("lt", (index, I64), (size, I64))
            inside = self.apply("and", low, high)
            site = nest.Site("PB0701", "index outside its array", node.span)
            self._check(scope, inside, (path, BOOL), site, index, size)
        return index

    def _check(self, scope: Scope, ok: Handle, path: Handle, site: nest.Site, value: nest.Operand, bound: nest.Operand) -> None:
        if not (isinstance(path[0], nest.Literal) and path[0].value is True):
            ok = self.apply("or", ok, self.apply("not", path))
        if site not in self.sites:
            self.sites.append(site)
        scope.statements.append(nest.Check(ok[0], self.sites.index(site), value, bound))
