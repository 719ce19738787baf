"""Growing a program: the values in scope, and expressions of a wanted kind put together from them.

A program is grown as a syntax tree, so that its text is the formatter's. Every value comes with what is known of it: floats
stay moderate (what could exceed 4 goes through tanh), so that results are finite and well conditioned; indices know which sizes
they are below, so that none is outside its array.

How an expression can be made is a `Production`; `productions.py` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TypeVar

from ...core.objects import BOOL, I64, Array, Scalar, Wire, array, element, shape
from ...core.sizes import Size, atom
from ..language import syntax as s
from ..language.parse import parse_expression
from .choices import Choices

MODERATE = 4.0
"""What a float operand may be in absolute value."""

MOST = 5
"""So many iterations a loop has at most, with the sizes that are drawn."""

STATE = 2.0
"""What a float may be that a loop carries."""

T = TypeVar("T")

GRADES = ("smooth", "formal", "any")
"""smooth: what has derivatives of any order in the classical sense; conditions only on indices and discrete parameters.
formal: conditions on data, kinks, stop_gradient: all that has a formal derivative, and so obeys the laws.
any: discrete values made from data too: comparisons, argmax, counts, rounding."""


@dataclass(frozen=True)
class Value:
    """An expression, its wire, and what is known of it."""

    node: s.Expression
    wire: Wire
    bound: float = MODERATE
    """No float in it exceeds this in absolute value."""
    live: bool = True
    """Whether it depends on the parameters."""
    below: frozenset[Size] = frozenset()
    """Sizes that this i64 is below; then it is not negative either."""


@dataclass(frozen=True)
class Production:
    """A way to make an expression of a wire. ``make`` may give None: not here."""

    name: str
    weight: int
    fits: Callable[[Growth, Wire], bool]
    make: Callable[[Growth, Wire], Value | None]


@dataclass
class Growth:
    """A function while it grows. ``fuel`` is how many constructs may still be made, ``depth`` how deep they may nest."""

    choices: Choices
    scalar: Scalar
    grade: str
    fuel: int
    depth: int
    productions: Sequence[Production]
    scope: list[Value] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    """What one may loop over: sizes of parameters, small numbers, and indices (the loop is a triangle then)."""
    closed: frozenset[str] = frozenset()
    """The size parameters of the function: what sizes of results may be made of."""
    lets: list[s.Let] = field(default_factory=list)
    """The lines of the block that is being written."""
    items: list[s.ModuleItem] = field(default_factory=list)
    """The definitions before the function."""
    names: dict[str, int] = field(default_factory=dict)
    wires: dict[s.Expression, Wire] = field(default_factory=dict)
    """The wires of all values that have been in scope. Names are unique, so expressions mean the same everywhere."""
    unread: set[s.Expression] = field(default_factory=set)
    """The names of lines that nothing mentions so far."""

    # -- choices and names -------------------------------------------------------------------------------------------------
    def pick(self, options: Sequence[T]) -> T:
        return self.choices.pick(options)

    def chance(self, one_in: int = 2) -> bool:
        """False is the simplest."""
        return self.choices.between(0, one_in - 1) == one_in - 1

    def fresh(self, stem: str) -> str:
        """A name that occurs nowhere else in the program."""
        self.names[stem] = count = self.names.get(stem, 0) + 1
        return f"{stem}{count}" if f"{stem}{count}" not in ("i32", "i64") else self.fresh(stem)

    # -- scopes ------------------------------------------------------------------------------------------------------------
    def enter(self, value: Value) -> Value:
        """Put a value in scope; with every axis of an array one more size to loop over."""
        self.scope.append(value)
        self.wires[value.node] = value.wire
        for extent in shape(value.wire):
            if extent not in self.sizes:
                self.sizes.append(extent)
        return value

    @contextmanager
    def inside(self, grade: str | None = None) -> Iterator[None]:
        """A scope within this one; what it adds goes with it."""
        held = self.scope, self.sizes, self.depth, self.lets, self.grade
        self.scope, self.sizes, self.depth, self.lets = list(self.scope), list(self.sizes), self.depth - 1, []
        self.grade = grade or self.grade
        try:
            yield
        finally:
            self.scope, self.sizes, self.depth, self.lets, self.grade = held

    def body(self, result: Callable[[], Value], steps: int = 2) -> tuple[s.Body, Value]:
        """The rest of a block that was entered: some lines, then its value. Lines that nobody reads are left out."""
        for _ in range(self.choices.between(0, steps) if self.fuel > 0 else 0):
            self.line()
        value = result()
        return block(self.lets, value.node), value

    def line(self) -> None:
        """A line of the block: some value under a name."""
        self.bind(self.expression(self.some_wire()))

    def bind(self, value: Value) -> Value:
        """The value under a name; what has one keeps it."""
        if isinstance(value.node, s.Name):
            return value
        name = s.Name(self.fresh("a"))
        self.lets.append(s.Let(s.NamePattern(name.name), None, value.node))
        self.unread.add(name)
        return self.enter(replace(value, node=name))

    def bind_parts(self, node: s.Expression, parts: Sequence[Value]) -> list[Value]:
        """The parts of a tuple, each under a name."""
        names = [self.fresh("a") for _ in parts]
        self.lets.append(s.Let(s.TuplePattern(tuple(map(s.NamePattern, names))), None, node))
        return [self.enter(replace(p, node=s.Name(n))) for p, n in zip(parts, names, strict=True)]

    # -- what there is -----------------------------------------------------------------------------------------------------
    def all(self, wire: Wire) -> list[Value]:
        """The values of a wire: what depends on parameters before constants, what nothing mentions so far and what was made
        last before the rest."""
        have = [v for v in reversed(self.scope) if v.wire == wire]
        live = sorted((v for v in have if v.live), key=lambda v: v.node not in self.unread)
        return live + [v for v in have if not v.live][:1]

    def arrays(self) -> list[Value]:
        """The arrays of the scalar that can be indexed here, all axes, the latest first."""
        return [v for v in reversed(self.scope) if isinstance(v.wire, Array) and v.wire.element == self.scalar
                and all(map(self.reachable, v.wire.shape))]  # fmt: skip

    def reachable(self, extent: Size) -> bool:
        """Whether there is an index into an axis."""
        return inhabited(extent) or any(extent in v.below for v in self.scope)

    @property
    def loops(self) -> int:
        """How many loops there are around."""
        return sum(v.wire == I64 and bool(v.below) for v in self.scope)

    def some_wire(self) -> Wire:
        """The wire of a local value: mostly a number."""
        return self.pick([self.scalar, self.scalar, self.scalar, *self.array_wires(), I64])

    def array_wires(self, ranks: int = 2) -> list[Wire]:
        """Arrays over the sizes of the function."""
        known = [z for z in self.sizes if z.atoms <= self.closed]
        rows = [array(self.scalar, (z,)) for z in known[:3]]
        return rows + [array(self.scalar, (z, known[0])) for z in known[:2]] if ranks > 1 else rows

    # -- expressions -------------------------------------------------------------------------------------------------------
    def expression(self, wire: Wire, limit: float = MODERATE) -> Value:
        """Some expression of that wire, no float in it beyond ``limit``. Raises IndexError where nothing of it can be had."""
        ways = [p for p in self.productions if self.fuel > 0 and p.fits(self, wire)]
        options: list[Production | None] = [None, *(p for p in ways for _ in range(p.weight))]
        while (way := self.pick(options)) is not None:
            self.fuel -= 1
            made = way.make(self, wire)
            if made is not None:
                return self.tame(made, limit)
            options = [o for o in options if o is not way]
        return self.tame(self.leaf(wire), limit)

    def leaf(self, wire: Wire) -> Value:
        """The simplest expression of a wire: a value in scope, an element of an array, else a constant."""
        if have := self.all(wire):
            found = self.pick(have[: 2 if have[0].node in self.unread else 4])
            self.unread.discard(found.node)
            return found
        if wire == BOOL:
            return Value(s.Boolean(self.chance()), BOOL, live=False)
        if isinstance(wire, Array):
            return self.filled(wire)
        if wire == self.scalar and (arrays := self.arrays()):
            return self.element(self.pick(arrays[:3]))
        if wire == self.scalar and (sums := [v for v in self.scope if element(v.wire) == wire and v.live]):
            return self.total(self.pick(sums[:3]))
        return Value(s.Call(s.Name(str(wire)), (self.literal(wire).node,)), wire, live=False)

    def total(self, of: Value) -> Value:
        """The sum of an array."""
        with self.inside():
            names = [self.index(extent) for extent in shape(of.wire)]
            node = s.Index(of.node, tuple(names))
        bound = of.bound * MOST ** len(names)
        return Value(s.Loop("sum", self.indices(names, shape(of.wire), node), node), self.scalar, bound)

    def filled(self, wire: Array) -> Value:
        """An array whose elements are a leaf."""
        with self.inside():
            names = [self.index(extent) for extent in wire.shape]
            value = self.leaf(wire.element)
        return replace(value, node=s.Loop("for", self.indices(names, wire.shape, value.node), value.node), wire=wire)

    def literal(self, scalar: Scalar) -> Value:
        """A number without a type of its own: it stands beside one that has."""
        if scalar.is_float:
            eighths = self.pick([8, 16, 4, 12, 2, 1])
            node: s.Expression = s.Real(eighths / 8)
            return Value(s.Unary("-", node) if self.chance(4) else node, scalar, 2.0, live=False)
        if scalar == BOOL:
            return Value(s.Boolean(self.chance()), scalar, live=False)
        if scalar.is_weight:
            return Value(self.written(self.pick([0.0, 1.0, -0.5, 2.0])), scalar, live=False)
        top = 2 if scalar.kind == "bit" else scalar.modulus or 5
        return Value(s.Integer(self.choices.between(1, top) % top), scalar, live=False)

    def written(self, value: float) -> s.Expression:
        """A number that stands for an element of the scalar: whole, where that is no real number."""
        if self.scalar.is_weight:
            return s.Call(s.Name(str(self.scalar)), (s.Real(value) if value >= 0 else s.Unary("-", s.Real(-value)),))
        return s.Real(value) if self.scalar.is_float else s.Integer(round(value))

    def tame(self, value: Value, limit: float = MODERATE) -> Value:
        if element(value.wire).is_float and value.bound > limit:
            return replace(value, node=s.Call(s.Name("tanh"), (value.node,)), bound=1.0)
        return value

    # -- indices -----------------------------------------------------------------------------------------------------------
    def index(self, bound: Size) -> s.Name:
        """A new index of a loop over ``bound``, in scope. It is below whatever its bound is itself an index of."""
        name = s.Name(self.fresh("i"))
        outer = next((v for v in self.scope if v.node == s.Name(bound.name or "")), None)
        more = outer.below if outer is not None else frozenset()
        self.scope.append(Value(name, I64, live=False, below=frozenset({bound, bound + 1}) | more))
        self.sizes.append(atom(name.name))
        return name

    def indices(self, names: Sequence[s.Name], bounds: Sequence[Size], body: s.Body) -> tuple[s.LoopIndex, ...]:
        """The indices of a loop. One that stands by itself for axes of arrays from outside, and for no others, need not say
        its bound."""
        made, within = [], {node.name for node in s.walk(body) if isinstance(node, s.NamePattern)}
        reads: list[s.Index] = []
        others: list[s.Index] = []
        for node in s.walk(body):
            if isinstance(node, s.Index):
                outside = node.array in self.wires and not _names(node.array) & within
                (reads if outside else others).append(node)
        for name, bound in zip(names, bounds, strict=True):
            uses = {shape(self.wires[node.array])[k] for node in reads for k, i in enumerate(node.indices) if i == name}
            bare = uses == {bound} and not any(name in node.indices for node in others) and not self.chance(3)
            made.append(s.LoopIndex(name.name, None, None if bare else size_node(bound)))
        return tuple(made)

    def into(self, extent: Size) -> s.Expression:
        """An index into an axis: a loop's, or reckoned from one."""
        have = [v.node for v in reversed(self.scope) if extent in v.below]
        if not have:
            return s.Integer(0)
        i, one, last = self.pick(have), s.Integer(1), size_node(extent - 1)
        match self.pick(["itself", "itself", "itself", "itself", "reversed", "next", "clamped"]):
            case "reversed":
                return s.Binary("-", last, i)
            case "next":
                return s.Binary("%", s.Binary("+", i, one), size_node(extent))
            case "clamped":
                return s.Call(s.Name("min"), (s.Binary("+", i, one), last))
        return i

    def element(self, array: Value) -> Value:
        """An element of an array."""
        node = s.Index(array.node, tuple(self.into(extent) for extent in shape(array.wire)))
        return replace(array, node=node, wire=element(array.wire))


