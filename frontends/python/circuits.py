"""Functions as circuits, and circuits as functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from ...backends.boundary import check_modulus
from ...backends.executable import Settings
from ...backends.interpreter.circuit import trace
from ...backends.llvm.arguments import Input, convert_one
from ...core.errors import ArgumentFault, suggestion
from ...core.objects import Tuple, Type, element, shape
from ...core.semiring import semiring
from ...core.sizes import atom
from ...ir.circuit.circuit import Circuit
from ...ir.circuit.state import latched
from ...ir.circuit.unary import term
from ...ir.unary.builder import Builder, embed
from ...ir.unary.term import Term
from ..language.derivatives import labelled
from ..language.scope import listed
from .face import Parameter
from .function import Function
from .morphism import Morphism
from .trees import flatten

__all__ = ["circuit", "from_circuit", "of_morphism"]

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def circuit(
    function: Function, *, sizes: Mapping[str, int] = _NOTHING, given: Mapping[str, Any] = _NOTHING, state: Sequence[str] = ()
) -> Circuit:
    """A function over `bit`, `z<n>` or `sat<n>` as a circuit: one input for each number of its parameters.

    ``sizes`` are those of the parameters' types. Parameters in ``given`` are fixed, and no inputs (and tell sizes); integers
    must be. With
    ``state`` the function is a step, (state, inputs) → (next state, outputs): these parameters become latches, and the first
    results, of the same types, what they are next. A latch starts at 0, or at what ``given`` says of its parameter.

    Raises ArgumentFault for names and sizes that do not fit, TypeFault PB0330 for what no circuit over one semiring does."""
    return of_morphism(function.morphism, sizes, given, state)


def of_morphism(f: Morphism, sizes: Mapping[str, int], given: Mapping[str, Any], state: Sequence[str]) -> Circuit:
    """See `circuit`."""
    for name in (*given, *state):
        if name not in f.names:
            hint = suggestion(name, f.names) or f"it is {f}"
            raise ArgumentFault("PB0607", f"`{f.name}` has no parameter `{name}`", hint=hint)
    for name in sizes:
        if name not in f.term.sizes:
            known = listed(f.term.sizes) or "none"
            raise ArgumentFault("PB0607", f"`{f.name}` has no size `{name}`", hint=f"its sizes are: {known}")
    places = {p.name: (k, p.type) for k, p in enumerate(f.parameters)}
    values = {places[name][0]: flatten(name, places[name][1], value) for name, value in given.items()}
    kept = [k for name in state for k in f.wires(f.names.index(name))]
    leaves = [(w, v) for p, parts in values.items() for w, v in zip(f.wires(p), parts, strict=True)]
    fixed = {f.term.names[w]: _converted(f, w, v) for w, v in leaves}
    start = {n: fixed.pop(n) for n in (f.term.names[k] for k in kept) if n in fixed}
    counts = {size: int(fixed[f.term.names[at]]) for size, at in f.counts.items() if f.term.names[at] in fixed}
    sizes = {**_told(f, {**fixed, **start}), **counts, **sizes}
    results = list(_result_names(f.result_type))
    made = trace(_step(f, kept), sizes, fixed, [*results[len(kept):], *results[: len(kept)]])
    return _with_latches(f, made, kept, sizes, start) if kept else made


def _converted(f: Morphism, wire: int, value: Any) -> np.ndarray:
    """What is given for a wire, as a call of the function takes it."""
    kind = f.term.dom[wire]
    scalar = element(kind)
    dtype = np.dtype(scalar.dtype).str[1:].replace("b1", "?")
    item = Input(f.labels[wire], dtype, shape(kind), None, scalar if scalar.modulus is not None else None)
    found = convert_one(item, value, f.name)
    if item.modular is not None:
        check_modulus(item, found, f.name)
    return np.asarray(found)


def _told(f: Morphism, values: Mapping[str, np.ndarray]) -> dict[str, int]:
    """The sizes that are bare dimensions of values."""
    kinds = dict(zip(f.term.names, f.term.dom, strict=True))
    pairs = [pair for name, value in values.items() for pair in zip(shape(kinds[name]), value.shape, strict=True)]
    return {dim.name: length for dim, length in pairs if dim.name in f.term.sizes}


def _result_names(kind: Type) -> Iterator[str]:
    """`result`, the fields' names, or `result.0`, `result.1` …"""
    for label in labelled("", kind):
        yield label[1:] if label[1:2].isalpha() else f"result{label}"


def _step(f: Morphism, state: Sequence[int]) -> Term:
    """The term with the wires of the state behind the others, among its inputs and among its results."""
    if not state:
        return f.term
    t, count = f.term, len(state)
    if [t.dom[k] for k in state] != list(t.cod[:count]):
        kinds = [str(t.dom[k]) for k in state]
        raise ArgumentFault(
            "PB0608", f"`{f.name}` is no step: its first results should be the next state, {listed(kinds)}", hint=f"it is {f}"
        )
    order = [k for k in range(len(t.dom)) if k not in set(state)] + list(state)
    builder = Builder(t.name, t.sizes, [t.names[k] for k in order], [t.dom[k] for k in order])
    results = embed(builder, t, [order.index(k) for k in range(len(t.dom))], {s: atom(s) for s in t.sizes})
    return builder.finish([*results[count:], *results[:count]])


def _with_latches(
    f: Morphism, made: Circuit, state: Sequence[int], sizes: Mapping[str, int], start: Mapping[str, Any]
) -> Circuit:
    first: list[int] = []
    for k in state:
        wire = f.term.dom[k]
        dims = [max(s.evaluate(sizes), 0) for s in shape(wire)]
        value = np.asarray(start.get(f.term.names[k], np.full(dims, semiring(element(wire)).zero)))
        if list(value.shape) != dims:
            raise ArgumentFault("PB0603", f"the first state `{f.term.names[k]}` is {wire}, not of shape {list(value.shape)}")
        first += value.astype(np.int64).ravel().tolist()
    return latched(made, first)


def from_circuit(c: Circuit, settings: Settings | None = None) -> Function:
    """A circuit as a function of its inputs and then its state, to its outputs and then the next state; each a scalar.

    Derivatives, `as_text`, every backend: what holds of functions holds of it. For many samples of a large circuit,
    simulation is faster."""
    made = term(c)
    kind = made.cod[0] if len(made.cod) == 1 else Tuple(made.cod)
    parameters = tuple(Parameter(n, w) for n, w in zip(made.names, made.dom, strict=True))
    return Function(Morphism(c.name, parameters, kind, term=made), settings or Settings())
