"""A proof that an index is in range is never wrong, and the proofs programs need are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pullback.core.ranges import Range, nonnegative
from pullback.core.sizes import ONE, ZERO, Size, atom, size

pytestmark = pytest.mark.slow  # together they take many seconds

i, j, n, d = (atom(v) for v in "ijnd")

LOOPS: tuple[tuple[Range, ...], ...] = (
    (Range("i", ZERO, n - 1),),
    (Range("i", ZERO, n - 1), Range("n", ZERO, None)),
    (Range("i", ZERO, n - 1), Range("n", ONE, None)),
    (Range("i", ZERO, j - 1), Range("j", ZERO, n - 1), Range("n", ZERO, None)),
    (Range("i", j + 1, n - 1), Range("j", ZERO, n - 1)),
    (Range("i", ZERO, j * 2), Range("j", ZERO, d - 1)),
    (Range("i", size(-3), size(4)), Range("j", ZERO, n - 1)),
)
"""Loop nests, innermost first."""


def _points(within: Sequence[Range], values: dict[str, int]) -> Iterator[dict[str, int]]:
    """All assignments in the ranges, outermost first, given the sizes."""
    if not within:
        yield values
        return
    here = within[-1]
    if here.high is None:
        if values[here.name] >= here.low.evaluate(values):
            yield from _points(within[:-1], values)
        return
    for v in range(here.low.evaluate(values), here.high.evaluate(values) + 1):
        yield from _points(within[:-1], {**values, here.name: v})


def _everywhere(within: Sequence[Range]) -> Iterator[dict[str, int]]:
    for sizes in range(5):
        for other in range(5):
            # names without a range are sizes: at least 0
            yield from _points(within, {"n": sizes, "d": other, "i": 3, "j": 2})


terms = st.one_of(st.sampled_from([i, j, n, d]), st.integers(-3, 4).map(size))
values = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: t[0] + t[1]),
        st.tuples(inner, inner).map(lambda t: t[0] - t[1]),
        st.tuples(inner, inner).map(lambda t: t[0] * t[1]),
        st.tuples(inner, st.integers(2, 3)).map(lambda t: t[0] // t[1]),
        inner.map(lambda t: t * (t - 1) // 2),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(values, st.sampled_from(LOOPS))
def test_what_is_proved_holds_at_every_point(value: Size, within: tuple[Range, ...]) -> None:
    if nonnegative(value, within):
        assert all(value.evaluate(p) >= 0 for p in _everywhere(within))


c, r = atom("c"), atom("r")
TRIANGLE = (Range("c", ZERO, r - 1), Range("r", ZERO, d - 1))
PACKED = c * (d - 1) - c * (c - 1) // 2 + r - c - 1


@pytest.mark.parametrize(("value", "within"), [
    (i, LOOPS[0]),
    (n - 1 - i, LOOPS[0]),
    (n - 1, LOOPS[0]),
    (n - 1 - (n - 1 - i), LOOPS[0]),
    (n * d - 1 - (i * d + j), (Range("j", ZERO, d - 1), Range("i", ZERO, n - 1))),
    (PACKED, TRIANGLE),
    (d * (d - 1) // 2 - 1 - PACKED, TRIANGLE),
    (i // 2, LOOPS[0]),
    (n - 1 - i // 2, LOOPS[0]),
    ((n + 1) // 2 - 1 - i // 2, LOOPS[0]),
    ((n - 1) // 2, (Range("n", ONE, None),)),
    (n - n // 2, ()),
    (n - 1 - (i + j), (Range("j", ZERO, n - 1 - i), Range("i", ZERO, n - 1))),
    (2 * i + 1, LOOPS[0]),
    (i * (n - 1 - i), LOOPS[0]),
    (2 * n - 1 - (2 * i + 1), LOOPS[0]),
], ids=str)
def test_what_programs_need_is_proved(value: Size, within: tuple[Range, ...]) -> None:
    assert nonnegative(value, within)


@pytest.mark.parametrize(("value", "within"), [
    (n - 2 - i, LOOPS[0]),
    (n - 2, LOOPS[0]),
    (i * i - 4 * i + 3, (Range("i", ZERO, size(4)),)),
    (3 * i - i * i, (Range("i", ZERO, size(5)),)),
    (i - 1, LOOPS[0]),
    (n - 1, ()),
    (d * (d - 1) // 2 - 2 - PACKED, TRIANGLE),
    (n * d - 2 - (i * d + j), (Range("j", ZERO, d - 1), Range("i", ZERO, n - 1))),
    ((n - 1) // 2, ()),
], ids=str)
def test_what_is_false_is_not_proved(value: Size, within: tuple[Range, ...]) -> None:
    assert not nonnegative(value, within)


def test_a_loop_that_is_entered_says_no_more_than_that() -> None:
    """From 0 ≤ c < r follows r ≥ 1, and not r ≥ 2."""
    r = atom("r")
    within = (Range("c", ZERO, r - 1), Range("r", ZERO, atom("d") - 1))
    assert nonnegative(r - 1, within) and not nonnegative(r - 2, within)


def test_a_fall_at_the_very_end_is_seen() -> None:
    """1, 2, -1 at 0, 1, 2."""
    c = atom("c")
    assert not nonnegative(1 + c - 2 * c * (c - 1), (Range("c", ZERO, size(2)),))
