"""Index proofs hold for machine integers, which wrap: what is proved is so for the greatest and the least of them too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pullback as pb
from pullback.core.objects import I32, I64
from pullback.ir.graph.construct import Construct
from pullback.ir.graph.ends import Ends
from pullback.ir.graph.node import Node, Pool

pytestmark = pytest.mark.slow  # together they take some seconds

X = np.array([3.0, 5.0, 7.0])
GREATEST, LEAST = 2**63 - 1, -(2**63)
NUMBERS = st.sampled_from([0, 1, 2, 3, -1, 7, 2**31, 3037000500, 2**62, GREATEST, LEAST, LEAST + 1, 3689348814741910323])


def outcome(f: Any, *args: Any) -> float | str:
    try:
        return float(f(*args))
    except pb.IndexFault as fault:
        return fault.code


@pytest.mark.parametrize("condition, index, k, l", [
    ("k >= 0 and l >= 0 and k + l < n", "k + l", GREATEST, GREATEST),
    ("k >= 0 and k * k < n", "k * k", 3037000500, 0),
    ("k > 0 and k - l > 0 and k - l < n", "k - l - 1", GREATEST, -5),
    ("k >= 0 and 4 * k < n", "4 * k", 3689348814741910323, 0),
    ("-k >= 0 and -k < n", "-k", LEAST, 0),
])  # fmt: skip
def test_a_condition_that_wraps_proves_nothing(condition: str, index: str, k: int, l: int) -> None:
    module = pb.compile(f"def f(x: f64[n], k: i64, l: i64) -> f64 = if {condition} then x[{index}] else -1")
    assert outcome(module.f, X, k, l) == outcome(module.f.with_settings(backend="interpreter"), X, k, l)


def test_a_condition_that_cannot_wrap_spares_the_check() -> None:
    f = pb.compile("def f(x: f64[n], k: i64, l: i64) -> f64 =\n"
                   "    if k >= 0 and l >= 0 and k < n and l < n - k then x[k + l] else -1").f
    assert "check" not in f.as_text("loops")
    assert [f(X, k, 1) for k in (0, 1, 2, -1, GREATEST)] == [5, 7, -1, -1, -1]


SIDES = ["k", "l", "n", "k + l", "k - l", "2 * k", "k * l", "l + 1", "n - k", "-l", "0", "1", "(k + 1) // 2"]


@given(st.lists(st.tuples(st.sampled_from(SIDES), st.sampled_from(["<", "<=", ">", ">=", "=="]), st.sampled_from(SIDES)),
                min_size=1, max_size=4), st.sampled_from(SIDES), NUMBERS, NUMBERS)  # fmt: skip
@example([("k", ">=", "0"), ("l", ">=", "0"), ("k + l", "<", "n")], "k + l", GREATEST, GREATEST)
def test_whatever_the_condition_no_read_goes_astray(facts: list[tuple[str, str, str]], index: str, k: int, l: int) -> None:
    condition = " and ".join(map(" ".join, facts))
    module = pb.compile(f"def f(x: f64[n], k: i64, l: i64) -> f64 = if {condition} then x[{index}] else -1")
    want = outcome(module.f.with_settings(backend="interpreter"), X, k, l)
    assert outcome(module.f.with_settings(backend="python"), X, k, l) == want, module.f.as_text("loops")


@st.composite
def integers(draw: Any) -> tuple[Node, Any]:
    """A node over two inputs, and its value as the machine has it and as the integers do."""
    element = draw(st.sampled_from([I64, I32]))
    c = Construct(Pool({}))
    inputs = [c.pool.intern("input", (), (k, name), element, ()) for k, name in enumerate("kl")]

    def grown(depth: int) -> Node:
        if depth == 0:
            return draw(st.sampled_from([*inputs, c.constant(3, element), c.constant(-2, element)]))
        op = draw(st.sampled_from(["add", "sub", "mul", "max", "min", "floordiv", "neg"]))
        left = grown(depth - 1)
        if op == "neg":
            return c.apply(op, left)
        return c.apply(op, left, c.constant(3, element) if op == "floordiv" else grown(depth - 1))

    return grown(draw(st.integers(1, 4))), element


def computed(node: Node, values: dict[Node, int], wrap: Any) -> int:
    args = [computed(a, values, wrap) for a in node.args]
    match node.op:
        case "constant" | "zero":
            return int(node.data or 0)
        case "input":
            return values[node]
    rule = {"add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "max": max, "min": min,
            "floordiv": lambda a, b: a // b, "neg": lambda a: -a}  # fmt: skip
    return int(wrap(rule[node.op](*args)))


@given(st.data())
def test_ends_hold_the_machines_value_and_exact_is_exact(data: st.DataObject) -> None:
    node, element = data.draw(integers())
    half = 2**31 if element == I32 else 2**63
    bounds = data.draw(st.sampled_from([(-5, 5), (0, 2**20), (-half, half - 1)]))
    leaves = {n for n in reached(node) if n.op == "input"}
    values = {n: data.draw(st.one_of(st.sampled_from(bounds), st.integers(*bounds))) for n in sorted(leaves)}
    ends = Ends(dict.fromkeys(leaves, bounds))
    machine = computed(node, values, lambda v: (v + half) % (2 * half) - half)
    low, high = ends.of(node)
    assert low <= machine <= high
    if ends.exact(node):
        assert machine == computed(node, values, lambda v: v)


def reached(node: Node) -> set[Node]:
    return {node}.union(*map(reached, node.args))
