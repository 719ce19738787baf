"""Sums over z<n> made over a multiple of n: the same sums, and one division each."""

from __future__ import annotations

import numpy as np
import pytest

import pullback as pb
from pullback.backends.interpreter import run
from pullback.core.objects import Scalar
from pullback.ir.graph.node import topological
from pullback.ir.passes.lazy import lazy

SOURCE = """\
type ring = z<{n}>
def dot(x: ring[n], y: ring[n]) -> ring = sum i: x[i] * y[i]
def deep(x: ring[n], y: ring[n]) -> ring = sum i: (x[i] + y[i]) * (x[i] * y[i] + x[i]) * (x[i] + 3)
def matrix(a: ring[n, k], b: ring[k, m]) -> ring[n, m] = for i, j: sum l: a[i, l] * b[l, j]
def plain(x: ring[n]) -> ring = sum i: x[i]
"""


@pytest.mark.slow
@pytest.mark.parametrize("n", (2, 7, 8, 46340, 46341, 65535, 2**31 - 1))
def test_sums_are_right_at_the_largest_elements(n: int) -> None:
    m = pb.compile(SOURCE.format(n=n))
    rng = np.random.default_rng(n)
    for count in (0, 1, 37, 1000):
        x, y = (rng.integers(max(0, n - 3), n, count) for _ in range(2))
        a, b = x.astype(object), y.astype(object)
        assert m.dot(x, y) == int((a * b).sum()) % n
        assert m.deep(x, y) == int(((a + b) * (a * b + a) * (a + 3)).sum()) % n
        assert m.plain(x) == int(a.sum()) % n
        dx, _ = pb.reverse(m.dot)(x, y, n - 1)
        np.testing.assert_array_equal(dx, (n - 1) * b % n)
    a, b = rng.integers(0, n, (5, 6)), rng.integers(0, n, (6, 7))
    np.testing.assert_array_equal(m.matrix(a, b), (a.astype(object) @ b.astype(object)) % n)


def sums(graph) -> list[Scalar]:
    return [node.element for node in topological(graph.results) if node.op == "sum"]


def test_what_is_made_over_a_multiple() -> None:
    m = pb.compile(SOURCE.format(n=7))
    assert sums(lazy(m.dot.executable.graph)) == [Scalar("z", 2**31 // 7 * 7)]
    assert sums(lazy(m.plain.executable.graph)) == [Scalar("z", 7)]  # nothing would be saved
    large = pb.compile(SOURCE.format(n=65537))
    assert sums(lazy(large.dot.executable.graph)) == [Scalar("z", 65537)]  # its products are too large


def test_a_sum_is_divided_once() -> None:
    """In the loop there is no division, and no remainder by multiplication: no shift."""
    kernel = pb.compile(SOURCE.format(n=7)).dot.as_text("loops")
    inside, after = kernel.split("read", 1)
    assert "ishr" not in inside and "imod" not in inside and "imod" in after


def test_the_meaning_of_the_kernel() -> None:
    m = pb.compile(SOURCE.format(n=7))
    x, y = np.arange(20) % 7, np.arange(20) * 3 % 7
    assert run(m.deep.term, [x, y])[0] == m.deep(x, y)
