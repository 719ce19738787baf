"""Lowering a graph to a kernel: each scope is planned, then its loops are written, each body a scope of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...core.depth import room
from ...core.objects import I64
from ..graph.construct import Construct
from ..graph.node import Graph, LoopData, Node, kind
from ..loops import nest
from ..passes import prepared
from ..passes.reuse import reuse
from ..rules.worth import FAR, HOSTED, KEPT
from .demand import Add, Fold, Item, Put, Set, Write, allocated, carrier, cell_start, is_heavy, reachable, reads, used_once
from .plan import STORED, Group, Plan, Planner, Production, accumulates
from .scalars import Scalars
from .scope import Scope
from .sequential import run_sequential


def lower(graph: Graph) -> nest.Kernel:
    """The kernel of a graph: inputs, sizes, outputs in order, and fused loops that compute them."""
    with room():  # a production may need another, and so on along the longest chain of loops
        return reuse(_Lowering(prepared(graph)).kernel())


class _Lowering:
    def __init__(self, graph: Graph) -> None:
        self.graph, self.pool = graph, graph.pool
        self.scalars = Scalars()
        self.c = Construct(graph.pool)
        self.outputs: dict[Node, str] = {}
        self.once = used_once(graph.results)
        self.decisions: list[nest.Decision] = []

    # -- the whole kernel ------------------------------------------------------------------------------------------------
    def kernel(self) -> nest.Kernel:
        graph, top = self.graph, Scope(None, frozenset())
        for name in graph.sizes:
            top.names[self.pool.intern("size", (), name)] = name
        named = _distinct([f"{node.data[1]}" for node in graph.inputs], graph.sizes)
        self.scalars.taken.update(graph.sizes, named)
        inputs: list[nest.Array | nest.Number] = []
        for name, node in zip(named, graph.inputs, strict=True):
            if node.is_scalar:
                top.names[node] = name
                inputs.append(nest.Number(name, carrier(node.element)))
            else:
                top.buffers[node] = name
        for node in graph.inputs:
            if not node.is_scalar:
                inputs.insert(
                    graph.inputs.index(node),
                    nest.Array(top.buffers[node], carrier(node.element), self.scalars.operands(top, node.shape)),
                )
        outputs, writes, arrays, copies = self._outputs(top)
        self.run(top, writes, arrays)
        top.statements += copies
        return nest.Kernel(
            graph.name, tuple(inputs), graph.sizes, tuple(outputs), tuple(top.statements),
            tuple(self.scalars.sites), tuple(self.scalars.externs), tuple(self.decisions),
        )

    def _outputs(
        self, top: Scope
    ) -> tuple[list[nest.Array | nest.Number], list[Write], list[Node], list[nest.Statement]]:
        """The outputs, and how they come about: written, made in place, or copied from another that is the same array."""
        outputs: list[nest.Array | nest.Number] = []
        writes: list[Write] = []
        arrays: list[Node] = []
        copies: list[nest.Statement] = []
        named = _distinct([f"out{k}" for k in range(len(self.graph.results))], sorted(self.scalars.taken))
        for name, node in zip(named, self.graph.results, strict=True):
            if node.is_scalar:
                outputs.append(nest.Number(name, carrier(node.element)))
                writes.append(Set(name, node))
                continue
            outputs.append(nest.Array(name, carrier(node.element), self.scalars.operands(top, node.shape)))
            if node in self.outputs:
                copies.append(nest.Copy(name, self.outputs[node]))
            elif node.op in STORED or _is_final_carry(node):
                writes.append(Put(name, (), node))
            else:
                self.outputs[node] = name
                arrays.append(node)
        return outputs, writes, arrays, copies

    # -- a scope ---------------------------------------------------------------------------------------------------------
    def run(self, scope: Scope, writes: Sequence[Write], arrays: Sequence[Node] = ()) -> None:
        """Write the statements of a scope that perform ``writes`` and make ``arrays``."""
        outputs = self.outputs if scope.parent is None else {}
        plan = Planner(self.pool, scope, self._names(), outputs, self.once).plan(writes, arrays)
        scope.direct |= plan.direct
        kept = self._kept_between(scope, plan)
        begins, ends = _schedule(plan, kept)
        for position, group in enumerate(plan.groups):
            self._begin(scope, begins.get(position, ()))
            self._group(scope, group, kept.get(position, ()))
            self._finish(scope, ends.get(position, ()))
        self._begin(scope, begins.get(len(plan.groups), ()))
        for write in plan.finals:
            self._write(scope, write)

    def _names(self) -> Iterator[str]:
        while True:
            yield self.scalars.fresh("v")

    def _begin(self, scope: Scope, productions: Sequence[Production]) -> None:
        """Declare what is first written in the next group; what takes no loops is ready at once."""
        for production in productions:
            self._declare(scope, production)
            if not production.groups:
                scope.buffers[production.node] = production.target

    def _finish(self, scope: Scope, productions: Sequence[Production]) -> None:
        """Make known what the last group completed."""
        for production in productions:
            if production.keeps is not None:
                scope.kept[production.keeps[0]] = (production.target, production.keeps[1])
                why = "an earlier loop makes it too" if production.earlier else "the loop that follows would make it each time"
                self.decisions.append(nest.Decision(production.target, "kept", f"reading is cheaper than making: {why}"))
            if not production.node.is_scalar:
                scope.buffers[production.node] = production.target
                continue
            cell = f"{production.target}.at" if production.node.op in ("argmax", "argmin") else production.target
            name = self.scalars.fresh("r")
            scope.statements.append(nest.Read(name, carrier(production.node.element), cell))
            scope.names[production.node] = self._winner(scope, production.node, name)

    def _winner(self, scope: Scope, node: Node, read: str) -> nest.Operand:
        """A winner's index starts at 0, so that no iteration need ask whether it is the first; of no iterations it is -1."""
        bound = node.args[0].args[0]
        if node.op not in ("argmax", "argmin") or (bound.op == "constant" and bound.data > 0):
            return read
        s, (zero, one) = self.scalars, ((nest.Literal(k, I64), I64) for k in (0, 1))
        s.scope = scope
        some = s.apply("min", s.apply("max", (s.operand(scope, bound), I64), zero), one)
        return s.apply("add", (read, I64), s.apply("sub", some, one))[0]  # no choice: masks of many lanes are dear to combine

    def _declare(self, scope: Scope, production: Production) -> None:
        node, target = production.node, production.target
        if node.is_scalar:
            ring = node.args[1].element
            start = cell_start(kind(node), ring)
            scope.statements.append(nest.Cell(target, start.kind, start))
            if node.op in ("argmax", "argmin"):
                scope.statements.append(nest.Cell(f"{target}.at", I64, nest.Literal(0, I64)))  # see `_winner`
            return
        zero = accumulates(node)
        if target in self.outputs.values():
            if zero:
                scope.statements.append(nest.Fill(target, self.scalars.zero(node.element)))
            return
        shape = self.scalars.operands(scope, node.shape)
        scope.statements += allocated(target, node.element, shape, zero)

    # -- loops -----------------------------------------------------------------------------------------------------------
    def _group(self, scope: Scope, group: Group, kept: Sequence[Production]) -> None:
        if group.var is None:
            (item,) = group.items
            if item.sequential is not None:
                run_sequential(self, scope, item.sequential)
            else:
                assert item.write is not None
                self._write(scope, item.write)
            return
        writes: list[Write] = []
        for production in kept:
            self._declare(scope, production)
            writes += [item.write for item in production.items if item.write is not None]
        writes = [item.write for item in group.items if item.write is not None] + writes
        self.hoist(scope, [n for w in writes for n in reads(w)])
        bound = self.scalars.operand(scope, group.var.args[0])
        body = scope.child(group.var)
        index = self.scalars.fresh("i")
        body.names[group.var] = index
        self.run(body, writes)
        scope.statements.append(nest.For(index, bound, tuple(body.statements), parallel=True))

    def hoist(self, scope: Scope, roots: Sequence[Node]) -> None:
        """Write, before a loop, the scalars inside it that do not depend on it."""
        kept = scope.all_kept()
        for node in reachable(roots, kept, scope.binders):
            for a in node.args if node not in kept else ():  # what is kept is read, not made again
                if a.is_scalar and scope.closed(a) and a.op not in ("var", "loop", "while"):
                    self.scalars.operand(scope, a)
        for root in roots:
            if root.is_scalar and scope.closed(root):
                self.scalars.operand(scope, root)

    def _kept_between(self, scope: Scope, plan: Plan) -> dict[int, list[Production]]:
        """Values that two loops over one variable both need and that are costly: the first stores them for the later."""
        kept: dict[int, list[Production]] = {}
        done: set[Node] = set()
        planner = Planner(self.pool, scope, self._names(), {})
        first: dict[Node, dict[Node, int]] = {}  # for each variable: the first group that computes a node
        for position, group in enumerate(plan.groups):
            if group.var is None:
                continue
            earlier = first.setdefault(group.var, {})
            for node in self._frontier(scope, planner, group, earlier, done):
                array = planner.array_of(node, group.var)
                assert array is not None
                production = Production(array[0], self.scalars.fresh("k"), [], (node, array[1]), [earlier[node]], earlier=True)
                production.items = [p for p in planner.expand(Put(production.target, (), array[0])) if isinstance(p, Item)]
                kept.setdefault(earlier[node], []).append(production)
                done.add(node)
            for node in reachable(_roots(group), set(), scope.binders):
                earlier.setdefault(node, position)
        return kept

    def _frontier(
        self, scope: Scope, planner: Planner, group: Group, earlier: Mapping[Node, int], done: set[Node]
    ) -> list[Node]:
        """The topmost costly values of a group that an earlier one computes too."""
        found: list[Node] = []
        least = FAR if scope.parent is None else KEPT
        hosts: set[str] = set()
        seen: set[Node] = set()
        stack = list(_roots(group))
        while stack:
            node = stack.pop()
            if node in seen or scope.closed(node) or node in done or scope.is_kept(node):
                continue
            seen.add(node)
            shared = node in earlier and node.is_scalar and node.op != "guard" and group.var in node.free
            array = planner.array_of(node, group.var) if shared and is_heavy(node, scope.binders, min(least, HOSTED)) else None
            if array is not None and is_heavy(node, scope.binders, least):
                found.append(node)
            elif array is not None and (host := _host(group, node, array[1], hosts)) is not None:
                found.append(node)
                hosts.add(host)
            else:
                stack.extend(node.args)
        return sorted(found, key=lambda n: n.id)

    # -- scalar writes -----------------------------------------------------------------------------------------------------
    def _write(self, scope: Scope, write: Write) -> None:
        s, statements = self.scalars, scope.statements
        match write:
            case Put():
                at, value = s.operands(scope, write.at), s.operand(scope, write.value)
                statements.append(nest.Store(write.buffer, at, value))
            case Add():
                when = s.operand(scope, write.when) if write.when is not None else None
                at, value = s.operands(scope, write.at), s.operand(scope, write.value)
                statements.append(nest.Accumulate(write.buffer, at, value, write.value.element, when))
            case Fold():
                index = s.operand(scope, write.index) if write.index is not None else None
                value = s.operand(scope, write.value)
                statements.append(nest.Reduce(write.cell, write.kind, value, write.ring, write.where, index))
            case Set():
                statements.append(nest.Assign(write.cell, s.operand(scope, write.value)))


