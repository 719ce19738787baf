"""The cheap gradient principle, counted on the loop nests: value and gradient take at most four times the flops of the value.

A flop is an addition, multiplication, division or function of reals (`ir/cost.py`); changing a sign is none. The bound
is Baur and Strassen's; a component may cost more (the derivative of sin takes a cos and a product for one sin), the sum not.
"""

import random

import pytest

from pullback.core.objects import F64, parse
from pullback.core.sizes import atom
from pullback.ir.cost import cost
from pullback.ir.derive import vjp
from pullback.ir.evaluate import evaluate
from pullback.ir.lower import lower
from pullback.ir.unary.builder import Builder

pytestmark = pytest.mark.slow  # together they take many seconds

ONE = ("sin", "cos", "exp", "log", "tanh", "sqrt", "sigmoid")
TWO = ("add", "mul", "sub", "div")
LIMIT = 4.0


def flops(term, **sizes):
    return cost(lower(evaluate(term)), sizes).flops


def ratio(term, wrt, **sizes):
    """Flops of value and gradient by flops of the value; None where the value takes none."""
    value = flops(term, **sizes)
    return flops(vjp(term, wrt), **sizes) / value if value else None


def straight_line(seed):
    """A program of 3 to 40 operations on two numbers, each on any values before it. Its last value is the result."""
    choose = random.Random(seed)
    b = Builder("f", [], ["x", "y"], [F64, F64])
    values = [0, 1]
    for _ in range(choose.randint(3, 40)):
        name = choose.choice(ONE if choose.random() < 0.35 else TWO)
        values.append(b.apply(name, *choose.choices(values, k=1 if name in ONE else 2)))
    return b.finish([values[-1]])


@pytest.mark.slow
def test_a_gradient_takes_four_times_the_flops_at_most():
    ratios = [r for seed in range(10_000) if (r := ratio(straight_line(seed), [0, 1])) is not None]
    worst = max(range(len(ratios)), key=ratios.__getitem__)
    assert len(ratios) > 9_900
    assert ratios[worst] <= LIMIT, f"the {worst}th program takes {ratios[worst]} times"
    assert sum(ratios) / len(ratios) < 3.0


def nest_of(depth, function):
    """A sum over ``depth`` indices of one array: each level multiplies its element in, and squares or takes the sine."""
    b = Builder("nest", ["n"], ["x"], [parse("f64[n]")])

    def level(k, product):
        def body(_, i, carries):
            v = b.index(0, i)
            p = v if product is None else b.apply("mul", product, v)
            p = b.apply(function, p) if k % 2 else b.apply("mul", p, p)
            return [p] if k == depth - 1 else list(level(k + 1, p))

        return b.loop("i", atom("n"), [], ["sum"], body)

    return b.finish(level(0, None))


@pytest.mark.parametrize("function", ["sin", "tanh", "exp"])
def test_the_ratio_does_not_grow_with_the_depth_of_loops(function):
    """A reverse that ran each loop again for each partial would take 3 times as much a level (Huot & Shaikhha: 4·3^p)."""
    ratios = [ratio(nest_of(depth, function), [0], n=8) for depth in (1, 2, 3, 4)]
    assert max(ratios) <= LIMIT
    assert ratios[3] <= max(ratios[1:3]) * 1.05, ratios


@pytest.mark.parametrize("length", [10, 100, 1000])
def test_the_ratio_does_not_grow_with_the_length_of_a_program(length):
    """Each cotangent is made once: a chain in which every value is used twice takes the same a step, however long."""
    b = Builder("chain", [], ["x"], [F64])
    x = 0
    for _ in range(length):
        x = b.apply("mul", x, x)
        x = b.apply("sin", x)
    assert ratio(b.finish([x]), [0]) <= LIMIT


def recurrence(depth):
    """``depth`` sequential loops in each other, one number carried through all."""
    b = Builder("scan", ["n"], ["x", "a"], [F64, parse("f64[n]")])

    def level(k, carried):
        def body(_, i, carries):
            return [level(k + 1, carries[0])] if k < depth else [b.apply("tanh", b.apply("mul", carries[0], b.index(1, i)))]

        return b.loop("i", atom("n"), [carried], [], body)[0]

    return b.finish([level(1, 0)])


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("steps", [1, 7, 20])
def test_the_ratio_of_a_sequential_loop(depth, steps):
    """The reverse of a sequential loop keeps its carries and runs the body on them again, and adds up what all levels
    captured: one more a level (5.0, 6.5, 7.5 at depth 1, 2, 3), however many the steps."""
    assert ratio(recurrence(depth), [0, 1], n=steps) <= LIMIT + 1 + depth
