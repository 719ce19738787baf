"""The surface syntax tree: what a program says, before names, types and sizes mean anything.

Every node is frozen and carries the `span` it was read from. Spans take no part in equality, so two trees are equal
when they say the same; parentheses and layout leave no node. A *body* (of a function, a `let`, a loop, a branch) is an
expression or a `Block`; nowhere else does a `Block` occur, and a `Block` always has at least one binding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Literal

from ...core.errors import NOWHERE, Span


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes have: the place they were read from."""

    span: Span = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


# Types


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """`f64`, `bit`, `z<7>`, `sat<4>`, `Point`, `shapes.Point`: a scalar type, or one a `type` line names."""

    name: str


@dataclass(frozen=True, slots=True)
class ArrayType(Node):
    """`f64[n, d*(d-1)//2]`: one size per axis, at least one; lower-case names in sizes are size parameters."""

    element: Type
    sizes: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class TupleType(Node):
    """`(f64, f64[n])`; `()` has no elements, `(f64,)` one."""

    elements: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class RecordType(Node):
    """`{x: f64, y: f64}`; a field is a name and a type."""

    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    """`(f64, f64) -> f64`: the type of a parameter that is a function."""

    parameters: tuple[Type, ...]
    result: Type


Type = NamedType | ArrayType | TupleType | RecordType | FunctionType


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`x: f64[n]`: a parameter of a function, or a field of a record type."""

    name: str
    type: Type


# Patterns: what stands left of `=` in a `let` or a `fold`


@dataclass(frozen=True, slots=True)
class NamePattern(Node):
    """`x` binds the whole value; `_` binds nothing."""

    name: str


@dataclass(frozen=True, slots=True)
class TuplePattern(Node):
    """`(a, b)`, of a tuple with as many elements."""

    elements: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class RecordPattern(Node):
    """`{x, y: height}`: the field `x` under its own name, the field `y` by a pattern of its own."""

    fields: tuple[FieldPattern, ...]


@dataclass(frozen=True, slots=True)
class FieldPattern(Node):
    """One field of a record pattern; `{x}` is `{x: x}`."""

    name: str
    pattern: Pattern


Pattern = NamePattern | TuplePattern | RecordPattern


# Expressions


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a size, a function, a constant like `pi`, or a scalar type used as a cast (`f32`, `z<7>`)."""

    name: str


@dataclass(frozen=True, slots=True)
class Integer(Node):
    """`42`; takes its type from use."""

    value: int