# -- trees -----------------------------------------------------------------------------------------------------------------
def block(lets: Sequence[s.Let], result: s.Expression) -> s.Body:
    """Lines and a value, without the lines that nobody reads, and without a name for what is the value itself."""
    kept: list[s.Let] = []
    mentioned = _names(result)
    for let in reversed(lets):
        if mentioned & pattern_names(let.pattern):
            kept.insert(0, let)
            mentioned |= _names(let.value)
    while kept and kept[-1].pattern == s.NamePattern(result.name if isinstance(result, s.Name) else ""):
        value = kept.pop().value
        kept += value.bindings if isinstance(value, s.Block) else ()
        result = value.result if isinstance(value, s.Block) else value
    return s.Block(tuple(kept), result) if kept else result


def pattern_names(pattern: s.Pattern) -> set[str]:
    return {node.name for node in s.walk(pattern) if isinstance(node, s.NamePattern)}


def _names(node: s.Node) -> set[str]:
    return {below.name for below in s.walk(node) if isinstance(below, s.Name)}


@cache
def size_node(extent: Size) -> s.Expression:
    return parse_expression(str(extent))


def wire_node(wire: Wire) -> s.Type:
    """The type of a wire, as it is written."""
    scalar = s.NamedType(str(element(wire)))
    return s.ArrayType(scalar, tuple(map(size_node, shape(wire)))) if shape(wire) else scalar


def inhabited(extent: Size) -> bool:
    """Whether a size is at least 1, plainly: a number, or a name and a number."""
    if extent.constant is not None:
        return extent.constant >= 1
    return any((extent - k).name is not None for k in (1, 2))


def raised(bound: float, exponent: int) -> float:
    """What a number within a bound is at most after it is raised to a power."""
    try:
        return bound**exponent
    except OverflowError:
        return float("inf")
