"""Elaboration: from a program to closed terms in unary form, with names, types and sizes checked on the way.

    program = load("logistic.pull")
    loss = elaborate(program, "loss")
    loss.term, loss.signature
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ...core.depth import room, too_deep
from ...core.errors import NameFault, PullbackError, Span, TypeFault, suggestion
from ...core.objects import BOOL, Type, element, wires
from ...ir.unary.builder import Builder
from ...ir.unary.term import Term
from . import syntax
from .builtin import builtin
from .calls import defined
from .context import Context
from .derivatives import labelled
from .expressions import evaluate, let
from .fitting import common, fit, positions, settle
from .loader import Program
from .parse import parse_expression
from .scope import Definition, Module, Scope
from .types import Arrow, Signature, signature
from .values import Arguments, Product, Value, describe, has_function, of_type, type_of

T = TypeVar("T")


@dataclass(frozen=True)
class Elaborated:
    """A function as a closed term. The wires of the term are those of the signature's types, left to right."""

    term: Term
    signature: Signature

    @property
    def result(self) -> Type:
        assert self.signature.result is not None
        return self.signature.result


def elaborate(program: Program, name: str) -> Elaborated:
    """The function ``name`` at its own types and sizes, everything it calls inlined.

    Raises NameFault, TypeFault, SizeFault, DerivativeFault or IndexFault, each with the place in the text."""
    if name not in program.functions:
        raise NameFault("PB0201", f"there is no function `{name}` in {program.path}", None,
                        suggestion(name, program.functions) or
                        f"its functions are {', '.join(sorted(program.functions)) or 'none'}")
    with room(too_deep):
        return elaborate_definition(program.functions[name], program.module)


def elaborate_definition(definition: Definition, module: Module) -> Elaborated:
    """A function found in a module."""
    home = definition.module or module
    kinds = signature(definition, home)
    plain: list[Type] = []
    for parameter in kinds.parameters:
        if isinstance(parameter.type, Arrow):
            raise TypeFault("PB0305", f"`{kinds.name}` takes the function `{parameter.name}`, so it can be called in "
                            "programs, and not run by itself", parameter.span,
                            "define a function that calls it on the function you mean")
        plain.append(parameter.type)
    dom = [w for kind in plain for w in wires(kind)]
    names = [n for p, kind in zip(kinds.parameters, plain, strict=True) for n in labelled(p.name, kind)]
    context = Context(Builder(kinds.name, kinds.sizes, names, dom), evaluate)
    places = iter(range(len(dom)))
    values = tuple(of_type(kind, places) for kind in plain)
    arguments = Arguments(values, {}, definition.tree.span, tuple(p.span for p in kinds.parameters), {})
    scope = Scope(home, builtin(context, home.operations))
    result = _own(lambda: defined(context, definition, home, scope).apply(arguments), definition.tree.span)
    if has_function(result):
        raise TypeFault("PB0305", f"`{kinds.name}` gives {describe(result)}", definition.tree.span,
                        "functions are passed to functions, and neither stored nor returned")
    settled = settle(context, result)
    term = context.builder.finish(positions(context, settled))
    return Elaborated(term, replace(kinds, result=type_of(settled)))


def _own(run: Callable[[], T], span: Span) -> T:
    """Without the note that the function was called from here: nobody called it."""
    try:
        return run()
    except PullbackError as fault:
        notes = tuple(note for note in fault.notes if note[1] is not span)
        raise type(fault)(fault.code, fault.message, fault.span, fault.hint, notes) from None


def check(program: Program) -> Iterator[PullbackError]:
    """What is wrong with a program: at most one fault per function and per line of a test, in the order written.

    A fault in a function is not told again for those that call it."""
    told: set[tuple[str, Span | None]] = set()
    for fault in _faults(program):
        if (fault.code, fault.span) not in told:
            told.add((fault.code, fault.span))
            yield fault


def _faults(program: Program) -> Iterator[PullbackError]:
    for item in program.module.tree.items:
        match item:
            case syntax.Function():
                try:
                    with room(too_deep):
                        definition = program.functions[item.name]
                        if any(isinstance(p.type, syntax.FunctionType) for p in item.parameters):
                            signature(definition, program.module)
                        else:
                            elaborate_definition(definition, program.module)
                except PullbackError as fault:
                    yield fault
            case syntax.TypeDefinition() | syntax.Import() | syntax.ReverseRule():
                pass
            case syntax.Test():
                for claim in elaborate_test(program, item):
                    if claim.fault is not None and not isinstance(claim.line, syntax.Fails):
                        yield claim.fault


def elaborate_expression(program: Program, text: str, path: str = "<expression>") -> tuple[Term, Type]:
    """An expression over the functions of a program, as a closed term without parameters, and its type."""
    context = Context(Builder("expression", (), (), ()), evaluate)
    with room(too_deep):
        scope = Scope(program.module, builtin(context, program.module.operations))
        value = settle(context, context.evaluate(parse_expression(text, path), scope))
        if has_function(value):
            raise TypeFault("PB0305", f"this is {describe(value)}, and no value", hint="call it with its arguments")
        return context.builder.finish(positions(context, value)), type_of(value)


# -- tests -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Claim:
    """A line of a test as a closed term without parameters, or the fault of elaborating it.

    `Holds`: the results are bools, or arrays of them, all of which must hold. `Near`: the wires of the actual value,
    then those of the expected one, then the tolerance if there is one. `Fails`: the wires of the expression."""

    line: syntax.Claim
    term: Term | None
    kind: Type | None
    fault: PullbackError | None = None


def elaborate_test(program: Program, test: syntax.Test) -> tuple[Claim, ...]:
    """The claims of a test, each with the `let` lines before it."""
    lines: list[syntax.Let] = []
    claims: list[Claim] = []
    for line in test.lines:
        if isinstance(line, syntax.Let):
            lines.append(line)
        else:
            claims.append(_claim(program, test, tuple(lines), line))
    return tuple(claims)


def _claim(program: Program, test: syntax.Test, lets: Sequence[syntax.Let], line: syntax.Claim) -> Claim:
    context = Context(Builder("test", (), (), ()), evaluate)
    try:
        with room(too_deep):
            scope = Scope(program.module, builtin(context, program.module.operations))
            for binding in lets:
                scope = let(context, binding, scope)
            value = _sides(context, scope, line)
            settled = settle(context, value)
            term = context.builder.finish(positions(context, settled))
            return Claim(line, term, type_of(settled))
    except PullbackError as fault:
        return Claim(line, None, None, fault)


def _sides(context: Context, scope: Scope, line: syntax.Claim) -> Value:
    match line:
        case syntax.Holds(claim):
            value = context.evaluate(claim, scope)
            if has_function(value) or any(element(w) != BOOL for w in wires(type_of(value))):
                raise TypeFault("PB0307", f"a line of a test is bool, and this is {describe(value)}", claim.span,
                                "compare: `f(2.0) == 4.0`, or `f(2.0) ~= 4.0 within 1e-9`")
            return value
        case syntax.Fails(expression):
            return context.evaluate(expression, scope)
        case syntax.Near(actual, expected, tolerance):
            left = settle(context, context.evaluate(actual, scope))
            right = context.evaluate(expected, scope, type_of(left))
            kind = common(left, right, line.span, ("the left side", "the right side"), None, "PB0302")
            fitted = fit(context, right, kind, expected.span, "the expected value")
            within = [context.evaluate(tolerance, scope)] if tolerance is not None else []
            return Product((left, fitted, *within))
