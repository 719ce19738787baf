"""The pseudo-linear model: its derivative in closed form is the one by brute force, and it learns to tell digits apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import pullback as pb
from pullback.stdlib.programs import program

M = program("circuits.pseudolinear")
DIGITS = Path(__file__).parents[3] / "examples" / "data" / "digits.npz"


PAIRS = st.integers(0, 9).flatmap(lambda n: st.tuples(*[st.lists(st.booleans(), min_size=n, max_size=n)] * 2))


@given(PAIRS, st.integers(1, 5))
def test_the_closed_form_is_the_derivative_by_brute_force(masks: tuple[list[bool], list[bool]], part: int) -> None:
    """R[f](x, y)ᵢ = (f(x) + f(x + eᵢ))·y, one evaluation for each bit."""
    p, x = (np.array(bits, dtype=bool) for bits in masks)

    def few(p: np.ndarray, x: np.ndarray) -> bool:
        return bool((p & x).sum() <= p.sum() // part)

    flips = np.eye(len(p), dtype=bool)
    assert M.few(p, x, part) == few(p, x)
    by_mask, by_input = pb.reverse(M.few)(p, x, part, True)
    assert by_mask.tolist() == [few(p, x) != few(p ^ e, x) for e in flips]
    assert by_input.tolist() == [few(p, x) != few(p, x ^ e) for e in flips]


def test_zeros_and_ones() -> None:
    """As published, on the digits there are here: one mask, shown the examples once, the best on those held out is kept."""
    with np.load(DIGITS) as data:
        zeros_and_ones = data["labels"] < 2
        images, labels, split = (data[k][zeros_and_ones] for k in ("images", "labels", "split"))
    xs, ys = images.reshape(len(images), -1) > 6, labels == 1
    theta, best = np.zeros((1, 64, 1), dtype=bool), (0.0, 0.0)
    for k in np.flatnonzero(split == 0):
        theta = M.correct(theta, 4, xs[[k]], ys[[k], None], np.array([[0]]))
        right = M.outputs(theta, 4, xs)[:, 0, 0] == ys
        best = max(best, (float(right[split == 1].mean()), float(right[split == 2].mean())))
    assert best[0] > 0.9 and best[1] > 0.9
