"""Every way to run a program, held against what it means, and what of the compiler it went through.

    O0               the kernel's machine code as it is lowered, unoptimised; for programs that do not go all the way, only this
    reading back     unary form, graph and kernel print and parse back; the graph read back as unary form means the same
    schedule         after every pass, every second one optimised by LLVM as programs are by default; and in turn loops cut into
                     three parts, all vectors narrow, the lanes forced
    cache            the object that the cache gives back, and the call as Python makes it, with all its checks

Results that are not the same bit for bit must lie where evaluations of the program lie (`balls.py`).
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from fuzzing.balls import Undecided, bounds, holds
from fuzzing.programs import Program

from pullback.backends.cache import Cache
from pullback.backends.executable import Executable, Settings
from pullback.backends.llvm import emit_foreign, entry, jit, library
from pullback.backends.llvm.target import host
from pullback.core.errors import ArgumentFault, IndexFault
from pullback.core.objects import I64, element, shape
from pullback.core.operations import OPERATIONS
from pullback.frontends.testing.ways import Failed, Machine, abreast, every, interpreted
from pullback.ir.evaluate import evaluate
from pullback.ir.graph import text as graphs
from pullback.ir.graph import verify as graph_verify
from pullback.ir.graph.node import Graph
from pullback.ir.loops import nest
from pullback.ir.loops import text as kernels
from pullback.ir.loops import verify as kernel_verify
from pullback.ir.loops.sharing import Inseparable, sharing
from pullback.ir.lower import lower
from pullback.ir.passes import GRAPH_PASSES, schedule
from pullback.ir.readback import readback
from pullback.ir.rules import RULES
from pullback.ir.unary import text as terms
from pullback.ir.unary import typing as term_verify

OUTSIDE = "an index outside its array"


@dataclass
class Coverage:
    """How often each rule fired, each pass changed something, each decision was taken, each operation was met, and how
    results were compared."""

    rules: Counter[str] = field(default_factory=Counter)
    passes: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)

    def add(self, other: Coverage) -> None:
        for name, counts in vars(other).items():
            getattr(self, name).update(counts)

    def show(self) -> str:
        lines = []
        for what, seen, all_names in (
            ("rules", self.rules, [r.name for r in RULES]),
            ("passes", self.passes, [*GRAPH_PASSES, *(p.name for p in schedule(64, 2))]),
            ("decisions", self.decisions, DECISIONS),
            ("operations", self.operations, list(OPERATIONS)),
        ):
            missed = [n for n in all_names if not seen[n]]
            share = 100 * (1 - len(missed) / len(all_names))
            lines.append(f"{what}: {len(all_names) - len(missed)} of {len(all_names)} seen ({share:.0f} %)"
                         + (f"; not {', '.join(missed)}" if missed else ""))
            lines.append("   " + ", ".join(f"{n} {seen[n]}" for n in sorted(all_names, key=seen.__getitem__) if seen[n]))
        total = sum(self.compared.values())
        shares = [f"{n} {k} ({100 * k / max(total, 1):.1f} %)" for n, k in self.compared.most_common()]
        lines.append(f"compared: {', '.join(shares)}")
        return "\n".join(lines)


DECISIONS = ("tile", "lanes", "lanes 1", "kept", "a loop of its own", "threads", "copied first", "added at the end",
             "written", "gathered", "holds")
"""What the schedule can decide, in words (`Decision.choice`)."""


WAYS = ("parts", "narrow", "outer", "inner", "parts", "narrow", "outer", "inner", "cache")
"""What a kernel goes through besides its own schedule, in turn: the last takes as long as the others together."""


class Wrong(Exception):
    """A way gave something else than the program means."""


def check(program: Program, everything: bool, coverage: Coverage) -> None:
    """Hold the ways against one another, all of them or those without optimisation. Raises Wrong, or whatever broke."""
    term, args, sizes = program.term, program.args, program.sizes
    meaning = _Meaning(program, coverage)
    term_verify.verify(term)
    for op in _applied(term.steps):
        coverage.operations[op] += 1
    graph = evaluate(term)
    if everything:
        _read_back(program, graph, meaning, coverage)
    kernel = lower(graph)
    coverage.rules.update(graph.pool.fired)
    kernel_verify.verify(kernel)
    meaning.hold("O0", lambda: Machine(kernel, 0)(args, sizes, term.cod))
    if everything:
        _scheduled(program, kernel, meaning, coverage)


def _read_back(program: Program, graph: Graph, meaning: _Meaning, coverage: Coverage) -> None:
    """Unary form and graph as texts, the graph as a program again, and what each pass makes of it."""
    term, args, sizes = program.term, program.args, program.sizes
    _same(terms.parse(terms.show(term)), term, "unary form printed and parsed")
    graph_verify.verify(graph)
    shown = graphs.show(graph)
    _same(graphs.show(graphs.parse(shown)), shown, "graph printed and parsed")
    meaning.hold("graph", lambda: interpreted(readback(graph), args, sizes))
    for name, step in GRAPH_PASSES.items():
        before, graph = graph, step(graph)
        coverage.passes[name] += before.results != graph.results
        graph_verify.verify(graph)


def _scheduled(program: Program, kernel: nest.Kernel, meaning: _Meaning, coverage: Coverage) -> None:
    term, args, sizes = program.term, program.args, program.sizes
    _same(kernels.parse(kernels.show(kernel)), kernel, "kernel printed and parsed")
    wide = kernel
    for step in schedule(host().vector_bytes, 2):
        before, wide = wide, step.run(wide)
        coverage.passes[step.name] += before.body != wide.body
        kernel_verify.verify(wide)
    coverage.decisions.update(_choice(d) for d in wide.decisions)
    _same(kernels.parse(kernels.show(wide)), wide, "scheduled kernel printed and parsed")
    way, level = WAYS[meaning.turn % len(WAYS)], (0, 2)[meaning.turn % 2]
    meaning.hold("schedule", lambda: Machine(wide, level)(args, sizes, term.cod))
    match way:
        case "parts":
            cut = replace(wide, body=_in_parts(wide.body, 3))
            kernel_verify.verify(cut)
            meaning.hold("three parts", lambda: Machine(cut, 0)(args, sizes, term.cod))
        case "narrow":
            for step in schedule(16, 1, 2):
                kernel = step.run(kernel)
            meaning.hold("narrow", lambda: Machine(kernel, 0, "strict")(args, sizes, term.cod))
        case "outer" | "inner":
            beside = abreast(kernel, way)
            kernel_verify.verify(beside)
            meaning.hold(f"{way} lanes", lambda: Machine(beside, 0)(args, sizes, term.cod))
        case "cache":
            _from_cache(program, meaning)


def _from_cache(program: Program, meaning: _Meaning) -> None:
    """The function as Python calls it: made, from the object in the cache, and its image printed and read."""
    made = Executable(program.term, Settings(threads=2, level=0))
    try:
        signature = made.signature
    except ValueError:  # a size that no argument tells: only programs inside programs have those
        return
    text = entry.module(made.llvm, signature, made.wide.name, host())
    fresh = library.kept_objects(text, jit.Options(0), host(), _cache())
    keys, kept = library.kept_objects(text, jit.Options(0), host(), _cache())
    _same((keys, kept), fresh, "objects from the cache")
    if any(d.evaluate(program.sizes) < 0 for w in program.term.dom for d in shape(w)):  # n + k - 1 where both are 0
        _refused(made, program)
        return
    meaning.hold("called", lambda: _called(made, program))
    imports = dict(emit_foreign.imports(made.wide))
    if any(isinstance(s, nest.For) and s.split is not None for s in every(made.wide.body)):
        from pullback.backends.llvm import pool

        imports |= pool.pool().imports

    def again() -> Sequence[Any]:
        def fail(record: tuple[int, int, int, int]) -> Any:
            raise Failed(record[0])

        function = entry.link(kept, signature, made.wide.name, fail, imports)
        result = function(*_ordered(made, program))
        return _typed([result] if len(signature.outputs) == 1 else result, program)

    meaning.hold("from the cache", again)


def _ordered(made: Executable, program: Program) -> list[Any]:
    return [np.asarray(a) if np.ndim(a) else np.asarray(a).item() for a in program.args]


def _refused(made: Executable, program: Program) -> None:
    """A call whose arguments have sizes below 0 must say so: within the compiler such arrays are empty."""
    try:
        _called(made, program)
    except ArgumentFault:
        return
    raise Wrong("called: an array of a size below 0 was taken")


def _called(made: Executable, program: Program) -> Sequence[Any]:
    return _typed(made(*_ordered(made, program)), program)


def _typed(results: Sequence[Any], program: Program) -> list[Any]:
    """Results as arrays: numbers come as Python has them."""
    return [np.asarray(r, element(w).dtype) if not shape(w) else r for r, w in zip(results, program.term.cod, strict=True)]


@cache
def _cache() -> Cache:
    return Cache(Path(tempfile.mkdtemp(prefix="pullback-fuzz-")), limit=64 * 2**20)


# -- what it means -----------------------------------------------------------------------------------------------------
class _Meaning:
    """The interpreter's results, and how far from them others may be: found out when first needed."""

    def __init__(self, program: Program, coverage: Coverage) -> None:
        self.program, self.coverage = program, coverage
        self.want = self.outcome(lambda: interpreted(program.term, program.args, program.sizes))
        self.balls: Any = None

    @property
    def turn(self) -> int:
        """Which of several ways it is for a program, by its name: they take turns."""
        return sum(map(ord, self.program.name))

    @staticmethod
    def outcome(run: Callable[[], Sequence[Any]]) -> Sequence[Any] | str:
        try:
            return [np.asarray(r) for r in run()]
        except (IndexFault, Failed):
            return OUTSIDE

    def hold(self, way: str, run: Callable[[], Sequence[Any]]) -> None:
        have = self.outcome(run)
        if isinstance(self.want, str) or isinstance(have, str):
            if isinstance(self.want, str) and isinstance(have, str):
                self.coverage.compared["alike outside"] += 1
                return
        elif all(_is_equal(w, h) for w, h in zip(self.want, have, strict=True)):
            self.coverage.compared["bit for bit"] += 1
            return
        if self.balls is None:
            program = self.program
            try:
                self.balls = bounds(program.term, program.args, program.sizes)
            except (Undecided, IndexError):
                self.balls = "undecided"
        if isinstance(self.balls, str):
            self.coverage.compared["undecided"] += 1
            return
        if isinstance(self.want, str) or isinstance(have, str):
            raise Wrong(f"{way}: {have}\nmeant: {self.want}")
        for ball, w, h, wire in zip(self.balls, self.want, have, self.program.term.cod, strict=True):
            if w.shape != h.shape or w.dtype != h.dtype:
                raise Wrong(f"{way}: {h.dtype}{h.shape}, where {w.dtype}{w.shape} is meant, for {wire}")
            if not holds(ball, h):
                raise Wrong(f"{way}: {h}\nmeant: {w}\nwithin {ball.radius} of {ball.mid}")
            if not holds(ball, w):
                raise Wrong(f"the bound is wrong: {w} is not within {ball.radius} of {ball.mid}")
        self.coverage.compared["within bounds"] += 1


