"""Every vector function is within its stated error of mpmath, over its whole range and at the corners of IEEE 754."""

import ctypes
import math

import mpmath
import numpy as np
import pytest

from pullback.backends.llvm import jit, vectormath
from pullback.backends.llvm.target import baseline
from pullback.backends.llvm.text import Value, Writer, vector
from pullback.backends.llvm.vectormath import CATALOGUE, definition, definitions, minimax, symbol_of, tables

pytestmark = pytest.mark.slow  # together they take many seconds

mp = mpmath.MPContext()
mp.prec = 120

ELEMENTS = ("double", "float")
DTYPES = {"double": np.float64, "float": np.float32}
INF, NAN, TINY = math.inf, math.nan, 5e-324


def applied(name, element, lanes):
    """The function over arrays, `lanes` elements at a time, as LLVM text."""
    w, arity, type = Writer(), CATALOGUE[name].arity, vector(element, lanes)
    w.branch("loop")
    w.label("loop")
    i = w.phi("i64", [(0, "entry")])
    align = 8 if element == "double" else 4
    values = [w.load(type, w.gep(element, Value("ptr", f"%x{k}"), i), align) for k in range(arity)]
    result = w.call(type, symbol_of(name, element, lanes), values)
    w.store(result, w.gep(element, Value("ptr", "%out"), i), align)
    following = w.add(i, lanes)
    w.add_incoming(i, following, "loop")
    w.branch_if(w.icmp("slt", following, Value("i64", "%n")), "loop", "done")
    w.label("done")
    w.ret()
    parameters = [Value("i64", "%n"), Value("ptr", "%out"), *(Value("ptr", f"%x{k}") for k in range(arity))]
    return w.function("apply", parameters, "void") + definitions([(name, element, lanes)])


def compiled(name, element, lanes=8, target=None):
    arity, dtype = CATALOGUE[name].arity, DTYPES[element]
    loaded = jit.load(jit.object_code(applied(name, element, lanes), target=target), ["apply"])
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, *[ctypes.c_void_p] * (1 + arity))(loaded["apply"])

    def function(*arrays):
        count = len(arrays[0])
        padded = [np.append(np.asarray(a, dtype), np.zeros(-count % lanes, dtype)) for a in arrays]
        out = np.empty_like(padded[0])
        call(len(out), out.ctypes.data, *(a.ctypes.data for a in padded))
        return out[:count]

    function.loaded = loaded
    return function


def log1p(x):
    return mp.log(1 + x) if abs(x) > mp.mpf(2) ** -50 else x - x * x / 2 + x**3 / 3


REFERENCE = {
    "sqrt": mp.sqrt, "rsqrt": lambda x: 1 / mp.sqrt(x), "exp": mp.exp, "expm1": mp.expm1, "log": mp.log, "log1p": log1p,
    "log2": lambda x: mp.log(x) / mp.log(2), "log10": lambda x: mp.log(x) / mp.log(10), "tanh": mp.tanh, "sinh": mp.sinh,
    "cosh": mp.cosh, "sigmoid": lambda x: 1 / (1 + mp.exp(-x)), "softplus": lambda x: log1p(mp.exp(x)), "sin": mp.sin,
    "cos": mp.cos, "tan": mp.tan, "atan": mp.atan, "asin": mp.asin, "acos": mp.acos, "atan2": mp.atan2, "pow": mp.power,
    "erf": mp.erf, "erfc": mp.erfc, "lgamma": lambda x: mp.loggamma(x).real, "digamma": lambda x: mp.psi(0, x),
    "trigamma": lambda x: mp.psi(1, x), "tetragamma": lambda x: mp.psi(2, x), "exp2": lambda x: mp.power(2, x),
    "asinh": mp.asinh, "acosh": mp.acosh, "atanh": mp.atanh, "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)), "hypot": mp.hypot,
}  # fmt: skip


