"""Circuits written as programs compute the same, and read back as the same circuits."""

from __future__ import annotations

import numpy as np
import pytest
from effort import examples
from hypothesis import assume, given
from hypothesis import strategies as st

import pullback as pb
from pullback.core.errors import FileFault
from pullback.core.objects import BIT, Scalar
from pullback.frontends.files import pull
from pullback.ir.circuit.circuit import XOR, Circuit, Names, make
from pullback.ir.circuit.evaluate import evaluate
from pullback.testing import all_inputs, circuits

pytestmark = pytest.mark.slow  # together they take many seconds


@examples(40)
@given(st.sampled_from((BIT, Scalar("z", 5), Scalar("sat", 4))).flatmap(circuits))
def test_a_circuit_written_as_a_program_means_the_same(c: Circuit) -> None:
    assume(len(c.outputs) + c.states)
    module = pb.compile(pull.write(c))
    (f,) = module.functions.values()
    state = f.face.names[: c.states]
    read = pb.circuit(f, state=state, given={n: max(int(v), 0) for n, v in zip(state, c.start.tolist(), strict=True)})
    assert read.start.tolist() == np.maximum(c.start, 0).tolist()
    x = all_inputs(c)
    for a, b in zip(*(evaluate(d, x[:, : c.inputs], x[:, c.inputs :]) for d in (c, read)), strict=True):
        np.testing.assert_array_equal(a, b)


def test_names_become_names_of_the_language() -> None:
    c = make(BIT, 4, [XOR], [0], [3], [4], names=Names(("x[0]", "if", "n12", "ä b"), (), ("y",)), name="2bit")
    text = pull.write(c)
    assert text == (
        "def x2bit(x_0: bit, if_: bit, i2: bit, ä_b: bit) -> bit =\n    let n4 = x_0 + ä_b\n    n4\n"
    )
    assert pb.compile(text).x2bit(True, False, False, True) is False


def test_a_circuit_that_gives_nothing_is_no_function() -> None:
    with pytest.raises(FileFault, match="no outputs"):
        pull.write(make(BIT, 1, [], [], [], []))
