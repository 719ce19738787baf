"""A variable made for the elements of an array is none that something in the body means otherwise."""

import numpy as np
from executing import in_python, interpreted, lowered

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
