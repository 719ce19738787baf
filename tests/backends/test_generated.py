"""Machine-made kernels mean the same one iteration at a time, in lanes, and as Python.

All numbers are small whole ones, so that sums are exact in any order and every backend must give the same bits."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullback.backends.llvm.emit import emit
from pullback.core.objects import BOOL, F64, I64
from pullback.ir.loops import nest
from pullback.ir.loops.text import parse, show
from pullback.ir.loops.verify import verify

pytestmark = pytest.mark.slow  # together they take many seconds


class Maker:
    """Draws statements for the body of a parallel loop over `i`; what is in scope is kept by kind."""

    def __init__(self, random):
        self.random = random
        self.count = 0
        self.scalars = {F64: [], I64: ["i", "n", "a"], BOOL: []}
        self.cells, self.buffers = {}, []
        self.loops = 0

    def fresh(self, stem):
        self.count += 1
        return f"{stem}.{self.count}"

    def operand(self, kind):
        known = self.scalars[kind]
        if known and self.random.random() < 0.8:
            return self.random.choice(known[-8:])
        number = self.random.randint(-2, 3)
        return nest.Literal({F64: float(number), I64: number, BOOL: number > 0}[kind], kind)

    def let(self, kind, instruction, *args):
        name = self.fresh("t")
        self.scalars[kind].append(name)
        return nest.Let(name, kind, instruction, args)

    def arithmetic(self):
        kind = self.random.choice([F64, F64, I64, I64, BOOL])
        if self.random.random() < 0.2:
            return [self.let(kind, "select", self.operand(BOOL), self.operand(kind), self.operand(kind))]
        if kind == BOOL:
            compare, of = self.random.choice([("flt", F64), ("fge", F64), ("ieq", I64), ("ilt", I64), ("bxor", BOOL)])
            return [self.let(BOOL, compare, self.operand(of), self.operand(of))]
        if kind == I64:
            name = self.random.choice(["iadd", "isub", "imul", "imod", "ifloordiv", "imin", "iand"])
            return [self.let(I64, name, self.operand(I64), self.operand(I64))]
        value = self.let(F64, self.random.choice(["fadd", "fsub", "fmin", "fmax"]), self.operand(F64), self.operand(F64))
        low = self.let(F64, "fmax", value.name, nest.Literal(-99.0, F64))  # numbers stay small
        return [value, low, self.let(F64, "fmin", low.name, nest.Literal(99.0, F64))]

    def index(self, size):
        let = self.let(I64, "imod", self.operand(I64), size)
        return [let], let.name

    def load(self):
        name, when = self.fresh("x"), self.operand(BOOL) if self.random.random() < 0.4 else None
        four, before = nest.Literal(4, I64), []
        which = self.random.choice(["x", "x", "y", "y", "k", "own", "own"])
        kind = I64 if which == "k" else F64
        if which == "x":
            before, at = self.index("n")
            at = (at if self.random.random() < 0.5 else "i",)
        elif which == "y":
            before, at = self.index(four)
            at = ("i", at)
        elif which == "k" or not self.buffers:
            which, at, kind = "k", ("i",), I64
        else:
            before, at = self.index(four)
            which, at = self.random.choice(self.buffers), (at,)
        self.scalars[kind].append(name)
        return [*before, nest.Load(name, kind, which, at, when)]

    def write(self):
        before, at = self.index(nest.Literal(4, I64))
        value, when = self.operand(F64), self.operand(BOOL) if self.random.random() < 0.4 else None
        match self.random.choice(["out", "row", "acc", "uniform", "own", "own add", "fill"]):
            case "out":
                return [*before, nest.Store("out", ("i",), value)]
            case "row":
                return [*before, nest.Accumulate("rows", ("i", at), value, F64, when)]
            case "acc":
                return [*before, nest.Accumulate("acc", (at,), value, F64, when)]
            case "uniform":
                return [*before, nest.Accumulate("acc", (nest.Literal(self.random.randint(0, 3), I64),), value, F64, when)]
            case "own" if self.buffers:
                return [*before, nest.Store(self.random.choice(self.buffers), (at,), value)]
            case "own add" if self.buffers:
                return [*before, nest.Accumulate(self.random.choice(self.buffers), (at,), value, F64, when)]
            case "fill" if self.buffers:
                return [*before, nest.Fill(self.random.choice(self.buffers), value)]
        return before

    def cell(self):
        if not self.cells or self.random.random() < 0.3:
            name, kind = self.fresh("c"), self.random.choice([F64, I64, BOOL])
            statement = nest.Cell(name, kind, self.operand(kind))
            self.cells[name] = kind
            return [statement]
        name = self.random.choice(list(self.cells))
        kind = self.cells[name]
        if self.random.random() < 0.4:
            target = self.fresh("r")
            self.scalars[kind].append(target)
            return [nest.Read(target, kind, name)]
        if self.random.random() < 0.5:
            return [nest.Assign(name, self.operand(kind))]
        reductions = {BOOL: ["all", "any"], F64: ["max", "min"], I64: ["sum", "prod", "max"]}[kind]
        return [nest.Reduce(name, self.random.choice(reductions), self.operand(kind), kind)]

    def outer(self):
        match self.random.choice(["sum", "count", "any", "argmax"]):
            case "sum":
                return [nest.Reduce("total", "sum", self.operand(F64), F64)]
            case "count":
                return [nest.Reduce("count", "sum", self.operand(I64), I64)]
            case "any":
                return [nest.Reduce("some", "any", self.operand(BOOL), BOOL)]
        return [nest.Reduce("best", "argmax", self.operand(F64), F64, "where", "i")]

    def local(self):
        name = self.fresh("b")
        size = "four" if self.random.random() < 0.3 else nest.Literal(4, I64)
        made = [nest.Allocate(name, F64, (size,), zero=True)]
        if self.buffers and self.random.random() < 0.5:
            made.append(nest.Copy(name, self.random.choice(self.buffers)))
        self.buffers.append(name)
        return made

    def block(self, depth):
        saved = {k: list(v) for k, v in self.scalars.items()}, dict(self.cells), list(self.buffers)
        body = self.statements(depth)
        self.scalars, self.cells, self.buffers = saved
        return body

    def compound(self, depth):
        if depth == 0:
            return []
        what = self.random.choice(["if", "if", "for", "while"])
        if what == "if":
            cond = self.operand(BOOL)
            return [nest.If(cond, self.block(depth - 1), self.block(depth - 1) if self.random.random() < 0.5 else ())]
        if self.loops == 2:
            return []
        self.loops += 1
        bound = self.let(I64, "imod", self.operand(I64), nest.Literal(4, I64))
        if what == "for":
            index = self.fresh("j")
            self.scalars[I64].append(index)
            body = self.block(depth - 1)
            self.scalars[I64].remove(index)
            made = [bound, nest.For(index, bound.name, body, backward=self.random.random() < 0.3)]
        else:
            cell, now, again, one = self.fresh("c"), self.fresh("r"), self.fresh("t"), nest.Literal(1, I64)
            head = (nest.Read(now, I64, cell), nest.Let(again, BOOL, "igt", (now, nest.Literal(0, I64))))
            body = self.block(depth - 1)
            step = (nest.Reduce(cell, "sum", nest.Literal(-1, I64), I64), nest.Reduce("count", "sum", one, I64))
            made = [bound, nest.Cell(cell, I64, bound.name), nest.Loop(head, again, (*body, *step))]
        self.loops -= 1
        return made

    def statements(self, depth):
        body = []
        for _ in range(self.random.randint(1, 5)):
            makers = [self.arithmetic, self.arithmetic, self.load, self.write, self.cell, self.outer, self.local]
            body += self.compound(depth) if self.random.random() < 0.3 else self.random.choice(makers)()
        return tuple(body)


FRAME = """
kernel f(x: f64[n], y: f64[n, 4], k: i64[n], a: i64; n) -> (
    out: f64[n], rows: f64[n, 4], acc: f64[4], total_: f64, count_: i64, some_: bool, best_: f64, where_: i64) {
  four: i64 = imax(a, 4)
  cell total: f64 = 0.0
  cell count: i64 = 0
  cell some: bool = false
  cell best: f64 = -inf
  cell where: i64 = -1
  fill out with 0.0
  fill rows with 0.0
  fill acc with 0.0
  for i < n parallel {
  }
  r1: f64 = read total
  total_ := r1
  r2: i64 = read count
  count_ := r2
  r3: bool = read some
  some_ := r3
  r4: f64 = read best
  best_ := r4
  r5: i64 = read where
  where_ := r5
}
"""


def made(random):
    frame = parse(FRAME)
    loop = next(s for s in frame.body if isinstance(s, nest.For))
    body = Maker(random).statements(3)
    at = frame.body.index(loop)
    whole = (*frame.body[:at], nest.For(loop.index, loop.bound, body, parallel=True), *frame.body[at + 1 :])
    return nest.Kernel(frame.name, frame.inputs, frame.sizes, frame.outputs, whole)


@settings(max_examples=80)
@given(seed=st.integers(0, 2**32))
def test_all_backends_agree(seed, in_all):
    kernel = made(Random(seed))  # hypothesis's own random numbers are mostly the simplest ones, and the kernels then too
    verify(kernel)
    assert parse(show(kernel)) == kernel
    functions = in_all(kernel)
    rng = np.random.default_rng(seed)
    for n in (1, 3, 4, 9):
        arguments = (rng.integers(-3, 4, size=n).astype(float), rng.integers(-3, 4, size=(n, 4)).astype(float),
                     rng.integers(-3, 9, size=n), int(rng.integers(-2, 4)))  # fmt: skip
        results = {name: f(*arguments) for name, f in functions.items()}
        for name, got in results.items():
            for parameter, g, w in zip(kernel.outputs, got, results["python"], strict=True):
                np.testing.assert_array_equal(g, w, f"{name}, n = {n}: {parameter.name}\n{show(kernel)}")


@pytest.mark.parametrize("seed", range(3))
def test_most_of_them_do_run_in_lanes(seed, lanes_of):
    """The generator would be worth little if its loops were refused lanes."""
    maker = Random(seed)
    kernels = [lanes_of(made(maker), 8) for _ in range(20)]
    assert sum("<8 x" in emit(k) for k in kernels) >= 16


def test_the_generator_is_not_timid():
    """Over some draws every statement occurs."""
    kernels = [show(made(Random(seed))) for seed in range(60)]
    for word in ("if ", "} else {", "loop {", "backward", " when ", "fill b", "copy ", "argmax= ", ":= ", "rows[", "acc["):
        assert sum(word in text.split("for i < n")[1] for text in kernels) >= 3, word
