"""`pullback.explain_difference`: where two ways to run a function part.

    print(pb.explain_difference(m.loss, (w, x)))                              # the meaning, and as m.loss is compiled
    print(pb.explain_difference(m.loss, (w, x), ("llvm", "numba")))

The intermediate values of a term are made its results, and compared one after the other; inside a loop, those of all its steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...backends.executable import Executable, Settings
from ...core.errors import ArgumentFault, Span, VerifyFault
from ...core.objects import Wire, shape
from ...core.operations import operation_of
from ...ir.unary import term as t
from ...ir.unary.typing import infer
from .function import Function
from .morphism import Morphism
from .trees import flatten

__all__ = ["Parting", "explain_difference"]

RTOL = {"float64": 1e-9, "float32": 1e-4}
"""Of the largest number of a value, where none is given: more than rounding, less than a mistake."""

Way = str | Settings


@dataclass(frozen=True)
class Parting:
    """The first value in which two ways differ: what computes it, where it stands, and what it is in each."""

    function: str
    what: str
    span: Span | None
    ways: tuple[str, str]
    values: tuple[Any, Any]
    at: tuple[tuple[str, int], ...]
    """The indices of the loops around."""

    def __str__(self) -> str:
        indices = f", at {', '.join(f'{name} = {k}' for name, k in self.at)}" if self.at else ""
        values = " and ".join(f"{_shown(v)} by {way}" for way, v in zip(self.ways, self.values, strict=True))
        text = f"the first value of `{self.function}` that differs is that of {self.what}{indices}: {values}"
        return str(VerifyFault("PB0952", text, self.span))


def explain_difference(f: Function, args: Sequence[Any], ways: tuple[Way, Way] | None = None,
                       rtol: float | None = None) -> Parting | None:  # fmt: skip
    """The first intermediate value of ``f`` at ``args`` in which two ways to run it differ; None where they do not.

    ``ways`` are backends or `Settings`, by default the interpreter and what f is compiled with. ``rtol`` is relative to the
    largest number of a value, by default 1e-9 in f64 and 1e-4 in f32; 0 asks for the same bits. What is no float must be equal.
    A value that is looked at is computed otherwise than one that is not: a difference that comes of how steps are fused may go
    away, and then the result itself is named. Raises ArgumentFault."""
    if not isinstance(f, Function):
        raise ArgumentFault("PB0602", f"`explain_difference` takes a function of a compiled module, not {f!r}")
    m = f.morphism
    first, second = ways or ("interpreter", f.settings)
    values = f.arranged(tuple(args), {})
    leaves = [leaf for p, v in zip(m.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
    search = _Search(m, leaves, (_settings(first), _settings(second)), rtol)
    whole = search.compared(m.term)
    if all(search.places(a, b) is None for a, b in whole):
        return None
    names = (_name(first), _name(second))
    if names[0] == names[1]:
        names = (f"{names[0]} (1)", f"{names[1]} (2)")
    found = search.first()
    if found is None:
        a, b = next(pair for pair in whole if search.places(*pair) is not None)
        return Parting(m.name, "the result, and none before it by itself", None, names, (a, b), ())
    what, span, pair, at = found
    return Parting(m.name, what, span, names, pair, at)


Found = tuple[str, "Span | None", tuple[Any, Any], tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class _Search:
    of: Morphism
    leaves: Sequence[Any]
    ways: tuple[Settings, Settings]
    rtol: float | None

    def compared(self, term: t.Term) -> list[tuple[Any, Any]]:
        """The results of a term with the parameters of ours, both ways."""
        both = [Executable(term, way, self.of.counts, self.of.labels)(*self.leaves) for way in self.ways]
        return list(zip(*both, strict=True))

    def places(self, a: Any, b: Any) -> Any:
        """Where two values differ; None where they are the same."""
        x, y = np.asarray(a), np.asarray(b)
        if x.dtype.kind != "f":
            off = x != y
        else:
            rtol = RTOL.get(str(x.dtype), 1e-9) if self.rtol is None else self.rtol
            with np.errstate(all="ignore"):
                limit = rtol * max(float(np.max(np.abs(x[np.isfinite(x)]), initial=0.0)), np.finfo(x.dtype).tiny)
                off = ~((x == y) | (np.isnan(x) & np.isnan(y)) | (abs(x - y) <= limit))
        return off if off.any() else None

    def first(self) -> Found | None:
        """The first step that differs, inside loops as far down as their values can be seen from outside."""
        path: tuple[int, ...] = ()
        found: Found | None = None
        while True:
            inner = self._at(path)
            if inner is None:
                return found
            step, found = inner
            if not isinstance(step[1], t.Loop):
                return found
            path = (*path, step[0])

    def _at(self, path: tuple[int, ...]) -> tuple[tuple[int, t.Step], Found] | None:
        probe = _probe(self.of.term, path)
        if probe is None:
            return None
        term, seen, loops = probe
        best: tuple[tuple[int, ...], int] | None = None
        pairs = self.compared(term)
        for k, (a, b) in enumerate(pairs):
            off = self.places(a, b)
            if off is None:
                continue
            axes = off.reshape(*off.shape[: len(loops)], -1).any(axis=-1) if loops else off.any()
            rounds = [tuple(int(i) for i in place) for place in np.argwhere(axes)] if loops else [()]
            earliest = min(rounds, key=lambda place: _order(place, loops))
            if best is None or (_order(earliest, loops), k) < (_order(best[0], loops), best[1]):
                best = earliest, k
        if best is None:
            return None
        place, k = best
        number, step = seen[k]
        a, b = (np.asarray(v)[place] for v in pairs[k])
        entry = tuple(int(i) for i in np.argwhere(self.places(a, b))[0]) if a.ndim else ()
        what = _what(step) + (f" at [{', '.join(map(str, entry))}]" if entry else "")
        at = tuple((loop.index.split(".")[0], i) for loop, i in zip(loops, place, strict=True))
        return (number, step), (what, step.span, (a[entry], b[entry]), at)


def _order(place: Sequence[int], loops: Sequence[t.Loop]) -> tuple[int, ...]:
    """When an iteration is run."""
    return tuple(-i if loop.backward else i for i, loop in zip(place, loops, strict=True))


# -- looking into a term ---------------------------------------------------------------------------------------------------
Seen = list[tuple[int, t.Step]]
"""The step that each result of a probe is of, with its number in its block."""


def _probe(term: t.Term, path: Sequence[int]) -> tuple[t.Term, Seen, list[t.Loop]] | None:
    """The term that gives the values of all steps of a block: its own, or of the loops that a path of step numbers leads to."""
    wires = list(term.dom)
    if not path:
        places, seen = _values(term.steps, wires, frozenset(term.sizes))
        return replace(term, results=tuple(places), cod=tuple(wires[p] for p in places)), seen, []
    steps = list(term.steps[: path[0] + 1])
    for step in steps[:-1]:
        wires.extend(infer(step, wires))
    loop = steps[-1]
    if not isinstance(loop, t.Loop):
        return None
    opened = _opened(loop, wires, path[1:], frozenset(term.sizes))
    if opened is None:
        return None
    steps[-1], seen, loops = opened
    base = len(wires) + len(loop.inits) + len(loop.kinds)
    wires.extend(infer(steps[-1], wires))
    places = list(range(base, len(wires)))
    return replace(term, steps=tuple(steps), results=tuple(places), cod=tuple(wires[p] for p in places)), seen, loops


def _opened(loop: t.Loop, around: Sequence[Wire], path: Sequence[int],
            known: frozenset[str]) -> tuple[t.Loop, Seen, list[t.Loop]] | None:  # fmt: skip
    """A loop with more outputs: the values of its steps, or of the steps of a loop inside."""
    if not loop.bound.atoms <= known:
        return None
    body, wires, loops = loop.body, [*around, *loop.body.params], [loop]
    steps = list(body.steps)
    if path:
        steps = steps[: path[0] + 1]
        for step in steps[:-1]:
            wires.extend(infer(step, wires))
        inner = steps[-1]
        opened = _opened(inner, wires, path[1:], known) if isinstance(inner, t.Loop) else None
        if opened is None or not isinstance(inner, t.Loop):
            return None
        changed, seen, more = opened
        first = len(wires) + len(inner.inits) + len(inner.kinds)
        wires.extend(infer(changed, wires))
        places = list(range(first, len(wires)))
        extra = len(places)
        rest = [_shifted(step, first, extra) for step in body.steps[path[0] + 1 :]]
        steps = [*steps[:-1], changed, *rest]
        results = tuple(r if r < first else r + extra for r in body.results)
        loops += more
    else:
        places, seen = _values(steps, wires, known)
        results = body.results
    cod = tuple(wires[p] for p in places)
    block = t.Block(body.params, tuple(steps), (*results, *places), (*body.cod, *cod))
    return replace(loop, body=block, kinds=(*loop.kinds, *("build",) * len(places))), seen, loops


def _shifted(step: t.Step, first: int, by: int) -> t.Step:
    """A step whose positions from ``first`` on have moved."""

    def at(position: int) -> int:
        return position + by if position >= first else position

    changes: dict[str, Any] = {}
    for name, value in vars(step).items():
        if isinstance(value, t.Block):
            inner = tuple(_shifted(s, first, by) for s in value.steps)
            changes[name] = replace(value, steps=inner, results=tuple(map(at, value.results)))
        elif name in ("args", "inits"):
            changes[name] = tuple(map(at, value))
        elif isinstance(value, int) and name in _POSITIONS and not isinstance(step, t.Constant):
            changes[name] = at(value)
    return replace(step, **changes)


_POSITIONS = ("array", "index", "value", "arg", "cond")


def _values(steps: Sequence[t.Step], wires: list[Wire], known: frozenset[str]) -> tuple[list[int], Seen]:
    """The places of what steps compute and can be seen from outside; ``wires`` are extended."""
    places: list[int] = []
    seen: Seen = []
    for number, step in enumerate(steps):
        start = len(wires)
        wires.extend(infer(step, wires))
        if isinstance(step, t.Constant | t.Zero | t.Extent | t.Open):
            continue
        for place in range(start, len(wires)):
            if all(z.atoms <= known for z in shape(wires[place])):
                places.append(place)
                seen.append((number, step))
    return places, seen


def _what(step: t.Step) -> str:
    match step:
        case t.Apply():
            return f"`{operation_of(step.op).name}`"
        case t.Index():
            return "an element"
        case t.Loop() if step.kinds:
            return f"`{', '.join(dict.fromkeys('for' if k == 'build' else k for k in step.kinds))}`"
        case t.Branch():
            return "`if`"
    return {"Loop": "`fold`", "While": "`while`", "Custom": "a function with a rule"}.get(type(step).__name__, "a value")


def _settings(way: Way) -> Settings:
    return way if isinstance(way, Settings) else Settings(backend=way)


def _name(way: Way) -> str:
    return way if isinstance(way, str) else way.backend if way == Settings(backend=way.backend) else str(way)


def _shown(value: Any) -> str:
    return np.array2string(np.asarray(value), threshold=8, precision=17, floatmode="unique").replace("\n", "")