def errors(got, wanted, dtype):
    """The distance from each exact value in units in the last place of that value (subnormals: of the smallest unit)."""
    info = np.finfo(dtype)
    found = []
    for value, want in zip(got.tolist(), wanted, strict=True):
        if want == 0 or not math.isfinite(value):
            overflows = math.isinf(value) and abs(want) > mp.mpf(float(info.max)) and (want > 0) == (value > 0)
            found.append(0.0 if value == want or overflows else math.inf)
            continue
        exponent = max(mp.frexp(want)[1] - 1, info.minexp)
        found.append(float(abs(mp.mpf(value) - want) * mp.mpf(2) ** (info.nmant - exponent)))
    return np.array(found)


def spread(rng, low, high, count):
    """Values of both signs, their logarithms uniform."""
    return 10.0 ** rng.uniform(low, high, count) * rng.choice([-1, 1], count)


def samples(name, element, rng):
    """Arguments over the whole domain of a function, denser where it is hard."""
    double = element == "double"
    tiny, big = (-323, 308) if double else (-45, 38)
    everywhere = np.concatenate([spread(rng, tiny, big, 1500), spread(rng, -6, 3, 2000), rng.uniform(-4, 4, 1500)])
    if name in ("exp", "expm1", "sinh", "cosh", "sigmoid", "softplus", "tanh"):
        top = 745 if double else 104
        x = [
            rng.uniform(-top, top * 0.95, 2500),
            rng.uniform(-2, 2, 2500),
            spread(rng, -20, 1, 500),
            spread(rng, tiny, 0, 300),
        ]
    elif name == "exp2":
        ends = (-1080, 1024) if double else (-152, 128)
        x = [rng.uniform(*ends, 3000), rng.uniform(-2, 2, 2000), spread(rng, -20, 0, 500)]
    elif name == "acosh":
        x = [1 + abs(spread(rng, -15, 1, 2500)), 1 + abs(spread(rng, -3, big, 1500))]
    elif name == "atanh":
        x = [rng.uniform(-1, 1, 2000), 1 - abs(spread(rng, -15, -1, 1000)), spread(rng, tiny, 0, 2000)]
    elif name == "hypot":
        y = np.concatenate([spread(rng, -250 if double else -30, 300 if double else 37, 1500), spread(rng, -3, 3, 3000)])
        return y.astype(DTYPES[element]), (y * spread(rng, -8, 0, 4500)).astype(DTYPES[element])
    elif name in ("log", "log2", "log10", "sqrt", "rsqrt"):
        x = [abs(spread(rng, tiny, big, 2000)), 1 + spread(rng, -15, -1, 1500), rng.uniform(0.3, 3, 2500)]
    elif name == "log1p":
        near = -1 + abs(spread(rng, -7, -1, 500))
        x = [abs(spread(rng, tiny, big, 1500)), rng.uniform(-0.999, 1, 3000), 0.99 * spread(rng, -20, 0, 1000), near]
    elif name in ("sin", "cos", "tan"):
        multiples = rng.integers(1, 10**6, 1000) * (math.pi / 2)
        x = [everywhere, multiples, multiples * 1e4, spread(rng, 3, 14 if double else 6, 2000)]
    elif name in ("asin", "acos"):
        x = [rng.uniform(-1, 1, 4000), 1 - abs(spread(rng, -16, -1, 500)), spread(rng, tiny, 0, 500)]
    elif name in ("erf", "erfc"):
        x = [rng.uniform(-6, 6, 2000), rng.uniform(0, 27.2 if double else 10, 1500), spread(rng, -20, 0, 500)]
    elif name == "lgamma":
        x = [
            rng.uniform(0, 12, 1500),
            abs(spread(rng, -10, 6, 500)),
            1 + spread(rng, -9, -1, 300),
            2 + spread(rng, -9, -1, 300),
        ]
    elif name == "digamma":
        x = [rng.uniform(0, 12, 1200), abs(spread(rng, -10, 6, 300)), 1.4616321449683622 + spread(rng, -9, -1, 300)]
    elif name == "trigamma":
        x = [rng.uniform(0, 12, 1200), abs(spread(rng, -154 if double else -19, 300 if double else 38, 600))]
    elif name == "tetragamma":
        x = [rng.uniform(0, 12, 1200), abs(spread(rng, -102 if double else -12, 150 if double else 18, 600))]
    elif name == "atan2":
        y, x2 = (np.concatenate([spread(rng, -15, 15, 2000), rng.normal(size=3000)]) for _ in range(2))
        return y.astype(DTYPES[element]), x2.astype(DTYPES[element])
    elif name == "pow":
        base = np.concatenate(
            [np.exp(rng.uniform(-3, 3, 2000)), 10.0 ** rng.uniform(-37, 37, 1500), 1 + spread(rng, -6, -2, 1000)]
        )
        exponent = rng.uniform(-1, 1, 4500) * (708 if double else 87) / abs(np.log(base))
        return base.astype(DTYPES[element]), exponent.astype(DTYPES[element])
    else:
        x = [everywhere]
    return (np.concatenate(x).astype(DTYPES[element]),)


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("name", REFERENCE)
def test_error_is_within_the_stated_bound(name, element):
    arguments = samples(name, element, np.random.default_rng(7))
    got = compiled(name, element)(*arguments)
    with mp.workprec(1200 if name in ("sin", "cos", "tan") else 120):
        wanted = [REFERENCE[name](*map(mp.mpf, row)) for row in zip(*(a.tolist() for a in arguments), strict=True)]
    found = errors(got, wanted, DTYPES[element])
    bound = CATALOGUE[name].ulp_f64 if element == "double" else CATALOGUE[name].ulp_f32
    worst = int(np.argmax(found))
    where = [a[worst] for a in arguments]
    assert found[worst] <= bound, f"{name}{where} = {got[worst]!r}, exactly {mp.nstr(wanted[worst], 20)}: {found[worst]} ulp"


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize(("name", "bound"), [("lgamma", 6.0), ("digamma", 12.0), ("trigamma", 8.0), ("tetragamma", 16.0)])
def test_reflected_functions_are_within_units_of_the_larger_of_one_and_the_result(name, bound, element):
    x = -np.random.default_rng(3).uniform(0, 30, 2000).astype(DTYPES[element])
    got = compiled(name, element)(x)
    wanted = [REFERENCE[name](mp.mpf(v)) for v in x.tolist()]
    unit = 2.0 ** -np.finfo(DTYPES[element]).nmant
    error = [float(abs(mp.mpf(g) - w) / max(1, abs(w))) / unit for g, w in zip(got.tolist(), wanted, strict=True)]
    assert max(error) <= bound


