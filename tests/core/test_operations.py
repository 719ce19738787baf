"""All operations, all rules: each operation of the table is held against what it says about itself."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from pullback.core.algebra import NumpyAlgebra, Value
from pullback.core.laws import matches, samples, values
from pullback.core.objects import BIT, BOOL, F32, F64, I32, I64, Scalar
from pullback.core.operation import INSTRUCTIONS, Expansion, Instruction, Operation, Undefined
from pullback.core.operations import OPERATIONS
from pullback.core.semiring import semiring

from .tape import Tape, gradient

PLAIN = NumpyAlgebra(OPERATIONS)
EXPANDED = NumpyAlgebra(OPERATIONS, expand=True)

Application = tuple[Operation, tuple[Scalar, ...], Scalar | None, Scalar]
APPLICATIONS: list[Application] = [(o, *a) for o in OPERATIONS.values() for a in o.applications()]
SMOOTH = [a for a in APPLICATIONS if a[3].is_differentiable and any(o.is_differentiable for o in a[1])
          and a[0].derivative_missing(a[1], a[3]) is None]


def _name(application: Application) -> str:
    operation, objects, to, _ = application
    return f"{operation.name}({', '.join(map(str, objects))}){f'->{to}' if to else ''}"


every = pytest.mark.parametrize("application", APPLICATIONS, ids=_name)
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda o: o.name)


def _arguments(application: Application, corners: bool = True) -> list[Value]:
    operation, objects, to, _ = application
    if operation.name == "element":
        assert to is not None
        return [PLAIN.value(values(to), objects[0])]
    return [PLAIN.value(a, o) for a, o in zip(samples(operation, objects, corners), objects, strict=True)]


# -- the table -------------------------------------------------------------------------------------------------------
@every_operation
def test_says_what_it_is(operation: Operation) -> None:
    assert OPERATIONS[operation.name] is operation
    assert len(operation.doc) > 1 and "\n" not in operation.doc
    assert operation.cost.flops >= 0 and operation.cost.weight >= 0
    assert list(operation.applications()), "no object to check it on"
    for rule in (operation.reverse, operation.forward):
        if isinstance(rule, Undefined):
            assert len(rule.reason) > 10
    assert isinstance(operation.reverse, Undefined) == isinstance(operation.forward, Undefined)


@every_operation
def test_samples_fit(operation: Operation) -> None:
    floats = any(o.is_float for objects in operation.objects for o in objects)
    assert bool(operation.samples) or not floats
    assert all(len(point) == operation.arity for point in operation.samples)


def test_the_table_is_immutable() -> None:
    with pytest.raises(TypeError):
        OPERATIONS["add"] = OPERATIONS["mul"]  # type: ignore[index]


def test_every_instruction_is_used_and_no_other() -> None:
    used = {lowering.name for o, objects, _, result in APPLICATIONS
            if isinstance(lowering := o.lowering(objects, result), Instruction)}
    assert used == {name for group in INSTRUCTIONS.values() for name in group}
    with pytest.raises(ValueError, match="unknown machine instruction"):
        Instruction("fma3")


@every_operation
def test_commutative_says_so(operation: Operation) -> None:
    if operation.arity != 2:
        assert not operation.commutative
        return
    differ = False
    for application in ((operation, *a) for a in operation.applications()):
        x, y = _arguments(application)
        there, back = PLAIN.apply(operation.name, x, y).array, PLAIN.apply(operation.name, y, x).array
        differ |= not matches(there, back)
    # max and min commute as values, but a tie's tangent goes to the first argument
    assert operation.commutative == (not differ) or operation.name in ("max", "min")


# -- typing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "objects", "to", "message"), [
    ("exp", (I64,), None, "`exp` is defined on f64 or f32, not on i64"),
    ("add", (F64, F32), None, "one type, not f64 and f32"),
    ("add", (F64,), None, r"`\+` takes 2 arguments, not 1"),
    ("sub", (Scalar("sat", 3), Scalar("sat", 3)), None, "not on sat<3>"),
    ("neg", (BOOL,), None, "not on bool"),
    ("add", (Scalar("z", 3), Scalar("z", 5)), None, "not z<3> and z<5>"),
    ("compare", (BIT, BIT), None, "not on bit"),
    ("select", (F64, F64, F64), None, "a condition is bool, not f64"),
    ("select", (BOOL, F64, I64), None, "one type"),
    ("cast", (F64,), None, "needs a target"),
    ("cast", (F64,), Scalar("z", 5), "f64 cannot be cast to z<5>.*go through i64"),
    ("cast", (Scalar("z", 7),), Scalar("z", 5), "z<7> cannot be cast to z<5>.*go through i64"),
    ("cast", (Scalar("z", 7),), F64, "only to i64"),
    ("lt", (Scalar("z", 7), Scalar("z", 7)), None, "`<` is defined on"),
    ("floordiv", (F64, F64), None, "i64 or i32"),
])
def test_typing_refuses(name: str, objects: Sequence[Scalar], to: Scalar | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OPERATIONS[name].typing(objects, to)


@every
def test_meaning_has_the_type(application: Application) -> None:
    operation, _, to, result = application
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        arguments = _arguments(application)
        value = PLAIN.apply(operation.name, *arguments, to=to)
        scalar = PLAIN.apply(operation.name, *(Value(a.object, a.array[0]) for a in arguments), to=to)
        empty = PLAIN.apply(operation.name, *(Value(a.object, a.array[:0]) for a in arguments), to=to)
    assert value.object == result and value.array.dtype == result.dtype
    assert value.array.shape == arguments[0].array.shape
    assert scalar.array.dtype == result.dtype and scalar.array.shape == ()
    assert matches(scalar.array, value.array[0]), "one at a time, and all at once"
    assert empty.array.dtype == result.dtype and empty.array.shape == (0,)
    if result.modulus is not None:
        assert np.all((value.array >= 0) & (value.array < result.modulus))


@every
def test_expansion_is_the_meaning(application: Application) -> None:
    operation, objects, to, result = application
    if isinstance(operation.lowering(objects, result), Expansion):
        arguments = _arguments(application)
        expanded = EXPANDED.apply(operation.name, *arguments, to=to)
        assert expanded.object == result
        assert matches(expanded.array, PLAIN.apply(operation.name, *arguments, to=to).array)


def test_wide_moduli_do_not_overflow() -> None:
    n = 2**31
    for kind, expected in (("z", (n - 1) ** 2 % n), ("sat", n - 1)):
        top = PLAIN.value([n - 1], Scalar(kind, n))
        for algebra in (PLAIN, EXPANDED):
            assert algebra.apply("mul", top, top).array.tolist() == [expected]
            assert algebra.apply("add", top, top).array.tolist() == [(2 * n - 2) % n if kind == "z" else n - 1]


# -- derivatives -----------------------------------------------------------------------------------------------------
FLOAT = [a for a in SMOOTH if all(not o.is_differentiable or o == F64 for o in (*a[1], a[3]))]


def _slope(function: Any, point: Sequence[float], k: int) -> Any:
    """∂f/∂x_k by the five-point rule: error h⁴ and rounding/h."""
    h = 1e-3 * (abs(point[k]) or 1.0)

    def at(steps: int) -> Any:
        return function(*(x + steps * h if i == k else x for i, x in enumerate(point)))

    return (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * h)


def _evaluate(operation: Operation, objects: Sequence[Scalar], to: Scalar | None, point: Sequence[Any]) -> Any:
    arguments = [PLAIN.value(x, o) for x, o in zip(point, objects, strict=True)]
    return PLAIN.apply(operation.name, *arguments, to=to).array


@pytest.mark.parametrize("application", FLOAT, ids=_name)
def test_reverse_is_the_slope(application: Application) -> None:
    operation, objects, to, result = application
    for point in operation.samples:
        arguments = [PLAIN.value(x, o) for x, o in zip(point, objects, strict=True)]
        value = PLAIN.apply(operation.name, *arguments, to=to)
        cotangents = operation.pull(PLAIN, arguments, value, PLAIN.value(1.5, result))
        assert not isinstance(cotangents, Undefined) and len(cotangents) == operation.arity
        for k, cotangent in enumerate(cotangents):
            if not objects[k].is_differentiable:
                assert cotangent is None
                continue
            expected = 1.5 * _slope(lambda *p: _evaluate(operation, objects, to, p), point, k)
            actual = 0.0 if cotangent is None else float(cotangent.array)
            assert actual == pytest.approx(expected, rel=1e-7, abs=1e-8), (point, k)


@pytest.mark.parametrize("application", FLOAT, ids=_name)
def test_rules_differentiate_again(application: Application) -> None:
    """The second derivative, from the rules of the operations in the rules."""
    operation, objects, to, _ = application
    for point in operation.samples:
        if not _twice(operation, objects):
            continue
        for k, o in enumerate(objects):
            if not o.is_differentiable:
                continue

            def slope(*p: Any, k: int = k) -> float:
                tape = Tape(PLAIN)
                leaves = [tape.leaf(x, o) for x, o in zip(p, objects, strict=True)]
                out = gradient(tape, tape.apply(operation.name, *leaves, to=to), leaves)[k]
                return 0.0 if out is None else float(out.value.array)

            tape = Tape(PLAIN)
            leaves = [tape.leaf(x, o) for x, o in zip(point, objects, strict=True)]
            first = gradient(tape, tape.apply(operation.name, *leaves, to=to), leaves)[k]
            second = [None] * len(leaves) if first is None else gradient(tape, first, leaves)
            for m, o_m in enumerate(objects):
                if o_m.is_differentiable:
                    node = second[m]
                    actual = 0.0 if node is None else float(node.value.array)
                    assert actual == pytest.approx(_slope(slope, point, m), rel=1e-6, abs=1e-7), (point, k, m)


def _twice(operation: Operation, objects: Sequence[Scalar]) -> bool:
    return operation.name != "trigamma"  # its rule is in tetragamma, which says that it has none


def test_the_end_of_the_gamma_chain_says_so() -> None:
    missing = OPERATIONS["tetragamma"].derivative_missing((F64,), F64)
    assert missing is not None and "fourth derivative" in missing.reason


@pytest.mark.parametrize("application", SMOOTH, ids=_name)
def test_forward_is_the_transpose_of_reverse(application: Application) -> None:
    """⟨R(w), v⟩ = ⟨w, D(v)⟩, exactly where arithmetic is exact."""
    operation, objects, to, result = application
    if any(o.is_float for o in objects):
        columns = [np.array(c) for c in zip(*operation.samples, strict=True)]
    else:
        columns = list(samples(operation, objects))
    arguments = [PLAIN.value(c, o) for c, o in zip(columns, objects, strict=True)]
    value = PLAIN.apply(operation.name, *arguments, to=to)
    for shift in range(3):
        w = _spread(result, value.array.size, shift)
        tangents = [_spread(o, value.array.size, shift + 2 * k + 1) if o.is_differentiable else None
                    for k, o in enumerate(objects)]
        for sparse in range(len(objects) + 1):  # all tangents, then each one a structural zero
            given = [None if k == sparse else t for k, t in enumerate(tangents)]
            pulled = operation.pull(PLAIN, arguments, value, w)
            pushed = operation.push(PLAIN, arguments, value, given)
            assert not isinstance(pulled, Undefined) and not isinstance(pushed, Undefined)
            left = _dot(result, [(p, t) for p, t in zip(pulled, given, strict=True)])
            right = _dot(result, [(w, pushed)])
            for a, o in zip(pulled, objects, strict=True):
                assert a is None or a.object == o
            assert pushed is None or pushed.object == result
            if not semiring(result).exact:
                tight = F32 not in (result, *objects)
                assert np.allclose(left, right, rtol=1e-12 if tight else 1e-5, atol=1e-12 if tight else 1e-5)
            else:
                assert np.array_equal(left, right)


def _spread(o: Scalar, count: int, shift: int) -> Value:
    numbers = [0.5, -1.25, 2.0, 0.75] if o.is_float else list(semiring(o).elements or range(5))
    return PLAIN.value([numbers[(k + shift) % len(numbers)] for k in range(count)], o)


def _dot(o: Scalar, pairs: Sequence[tuple[Value | None, Value | None]]) -> Any:
    """Σ x·y in the semiring, None being zero."""
    if o.is_float:
        return sum((x.array.astype(float) * y.array.astype(float) for x, y in pairs if x and y), start=np.array(0.0))
    s = semiring(o)
    total = np.array(s.zero, dtype=o.dtype)
    for x, y in pairs:
        if x and y:
            total = s.add(total, s.mul(x.array, y.array))
    return total


FORMAL = [BIT, *(Scalar("z", n) for n in (2, 3, 5, 6)), *(Scalar("sat", n) for n in (2, 3, 5))]


@pytest.mark.parametrize("scalar", FORMAL, ids=str)
def test_reverse_is_the_formal_derivative_of_monomials(scalar: Scalar) -> None:
    """R[xⁱyʲ](x, y; w) = (i·xⁱ⁻¹yʲ·w, j·xⁱyʲ⁻¹·w), with i and j summed in the semiring."""
    s = semiring(scalar)
    elements = np.array(values(scalar), dtype=scalar.dtype)
    x, y, w = (g.ravel() for g in np.meshgrid(elements, elements, elements))

    def power(base: Any, exponent: int) -> Any:
        out = np.full_like(base, s.one)
        for _ in range(exponent):
            out = s.mul(out, base)
        return out

    def times(count: int, value: Any) -> Any:
        out = np.full_like(value, s.zero)
        for _ in range(count):
            out = s.add(out, value)
        return out

    for i, j in [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (3, 2), (5, 1)]:
        tape = Tape(PLAIN)
        leaves = [tape.leaf(x, scalar), tape.leaf(y, scalar)]
        node = tape.constant(s.one, scalar)
        for leaf in [leaves[0]] * i + [leaves[1]] * j:
            node = tape.apply("mul", node, leaf)
        dx, dy = gradient(tape, node, leaves, tape.leaf(w, scalar))
        assert dx is not None
        assert np.array_equal(dx.value.array, s.mul(times(i, s.mul(power(x, max(i - 1, 0)), power(y, j))), w))
        if j:
            assert dy is not None
            assert np.array_equal(dy.value.array, s.mul(times(j, s.mul(power(x, i), power(y, j - 1))), w))


# -- conventions at corners ------------------------------------------------------------------------------------------
def _derivatives(name: str, *point: float, scalar: Scalar = F64) -> list[float | None]:
    arguments = [PLAIN.value(x, scalar) for x in point]
    value = PLAIN.apply(name, *arguments)
    pulled = OPERATIONS[name].pull(PLAIN, arguments, value, PLAIN.value(1, scalar))
    assert not isinstance(pulled, Undefined)
    return [None if p is None else float(p.array) for p in pulled]


@pytest.mark.parametrize(("name", "point", "expected"), [
    ("sqrt", (0.0,), [math.inf]),
    ("abs", (0.0,), [0.0]),
    ("abs", (-0.0,), [0.0]),
    ("relu", (0.0,), [0.0]),
    ("max", (2.0, 2.0), [1.0, 0.0]),
    ("min", (2.0, 2.0), [1.0, 0.0]),
    ("pow", (0.0, 0.0), [0.0, 0.0]),
    ("pow", (1e-310, 0.0), [0.0, math.log(1e-310)]),
    ("pow", (2.0, 0.0), [0.0, math.log(2.0)]),
    ("pow", (0.0, 1.0), [1.0, 0.0]),
    ("pow", (0.0, 2.0), [0.0, 0.0]),
    ("pow", (0.0, 0.5), [math.inf, 0.0]),
    ("pow", (-2.0, 3.0), [12.0, math.nan]),
    ("pow", (-2.0, 0.0), [0.0, math.nan]),
    ("sign", (0.0,), [None]),
    ("floor", (1.0,), [None]),
    ("copysign", (-3.0, 2.0), [-1.0, None]),
    ("log", (0.0,), [math.inf]),
    ("asin", (1.0,), [math.inf]),
    ("acos", (1.0,), [-math.inf]),
    ("tanh", (800.0,), [0.0]),
    ("sigmoid", (-800.0,), [0.0]),
    ("softplus", (800.0,), [1.0]),
])
def test_conventions(name: str, point: tuple[float, ...], expected: list[float | None]) -> None:
    actual = _derivatives(name, *point)
    assert [a is None for a in actual] == [e is None for e in expected]
    for a, e in zip(actual, expected, strict=True):
        if a is not None and e is not None:
            assert a == e or (math.isnan(a) and math.isnan(e)), (actual, expected)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4])
def test_derivatives_of_powers_at_zero_are_right_to_the_third_order(exponent: int) -> None:
    tape = Tape(PLAIN)
    x, y = tape.leaf(0.0, F64), tape.leaf(float(exponent), F64)
    node = tape.apply("pow", x, y)
    for order in range(1, 4):
        out = gradient(tape, node, [x])[0]
        expected = math.factorial(exponent) if order == exponent else 0.0
        assert (0.0 if out is None else float(out.value.array)) == expected
        if out is None:
            break
        node = out


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 2.5])
def test_second_derivatives_by_the_exponent_are_finite_at_base_zero(exponent: float) -> None:
    tape = Tape(PLAIN)
    leaves = [tape.leaf(0.0, F64), tape.leaf(exponent, F64)]
    first = gradient(tape, tape.apply("pow", *leaves), leaves)[1]
    assert first is not None
    for second in gradient(tape, first, leaves):
        assert second is not None and float(second.value.array) == 0.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_select_lets_nothing_through_from_the_side_not_taken(bad: float) -> None:
    condition = PLAIN.value([True, False], BOOL)
    x, y = PLAIN.value([1.0, bad], F64), PLAIN.value([bad, 2.0], F64)
    value = PLAIN.apply("select", condition, x, y)
    assert value.array.tolist() == [1.0, 2.0]
    pulled = OPERATIONS["select"].pull(PLAIN, [condition, x, y], value, PLAIN.value([3.0, 4.0], F64))
    assert not isinstance(pulled, Undefined) and pulled[0] is None and pulled[1] is not None and pulled[2] is not None
    assert pulled[1].array.tolist() == [3.0, 0.0] and pulled[2].array.tolist() == [0.0, 4.0]


def test_compare_has_derivative_zero() -> None:
    assert _derivatives("compare", 2, 2, scalar=Scalar("z", 5)) == [None, None]


def test_a_float_made_an_integer_has_no_derivative_and_says_why() -> None:
    cast = OPERATIONS["cast"]
    missing = cast.derivative_missing((F64,), I64)
    assert missing is not None and "step function" in missing.reason and "stop_gradient" in (missing.hint or "")
    x = PLAIN.value([1.5], F64)
    assert isinstance(cast.pull(PLAIN, [x], PLAIN.apply("cast", x, to=I64), None), Undefined)
    assert cast.derivative_missing((I64,), F64) is None, "an index may become a float: nothing flows back to it"


def test_rules_are_silent_where_there_is_nothing_to_differentiate() -> None:
    x = PLAIN.value([3], I64)
    assert OPERATIONS["mul"].pull(PLAIN, [x, x], x, None) == (None, None)
    assert OPERATIONS["mul"].push(PLAIN, [x, x], x, [None, None]) is None
    y = PLAIN.value([3.0], F64)
    assert OPERATIONS["mul"].pull(PLAIN, [y, y], y, None) == (None, None)
    assert OPERATIONS["mul"].push(PLAIN, [y, y], y, [None, None]) is None


# -- machine integers and casts --------------------------------------------------------------------------------------
@pytest.mark.parametrize("scalar", [I64, I32], ids=str)
def test_integer_division_is_pythons_and_total(scalar: Scalar) -> None:
    x, y = samples(OPERATIONS["floordiv"], (scalar, scalar))
    bits = 8 * x.dtype.itemsize
    quotient, remainder = (PLAIN.apply(n, Value(scalar, x), Value(scalar, y)).array for n in ("floordiv", "mod"))
    for a, b, q, r in zip(x.tolist(), y.tolist(), quotient.tolist(), remainder.tolist(), strict=True):
        if b == 0:
            assert (q, r) == (0, 0)
        else:
            assert (q - a // b) % 2**bits == 0 and r == a % b


@pytest.mark.parametrize("name", ["floordiv", "mod"])
def test_the_guard_catches_exactly_division_by_zero(name: str) -> None:
    guard = OPERATIONS[name].guard
    assert guard is not None and "by zero" in guard.message
    x, y = PLAIN.value([1, 1, 0], I64), PLAIN.value([0, 2, 0], I64)
    assert guard.rule(PLAIN, x, y).array.tolist() == [False, True, False]


@pytest.mark.parametrize("scalar", [I64, I32], ids=str)
def test_shifts_are_pythons_and_total(scalar: Scalar) -> None:
    x, y = samples(OPERATIONS["shl"], (scalar, scalar))
    bits = 8 * x.dtype.itemsize
    left, right = (PLAIN.apply(n, Value(scalar, x), Value(scalar, y)).array for n in ("shl", "shr"))
    for a, b, up, down in zip(x.tolist(), y.tolist(), left.tolist(), right.tolist(), strict=True):
        inside = 0 <= b < bits
        assert (up - (a << b if inside else 0)) % 2**bits == 0
        assert down == a >> (b if inside else bits - 1)


@pytest.mark.parametrize(("value", "to", "expected"), [
    (math.nan, I64, 0), (math.inf, I64, 2**63 - 1), (-math.inf, I64, -(2**63)), (2.0**63, I64, 2**63 - 1),
    (-1.9, I64, -1), (1.9, I64, 1), (2.0**53 + 2, I64, 2**53 + 2), (-(2.0**63), I64, -(2**63)),
    (2.0**31, I32, 2**31 - 1), (-(2.0**31) - 1, I32, -(2**31)), (2.0**31 - 1, I32, 2**31 - 1),
])
@pytest.mark.parametrize("source", [F64, F32], ids=str)
def test_float_to_integer_truncates_and_saturates(source: Scalar, value: float, to: Scalar, expected: int) -> None:
    x = PLAIN.value(value, source)
    if not math.isfinite(value) or float(x.array) == value:
        assert int(PLAIN.apply("cast", x, to=to).array) == expected


@pytest.mark.parametrize(("value", "to", "expected"), [
    (-1, Scalar("z", 5), 4), (12, Scalar("z", 5), 2), (-1, Scalar("sat", 5), 0), (12, Scalar("sat", 5), 4),
    (-3, BIT, True), (4, BIT, False), (2**40 + 3, I32, 3), (0, BOOL, False), (-2, BOOL, True),
])
def test_integers_become_elements(value: int, to: Scalar, expected: int) -> None:
    for algebra in (PLAIN, EXPANDED):
        assert algebra.apply("cast", algebra.value(value, I64), to=to).array == expected


@pytest.mark.parametrize("scalar", [Scalar("z", 6), Scalar("sat", 5), BIT], ids=str)
def test_elements_go_to_i64_and_back(scalar: Scalar) -> None:
    x = PLAIN.value(values(scalar), scalar)
    assert matches(PLAIN.apply("cast", PLAIN.apply("cast", x, to=I64), to=scalar).array, x.array)


# -- special functions -----------------------------------------------------------------------------------------------
_GAMMA = (1e-8, 0.1, 0.5, 1.0, 1.3, 2.0, 3.7, 9.5, 10.5, 25.0, 1e3, 1e8, 1e15, -0.25, -1.5, -7.3, -25.7)


@pytest.mark.parametrize(("name", "order"), [("digamma", 0), ("trigamma", 1), ("tetragamma", 2)])
def test_polygamma_against_mpmath(name: str, order: int) -> None:
    import mpmath

    with mpmath.workdps(30):
        expected = [float(mpmath.psi(order, mpmath.mpf(x))) for x in _GAMMA]
    actual = PLAIN.apply(name, PLAIN.value(_GAMMA, F64)).array
    assert np.allclose(actual, expected, rtol=2e-15, atol=4e-15)


@pytest.mark.parametrize(("name", "x", "expected"), [
    ("digamma", 0.0, -math.inf), ("digamma", -0.0, math.inf), ("digamma", -3.0, math.nan),
    ("digamma", math.inf, math.inf), ("digamma", -math.inf, math.nan), ("digamma", math.nan, math.nan),
    ("digamma", 5e-324, -math.inf), ("trigamma", 0.0, math.inf), ("trigamma", -2.0, math.inf),
    ("trigamma", math.inf, 0.0), ("trigamma", 1e200, 1e-200), ("trigamma", -math.inf, math.nan),
    ("tetragamma", 0.0, -math.inf), ("tetragamma", -0.0, math.inf), ("tetragamma", -2.0, math.nan),
    ("tetragamma", math.inf, -0.0), ("tetragamma", -math.inf, math.nan), ("tetragamma", 5e-324, -math.inf),
    ("trigamma", math.nan, math.nan), ("lgamma", 0.0, math.inf), ("lgamma", -1.0, math.inf),
    ("lgamma", math.inf, math.inf), ("lgamma", -math.inf, math.inf), ("lgamma", math.nan, math.nan),
    ("lgamma", 1e306, math.inf), ("erf", math.inf, 1.0), ("erfc", -math.inf, 2.0), ("softplus", math.inf, math.inf),
    ("softplus", -math.inf, 0.0), ("sigmoid", math.inf, 1.0), ("sigmoid", -math.inf, 0.0),
    ("relu", math.nan, math.nan), ("relu", -math.inf, 0.0), ("sign", math.nan, math.nan), ("round", 2.5, 2.0),
    ("log2", 8.0, 3.0), ("rsqrt", 0.0, math.inf),
])
def test_special_values(name: str, x: float, expected: float) -> None:
    assert matches(PLAIN.apply(name, PLAIN.value(x, F64)).array, np.float64(expected), 1e-15)


def test_extrema_propagate_nan() -> None:
    nan, one = PLAIN.value(math.nan, F64), PLAIN.value(1.0, F64)
    for name in ("max", "min"):
        assert np.isnan(PLAIN.apply(name, nan, one).array) and np.isnan(PLAIN.apply(name, one, nan).array)