def _is_equal(a: Any, b: Any) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")


def _same(have: Any, want: Any, what: str) -> None:
    if have != want:
        raise Wrong(f"{what} is not the same")


# -- what it went through --------------------------------------------------------------------------------------------------
def _applied(steps: Sequence[Any]) -> Iterator[str]:
    for step in steps:
        if isinstance(getattr(step, "op", None), str):
            yield step.op
        for block in ("body", "cond", "then", "orelse", "primal", "inverse"):
            inner = getattr(step, block, None)
            if hasattr(inner, "steps"):
                yield from _applied(inner.steps)


def _choice(decision: nest.Decision) -> str:
    words = decision.choice
    if words == "lanes 1":
        return words
    return next((name for name in DECISIONS if name in words and name != "lanes 1"), words)


def _in_parts(statements: Sequence[nest.Statement], parts: int) -> tuple[nest.Statement, ...]:
    """Every outermost loop that can be cut in so many parts, however small it is; with 0 none."""
    made: list[nest.Statement] = []
    for s in statements:
        match s:
            case nest.For() if s.parallel and parts:
                try:
                    own = tuple(sharing(s).summed)
                    s = replace(s, split=nest.Split(nest.Literal(parts, I64), 2, own), body=_in_parts(s.body, 0))
                except Inseparable:
                    s = replace(s, split=None, body=_in_parts(s.body, parts))
            case nest.For():
                s = replace(s, split=None, body=_in_parts(s.body, parts))
            case nest.Loop():
                s = replace(s, head=_in_parts(s.head, parts), body=_in_parts(s.body, parts))
            case nest.If():
                s = replace(s, then=_in_parts(s.then, parts), orelse=_in_parts(s.orelse, parts))
        made.append(s)
    return tuple(made)


Sizes = Mapping[str, int]
__all__ = ["Coverage", "Wrong", "check"]
