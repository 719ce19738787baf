"""Calls: every function is inlined where it is called, at the types and sizes of its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.errors import NameFault, PullbackError, SizeFault, Span, TypeFault, suggestion
from ...core.objects import Scalar, Tuple, Type, Wire, element, shape, substitute
from ...core.sizes import Size
from . import syntax
from .context import Context
from .fitting import fit, mismatch
from .numbers import extent
from .rules import Ruled
from .scope import Definition, Frame, Module, Scope, bind, listed
from .types import Arrow, Parameter, Signature, signature, solve
from .values import Arguments, Count, Function, Held, Leaf, Literal, Product, Value, describe, object_of, shape_of


def arranged(arguments: Arguments, names: Sequence[str | None], name: str) -> list[tuple[Value, Span]]:
    """The argument of each parameter, with where it is written. Raises TypeFault or NameFault."""
    given = list(zip(arguments.values, arguments.spans, strict=True))
    if len(given) + len(arguments.named) != len(names):
        raise wrong_number(name, len(names), len(given) + len(arguments.named), arguments.span, names)
    rest = names[len(given):]
    for label in arguments.named:
        if label not in rest:
            where = arguments.named_spans[label]
            if label in names:
                raise NameFault("PB0203", f"`{label}` is given twice to `{name}`", where)
            raise NameFault("PB0203", f"`{name}` has no parameter `{label}`", where,
                            suggestion(label, [n for n in names if n]) or _its_parameters(names))
    given += [(arguments.named[n], arguments.named_spans[n]) for n in rest if n is not None]
    return given


def wrong_number(name: str, expected: int, have: int, span: Span, names: Sequence[str | None] = ()) -> TypeFault:
    hint = f"of many numbers it is a loop: `{name} i: x[i]`" if name in ("max", "min") and have == 1 else None
    return TypeFault("PB0304", f"`{name}` takes {expected} argument{'s' * (expected != 1)}, not {have}", span,
                     hint or _its_parameters(names))


def _its_parameters(names: Sequence[str | None]) -> str | None:
    known = [n for n in names if n is not None]
    return f"its parameters are {listed(known)}" if known else None


# -- functions with a definition ---------------------------------------------------------------------------------------
def defined(context: Context, definition: Definition, module: Module, scope: Scope) -> Function:
    """A function of a module as a value; ``scope`` is where its name stands."""
    tree, home = definition.tree, definition.module or module
    kinds = signature(definition, home).parameters
    return Function(
        tree.name,
        tuple(p.name for p in tree.parameters),
        lambda arguments: _inline(context, definition, home, scope, arguments),
        tuple(None if isinstance(p.type, Arrow) else p.type for p in kinds),
    )


def _inline(context: Context, definition: Definition, home: Module, scope: Scope, arguments: Arguments) -> Value:
    tree = definition.tree
    _refuse_recursion(tree, scope, arguments.span)
    kinds = signature(definition, home)
    given = arranged(arguments, [p.name for p in kinds.parameters], tree.name)
    names, sizes = _received(context, kinds, given, arguments.span)
    wanted = None if kinds.result is None else substituted(kinds.result, sizes)

    def body(names: Mapping[str, Value]) -> Value:
        inner = Scope(home, scope.builtin, frames=(*scope.frames, Frame(tree, arguments.span))).bind(names)
        value = context.evaluate(tree.body, inner, wanted)
        if wanted is None:
            return value
        return fit(context, value, wanted, syntax.result_span(tree.body), f"the result of `{tree.name}`")

    try:
        if definition.rule is None:
            return body(names)
        known = {name: names[name] for name in (*kinds.sizes, *kinds.counted) if name in names}
        return Ruled(context, tree, definition.rule, kinds, home, scope, arguments.span, known, body).value(names)
    except PullbackError as fault:
        raise _through(fault, tree.name, arguments.span) from None


def _through(fault: PullbackError, name: str, call: Span) -> PullbackError:
    """The fault, with the call on the way to it."""
    if len(fault.notes) < 4 and fault.span is not None and call.line > 0:
        note = (f"in this call of `{name}`", call)
        return type(fault)(fault.code, fault.message, fault.span, fault.hint, (*fault.notes, note))
    return fault


def _refuse_recursion(tree: syntax.Function, scope: Scope, span: Span) -> None:
    path = [frame.function for frame in scope.frames if not frame.rule]
    if any(f is tree for f in path):
        cycle = [f.name for f in path[next(k for k, f in enumerate(path) if f is tree):]]
        way = " → ".join(f"`{n}`" for n in (*cycle, tree.name))
        raise NameFault("PB0206", f"`{tree.name}` is called from itself: {way}", span,
                        "functions are inlined, so they cannot be recursive: use `fold` for a loop with a state")


@dataclass(frozen=True)
class Extent:
    """A size of an argument: what the parameter's type says it is, what it is, and where."""

    pattern: Size
    actual: Size
    parameter: str
    span: Span


