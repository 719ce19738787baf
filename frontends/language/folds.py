"""Loops that carry a state: `fold`, `scan`, and `fold … while`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...core.errors import Span, TypeFault
from ...core.objects import BOOL, I64, Scalar, Type, element, shape, wires
from ...ir.unary import term as t
from . import syntax
from .context import Context
from .fitting import common, fit, positions, rebuilt, settle
from .loops import bound_of, inner_want, range_of, rest, shifted
from .scope import Scope, bind
from .types import resolve
from .values import Count, Function, Held, Value, describe, has_literal, of_type, type_of


def fold(context: Context, node: syntax.Fold, scope: Scope, want: Type | None) -> Value:
    """The last state, or with `scan` the array of the states after each step."""
    hint = want if node.kind == "fold" else inner_want(want, 1)

    def trial(initial: Value) -> Value:
        return _trial_nest(context, node, 0, bind(scope, node.state, initial))

    initial = _initial(context, node.initial, node.annotation, scope, hint, trial, syntax.result_span(node.body))
    kind = type_of(initial)
    checkpoint = _checkpoint(context, node, scope)
    with context.at(node.span):
        results = _fold_level(context, node, 0, scope, positions(context, initial), kind, checkpoint)
    count = len(list(wires(kind)))
    return rebuilt(context, initial, iter(results[:count] if node.kind == "fold" else results[count:]))


def _initial(context: Context, node: syntax.Expression, annotation: syntax.Type | None, scope: Scope,
             want: Type | None, trial: Callable[[Value], Value], body: Span) -> Value:
    """The first state. Its open literals take their types from the annotation, or from the state a step gives."""
    hint = want
    if annotation is not None:
        hint = resolve(context, annotation, scope)
    value = context.evaluate(node, scope, hint)
    if annotation is not None and hint is not None:
        return fit(context, value, hint, node.span, "the first state")
    if isinstance(value, Function):
        raise TypeFault("PB0305", f"the state is {describe(value)}, which is no number", node.span)
    if has_literal(value):
        after, _ = context.attempt(lambda: trial(value))
        kind = common(value, after, body, ("the first state", "the state after a step"), want, "PB0311")
        return fit(context, value, kind, node.span, "the first state")
    return settle(context, value)


def _trial_nest(context: Context, node: syntax.Fold, depth: int, scope: Scope) -> Value:
    """The state after one step, elaborated for its type alone."""
    if depth == len(node.indices):
        return context.evaluate(node.body, scope)
    index = node.indices[depth]
    within = range_of(context, index, rest(node, depth), scope)
    found: dict[str, Value] = {}

    def body(position: Count, carries: tuple[int, ...]) -> Sequence[int]:
        inner = scope.bind({index.name: shifted(context, position, within.low)})
        found["state"] = _trial_nest(context, node, depth + 1, inner)
        return []

    context.loop(index.name, within.count, (), "build", body)
    return found["state"]


def _fold_level(context: Context, node: syntax.Fold, depth: int, scope: Scope, inits: Sequence[int],
                kind: Type, checkpoint: t.Checkpoint | None) -> Sequence[int]:
    """Final carries, then for `scan` the states gathered so far."""
    if depth == len(node.indices):
        state = of_type(kind, iter(inits))
        value = context.evaluate(node.body, bind(scope, node.state, state), kind)
        after = positions(context, same_state(context, value, kind, syntax.result_span(node.body), node.initial.span))
        return [*after, *after] if node.kind == "scan" else after
    index = node.indices[depth]
    with context.at(index.span):
        within = range_of(context, index, rest(node, depth), _with_state(scope, node, inits, kind))

    def body(position: Count, carries: tuple[int, ...]) -> Sequence[int]:
        inner = scope.bind({index.name: shifted(context, position, within.low)})
        return _fold_level(context, node, depth + 1, inner, carries, kind, checkpoint)

    def undo(position: Count, carries: tuple[int, ...]) -> Sequence[int]:
        inner = scope.bind({index.name: shifted(context, position, within.low)})
        return _undo_level(context, node, depth + 1, inner, carries, kind)

    return context.loop(index.name, within.count, inits, "build", body, checkpoint=checkpoint,
                        undo=undo if isinstance(node.keeping, syntax.Inverse) else None)


def _undo_level(context: Context, node: syntax.Fold, depth: int, scope: Scope, carries: Sequence[int],
                kind: Type) -> Sequence[int]:
    """The state before a step from the state after it; a step of an outer index is a loop over the inner ones."""
    if depth == len(node.indices):
        return _undone(context, node, scope, carries, kind)
    index = node.indices[depth]
    with context.at(index.span):
        within = range_of(context, index, rest(node, depth), _with_state(scope, node, carries, kind))

    def undo(position: Count, carries: tuple[int, ...]) -> Sequence[int]:
        inner = scope.bind({index.name: shifted(context, position, within.low)})
        return _undo_level(context, node, depth + 1, inner, carries, kind)

    return context.loop(index.name, within.count, carries, "build", undo, backward=True)


def _undone(context: Context, node: syntax.Fold | syntax.While, scope: Scope, carries: Sequence[int],
            kind: Type) -> Sequence[int]:
    assert isinstance(node.keeping, syntax.Inverse)
    undo = node.keeping.undo
    value = context.evaluate(undo, bind(scope, node.state, of_type(kind, iter(carries))), kind)
    return positions(context, same_state(context, value, kind, undo.span, node.initial.span, "what the inverse gives"))


def _checkpoint(context: Context, node: syntax.Fold | syntax.While, scope: Scope) -> t.Checkpoint | None:
    """How often the state is to be kept. Raises TypeFault PB0318 where it cannot be as asked."""
    keeping = node.keeping
    if isinstance(node, syntax.Fold) and node.kind == "scan" and keeping is not None:
        word = "checkpoint" if isinstance(keeping, syntax.Checkpoint) else "inverse"
        raise TypeFault("PB0318", f"`{word}` in a `scan`, which gives all its states, so they are there anyway",
                        keeping.span, "`fold` gives the last state alone")
    if not isinstance(keeping, syntax.Checkpoint):
        return None
    if keeping.every is None:
        return t.Checkpoint()
    every = bound_of(context, keeping.every, scope, "the number of steps between checkpoints")
    size = every.size if isinstance(every, Count) else None
    if size is not None and size.constant is not None and size.constant < 1:
        raise TypeFault("PB0318", f"a checkpoint every {size.constant} steps", keeping.every.span,
                        "keep the state at least once in so many steps: a whole number from 1 on")
    return t.Checkpoint(context.open(every, "every"))


def _with_state(scope: Scope, node: syntax.Fold, inits: Sequence[int], kind: Type) -> Scope:
    """The scope in which the body's subscripts are looked at: the state has the type of its first value."""
    return bind(scope, node.state, of_type(kind, iter(inits)))


