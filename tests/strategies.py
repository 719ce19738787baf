"""Random well-typed unary terms and arguments for them, to hold every backend and every law against.

`terms` grows a term step by step with the compiler's own `Builder`. Grades, each with what it adds to the one before:

    smooth  what has derivatives of any order in the classical sense; conditions only on indices and boolean arguments
    formal  conditions on data, max and min, stop_gradient: all that has a formal derivative, and so obeys the laws
    any     discrete values too: comparisons, argmax, counts, rounding

On semirings all of this is polynomial but for the conditions. Floats stay moderate (what could exceed 4 goes through tanh),
so that results are finite and well conditioned. Indices are in range by construction. Every example is small.

    @given(st.data())
    def test(data):
        term = data.draw(terms(F64, "smooth"))
        sizes, args = data.draw(arguments(term))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from pullback.core.objects import BOOL, F64, I64, Array, Scalar, Wire, array, element, shape
from pullback.core.semiring import semiring
from pullback.core.sizes import Size, atom, size
from pullback.ir.derive import vjp
from pullback.ir.unary import term as t
from pullback.ir.unary.builder import Builder, embed

n, m = atom("n"), atom("m")
EXTENTS = (1, 2, 3, 0, 4)
"""What sizes are drawn from. Shrinking goes to the front, so that a small counterexample is seldom a trivial one."""

MODERATE = 4.0
"""What a float operand may be in absolute value."""

GRADES = ("smooth", "formal", "any")


OBJECTS = (F64, Scalar("bit"), Scalar("z", 2), Scalar("z", 7), Scalar("sat", 4))
"""The objects most tests run over."""


def examples(count: int) -> settings:
    """So many examples, or as many as a profile that searches (`--hypothesis-profile=search`) asks for."""
    return settings(max_examples=max(count, settings.default.max_examples if settings.default.max_examples > 100 else 0))


def contexts(scalar: Scalar) -> st.SearchStrategy[tuple[Wire, ...]]:
    """Domains; every size in one is some wire's bare dimension. Discrete wires may follow."""
    s, row, column, table = scalar, array(scalar, (n,)), array(scalar, (m,)), array(scalar, (n, m))
    shapes = [(s,), (s, s), (row,), (s, row), (row, row), (row, column), (table,), (row, table), (table, column, s),
              (row, array(s, (n + 1,))), (array(s, (size(2),)), s), (array(s, (n, n)), row)]
    return st.tuples(st.sampled_from(shapes), st.sampled_from([(), (), (BOOL,), (I64,)])).map(lambda p: (*p[0], *p[1]))


@st.composite
def terms(
    draw: Callable[[Any], Any],
    scalar: Scalar = F64,
    grade: str = "any",
    steps: int = 5,
    depth: int = 2,
    dom: Sequence[Wire] | None = None,
    cod: Sequence[Wire] | None = None,
) -> t.Term:
    """A term over ``scalar`` of about ``steps`` primitives a block and loops ``depth`` deep, from ``dom`` to ``cod`` if given.

    Its first result is differentiable where ``scalar`` is."""
    dom = draw(contexts(scalar)) if dom is None else dom
    sizes = sorted({a for w in (*dom, *(cod or ())) for d in shape(w) for a in d.atoms})
    builder = _Noting("f", sizes, [f"x{k}" for k in range(len(dom))], dom)
    grown = _Growth(draw, builder, scalar, grade)
    for position, wire in enumerate(dom):
        grown.note(position, 2.0)
        grown.known |= set(shape(wire))
    grown.grow(steps, depth)
    if cod is None:
        cod = [grown.kind(depth > 0) for _ in range(draw(st.integers(1, 2)))]
        results = [grown.value(w) for w in cod]
        if grade == "any" and draw(st.booleans()):
            results.append(draw(st.sampled_from(grown.closed(frozenset(sizes)))))
    else:
        results = [grown.value(w) for w in cod]
    return builder.finish(results)


def arguments(term: t.Term) -> st.SearchStrategy[tuple[dict[str, int], list[Any]]]:
    """Sizes and arguments of a term: everything from empty to a few elements."""
    sizes = st.fixed_dictionaries({name: st.sampled_from(EXTENTS) for name in term.sizes})
    return sizes.flatmap(lambda values: st.tuples(st.just(values), st.tuples(*(arrays(w, values) for w in term.dom)).map(list)))


