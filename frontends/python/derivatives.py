"""Transformations of morphisms: grad, R, jvp, Jacobians, Hessian-vector products. Each returns a morphism again, a closed
term built from `ir.derive`, so they compose; Jacobians are loops over basis vectors inside the term.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...core.errors import ArgumentFault, DerivativeFault
from ...core.objects import Scalar, Tuple, Type, Wire, array, element, shape, stack, tangent, wires
from ...core.semiring import semiring
from ...core.sizes import Size, atom
from ...ir.derive import jvp, vjp
from ...ir.unary import term as t
from ...ir.unary.batch import batch
from ...ir.unary.builder import Builder, embed
from ..language.derivatives import labelled
from .face import Parameter
from .morphism import Morphism
from .trees import Mirror, Result, map_wires, plain

__all__ = ["batched", "gradient", "hessian", "hvp", "jacobian_forward", "jacobian_reverse", "pushforward", "reverse"]

Wrt = int | tuple[int, ...]
"""One parameter, whose derivative stands by itself, or several, whose derivatives stand in a tuple."""


def gradient(f: Morphism, wrt: Wrt, value: bool = False, has_aux: bool = False) -> Morphism:
    """parameters → the gradient; with ``value``, (the value, the gradient); with ``has_aux`` f gives (number, anything), and
    the result (gradient, anything) or ((number, anything), gradient).

    Raises DerivativeFault PB0503 where the value is not one differentiable number."""
    name = "value_and_grad" if value else "grad"
    chosen = _chosen(f, wrt)
    parts = f.result_type
    if has_aux and not (isinstance(parts, Tuple) and len(parts.items) == 2):
        raise DerivativeFault("PB0503", f"with has_aux, `{f.name}` should give a pair, a number and anything, "
                              f"and gives {parts}")
    number, aux = (parts.items if has_aux and isinstance(parts, Tuple) else (parts, None))
    if not isinstance(number, Scalar) or not number.is_differentiable:
        raise DerivativeFault(
            "PB0503",
            f"`{name}` needs a function with one differentiable number as its result, and `{f.name}` gives {number}",
            hint="reduce the result to one number; `vjp` takes the cotangent of any result, `jacrev` gives all derivatives")
    builder = _builder(f, name)
    scalar = _results(f.term, range(1)) if has_aux else f.term
    one = builder.constant(semiring(number).one, number)
    results = _embed(builder, vjp(scalar, f.differentiable(chosen), value), one)
    gradients = _mirrors(f, wrt)
    if aux is None:
        result: Result = (f.result, gradients) if value else gradients
        return _finish(f, builder, results, result)
    rest = _embed(builder, _results(f.term, range(1, len(f.term.results))))
    if value:
        return _finish(f, builder, [results[0], *rest, *results[1:]], (f.result, gradients))
    return _finish(f, builder, [*results, *rest], (gradients, aux))


def reverse(f: Morphism, wrt: Sequence[int] | None = None) -> Morphism:
    """R[f]: parameters, a cotangent of the result → cotangents of all parameters that have them (or of ``wrt``).

    Raises DerivativeFault PB0503 where the result has no cotangent, PB0502 where no parameter has."""
    chosen = [k for k, p in enumerate(f.parameters) if tangent(p.type) is not None] if wrt is None else list(wrt)
    if not chosen:
        raise DerivativeFault("PB0502", f"`{f.name}` has no parameter to differentiate by")
    change = Parameter(_fresh("cotangent", f.names), _result_tangent(f, "reverse"))
    builder = _builder(f, "reverse", change)
    results = _on_all(builder, vjp(f.term, f.differentiable(chosen), value=False))
    mirrors = tuple(Mirror(k, f.parameters[k].type) for k in chosen)
    return _finish(f, builder, results, mirrors if wrt is not None or len(chosen) > 1 else mirrors[0], change)


def pushforward(f: Morphism, wrt: Sequence[int], value: bool = True) -> Morphism:
    """parameters, tangents of those ``wrt`` → (the result, its tangent), or the tangent alone."""
    chosen = _chosen(f, tuple(wrt))
    changes = _changes(f, chosen)
    moved = _result_tangent(f, "jvp")
    builder = _builder(f, "jvp", *changes)
    results = _on_all(builder, jvp(f.term, f.differentiable(chosen), value))
    return _finish(f, builder, results, (f.result, moved) if value else moved, *changes)


def hvp(f: Morphism, wrt: Wrt) -> Morphism:
    """parameters, a vector for each of ``wrt`` → the Hessian times the vectors, forward over reverse.

    Where the result is not one number, the change of its Jacobian along the vectors."""
    slope = gradient(f, wrt) if isinstance(f.result_type, Scalar) else jacobian_reverse(f, wrt)
    chosen = _chosen(f, wrt)
    changes = _changes(f, chosen)
    builder = _builder(f, "hvp", *changes)
    results = _on_all(builder, jvp(slope.term, f.differentiable(chosen), value=False))
    return _finish(f, builder, results, slope.result, *changes)


def batched(f: Morphism, mapped: Sequence[int]) -> Morphism:
    """f for every row of the parameters ``mapped``; results are stacked. Raises ArgumentFault PB0609 where a row would tell a
    size of the result."""
    along = [k for p in mapped for k in f.wires(p)]
    if told := [name for name, wire in f.counts.items() if wire in along]:
        raise ArgumentFault("PB0609", f"`vmap` of `{f.name}`: the size `{told[0]}` of its result would differ from row to row",
                            hint="leave that parameter out, with None in in_axes")
    size = atom(_fresh("rows", f.term.sizes))

    def stacked(kind: Type) -> Type:
        return map_wires(lambda w: stack(size, w), kind)

    def result(part: Result) -> Result:
        if isinstance(part, tuple):
            return tuple(map(result, part))
        return Mirror(part.parameter, stacked(part.kind)) if isinstance(part, Mirror) else stacked(part)

    parameters = tuple(Parameter(p.name, stacked(p.type)) if k in mapped else p for k, p in enumerate(f.parameters))
    return Morphism(f"vmap({f.name})", parameters, result(f.result), f.counts, term=batch(f.term, along, str(size)))


# -- Jacobians ---------------------------------------------------------------------------------------------------------
def jacobian_reverse(f: Morphism, wrt: Wrt) -> Morphism:
    """parameters → for each array of the result, for each of ``wrt``, the derivatives: a row for every element of it."""
    chosen = f.differentiable(_chosen(f, wrt))
    kind = _result_tangent(f, "jacrev")
    builder = _builder(f, "jacrev")
    pulled = vjp(f.term, chosen, value=False)
    leaves = list(wires(kind))
    results: list[int] = []
    for k, leaf in enumerate(leaves):

        def row(seed: int, k: int = k) -> Sequence[int]:
            seeds = [seed if j == k else builder.zero(other) for j, other in enumerate(leaves)]
            return _embed(builder, pulled, *seeds)

        results += _over_basis(builder, leaf, row)
    return _finish(f, builder, results, _jacobian_type(f, kind, wrt))


def jacobian_forward(f: Morphism, wrt: Wrt) -> Morphism:
    """What `jacobian_reverse` gives, made from a column for every element of ``wrt``."""
    chosen = f.differentiable(_chosen(f, wrt))
    kind = _result_tangent(f, "jacfwd")
    builder = _builder(f, "jacfwd")
    pushed = jvp(f.term, chosen, value=False)
    inputs = [f.term.dom[k] for k in chosen]
    columns = [_over_basis(builder, leaf, _one_of(builder, pushed, inputs, k)) for k, leaf in enumerate(inputs)]
    results = [_transposed(builder, column[j], len(shape(leaf)))
               for j in range(len(list(wires(kind)))) for leaf, column in zip(inputs, columns, strict=True)]
    return _finish(f, builder, results, _jacobian_type(f, kind, wrt))


def hessian(f: Morphism, wrt: Wrt) -> Morphism:
    """parameters → for each of ``wrt``, for each of ``wrt``, the second derivatives: jvp of grad along every basis vector.

    Second derivatives are symmetric, so column i of block (a, b) is row i of block (b, a), and nothing is transposed. Where
    the result is not one number, the second derivatives of each of its elements: jacobian of jacobian."""
    if not isinstance(f.result_type, Scalar):
        return replace(jacobian_forward(jacobian_reverse(f, wrt), wrt), name=f"hessian({f.name})")
    slope = gradient(f, wrt)
    chosen = f.differentiable(_chosen(f, wrt))
    builder = _builder(f, "hessian")
    pushed = jvp(slope.term, chosen, value=False)
    inputs = [f.term.dom[k] for k in chosen]
    results = [r for k, leaf in enumerate(inputs)
               for r in _over_basis(builder, leaf, _one_of(builder, pushed, inputs, k))]
    return _finish(f, builder, results, _jacobian_type(f, slope.result_type, wrt))


def _one_of(builder: Builder, term: t.Term, inputs: Sequence[Wire], k: int) -> Callable[[int], Sequence[int]]:
    """``term`` along a tangent of input ``k`` alone."""

    def column(seed: int) -> Sequence[int]:
        seeds = [seed if j == k else builder.zero(other) for j, other in enumerate(inputs)]
        return _embed(builder, term, *seeds)

    return column


def _over_basis(builder: Builder, kind: Wire, along: Callable[[int], Sequence[int]]) -> Sequence[int]:
    """``along`` of every basis vector of a wire, each of its results stacked over the wire's axes in front."""
    sizes = shape(kind)

    def level(indices: tuple[int, ...]) -> Sequence[int]:
        if len(indices) == len(sizes):
            seed = builder.constant(semiring(element(kind)).one, element(kind))
            for extent, index in zip(reversed(sizes), reversed(indices), strict=True):
                seed = builder.one(t.OneHot(extent, index, seed))
            return along(seed)
        return _build(builder, sizes[len(indices)], lambda index: level((*indices, index)))

    return level(())


