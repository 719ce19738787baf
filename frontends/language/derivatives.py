"""`grad`, `vjp` and their kin in the language: the function is closed over what it uses, derived, and inlined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...core.errors import DerivativeFault, NameFault, Note, Span, TypeFault, suggestion
from ...core.objects import F64, Scalar, Tuple, Type, Wire, element, is_differentiable, shape, tangent, wires
from ...core.semiring import semiring
from ...core.sizes import atom
from ...ir.unary import term as t
from ...ir.unary.builder import Builder, embed, replay
from ...ir.unary.builder import Scope as Places
from . import syntax
from .calls import arranged
from .context import Context
from .fitting import fit, positions, rebuilt, settle
from .scope import Scope, listed
from .values import Arguments, Count, Function, Held, Product, Value, describe, has_function, has_literal, of_type, type_of


def transformed(context: Context, kind: str, node: syntax.Call, scope: Scope) -> Function:
    """``grad(f, wrt=(w, b))`` and the others, as a function. Raises TypeFault, NameFault or DerivativeFault."""
    if len(node.arguments) != 1:
        raise TypeFault("PB0304", f"`{kind}` takes one function, not {len(node.arguments)} arguments", node.span,
                        f"the arguments of the derivative come after it: `{kind}(f)(x)`")
    function = context.evaluate(node.arguments[0], scope)
    if not isinstance(function, Function):
        raise TypeFault("PB0305", f"`{kind}` of {describe(function)}, which is no function", node.arguments[0].span,
                        f"name the function, then give the arguments: `{kind}(f)(x)`")
    if function.parameters is None:
        raise TypeFault("PB0305", f"`{kind}` of a function whose parameters are not known", node.arguments[0].span)
    chosen: tuple[int, ...] | None = None
    for keyword in node.keywords:
        if keyword.name != "wrt":
            raise NameFault("PB0203", f"`{kind}` has no parameter `{keyword.name}`", keyword.span,
                            f"`wrt` says by what to differentiate: `{kind}(f, wrt=(w, b))`")
        chosen = _chosen(keyword.value, function)
    several = bool(node.keywords) and isinstance(node.keywords[0].value, syntax.TupleExpression)
    maker = Derivative(context, kind, function, chosen, several, node.span)
    extra = maker.extra_parameters()
    return Function(f"{kind}({function.name})", (*function.parameters, *extra), maker.apply, function.wants)


def _chosen(node: syntax.Expression, function: Function) -> tuple[int, ...]:
    """The positions of the parameters that `wrt` names."""
    names = function.parameters or ()
    parts = node.elements if isinstance(node, syntax.TupleExpression) else (node,)
    found = []
    for part in parts:
        match part:
            case syntax.Name(name) if name in names:
                found.append(names.index(name))
            case syntax.Integer(k) if k < len(names):
                found.append(k)
            case _:
                known = [n for n in names if n is not None]
                hint = suggestion(part.name, known) if isinstance(part, syntax.Name) else None
                raise NameFault("PB0203", f"`{part.span.text}` is no parameter of `{function.name}`", part.span,
                                hint or (f"its parameters are {listed(known)}" if known else "count them from 0"))
    if len(set(found)) < len(found):
        raise NameFault("PB0203", "a parameter is named twice in `wrt`", node.span)
    return tuple(found)


@dataclass(frozen=True)
class Closed:
    """The function as a closed term: its captured wires, then the wires it is differentiated by."""

    term: t.Term
    captured: tuple[int, ...]
    result: Value

    @property
    def wrt(self) -> list[int]:
        """Positions of the differentiable wires among those after the captured ones."""
        return [k for k in range(len(self.captured), len(self.term.dom)) if is_differentiable(self.term.dom[k])]


@dataclass(frozen=True)
class Derivative:
    """One transformation of one function; ``chosen`` None means its default parameters."""

    context: Context
    kind: str
    function: Function
    chosen: tuple[int, ...] | None
    several: bool
    span: Span

    def extra_parameters(self) -> tuple[str | None, ...]:
        if self.kind in ("vjp", "reverse"):
            return (None,)
        return (None,) * len(self._wrt_default()) if self.kind == "jvp" else ()

    def _wrt_default(self) -> tuple[int, ...]:
        return (0,) if self.chosen is None else self.chosen

    def apply(self, arguments: Arguments) -> Value:
        """The derivative at the arguments, appended to the context."""
        names = self.function.parameters or ()
        given = arranged(arguments, (*names, *self.extra_parameters()), f"{self.kind}({self.function.name})")
        values, rest = given[: len(names)], given[len(names):]
        hints = (*self.function.wants, *[F64] * len(names))  # a literal that nothing gives a type is differentiable
        if self.kind == "reverse":
            values = [(settle(self.context, v, hint) if has_literal(v) else v, s)
                      for (v, s), hint in zip(values, hints, strict=False)]
        wrt = self._wrt(values)
        for k in wrt:
            if has_function(values[k][0]):
                raise DerivativeFault("PB0502", f"`{names[k] or k}` is a function, and has no derivative", self.span)
        inputs = [settle(self.context, values[k][0], hints[k]) for k in wrt]
        closed = self._close(arguments, values, wrt, inputs)
        try:
            return self._derive(closed, wrt, inputs, rest, arguments.span)
        except DerivativeFault as fault:
            if fault.span == self.span:
                raise
            notes: tuple[Note, ...] = (*fault.notes, (f"`{self.kind}` asks for the derivative here", self.span))
            raise DerivativeFault(fault.code, fault.message, fault.span, fault.hint, notes) from None

    def _wrt(self, values: Sequence[tuple[Value, Span]]) -> tuple[int, ...]:
        if self.kind == "reverse" and self.chosen is None:
            return tuple(k for k, (v, _) in enumerate(values) if not has_function(v) and tangent(type_of(v)) is not None)
        wrt = self._wrt_default()
        if not values:
            raise DerivativeFault("PB0502", f"`{self.function.name}` has no parameter to differentiate by", self.span)
        return wrt

    # -- closing over the context ----------------------------------------------------------------------------------
    def _close(self, arguments: Arguments, values: Sequence[tuple[Value, Span]], wrt: Sequence[int],
               inputs: Sequence[Value]) -> Closed:
        """The function on new wires in place of ``inputs``, closed: everything else it reads becomes a parameter."""
        context, outer = self.context, self.context.builder
        kinds = [w for v in inputs for w in wires(type_of(v))]
        labels = [n for k, v in zip(wrt, inputs, strict=True) for n in labelled(self._label(k), type_of(v))]
        base = len(outer.wires)
        names = (*(f"c{k}" for k in range(base)), *labels)
        inner = Builder(self.function.name or "f", sorted(outer.atoms), names, (*outer.wires, *kinds))
        inner.span = outer.span
        fresh = iter(range(base, base + len(kinds)))
        replaced = dict(zip(wrt, (of_type(type_of(v), fresh) for v in inputs), strict=True))
        reach, context.builder, context.reach = context.reach, inner, context.reach.copy()
        try:
            filled = tuple(replaced.get(k, v) for k, (v, _) in enumerate(values))
            call = Arguments(filled, {}, arguments.span, tuple(s for _, s in values), {})
            result = settle(context, self.function.apply(call))
            if has_function(result):
                raise TypeFault("PB0305", f"`{self.kind}` of a function that gives {describe(result)}", self.span)
            term = inner.finish(positions(context, result))
        finally:
            context.builder, context.reach = outer, reach
        return _pruned(term, base, result)

    def _label(self, k: int) -> str:
        return (self.function.parameters or ())[k] or f"x{k}"

    # -- deriving --------------------------------------------------------------------------------------------------
    def _derive(self, closed: Closed, wrt: Sequence[int], inputs: Sequence[Value],
                rest: Sequence[tuple[Value, Span]], span: Span) -> Value:
        from ...ir.derive import vjp

        context = self.context
        kinds = [self._tangent(k, type_of(v)) for k, v in zip(wrt, inputs, strict=True)]
        args = [*closed.captured, *(p for v in inputs for p in positions(context, v))]
        if self.kind == "jvp":
            return self._jvp(closed, kinds, args, rest)
        if self.kind == "hessian":
            return self._hessian(closed, inputs, args)
        if self.kind in ("grad", "value_and_grad"):
            seeds = [self._one(closed.result)]
        else:
            ((cotangent, where),) = rest
            seeds = self._seeds(closed.result, cotangent, where)
        value = self.kind in ("value_and_grad", "vjp")
        derived = vjp(closed.term, closed.wrt, value=value)
        results = iter(self._embed(derived, [*args, *seeds]))
        primal = rebuilt(context, closed.result, results) if value else None
        parts = [of_type(kind, results) for kind in kinds]
        gradient = Product(tuple(parts)) if self._is_tuple(parts) else parts[0]
        return gradient if primal is None else Product((primal, gradient))

    def _is_tuple(self, parts: Sequence[Value]) -> bool:
        return self.several or len(parts) != 1

    def _tangent(self, k: int, kind: Type) -> Type:
        found = tangent(kind)
        if found is None:
            raise DerivativeFault("PB0502", f"`{self._label(k)}` is {kind}, which has no derivative", self.span,
                                  "differentiate by floating point or semiring values only")
        return found

    def _one(self, result: Value) -> int:
        """The cotangent 1 of a scalar result. Raises DerivativeFault for any other."""
        if isinstance(result, Held) and isinstance(result.kind, Scalar) and result.kind.is_differentiable:
            return self.context.builder.constant(semiring(result.kind).one, result.kind)
        raise DerivativeFault(
            "PB0503", f"`{self.kind}` needs a function with one differentiable number as its result, and "
            f"`{self.function.name}` gives {describe(result)}", self.span,
            "reduce the result to one number, or use `vjp`, which takes the cotangent of the result")

    def _seeds(self, result: Value, cotangent: Value, where: Span) -> list[int]:
        kind = tangent(type_of(result))
        if kind is None:
            raise DerivativeFault("PB0503", f"`{self.function.name}` gives {describe(result)}, which has no derivative",
                                  self.span)
        return positions(self.context, fit(self.context, cotangent, kind, where, "the cotangent of the result"))

    def _jvp(self, closed: Closed, kinds: Sequence[Type], args: Sequence[int],
             rest: Sequence[tuple[Value, Span]]) -> Value:
        from ...ir.derive import jvp

        context = self.context
        tangents = [p for kind, (value, where) in zip(kinds, rest, strict=True)
                    for p in positions(context, fit(context, value, kind, where, "the tangent"))]
        results = iter(self._embed(jvp(closed.term, closed.wrt), [*args, *tangents]))
        primal = rebuilt(context, closed.result, results)
        kind = tangent(type_of(closed.result))
        if kind is None:
            raise DerivativeFault("PB0503", f"`{self.function.name}` gives {describe(closed.result)}, "
                                  "which has no derivative", self.span)
        return Product((primal, of_type(kind, results)))

    def _hessian(self, closed: Closed, inputs: Sequence[Value], args: Sequence[int]) -> Value:
        """Forward over reverse: one column for every element of the parameter."""
        from ...ir.derive import jvp, vjp

        context = self.context
        if len(inputs) != 1 or not isinstance(inputs[0], Held) or len(closed.wrt) != 1:
            raise DerivativeFault("PB0503", "`hessian` is taken by one number or one array", self.span,
                                  "name it: `hessian(f, wrt=x)`")
        kind = inputs[0].kind
        one = self._one(closed.result)
        gradient = vjp(closed.term, closed.wrt, value=False)
        columns = jvp(gradient, closed.wrt)

        def along(direction: int) -> int:
            return self._embed(columns, [*args, one, direction])[1]

        unit = context.builder.constant(semiring(element(kind)).one, element(kind))
        position = _basis(context, kind, unit, along)
        return Held(position, context.builder.wires[position])

    def _embed(self, term: t.Term, args: Sequence[int]) -> tuple[int, ...]:
        return embed(self.context.builder, term, args, {name: atom(name) for name in term.sizes})


def _basis(context: Context, kind: Wire, unit: int, along: Callable[[int], int]) -> int:
    """``along`` of every unit array of a shape, gathered over its axes."""

    def level(depth: int, indices: tuple[int, ...]) -> int:
        sizes = shape(kind)
        if depth == len(sizes):
            direction = unit
            for extent, index in zip(reversed(sizes), reversed(indices), strict=True):
                direction = context.builder.one(t.OneHot(extent, index, direction))
            return along(direction)

        def body(index: Count, _: tuple[int, ...]) -> list[int]:
            return [level(depth + 1, (*indices, context.hold(index)))]

        return context.loop("i", sizes[depth], (), "build", body)[0]

    return level(0, ())


def labelled(name: str, kind: Type) -> Iterator[str]:
    """A name for each wire of a value: `p`, or `p.x`, `p.0`."""
    if isinstance(kind, Tuple):
        for k, item in zip(kind.names or range(len(kind.items)), kind.items, strict=True):
            yield from labelled(f"{name}.{k}", item)
    else:
        yield name


# -- captured wires ----------------------------------------------------------------------------------------------------
def _pruned(term: t.Term, base: int, result: Value) -> Closed:
    """The term with only those of its first ``base`` wires that it reads."""
    used = {r for r in term.results if r < base} | _read(term.steps, base)
    captured = tuple(sorted(used))
    places = (*captured, *range(base, len(term.dom)))
    builder = Builder(term.name, term.sizes, [term.names[p] for p in places], [term.dom[p] for p in places])
    scope = Places.top({p: k for k, p in enumerate(places)}, {})
    replay(builder, term.steps, scope, len(term.dom))
    return Closed(builder.finish([scope[r] for r in term.results]), captured, result)


def _of(*blocks: t.Block | None) -> tuple[t.Block, ...]:
    return tuple(block for block in blocks if block is not None)


def _read(steps: Sequence[t.Step], base: int) -> set[int]:
    """The positions below ``base`` that the steps read."""
    found: set[int] = set()
    for step in steps:
        blocks: tuple[t.Block, ...] = ()
        match step:
            case t.Apply() | t.Custom():
                found |= set(step.args)
                blocks = _of(step.primal, step.reverse) if isinstance(step, t.Custom) else ()
            case t.Open() | t.Stop():
                found.add(step.arg)
            case t.Index():
                found |= {step.array, step.index}
            case t.OneHot():
                found |= {step.index, step.value}
            case t.Loop():
                found |= set(step.inits)
                blocks = _of(step.body, step.inverse)
            case t.While():
                found |= set(step.inits)
                blocks = _of(step.cond, step.body, step.inverse)
            case t.Branch():
                found.add(step.cond)
                blocks = (step.then, step.orelse)
        for block in blocks:
            found |= set(block.results) | _read(block.steps, base)
    return {p for p in found if p < base}