SPECIAL = {
    "exp": [(-INF, 0.0), (INF, INF), (0.0, 1.0), (-0.0, 1.0), (710.0, INF), (-746.0, 0.0), (TINY, 1.0), (1e300, INF)],
    "expm1": [(-INF, -1.0), (INF, INF), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (-TINY, -TINY), (-1e300, -1.0), (1e300, INF)],
    "log": [(0.0, -INF), (-0.0, -INF), (1.0, 0.0), (INF, INF), (-1.0, NAN), (-INF, NAN), (-TINY, NAN)],
    "log1p": [(-1.0, -INF), (0.0, 0.0), (-0.0, -0.0), (INF, INF), (-2.0, NAN), (-INF, NAN), (TINY, TINY), (-TINY, -TINY)],
    "log2": [(0.0, -INF), (1.0, 0.0), (8.0, 3.0), (0.125, -3.0), (INF, INF), (-1.0, NAN)],
    "log10": [(0.0, -INF), (1.0, 0.0), (1000.0, 3.0), (INF, INF), (-1.0, NAN)],
    "softplus": [(-INF, 0.0), (INF, INF), (1e300, 1e300), (-1e300, 0.0)],
    "sigmoid": [(-INF, 0.0), (INF, 1.0), (0.0, 0.5), (1e300, 1.0), (-1e300, 0.0)],
    "tanh": [(-INF, -1.0), (INF, 1.0), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (-TINY, -TINY), (1e300, 1.0)],
    "sinh": [(-INF, -INF), (INF, INF), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (1e300, INF)],
    "cosh": [(-INF, INF), (INF, INF), (0.0, 1.0), (-1e300, INF)],
    "sin": [(INF, NAN), (-INF, NAN), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (-TINY, -TINY)],
    "cos": [(INF, NAN), (-INF, NAN), (0.0, 1.0), (-0.0, 1.0), (TINY, 1.0)],
    "tan": [(INF, NAN), (-INF, NAN), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY)],
    "atan": [(INF, math.pi / 2), (-INF, -math.pi / 2), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY)],
    "asin": [(1.0, math.pi / 2), (-1.0, -math.pi / 2), (0.0, 0.0), (-0.0, -0.0), (1.0000001, NAN), (INF, NAN), (TINY, TINY)],
    "acos": [(1.0, 0.0), (-1.0, math.pi), (0.0, math.pi / 2), (1.0000001, NAN), (-INF, NAN)],
    "erf": [(INF, 1.0), (-INF, -1.0), (0.0, 0.0), (-0.0, -0.0), (30.0, 1.0), (-30.0, -1.0)],
    "erfc": [(INF, 0.0), (-INF, 2.0), (0.0, 1.0), (-0.0, 1.0), (30.0, 0.0), (-30.0, 2.0)],
    "lgamma": [(INF, INF), (-INF, INF), (0.0, INF), (-0.0, INF), (-7.0, INF), (1.0, 0.0), (2.0, 0.0), (-1e300, INF)],
    "digamma": [(INF, INF), (-INF, NAN), (0.0, -INF), (-0.0, INF), (-1.0, NAN), (-7.0, NAN)],
    "trigamma": [(INF, 0.0), (-INF, NAN), (0.0, INF), (-0.0, INF), (-1.0, INF), (TINY, INF), (-TINY, INF)],
    "tetragamma": [(INF, -0.0), (-INF, NAN), (0.0, -INF), (-0.0, INF), (-1.0, NAN), (-7.0, NAN), (TINY, -INF), (-TINY, INF)],
    "exp2": [(-INF, 0.0), (INF, INF), (0.0, 1.0), (-0.0, 1.0), (5.0, 32.0), (-3.0, 0.125), (1e300, INF), (-1e300, 0.0)],
    "asinh": [(-INF, -INF), (INF, INF), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (-TINY, -TINY)],
    "acosh": [(1.0, 0.0), (INF, INF), (0.999, NAN), (-3.0, NAN), (-INF, NAN)],
    "atanh": [(1.0, INF), (-1.0, -INF), (0.0, 0.0), (-0.0, -0.0), (TINY, TINY), (1.0000001, NAN), (-INF, NAN), (INF, NAN)],
    "cbrt": [(INF, INF), (-INF, -INF), (0.0, 0.0), (-0.0, -0.0), (8.0, 2.0), (-27.0, -3.0), (1.0, 1.0)],
    "sqrt": [(INF, INF), (0.0, 0.0), (-0.0, -0.0), (-1.0, NAN), (4.0, 2.0)],
    "rsqrt": [(INF, 0.0), (0.0, INF), (-1.0, NAN), (4.0, 0.5)],
    "fabs": [(-0.0, 0.0), (-INF, INF), (-2.5, 2.5)],
    "floor": [(-0.5, -1.0), (2.5, 2.0), (-0.0, -0.0), (INF, INF)],
    "ceil": [(0.5, 1.0), (-0.5, -0.0), (-2.5, -2.0), (-INF, -INF)],
    "trunc": [(2.7, 2.0), (-2.7, -2.0), (-0.5, -0.0)],
    "round": [(0.5, 0.0), (1.5, 2.0), (2.5, 2.0), (-0.5, -0.0), (-1.5, -2.0)],
}  # fmt: skip