def _build(builder: Builder, bound: Size, body: Callable[[int], Sequence[int]]) -> Sequence[int]:
    """The arrays of what ``body`` gives at each index. How many there are is known when the body has been made."""
    name = builder.fresh("i")
    with builder.scoped(name):
        block = builder.block((_INDEX,), lambda p: body(p[0]))
    return builder.emit(t.Loop(name, bound, (), block, ("build",) * len(block.results)))


_INDEX = Scalar("i64")


def _transposed(builder: Builder, position: int, front: int) -> int:
    """An array with its first ``front`` axes moved to the end."""
    sizes = shape(builder.wires[position])
    order = [*range(front, len(sizes)), *range(front)]
    if front in (0, len(sizes)):
        return position

    def level(indices: tuple[int, ...]) -> Sequence[int]:
        if len(indices) < len(order):
            return _build(builder, sizes[order[len(indices)]], lambda index: level((*indices, index)))
        item = position
        for axis in range(len(sizes)):
            item = builder.index(item, indices[order.index(axis)])
        return [item]

    return level(())[0]


def _jacobian_type(f: Morphism, kind: Type, wrt: Wrt) -> Type:
    """The result's structure; in it, at each array, the parameters' structure; each leaf with both shapes."""
    inner = plain(_mirrors(f, wrt))
    return map_wires(lambda out: map_wires(lambda w: array(element(w), (*shape(out), *shape(w))), inner), kind)


