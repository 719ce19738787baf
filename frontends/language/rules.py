"""Functions whose reverse derivative the program gives: `reverse f(x, dy) = …`.

A call of one is a `Custom` of unary form: its body and its rule, each a block that reads its own parameters only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...core.errors import DerivativeFault, Span, TypeFault
from ...core.objects import Tuple, Type, Wire, tangent, wires
from ...ir.unary import term as t
from . import syntax
from .context import Context
from .fitting import fit, positions, rebuilt, settle
from .scope import Frame, Module, Scope, bind, listed
from .types import Arrow, Signature
from .values import Function, Product, Value, describe, has_function, of_type, type_of

ORDERS = 3
"""How often a rule that calls its own function is written out: there are derivatives up to that order."""


@dataclass(frozen=True)
class Ruled:
    """A call of a function with a rule. ``body`` gives its value from its parameters; ``sizes`` are the names of sizes, and
    of the i64 parameters that are sizes, as values that no wire of the context holds."""

    context: Context
    tree: syntax.Function
    rule: syntax.ReverseRule
    kinds: Signature
    home: Module
    scope: Scope
    call: Span
    sizes: Mapping[str, Value]
    body: Callable[[Mapping[str, Value]], Value]

    def value(self, names: Mapping[str, Value]) -> Value:
        """The call on the values of the parameters. Raises TypeFault, DerivativeFault or what is wrong in the rule."""
        context = self.context
        self._check()
        given = [settle(context, names[p.name]) for p in self.kinds.parameters]
        args = [p for value in given for p in positions(context, value)]
        types = [type_of(value) for value in given]
        params = tuple(w for kind in types for w in wires(kind))
        found: dict[str, Value] = {}

        def primal(places: tuple[int, ...]) -> Sequence[int]:
            result = self.body(self._named(types, places))
            if has_function(result):
                raise TypeFault("PB0305", f"`{self.tree.name}`, which has a reverse rule, gives {describe(result)}", self.call)
            found["result"] = settle(context, result)
            return positions(context, found["result"])

        block = context.block(params, primal)
        reverse = self._reverse(types, params, type_of(found["result"]))
        with context.at(self.call):
            step = t.Custom(tuple(args), block, reverse, self.call)
            return rebuilt(context, found["result"], iter(context.builder.emit(step)))

    def _check(self) -> None:
        """Whether the rule has the parameters it must have, and the function such that it can have a rule."""
        name, parameters = self.tree.name, self.kinds.parameters
        if any(isinstance(p.type, Arrow) for p in parameters):
            raise TypeFault("PB0305", f"`{name}` takes a function, so it cannot have a reverse rule", self.rule.span,
                            "a rule sees the parameters only, and what a function has captured would get no derivative")
        if len(self.rule.parameters) != len(parameters) + 1:
            raise TypeFault(
                "PB0304", f"the reverse rule of `{name}` takes {len(parameters) + 1} parameters, not "
                f"{len(self.rule.parameters)}", self.rule.span,
                f"those of `{name}`, {listed(p.name for p in parameters)}, then the cotangent of its result")

    def _named(self, types: Sequence[Type], places: Sequence[int]) -> dict[str, Value]:
        """The parameters on the wires of a block."""
        wire = iter(places)
        values = {p.name: of_type(kind, wire) for p, kind in zip(self.kinds.parameters, types, strict=True)}
        return {**values, **self.sizes}

    def _reverse(self, types: Sequence[Type], params: tuple[Wire, ...], result: Type) -> t.Block | None:
        context, name = self.context, self.tree.name
        changes = [kind for kind in map(tangent, types) if kind is not None]
        cotangent = tangent(result)
        if not changes:
            raise DerivativeFault("PB0502", f"`{name}` has no parameter to differentiate by", self.rule.span)
        if cotangent is None:
            raise DerivativeFault("PB0503", f"`{name}` gives `{result}`, which has no derivative", self.rule.span)
        if sum(frame.rule and frame.function is self.tree for frame in self.scope.frames) >= ORDERS:
            return None
        expected = changes[0] if len(changes) == 1 else Tuple(tuple(changes))

        def rule(places: tuple[int, ...]) -> Sequence[int]:
            given = [*self._named(types, places[: len(params)]).values()][: len(types)]
            given.append(of_type(cotangent, iter(places[len(params):])))
            frames = (*(f for f in self.scope.frames if f.rule), Frame(self.tree, self.call, rule=True))
            inner = Scope(self.home, self.scope.builtin, frames=frames).bind(self.sizes)
            inner = bind(inner, syntax.TuplePattern(self.rule.parameters), Product(tuple(given)))
            value = context.evaluate(self.rule.body, inner, expected)
            span = syntax.result_span(self.rule.body)
            if isinstance(value, Function):
                raise TypeFault("PB0305", f"the reverse rule of `{name}` gives {describe(value)}", span)
            return positions(context, fit(context, value, expected, span, f"what the reverse rule of `{name}` gives"))

        return context.block((*params, *wires(cotangent)), rule)
