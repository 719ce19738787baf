"""The range of a loop index without bounds, told from where it stands as a subscript: in `w[j] * x[j]`, j runs over
the axis of w and x. All uses must agree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from ...core.errors import PullbackError, SizeFault, Span, TypeFault
from ...core.sizes import Size
from . import syntax
from .context import Context
from .scope import Scope, pattern_names
from .values import Function, leaves, shape_of


@dataclass(frozen=True)
class Reach:
    """What names inside the body mean: each binder on the way in, the innermost first. ``value`` is what a `let` says."""

    names: frozenset[str] = frozenset()
    value: syntax.Expression | None = None
    outer: Reach | None = None

    def hide(self, names: frozenset[str]) -> Reach:
        return Reach(names, None, self)

    def let(self, binding: syntax.Let) -> Reach:
        value = binding.value if isinstance(binding.pattern, syntax.NamePattern) else None
        return Reach(pattern_names(binding.pattern), None if isinstance(value, syntax.Block) else value, self)

    def binder(self, name: str) -> Reach | None:
        """The innermost binder of a name."""
        here: Reach | None = self
        while here is not None and name not in here.names:
            here = here.outer
        return here


@dataclass(frozen=True)
class Use:
    """`array[…, index, …]` with the index at an axis."""

    array: syntax.Expression
    axis: int
    span: Span
    reach: Reach


def inferred(context: Context, index: syntax.LoopIndex, body: syntax.Body, scope: Scope) -> Size:
    """The size an index runs over. Raises SizeFault where its uses do not say, or say different things."""
    found: list[tuple[Size, Use]] = []
    faults: list[PullbackError] = []
    for use in _uses(index.name, body, Reach()):
        extent = _axis(context, use.array, use.axis, scope, use.reach, faults)
        if extent is not None:
            found.append((extent, use))
    if not found:
        called = next((call for call in _calls(index.name, body) if _is_array(scope, call.function)), None)
        if called is not None:
            raise TypeFault("PB0305", "an array is called, which is no function", called.span,
                            f"an array is indexed with brackets: `{called.function.span.text}[{index.name}]`")
        if faults:
            raise faults[0]
        raise SizeFault("PB0403", f"the range of `{index.name}` cannot be told", index.span, _advice(index, body))
    first, here = found[0]
    for other, there in found[1:]:
        if other != first:
            raise SizeFault("PB0404", f"`{index.name}` runs over {first} and over {other}", index.span,
                            f"give it a range of its own: `{index.name} < {first}`",
                            [(f"size {first} here", here.span), (f"size {other} here", there.span)])
    return first


def _advice(index: syntax.LoopIndex, body: syntax.Body) -> str:
    shared = body.indices[0] if isinstance(body, syntax.Loop) and body.span.column <= index.span.column else None
    if shared is not None and shared.upper is not None and shared.lower is None:
        bound = shared.upper.span.text
        return f"a bound belongs to one index alone: `{index.name} < {bound}, {shared.name} < {bound}`"
    return f"say it: `{index.name} < n`, or use it alone as a subscript, as in `x[{index.name}]`"


def _calls(name: str, node: syntax.Node) -> Iterator[syntax.Call]:
    """Every call on the bare index."""
    if isinstance(node, syntax.Call) and any(isinstance(a, syntax.Name) and a.name == name for a in node.arguments):
        yield node
    for part in _parts(node):
        yield from _calls(name, part)


def _is_array(scope: Scope, function: syntax.Expression) -> bool:
    value = scope.names.get(function.name) if isinstance(function, syntax.Name) else None
    return value is not None and not isinstance(value, Function) and any(map(shape_of, leaves(value)))


def _uses(name: str, node: syntax.Node, reach: Reach) -> Iterator[Use]:
    """Every subscript that is the bare index, in the order written."""
    match node:
        case syntax.Block():
            for binding in node.bindings:
                yield from _uses(name, binding.value, reach)
                reach = reach.let(binding)
                if name in reach.names:
                    return
            yield from _uses(name, node.result, reach)
        case syntax.Index():
            for axis, subscript in enumerate(node.indices):
                if isinstance(subscript, syntax.Name) and subscript.name == name and reach.binder(name) is None:
                    yield Use(node.array, axis, node.span, reach)
            yield from _within(name, node, reach)
        case syntax.Loop() | syntax.Fold():
            if isinstance(node, syntax.Fold):
                yield from _uses(name, node.initial, reach)
                reach_body = reach.hide(pattern_names(node.state))
            else:
                reach_body = reach
            for index in node.indices:
                for bound in (index.lower, index.upper):
                    if bound is not None:
                        yield from _uses(name, bound, reach)
                reach = reach.hide(frozenset({index.name}))
                reach_body = reach_body.hide(frozenset({index.name}))
            if isinstance(node, syntax.Fold) and node.keeping is not None:
                yield from _uses(name, node.keeping, reach_body)
            yield from _uses(name, node.body, reach_body)
        case syntax.While():
            yield from _uses(name, node.initial, reach)
            inner = reach.hide(pattern_names(node.state))
            yield from _uses(name, node.condition, inner)
            if node.keeping is not None:
                yield from _uses(name, node.keeping, inner)
            yield from _uses(name, node.body, inner)
        case syntax.Lambda():
            yield from _uses(name, node.body, reach.hide(frozenset().union(*map(pattern_names, node.parameters))))
        case _:
            yield from _within(name, node, reach)


def _within(name: str, node: syntax.Node, reach: Reach) -> Iterator[Use]:
    for part in _parts(node):
        yield from _uses(name, part, reach)


def _parts(node: syntax.Node) -> Iterator[syntax.Node]:
    for entry in fields(node):
        value = getattr(node, entry.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, syntax.Node):
                yield part


def _axis(context: Context, array: syntax.Expression, axis: int, scope: Scope, reach: Reach,
          faults: list[PullbackError]) -> Size | None:
    """The size of an axis of an array expression, where it can be told without the names bound inside. What is wrong
    with the expression goes to ``faults``: it is reported here if nothing else tells the range, else with the body."""
    match array:
        case syntax.Index():
            return _axis(context, array.array, axis + len(array.indices), scope, reach, faults)
        case syntax.Name(name) if (binder := reach.binder(name)) is not None and binder.value is not None:
            return _axis(context, binder.value, axis, scope, binder.outer or Reach(), faults)
    if any(reach.binder(name) is not None for name in free_names(array)):
        return None
    try:
        value, _ = context.attempt(lambda: context.evaluate(array, scope))
    except PullbackError as fault:
        faults.append(fault)
        return None
    if isinstance(value, Function):
        return None
    for leaf in leaves(value):
        shape = shape_of(leaf)
        return shape[axis] if axis < len(shape) else None
    return None


def free_names(node: syntax.Node) -> frozenset[str]:
    """The names an expression mentions; those it binds itself may be among them."""
    names = {node.name} if isinstance(node, syntax.Name) else set()
    return frozenset(names).union(*map(free_names, _parts(node)))
