"""Objects print as they are written, and refuse what is no type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pullback.core.objects import (
    BIT,
    BOOL,
    DTYPES,
    F32,
    F64,
    I64,
    Array,
    Scalar,
    Tuple,
    Wire,
    array,
    atom,
    element,
    is_differentiable,
    parse,
    row,
    shape,
    size,
    stack,
    substitute,
    wires,
)

n, d = atom("n"), atom("d")
scalars = st.one_of(
    st.sampled_from([k for k in DTYPES if k not in ("z", "sat")]).map(Scalar),
    st.builds(Scalar, st.sampled_from(["z", "sat"]), st.integers(2, 2**31)),
)
sizes = st.sampled_from([n, d, size(3), n * d, d * (d - 1) // 2, n // 2 + 1, size(0)])
wire_types = st.builds(array, scalars, st.lists(sizes, max_size=3).map(tuple))


@given(wire_types)
def test_text_reads_back(wire: Wire) -> None:
    assert parse(str(wire)) == wire


@given(wire_types, sizes)
def test_a_row_of_a_stack_is_the_wire(wire: Wire, count: object) -> None:
    assert row(stack(count, wire)) == wire  # type: ignore[arg-type]
    assert array(element(wire), shape(wire)) == wire


_NO_TYPES = ("", "f16x", "f64[", "f64[]", "f64[n,]", "z", "z<1>", "z<0>", "f64<3>", "f64 f64", "sat<4294967296>")


@pytest.mark.parametrize("text", _NO_TYPES)
def test_what_is_no_type_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse(text)


def test_an_array_has_a_dimension() -> None:
    with pytest.raises(ValueError, match="at least one dimension"):
        Array(F64, ())
    with pytest.raises(ValueError, match="no dimension to index"):
        row(F64)


def test_which_objects_have_tangents() -> None:
    assert all(is_differentiable(o) for o in (F64, F32, BIT, Scalar("z", 3), Scalar("sat", 3)))
    assert not any(is_differentiable(o) for o in (I64, BOOL))


def test_products_are_their_wires() -> None:
    pair = Tuple((F64, Tuple((Array(F32, (n,)), BOOL), ("x", "y"))))
    assert list(wires(pair)) == [F64, Array(F32, (n,)), BOOL]
    assert str(pair) == "(f64, {x: f32[n], y: bool})" and str(Tuple((F64,))) == "(f64,)" and str(Tuple(())) == "()"


def test_sizes_are_replaced() -> None:
    assert substitute(parse("f64[n, n*d]"), {"n": size(2)}) == parse("f64[2, 2*d]")
