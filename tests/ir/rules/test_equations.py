"""Every rewrite rule as an equation: what it makes of a left side equals it, exactly, whatever the values.

Values are rational numbers and the elements of finite semirings, so nothing is rounded; finite ones are gone through, of
rationals some are drawn. A rule is in the table here, or the tests fail: one whose statement cannot be checked has no place.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

import pytest

from pullback.core.objects import BOOL, F64, I64, Scalar
from pullback.ir.graph.construct import Construct
from pullback.ir.graph.node import LoopData, Node, Pool
from pullback.ir.rules import BY_OP, RULES

BIT, Z4, Z7, SAT = Scalar("bit"), Scalar("z", 4), Scalar("z", 7), Scalar("sat", 4)
RINGS = (F64, BIT, Z4, Z7)
SEMIRINGS = (*RINGS, SAT)
LENGTH = 3
"""Of every array, unless a loop's bound says something else."""


# -- exact arithmetic --------------------------------------------------------------------------------------------------
def reduced(value: Any, scalar: Scalar) -> Any:
    """An element from the integer or fraction it is."""
    match scalar.kind:
        case "bool":
            return bool(value)
        case "bit":
            return int(value) % 2
        case "z":
            return int(value) % int(scalar.modulus or 0)
        case "sat":
            return min(int(value), int(scalar.modulus or 0) - 1)
        case "i64":
            return int(value)
    return Fraction(value)


def over(f: Callable[..., Any], *values: Any) -> Any:
    """A function of scalars on arrays of one shape, element by element."""
    if isinstance(values[0], tuple):
        return tuple(over(f, *parts) for parts in zip(*values, strict=True))
    return f(*values)


