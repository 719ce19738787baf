"""One clause per form of expression: what it elaborates to, in unary form."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import NameFault, TypeFault, suggestion
from ...core.objects import BOOL, Scalar, Tuple, Type, element, shape
from ...ir.unary import term as t
from . import syntax
from .arithmetic import SYMBOLS, equal, operate, power
from .builtin import TRANSFORMS, conversion
from .calls import defined, literal_function
from .context import Context
from .derivatives import transformed
from .fitting import common, fit, positions, rebuilt, settle
from .folds import fold, truth, while_loop
from .loops import loop
from .numbers import integer, real
from .scope import Module, Scope, bind, take_field, unknown
from .structures import array, indexed, record
from .types import resolve, scalar_named
from .values import (
    Arguments,
    Count,
    Function,
    Held,
    Least,
    Literal,
    Product,
    Value,
    describe,
    has_function,
    has_literal,
    leaves,
    like,
    shape_of,
    type_of,
    wanted,
)


def evaluate(context: Context, node: syntax.Body, scope: Scope, want: Type | None) -> Value:
    """The value of an expression or a block; see `Context.evaluate`."""
    saved, context.builder.span = context.builder.span, node.span
    try:
        return _dispatch(context, node, scope, want)
    finally:
        context.builder.span = saved


def _dispatch(context: Context, node: syntax.Body, scope: Scope, want: Type | None) -> Value:
    match node:
        case syntax.Name():
            return name(context, node, scope)
        case syntax.Integer(value):
            return integer(context, value, node.span)
        case syntax.Real(value):
            return real(context, value, node.span)
        case syntax.Boolean(value):
            return Held(context.builder.constant(value, BOOL), BOOL)
        case syntax.Unary():
            return _unary(context, node, scope, want)
        case syntax.Binary():
            return _binary(context, node, scope, want)
        case syntax.Call():
            return _call(context, node, scope)
        case syntax.Index():
            return indexed(context, node, scope)
        case syntax.Field():
            return _field(context, node, scope)
        case syntax.Item():
            return _item(context, node, scope)
        case syntax.TupleExpression(elements):
            count = len(elements)
            return Product(tuple(context.evaluate(e, scope, wanted(want, k, count)) for k, e in enumerate(elements)))
        case syntax.ArrayExpression():
            return array(context, node, scope, want)
        case syntax.RecordExpression():
            return record(context, node, scope, want)
        case syntax.Lambda():
            return literal_function(context, node, scope)
        case syntax.Loop():
            return loop(context, node, scope, want)
        case syntax.Fold():
            return fold(context, node, scope, want)
        case syntax.While():
            return while_loop(context, node, scope, want)
        case syntax.If():
            return _conditional(context, node, scope, want)
        case syntax.Block():
            for binding in node.bindings:
                scope = let(context, binding, scope)
            return context.evaluate(node.result, scope, want)


def let(context: Context, binding: syntax.Let, scope: Scope) -> Scope:
    """The scope after a ``let``."""
    kind = None if binding.annotation is None else resolve(context, binding.annotation, scope)
    value = context.evaluate(binding.value, scope, kind)
    if kind is not None:
        value = fit(context, value, kind, syntax.result_span(binding.value), "this value")
    if isinstance(value, Literal) and not value.shape and value.least == "integer" and value.size is None:
        context.hold(value)  # within reach of all that follows, for whom it may be a size
    return bind(scope, binding.pattern, value)


# -- names -------------------------------------------------------------------------------------------------------------
def name(context: Context, node: syntax.Name, scope: Scope) -> Value:
    """What a name stands for: a local, a function of the module, a built-in."""
    if node.name in scope.names:
        return scope.names[node.name]
    if node.name in scope.module.functions:
        return defined(context, scope.module.functions[node.name], scope.module, scope)
    if node.name in scope.builtin:
        return scope.builtin[node.name]
    if node.name.endswith(">"):
        scalar = scalar_named(node.name, node.span)
        assert scalar is not None
        return conversion(context, scalar)
    if node.name in scope.module.types:
        kind = resolve(context, syntax.NamedType(node.name, span=node.span), scope)
        if isinstance(kind, Scalar):
            return conversion(context, kind)
    if node.name in TRANSFORMS:
        raise TypeFault("PB0305", f"`{node.name}` stands without the function it transforms", node.span,
                        f"write `{node.name}(f)(x)`")
    if node.name in scope.module.modules:
        raise NameFault("PB0201", f"`{node.name}` is a module, not a value", node.span,
                        f"its functions are `{node.name}.f`")
    raise unknown(node.name, node.span, [*scope.known(), *TRANSFORMS])


def _module_of(node: syntax.Expression, scope: Scope) -> Module | None:
    """The module an expression like `a.b` names, where it does."""
    match node:
        case syntax.Name(label) if label not in scope.names:
            return scope.module.modules.get(label)
        case syntax.Field(inner, label):
            outer = _module_of(inner, scope)
            return outer.modules.get(label) if outer is not None else None
    return None


def _field(context: Context, node: syntax.Field, scope: Scope) -> Value:
    module = _module_of(node.value, scope)
    if module is None:
        return take_field(context.evaluate(node.value, scope), node.name, node.span)
    if node.name not in module.functions:
        raise NameFault("PB0201", f"unknown name `{node.name}` in the module {module.path}", node.span,
                        suggestion(node.name, module.functions))
    return defined(context, module.functions[node.name], module, scope)


def _item(context: Context, node: syntax.Item, scope: Scope) -> Value:
    value = context.evaluate(node.value, scope)
    if not isinstance(value, Product):
        raise TypeFault("PB0305", f"`.{node.position}` of {describe(value)}, which is no tuple", node.span)
    if node.position >= len(value.items):
        raise TypeFault("PB0309", f"there is no `.{node.position}` in {describe(value)}", node.span,
                        "the parts of a tuple are counted from 0")
    return value.items[node.position]


# -- operators ---------------------------------------------------------------------------------------------------------
def _unary(context: Context, node: syntax.Unary, scope: Scope, want: Type | None) -> Value:
    value = context.evaluate(node.operand, scope, want)
    if node.operator == "not":
        return Held(context.builder.apply("not", truth(context, value, node.operand.span, "what `not` stands before")),
                    BOOL)
    return operate(context, "neg", [value], [node.operand.span], node.span)


def _binary(context: Context, node: syntax.Binary, scope: Scope, want: Type | None) -> Value:
    if node.operator in ("and", "or"):
        return _connective(context, node, scope)
    hint = want if node.operator in ("+", "-", "*", "/", "^", "//", "%") else None
    left = context.evaluate(node.left, scope, hint)
    right = context.evaluate(node.right, scope, hint if hint is not None else _beside(left))
    spans = (node.left.span, node.right.span)
    if node.operator == "^":
        return power(context, left, right, spans, node.span)
    if node.operator in ("==", "!="):
        return equal(context, SYMBOLS[node.operator], left, right, spans, node.span)
    return operate(context, SYMBOLS[node.operator], (left, right), spans, node.span)


def _beside(value: Value) -> Type | None:
    """The hint an operand gives to the one beside it."""
    return element(value.kind) if isinstance(value, Held) else None


def _connective(context: Context, node: syntax.Binary, scope: Scope) -> Value:
    """``and`` and ``or``: the right side is looked at only if the left does not decide."""
    what = f"a side of `{node.operator}`"
    left = truth(context, context.evaluate(node.left, scope), node.left.span, what)

    def right(_: tuple[int, ...]) -> Sequence[int]:
        return [truth(context, context.evaluate(node.right, scope), node.right.span, what)]

    decided = context.block((), lambda _: [context.builder.constant(node.operator == "or", BOOL)])
    other = context.block((), right)
    then, orelse = (other, decided) if node.operator == "and" else (decided, other)
    return Held(context.builder.one(t.Branch(left, then, orelse)), BOOL)


# -- branches ----------------------------------------------------------------------------------------------------------
def _conditional(context: Context, node: syntax.If, scope: Scope, want: Type | None) -> Value:
    """A Branch. Where one side is an open literal it takes the type of the other; where both are, the whole is open."""
    mark = context.mark()
    cond = truth(context, context.evaluate(node.condition, scope), node.condition.span, "the condition of `if`")
    values: dict[str, Value] = {}  # filled anew where a block is elaborated again
    kinds: dict[str, Type] = {}

    def side(which: str, body: syntax.Body, hint: Type | None) -> Value:
        value = context.evaluate(body, scope, hint)
        if has_function(value):
            raise TypeFault("PB0305", f"one side of this `if` is {describe(value)}", syntax.result_span(body),
                            "choose between results, not between functions")
        values[which] = value
        return value

    def alternative(_: tuple[int, ...]) -> Sequence[int]:
        first = values["then"]
        value = side("else", node.alternative, type_of(first) if want is None and not has_literal(first) else want)
        what = ("one side of this `if`", "the other")
        kinds["both"] = common(values["then"], value, node.span, what, want, "PB0308")
        return positions(context, fit(context, value, kinds["both"], syntax.result_span(node.alternative), "this side"))

    then = context.block((), lambda _: positions(context, settle(context, side("then", node.consequent, want), want)))
    orelse = context.block((), alternative)
    if want is None and all(isinstance(value, Literal) for value in values.values()):
        context.take_back(mark)
        least: Least = "real" if any(isinstance(v, Literal) and v.least == "real" for v in values.values()) else "integer"
        build = context.once(lambda object: context.hold(_only(_conditional(context, node, scope, object))))
        return Literal(least, build, shape=shape(kinds["both"]) if not isinstance(kinds["both"], Tuple) else ())
    kind = kinds["both"]
    if then.cod != orelse.cod:  # an open literal of the first side takes the type of the second
        then = context.block((), lambda _: positions(context, fit(
            context, side("then", node.consequent, kind), kind, syntax.result_span(node.consequent), "this side")))
    return rebuilt(context, like(kind), iter(context.builder.emit(t.Branch(cond, then, orelse))))


def _only(value: Value) -> Held | Count | Literal:
    (leaf,) = leaves(value)
    return leaf


# -- calls -------------------------------------------------------------------------------------------------------------
def _call(context: Context, node: syntax.Call, scope: Scope) -> Value:
    match node.function:
        case syntax.Name(label) if label in TRANSFORMS and label not in scope.names and (
                label not in scope.module.functions):
            return transformed(context, label, node, scope)
    function = context.evaluate(node.function, scope)
    if not isinstance(function, Function):
        hint = "an array is indexed with brackets: `x[i]`" if any(map(shape_of, leaves(function))) else (
            "a product is written with `*`")
        raise TypeFault("PB0305", f"{describe(function)} is called, which is no function", node.function.span, hint)
    wants = [*function.wants, *[None] * len(node.arguments)]
    names = [*(function.parameters or ())]
    hints = dict(zip(names, function.wants, strict=False))
    values = tuple(context.evaluate(a, scope, w) for a, w in zip(node.arguments, wants, strict=False))
    named: dict[str, Value] = {}
    for keyword in node.keywords:
        if keyword.name in named:
            raise NameFault("PB0203", f"`{keyword.name}` is given twice", keyword.span)
        named[keyword.name] = context.evaluate(keyword.value, scope, hints.get(keyword.name))
    spans = tuple(a.span for a in node.arguments)
    return function.apply(Arguments(values, named, node.span, spans, {k.name: k.span for k in node.keywords}))
