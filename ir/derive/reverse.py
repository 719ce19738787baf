"""The reverse derivative: R[f] : A × B → A, as unary form.

Forward, every primitive is replayed into the new term; since the context only grows, it is the trace. Backward, each
primitive's transpose adds to the cotangents of what it read: one clause per construct (Huot & Shaikhha, arXiv 2212.09801). The
result is unary form again, so it can be differentiated again, printed and compiled.

Sharing is not decided here: the reverse of a loop replays its body, and partial evaluation finds that it is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from ...core.errors import Derivative, DerivativeFault, Span
from ...core.objects import I64, Wire, element, is_differentiable, shape
from ...core.operation import Undefined
from ...core.operations import name_of, operation_of
from ...core.semiring import semiring
from ...core.sizes import Size, atom
from ..unary import term as t
from ..unary.builder import Builder, Scope, copy, replay
from ..unary.share import share
from .activity import DISCRETE, Activity, carries_active, results_active
from .returning import returned, scaled
from .segment import segmented


def reverse(term: t.Term) -> t.Term:
    """R[f] : dom, cotangents of the differentiable results → cotangents of the differentiable wires of dom."""
    return vjp(term, [k for k, w in enumerate(term.dom) if is_differentiable(w)], value=False)


def vjp(term: t.Term, wrt: Sequence[int], value: bool = True) -> t.Term:
    """dom, cotangents of the differentiable results → (the results, if ``value``), cotangents of the wires ``wrt``.

    Raises DerivativeFault where a wire of ``wrt`` is discrete, or where a derivative is needed that does not exist."""
    check_differentiable(term, wrt)
    term = segmented(share(term), wrt)
    seeds = [(r, w) for r, w in zip(term.results, term.cod, strict=True) if is_differentiable(w)]
    names = (*term.names, *(f"d{k}" for k in range(len(seeds))))
    builder = Builder(f"R[{term.name}]", term.sizes, names, (*term.dom, *(w for _, w in seeds)))
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    sweep = Sweep(builder)
    region = sweep.forward(term.steps, scope, Activity(None, 0, set(wrt)), len(term.dom))
    cotangents = Cotangents(builder)
    for k, (r, _) in enumerate(seeds):
        cotangents.add(r, len(term.dom) + k)
    sweep.backward(region, cotangents)
    primal = [scope[r] for r in term.results] if value else []
    return builder.finish([*primal, *(cotangents.take(k, term.dom[k]) for k in wrt)])


def check_differentiable(term: t.Term, wrt: Sequence[int]) -> None:
    """Raises DerivativeFault for a wire that has no tangent."""
    for k in wrt:
        if not is_differentiable(term.dom[k]):
            raise DerivativeFault(
                "PB0502",
                f"`{term.names[k]}` is {term.dom[k]}, which has no derivative",
                hint="differentiate by floating point or semiring values only",
            )


def undefined(name: str, rule: Undefined, span: Span | None) -> DerivativeFault:
    """The error of differentiating through an operation that has no rule."""
    return DerivativeFault(
        "PB0501",
        f"`{name}` has no derivative: {rule.reason}",
        span,
        rule.hint or f"if no derivative should flow through `{name}`, wrap it in stop_gradient(…)",
    )


def check_defined(builder: Builder, step: t.Apply, active_args: Sequence[int], result: int) -> None:
    """Raises DerivativeFault where an operation without a derivative reads an active wire: never a silent zero."""
    objects = [builder.object(a) for a in active_args]
    missing = operation_of(step.op).derivative_missing(objects, builder.object(result))
    if missing is not None:
        raise undefined(name_of(step.op), missing, step.span)


def custom_rule(step: t.Custom) -> t.Block:
    """The reverse rule of a Custom. Raises DerivativeFault PB0506 where it goes no further."""
    if step.reverse is None:
        raise DerivativeFault(
            "PB0506",
            "a reverse rule that calls the function it is the rule of has derivatives up to the third only",
            step.span,
            "write the rule without the function: put what they share into a function of its own",
        )
    return step.reverse


Seed = Callable[[int], int]
"""From the index of an iteration, the cotangent of a body value in it."""


@dataclass
class Cotangents:
    """The cotangent, so far, of each old position; a missing one is structurally zero (first touch costs no addition)."""

    builder: Builder
    at: dict[int, int] = field(default_factory=dict)

    def add(self, position: int, contribution: int | None) -> None:
        if contribution is not None:
            have = self.at.get(position)
            self.at[position] = contribution if have is None else self.builder.add(have, contribution)

    def pop(self, position: int) -> int | None:
        return self.at.pop(position, None)

    def take(self, position: int, kind: Wire) -> int:
        """The cotangent as a wire: zero where nothing arrived."""
        have = self.pop(position)
        return self.builder.zero(kind) if have is None else have

    def captured(self, base: int) -> list[int]:
        """The positions below ``base`` that received something, in order."""
        return sorted(p for p in self.at if p < base)


@dataclass
class Region:
    """A replayed sequence of steps, each with the old position of its results and what its reverse needs kept."""

    scope: Scope
    active: Activity
    steps: list[tuple[t.Step, int, tuple[int, ...]]]


@dataclass(frozen=True)
class Sweep:
    """The two sweeps, forward and backward, into one builder."""

    builder: Builder

    # -- forward ---------------------------------------------------------------------------------------------------
    def forward(self, steps: Sequence[t.Step], scope: Scope, active: Activity, position: int) -> Region:
        region = Region(scope, active, [])
        for step in steps:
            here = position
            kept: tuple[int, ...] = ()
            flags = results_active(step, active, here)
            active.mark(here, flags)
            if isinstance(step, t.While):
                step = self._count(step, scope, here)
                kept = self._widen(step, scope, here) if step.inverse is None else ()
            elif isinstance(step, t.Loop):
                kept = self._widen(step, scope, here)
            else:
                copy(self.builder, step, scope, here)
            if isinstance(step, t.Apply) and any(flags):
                check_defined(self.builder, step, [scope[a] for a in step.args if a in active], scope[here])
            position += len(flags)
            region.steps.append((step, here, kept))
        return region

    def _count(self, step: t.While, scope: Scope, position: int) -> t.Loop:
        """A while whose trips are known is a loop: run it once to count them; the loop then keeps its carries (no tape)."""
        old = f"trips.{position}"
        scope.atoms[old] = self.builder.open("trips", copy(self.builder, step, scope, position)[-1])
        return t.Loop("trip", atom(old), step.inits, step.body, (), span=step.span, inverse=step.inverse)

    def _widen(self, step: t.Loop, scope: Scope, position: int) -> tuple[int, ...]:
        """Replay a loop with more outputs: each carry as it came in (none, where a step can be undone), the factors of a
        product, the winner of a max or min."""
        count = len(step.inits)
        carries = range(count if step.inverse is None else 0)
        results, kinds = list(step.body.results), list(step.kinds)
        for k in carries:
            results.append(position + 1 + k)
            kinds.append("build")
        for kind, r in zip(step.kinds, step.body.results[count:], strict=True):
            if kind in _KEEPS:
                results.append(r)
                kinds.append(_KEEPS[kind])
        own = {position + k: w for k, w in enumerate(step.body.params)}
        cod = list(step.body.cod) + [own[position + 1 + k] for k in carries]
        cod += [w for kind, w in zip(step.kinds, step.body.cod[count:], strict=True) if kind in _KEEPS]
        body = replace(step.body, results=tuple(results), cod=tuple(cod))
        results_count = count + len(step.kinds)
        shadow = Scope(scope, position, {}, {})  # the extra outputs have no old position
        new = copy(self.builder, replace(step, body=body, kinds=tuple(kinds)), shadow, position)
        for k in range(results_count):
            scope[position + k] = new[k]
        return new[results_count:]

    # -- backward --------------------------------------------------------------------------------------------------
    def backward(self, region: Region, cotangents: Cotangents) -> None:
        for step, position, kept in reversed(region.steps):
            self.builder.span = Derivative.of(step.span)
            self._transpose(step, position, kept, region, cotangents)

    def _transpose(self, step: t.Step, position: int, kept: tuple[int, ...], region: Region, ct: Cotangents) -> None:
        b, scope, active = self.builder, region.scope, region.active
        match step:
            case t.Loop():
                self._loop(step, position, kept, region, ct)
            case t.Branch():
                self._branch(step, position, region, ct)
            case t.Custom():
                self._custom(step, position, region, ct)
            case t.Apply() | t.Index() | t.OneHot():
                z = ct.pop(position)
                if z is None or position not in active:
                    return
                if isinstance(step, t.Apply):
                    self._apply(step, scope[position], z, region, ct)
                elif isinstance(step, t.Index):
                    size = shape(b.wires[scope[step.array]])[0]
                    ct.add(step.array, b.one(t.OneHot(size, scope[step.index], z)))
                else:
                    ct.add(step.value, b.index(z, scope[step.index]))
            case _:
                ct.pop(position)

    def _apply(self, step: t.Apply, result: int, z: int, region: Region, ct: Cotangents) -> None:
        live = [a in region.active for a in step.args]
        if step.op == "add":  # of arrays too, where no scalar rule applies
            contributions: Sequence[int | None] = [z, z]
        else:
            pulled = operation_of(step.op).pull(self.builder, [region.scope[a] for a in step.args], result, z)
            if isinstance(pulled, Undefined):
                raise undefined(name_of(step.op), pulled, step.span)
            contributions = pulled
        for a, flows, contribution in zip(step.args, live, contributions, strict=True):
            if flows:
                ct.add(a, contribution)

    def _loop(self, step: t.Loop, position: int, kept: tuple[int, ...], region: Region, ct: Cotangents) -> None:
        """R[loop]: the iterations in reverse; cotangents of carries are carried, those of captured wires are summed."""
        b, scope, count = self.builder, region.scope, len(step.inits)
        undone = count if step.inverse is not None else 0
        incoming = [ct.pop(position + k) for k in range(count + len(step.kinds))]
        if all(z is None for z in incoming):
            return
        flags = carries_active(step, region.active, position)
        carried = [k for k in range(count) if flags[k]]
        seeds = [self._or_zero(incoming[k], step.body.cod[k], scope) for k in carried]
        seed = self._output_seeds(step, incoming[count:], kept[count - undone :], scope)
        captured: list[int] = []

        def body(params: tuple[int, ...]) -> list[int]:
            index, dcarries = params[0], params[1 + undone :]
            if undone:
                before = self._undo(step, params, scope, position, name)
            else:
                before = [b.index(k, index) for k in kept[:count]]
            inner = self._entered(step, (index, *before), scope, position, name)
            active = region.active.child(position, (False, *flags))
            replayed = self.forward(step.body.steps, inner, active, position + 1 + count)
            here = Cotangents(b)
            for k, z in zip(carried, dcarries, strict=True):
                here.add(step.body.results[k], z)
            for r, of in zip(step.body.results[count:], seed, strict=True):
                here.add(r, None if of is None else of(index))
            self.backward(replayed, here)
            dbefore = [here.take(position + 1 + k, b.wires[inner[position + 1 + k]]) for k in carried]
            captured.extend(p for p in here.captured(position) if p in region.active)
            return [*before[:undone], *dbefore, *(here.at[p] for p in captured)]

        name = b.fresh(step.index)
        inits = (*(scope[position + k] for k in range(undone)), *seeds)
        with b.scoped(name):
            block = b.block((I64, *(b.wires[s] for s in inits)), body)
        backward = not step.backward if inits else step.backward
        checkpoint = t.Checkpoint() if undone else None  # cotangents cannot be undone: a second reverse keeps few of them
        kinds = ("sum",) * len(captured)
        new = b.emit(t.Loop(name, scope.size(step.bound), inits, block, kinds, backward, step.span, checkpoint))
        first, new, b.span = new[:undone], new[undone:], Derivative.of(step.span)
        back = returned(b, first, [scope[p] for p in step.inits]) if undone else None
        for p, z in zip((*(step.inits[k] for k in carried), *captured), new, strict=True):
            ct.add(p, z if back is None else scaled(b, z, back))

    def _entered(self, step: t.Loop, params: Sequence[int], scope: Scope, position: int, name: str) -> Scope:
        """The scope of a loop's body whose index and carries are at ``params``; the index is the size ``name``."""
        inner = scope.child(position)
        inner.atoms[step.index] = atom(name)
        for k, p in enumerate(params):
            inner[position + k] = p
        return inner

    def _undo(self, step: t.Loop, params: Sequence[int], scope: Scope, position: int, name: str) -> list[int]:
        """The carries before a step from those after it, by the inverse that the loop declares."""
        assert step.inverse is not None
        inner = self._entered(step, params[: 1 + len(step.inits)], scope, position, name)
        replay(self.builder, step.inverse.steps, inner, position + 1 + len(step.inits))
        return [inner[r] for r in step.inverse.results]

    def _output_seeds(
        self, step: t.Loop, incoming: Sequence[int | None], kept: Sequence[int], scope: Scope
    ) -> list[Seed | None]:
        """For each output, the cotangent its body value gets in iteration ``index``: a function of the index, or None."""
        rest = iter(kept)
        seeds: list[Seed | None] = []
        for kind, z in zip(step.kinds, incoming, strict=True):
            extra = next(rest) if kind in _KEEPS else -1
            seeds.append(None if z is None or kind in DISCRETE else self._seed(kind, z, extra, step, scope))
        return seeds

    def _seed(self, kind: str, z: int, extra: int, step: t.Loop, scope: Scope) -> Seed:
        b = self.builder
        if kind == "build":
            return lambda i: b.index(z, i)
        if kind == "sum":
            return lambda i: z
        if kind in ("max", "min"):
            return lambda i: b.apply("select", b.apply("eq", i, extra), z, b.zero(b.wires[z]))
        # ∂Πv/∂v_i = (Π_{j<i} v_j)(Π_{j>i} v_j): two scans, right with zeros, no division
        before, after = (exclusive_products(b, extra, scope.size(step.bound), step.index, way) for way in (False, True))
        return lambda i: b.apply("mul", z, b.apply("mul", b.index(before, i), b.index(after, i)))

    def _branch(self, step: t.Branch, position: int, region: Region, ct: Cotangents) -> None:
        """R[if c then f else g] = if c then R[f] else R[g]: the untaken side contributes nothing, not 0 · NaN."""
        b, scope = self.builder, region.scope
        incoming = [ct.pop(position + k) for k in range(len(step.then.cod))]
        if all(z is None for z in incoming):
            return
        sides = [self._side(block, position, incoming, region) for block in (step.then, step.orelse)]
        captured = sorted({p for _, have, _ in sides for p in have})
        then, orelse = (self._with_zeros(block, have, captured, length, scope) for block, have, length in sides)
        for p, z in zip(captured, b.emit(t.Branch(scope[step.cond], then, orelse, step.span)), strict=True):
            ct.add(p, z)

    def _side(
        self, block: t.Block, position: int, incoming: Sequence[int | None], region: Region
    ) -> tuple[t.Block, list[int], int]:
        """The reverse of one side: a block giving the cotangents of the wires listed, and where its next step would stand."""
        b = self.builder
        captured: list[int] = []
        length = len(b.wires)

        def body(_: tuple[int, ...]) -> list[int]:
            nonlocal length
            inner = region.scope.child(position)
            replayed = self.forward(block.steps, inner, region.active.child(position, ()), position)
            here = Cotangents(b)
            for r, z in zip(block.results, incoming, strict=True):
                here.add(r, z)
            self.backward(replayed, here)
            captured.extend(p for p in here.captured(position) if p in region.active)
            length = len(b.wires)
            return [here.at[p] for p in captured]

        reversed_block = b.block((), body)
        return reversed_block, captured, length

    def _with_zeros(self, block: t.Block, have: list[int], captured: list[int], length: int, scope: Scope) -> t.Block:
        """The block returning a cotangent for all of ``captured``: zero where this side has none."""
        result, steps = dict(zip(have, block.results, strict=True)), list(block.steps)
        kinds = {p: self.builder.wires[scope[p]] for p in captured}
        for p in captured:
            if p not in result:
                result[p] = length
                steps.append(t.Zero(kinds[p]))
                length += 1
        return t.Block((), tuple(steps), tuple(result[p] for p in captured), tuple(kinds[p] for p in captured))

    def _custom(self, step: t.Custom, position: int, region: Region, ct: Cotangents) -> None:
        scope, incoming = region.scope, []
        for k, w in enumerate(step.primal.cod):
            z = ct.pop(position + k)
            if is_differentiable(w):
                incoming.append((z, w))
        if all(z is None for z, _ in incoming):
            return
        rule = custom_rule(step)
        inner = scope.child(position)
        given = [scope[a] for a in step.args] + [self._or_zero(z, w, scope) for z, w in incoming]
        for k, p in enumerate(given):
            inner[position + k] = p
        replay(self.builder, rule.steps, inner, position + len(given))
        slots = [a for a, w in zip(step.args, step.primal.params, strict=True) if is_differentiable(w)]
        for a, r in zip(slots, rule.results, strict=True):
            if a in region.active:
                ct.add(a, inner[r])

    def _or_zero(self, z: int | None, kind: Wire, scope: Scope) -> int:
        return self.builder.zero(scope.wire(kind)) if z is None else z


_KEEPS = {"max": "argmax", "min": "argmin", "prod": "build"}
"""The extra output whose value the reverse of an output kind needs."""


def exclusive_products(b: Builder, factors: int, bound: Size, hint: str, backward: bool) -> int:
    """The array of Π_{j<i} factors[j] (of Π_{j>i} if ``backward``)."""
    factor = element(b.wires[factors])
    one = b.constant(semiring(factor).one, factor)
    _, products = b.loop(
        hint, bound, [one], ["build"], lambda _, i, c: [b.apply("mul", c[0], b.index(factors, i)), c[0]], backward
    )
    return products
