"""Reading back: a graph as unary form again, what normalisation by evaluation calls reification.

The term means what the graph means, and evaluates to it again up to the numbering of its variables. So what is found out on
graphs (the coordinates of a derivative, `ir/sparse`) can be handed on as a program like any other.

Every value is appended in the outermost block in which all it mentions is known, as the graph has it; what a guard
protects stands in a branch on the guard's path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..core.objects import I64, Wire, array
from ..core.operations import operation_of
from ..core.sizes import ZERO, Size, atom, size
from .graph.node import BINDERS, Graph, Node, binders, conditions, kind, topological
from .unary import term as t
from .unary.builder import Builder

_POLYNOMIAL = frozenset(("add", "sub", "mul", "neg"))


def readback(graph: Graph) -> t.Term:
    """The closed term of a graph."""
    return _Readback(graph).term()


@dataclass
class _Block:
    """What is known in a block: where values are, the sizes that variables and opened values name; ``own`` are the variables
    it binds, ``binders`` those of the blocks around it too.

    A block may bind a variable that one around it binds: a value that mentions it is then another one than out there."""

    parent: _Block | None
    own: frozenset[Node]
    positions: dict[Node, tuple[int, ...]] = field(default_factory=dict)
    atoms: dict[Node, Size] = field(default_factory=dict)

    @cached_property
    def binders(self) -> frozenset[Node]:
        return self.own | (self.parent.binders if self.parent is not None else frozenset())

    def find(self, node: Node) -> tuple[int, ...] | None:
        return next((b.positions[node] for b in self.around(node) if node in b.positions), None)

    def atom(self, node: Node) -> Size | None:
        return next((b.atoms[node] for b in self.around(node) if node in b.atoms), None)

    def around(self, node: Node) -> Iterator[_Block]:
        """The blocks, innermost first, in which the node means what it means here."""
        here: _Block | None = self
        while here is not None:
            yield here
            here = None if node.free & here.own else here.parent


class _Readback:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.here = _Block(None, frozenset())
        self.opened: set[Node] = set()
        """Values that are sizes of something."""
        names = [node.data[1] for node in graph.inputs]
        self.builder = Builder(graph.name, graph.sizes, names, [self.wire(node) for node in graph.inputs])
        for k, node in enumerate(graph.inputs):
            self.here.positions[node] = (k,)

    def term(self) -> t.Term:
        self.prepare(self.graph.results)
        return self.builder.finish([self.at(node) for node in self.graph.results])

    # -- sizes and types ---------------------------------------------------------------------------------------------
    def wire(self, node: Node) -> Wire:
        return array(node.element, tuple(self.size(s) for s in node.shape))

    def size(self, node: Node) -> Size:
        """An integer node as a size; what is no polynomial has been opened."""
        match node.op:
            case "constant":
                return size(int(node.data))
            case "zero":
                return ZERO
            case "size":
                return atom(node.data)
            case "neg":
                return -self.size(node.args[0])
            case "add" | "sub" | "mul":
                left, right = (self.size(a) for a in node.args)
                return left + right if node.op == "add" else left - right if node.op == "sub" else left * right
            case "floordiv":
                return self.size(node.args[0]) // self.size(node.args[1])
        found = self.here.atom(node)
        assert found is not None, f"{node} is a size, and was not opened"
        return found

    def leaves(self, node: Node) -> Iterator[Node]:
        """The parts of a size that are no polynomials and no loop variables: they must be opened before it is used."""
        if node.op in _POLYNOMIAL or node.op == "floordiv":
            for a in node.args:
                yield from self.leaves(a)
        elif node.op not in ("constant", "zero", "size", "var"):
            yield node

    # -- what is needed first --------------------------------------------------------------------------------------
    def at(self, node: Node) -> int:
        found = self.here.find(node)
        assert found is not None, f"{node} is needed before it is there"
        return found[0]

    def prepare(self, roots: Sequence[Node]) -> None:
        """Append all values under the roots that can stand in the present block."""
        for node in topological(roots, self.children):
            if node.free <= self.here.binders and self.here.find(node) is None:
                self.builder.span = node.span
                self.here.positions[node] = self.append(node)
            if node in self.opened and node.free <= self.here.binders and self.here.atom(node) is None:
                self.open(node)

    def children(self, node: Node) -> tuple[Node, ...]:
        if self.here.find(node) is not None:
            return ()
        sizes = [leaf for s in (*node.shape, *(v.args[0] for v in binders(node) if v.op == "var")) for leaf in self.leaves(s)]
        self.opened.update(sizes)
        match node.op:
            case "index":
                return (node.args[0], *_peeled(node.args[1]), *sizes)
            case "onehot":
                return (node.args[2], *_peeled(node.args[1]), *sizes)
            case "guard":
                return (*_peeled(node), *sizes, *self.sized(node.args[1]))
            case "assure":
                value = node.args[0]
                return (*(value.args if _is_checked(value) else (value, node.args[1])), node.args[2])
            case "floordiv" if self.is_of_sizes(node):
                return ()
            case "var":
                return self.sized(node.args[0])
        return (*node.args, *sizes)

    def sized(self, node: Node) -> tuple[Node, ...]:
        leaves = tuple(self.leaves(node))
        self.opened.update(leaves)
        return leaves

    def open(self, node: Node) -> None:
        name = self.builder.fresh("k" if node.op in ("carry", "get") else "s")
        value = node
        if node.op == "max" and any(_is_zero(a) for a in node.args):  # opening does that
            value = next(a for a in node.args if not _is_zero(a))
        self.builder.one(t.Open(name, self.at(value)))
        self.here.atoms[node] = atom(name)

    def is_of_sizes(self, node: Node) -> bool:
        """Whether it is a quotient of sizes and loop variables alone. Others may be below 0, which nothing opened is."""
        return not node.element.is_float and next(self.leaves(node), None) is None

    def divisor(self, node: Node) -> int:
        """Where it divides it is not 0; but it may stand here before it is known whether anything is divided."""
        if node.op == "constant":
            return self.at(node)
        b = self.builder
        (zero,), (one,) = (b.emit(t.Constant(k, I64)) for k in (0, 1))
        (is_zero,) = b.emit(t.Apply("eq", (self.at(node), zero)))
        return b.emit(t.Apply("select", (is_zero, one, self.at(node))))[0]

    # -- appending -------------------------------------------------------------------------------------------------
    def append(self, node: Node) -> tuple[int, ...]:
        b = self.builder
        match node.op:
            case "constant":
                return b.emit(t.Constant(node.data, node.element))
            case "zero":
                return b.emit(t.Zero(self.wire(node)))
            case "size":
                return b.emit(t.Extent(atom(node.data)))
            case "floordiv" if self.is_of_sizes(node):
                return b.emit(t.Extent(self.size(node)))
            case "floordiv" | "mod" if not node.element.is_float:  # one that is checked stands under an assure
                return b.emit(t.Apply(node.op, (self.at(node.args[0]), self.divisor(node.args[1]))))
            case "index":
                return self.guarded(node.args[1], self.wire(node), lambda i: b.index(self.at(node.args[0]), i))
            case "onehot":
                place = self.size(node.args[0])
                value = self.at(node.args[2])
                return self.guarded(node.args[1], self.wire(node), lambda i: b.one(t.OneHot(place, i, value)))
            case "guard":
                return self.guarded(node, I64, lambda i: b.index(self.iota(self.size(node.args[1])), i))
            case "assure":
                return self.assured(node)
            case "select" if node.shape:
                then, orelse = (t.Block((), (), (self.at(a),), (b.wires[self.at(a)],)) for a in node.args[1:])
                return b.emit(t.Branch(self.at(node.args[0]), then, orelse))
            case "call":
                return b.emit(t.Apply(node.data, tuple(map(self.at, node.args))))
            case "loop":
                return self.loop(node)
            case "while":
                return self.while_(node)
            case "get":
                found = self.here.find(node.args[0])
                assert found is not None
                shifted = node.data - 1 if node.args[0].op == "while" else node.data  # its first carry is the trip
                return (found[shifted],)
        if node.op in BINDERS:
            return self.parallel(node)
        to = node.element if operation_of(node.op).targets != (None,) else None
        return b.emit(t.Apply(node.op, tuple(map(self.at, node.args)), to))

    def guarded(self, index: Node, wire: Wire, make: Callable[[int], int]) -> tuple[int, ...]:
        """What ``make`` gives at an index, under the paths of its guards; zero where one of them does not hold."""
        raw, *paths = _peeled(index)
        position = self.at(raw)

        def inside(paths: Sequence[Node]) -> int:
            return make(position) if not paths else self.under(paths[0], wire, lambda: inside(paths[1:]))

        return (inside(paths),)

    def under(self, path: Node, wire: Wire, make: Callable[[], int]) -> int:
        b = self.builder
        then = b.block((), lambda _: [make()])
        orelse = b.block((), lambda _: [b.zero(wire)])
        return b.one(t.Branch(self.at(path), then, orelse))

    def iota(self, bound: Size) -> int:
        return self.builder.loop("i", bound, (), ("build",), lambda _, i, carries: [i])[0]

    def assured(self, node: Node) -> tuple[int, ...]:
        """A division with its check. Where simplification took the division away, one of 0 stands for the check."""
        b, (value, ok, path) = self.builder, node.args[:3]

        def make() -> int:
            if _is_checked(value):
                return b.apply(value.op, *map(self.at, value.args))
            op = "mod" if "remainder" in node.data else "floordiv"
            check = b.apply(op, b.constant(0, value.element), b.apply("cast", self.at(ok), to=value.element))
            return b.apply("add", self.at(value), check)

        return (self.under(path, node.element, make) if path.op != "constant" else make(),)

    # -- loops -----------------------------------------------------------------------------------------------------
    def inside(self, bound: Sequence[Node], positions: Sequence[int], results: Sequence[Node], name: str = "") -> list[int]:
        """The results of a body whose variables and carries stand at ``positions``."""
        outer = self.here
        self.here = _Block(outer, frozenset(bound))
        for node, position in zip(bound, positions, strict=True):
            self.here.positions[node] = (position,)
            if node.op == "var":
                self.here.atoms[node] = atom(name)
        try:
            self.prepare(results)
            return [self.at(r) for r in results]
        finally:
            self.here = outer

    def parallel(self, node: Node) -> tuple[int, ...]:
        var, body = node.args
        return self.builder.loop("i", self.size(var.args[0]), (), (kind(node),),
                                 lambda name, i, _: self.inside([var], [i], [body], name))

    def loop(self, node: Node) -> tuple[int, ...]:
        data = node.data
        var, inits = node.args[0], node.args[1 + data.carries : 1 + 2 * data.carries]
        results = node.args[1 + 2 * data.carries :]
        return self.builder.loop(
            "i", self.size(var.args[0]), [self.at(n) for n in inits], data.kinds,
            lambda name, i, carries: self.inside(binders(node), [i, *carries], results, name), data.backward)

    def while_(self, node: Node) -> tuple[int, ...]:
        b, count = self.builder, node.data
        inits, (cond, _, *results) = node.args[count : 2 * count], node.args[2 * count :]
        carried = tuple(self.at(n) for n in inits[1:])
        params = (I64, *(b.wires[p] for p in carried))
        holds = b.block(params, lambda p: self.inside(binders(node), p, [cond]))
        body = b.block(params, lambda p: self.inside(binders(node), p, results))
        *finals, trips = b.emit(t.While(carried, holds, body))
        return (*finals, trips)


def _peeled(index: Node) -> tuple[Node, ...]:
    """An index without its guards, and the path conditions under which memory may be touched at it."""
    paths = conditions(index)
    while index.op == "guard":
        index = index.args[0]
    return (index, *paths)


def _is_checked(value: Node) -> bool:
    """Whether applying the operation again brings its own check."""
    return value.op in ("floordiv", "mod")


def _is_zero(node: Node) -> bool:
    return node.op == "zero" or (node.op == "constant" and node.data == 0)