def arrays(wire: Wire, sizes: Mapping[str, int]) -> st.SearchStrategy[Any]:
    """Values of a wire: an array of its dtype, of no dimension for a scalar."""
    extents = tuple(d.evaluate(sizes) for d in shape(wire))
    count = int(np.prod(extents, dtype=int))
    values = elements(element(wire))
    return st.lists(values, min_size=count, max_size=count).map(
        lambda v: np.array(v, dtype=element(wire).dtype).reshape(extents)
    )


def elements(scalar: Scalar) -> st.SearchStrategy[Any]:
    """Elements, 1 the simplest: all of a finite semiring, multiples of 1/8 within ±2 of the floats, small counts."""
    if scalar.is_float:
        return st.integers(-8, 24).map(lambda k: 1 - k / 8)
    if scalar.kind in ("bit", "bool"):
        return st.sampled_from([True, False])
    return st.sampled_from([1, *range(2, scalar.modulus or 5), 0])


def nearby(wires: Sequence[Wire], sizes: Mapping[str, int]) -> st.SearchStrategy[list[Any]]:
    """Values of several wires: tangents, cotangents."""
    return st.tuples(*(arrays(w, sizes) for w in wires)).map(list)


# -- growing a term --------------------------------------------------------------------------------------------------------
_SMOOTH: Mapping[str, Callable[[float], float]] = {
    "neg": lambda b: b, "sin": lambda b: 1.0, "cos": lambda b: 1.0, "tanh": lambda b: 1.0, "sigmoid": lambda b: 1.0,
    "atan": lambda b: 1.6, "erf": lambda b: 1.0, "softplus": lambda b: b + 0.7, "expm1": lambda b: float(np.exp(b)),
}
_POSITIVE = ("log", "sqrt", "rsqrt", "log2", "log1p")
_KINKED: Mapping[str, Callable[[float], float]] = {"abs": lambda b: b, "relu": lambda b: b}
_STEPPED = ("floor", "sign", "trunc")
"""Unary operations on floats by grade, with the bound of the result from that of the argument."""


