"""What a call takes and gives: arrays of all sorts, names, trees; and its refusals, in words."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import pullback as pb

TEXT = """
type Params = {w1: f64[n, d], b: f64[n]}
def net(params: Params, x: f64[d]) -> f64[n] = for i: (sum j: params.w1[i, j] * x[j]) + params.b[i]
def energy(params: Params, x: f64[d]) -> f64 = sum i: net(params, x)[i]^2
def line(w: f64[d], b: f64, xs: f64[n, d]) -> f64[n] = for i: b + (sum j: w[j] * xs[i, j])
def mix(p: (f64, (f64[n], i64))) -> (f64, {y: f64[n], lambda: f64}) = (p.0, {y: p.1.0, lambda: f64(p.1.1)})
def same(x: f64[n]) -> f64[n] = x
def add(x: f64[n], y: f64[n]) -> f64[n] = for i: x[i] + y[i]
def single(x: f32[n]) -> f32[n] = for i: x[i] * x[i]
def total(x: f64[n]) -> f64 = sum i: x[i]
def many(x: f64) -> (f64, f64) = (x, x * x)
def one(x: f64) -> (f64,) = (x,)
def none(x: f64) -> () = ()
def count(k: i64) -> f64[k + 1] = for i < k + 1: f64(i)
def head(x: f64[n], k: i64) -> f64[k] = for i < k: x[i]
def tail(x: f64[n + 1]) -> f64[n] = for i < n: x[i + 1]
def cube(x: z<7>) -> z<7> = x * x * x
def majority(a: bit[n], b: bit[n], c: bit[n]) -> bit[n] = for i: a[i]*b[i] + b[i]*c[i] + c[i]*a[i]
def pick(x: f64[n], k: i64) -> f64 = x[k]
def ratio(a: i64, b: i64) -> i64 = a // b
def flat(x: f64[n, d], l: f64[n*n]) -> f64 = sum i < n, j < n: l[i*n + j]
def square(x: f64[n, d]) -> f64[n*n] = for i < n*n: 1.0
def powers(x: f64[n, d]) -> f64 =
    let s = scan s = 0.0 for i < n*n: s + 1
    sum i < n, j < n: s[i*n + j]
"""


@pytest.fixture(scope="module")
def m() -> pb.Module:
    return pb.compile(TEXT)


@dataclasses.dataclass
class Params:
    w1: Any
    b: Any


class Other(NamedTuple):
    b: Any
    w1: Any


W, B, X = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0]), np.array([1.0, 0.5, -1.0])


# -- what comes in -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("make", [dict, Params, Other])
def test_a_record_is_a_dict_a_dataclass_or_a_named_tuple(m: pb.Module, make: Callable[..., Any]) -> None:
    assert np.allclose(m.net(make(w1=W, b=B), X), W @ X + B)


def test_tuples_nest_and_may_be_lists(m: pb.Module) -> None:
    for p in ((0.5, (X, 3)), [0.5, [X, 3]]):
        number, rest = m.mix(p)
        assert number == 0.5
        assert np.array_equal(rest.y, X)
        assert getattr(rest, "lambda") == 3.0


def test_arguments_by_name(m: pb.Module) -> None:
    xs = np.ones((4, 3))
    expected = m.line(X, 2.0, xs)
    assert np.array_equal(m.line(X, xs=xs, b=2.0), expected)
    assert np.array_equal(m.line(xs=xs, w=X, b=2), expected)


class Shown:
    """An array of another library, by the array interface."""

    def __init__(self, array: Any) -> None:
        self.array = array
        self.__array_interface__ = array.__array_interface__


class Lent:
    """An array of another library, by DLPack."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __dlpack__(self, **options: Any) -> Any:
        return self.array.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.array.__dlpack_device__()


