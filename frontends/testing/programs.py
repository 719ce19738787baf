"""Well-typed programs at random: small ones, such as a person could have written.

    program = grown(Seeded(7), F64, "smooth")
    program.text            # to read, and to run
    program.term            # unary form
    program.function        # machine code, to be called from Python

`strategies.programs` is the same for hypothesis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...core.objects import BOOL, F64, I64, Scalar, Wire, array, shape, wires
from ...core.sizes import atom, size
from ...ir.unary.term import Term
from ..language import syntax as s
from ..language.elaborate import Elaborated, elaborate
from ..language.format import unparse
from ..language.loader import of_tree
from ..language.show import show
from ..python.function import Function
from ..python.module import compile
from . import blocks, functions, numbers
from .choices import Choices
from .growth import STATE, Growth, Production, Value, wire_node
from .tidy import numbered, used

PRODUCTIONS: tuple[Production, ...] = (*numbers.PRODUCTIONS, *blocks.PRODUCTIONS, *functions.PRODUCTIONS)
"""All ways to make an expression: a construct of the language is added to one of these files."""

CONSTRUCTS = 12


@dataclass(frozen=True, repr=False)
class Program:
    """A program; ``name`` is the function that is meant."""

    tree: s.Module
    name: str = "f"

    @cached_property
    def text(self) -> str:
        return unparse(self.tree)

    @cached_property
    def elaborated(self) -> Elaborated:
        return elaborate(of_tree(self.tree), self.name)

    @property
    def term(self) -> Term:
        """The function in unary form."""
        return self.elaborated.term

    @cached_property
    def function(self) -> Function:
        """The function, to be called from Python."""
        return compile(self.text)[self.name]

    def ready(self, arguments: Sequence[Any] = (), path: str = "found.pull") -> str:
        """The program as a file, with the command that runs it on these arguments (one for each wire)."""
        leaves, words = iter(arguments), []
        for p in self.elaborated.signature.parameters if arguments else ():
            parts = [next(leaves) for _ in wires(p.type)]  # type: ignore[arg-type]  # a function that is run takes no functions
            words.append(f"--arg {p.name}='{show(p.type, parts)}'")  # type: ignore[arg-type]
        return "\n".join([f"# {path}: pullback run {path} {self.name} {' '.join(words)}".rstrip(), self.text])

    def __repr__(self) -> str:
        return f"Program('''\n{self.text}''')"


def grown(choices: Choices, scalar: Scalar = F64, grade: str = "any", constructs: int = CONSTRUCTS, depth: int = 3,
          dom: Sequence[Wire] | None = None, cod: Sequence[Wire] | None = None) -> Program:  # fmt: skip
    """The program that some choices make (`strategies.programs` says what the rest is)."""
    g = Growth(choices, scalar, grade, constructs, depth, PRODUCTIONS)
    parameters = _parameters(g) if dom is None else tuple(_parameter(g, g.fresh("x"), w) for w in dom)
    g.closed = frozenset(a for v in g.scope for z in shape(v.wire) for a in z.atoms)
    g.sizes.append(size(2))
    body, _ = g.body(lambda: _results(g, cod), 3)
    g.items.append(s.Function("f", parameters, None, body))
    return Program(s.Module(numbered(used(g.items, "f"), tuple(g.names))))


def _parameter(g: Growth, name: str, wire: Wire) -> s.Parameter:
    g.enter(Value(s.Name(name), wire, STATE))
    return s.Parameter(name, wire_node(wire))


def _parameters(g: Growth) -> tuple[s.Parameter, ...]:
    """Each size among them is the bare size of some axis."""
    n, m = atom("n"), atom("m")
    x, row, column, table = g.scalar, *(array(g.scalar, z) for z in ((n,), (m,), (n, m)))
    options: list[tuple[Wire, ...]] = [
        (x,), (row,), (x, row), (row, row), (x, x), (row, column), (table,), (row, table), (table, column, x),
        (row, array(g.scalar, (n + 1,))), (array(g.scalar, (size(2),)), x), (array(g.scalar, (n, n)), row),
    ]  # fmt: skip
    first = g.pick(options)
    indices = (array(I64, (n,)),) if any(n in shape(w) for w in first) else ()
    more: tuple[Wire, ...] = g.pick([(), (), (BOOL,), (I64,), (I64, BOOL), indices])
    names = iter("xyuvwz")
    made = [_parameter(g, next(names), wire) for wire in (*first, *more)]
    if g.chance(6):
        made.append(_product(g, next(names)))
    return tuple(made)


def _product(g: Growth, name: str) -> s.Parameter:
    """A parameter of two parts: a tuple or a record."""
    row = array(g.scalar, (atom("n"),)) if any(atom("n") in shape(v.wire) for v in g.scope) else g.scalar
    kinds = (wire_node(g.scalar), wire_node(row))
    as_record = g.chance()
    for k, (label, wire) in enumerate(zip("ab", (g.scalar, row), strict=True)):
        node = s.Field(s.Name(name), label) if as_record else s.Item(s.Name(name), k)
        g.enter(Value(node, wire, STATE))
    if not as_record:
        return s.Parameter(name, s.TupleType(kinds))
    return s.Parameter(name, s.RecordType(tuple(s.Parameter(label, k) for label, k in zip("ab", kinds, strict=True))))


def _results(g: Growth, cod: Sequence[Wire] | None) -> Value:
    """One result or two, the first of the number object; of any grade, a discrete one too."""
    kinds = list(cod or ())
    if cod is None:
        kinds = [g.pick([g.scalar, g.scalar, *g.array_wires()]) for _ in range(1 + g.chance(3))]
        kinds += [g.pick([BOOL, I64])] if g.grade == "any" and g.chance(4) else []
    parts = [g.expression(k, float("inf")) for k in kinds]
    return parts[0] if len(parts) == 1 else Value(s.TupleExpression(tuple(p.node for p in parts)), parts[0].wire)