def same_state(context: Context, value: Value, kind: Type, span: Span, first: Span,
               what: str = "the state after a step") -> Value:
    """Another state, which must have the type of the first."""
    try:
        return fit(context, value, kind, span, what, [("the first state is here", first)])
    except TypeFault as fault:
        if fault.code != "PB0301":
            raise
        raise TypeFault("PB0311", fault.message, fault.span, "the state keeps its type through the loop"
                        + (f"; {fault.hint}" if fault.hint else ""), fault.notes) from None


def while_loop(context: Context, node: syntax.While, scope: Scope, want: Type | None) -> Value:
    """The first state for which the condition fails."""

    def trial(initial: Value) -> Value:
        return context.evaluate(node.body, bind(scope, node.state, initial))

    initial = _initial(context, node.initial, node.annotation, scope, want, trial, syntax.result_span(node.body))
    kind = type_of(initial)
    inits = positions(context, initial)
    params = (I64, *wires(kind))

    def condition(p: tuple[int, ...]) -> Sequence[int]:
        inner = bind(scope, node.state, of_type(kind, iter(p[1:])))
        value = context.evaluate(node.condition, inner, BOOL)
        return [truth(context, value, node.condition.span, "the condition of a loop")]

    def body(p: tuple[int, ...]) -> Sequence[int]:
        value = context.evaluate(node.body, bind(scope, node.state, of_type(kind, iter(p[1:]))), kind)
        return positions(context, same_state(context, value, kind, syntax.result_span(node.body), node.initial.span))

    def undo(p: tuple[int, ...]) -> Sequence[int]:
        return _undone(context, node, scope, p[1:], kind)

    checkpoint = _checkpoint(context, node, scope)
    inverse = context.block(params, undo) if isinstance(node.keeping, syntax.Inverse) else None
    step = t.While(
        tuple(inits), context.block(params, condition), context.block(params, body), node.span, checkpoint, inverse)
    return rebuilt(context, initial, iter(context.builder.emit(step)[: len(inits)]))


def truth(context: Context, value: Value, span: Span, what: str) -> int:
    """The position of a condition. Raises TypeFault where it is no single bool."""
    if isinstance(value, Held) and value.kind == BOOL:
        return value.position
    hint = "compare it: `x > 0`"
    if isinstance(value, Held) and isinstance(value.kind, Scalar) and not value.kind.is_float and not value.kind.is_integer:
        hint = "compare it: `x == 1`"
    if isinstance(value, Held) and element(value.kind) == BOOL and shape(value.kind):
        hint = "`all i: …` or `any i: …` makes one bool of an array of them"
    raise TypeFault("PB0307", f"{what} is bool, and this is {describe(value)}", span, hint)