def _schedule(
    plan: Plan, kept: Mapping[int, Sequence[Production]]
) -> tuple[dict[int, list[Production]], dict[int, list[Production]]]:
    """Before which group a production is declared (as soon as it can be, if it needs no loop), after which it is known."""
    begins: dict[int, list[Production]] = {}
    ends: dict[int, list[Production]] = {}
    for production in plan.productions:
        if production.node.op not in ("loop", "while"):
            ready = min(production.earliest, len(plan.groups))
            begins.setdefault(min(production.groups, default=ready), []).append(production)
            if production.groups:
                ends.setdefault(max(production.groups), []).append(production)
    for position, productions in kept.items():
        ends.setdefault(position, []).extend(productions)
    return begins, ends


def _is_final_carry(node: Node) -> bool:
    """A loop's final carry stands in one of the two buffers it alternates between, so it is copied out."""
    if node.op != "get":
        return False
    loop = node.args[0]
    count: int = loop.data.carries if isinstance(loop.data, LoopData) else loop.data
    return bool(node.data < count)


def _host(group: Group, node: Node, axes: tuple[Node, ...], taken: set[str]) -> str | None:
    """An array that a group makes, of the same elements and axes: in its memory the values of ``node`` can be kept."""
    for item in group.items:
        if isinstance(item.write, Put) and item.write.value.element == node.element and item.write.buffer not in taken:
            places, value = item.write.at, item.write.value
            while value.op == "build":
                places, value = (*places, value.args[0]), value.args[1]
            if places == axes:
                return item.write.buffer
    return None


def _roots(group: Group) -> list[Node]:
    return [n for item in group.items if item.write is not None for n in reads(item.write)]


def _distinct(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    used, out = set(taken), []
    for name in names:
        candidate, k = name, 0
        while candidate in used:
            k += 1
            candidate = f"{name}.{k}"
        used.add(candidate)
        out.append(candidate)
    return out
