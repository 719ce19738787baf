"""The forward derivative D[f] : A × A → B, as unary form, with rules of its own.

Every wire that depends on the directions carries its tangent beside it; a missing tangent is structurally zero. That
D[f] equals what two reverse derivatives give, (ι₀×1); R[R[f]]; π₁ (RD.6), is a test, not the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ...core.errors import DerivativeFault
from ...core.objects import I64, Wire, is_differentiable
from ...core.operation import Undefined
from ...core.operations import name_of, operation_of
from ...core.sizes import atom
from ..unary import term as t
from ..unary.builder import Builder, Scope, copy, embed, replay
from .activity import DISCRETE, Activity, carries_active, results_active
from .reverse import check_differentiable, custom_rule, exclusive_products, undefined, vjp


def jvp(term: t.Term, wrt: Sequence[int], value: bool = True) -> t.Term:
    """dom, tangents of the wires ``wrt`` → (the results, if ``value``), tangents of the differentiable results.

    Raises DerivativeFault as `vjp` does."""
    check_differentiable(term, wrt)
    names = (*term.names, *(f"d{term.names[k]}" for k in wrt))
    builder = Builder(f"D[{term.name}]", term.sizes, names, (*term.dom, *(term.dom[k] for k in wrt)))
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    tangents = Tangents(None, 0, {k: len(term.dom) + j for j, k in enumerate(wrt)})
    push = Push(builder)
    push.steps(term.steps, scope, Activity(None, 0, set(wrt)), tangents, len(term.dom))
    primal = [scope[r] for r in term.results] if value else []
    moved = [push.tangent(tangents, r, w, scope) for r, w in zip(term.results, term.cod, strict=True) if is_differentiable(w)]
    return builder.finish([*primal, *moved])


@dataclass(frozen=True)
class Tangents:
    """Where the tangent of an old position is; positions below ``base`` are the enclosing block's."""

    parent: Tangents | None
    base: int
    at: dict[int, int] = field(default_factory=dict)

    def get(self, position: int) -> int | None:
        here = self
        while position < here.base and here.parent is not None:
            here = here.parent
        return here.at.get(position)