def read_only(array: Any) -> Any:
    array = array.copy()
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("convert", [
    list, tuple, Shown, Lent, read_only,
    lambda x: np.repeat(x, 2)[::2],
    lambda x: x[::-1].copy()[::-1],
    lambda x: x.astype(">f8"),
    lambda x: np.frombuffer(b"\0" + x.tobytes(), np.uint8)[1:].view(np.float64),
], ids=["list", "tuple", "array interface", "dlpack", "read-only", "strided", "backward", "big-endian", "unaligned"])
def test_values_are_kept_whatever_holds_them(m: pb.Module, convert: Callable[[Any], Any]) -> None:
    given = convert(X)
    result = m.same(given)
    assert np.array_equal(result, X)
    assert result.dtype == np.float64
    assert result.flags.c_contiguous
    assert result.flags.writeable
    if isinstance(given, np.ndarray):
        assert not np.shares_memory(result, given)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int32, np.uint8])
def test_what_fits_is_widened(m: pb.Module, dtype: Any) -> None:
    assert np.array_equal(m.same(np.array([0, 1, 3], dtype)), [0.0, 1.0, 3.0])


def test_integers_for_reals(m: pb.Module) -> None:
    assert m.many(3) == (3.0, 9.0)
    assert m.many(np.int32(3)) == (3.0, 9.0)
    assert m.many(np.array(3.0)) == (3.0, 9.0)


def test_nothing_is_narrowed(m: pb.Module) -> None:
    with pytest.raises(pb.ArgumentFault, match=r"f64, which f32 does not hold without loss") as caught:
        m.single(np.ones(2))
    assert caught.value.code == "PB0605"
    assert m.single(np.float32([1.5])).dtype == np.float32


def test_nan_and_infinity_pass(m: pb.Module) -> None:
    odd = np.array([np.nan, np.inf, -np.inf, -0.0])
    assert np.array_equal(m.same(odd), odd, equal_nan=True)
    assert np.isnan(m.total(odd))
    assert np.signbit(m.same(odd)[3])


def test_one_array_twice(m: pb.Module) -> None:
    x = np.arange(1000.0)
    assert np.array_equal(m.add(x, x), 2 * x)
    assert np.array_equal(m.add(x[:500], x[250:750]), x[:500] + x[250:750])


def test_empty_arrays(m: pb.Module) -> None:
    assert m.total([]) == 0.0
    assert m.same([]).shape == (0,)
    assert m.line(np.empty(0), 1.0, np.empty((2, 0))).tolist() == [1.0, 1.0]
    assert m.line(X, 1.0, np.empty((0, 3))).shape == (0,)
    assert m.tail([1.0]).shape == (0,)
    assert m.head([], 0).shape == (0,)


# -- what comes out ----------------------------------------------------------------------------------------------------
def test_results_of_few_wires(m: pb.Module) -> None:
    assert m.many(2.0) == (2.0, 4.0)
    assert m.one(2.0) == (2.0,)
    assert m.none(2.0) == ()


def test_sizes_by_value_and_by_difference(m: pb.Module) -> None:
    assert m.count(2).tolist() == [0.0, 1.0, 2.0]
    assert m.head(X, 2).tolist() == [1.0, 0.5]
    assert m.tail(X).tolist() == [0.5, -1.0]


def test_finite_rings(m: pb.Module) -> None:
    assert [m.cube(k) for k in range(7)] == [k**3 % 7 for k in range(7)]
    a, b, c = (np.array([k >> s & 1 for k in range(8)]) for s in (2, 1, 0))
    assert np.array_equal(m.majority(a, b, c), a + b + c >= 2)


def test_records_are_pickled(m: pb.Module) -> None:
    _, rest = m.mix((0.5, (X, 3)))
    again = pickle.loads(pickle.dumps(rest))
    assert type(again) is type(rest)
    assert repr(again) == repr(rest) == "record(y=array([ 1. ,  0.5, -1. ]), lambda=3.0)"


# -- refusals ----------------------------------------------------------------------------------------------------------
TREE = {"w1": W, "b": B}
LONG = np.empty((2**32, 0))
"""A legal array of no bytes, whose length times itself is 0 in 64 bits."""