@dataclass(frozen=True, slots=True)
class Real(Node):
    """`0.5`, `1e-9`; takes its type (f64 or f32) from use."""

    value: float


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true`, `false`."""

    value: bool


UnaryOperator = Literal["-", "not"]
BinaryOperator = Literal["or", "and", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "//", "%", "^"]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """`-x`, `not p`."""

    operator: UnaryOperator
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`a + b`. Comparisons do not chain; `^` is power, binds tighter than unary minus and to the right."""

    operator: BinaryOperator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Keyword(Node):
    """`wrt=(w, b)` in a call."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`f(x, y, rate=0.1)`; `grad`, `vjp`, casts and every operation are calls too."""

    function: Expression
    arguments: tuple[Expression, ...]
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, slots=True)
class Index(Node):
    """`a[i, j]`; fewer indices than axes give a sub-array."""

    array: Expression
    indices: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Field(Node):
    """`p.x` of a record, or `linear.predict` of a module."""

    value: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Item(Node):
    """`t.0` of a tuple, counted from zero."""

    value: Expression
    position: int


@dataclass(frozen=True, slots=True)
class TupleExpression(Node):
    """`(a, b)`; `()` has no elements, `(a,)` one."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class ArrayExpression(Node):
    """`[1, 2, 3]`; nested ones make more axes."""

    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RecordExpression(Node):
    """`Point{x: 1, y: 2}`, or `{x: 1, y: 2}` where the type is to be told from the fields (`type` is None)."""

    type: str | None
    fields: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`fn x, (a, b): e`, a function to be passed on."""

    parameters: tuple[Pattern, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class LoopIndex(Node):
    """`i`, `i < n` (upper only) or `i in lo..hi` (both; `hi` is not reached). Bounds may use outer indices."""

    name: str
    lower: Expression | None = None
    upper: Expression | None = None


LoopKind = Literal["for", "sum", "prod", "max", "min", "mean", "all", "any", "argmax", "argmin"]


@dataclass(frozen=True, slots=True)
class Loop(Node):
    """`sum i, j < n: e`; `for` builds an array, the others reduce. The iterations know nothing of each other."""

    kind: LoopKind
    indices: tuple[LoopIndex, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Checkpoint(Node):
    """`checkpoint`, or `checkpoint every 16`: the reverse derivative keeps few states and makes the others again."""

    every: Expression | None


@dataclass(frozen=True, slots=True)
class Inverse(Node):
    """`inverse e`: the state before a step from the state after it; the reverse derivative keeps no states."""

    undo: Expression


Keeping = Checkpoint | Inverse


@dataclass(frozen=True, slots=True)
class Fold(Node):
    """`fold s = init for i < n: next` gives the last state; `scan` gives the array of the states after each step."""

    kind: Literal["fold", "scan"]
    state: Pattern
    annotation: Type | None
    initial: Expression
    indices: tuple[LoopIndex, ...]
    body: Body
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True)
class While(Node):
    """`fold s = init while condition: next` gives the first state for which the condition fails."""

    state: Pattern
    annotation: Type | None
    initial: Expression
    condition: Expression
    body: Body
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then a else b`."""

    condition: Expression
    consequent: Body
    alternative: Body


Expression = (
    Name
    | Integer
    | Real
    | Boolean
    | Unary
    | Binary
    | Call
    | Index
    | Field
    | Item
    | TupleExpression
    | ArrayExpression
    | RecordExpression
    | Lambda
    | Loop
    | Fold
    | While
    | If
)


@dataclass(frozen=True, slots=True)
class Let(Node):
    """`let (a, b): (f64, f64) = e`."""

    pattern: Pattern
    annotation: Type | None
    value: Body


@dataclass(frozen=True, slots=True)
class Block(Node):
    """`let` lines, then the expression they are for."""

    bindings: tuple[Let, ...]
    result: Expression


Body = Expression | Block


def result_span(body: Body) -> Span:
    """Where the value of a body stands: its last expression."""
    return body.result.span if isinstance(body, Block) else body.span


# Items of a module


@dataclass(frozen=True, slots=True)
class ImportedName(Node):
    """`predict` or `predict as guess` in a `from` line; `alias` is the name it goes by here."""

    name: str
    alias: str


@dataclass(frozen=True, slots=True)
class Import(Node):
    """`import stats.linear as lin` (`names` is None, use `lin.predict`) or `from stats.linear import predict`.

    Without `as`, `alias` is the last name of the path; a `from` line has no alias.
    """

    path: tuple[str, ...]
    alias: str | None
    names: tuple[ImportedName, ...] | None = None


@dataclass(frozen=True, slots=True)
class TypeDefinition(Node):
    """`type Point = {x: f64, y: f64}`."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Function(Node):
    """`def name(x: f64[n]) -> f64 = body`; without `-> type` the result's type is the body's."""

    name: str
    parameters: tuple[Parameter, ...]
    result: Type | None
    body: Body


@dataclass(frozen=True, slots=True)
class ReverseRule(Node):
    """`reverse f(x, dy) = e`: the cotangents of f's parameters, from them and the cotangent of the result."""

    name: str
    parameters: tuple[Pattern, ...]
    body: Body


@dataclass(frozen=True, slots=True)
class Holds(Node):
    """A test line that must be true: `dot(x, x) == 3.0`."""

    claim: Expression


@dataclass(frozen=True, slots=True)
class Near(Node):
    """`actual ~= expected within 1e-9`; without `within` the tolerance is the test runner's."""

    actual: Expression
    expected: Expression
    tolerance: Expression | None = None


@dataclass(frozen=True, slots=True)
class Fails(Node):
    """`expression error PB0201`: checking or running it must end in that error."""

    expression: Expression
    code: str


Claim = Holds | Near | Fails


@dataclass(frozen=True, slots=True)
class Test(Node):
    """`test "name": lines`, where a line is a `let` or a claim."""

    name: str
    lines: tuple[Let | Claim, ...]


ModuleItem = Import | TypeDefinition | Function | ReverseRule | Test


@dataclass(frozen=True, slots=True)
class Module(Node):
    """A file: its items in the order written."""

    items: tuple[ModuleItem, ...]

    @property
    def imports(self) -> tuple[Import, ...]:
        """The `import` and `from` lines."""
        return tuple(item for item in self.items if isinstance(item, Import))

    @property
    def types(self) -> tuple[TypeDefinition, ...]:
        """The `type` lines."""
        return tuple(item for item in self.items if isinstance(item, TypeDefinition))

    @property
    def functions(self) -> tuple[Function, ...]:
        """The `def`s."""
        return tuple(item for item in self.items if isinstance(item, Function))

    @property
    def tests(self) -> tuple[Test, ...]:
        """The `test`s."""
        return tuple(item for item in self.items if isinstance(item, Test))


def children(node: Node) -> Iterator[Node]:
    """The nodes directly inside this one, in the order of its fields."""
    for slot in fields(node):
        value = getattr(node, slot.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            for element in value:
                if isinstance(element, Node):
                    yield element


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes inside it, outer before inner; uses no recursion, however deep the tree."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(tuple(children(node))))