@dataclass(frozen=True)
class Push:
    """One sweep, values and tangents together."""

    builder: Builder

    def tangent(self, tangents: Tangents, position: int, kind: Wire, scope: Scope) -> int:
        """The tangent as a wire: zero where there is none."""
        have = tangents.get(position)
        return self.builder.zero(scope.wire(kind)) if have is None else have

    def steps(self, steps: Sequence[t.Step], scope: Scope, active: Activity, tangents: Tangents, position: int) -> None:
        for step in steps:
            flags = results_active(step, active, position)
            active.mark(position, flags)
            if any(flags):
                saved, self.builder.span = self.builder.span, step.span or self.builder.span
                self._push(step, position, flags, scope, active, tangents)
                self.builder.span = saved
            else:
                copy(self.builder, step, scope, position)
            position += len(flags)

    def _push(
        self, step: t.Step, position: int, flags: Sequence[bool], scope: Scope, active: Activity, tangents: Tangents
    ) -> None:
        b = self.builder
        match step:
            case t.Loop() if step.inits or any(k not in ("build", "sum") for k in step.kinds):
                self._folding_loop(step, position, scope, active, tangents)
            case t.Loop():
                self._loop(step, position, scope, active, tangents)
            case t.While():
                self._while(step, position, scope, active, tangents)
            case t.Branch():
                self._branch(step, position, flags, scope, active, tangents)
            case t.Custom():
                self._custom(step, position, scope, tangents)
            case t.Apply():
                (result,) = copy(b, step, scope, position)
                self._set(tangents, position, self._apply(step, result, scope, tangents))
            case t.Index():
                copy(b, step, scope, position)
                d = tangents.get(step.array)
                self._set(tangents, position, None if d is None else b.index(d, scope[step.index]))
            case t.OneHot():
                copy(b, step, scope, position)
                d = tangents.get(step.value)
                if d is not None:
                    tangents.at[position] = b.one(t.OneHot(scope.size(step.size), scope[step.index], d))
            case _:
                raise AssertionError(f"{type(step).__name__} is never active")

    @staticmethod
    def _set(tangents: Tangents, position: int, tangent: int | None) -> None:
        if tangent is not None:
            tangents.at[position] = tangent

    def _apply(self, step: t.Apply, result: int, scope: Scope, tangents: Tangents) -> int | None:
        b = self.builder
        ds = [tangents.get(a) for a in step.args]
        if all(d is None for d in ds):
            return None
        if step.op == "add":
            left, right = ds
            return right if left is None else left if right is None else b.add(left, right)
        moved = operation_of(step.op).push(b, [scope[a] for a in step.args], result, ds)
        if isinstance(moved, Undefined):
            raise undefined(name_of(step.op), moved, step.span)
        return moved

    # -- loops -----------------------------------------------------------------------------------------------------
    def _body(
        self,
        step: t.Loop | t.While,
        position: int,
        scope: Scope,
        active: Activity,
        tangents: Tangents,
        index: int,
        carries: Sequence[int],
        dcarries: dict[int, int],
    ) -> tuple[Scope, Tangents]:
        """Push through a loop body whose carries stand at ``carries`` with tangents ``dcarries`` (by carry number)."""
        count = len(step.inits)
        inner = scope.child(position)
        inner[position] = index
        for k in range(count):
            inner[position + 1 + k] = carries[k]
        here = Tangents(tangents, position, {position + 1 + k: d for k, d in dcarries.items()})
        flags = [k in dcarries for k in range(count)]
        self.steps(step.body.steps, inner, active.child(position, (False, *flags)), here, position + 1 + count)
        return inner, here

    def _loop(self, step: t.Loop, position: int, scope: Scope, active: Activity, tangents: Tangents) -> None:
        """Only stacked and summed outputs: the tangents are more outputs of the same kinds."""
        b, results = self.builder, step.body.results
        moving: list[int] = []

        def body(params: tuple[int, ...]) -> list[int]:
            inner_scope = Scope(scope, position, {}, {step.index: atom(name)})
            inner, here = self._body(step, position, inner_scope, active, tangents, params[0], (), {})
            moving.extend(k for k, r in enumerate(results) if here.get(r) is not None)
            return [*(inner[r] for r in results), *(_some(here.get(results[k])) for k in moving)]

        name = b.fresh(step.index)
        with b.scoped(name):
            block = b.block((I64,), body)
        kinds = (*step.kinds, *(step.kinds[k] for k in moving))
        new = b.emit(t.Loop(name, scope.size(step.bound), (), block, kinds, step.backward, step.span))
        for k in range(len(results)):
            scope[position + k] = new[k]
        for j, k in enumerate(moving):
            tangents.at[position + k] = new[len(results) + j]

    def _folding_loop(self, step: t.Loop, position: int, scope: Scope, active: Activity, tangents: Tangents) -> None:
        """With carries, products or maxima: carries get tangent carries; folded outputs stack value and tangent, then fold."""
        b, count, results = self.builder, len(step.inits), step.body.results
        flags = carries_active(step, active, position)
        moving = [k for k in range(count) if flags[k]]
        dinits = [self.tangent(tangents, step.inits[k], step.body.cod[k], scope) for k in moving]
        stacked: list[int] = []

        def body(params: tuple[int, ...]) -> list[int]:
            inner_scope = Scope(scope, position, {}, {step.index: atom(name)})
            dcarries = dict(zip(moving, params[1 + count :], strict=True))
            inner, here = self._body(step, position, inner_scope, active, tangents, params[0], params[1 : 1 + count], dcarries)
            stacked.extend(
                k
                for k in range(count, len(results))
                if here.get(results[k]) is not None and step.kinds[k - count] not in DISCRETE
            )
            ds = [self.tangent(here, results[k], step.body.cod[k], inner) for k in moving]
            outputs = [inner[r] for r in results[count:]]
            factors = [inner[results[k]] for k in stacked if step.kinds[k - count] == "prod"]
            return [
                *(inner[r] for r in results[:count]),
                *ds,
                *outputs,
                *(_some(here.get(results[k])) for k in stacked),
                *factors,
                *(inner[results[k]] for k in stacked if step.kinds[k - count] in _WINNER),
            ]

        name = b.fresh(step.index)
        carried = (*(scope[p] for p in step.inits), *dinits)
        with b.scoped(name):
            block = b.block((I64, *(b.wires[p] for p in carried)), body)
            inverse = self._inverse(step, position, scope, active, tangents, moving, carried, name)
        stacking = ["sum" if step.kinds[k - count] == "sum" else "build" for k in stacked]
        extra = ["build" for k in stacked if step.kinds[k - count] == "prod"]
        extra += [_WINNER[step.kinds[k - count]] for k in stacked if step.kinds[k - count] in _WINNER]
        kinds = (*step.kinds, *stacking, *extra)
        loop = t.Loop(name, scope.size(step.bound), carried, block, kinds, step.backward, step.span)
        loop = replace(loop, checkpoint=scope.checkpoint(step.checkpoint), inverse=inverse)
        new = list(b.emit(loop))
        for k in range(count):
            scope[position + k] = new.pop(0)
        for k in moving:
            tangents.at[position + k] = new.pop(0)
        for k in range(count, len(results)):
            scope[position + k] = new.pop(0)
        arrays = [new.pop(0) for _ in stacked]
        factors = [new.pop(0) if step.kinds[k - count] == "prod" else None for k in stacked]
        winners = [new.pop(0) if step.kinds[k - count] in _WINNER else None for k in stacked]
        for k, d, v, w in zip(stacked, arrays, factors, winners, strict=True):
            tangents.at[position + k] = self._folded(step, d, v, w, scope)

    def _inverse(
        self,
        step: t.Loop | t.While,
        position: int,
        scope: Scope,
        active: Activity,
        tangents: Tangents,
        moving: Sequence[int],
        carried: Sequence[int],
        name: str = "",
    ) -> t.Block | None:
        """The inverse of the step of a loop that carries tangents too: it undoes them as it undoes the values.

        None if there is none to push forward; then the reverse derivative keeps carries, as of any loop."""
        b, count, inverse = self.builder, len(step.inits), step.inverse
        if inverse is None:
            return None

        def body(params: tuple[int, ...]) -> list[int]:
            outer = Scope(scope, position, {}, {step.index: atom(name)} if isinstance(step, t.Loop) else {})
            dcarries = dict(zip(moving, params[1 + count :], strict=True))
            undo = replace(step, body=inverse)
            inner, here = self._body(undo, position, outer, active, tangents, params[0], params[1 : 1 + count], dcarries)
            before = [self.tangent(here, inverse.results[k], inverse.cod[k], inner) for k in moving]
            return [*(inner[r] for r in inverse.results), *before]

        try:
            return b.block((I64, *(b.wires[p] for p in carried)), body)
        except DerivativeFault:  # the loop itself may have a derivative all the same
            return None

    def _folded(self, step: t.Loop, d: int, factors: int | None, winner: int | None, scope: Scope) -> int:
        """The tangent of a folded output from the stacked tangents: Σ Π_{j≠i} v_j dv_i, or the winner's, or just itself."""
        b, bound = self.builder, scope.size(step.bound)
        if factors is not None:
            left, right = (exclusive_products(b, factors, bound, step.index, way) for way in (False, True))
            (total,) = b.loop(
                step.index,
                bound,
                [],
                ["sum"],
                lambda _, i, c: [b.apply("mul", b.index(d, i), b.apply("mul", b.index(left, i), b.index(right, i)))],
            )
            return total
        if winner is not None:
            (total,) = b.loop(
                step.index,
                bound,
                [],
                ["sum"],
                lambda _, i, c: [b.apply("select", b.apply("eq", i, winner), b.index(d, i), b.zero(b.object(d)))],
            )
            return total
        return d

    def _while(self, step: t.While, position: int, scope: Scope, active: Activity, tangents: Tangents) -> None:
        b, count = self.builder, len(step.inits)
        flags = carries_active(step, active, position)
        moving = [k for k in range(count) if flags[k]]
        carried = [scope[p] for p in step.inits]
        carried += [self.tangent(tangents, step.inits[k], step.body.cod[k], scope) for k in moving]
        params = (I64, *(b.wires[p] for p in carried))

        def cond(new: tuple[int, ...]) -> list[int]:
            inner = scope.child(position)
            for k in range(1 + count):
                inner[position + k] = new[k]
            replay(b, step.cond.steps, inner, position + 1 + count)
            return [inner[step.cond.results[0]]]

        def body(new: tuple[int, ...]) -> list[int]:
            dcarries = dict(zip(moving, new[1 + count :], strict=True))
            inner, here = self._body(step, position, scope, active, tangents, new[0], new[1 : 1 + count], dcarries)
            results = step.body.results
            return [
                *(inner[r] for r in results),
                *(self.tangent(here, results[k], step.body.cod[k], inner) for k in moving),
            ]

        inverse = self._inverse(step, position, scope, active, tangents, moving, carried)
        checkpoint = scope.checkpoint(step.checkpoint)
        new = b.emit(
            t.While(tuple(carried), b.block(params, cond), b.block(params, body), step.span, checkpoint, inverse)
        )
        for k in range(count):
            scope[position + k] = new[k]
        scope[position + count] = new[-1]
        for j, k in enumerate(moving):
            tangents.at[position + k] = new[count + j]

    # -- other constructs ------------------------------------------------------------------------------------------
    def _branch(
        self, step: t.Branch, position: int, flags: Sequence[bool], scope: Scope, active: Activity, tangents: Tangents
    ) -> None:
        b = self.builder
        moving = [k for k, flag in enumerate(flags) if flag]

        def side(block: t.Block) -> t.Block:
            def body(_: tuple[int, ...]) -> list[int]:
                inner, here = scope.child(position), Tangents(tangents, position)
                self.steps(block.steps, inner, active.child(position, ()), here, position)
                return [
                    *(inner[r] for r in block.results),
                    *(self.tangent(here, block.results[k], block.cod[k], inner) for k in moving),
                ]

            return b.block((), body)

        new = b.emit(t.Branch(scope[step.cond], side(step.then), side(step.orelse), step.span))
        for k in range(len(flags)):
            scope[position + k] = new[k]
        for j, k in enumerate(moving):
            tangents.at[position + k] = new[len(flags) + j]

    def _custom(self, step: t.Custom, position: int, scope: Scope, tangents: Tangents) -> None:
        """The transpose of the given reverse rule: D[f](a, v) = R[w ↦ R[f](a, w)] at v, since R[f] is linear in w."""
        b = self.builder
        copy(b, step, scope, position)
        reverse = custom_rule(step)
        sizes = tuple(sorted(b.atoms))
        rule = t.Term(
            "custom",
            sizes,
            tuple(f"p{k}" for k in range(len(reverse.params))),
            reverse.params,
            *_closed(reverse, position),
        )
        count = len(step.args)
        transposed = vjp(rule, range(count, len(rule.dom)), value=False)
        zeros = [b.zero(scope.wire(w)) for w in reverse.params[count:]]
        slots = [a for a, w in zip(step.args, step.primal.params, strict=True) if is_differentiable(w)]
        ds = [self.tangent(tangents, a, step.primal.params[step.args.index(a)], scope) for a in slots]
        moved = list(embed(b, transposed, [*(scope[a] for a in step.args), *zeros, *ds], {s: atom(s) for s in sizes}))
        for k, w in enumerate(step.primal.cod):
            if is_differentiable(w):
                tangents.at[position + k] = moved.pop(0)


def _closed(block: t.Block, base: int) -> tuple[tuple[t.Step, ...], tuple[int, ...], tuple[Wire, ...]]:
    """The steps of a closed block as those of a term: its positions moved down to begin at 0."""
    params = tuple(f"p{k}" for k in range(len(block.params)))
    b = Builder("closed", (), params, block.params)
    scope = Scope.top({base + k: k for k in range(len(block.params))}, {})
    replay(b, block.steps, scope, base + len(block.params))
    return tuple(b.steps), tuple(scope[r] for r in block.results), block.cod


def _some(position: int | None) -> int:
    assert position is not None
    return position


_WINNER = {"max": "argmax", "min": "argmin"}