# -- parts -------------------------------------------------------------------------------------------------------------
def _chosen(f: Morphism, wrt: Wrt) -> tuple[int, ...]:
    """The parameters, each of which must have a tangent."""
    chosen = wrt if isinstance(wrt, tuple) else (wrt,)
    for k in chosen:
        parameter = f.parameters[k]
        if tangent(parameter.type) is None:
            raise DerivativeFault("PB0502", f"`{parameter.name}` is {parameter.type}, which has no derivative",
                                  hint="differentiate by floating point or semiring values only")
    return chosen


def _mirrors(f: Morphism, wrt: Wrt) -> Result:
    if isinstance(wrt, tuple):
        return tuple(Mirror(k, f.parameters[k].type) for k in wrt)
    return Mirror(wrt, f.parameters[wrt].type)


def _result_tangent(f: Morphism, name: str) -> Type:
    kind = tangent(f.result_type)
    if kind is None:
        raise DerivativeFault("PB0503", f"`{name}` of `{f.name}`: its result, {f.result_type}, has no derivative")
    return kind


def _changes(f: Morphism, chosen: Sequence[int]) -> list[Parameter]:
    """A parameter for a change of each of the chosen ones."""
    names, changes = list(f.names), []
    for k in chosen:
        kind = tangent(f.parameters[k].type)
        assert kind is not None
        changes.append(Parameter(_fresh(f"d{f.names[k]}", names), kind))
        names.append(changes[-1].name)
    return changes


def _fresh(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _results(term: t.Term, which: range) -> t.Term:
    """The term with only these of its results."""
    return replace(term, results=tuple(term.results[k] for k in which), cod=tuple(term.cod[k] for k in which))


def _builder(f: Morphism, name: str, *extra: Parameter) -> Builder:
    names = [n for p in extra for n in labelled(p.name, p.type)]
    dom = [w for p in extra for w in wires(p.type)]
    return Builder(f"{name}({f.name})", f.term.sizes, (*f.term.names, *names), (*f.term.dom, *dom))


def _on_all(builder: Builder, term: t.Term) -> Sequence[int]:
    """The term on the builder's own parameters."""
    return embed(builder, term, range(len(builder.dom)), {name: atom(name) for name in term.sizes})


def _embed(builder: Builder, term: t.Term, *rest: int) -> Sequence[int]:
    """The term on the builder's parameters, as many as it takes before ``rest``."""
    args = [*range(len(term.dom) - len(rest)), *rest]
    return embed(builder, term, args, {name: atom(name) for name in term.sizes})


def _finish(f: Morphism, builder: Builder, results: Sequence[int], result: Result, *extra: Parameter) -> Morphism:
    return Morphism(builder.name, (*f.parameters, *extra), result, f.counts, term=builder.finish(results))
