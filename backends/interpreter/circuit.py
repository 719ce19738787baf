"""The interpreter on wires: a program at known sizes as a circuit.

Elements of the semiring, and truth values, are signals (`ir/circuit/signals.py`) in arrays of int64; integers and reals are
what they are, so loops run, sizes are known and integer arguments must be given. A condition that depends on the inputs takes
both sides and selects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from ...core.errors import ArgumentFault, Span, TypeFault
from ...core.objects import BIT, BOOL, Scalar, Wire, element, shape
from ...core.operation import Operation
from ...core.semiring import Number
from ...ir.circuit.build import Builder
from ...ir.circuit.circuit import Circuit, Names
from ...ir.circuit.signals import TRUE, Signals
from ...ir.unary import term as t
from .evaluate import Machine, Value

__all__ = ["trace"]


def trace(
    term: t.Term, sizes: Mapping[str, int] | None = None, given: Mapping[str, Any] | None = None, labels: Sequence[str] = ()
) -> Circuit:
    """A closed term as a circuit, its wires, left to right and row by row, the inputs and the outputs.

    ``given`` fixes inputs by their names, which are then none of the circuit; ``labels`` name the results. What it computes is
    what the term does; the reverse derivative of the circuit is the term's where that is made of semiring operations, which
    comparisons over bit, `stop_gradient` and rules of one's own are not.

    Raises ArgumentFault for a size or an integer that is not given, TypeFault PB0330 for what no circuit over one finite
    semiring does."""
    sizes, given = dict(sizes or {}), given or {}
    if missing := [s for s in term.sizes if s not in sizes]:
        raise ArgumentFault("PB0601", f"the size `{missing[0]}` of `{term.name}` is not given: a circuit has so many wires")
    for wire in term.cod:
        if not _is_signal(element(wire)):
            raise TypeFault("PB0330", f"`{term.name}` gives {wire}, and the wires of a circuit are elements of one semiring")
    values, inputs = _inputs(term, sizes, given)
    machine = _Tracer(Signals(Builder(_ring(term), len(inputs))), sizes, values, list(term.dom))
    machine.steps(term.steps)
    results = [machine.values[r] for r in term.results]
    stems = labels or (["result"] if len(results) == 1 else [f"result[{k}]" for k in range(len(results))])
    names = [n for stem, value in zip(stems, results, strict=True) for n in _names(stem, np.shape(value))]
    outputs = [s for value in results for s in np.ravel(value).tolist()]
    return machine.signals.circuit(outputs, (), Names(tuple(inputs), (), tuple(_apart(names, inputs))), term.name)


def _inputs(term: t.Term, sizes: Mapping[str, int], given: Mapping[str, Any]) -> tuple[list[Value], list[str]]:
    """The values of the inputs, what is given or fresh wires, and the names of these wires."""
    values: list[Value] = []
    names: list[str] = []
    for name, wire in zip(term.names, term.dom, strict=True):
        dims, scalar = [max(s.evaluate(sizes), 0) for s in shape(wire)], element(wire)
        if name in given:
            value = np.asarray(given[name], dtype=scalar.dtype)
            if list(value.shape) != dims:
                raise ArgumentFault("PB0603", f"`{name}` is {wire}, here of shape {dims}, not of {list(value.shape)}")
            values.append(_encoded(value, scalar))
            continue
        if not _is_signal(scalar):
            raise ArgumentFault("PB0601", f"`{name}` is {wire}, no element of a finite semiring: its value must be given")
        first = len(names)
        names.extend(_names(name, dims))
        values.append(np.arange(first, len(names), dtype=np.int64).reshape(dims))
    return values, names


def _apart(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """The names, with a prime where another wire has it already."""
    seen, made = set(taken), []
    for name in names:
        while name in seen:
            name += "'"
        seen.add(name)
        made.append(name)
    return made


def _ring(term: t.Term) -> Scalar:
    """The semiring of the wires. Truth values alone are bits."""
    found = dict.fromkeys(element(w) for w in (*term.dom, *term.cod))
    rings = [s for s in found if s.kind in ("bit", "z", "sat")]
    if len(rings) > 1:
        raise TypeFault("PB0330", f"`{term.name}` is about {rings[0]} and {rings[1]}; a circuit is over one semiring")
    return rings[0] if rings else BIT


def _is_signal(scalar: Scalar) -> bool:
    return scalar.kind in ("bit", "bool", "z", "sat")


def _is_truth(source: Scalar, result: Scalar) -> bool:
    """Whether a cast changes nothing: from an object to itself, or between bits and truth values."""
    return source == result or {source, result} == {BIT, BOOL}


def _encoded(value: Value, scalar: Scalar) -> Value:
    """Known values as signals, where the object's are."""
    return -1 - value.astype(np.int64) if _is_signal(scalar) else value


