"""The meaning of unary form: one primitive after another, on NumPy values. Clarity is its only virtue; it is slow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...core.algebra import NumpyAlgebra
from ...core.errors import ArgumentFault, IndexFault, Span
from ...core.objects import BOOL, Scalar, Wire, element, shape
from ...core.operation import Operation
from ...core.operations import OPERATIONS, operation_of
from ...core.semiring import Number, semiring
from ...core.sizes import Size
from ...ir.unary import term as t
from ...ir.unary.typing import infer

Value = Any
"""A NumPy array (of no dimension for a scalar) of the dtype that carries its wire."""


Watch = Callable[["t.Loop | t.While", int, Sequence[Value], Sequence[Value]], None]
"""Told of each step of a loop with an inverse: the loop, the index, the carries before, and what the inverse makes of those
after."""


def run(
    term: t.Term, args: Sequence[Any], sizes: Mapping[str, int] | None = None, watch: Watch | None = None
) -> list[Value]:
    """The results of a closed term on ``args``, in wire order. Sizes come from bare dimensions, or from ``sizes``.

    Raises ArgumentFault for arguments that do not fit, IndexFault where an index is outside its array."""
    values = [np.asarray(a, dtype=element(w).dtype) for a, w in zip(args, term.dom, strict=True)]
    machine = Machine(bind_sizes(term, values) | dict(sizes or {}), values, list(term.dom), watch)
    machine.steps(term.steps)
    return [machine.values[r] for r in term.results]


def bind_sizes(term: t.Term, values: Sequence[Value]) -> dict[str, int]:
    """The size parameters, read off the dimensions that are bare names. Raises ArgumentFault where two disagree."""
    sizes: dict[str, int] = {}
    for name, wire, value in zip(term.names, term.dom, values, strict=True):
        if value.ndim != len(shape(wire)):
            raise ArgumentFault("PB0602", f"`{name}` is {wire}, of {len(shape(wire))} dimensions, and got {value.ndim}")
        for dimension, length in zip(shape(wire), value.shape, strict=True):
            if dimension.name in term.sizes and sizes.setdefault(str(dimension.name), length) != length:
                raise ArgumentFault(
                    "PB0603", f"`{name}` is {wire}, but {dimension} is {sizes[str(dimension.name)]}, not {length}"
                )
    return sizes


class Machine:
    """The context: values and their wires, and the sizes in scope. A block's part of it goes when the block ends.

    What a scalar is stands in the methods under "scalars" alone; `circuit.py` runs the same steps on wires of a circuit."""

    def __init__(self, sizes: dict[str, int], values: list[Value], wires: list[Wire], watch: Watch | None) -> None:
        self.sizes, self.values, self.wires, self.watch = sizes, values, wires, watch
        self.known: dict[tuple[int, int], list[tuple[Wire, ...]]] = {}

    def size(self, value: Size) -> int:
        return value.evaluate(self.sizes)

    def zero(self, wire: Wire) -> Value:
        scalar = element(wire)
        return self.full([max(self.size(s), 0) for s in shape(wire)], semiring(scalar).zero, scalar)

    def steps(self, steps: Sequence[t.Step]) -> None:
        for step, kinds in zip(steps, self.kinds(steps), strict=True):
            results = self.step(step, kinds)
            self.wires.extend(kinds)
            self.values.extend(results)

    def kinds(self, steps: Sequence[t.Step]) -> list[tuple[Wire, ...]]:
        """The wires that each step appends: found out once, however often a loop runs them."""
        place = id(steps), len(self.wires)
        found = self.known.get(place)
        if found is None:
            context, found = list(self.wires), []
            for step in steps:
                found.append(infer(step, context))
                context.extend(found[-1])
            self.known[place] = found
        return found

    def block(self, block: t.Block, params: Sequence[Value]) -> list[Value]:
        mark, sizes = len(self.values), dict(self.sizes)
        self.values.extend(params)
        self.wires.extend(block.params)
        self.steps(block.steps)
        results = [self.values[r] for r in block.results]
        del self.values[mark:], self.wires[mark:]
        self.sizes = sizes
        return results

    # -- primitives ------------------------------------------------------------------------------------------------------
    def step(self, step: t.Step, kinds: Sequence[Wire]) -> Sequence[Value]:
        values = self.values
        match step:
            case t.Apply():
                return (self._apply(step, kinds[0]),)
            case t.Constant():
                return (self.full((), step.value, step.kind),)
            case t.Zero():
                return (self.zero(step.kind),)
            case t.Extent():
                return (np.asarray(self.size(step.size)),)
            case t.Open():
                self.sizes[step.atom] = max(int(values[step.arg]), 0)
                return (np.asarray(self.sizes[step.atom]),)
            case t.Index():
                array = values[step.array]
                return (np.asarray(array[_inside(values[step.index], len(array), step.span)]),)
            case t.OneHot():
                hot = self.zero(kinds[0])
                hot[_inside(values[step.index], len(hot), step.span)] = values[step.value]
                return (hot,)
            case t.Stop():
                return (values[step.arg],)
            case t.Loop():
                return self._loop(step)
            case t.While():
                return self._while(step)
            case t.Branch():
                return self.branch(step)
            case t.Custom():
                return self.block(step.primal, [values[a] for a in step.args])

    def _apply(self, step: t.Apply, wire: Wire) -> Value:
        operation = operation_of(step.op)
        args = [self.values[a] for a in step.args]
        objects = [element(self.wires[a]) for a in step.args]
        if operation.guard is not None and objects[0].is_integer:
            algebra = NumpyAlgebra(OPERATIONS)
            ok = operation.guard.rule(algebra, *(algebra.value(a, o) for a, o in zip(args, objects, strict=True)))
            if not np.all(ok.array):
                raise IndexFault(operation.guard.code, operation.guard.message, step.span)
        return self.apply(operation, objects, element(wire), args, step.span)

    # -- scalars ---------------------------------------------------------------------------------------------------------
    def dtype(self, scalar: Scalar) -> str:
        """The dtype of arrays of elements."""
        return scalar.dtype

    def full(self, shape: Sequence[int], value: Number, scalar: Scalar) -> Value:
        """An array of one element everywhere."""
        return np.full(shape, value, dtype=scalar.dtype)

    def apply(
        self, operation: Operation, objects: Sequence[Scalar], result: Scalar, args: Sequence[Value], span: Span | None
    ) -> Value:
        """The value of an operation."""
        return np.asarray(operation.meaning(result, *args))

    def branch(self, step: t.Branch) -> Sequence[Value]:
        return self.block(step.then if self.values[step.cond] else step.orelse, ())

    def holds(self, condition: Value, span: Span | None) -> bool:
        """Whether a loop goes on."""
        return bool(condition)

    def fold(self, kind: str, values: Sequence[Value], wire: Wire, span: Span | None) -> Value:
        """Values put together by a monoid, in their order. Of no values: its unit."""
        scalar = element(wire)
        if kind in ("argmax", "argmin"):
            return np.asarray(-1 if not values else int(getattr(np, kind)(np.asarray(values))))
        if kind in ("sum", "prod"):
            total = self.zero(wire) if kind == "sum" else self.full((), semiring(scalar).one, scalar)
            for value in values:
                total = np.asarray(OPERATIONS["add" if kind == "sum" else "mul"].meaning(scalar, total, value))
            return total
        return np.asarray(_FOLDS[kind](values) if values else _unit(kind, scalar), dtype=scalar.dtype)

    # -- loops -----------------------------------------------------------------------------------------------------------
    def _loop(self, step: t.Loop) -> Sequence[Value]:
        count = len(step.inits)
        bound = max(self.size(step.bound), 0)
        carries = [self.values[p] for p in step.inits]
        outputs: list[list[Value]] = [[] for _ in step.kinds]
        order = range(bound - 1, -1, -1) if step.backward else range(bound)
        for i in order:
            saved = self.sizes.get(step.index)
            self.sizes[step.index] = i
            results = self.block(step.body, [np.asarray(i), *carries])
            self.undo(step, i, carries, results[:count])
            del self.sizes[step.index]
            if saved is not None:
                self.sizes[step.index] = saved
            carries = results[:count]
            for output, value in zip(outputs, results[count:], strict=True):
                output.append(value)
        if step.backward:
            for output in outputs:
                output.reverse()
        folded = [
            self._stacked(output, w, bound) if k == "build" else self.fold(k, output, w, step.span)
            for k, output, w in zip(step.kinds, outputs, step.body.cod[count:], strict=True)
        ]
        return [*carries, *folded]

    def _stacked(self, values: Sequence[Value], wire: Wire, bound: int) -> Value:
        """The values of one output as rows, in the order of the index."""
        row_shape = np.shape(values[0]) if values else self.zero_shape(wire)
        return np.asarray(values, dtype=self.dtype(element(wire))).reshape((bound, *row_shape))

    def zero_shape(self, wire: Wire) -> tuple[int, ...]:
        """The shape of a row that was never made; sizes that belong to the loop are 0."""
        return tuple(max(s.evaluate({a: self.sizes.get(a, 0) for a in s.atoms}), 0) for s in shape(wire))

    def _while(self, step: t.While) -> Sequence[Value]:
        trips, carries = 0, [self.values[p] for p in step.inits]
        while self.holds(self.block(step.cond, [np.asarray(trips), *carries])[0], step.span):
            results = self.block(step.body, [np.asarray(trips), *carries])
            self.undo(step, trips, carries, results)
            carries = results
            trips += 1
        return [*carries, np.asarray(trips)]

    def undo(self, step: t.Loop | t.While, index: int, before: Sequence[Value], after: Sequence[Value]) -> None:
        """Undo a step for who watches."""
        if self.watch is not None and step.inverse is not None:
            self.watch(step, index, before, self.block(step.inverse, [np.asarray(index), *after]))


def _inside(index: Value, size: int, span: Span | None) -> int:
    if not 0 <= index < size:
        raise IndexFault("PB0701", f"index {int(index)} is outside an array of {size}", span)
    return int(index)


_FOLDS: Mapping[str, Callable[[Any], Any]] = {"max": np.max, "min": np.min, "all": np.all, "any": np.any}


def _unit(kind: str, scalar: Scalar) -> Any:
    if scalar == BOOL:
        return kind in ("all", "min")
    if scalar.number is float:
        return -np.inf if kind == "max" else np.inf
    limits = np.iinfo(scalar.dtype)
    return limits.min if kind == "max" else limits.max
