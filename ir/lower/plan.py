"""Planning a scope: which productions it must run, and in which loops, fused where they range over the same variable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..graph.construct import Construct
from ..graph.node import BINDERS, IN_MEMORY, Node, Pool, binders, conditions, kind
from ..graph.substitute import substitute
from ..rules.worth import AGAIN, KEPT, SHORT
from .demand import Add, Fold, Item, Put, Write, base, is_heavy, is_production, reads
from .scope import Scope
from .widen import widened

STORED = frozenset(("input", "carry"))


@dataclass
class Production:
    """A value being made: its loops, what each needs, and in which groups they landed.

    ``keeps``: the scalar of which it is the array, and over which variables; ``earlier``: because a loop before makes it."""

    node: Node
    target: str
    items: list[Item]
    keeps: tuple[Node, tuple[Node, ...]] | None = None
    groups: list[int] = field(default_factory=list)
    earliest: int = 0
    earlier: bool = False


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
    """``direct``: results of sequential loops that the loops write where they are wanted, not into buffers of their own."""

    groups: list[Group]
    productions: list[Production]
    finals: list[Write]
    direct: dict[Node, Put | Add]


class Planner:
    """Plans one scope. ``name`` gives fresh names, ``once`` are the nodes used in one place; nothing is written here."""

    def __init__(
        self,
        pool: Pool,
        scope: Scope,
        fresh: Iterator[str],
        outputs: dict[Node, str],
        once: frozenset[Node] = frozenset(),
    ) -> None:
        self.pool, self.scope, self.fresh, self.outputs, self.once = pool, scope, fresh, outputs, once
        self.direct: dict[Node, Put | Add] = {}
        self.floor = 0
        """The groups that must have run before what is being expanded can be declared."""
        self.c = Construct(pool)
        self.groups: list[Group] = []
        self.made: dict[Node, Production] = {}
        self.order: list[Production] = []

    def plan(self, writes: Iterable[Write], arrays: Iterable[Node] = ()) -> Plan:
        """The plan for ``writes``, and for making ``arrays`` (or the loops that give them) in memory."""
        finals: list[Write] = []
        for array in arrays:
            self._produce(array.args[0] if array.op == "get" else array)
        parts = [part for write in writes for part in self.expand(write)]
        for part in parts:  # what is needed goes first, so that it does not come between loops that could be one
            if isinstance(part, Item):
                self._ready(part)
        for part in parts:
            if isinstance(part, Item):
                self._place(part)
            else:
                self._needs(part, frozenset())
                finals.append(part)
        return Plan(self.groups, self.order, finals, self.direct)

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
        elif (rows := literal(value)) is not None:
            for k, row in enumerate(rows):
                item = self.c.zero(value.element, value.shape[1:]) if row is None else row
                yield from self.expand(Put(write.buffer, (*write.at, self.c.integer(k)), item))
        elif accumulates(value):  # the buffer is zero there: see `Lowering`
            yield from self._add(Add(write.buffer, write.at, value))
        elif self._is_direct(write, ("build",)):
            yield Item(None, None, value.args[0])
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
            case _ if self._is_direct(write, ("sum", "build")):
                yield Item(None, None, value.args[0])
            case _:
                var = self._fresh_var(value.shape[0], write)
                yield Item(var, Add(write.buffer, (*write.at, var), c.index(value, var), write.when))

    def _is_direct(self, write: Put | Add, kinds: tuple[str, ...]) -> bool:
        """Whether a loop can write its result straight to where this write wants it, and if so, note that it does.

        The result must be wanted nowhere else, the loop run in this scope, and the place be known before it runs."""
        value = write.value
        if value.op != "get" or value.args[0].op != "loop" or value not in self.once or value in self.direct:
            return False
        if self.scope.buffer(value) is not None:  # it has run, for who plans here once more: the first state of another loop
            return False
        loop, parent = value.args[0], self.scope.parent
        kind = loop.data.kinds[value.data - loop.data.carries] if value.data >= loop.data.carries else ""
        if kind not in kinds or not self.scope.closed(loop) or (parent is not None and parent.closed(loop)):
            return False
        ready = max(self.floor, self._demand([n for n in reads(write) if n is not value], frozenset()))
        if loop in self.made and self.made[loop].groups[0] < ready:
            return False
        self.direct[value] = write
        return True

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
        if item.sequential is not None:
            return self._produce(item.sequential).groups[0]
        earliest = self._ready(item)
        if item.var is None:
            return self._place_alone(item, earliest)
        for k in range(earliest, len(self.groups) if not item.alone else 0):
            if self.groups[k].var is item.var and self.groups[k].is_open:
                self.groups[k].items.append(item)
                return k
        self.groups.append(Group(item.var, [item]))
        return len(self.groups) - 1

    def _ready(self, item: Item) -> int:
        """Make what a loop needs; the number of groups that must have run before it."""
        if item.sequential is not None:
            return self._demand(item.sequential.args, frozenset(binders(item.sequential)))
        assert item.write is not None
        if item.var is None:
            return self._needs(item.write, frozenset())
        return max(self._needs(item.write, frozenset((item.var,))), self._demand(item.var.args, frozenset()))

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
        if not opened or not node.is_scalar or self.scope.closed(node):
            return None
        array = self.array_of(node) if node.free.isdisjoint(opened) else self._filled(node, opened)
        if array is None or not is_heavy(node, self.scope.binders, _least(node, opened)):
            return None
        return [self._produce(array[0], keeps=(node, array[1]))], []

    def _filled(self, node: Node, opened: frozenset[Node]) -> tuple[Node, tuple[Node, ...]] | None:
        """The array of a number over a variable of which only the range depends on loops inside, for all it can be."""
        inner = node.free - self.scope.binders
        ranging = [v for v in inner - opened if v.op == "var" and inner <= {v} | v.args[0].free]
        if len(ranging) != 1 or not node.element.is_float:
            return None
        wide = widened(self.pool, node, ranging[0], self.scope.closed)
        if wide is None or not self.scope.closed(array := self.c.build(*wide)):
            return None
        return array, (ranging[0],)

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
            saved, self.floor = self.floor, shape_ready
            for part in self._loops_of(production):
                item = part if isinstance(part, Item) else Item(None, part)
                production.items.append(item)
                production.groups.append(self._place(item))
            self.floor = saved
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


def _least(node: Node, opened: frozenset[Node]) -> float:
    """From which weight a value is kept before the loops over ``opened``; index arithmetic is cheaper than a read."""
    lengths = [v.args[0] for v in opened if v.op == "var"]
    short = any(b.op == "constant" and b.data <= SHORT for b in lengths)
    return KEPT if short or not node.element.is_float else AGAIN


def accumulates(node: Node) -> bool:
    """Whether writing an array means adding into zeros."""
    if node.is_scalar:
        return False
    if node.op in IN_MEMORY:
        return accumulates(node.args[0])
    if node.op == "build":
        return accumulates(node.args[1])
    if (rows := literal(node)) is not None:
        return len(node.shape) > 1 and any(row is None or accumulates(row) for row in rows)
    if node.op == "select":
        return True
    return node.op in ("sum", "add", "onehot", "zero")


LITERAL = 64
"""The longest array whose rows are written one by one."""


def literal(node: Node) -> list[Node | None] | None:
    """The rows of an array of few, given as a sum of one-hots at different constants; None where a row is zero."""
    if node.op not in ("add", "onehot") or node.is_scalar or node.shape[0].op != "constant" or node.shape[0].data > LITERAL:
        return None
    rows: list[Node | None] = [None] * node.shape[0].data
    stack = [node]
    while stack:
        part = stack.pop()
        if part.op == "add":
            stack.extend(part.args)
        elif part.op == "onehot" and part.args[1].op == "constant" and rows[part.args[1].data] is None:
            rows[part.args[1].data] = part.args[2]
        else:
            return None
    return rows
