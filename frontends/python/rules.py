"""What one may say about the reverse derivative of a function: `custom_rev` gives it, `checkpoint` makes it hold less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...core.errors import ArgumentFault
from ...core.objects import Type, Wire, is_differentiable, shape, substitute, tangent
from ...core.sizes import Size, atom, size, unify
from ...ir.unary import term as t
from ...ir.unary.builder import Builder, embed
from .function import Function
from .morphism import Morphism
from .trees import plain

__all__ = ["checkpoint", "custom_rev"]


def custom_rev(f: Function, rule: Function) -> Function:
    """``f`` with ``rule`` as its reverse derivative: (parameters of f, cotangent of its result) ↦ the cotangents of the
    parameters that have them, one by itself, several as a tuple. As `reverse f(x, dy) = …` in the language.

    Forward mode is the transpose of the rule, which must be linear in the cotangent; `check_grads` tells whether it is
    right. Raises ArgumentFault PB0602 where the types do not fit."""
    for what in (f, rule):
        if not isinstance(what, Function):
            raise ArgumentFault("PB0602", f"`custom_rev` takes functions of a compiled module, not {what!r}")
    return f.derived(("rule", rule), lambda: _ruled(f.morphism, rule.morphism))


def _ruled(f: Morphism, rule: Morphism) -> Morphism:
    results = [w for w in f.term.cod if is_differentiable(w)]
    sizes = _sizes(f, rule, (*f.term.dom, *results))
    found = tuple(substitute(w, sizes) for w in rule.term.cod)
    expected = tuple(w for w in f.term.dom if is_differentiable(w))
    if found != expected or not expected or not results:
        raise _misfit(f, rule)
    builder = Builder(f.term.name, f.term.sizes, f.term.names, f.term.dom)
    own = {name: atom(name) for name in f.term.sizes}
    primal = builder.block(f.term.dom, lambda p: embed(builder, f.term, p, own))
    reverse = builder.block((*f.term.dom, *results), lambda p: embed(builder, rule.term, p, sizes))
    made = builder.emit(t.Custom(tuple(range(len(f.term.dom))), primal, reverse))
    return replace(f, term=builder.finish(made))


def _sizes(f: Morphism, rule: Morphism, dom: Sequence[Wire]) -> Mapping[str, Size]:
    """The size parameters of the rule in terms of those of the function."""
    bindings: dict[str, Size] = {}
    free = frozenset(rule.term.sizes)
    pairs = list(zip(rule.term.dom, dom, strict=False))
    for pattern, actual in sorted(
        ((s, z) for w, v in pairs for s, z in zip(shape(w), shape(v), strict=False)), key=lambda pair: pair[0].name is None
    ):
        unify(pattern, actual, bindings, free)
    if len(rule.term.dom) != len(dom) or bindings.keys() != free:
        raise _misfit(f, rule)
    if any(substitute(w, bindings) != v for w, v in pairs):
        raise _misfit(f, rule)
    return bindings


def _misfit(f: Morphism, rule: Morphism) -> ArgumentFault:
    changes = [change for p in f.parameters if (change := tangent(p.type)) is not None]
    result = tangent(plain(f.result))
    if not changes or result is None:
        return ArgumentFault("PB0602", f"`{f.name}` has no reverse derivative: it is {f}")
    given = ", ".join(f"{p.name}: {p.type}" for p in f.parameters)
    return ArgumentFault("PB0602", f"`{rule.name}` is no reverse rule of `{f.name}`: it is {rule}",
                         hint=f"it should be ({given}, cotangent: {result}) -> {_listed(changes)}")


def _listed(kinds: Sequence[Type]) -> str:
    return str(kinds[0]) if len(kinds) == 1 else f"({', '.join(map(str, kinds))})"


def checkpoint(f: Function, every: int | None = None) -> Function:
    """``f``, the same in value, with its folds checkpointed where they do not say themselves what their reverse derivative
    keeps: the state at every ``every``-th step, by default at about as many as the square root of the steps.

    Raises ArgumentFault PB0602 for what is no function, PB0609 for an ``every`` below 1."""
    if not isinstance(f, Function):
        raise ArgumentFault("PB0602", f"`checkpoint` takes a function of a compiled module, not {f!r}")
    if every is not None and (not isinstance(every, int) or every < 1):
        raise ArgumentFault("PB0609", f"a checkpoint every {every!r} steps", hint="a whole number from 1 on")
    kept = t.Checkpoint(None if every is None else size(every))
    return f.derived(("checkpoint", every), lambda: replace(f.morphism, term=replace(
        f.morphism.term, steps=_checkpointed(f.morphism.term.steps, kept))))


def _checkpointed(steps: Sequence[t.Step], kept: t.Checkpoint) -> tuple[t.Step, ...]:
    made = []
    for step in steps:
        blocks = {name: replace(block, steps=_checkpointed(block.steps, kept))
                  for name, block in vars(step).items() if isinstance(block, t.Block)}  # fmt: skip
        step = replace(step, **blocks)  # type: ignore[arg-type]
        if isinstance(step, t.Loop | t.While) and step.inits and step.checkpoint is None and step.inverse is None:
            step = replace(step, checkpoint=kept)
        made.append(step)
    return tuple(made)