REFUSED: dict[str, tuple[str, Callable[[pb.Module], Any], str]] = {
    "few": ("PB0601", lambda m: m.line(X, 1.0), "`line` takes 3 arguments; `xs` is missing"),
    "many": ("PB0601", lambda m: m.line(X, 1.0, W, 2), "`line` takes 3 arguments, not 4"),
    "unknown": ("PB0607", lambda m: m.net(param=TREE, x=X), "did you mean `params`?"),
    "twice": ("PB0607", lambda m: m.line(X, 1.0, W, w=X), "`w` of `line` is given twice"),
    "text": ("PB0602", lambda m: m.line(X, "1", W), "`b` of `line` is f64"),
    "nothing": ("PB0602", lambda m: m.same(None), "`x` of `same` is f64[n]"),
    "complex": ("PB0602", lambda m: m.same(X * 1j), "complex"),
    "masked": ("PB0602", lambda m: m.same(np.ma.array([1.0], mask=[True])), "mask would be lost"),
    "sizes": ("PB0604", lambda m: m.line(X, 1.0, np.ones((2, 4))),
              "`d` is 3 by dimension 0 of `w`, but 4 by dimension 1 of `xs`"),
    "sizes in trees": ("PB0604", lambda m: m.net({**TREE, "b": X}, X),
                       "`n` is 2 by dimension 0 of `params['w1']`, but 3 by dimension 0 of `params['b']`"),
    "rank in trees": ("PB0603", lambda m: m.net({"w1": B, "b": B}, X), "`params['w1']` of `net` is f64[n, d]"),
    "rank in tuples": ("PB0603", lambda m: m.mix((1.0, (1.0, 2))), "`p[1][0]` of `mix` is f64[n]"),
    "missing field": ("PB0608", lambda m: m.net({"w1": W}, X), "the argument has no `b`"),
    "other field": ("PB0608", lambda m: m.net({"w11": W, "b": B}, X), "`w11` should be called `w1`"),
    "extra field": ("PB0608", lambda m: m.net({**TREE, "c": 1}, X), "the argument also has `c`"),
    "no record": ("PB0608", lambda m: m.net((W, B), X), "`params` is {w1: f64[n, d], b: f64[n]}; the argument is a tuple"),
    "no tuple": ("PB0608", lambda m: m.mix(1.0), "`p` is (f64, (f64[n], i64)); the argument is a float"),
    "long tuple": ("PB0608", lambda m: m.mix((1.0, (X, 1, 2))), "`p[1]` is (f64[n], i64)"),
    "negative size": ("PB0604", lambda m: m.count(-1), "`k` of `count` is a size, and cannot be -1"),
    "negative difference": ("PB0604", lambda m: m.tail([]), "make `n` = -1"),
    "size that wraps": ("PB0604", lambda m: m.flat(LONG, []), "is 0, but should be n*n = 18446744073709551616"),
    "result that wraps": ("PB0604", lambda m: m.square(LONG), "n*n, beyond all memory: `n` = 4294967296"),
    "size inside that wraps": ("PB0604", lambda m: m.powers(LONG), "n*n, beyond all memory: `n` = 4294967296"),
    "ring": ("PB0606", lambda m: m.cube(9), "z<7>, whose elements are 0 to 6, and has 9"),
    "bit": ("PB0605", lambda m: m.majority([2], [1], [1]), "`a` of `majority` is bool[n]"),
    "index": ("PB0701", lambda m: m.pick(X, 3), "index 3 is outside an array of 3"),
    "head": ("PB0701", lambda m: m.head(X, 5), "is outside an array of 3"),
    "division": ("PB0702", lambda m: m.ratio(1, 0), "division by zero"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refusals_say_what_and_where(m: pb.Module, case: str) -> None:
    code, call, message = REFUSED[case]
    for _ in range(2):  # the second time a call may go straight to machine code
        with pytest.raises(pb.PullbackError) as caught:
            call(m)
        assert caught.value.code == code
        assert message in str(caught.value)


def test_refusals_are_python_errors_too(m: pb.Module) -> None:
    with pytest.raises(TypeError):
        m.same(None)
    with pytest.raises(ValueError, match="sizes do not agree"):
        m.add([1.0], [1.0, 2.0])


def test_tracebacks_are_short(m: pb.Module, monkeypatch: pytest.MonkeyPatch) -> None:
    def depth() -> int:
        with pytest.raises(pb.ArgumentFault) as caught:
            m.net({"w1": B, "b": B}, X)
        return len(caught.traceback)

    short = depth()
    assert short <= 3
    monkeypatch.setenv("PULLBACK_TRACEBACK", "full")
    assert depth() > short