@pytest.mark.parametrize("lanes", [1, 8])
@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("name", SPECIAL)
def test_corners(name, element, lanes):
    dtype = DTYPES[element]
    unit = np.finfo(dtype).smallest_subnormal
    pairs = [tuple(math.copysign(float(unit), v) if abs(v) == TINY else v for v in p) for p in [*SPECIAL[name], (NAN, NAN)]]
    with np.errstate(over="ignore"):
        x, wanted = (np.array(column).astype(dtype) for column in zip(*pairs, strict=True))
    got = compiled(name, element, lanes)(x)
    np.testing.assert_array_equal(got, wanted)
    zero = wanted == 0
    np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(wanted[zero]), err_msg=f"signs of zeros at {x[zero]}")


@pytest.mark.parametrize("element", ELEMENTS)
def test_pow_follows_c99_at_every_pair_of_corners(element):
    values = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 2.5, -1e30, 1e30, INF, -INF, NAN]
    x, y = (a.ravel() for a in np.meshgrid(values, values))
    got = compiled("pow", element)(x, y)
    with np.errstate(all="ignore"):
        wanted = np.power(x.astype(DTYPES[element]), y.astype(DTYPES[element]))
    np.testing.assert_allclose(got, wanted, rtol=4 * np.finfo(DTYPES[element]).eps)
    np.testing.assert_array_equal(np.signbit(got), np.signbit(wanted) & ~np.isnan(got) | np.signbit(got) & np.isnan(got))


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize("name", ["atan2", "hypot", "minimum", "maximum"])
def test_two_argument_corners_agree_with_numpy(name, element):
    values = [0.0, -0.0, 1.0, -1.0, 2.5, -7.0, INF, -INF, NAN]
    x, y = (a.ravel().astype(DTYPES[element]) for a in np.meshgrid(values, values))
    got, wanted = compiled(name, element)(x, y), {"atan2": np.arctan2}.get(name, getattr(np, name, None))(x, y)
    np.testing.assert_allclose(got, wanted, rtol=2 * np.finfo(DTYPES[element]).eps)
    if name == "atan2":
        known = ~np.isnan(wanted)
        np.testing.assert_array_equal(np.signbit(got[known]), np.signbit(wanted[known]))


