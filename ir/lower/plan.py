"""Planning a scope: which productions it must run, and in which loops, fused where they range over the same variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..graph.construct import Construct
from ..graph.node import BINDERS, IN_MEMORY, Node, Pool, binders, kind
from ..graph.substitute import substitute
from .demand import Add, Fold, Item, Put, Write, base, conditions, is_heavy, is_production, reads
from .scope import Scope

STORED = frozenset(("input", "carry"))


@dataclass
class Production:
    """A value being made: its loops, what each needs, and in which groups they landed."""

    node: Node
    target: str
    items: list[Item]
    keeps: tuple[Node, tuple[Node, ...]] | None = None
    groups: list[int] = field(default_factory=list)
    earliest: int = 0


@dataclass
class Group:
    """Loops over one variable that run as one."""

    var: Node | None
    items: list[Item] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether other loops may join."""
        return not any(item.alone for item in self.items)


@dataclass
class Plan:
    groups: list[Group]
    productions: list[Production]
    finals: list[Write]


class Planner:
    """Plans one scope. ``name`` gives fresh names; nothing is written here."""

    def __init__(self, pool: Pool, scope: Scope, fresh: Iterator[str], outputs: dict[Node, str]) -> None:
        self.pool, self.scope, self.fresh, self.outputs = pool, scope, fresh, outputs
        self.c = Construct(pool)
        self.groups: list[Group] = []
        self.made: dict[Node, Production] = {}
        self.order: list[Production] = []

    def plan(self, writes: Iterable[Write], arrays: Iterable[Node] = ()) -> Plan:
        """The plan for ``writes``, and for making ``arrays`` (or the loops that give them) in memory."""
        finals: list[Write] = []
        for array in arrays:
            self._produce(array.args[0] if array.op == "get" else array)
        for write in writes:
            for part in self.expand(write):
                if isinstance(part, Item):
                    self._place(part)
                else:
                    self._needs(part, frozenset())
                    finals.append(part)
        return Plan(self.groups, self.order, finals)

    # -- writes to loops -------------------------------------------------------------------------------------------------
    def expand(self, write: Write) -> Iterator[Item | Write]:
        """A write of an array as loops of smaller writes; a write of a scalar is itself."""
        if isinstance(write, Put) and not write.value.is_scalar:
            yield from self._put(write)
        elif isinstance(write, Add) and not write.value.is_scalar:
            yield from self._add(write)
        elif not (isinstance(write, Add) and write.value.op == "zero"):
            yield write

    def _put(self, write: Put) -> Iterator[Item | Write]:
        value = write.value
        if value.op in IN_MEMORY and not write.at and self.made.get(value):
            for part in self._put(Put(write.buffer, (), value.args[0])):
                yield replace(part, alone=value.op == "contract") if isinstance(part, Item) else part
        elif value.op == "build":
            var, body = self._opened(*value.args)
            yield Item(var, Put(write.buffer, (*write.at, var), body))
        elif accumulates(value):  # the buffer is zero there: see `Lowering`
            yield from self._add(Add(write.buffer, write.at, value))
        else:
            var = self._fresh_var(value.shape[0], write)
            yield Item(var, Put(write.buffer, (*write.at, var), self.c.index(value, var)))

    def _add(self, write: Add) -> Iterator[Item | Write]:
        value, c = write.value, self.c
        match value.op:
            case "zero":
                return
            case "add":
                for part in value.args:
                    yield from self.expand(Add(write.buffer, write.at, part, write.when))
            case "onehot":
                _, k, inner = value.args
                when = write.when
                for condition in conditions(k):
                    when = condition if when is None else c.apply("and", when, condition)
                yield from self.expand(Add(write.buffer, (*write.at, k), inner, when))
            case "sum":
                var, body = self._opened(*value.args)
                yield Item(var, Add(write.buffer, write.at, body, write.when))
            case "build":
                var, body = self._opened(*value.args)
                yield Item(var, Add(write.buffer, (*write.at, var), body, write.when))
            case "select":
                condition, yes, no = value.args
                for side, holds in ((yes, condition), (no, c.apply("not", condition))):
                    when = holds if write.when is None else c.apply("and", write.when, holds)
                    yield from self.expand(Add(write.buffer, write.at, side, when))
            case _:
                var = self._fresh_var(value.shape[0], write)
                yield Item(var, Add(write.buffer, (*write.at, var), c.index(value, var), write.when))

    def _opened(self, var: Node, body: Node) -> tuple[Node, Node]:
        """A binder's variable and body, renamed if the scope already has that variable."""
        if var not in self.scope.binders:
            return var, body
        new = self.c.var(var.args[0], self.scope.binders | body.free)
        return new, substitute(self.pool, body, {var: new})

    def _fresh_var(self, bound: Node, write: Write) -> Node:
        taken: frozenset[Node] = self.scope.binders.union(*(n.free for n in reads(write)))
        return self.c.var(bound, taken)

    # -- placing loops -----------------------------------------------------------------------------------------------------
    def _place(self, item: Item) -> int:
        """Put a loop into the first group over its variable that comes after all it needs."""
        assert item.write is not None
        if item.var is None:
            return self._place_alone(item, self._needs(item.write, frozenset()))
        earliest = max(self._needs(item.write, frozenset((item.var,))), self._demand(item.var.args, frozenset()))
        for k in range(earliest, len(self.groups) if not item.alone else 0):
            if self.groups[k].var is item.var and self.groups[k].is_open:
                self.groups[k].items.append(item)
                return k
        self.groups.append(Group(item.var, [item]))
        return len(self.groups) - 1

    def _place_alone(self, item: Item, earliest: int) -> int:
        position = max(earliest, len(self.groups))
        self.groups.append(Group(None, [item]))
        return position

    def _needs(self, write: Write, opened: frozenset[Node]) -> int:
        """Make what a write reads and the scope can; the number of groups that must have run before it."""
        return self._demand(reads(write), opened)

    def _demand(self, roots: Iterable[Node], opened: frozenset[Node]) -> int:
        after = 0
        seen: set[Node] = set()
        stack = list(roots)
        while stack:
            node = stack.pop()
            if node in seen or node.op in ("constant", "zero", "size", "carry", "input"):
                continue
            seen.add(node)
            if node.op == "var":  # its loop is yet to be opened: the bound must be there
                stack.extend(node.args)
                continue
            if self.scope.name(node) is not None or self.scope.is_kept(node):
                continue
            needed, descend = self._look(node, opened)
            for production in needed:
                after = max(after, self._done(production))
            stack.extend(descend)
        return after

    def _look(self, node: Node, opened: frozenset[Node]) -> tuple[list[Production], list[Node]]:
        """What making ``node`` needs made at this scope, and what of it has to be looked at further."""
        if node.op == "index":
            array, indices = base(node)
            if self.scope.buffer(array) is not None:
                return [], list(indices)
            source = array.args[0] if array.op == "get" else array
            if array.op not in STORED and self.scope.closed(source):
                return [self._produce(source)], list(indices)
            return self._kept(node, opened) or ([], [*indices, source, *source.args])
        if node.op == "get":
            loop = node.args[0]
            if self.scope.closed(loop):
                return [self._produce(loop)], []
            return [], [loop]
        if is_production(node) and self.scope.closed(node):
            return [self._produce(node)], []
        return self._kept(node, opened) or ([], [a for a in node.args if a.op != "carry"])

    def _kept(self, node: Node, opened: frozenset[Node]) -> tuple[list[Production], list[Node]] | None:
        """A value that the loop being opened would make again and again though it does not mention it: kept before it."""
        if not opened or not node.is_scalar or self.scope.closed(node) or not node.free.isdisjoint(opened):
            return None
        array = self.array_of(node)
        if array is None or not is_heavy(node, self.scope.binders):
            return None
        return [self._produce(array[0], keeps=(node, array[1]))], []

    def array_of(self, node: Node, outermost: Node | None = None) -> tuple[Node, tuple[Node, ...]] | None:
        """The array of a scalar over the variables it mentions beyond this scope, if that is rectangular.

        ``outermost`` is to be its first axis: the variable of a loop that is there already."""
        if node.op in ("loop", "while"):  # these are no values: their results are
            return None
        inner = sorted(node.free - self.scope.binders, key=lambda n: (n is not outermost, n.id))
        if not inner or any(v.op != "var" or not self.scope.closed(v.args[0]) for v in inner):
            return None
        array = node
        for v in reversed(inner):
            array = self.pool.intern("build", (v, array), None, node.element, (v.args[0], *array.shape))
        return array, tuple(inner)

    # -- productions ---------------------------------------------------------------------------------------------------------
    def _done(self, production: Production) -> int:
        return max([production.earliest, *(g + 1 for g in production.groups)])

    def _produce(self, node: Node, keeps: tuple[Node, tuple[Node, ...]] | None = None) -> Production:
        found = self.made.get(node)
        if found is not None:
            found.keeps = found.keeps or keeps
            return found
        production = Production(node, self.outputs.get(node) or next(self.fresh), [], keeps)
        self.made[node] = production
        shape_ready = self._demand([*node.shape, *(node.args[0].args if node.op in BINDERS else ())], frozenset())
        production.earliest = shape_ready
        if node.op in ("loop", "while"):
            self._sequential(production)
        else:
            for part in self._loops_of(production):
                item = part if isinstance(part, Item) else Item(None, part)
                production.items.append(item)
                production.groups.append(self._place(item))
        self.order.append(production)
        return production

    def _loops_of(self, production: Production) -> Iterator[Item | Write]:
        node, target = production.node, production.target
        if not node.is_scalar:
            yield from self.expand(Put(target, (), node))
            return
        var, body = self._opened(*node.args)
        finds = node.op in ("argmax", "argmin")
        yield Item(var, Fold(target, kind(node), body, body.element, f"{target}.at" if finds else None, var if finds else None))

    def _sequential(self, production: Production) -> None:
        node = production.node
        earliest = max(production.earliest, self._demand(node.args, frozenset(binders(node))))
        production.items.append(Item(None, None, node))
        production.groups.append(self._place_alone(production.items[0], earliest))


def accumulates(node: Node) -> bool:
    """Whether writing an array means adding into zeros."""
    if node.is_scalar:
        return False
    if node.op in IN_MEMORY:
        return accumulates(node.args[0])
    if node.op == "build":
        return accumulates(node.args[1])
    if node.op == "select":
        return True
    return node.op in ("sum", "add", "onehot", "zero")