def _names(name: str, dims: Sequence[int]) -> Iterable[str]:
    """`x`, or `x[0]`, `x[1]` … for the elements of an array."""
    return (name + "".join(f"[{k}]" for k in place) for place in product(*map(range, dims)))


def _rules(s: Signals) -> Mapping[str, Callable[..., int]]:
    """What operations on elements and truth values are on signals."""
    return {
        "add": s.add, "mul": s.mul, "neg": s.neg, "sub": s.sub, "compare": s.equal, "eq": s.equal, "ne": s.differ,
        "lt": s.less, "gt": lambda x, y: s.less(y, x), "le": lambda x, y: s.negation(s.less(y, x)),
        "ge": lambda x, y: s.negation(s.less(x, y)),
        "and": s.mul, "or": s.either, "xor": s.differ, "not": s.negation, "select": s.select, "cast": lambda x: x,
    }  # fmt: skip


class _Tracer(Machine):
    """Values are arrays of signals for elements and truth values, and plain arrays else."""

    def __init__(self, signals: Signals, sizes: dict[str, int], values: list[Value], wires: list[Wire]) -> None:
        super().__init__(sizes, values, wires, None)
        self.signals = signals
        self.objects = {BOOL, signals.builder.ring}
        self.rules = _rules(signals)

    # -- scalars ---------------------------------------------------------------------------------------------------------
    def dtype(self, scalar: Scalar) -> str:
        return "int64" if _is_signal(scalar) else scalar.dtype

    def full(self, shape: Sequence[int], value: Number, scalar: Scalar) -> Value:
        return _encoded(np.full(shape, value, dtype=scalar.dtype), scalar)

    def apply(
        self, operation: Operation, objects: Sequence[Scalar], result: Scalar, args: Sequence[Value], span: Span | None
    ) -> Value:
        signals = [np.ravel(a).tolist() for a, o in zip(args, objects, strict=True) if _is_signal(o)]
        if all(v < 0 for column in signals for v in column):
            plain = [(-1 - a).astype(o.dtype) if _is_signal(o) else a for a, o in zip(args, objects, strict=True)]
            return _encoded(super().apply(operation, objects, result, plain, span), result)
        rule = self.rules.get(operation.name)
        changes = operation.name == "cast" and not _is_truth(objects[0], result)
        if rule is None or changes or not {*objects, result} <= self.objects:
            raise _fault(f"`{operation.name}` of {', '.join(map(str, objects))} as {result}", span)
        try:
            made = [rule(*row) for row in zip(*signals, strict=True)]
        except ValueError as problem:
            raise _fault(str(problem), span) from None
        return np.array(made, dtype=np.int64).reshape(np.shape(args[0]))

    def branch(self, step: t.Branch) -> Sequence[Value]:
        condition = int(self.values[step.cond])
        if condition < 0:
            return self.block(step.then if condition == TRUE else step.orelse, ())
        sides = self.block(step.then, ()), self.block(step.orelse, ())
        return [self._choice(condition, w, x, y, step.span) for w, x, y in zip(step.then.cod, *sides, strict=True)]

    def _choice(self, condition: int, wire: Wire, yes: Value, no: Value, span: Span | None) -> Value:
        if not _is_signal(element(wire)):
            if np.array_equal(yes, no):
                return yes
            raise _fault(f"{wire} from a branch that depends on the inputs", span)
        pairs = zip(np.ravel(yes).tolist(), np.ravel(no).tolist(), strict=True)
        made = [self.signals.select(condition, x, y) for x, y in pairs]
        return np.array(made, dtype=np.int64).reshape(np.shape(yes))

    def holds(self, condition: Value, span: Span | None) -> bool:
        if condition >= 0:
            raise _fault("a `while` whose end depends on the inputs", span)
        return int(condition) == TRUE

    def fold(self, kind: str, values: Sequence[Value], wire: Wire, span: Span | None) -> Value:
        if not _is_signal(element(wire)):
            return super().fold(kind, values, wire, span)
        if not values:
            empty = super().fold(kind, values, wire, span)
            return empty if kind in ("sum", "prod") else _encoded(empty, element(wire))
        if kind == "any":
            return np.asarray(reduce(self.signals.either, (int(v) for v in values)))
        rule = {"sum": self.signals.sum, "prod": self.signals.prod, "all": self.signals.prod}.get(kind)
        if rule is None:
            raise _fault(f"`{kind}` of {wire}", span)
        columns = np.stack([np.ravel(v) for v in values], axis=1).tolist()
        return np.array([rule(column) for column in columns], dtype=np.int64).reshape(np.shape(values[0]))


def _fault(what: str, span: Span | None) -> TypeFault:
    return TypeFault("PB0330", f"no circuit over one finite semiring does this: {what}", span,
                     "what depends on the inputs stays in the semiring; sizes, indices and integers do not depend on them")