BINARY: Mapping[str, Callable[[Any, Any], Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": lambda a, b: a / b, "eq": operator.eq,
    "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
    "and": lambda a, b: a and b, "or": lambda a, b: a or b, "max": max, "min": min, "mod": operator.mod,
    "floordiv": operator.floordiv, "xor": operator.xor,
}  # fmt: skip


class Values:
    """The meaning of graphs, given the values of inputs: written from the list of operators, apart from the compiler."""

    def __init__(self, inputs: Mapping[Node, Any]) -> None:
        self.known = dict(inputs)

    def of(self, node: Node) -> Any:
        if node in self.known:
            return self.known[node]
        return getattr(self, f"_{node.op}", self._operation)(node)

    def bind(self, bound: Mapping[Node, Any], body: Node) -> Any:
        inner = Values({**self.known, **bound})
        return inner.of(body)

    def _operation(self, node: Node) -> Any:
        args = [self.of(a) for a in node.args]
        if node.op in BINARY:
            return over(lambda a, b: reduced(BINARY[node.op](a, b), node.element), *args)
        match node.op:
            case "neg":
                return over(lambda a: reduced(-a, node.element), args[0])
            case "not":
                return not args[0]
            case "abs":
                return abs(args[0])
            case "cast":
                return reduced(args[0], node.element)
        raise NotImplementedError(node.op)

    def _constant(self, node: Node) -> Any:
        return reduced(node.data, node.element)

    def _zero(self, node: Node) -> Any:
        return self.full([self.of(s) for s in node.shape], reduced(0, node.element))

    def full(self, shape: Sequence[int], value: Any) -> Any:
        return value if not shape else (self.full(shape[1:], value),) * max(shape[0], 0)

    def _select(self, node: Node) -> Any:
        return self.of(node.args[1] if self.of(node.args[0]) else node.args[2])

    def _index(self, node: Node) -> Any:
        array, i = self.of(node.args[0]), self.of(node.args[1])
        assert 0 <= i < len(array), "a rule reads outside an array"
        return array[i]

    def _guard(self, node: Node) -> Any:
        return self.of(node.args[0])

    def _onehot(self, node: Node) -> Any:
        size, i, value = (self.of(a) for a in node.args)
        zero = over(lambda _: reduced(0, node.element), value)
        if node.args[1].op == "guard" and not self.of(node.args[1].args[2]):  # there is no such place, and nothing is put there
            return (zero,) * size
        assert 0 <= i < size
        return tuple(value if k == i else zero for k in range(size))

    def _build(self, node: Node) -> Any:
        var, body = node.args
        return tuple(self.bind({var: k}, body) for k in range(self.of(var.args[0])))

    def _sum(self, node: Node) -> Any:
        var, body = node.args
        total = self.full([self.of(s) for s in node.shape], reduced(0, node.element))
        for k in range(self.of(var.args[0])):
            total = over(lambda a, b: reduced(a + b, node.element), total, self.bind({var: k}, body))
        return total

    def _get(self, node: Node) -> Any:
        loop = node.args[0]
        count, var = loop.data.carries, loop.args[0]
        carries, states = loop.args[1 : 1 + count], [self.of(a) for a in loop.args[1 + count : 1 + 2 * count]]
        bodies = loop.args[1 + 2 * count :]
        made: list[list[Any]] = [[] for _ in loop.data.kinds]
        for k in range(self.of(var.args[0])):
            inner = Values({**self.known, var: k, **dict(zip(carries, states, strict=True))})
            states, outputs = [inner.of(b) for b in bodies[:count]], [inner.of(b) for b in bodies[count:]]
            for have, output in zip(made, outputs, strict=True):
                have.append(output)
        if node.data < count:
            return states[node.data]
        kind, values = loop.data.kinds[node.data - count], made[node.data - count]
        return tuple(values) if kind == "build" else reduced(sum(values), node.element)


# -- left sides --------------------------------------------------------------------------------------------------------
class Make:
    """Nodes as they are written, over an object."""

    def __init__(self, scalar: Scalar, pool: Pool) -> None:
        self.scalar, self.pool = scalar, pool
        self.plain = Construct(pool)
        self.n = pool.intern("size", (), "n")
        self.inputs: dict[str, Node] = {}

    def __getattr__(self, name: str) -> Node:
        """Inputs: x, y, z numbers; v, w vectors; m, m1 matrices; c, d truths; k an index, and kk one that may be outside."""
        if name.startswith("__"):
            raise AttributeError(name)
        rank = {"v": 1, "w": 1, "m": 2}.get(name[0], 0)
        element = BOOL if name[0] in "cd" else I64 if name[0] == "k" else self.scalar
        if name not in self.inputs:
            self.inputs[name] = self.pool.intern("input", (), (len(self.inputs), name), element, (self.n,) * rank)
        return self.inputs[name]

    def op(self, name: str, *args: Node, element: Scalar | None = None) -> Node:
        shape = () if name in ("eq", "lt", "ge", "gt") else args[-1].shape
        made = element or (BOOL if name in ("eq", "lt", "ge", "gt") else args[-1].element)
        return self.pool.intern(name, args, None, made, shape)

    def var(self, *apart: Node) -> Node:
        return self.plain.var(self.n, apart)

    def at(self, array: Node, *indices: Node) -> Node:
        for i in indices:
            array = self.pool.intern("index", (array, i), None, array.element, array.shape[1:])
        return array

    def bind(self, op: str, var: Node, body: Node) -> Node:
        shape = (var.args[0], *body.shape) if op == "build" else body.shape
        return self.pool.intern(op, (var, body), None, body.element, shape)

    def hot(self, i: Node, value: Node) -> Node:
        return self.pool.intern("onehot", (self.n, i, value), None, value.element, (self.n, *value.shape))

    def number(self, value: Any, element: Scalar | None = None) -> Node:
        return self.pool.intern("constant", (), value, element or self.scalar)

    def zero(self, rank: int = 0) -> Node:
        return self.pool.intern("zero", (), None, self.scalar, (self.n,) * rank)

    def choice(self, c: Node, yes: Node, no: Node) -> Node:
        return self.pool.intern("select", (c, yes, no), None, yes.element, yes.shape)


def _constants(m: Make) -> Iterator[Node]:
    two, three = m.number(1.5 if m.scalar.is_float else 1), m.number(2.0 if m.scalar.is_float else 1)
    for op in ("add", "mul", *(("sub",) if m.scalar != SAT else ())):
        yield m.op(op, two, three)
        yield m.op(op, m.zero(), three)
    yield m.op("and", m.number(True, BOOL), m.number(False, BOOL))
    yield m.op("not", m.number(True, BOOL))
    yield m.op("lt", m.number(1, I64), m.number(2, I64))
    yield m.op("floordiv", m.number(-7, I64), m.number(2, I64))
    yield m.op("mod", m.number(-7, I64), m.number(3, I64))


def _sums_of_onehots(m: Make) -> Iterator[Node]:
    i = m.var()
    yield m.bind("sum", i, m.hot(i, m.at(m.v, i)))
    yield m.bind("sum", i, m.hot(m.k, m.at(m.v, i)))
    yield m.bind("sum", i, m.hot(i, m.at(m.m, i)))


def _indices(m: Make) -> Iterator[Node]:
    i = m.var()
    body = m.op("mul", m.at(m.v, i), m.x)
    yield m.at(m.bind("build", i, body), m.k)
    yield m.at(m.bind("build", i, body), i)
    yield m.at(m.zero(1), m.k)
    yield m.at(m.op("add", m.v, m.w), m.k)
    yield m.at(m.choice(m.c, m.v, m.w), m.k)
    yield m.at(m.hot(m.k, m.x), m.k1)
    yield m.at(m.hot(m.k, m.x), m.k)


def _known_choices(m: Make) -> Iterator[Node]:
    yield m.choice(m.number(True, BOOL), m.x, m.y)
    yield m.choice(m.number(False, BOOL), m.x, m.y)
    yield m.choice(m.c, m.x, m.x)
    yield m.choice(m.op("not", m.c), m.x, m.y)


def _boolean_choices(m: Make) -> Iterator[Node]:
    yield m.choice(m.c, m.c1, m.number(False, BOOL))
    yield m.choice(m.c, m.number(True, BOOL), m.c1)


def _array_choices(m: Make) -> Iterator[Node]:
    i = m.var()
    built, other = m.bind("build", i, m.op("add", m.at(m.v, i), m.x)), m.bind("build", i, m.at(m.w, i))
    yield m.choice(m.c, built, other)
    yield m.choice(m.c, built, m.zero(1))
    yield m.choice(m.c, m.zero(1), built)
    yield m.choice(m.c, m.hot(m.k, m.x), m.zero(1))
    yield m.choice(m.c, m.zero(1), m.hot(m.k, m.x))


def _linear(m: Make) -> Iterator[Node]:
    i = m.var()
    a, b = m.var(i), m.var(i, m.var(i))
    yield m.bind("sum", i, m.bind("build", a, m.op("mul", m.at(m.w, a), m.at(m.v, i))))
    inner = m.bind("sum", a, m.bind("build", b, m.op("mul", m.at(m.m, a, b), m.at(m.m1, i, a))))
    yield m.bind("sum", i, inner)
    if m.scalar != SAT:
        negative = m.op("neg", m.op("mul", m.at(m.w, a), m.at(m.v, i)))
        yield m.bind("sum", i, m.bind("build", a, negative))


def _factors(m: Make) -> Iterator[Node]:
    i = m.var()
    yield m.bind("sum", i, m.op("mul", m.x, m.at(m.v, i)))
    yield m.bind("sum", i, m.op("mul", m.at(m.v, i), m.x))
    yield m.bind("sum", i, m.choice(m.c, m.at(m.v, i), m.zero()))
    if m.scalar != SAT:
        yield m.bind("sum", i, m.op("neg", m.at(m.v, i)))


def _winners(m: Make) -> Iterator[Node]:
    i = m.var()
    j = m.var(i)
    there = m.op("eq", i, m.kk)
    yield m.bind("sum", i, m.choice(there, m.at(m.v, i), m.zero()))
    yield m.bind("sum", i, m.choice(m.op("eq", m.k2, i), m.op("mul", m.at(m.v, i), m.x), m.zero()))
    yield m.bind("build", j, m.bind("sum", i, m.choice(m.op("eq", i, j), m.at(m.m, i, j), m.zero()))).args[1]
    yield m.bind("sum", i, m.choice(m.op("and", m.c, there), m.at(m.v, i), m.zero()))


def _sums_of_choices(m: Make) -> Iterator[Node]:
    i = m.var()
    j = m.var(i)
    there, here = m.op("eq", i, m.kk), m.op("and", m.op("eq", i, m.kk), m.c)
    sparse = m.op("add", m.hot(m.k, m.at(m.v, i)), m.bind("sum", j, m.hot(j, m.at(m.m, i, j))))
    yield m.bind("sum", i, m.choice(there, m.hot(m.k, m.x), m.hot(m.k1, m.at(m.v, i))))
    yield m.bind("sum", i, m.choice(here, sparse, m.zero(1)))
    yield m.bind("sum", i, m.choice(here, m.choice(m.op("lt", i, m.k), m.hot(i, m.x), sparse), m.hot(m.k1, m.y)))
    yield m.bind("sum", i, m.choice(there, m.hot(m.k, m.bind("build", j, m.at(m.m, i, j))), m.hot(i, m.v)))
    for row in (i, m.var(i, j)):
        others = m.bind("sum", j, m.hot(j, m.at(m.m, row, j)))
        yield m.bind("build", j, m.bind("sum", i, m.choice(m.op("eq", i, j), others, m.zero(1)))).args[1]


def _winning_rows(m: Make) -> Iterator[Node]:
    i = m.var()
    j = m.var(i)
    yield m.bind("build", i, m.bind("build", j, m.choice(m.op("eq", i, m.kk), m.at(m.m, i, j), m.zero())))


def _unchanged(m: Make) -> Iterator[Node]:
    i, carry = m.var(), m.pool.intern("carry", (), (0, 0), m.scalar)

    def loop(after: Node, output: Node, kind: str, which: int) -> Node:
        made = m.pool.intern("loop", (i, carry, m.x, after, output), LoopData(False, 1, (kind,)))
        shape = (m.n,) if which == 1 and kind == "build" else ()
        return m.pool.intern("get", (made,), which, m.scalar, shape)

    yield loop(carry, m.at(m.v, i), "sum", 0)
    yield loop(m.x, m.op("mul", carry, m.at(m.v, i)), "sum", 0)
    yield loop(m.op("mul", carry, m.y), m.zero(), "sum", 1)
    yield loop(m.op("mul", carry, m.y), m.zero(), "build", 1)


def _changing(m: Make) -> Node:
    i, carry = m.var(), m.pool.intern("carry", (), (0, 0), m.scalar)
    after = m.op("mul", carry, m.at(m.v, i))
    return m.pool.intern("get", (m.pool.intern("loop", (i, carry, m.x, after), LoopData(False, 1, ())),), 0, m.scalar)


def _each(*sides: Callable[[Make], Node]) -> Callable[[Make], Iterator[Node]]:
    return lambda m: (side(m) for side in sides)


Sides = Callable[[Make], Iterator[Node]]
LEFT: Mapping[str, tuple[Sequence[Scalar], Sides]] = {
    "fold-constants": (SEMIRINGS, _constants),
    "add-zero": (SEMIRINGS, _each(lambda m: m.op("add", m.zero(), m.x), lambda m: m.op("add", m.x, m.zero()),
                                  lambda m: m.op("add", m.v, m.zero(1)))),
    "mul-zero": (SEMIRINGS, _each(lambda m: m.op("mul", m.zero(), m.x), lambda m: m.op("mul", m.x, m.zero()))),
    "mul-one": (SEMIRINGS, _each(lambda m: m.op("mul", m.number(1), m.x), lambda m: m.op("mul", m.x, m.number(1)))),
    "linear-zero": (RINGS, _each(lambda m: m.op("neg", m.zero()), lambda m: m.op("cast", m.zero()),
                                 lambda m: m.op("neg", m.zero(1)))),
    "sub-zero": (RINGS, _each(lambda m: m.op("sub", m.x, m.zero()), lambda m: m.op("sub", m.zero(), m.x))),
    "neg-neg": (RINGS, _each(lambda m: m.op("neg", m.op("neg", m.x)))),
    "add-neg": (RINGS, _each(lambda m: m.op("add", m.x, m.op("neg", m.y)), lambda m: m.op("add", m.op("neg", m.y), m.x))),
    "sub-neg": (RINGS, _each(lambda m: m.op("sub", m.x, m.op("neg", m.y)))),
    "mul-neg": (RINGS, _each(lambda m: m.op("mul", m.op("neg", m.x), m.y), lambda m: m.op("mul", m.x, m.op("neg", m.y)))),
    "select-known": (SEMIRINGS, _known_choices),
    "select-boolean": (SEMIRINGS, _boolean_choices),
    "select-again": (SEMIRINGS, _each(lambda m: m.choice(m.c, m.choice(m.c, m.x, m.y), m.z),
                                      lambda m: m.choice(m.c, m.x, m.choice(m.c, m.y, m.z)))),
    "and-known": (SEMIRINGS, _each(*[lambda m, s=s: m.op("and", *s(m)) for s in (
        lambda m: (m.number(True, BOOL), m.c), lambda m: (m.c, m.number(True, BOOL)), lambda m: (m.number(False, BOOL), m.c),
        lambda m: (m.c, m.number(False, BOOL)), lambda m: (m.c, m.c))])),
    "or-known": (SEMIRINGS, _each(*[lambda m, s=s: m.op("or", *s(m)) for s in (
        lambda m: (m.number(True, BOOL), m.c), lambda m: (m.c, m.number(True, BOOL)), lambda m: (m.number(False, BOOL), m.c),
        lambda m: (m.c, m.number(False, BOOL)), lambda m: (m.c, m.c))])),
    "not-not": (SEMIRINGS, _each(lambda m: m.op("not", m.op("not", m.c)))),
    "bit-twice": ((BIT,), _each(lambda m: m.op("add", m.x, m.x), lambda m: m.op("sub", m.x, m.x))),
    "bit-idempotent": ((BIT,), _each(lambda m: m.op("mul", m.x, m.x))),
    "commute": (SEMIRINGS, _each(lambda m: m.op("add", *sorted((m.x, m.y), reverse=True)),
                                 lambda m: m.op("mul", *sorted((m.x, m.y), reverse=True)))),
    "carry-unchanged": (SEMIRINGS, _unchanged),
    "linear-choice": (RINGS, _each(lambda m: m.op("mul", m.choice(m.c, m.x, m.zero()), m.y),
                                   lambda m: m.op("mul", m.y, m.choice(m.c, m.x, m.zero())),
                                   lambda m: m.op("neg", m.choice(m.c, m.x, m.zero())))),
    "add-choices": (SEMIRINGS, _each(lambda m: m.op("add", m.choice(m.c, m.x, m.zero()), m.choice(m.c, m.y, m.zero())))),
    "sum-winner": (SEMIRINGS, _winners),
    "sum-choice": (SEMIRINGS, _sums_of_choices),
    "build-winner": (SEMIRINGS, _winning_rows),
    "sum-linear": (SEMIRINGS, _linear),
    "index": (SEMIRINGS, _indices),
    "zero-body": (SEMIRINGS, _each(lambda m: m.bind("build", m.var(), m.zero()), lambda m: m.bind("sum", m.var(), m.zero()),
                                   lambda m: m.bind("sum", m.var(), m.zero(1)))),
    "onehot-zero": (SEMIRINGS, _each(lambda m: m.hot(m.k, m.zero()), lambda m: m.hot(m.k, m.zero(1)))),
    "sum-onehot": (SEMIRINGS, _sums_of_onehots),
    "sum-add": (SEMIRINGS, _each(lambda m: m.bind("sum", m.var(), m.op("add", m.at(m.m, m.var()), m.v)))),
    "sum-build": (SEMIRINGS, _each(lambda m: m.bind("sum", m.var(), m.bind("build", m.var(m.var()), m.choice(
        m.op("eq", m.var(), m.var(m.var())), m.at(m.v, m.var()), m.zero()))))),
    "sum-factor": (SEMIRINGS, _factors),
    "sum-constant": (SEMIRINGS, _each(lambda m: m.bind("sum", m.var(), m.x),
                                      lambda m: m.bind("sum", m.var(), m.op("mul", m.x, m.y)))),
    "select-arrays": (SEMIRINGS, _array_choices),
    "add-builds": (SEMIRINGS, _each(lambda m: m.op("add", m.bind("build", m.var(), m.at(m.v, m.var())),
                                                   m.bind("build", m.var(), m.op("mul", m.x, m.at(m.w, m.var())))))),
}  # fmt: skip
"""For each rule the objects it is checked on, and left sides that it must fit, all those of its statement."""

WITH_OTHERS = ("sum-build", "sum-winner")
"""Rules that look at what others have made of a part."""


def test_every_rule_has_left_sides_here_and_a_statement() -> None:
    assert {r.name for r in RULES} == set(LEFT)
    assert all("=" in r.statement or "identity" in r.statement or "is" in r.statement for r in RULES)
    assert len({r.name for r in RULES}) == len(RULES)


def assignments(m: Make, count: int = 60) -> Iterator[dict[Node, Any]]:
    """Values of the inputs: every combination where they are few, and some drawn at random."""
    elements = {"bit": range(2), "z": range(m.scalar.modulus or 0), "sat": range(m.scalar.modulus or 0)}.get(
        m.scalar.kind, (Fraction(0), Fraction(1), Fraction(-2), Fraction(3, 4), Fraction(-5, 3)))
    scalars = [n for n in m.inputs.values() if n.is_scalar]
    inside, around = range(LENGTH), range(-1, LENGTH + 1)
    of = {BOOL: (False, True), I64: inside}
    choices = [around if n.data[1] == "kk" else of.get(n.element, elements) for n in scalars]
    random = Random(1)

    def drawn(rank: int) -> Any:
        return random.choice(list(elements)) if not rank else tuple(drawn(rank - 1) for _ in range(LENGTH))

    every = islice(product(*choices), 400)
    for values in sorted(every, key=lambda _: random.random())[:count]:
        arrays = {n: drawn(len(n.shape)) for n in m.inputs.values() if not n.is_scalar}
        yield {m.n: LENGTH, **dict(zip(scalars, values, strict=True)), **arrays}


CASES = [(rule.name, scalar) for rule in RULES for scalar in LEFT.get(rule.name, ((), None))[0]]


@pytest.mark.parametrize("name, scalar", CASES, ids=lambda v: str(v))
def test_the_right_side_equals_the_left(name: str, scalar: Scalar) -> None:
    (rule,) = (r for r in RULES if r.name == name)
    m = Make(scalar, Pool(BY_OP if name in WITH_OTHERS else {}))
    for left in LEFT[name][1](m):
        assert left.op in rule.ops
        right = rule.apply(m.pool, left)
        assert right is not None and right is not left, f"{name} does not fit {left}, which is of its statement"
        assert (right.element, right.shape) == (left.element, left.shape)
        for known in assignments(m):
            free = {v: k % LENGTH for k, v in enumerate(sorted(left.free | right.free))}
            values = Values({**known, **free})
            assert values.of(right) == values.of(left), f"{name}: {left} and {right} at {known}"


REFUSED: Sequence[tuple[str, Callable[[Make], Node]]] = (
    ("sum-factor", lambda m: m.bind("sum", m.var(), m.op("mul", m.at(m.w, m.var()), m.at(m.v, m.var())))),
    ("sum-constant", lambda m: m.bind("sum", m.var(), m.at(m.v, m.var()))),
    ("sum-onehot", lambda m: m.bind("sum", m.var(), m.hot(m.op("mod", m.op("mul", m.var(), m.k), m.n), m.x))),
    ("sum-winner", lambda m: m.bind("sum", m.var(), m.choice(m.op("eq", m.var(), m.op("mul", m.var(), m.k)), m.x, m.zero()))),
    ("select-again", lambda m: m.choice(m.c, m.choice(m.c1, m.x, m.y), m.z)),
    ("add-choices", lambda m: m.op("add", m.choice(m.c, m.x, m.zero()), m.choice(m.c1, m.y, m.zero()))),
    ("linear-choice", lambda m: m.op("mul", m.choice(m.c, m.x, m.y), m.z)),
    ("carry-unchanged", _changing),
    ("bit-idempotent", lambda m: m.op("mul", m.x, m.x)),
    ("bit-twice", lambda m: m.op("add", m.x, m.x)),
)


@pytest.mark.parametrize("name, side", REFUSED, ids=[n for n, _ in REFUSED])
def test_what_a_side_condition_excludes_is_left_alone(name: str, side: Callable[[Make], Node]) -> None:
    (rule,) = (r for r in RULES if r.name == name)
    m = Make(Z7, Pool({}))
    assert rule.apply(m.pool, side(m)) is None


def test_laws_of_functions_are_marked_as_such() -> None:
    """They hold of the functions computed and not of their derivatives: x·x = x in Z2, whose derivatives are 0 and 1."""
    assert [r.name for r in RULES if r.phase == "function"] == ["bit-idempotent"]