@pytest.mark.parametrize("name", ["exp", "log", "sin", "pow", "tanh", "lgamma"])
def test_the_number_of_lanes_does_not_change_a_bit(name):
    x = np.random.default_rng(5).uniform(0.01, 30, 192)
    x[::17] = 1e15  # one lane far away must not disturb its neighbours
    arguments = [x] * CATALOGUE[name].arity
    results = [compiled(name, "double", lanes)(*arguments) for lanes in (1, 4, 8, 32, 64)]
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


@pytest.mark.parametrize("name", ["exp", "log", "sin", "pow", "erf"])
def test_a_machine_without_fused_multiply_add_stays_within_twice_the_bound(name):
    arguments = tuple(a[:800] for a in samples(name, "double", np.random.default_rng(11)))
    got = compiled(name, "double", 2, baseline())(*arguments)
    with mp.workprec(1200):
        wanted = [REFERENCE[name](*map(mp.mpf, row)) for row in zip(*(a.tolist() for a in arguments), strict=True)]
    assert errors(got, wanted, np.float64).max() <= 2 * CATALOGUE[name].ulp_f64


def test_definitions_hold_each_function_once_in_an_order_of_their_own():
    requests = [("tanh", "double", 8), ("exp", "double", 8), ("sigmoid", "double", 8), ("exp", "float", 4)]
    text = definitions(requests)
    assert text == definitions(reversed(requests)) == definitions(requests + requests)
    for symbol in ("pb.tanh.f64x8", "pb.expm1.f64x8", "pb.exp.f64x8", "pb.exp.f32x4"):
        assert sum(line.startswith("define") and f"@{symbol}(" in line for line in text.splitlines()) == 1


def test_definition_names_what_it_calls():
    symbol, text, dependencies = definition("softplus", "float", 16)
    assert symbol == "pb.softplus.f32x16"
    assert text.startswith("define internal <16 x float> @pb.softplus.f32x16(<16 x float> %x)")
    assert dependencies == {"pb.exp.f32x16", "pb.log1p.f32x16"}


def test_every_function_states_its_error_and_its_source():
    for function in vectormath.CATALOGUE.values():
        assert 0 <= function.ulp_f32 <= 6 and 0 <= function.ulp_f64 <= 6 and function.source


def test_unknown_function_is_a_key_error():
    with pytest.raises(KeyError):
        definition("exponential", "double", 1)


def test_tables_are_what_minimax_computes():
    context = mpmath.MPContext()
    context.prec = 240
    for series in minimax.SERIES:
        if series.name in ("EXP", "LOG", "SIN"):
            coefficients, _ = minimax.minimax(
                context,
                lambda x, s=series: s.function(context, x),
                series.low(context),
                series.high(context),
                series.degrees[0],
            )
            assert tuple(map(float, coefficients)) == getattr(tables, series.name)