class _Noting(Builder):
    """A builder that notes bounds on floats, the sizes an index is below, and what is inert: made of constants."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.bounds: dict[int, float] = {}
        self.below: dict[int, frozenset[Size]] = {}
        self.inert: dict[int, bool] = {}

    def emit(self, step: t.Step) -> tuple[int, ...]:
        made = super().emit(step)
        match step:
            case t.Apply() | t.Custom():
                inert = all(a in self.inert for a in step.args)
            case t.Index() | t.OneHot():
                inert = (step.array if isinstance(step, t.Index) else step.value) in self.inert
            case _:
                inert = isinstance(step, t.Constant | t.Zero)
        self.inert |= dict.fromkeys(made, True) if inert else {}
        return made

    def block(self, params: Iterable[Wire], body: Callable[[tuple[int, ...]], Sequence[int]]) -> t.Block:
        try:
            return super().block(params, body)
        finally:
            for notes in (self.bounds, self.below, self.inert):
                for p in [p for p in notes if p >= len(self.wires)]:
                    del notes[p]


class _Growth:
    """The productions. ``known`` are sizes to loop over, ``at_index`` the positions of the loop indices in scope."""

    def __init__(self, draw: Callable[[Any], Any], builder: _Noting, scalar: Scalar, grade: str) -> None:
        self.draw, self.b, self.scalar, self.grade = draw, builder, scalar, grade
        self.known: set[Size] = {size(2)}
        self.at_index: dict[str, int] = {}

    # -- what there is -----------------------------------------------------------------------------------------------------
    def note(self, position: int, bound: float = MODERATE, below: frozenset[Size] = frozenset()) -> int:
        self.b.bounds[position], self.b.below[position] = bound, below
        return position

    def bound(self, position: int) -> float:
        return self.b.bounds.get(position, MODERATE)

    def below(self, position: int) -> frozenset[Size]:
        return self.b.below.get(position, frozenset())

    def emit(self, step: t.Step, bound: float = MODERATE) -> int:
        return self.note(self.b.one(step), bound)

    def apply(self, name: str, *args: int, bound: float = MODERATE) -> int:
        return self.note(self.b.apply(name, *args), bound)

    def all(self, kind: Wire) -> list[int]:
        """The positions of that wire, the latest first: what shrinking prefers is what was just made."""
        return [p for p in reversed(range(len(self.b.wires))) if self.b.wires[p] == kind]

    def closed(self, atoms: frozenset[str]) -> list[int]:
        """The positions whose wires mention only these sizes."""
        return [p for p in reversed(range(len(self.b.wires))) if all(d.atoms <= atoms for d in shape(self.b.wires[p]))]

    def pick(self, options: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(options))

    # -- values of a wanted wire -------------------------------------------------------------------------------------------
    def operand(self, limit: float = MODERATE) -> int:
        """A scalar, moderate if it is a float: one of the latest, else an array's element or sum, else a constant."""
        if all(p in self.b.inert for p in self.all(self.scalar)):
            self.read()
        if all(p in self.b.inert for p in self.all(self.scalar)):
            self.summed()
        have = self.all(self.scalar)
        inert = [p for p in have if p in self.b.inert][:1]
        options = [*[p for p in have if p not in self.b.inert][:5], *inert]
        return self.tame(self.pick(options), limit) if options else self.constant()

    def tame(self, position: int, limit: float = MODERATE) -> int:
        if self.scalar.is_float and self.bound(position) > limit:
            return self.apply("tanh", position, bound=1.0)
        return position

    def constant(self) -> int:
        return self.note(self.b.constant(self.draw(elements(self.scalar)), self.scalar), 2.0)

    def condition(self) -> int:
        """A boolean: an argument, a comparison of indices, or (not in smooth terms) of data."""
        indices = [p for p in reversed(range(len(self.b.wires))) if self.below(p) and self.b.wires[p] == I64]
        ways = [lambda p=p: p for p in self.all(BOOL)[:2]] if self.grade != "smooth" else []
        ways += [lambda p=p: p for p in self.all(BOOL)[-1:] if p < len(self.b.dom)]
        if indices:
            ways.append(lambda: self.apply(self.pick(["lt", "eq"]), self.pick(indices), self.integer()))
        if self.grade != "smooth":
            order = ["lt", "ge"] if self.scalar.is_float or self.scalar.kind == "sat" else ["eq", "ne"]
            ways.append(lambda: self.apply(self.pick(order), self.operand(), self.operand()))
        if not ways:
            ways.append(lambda: self.apply("lt", self.integer(), self.b.one(t.Extent(self.range()))))
        return int(self.pick(ways)())

    def integer(self) -> int:
        have = self.all(I64)
        return self.pick(have) if have else self.note(self.b.constant(1, I64))

    def value(self, kind: Wire, limit: float = MODERATE) -> int:
        """Some value of that wire."""
        if kind == BOOL:
            return self.condition()
        if kind == I64:
            return self.integer()
        if isinstance(kind, Scalar):
            return self.operand(limit)
        have = [p for p in self.all(kind) if not self.scalar.is_float or self.bound(p) <= limit]
        if have and self.draw(st.booleans()):
            return int(self.pick(have))
        inner = array(kind.element, kind.shape[1:])

        def body(name: str, index: int, _: tuple[int, ...]) -> list[int]:
            self.enter(name, index, kind.shape[0])
            self.look()
            return [self.value(inner, limit)]

        (made,) = self.b.loop("i", kind.shape[0], [], ["build"], body)
        return self.note(made, limit)

    def kind(self, arrays: bool = True) -> Wire:
        """The wire of a result: a scalar, or an array over sizes of the term."""
        known = sorted(self.open_sizes(), key=lambda s: (s.constant is not None, str(s)))
        kinds: list[Wire] = [self.scalar, self.scalar]
        if arrays and known:
            kinds += [array(self.scalar, (d,)) for d in known] + [array(self.scalar, (d, e)) for d in known for e in known[:1]]
        return self.pick(kinds)

    def open_sizes(self) -> list[Size]:
        return [s for s in self.known if s.atoms <= set(self.b.sizes)]

    def range(self) -> Size:
        """A size to loop over: of some array, or an index in scope (then the loop is triangular)."""
        sizes = sorted((s for s in self.known if s.atoms <= self.b.atoms), key=lambda s: (s.constant is not None, str(s)))
        return self.pick([*sizes, *(atom(i) for i in self.at_index if i in self.b.atoms)])

    def enter(self, name: str, index: int, bound: Size) -> None:
        """The index of a loop: below its bound, and below whatever that is itself the index of."""
        outer = self.at_index.get(bound.name or "")
        more = self.below(outer) if outer is not None and bound.name in self.b.atoms else frozenset()
        self.note(index, MODERATE, frozenset({bound, bound + 1}) | more)
        self.at_index = {k: p for k, p in self.at_index.items() if p < index} | {name: index}

    # -- productions -------------------------------------------------------------------------------------------------------
    def grow(self, steps: int, depth: int) -> None:
        for _ in range(self.draw(st.integers(0, steps))):
            ways = [self.arithmetic] * 3
            if self.readable():
                ways += [self.read, self.read]
            ways += [self.choose] if self.grade != "smooth" else []
            ways += [self.stop] if self.grade != "smooth" else []
            ways += [self.count] if self.grade == "any" else []
            if any(self.below(p) for p in self.all(I64)):
                ways.append(self.one_hot)
            if depth > 0:
                inner = (max(steps - 2, 1), depth - 1)
                ways += [lambda i=inner: self.loop(*i)] * 3
                ways += [lambda i=inner: self.branch(*i), lambda i=inner: self.repeat(*i), self.custom, self.open]
                ways += [self.reversible]
            self.pick(ways)()

    def arithmetic(self) -> int:
        x = self.operand()
        if self.pick([False, False, False, False, True]):
            self.constant()
        if not self.scalar.is_float:
            ring = [] if not semiring(self.scalar).has_negation else ["sub", "neg"]
            name = self.pick(["mul", "add", *ring])
            return self.apply(name, x) if name == "neg" else self.apply(name, x, self.operand())
        unary = dict(_SMOOTH) | (dict(_KINKED) if self.grade != "smooth" else {})
        binary = ["mul", "add", "sub", "div", *(["max", "min"] if self.grade != "smooth" else [])]
        name = self.pick([*binary, *unary, *_POSITIVE, *(_STEPPED if self.grade == "any" else [])])
        bx = self.bound(x)
        if name in unary:
            return self.apply(name, x, bound=unary[name](bx))
        if name in _STEPPED:
            return self.apply(name, x, bound=bx + 1)
        if name in _POSITIVE:
            return self.apply(name, self.positive(x), bound=3.5)
        y = self.operand()
        by = self.bound(y)
        if name == "div":
            return self.apply("div", x, self.positive(y), bound=bx)
        return self.apply(name, x, y, bound=bx * by if name == "mul" else bx + by)

    def positive(self, x: int) -> int:
        """x + 5, at least 1."""
        return self.apply("add", x, self.b.constant(5.0, self.scalar), bound=9.0)

    def readable(self) -> list[tuple[int, Size]]:
        """The arrays that some index is inside of, and those that cannot be empty."""
        inside = {s for p in self.all(I64) for s in self.below(p)}
        arrays = [(p, shape(w)[0]) for p, w in enumerate(self.b.wires) if isinstance(w, Array) and w.element == self.scalar]
        return [(p, s) for p, s in reversed(arrays) if s in inside or _inhabited(s)]

    def read(self) -> None:
        arrays = self.readable()
        if not arrays:
            return
        a, s = self.pick(arrays)
        got = self.emit(t.Index(a, self.index(s)), self.bound(a))
        if isinstance(self.b.wires[got], Array) and (got, shape(self.b.wires[got])[0]) in self.readable():
            self.emit(t.Index(got, self.index(shape(self.b.wires[got])[0])), self.bound(a))

    def look(self) -> None:
        """Read an array, as the body of a loop does as a rule."""
        if self.pick([True, True, False]):
            self.read()

    def index(self, s: Size) -> int:
        """An index below ``s``: a loop's, or reckoned from one."""
        have = [p for p in self.all(I64) if s in self.below(p)]
        if not have:
            return self.note(self.b.constant(0, I64), below=frozenset({s}))
        i, way = self.pick(have), self.pick(["itself", "itself", "itself", "reversed", "next", "clamped"])
        if way == "itself":
            return i
        last = self.b.one(t.Extent(s - 1))
        self.note(last)
        if way == "reversed":
            j = self.apply("sub", last, i)
        elif way == "next":
            j = self.apply("mod", self.apply("add", i, self.note(self.b.constant(1, I64))), self.note(self.b.one(t.Extent(s))))
        else:
            j = self.apply("min", self.apply("add", i, self.note(self.b.constant(1, I64))), last)
        return self.note(j, below=frozenset({s}))

    def summed(self) -> None:
        """The sum of an array that depends on the arguments, if there is one."""
        arrays = [p for p, w in enumerate(self.b.wires) if isinstance(w, Array) and w.element == self.scalar]
        live = [p for p in reversed(arrays) if p not in self.b.inert]

        def total(a: int) -> int:
            wire = self.b.wires[a]
            if isinstance(wire, Scalar):
                return a
            return self.b.loop("i", wire.shape[0], [], ["sum"], lambda _, i, c: [total(self.b.index(a, i))])[0]

        if live:
            self.note(total(chosen := self.pick(live[:3])), 25 * self.bound(chosen))

    def choose(self) -> int:
        x, y = self.operand(), self.operand()
        return self.apply("select", self.condition(), x, y, bound=max(self.bound(x), self.bound(y)))

    def stop(self) -> int:
        x = self.operand()
        return self.emit(t.Stop(x), self.bound(x))

    def count(self) -> int:
        """An integer, or a number of the scalar object made from one."""
        way = self.pick(["extent", "add", "mod", "cast"])
        if way == "extent":
            return self.emit(t.Extent(self.range()))
        if way == "cast" and self.scalar.is_float:
            return self.note(self.b.apply("cast", self.integer(), to=self.scalar), np.inf)
        if way == "mod":
            return self.apply("mod", self.integer(), self.note(self.b.constant(3, I64)))
        return self.apply("add", self.integer(), self.integer())

    def open(self) -> int:
        """A size that is a value: min(an integer, 3)."""
        value = self.apply("min", self.integer(), self.note(self.b.constant(3, I64)))
        name = self.b.fresh("k")
        self.known.add(atom(name))
        return self.emit(t.Open(name, value))

    def one_hot(self) -> int:
        i = self.pick([p for p in self.all(I64) if self.below(p)])
        s = self.pick(sorted(self.below(i), key=lambda s: (len(s.terms), str(s))))
        rows = [p for p, w in enumerate(self.b.wires) if len(shape(w)) == 1 and element(w) == self.scalar]
        v = self.pick(rows) if rows and self.draw(st.booleans()) else self.operand()
        return self.emit(t.OneHot(s, i, v), self.bound(v))

    def custom(self) -> int:
        """A scalar function with its own derivative written out as its own reverse rule."""
        x = self.operand()
        term = self.function()
        primal = self.b.block(term.dom, lambda p: embed(self.b, term, p, {}))
        rule = vjp(term, [0], value=False)
        reverse = self.b.block(rule.dom, lambda p: embed(self.b, rule, p, {}))
        return self.emit(t.Custom((x,), primal, reverse), np.inf)

    def function(self) -> t.Term:
        """A smooth function of one number, closed."""
        inside = _Growth(self.draw, _Noting("c", (), ("x",), (self.scalar,)), self.scalar, "smooth")
        inside.note(0, MODERATE)
        inside.grow(2, 0)
        return inside.b.finish([inside.operand()])

    # -- constructs with blocks --------------------------------------------------------------------------------------------
    def loop(self, steps: int, depth: int) -> None:
        outside, bound = frozenset(self.b.atoms), self.range()
        inits = [self.value(self.kind(), 2.0) for _ in range(self.pick([0, 0, 0, 1, 1, 2]))]
        kinds = [self.pick(self.folds()) for _ in range(self.draw(st.integers(0 if inits else 1, 2)))]
        backward = self.draw(st.booleans()) if inits else False
        wires = [self.b.wires[p] for p in inits]
        limits: list[float] = []

        def body(name: str, index: int, carries: tuple[int, ...]) -> list[int]:
            self.enter(name, index, bound)
            for c in carries:
                self.note(c, 2.0)
            self.look()
            self.grow(steps, depth)
            after = [self.value(w, 2.0) for w in wires]
            outputs = [self.output(k, outside) for k in kinds]
            limits.extend(self.bound(p) for p in outputs)
            return [*after, *outputs]

        checkpoint = self.checkpoint() if inits else None
        made = self.b.loop("i", bound, inits, kinds, body, backward, checkpoint)
        for p in made[: len(inits)]:
            self.note(p, 2.0)
        for p, k, limit in zip(made[len(inits) :], kinds, limits, strict=True):
            self.note(p, {"build": limit, "sum": 5 * limit, "prod": max(limit, 1.0) ** 5}.get(k, np.inf))
        for w in (self.b.wires[p] for p in made):
            self.known |= {d for d in shape(w) if d.atoms <= self.b.atoms}

    def folds(self) -> list[str]:
        kinds = ["sum", "sum", "build", "prod"]
        if self.scalar.is_float and self.grade != "smooth":
            kinds += ["max", "min"]
        if self.grade == "any":
            kinds += ["all", "any"] + (["argmax", "argmin"] if self.scalar.is_float else [])
        return kinds

    def output(self, kind: str, outside: frozenset[str]) -> int:
        """A value that may leave the loop."""
        if kind in ("all", "any"):
            return self.condition()
        if kind not in ("build", "sum"):
            return self.operand(2.0)
        rank = 1 if kind == "build" else 2
        arrays = [
            p for p in self.closed(outside)
            if isinstance(w := self.b.wires[p], Array) and w.element == self.scalar and len(w.shape) <= rank
        ]
        return int(self.pick(arrays)) if arrays and self.draw(st.booleans()) else self.operand()

    def branch(self, steps: int, depth: int) -> None:
        condition = self.condition()
        kinds = [self.kind() for _ in range(self.draw(st.integers(1, 2)))]

        def side(_: tuple[int, ...]) -> list[int]:
            self.grow(steps, depth)
            return [self.value(w) for w in kinds]

        for p in self.b.emit(t.Branch(condition, self.b.block((), side), self.b.block((), side))):
            self.note(p)

    def repeat(self, steps: int, depth: int) -> None:
        """A while of at most three trips."""
        inits = [self.value(self.kind(), 2.0) for _ in range(self.draw(st.integers(1, 2)))]
        wires = [self.b.wires[p] for p in inits]

        def enter(params: tuple[int, ...]) -> None:
            self.note(params[0])
            for p in params[1:]:
                self.note(p, 2.0)

        def cond(params: tuple[int, ...]) -> list[int]:
            enter(params)
            go = self.apply("lt", params[0], self.note(self.b.constant(self.draw(st.integers(0, 3)), I64)))
            if self.grade != "smooth" and self.draw(st.booleans()):
                go = self.apply("and", go, self.condition())
            return [go]

        def body(params: tuple[int, ...]) -> list[int]:
            enter(params)
            self.grow(steps, depth)
            return [self.value(w, 2.0) for w in wires]

        kinds = (I64, *wires)
        blocks = self.b.block(kinds, cond), self.b.block(kinds, body)
        made = self.b.emit(t.While(tuple(inits), *blocks, checkpoint=self.checkpoint()))
        for p in made:
            self.note(p, 2.0)

    def checkpoint(self) -> t.Checkpoint | None:
        """How the reverse derivative is to come by the carries of a loop: seldom but as a rule."""
        return self.pick([None, None, None, t.Checkpoint(), t.Checkpoint(size(2)), t.Checkpoint(self.range())])

    def reversible(self) -> None:
        """A loop whose steps can be undone: x, y ↦ x', y + f(x') with x' = x + f(y); without negation, y, x."""
        f = self.function()
        x, y = self.tame(self.operand(), 1.0), self.tame(self.operand(), 1.0)

        def moved(sign: str, x: int, y: int) -> int:
            (change,) = embed(self.b, f, [y], {})
            if self.scalar.is_float:  # small, so that what is carried stays moderate
                change = self.apply("mul", self.tame(change, 1.0), self.b.constant(0.125, self.scalar), bound=0.125)
            return self.apply(sign, x, change, bound=2.0)

        def step(p: tuple[int, ...]) -> list[int]:
            _, x, y = (self.note(q, 2.0) for q in p)
            if not semiring(self.scalar).has_negation:
                return [y, x]
            after = moved("add", x, y)
            return [after, moved("add", y, after)]

        def undo(p: tuple[int, ...]) -> list[int]:
            _, x, y = (self.note(q, 2.0) for q in p)
            if not semiring(self.scalar).has_negation:
                return [y, x]
            before = moved("sub", y, x)
            return [moved("sub", x, before), before]

        def cond(p: tuple[int, ...]) -> list[int]:
            return [self.apply("lt", p[0], self.note(self.b.constant(trips, I64)))]

        kinds, trips = (I64, self.scalar, self.scalar), self.draw(st.integers(0, 3))
        if self.draw(st.booleans()):
            bound, backward = self.range(), self.draw(st.booleans())
            body, inverse = self.b.block(kinds, step), self.b.block(kinds, undo)
            name = self.b.fresh("i")
            made = self.b.emit(t.Loop(name, bound, (x, y), body, (), backward, inverse=inverse))
        else:
            blocks = self.b.block(kinds, cond), self.b.block(kinds, step)
            made = self.b.emit(t.While((x, y), *blocks, inverse=self.b.block(kinds, undo)))
        for p in made:
            self.note(p, 2.0)


def _inhabited(s: Size) -> bool:
    """Whether the size is at least 1, plainly."""
    return bool(s.constant) or s - 1 in (n, m)


__all__ = ["GRADES", "OBJECTS", "arguments", "arrays", "contexts", "elements", "examples", "nearby", "terms"]
