"""The type rules of unary form, and a verifier that checks a whole term with them."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.errors import VerifyFault
from ...core.objects import BOOL, I64, Array, Scalar, Wire, element, is_differentiable, row, shape, stack
from ...core.operations import OPERATIONS
from . import term as t


def infer(step: t.Step, context: Sequence[Wire]) -> tuple[Wire, ...]:
    """The wires a step appends to ``context``. Raises VerifyFault.

    Blocks are taken at their word (``cod``), so this is O(1); `verify` checks them."""
    match step:
        case t.Apply():
            return (_apply(step, [context[a] for a in step.args]),)
        case t.Constant():
            return (step.kind,)
        case t.Zero():
            return (step.kind,)
        case t.Extent():
            return (I64,)
        case t.Open():
            return (_expect(step, context[step.arg], I64),)
        case t.Index():
            if not isinstance(context[step.array], Array):
                raise _fault(step, f"{context[step.array]} is indexed, which is no array")
            _expect(step, context[step.index], I64)
            return (row(context[step.array]),)
        case t.OneHot():
            _expect(step, context[step.index], I64)
            return (stack(step.size, context[step.value]),)
        case t.Loop():
            return _loop(step)
        case t.While():
            return (*(context[p] for p in step.inits), I64)
        case t.Branch():
            _expect(step, context[step.cond], BOOL)
            return step.then.cod
        case t.Stop():
            return (context[step.arg],)
        case t.Custom():
            return step.primal.cod


def _apply(step: t.Apply, args: Sequence[Wire]) -> Wire:
    operation = OPERATIONS.get(step.op) if isinstance(step.op, str) else step.op
    if operation is None:
        raise _fault(step, f"there is no operation {step.op!r}")
    shapes = {shape(a) for a in args} if any(isinstance(a, Array) for a in args) else {()}
    if len(shapes) > 1 or (shapes != {()} and step.op != "add"):
        raise _fault(step, f"{operation.name} of {', '.join(map(str, args))}")
    try:
        result = operation.typing([element(a) for a in args], step.to)
    except ValueError as problem:
        raise _fault(step, f"{operation.name}: {problem}") from None
    sizes = shapes.pop() if shapes else ()
    return Array(result, sizes) if sizes else result


def _loop(step: t.Loop) -> tuple[Wire, ...]:
    results = step.body.cod
    carries = results[: len(step.inits)]
    outputs = []
    for kind, wire in zip(step.kinds, results[len(step.inits) :], strict=True):
        if kind == "build":
            outputs.append(stack(step.bound, wire))
        elif kind in ("argmax", "argmin"):
            outputs.append(I64)
        else:
            outputs.append(wire)
    return (*carries, *outputs)


def verify(term: t.Term) -> None:
    """Check every type rule, position and size atom of a term. Raises VerifyFault at the first that fails."""
    context: list[Wire] = list(term.dom)
    _steps(term.steps, context, set(term.sizes))
    for r in term.results:
        if not 0 <= r < len(context):
            raise VerifyFault("PB0901", f"{term.name} returns position {r} of {len(context)}")
    if tuple(context[r] for r in term.results) != term.cod:
        raise VerifyFault("PB0901", f"{term.name} does not return what it says it does")


def _steps(steps: Sequence[t.Step], context: list[Wire], atoms: set[str]) -> None:
    for step in steps:
        for position in _reads(step):
            if not 0 <= position < len(context):
                raise _fault(step, f"reads position {position} of a context of {len(context)}")
        _bodies(step, context, atoms)
        results = infer(step, context)
        if isinstance(step, t.Open):
            atoms.add(step.atom)
        for size in (*(s for wire in results for s in shape(wire)), *((step.size,) if isinstance(step, t.Extent) else ())):
            if not size.atoms <= atoms:
                raise _fault(step, f"size {size} mentions what is not in scope ({', '.join(sorted(atoms))})")
        context.extend(results)


def _reads(step: t.Step) -> tuple[int, ...]:
    match step:
        case t.Apply() | t.Custom():
            return step.args
        case t.Open() | t.Stop():
            return (step.arg,)
        case t.Index():
            return (step.array, step.index)
        case t.OneHot():
            return (step.index, step.value)
        case t.Loop() | t.While():
            return step.inits
        case t.Branch():
            return (step.cond,)
        case _:
            return ()


def _bodies(step: t.Step, context: list[Wire], atoms: set[str]) -> None:
    """Check the blocks of a step against the wires they must take and give."""
    match step:
        case t.Loop():
            if not step.bound.atoms <= atoms:
                raise _fault(step, f"bound {step.bound} mentions a size not in scope ({', '.join(sorted(atoms))})")
            carried = tuple(context[p] for p in step.inits)
            results = _block(step.body, context, atoms | {step.index})
            _same(step, step.body.params, (I64, *carried), "loop parameters")
            _same(step, results[: len(carried)], carried, "carries")
            if len(results) != len(carried) + len(step.kinds) or not set(step.kinds) <= set(t.KINDS):
                raise _fault(step, f"outputs {step.kinds} do not fit {len(results)} results")
            for kind, wire in zip(step.kinds, results[len(carried) :], strict=True):
                if kind not in ("build", "sum") and not isinstance(wire, Scalar):
                    raise _fault(step, f"{kind} of {wire}: only scalars")
            _undoing(step, carried, context, atoms, step.index)
        case t.While():
            carried = tuple(context[p] for p in step.inits)
            _same(step, step.cond.params, (I64, *carried), "while parameters")
            _same(step, step.body.params, (I64, *carried), "while parameters")
            _same(step, _block(step.cond, context, atoms), (BOOL,), "while condition")
            _same(step, _block(step.body, context, atoms), carried, "while body")
            _undoing(step, carried, context, atoms)
        case t.Branch():
            then = _block(step.then, context, atoms)
            _same(step, _block(step.orelse, context, atoms), then, "else branch")
        case t.Custom():
            results = _block(step.primal, context, atoms)
            dargs = tuple(w for w in step.primal.params if is_differentiable(w))
            cotangents = tuple(w for w in results if is_differentiable(w))
            if step.reverse is not None:
                _same(step, _block(step.reverse, context, atoms), dargs, "custom reverse rule")
                _same(step, step.reverse.params, (*step.primal.params, *cotangents), "custom reverse parameters")
            if any(_captures(block, len(context)) for block in (step.primal, step.reverse) if block is not None):
                raise _fault(step, "a block of it reads the context around it")
        case _:
            pass


def _undoing(step: t.Loop | t.While, carried: tuple[Wire, ...], context: list[Wire], atoms: set[str], *index: str) -> None:
    """Check how the reverse derivative of a loop comes by its carries."""
    if step.checkpoint is not None and step.inverse is not None:
        raise _fault(step, "has checkpoints and an inverse")
    if (step.checkpoint is not None or step.inverse is not None) and not carried:
        raise _fault(step, "has nothing to keep")
    every = step.checkpoint.every if step.checkpoint is not None else None
    if every is not None and not every.atoms <= atoms:
        raise _fault(step, f"checkpoints every {every}, a size not in scope ({', '.join(sorted(atoms))})")
    if step.inverse is not None:
        _same(step, step.inverse.params, (I64, *carried), "inverse parameters")
        _same(step, _block(step.inverse, context, atoms | set(index)), carried, "what the inverse gives")


def _block(block: t.Block, context: list[Wire], atoms: set[str]) -> tuple[Wire, ...]:
    mark = len(context)
    context.extend(block.params)
    _steps(block.steps, context, set(atoms))
    if not all(0 <= r < len(context) for r in block.results):
        raise VerifyFault("PB0901", f"a block returns positions {block.results} of {len(context)}")
    results = tuple(context[r] for r in block.results)
    del context[mark:]
    if results != block.cod:
        raise VerifyFault("PB0901", f"a block says it gives {block.cod}, but gives {results}")
    return results


def _captures(block: t.Block, base: int) -> bool:
    """Whether a block reads anything below ``base``."""
    if any(r < base for r in block.results):
        return True
    for step in block.steps:
        inner = [b for b in vars(step).values() if isinstance(b, t.Block)]
        if any(p < base for p in _reads(step)) or any(_captures(b, base) for b in inner):
            return True
    return False


def _same(step: t.Step, have: Sequence[Wire], want: Sequence[Wire], what: str) -> None:
    if tuple(have) != tuple(want):
        raise _fault(step, f"{what} are ({', '.join(map(str, have))}), expected ({', '.join(map(str, want))})")


def _expect(step: t.Step, have: Wire, want: Wire) -> Wire:
    if have != want:
        raise _fault(step, f"has {have} where {want} must stand")
    return have


def _fault(step: t.Step, message: str) -> VerifyFault:
    return VerifyFault("PB0901", f"unary {type(step).__name__.lower()}: {message}", step.span)
