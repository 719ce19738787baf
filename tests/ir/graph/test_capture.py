"""A variable made for the elements of an array is none that something in the body means otherwise."""

import numpy as np

from pullback.core.objects import F64, I64
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.frontends.testing.ways import in_python, interpreted, lowered
from pullback.ir.derive import vjp
from pullback.ir.evaluate import evaluate
from pullback.ir.graph.construct import Construct
from pullback.ir.graph.node import LoopData, Pool
from pullback.ir.graph.substitute import substitute
from pullback.ir.graph.verify import verify
from pullback.ir.unary import text

CHOICE_OF_ROWS = """unary f [m] (0 x: f64[m]) {
  1 = loop i < m (1: i64) {
    2 = extent m - 1 : i64
    3 = sub 2 1 : i64
    4 = onehot 3 0 of m : f64[m, m]
    5 = index 4 1 : f64[m]
    6 = constant 2 : i64
    7 = index 5 6 : f64
  } build 7
} -> 1
"""


def test_a_condition_on_an_outer_index_stays_one():
    """onehot(k, x)[i] is `if i == k then x else 0`, an array of choices over another variable than i, though of one range."""
    term, args, sizes = text.parse(CHOICE_OF_ROWS), [np.array([1.0, 2.0, 4.0])], {"m": 3}
    want = interpreted(term, args, sizes)
    assert want[0].tolist() == [0.0, 4.0, 0.0]
    np.testing.assert_array_equal(in_python(lowered(term), args, sizes), want)


def test_a_check_in_a_loop_that_is_gone_is_pinned_to_the_loop_that_is_there():
    """y[j - 1] of an array y built over i, whose body reads x[i - 1] under a condition: the check is in the loop over j."""
    program = load_text("""
def shifted(x: f64[n]) -> f64[n] = for i < n: if i == 0 then 1.0 else x[max(i - 1, 0)]
def twice(x: f64[n]) -> f64[n] = shifted(2 * shifted(x))
def last() -> f64 = twice([1.0, 2.0, 3.0, 4.0])[3]
""")
    for name, args, sizes, want in (("twice", [np.array([1.0, 2.0, 3.0, 4.0])], {"n": 4}, [1.0, 2.0, 2.0, 4.0]),
                                    ("last", [], {}, 4.0)):
        term = elaborate(program, name).term
        verify(evaluate(term))
        (result,) = in_python(lowered(term), args, sizes)
        assert np.asarray(result).tolist() == want


def test_a_variable_that_a_loop_binds_again_is_another_one_inside():
    """In a fold over i that starts at x[i], the outer i is replaced at the start and not in the steps."""
    pool = Pool({})
    c = Construct(pool)
    n = pool.intern("size", (), "n")
    x, k = pool.intern("input", (), (0, "x"), F64, (n,)), pool.intern("input", (), (1, "k"), I64)
    i, carry = c.var(n), pool.intern("carry", (), (0, 0), F64)
    steps = (i, carry, c.index(x, i), c.apply("mul", carry, c.index(x, i)))
    made = substitute(pool, pool.make("loop", steps, LoopData(False, 1, ())), {i: k})
    assert made.args == (i, carry, c.index(x, k), c.apply("mul", carry, c.index(x, i)))


def test_a_variable_that_would_capture_is_renamed():
    """In build j: x[i] * x[j] with i := j, the j put in is not the one that is bound."""
    pool = Pool({})
    c = Construct(pool)
    n = pool.intern("size", (), "n")
    x = pool.intern("input", (), (0, "x"), F64, (n,))
    i = c.var(n)
    j = c.var(n, [i])
    made = substitute(pool, c.build(j, c.apply("mul", c.index(x, i), c.index(x, j))), {i: j})
    inner = made.args[0]
    assert inner is not j and made.free == {j}
    assert made.args[1] is c.apply("mul", c.index(x, j), c.index(x, inner))


def test_a_sum_that_goes_into_an_array_keeps_the_index_its_bound_is_of():
    """sum i < n: sum k < i: build i, j: e — moved inside, the i of the bound is not that of the array (found by make fuzz:
    the gradient of a sum that often was wrong)."""
    source = "def f(x: f64[n, n]) -> f64[n, n] = x - (sum i < n: sum k in 1..i: x)"
    term = vjp(elaborate(load_text(source), "f").term, [0])
    args, sizes = [np.arange(9.0).reshape(3, 3), np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])], {"n": 3}
    want = interpreted(term, args, sizes)
    np.testing.assert_array_equal(want[1], 0.0 * args[1])  # once by itself, once less by the sum
    np.testing.assert_array_equal(in_python(lowered(term), args, sizes)[1], want[1])
