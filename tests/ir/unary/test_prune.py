"""Pruning leaves the meaning and takes what no result depends on."""

from __future__ import annotations

import numpy as np
import pytest
from effort import examples
from hypothesis import given
from hypothesis import strategies as st

from pullback.backends.interpreter import run
from pullback.core.objects import F64, I64, Scalar, array
from pullback.core.sizes import atom
from pullback.frontends.testing.laws import movable
from pullback.ir.derive import reverse
from pullback.ir.unary import term as t
from pullback.ir.unary.builder import Builder
from pullback.ir.unary.prune import prune
from pullback.ir.unary.typing import verify
from pullback.testing import arguments, terms


@examples(60)
@given(st.data())
def test_pruning_changes_no_value_and_is_idempotent(data: st.DataObject) -> None:
    """Of programs, and of their derivatives, in which there is more that nobody reads."""
    scalar = data.draw(st.sampled_from((F64, Scalar("sat", 4))))
    f = data.draw(terms(scalar, "formal", 6, 2))
    sizes, point = data.draw(arguments(f))
    for _ in range(2):
        less = prune(f)
        verify(less)
        assert prune(less) == less
        for x, y in zip(run(f, point, sizes), run(less, point, sizes), strict=True):
            np.testing.assert_array_equal(x, y)
        if not movable(f.dom) or not movable(f.cod):
            return
        f = reverse(f)
        sizes, point = data.draw(arguments(f))


def test_steps_outputs_and_carries_that_nobody_reads_go() -> None:
    n = atom("n")
    b = Builder("f", ("n",), ("x", "y"), (array(F64, (n,)), F64))
    b.apply("mul", 1, 1)  # nobody reads this
    carry, apart, total, _ = b.loop("i", n, [1, 1], ["sum", "build"], lambda _, i, c: [
        b.apply("add", c[0], b.index(0, i)), b.apply("mul", c[1], c[1]), c[0], c[1],
    ])  # fmt: skip
    less = prune(b.finish([total]))
    (loop,) = less.steps
    assert isinstance(loop, t.Loop) and carry != apart
    assert loop.inits == (1,) and loop.kinds == ("sum",) and len(loop.body.steps) == 2


def test_a_carry_that_another_one_reads_stays() -> None:
    b = Builder("f", ("n",), ("x", "y"), (F64, F64))
    first, _ = b.loop("i", atom("n"), [0, 1], [], lambda _, i, c: [c[1], b.apply("mul", c[0], c[1])])
    (loop,) = prune(b.finish([first])).steps
    assert isinstance(loop, t.Loop) and loop.inits == (0, 1)


@pytest.mark.parametrize("side", [0, 1])
def test_what_a_size_is_made_of_stays(side: int) -> None:
    """Sizes are mentioned, not read."""
    b = Builder("f", (), ("k", "x"), (I64, F64))
    extent = b.open("m", b.apply("mul", 0, 0))
    (result,) = b.loop("i", extent, [], [("sum", "build")[side]], lambda _, i, c: [1])
    less = prune(b.finish([result]))
    verify(less)
    assert np.sum(run(less, [np.asarray(2), np.asarray(0.5)])[0]) == 2.0