def _received(context: Context, kinds: Signature, given: Sequence[tuple[Value, Span]],
              call: Span) -> tuple[Mapping[str, Value], dict[str, Size]]:
    """The parameters' values, with the size parameters among them, and the sizes."""
    pairs = list(zip(kinds.parameters, given, strict=True))
    extents = [e for p, (v, s) in pairs if not isinstance(p.type, Arrow) for e in _extents(p, p.type, v, s, kinds.name)]
    sizes: dict[str, Size] = {}
    solve([(e.pattern, e.actual) for e in extents], sizes, frozenset(kinds.sizes))
    _agree(extents, sizes)
    names: dict[str, Value] = {name: extent(context, sizes[name], call) for name in kinds.sizes if name in sizes}
    for parameter, (value, span) in pairs:
        if not isinstance(parameter.type, Arrow):
            what = f"`{parameter.name}` of `{kinds.name}`"
            names[parameter.name] = fit(context, value, substituted(parameter.type, sizes), span, what)
    for name in kinds.counted:
        leaf = names[name]
        assert isinstance(leaf, Held | Count | Literal)
        sizes[name] = context.open(leaf, name)
        names[name] = Count(sizes[name])
    for parameter, (value, span) in pairs:
        if isinstance(parameter.type, Arrow):
            names[parameter.name] = _passed(context, parameter.name, parameter.type, value, span, sizes)
    return names, sizes


def _extents(parameter: Parameter, kind: Type, value: Value, span: Span, function: str) -> Iterator[Extent]:
    """The sizes of one argument, its type checked as far as it has nothing to do with sizes."""
    for want, leaf in _aligned(kind, value):
        if leaf is None or len(shape_of(leaf)) != len(shape(want)) or object_of(leaf) not in (None, element(want)):
            raise mismatch(f"`{parameter.name}` of `{function}`", value, kind, span,
                           [("the parameter is declared here", parameter.span)])
        for pattern, actual in zip(shape(want), shape_of(leaf), strict=True):
            yield Extent(pattern, actual, parameter.name, span)


def _aligned(kind: Type, value: Value) -> Iterator[tuple[Wire, Leaf | None]]:
    """The wires of a type with the leaves of a value; None where the value has nothing that could fit."""
    if isinstance(kind, Tuple):
        if not isinstance(value, Product) or len(value.items) != len(kind.items) or (
                sorted(value.names or ()) != sorted(kind.names or ())):
            yield from ((wire, None) for wire in [Scalar("f64")])
            return
        for k, item in enumerate(kind.items):
            part = value.items[k] if kind.names is None else value.items[(value.names or ()).index(kind.names[k])]
            yield from _aligned(item, part)
    else:
        yield kind, None if isinstance(value, Product | Function) else value


def _agree(extents: Sequence[Extent], sizes: Mapping[str, Size]) -> None:
    """Raises SizeFault where an argument's size is not what the others make it."""
    for extent_ in extents:
        expected = extent_.pattern.substitute(sizes)
        if expected == extent_.actual:
            continue
        notes = [(f"`{o.pattern}` is {o.actual} from `{o.parameter}`", o.span) for o in extents if o is not extent_
                 and o.pattern.name in extent_.pattern.atoms and sizes.get(o.pattern.name or "") == o.actual]
        said = f"`{extent_.pattern}`" + (f" is {expected}" if str(expected) != str(extent_.pattern) else "")
        raise SizeFault("PB0402", f"`{extent_.parameter}` has the size {extent_.actual} where {said}", extent_.span,
                        None, notes[:2])


def substituted(kind: Type, sizes: Mapping[str, Size]) -> Type:
    """The type with its size parameters given."""
    if isinstance(kind, Tuple):
        return replace(kind, items=tuple(substituted(item, sizes) for item in kind.items))
    return substitute(kind, sizes)


# -- functions as arguments --------------------------------------------------------------------------------------------
def _passed(context: Context, name: str, arrow: Arrow, value: Value, span: Span, sizes: Mapping[str, Size]) -> Function:
    """A function argument, held to the type its parameter declares."""
    if not isinstance(value, Function):
        raise TypeFault("PB0301", f"`{name}` is {describe(value)}, but a function `{arrow}` must stand here", span)
    kinds = [substituted(kind, sizes) for kind in arrow.parameters]
    result = substituted(arrow.result, sizes)
    if value.parameters is not None and len(value.parameters) != len(kinds):
        raise TypeFault("PB0304", f"`{value.name}` takes {len(value.parameters)} "
                        f"argument{'s' * (len(value.parameters) != 1)}, and `{name}` is called on {len(kinds)}", span)

    def apply(arguments: Arguments) -> Value:
        labels = value.parameters or (None,) * len(kinds)
        given = arranged(arguments, labels, name)
        fitted = tuple(fit(context, v, kind, s, f"argument {k + 1} of `{name}`")
                       for k, ((v, s), kind) in enumerate(zip(given, kinds, strict=True)))
        inner = Arguments(fitted, {}, arguments.span, tuple(s for _, s in given), {})
        return fit(context, value.apply(inner), result, span, f"the result of `{value.name or name}`")

    return Function(value.name or name, value.parameters, apply, tuple(kinds))


def literal_function(context: Context, node: syntax.Lambda, scope: Scope) -> Function:
    """``fn x: e``, with the names around it."""
    names = tuple(p.name if isinstance(p, syntax.NamePattern) else None for p in node.parameters)

    def apply(arguments: Arguments) -> Value:
        inner = scope
        for pattern, (value, _) in zip(node.parameters, arranged(arguments, names, "fn"), strict=True):
            inner = bind(inner, pattern, value)
        return context.evaluate(node.body, inner)

    return Function("fn", names, apply)
