"""Where the polynomial coefficients come from: Remez's exchange in high precision.

`python -m pullback.backends.llvm.vectormath.minimax > tables.py` writes `tables.py` anew. mpmath is needed here only.
Each series is the smooth factor left after the identity in its comment; `degree` is (f64, f32), and the error it
minimises is relative to the factor times `weight`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["SERIES", "Series", "minimax", "tables"]

Real = Any
"""An mpmath number."""


@dataclass(frozen=True)
class Series:
    """A function to approximate on [low, high] by a polynomial, to the degrees for f64 and f32 (None: not needed)."""

    name: str
    function: Callable[[Any, Real], Real]
    low: Callable[[Any], Real]
    high: Callable[[Any], Real]
    degrees: tuple[int | None, int | None]
    identity: str


def minimax(mp: Any, function: Callable[[Real], Real], low: Real, high: Real, degree: int) -> tuple[list[Real], Real]:
    """Coefficients, lowest first, of the polynomial of least relative error on [low, high], and that error.

    Remez's exchange on a Chebyshev grid fine enough that the error's extrema are met to three digits."""
    count = 40 * (degree + 2)
    middle, half = (low + high) / 2, (high - low) / 2
    grid = [middle - half * mp.cos(mp.pi * i / count) for i in range(count + 1)]
    grid = [x if abs(x) > half / 2**60 else mp.mpf(0) for x in grid]  # so that a limit at 0 is taken, not met by rounding
    values = [function(x) for x in grid]
    scaled = [(x - middle) / half for x in grid]
    chosen = [round(count * i / (degree + 1)) for i in range(degree + 2)]
    for _ in range(30):
        matrix = mp.matrix(degree + 2, degree + 2)
        right = mp.matrix(degree + 2, 1)
        for row, at in enumerate(chosen):
            for power in range(degree + 1):
                matrix[row, power] = scaled[at] ** power
            matrix[row, degree + 1] = (-1) ** row * values[at]
            right[row] = values[at]
        solution = mp.lu_solve(matrix, right)
        local = [solution[i] for i in range(degree + 1)]
        errors = [mp.polyval(local[::-1], t) / v - 1 for t, v in zip(scaled, values, strict=True)]
        exchanged = _extrema(errors, degree + 2)
        if exchanged == chosen:
            break
        chosen = exchanged
    return _shifted(mp, local, middle, half), max(abs(e) for e in errors)


def _extrema(errors: list[Real], count: int) -> list[int]:
    """The place of the largest error in each run of one sign; the `count` neighbouring ones that are largest."""
    runs: list[int] = []
    for i, error in enumerate(errors):
        if runs and (error > 0) == (errors[runs[-1]] > 0):
            if abs(error) > abs(errors[runs[-1]]):
                runs[-1] = i
        else:
            runs.append(i)
    while len(runs) > count:
        runs.pop(0 if abs(errors[runs[0]]) < abs(errors[runs[-1]]) else -1)
    return runs


def _shifted(mp: Any, local: list[Real], middle: Real, half: Real) -> list[Real]:
    """The polynomial in (x - middle) / half written in powers of x."""
    result = [mp.mpf(0)]
    for coefficient in reversed(local):
        product = [mp.mpf(0)] * (len(result) + 1)
        for power, c in enumerate(result):
            product[power] -= c * middle / half
            product[power + 1] += c / half
        product[0] += coefficient
        result = product
    return result[: len(local)]


def _limit(at_zero: Callable[[Any], Real], elsewhere: Callable[[Any, Real], Real]) -> Callable[[Any, Real], Real]:
    """A function with a removable singularity at 0."""
    return lambda mp, x: at_zero(mp) if x == 0 else elsewhere(mp, x)


def _atanh_square(mp: Any, z: Real) -> Real:
    s = mp.sqrt(z)
    return 2 * mp.atanh(s) / s


def _stirling(mp: Any, u: Real) -> Real:
    x = 1 / mp.sqrt(u)
    return (mp.loggamma(x) - (x - mp.mpf(1) / 2) * mp.log(x) + x - mp.log(2 * mp.pi) / 2) * x


def _psi_root(mp: Any) -> Real:
    return mp.findroot(lambda x: mp.psi(0, x), mp.mpf("1.4616321449683623"))


def _psi_over_root(mp: Any, y: Real) -> Real:
    x, root = y + mp.mpf(3) / 2, _psi_root(mp)
    return mp.psi(1, root) if x == root else mp.psi(0, x) / (x - root)


def _erfc_scaled(mp: Any, t: Real) -> Real:
    x = 4 * (1 + t) / (1 - t)
    return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def _erfc_by_bell(mp: Any, t: Real) -> Real:
    x = 3 * (1 + t) / (1 - t)
    return mp.exp(x * x) * mp.erfc(x)


_HALF_LOG2 = lambda mp: mp.log(2) / 2  # noqa: E731
_ZERO = lambda mp: mp.mpf(0)  # noqa: E731
_ONE = lambda mp: mp.mpf(1)  # noqa: E731
_LOG_RANGE = lambda mp: ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2  # noqa: E731
_QUARTER_PI_SQUARE = lambda mp: (mp.pi / 4) ** 2 * mp.mpf("1.0001")  # noqa: E731

SERIES: tuple[Series, ...] = (
    Series(
        "EXP", _limit(lambda mp: mp.mpf(1) / 2, lambda mp, r: (mp.expm1(r) - r) / r**2),
        lambda mp: -_HALF_LOG2(mp) * mp.mpf("1.0001"), lambda mp: _HALF_LOG2(mp) * mp.mpf("1.0001"), (9, 4),
        "exp(r) = 1 + r + r² p(r)",
    ),
    Series(
        "LOG", _limit(lambda mp: mp.mpf(2) / 3, lambda mp, z: (_atanh_square(mp, z) - 2) / z), _ZERO, _LOG_RANGE,
        (6, 3), "log((1 + s) / (1 - s)) = 2 s + s z p(z), z = s²",
    ),
    Series(
        "LOG_LONG",
        _limit(lambda mp: mp.mpf(2) / 5, lambda mp, z: (_atanh_square(mp, z) - 2 - 2 * z / 3) / z**2), _ZERO,
        _LOG_RANGE, (7, None), "log((1 + s) / (1 - s)) = 2 s + 2/3 s z + s z² p(z), z = s²",
    ),
    Series(
        "CBRT", lambda mp, m: mp.cbrt(m), lambda mp: mp.sqrt(2) / 2, lambda mp: mp.sqrt(2), (3, None),
        "cbrt(m) = p(m), roughly",
    ),
    Series(
        "SIN", _limit(lambda mp: -mp.mpf(1) / 6, lambda mp, z: (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z), _ZERO,
        _QUARTER_PI_SQUARE, (5, 2), "sin(r) = r + r z p(z), z = r²",
    ),
    Series(
        "COS", _limit(lambda mp: mp.mpf(1) / 24, lambda mp, z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2), _ZERO,
        _QUARTER_PI_SQUARE, (5, 2), "cos(r) = 1 - z/2 + z² p(z), z = r²",
    ),
    Series(
        "SIN_PI", _limit(lambda mp: mp.pi, lambda mp, z: mp.sin(mp.pi * mp.sqrt(z)) / mp.sqrt(z)), _ZERO,
        lambda mp: mp.mpf(1) / 4, (7, 4), "sin(π r) = r p(z), z = r², |r| ≤ 1/2",
    ),
    Series(
        "ATAN", _limit(lambda mp: -mp.mpf(1) / 3, lambda mp, z: (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z), _ZERO,
        _ONE, (20, 8), "atan(x) = x + x z p(z), z = x², |x| ≤ 1",
    ),
    Series(
        "ASIN", _limit(lambda mp: mp.mpf(1) / 6, lambda mp, z: (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z), _ZERO,
        lambda mp: mp.mpf(1) / 4, (12, 5), "asin(x) = x + x z p(z), z = x², |x| ≤ 1/2",
    ),
    Series(
        "ERF", _limit(lambda mp: 2 / mp.sqrt(mp.pi), lambda mp, z: mp.erf(mp.sqrt(z)) / mp.sqrt(z)), _ZERO, _ONE,
        (11, 6), "erf(x) = x p(z), z = x², |x| ≤ 1",
    ),
    Series(
        "ERF_FAR", _erfc_by_bell, lambda mp: -mp.mpf(1) / 2, lambda mp: mp.mpf(1) / 3, (15, 6),
        "erf(x) = 1 - exp(-x²) p(t), t = (x - 3) / (x + 3), 1 ≤ x ≤ 6",
    ),
    Series(
        "ERFC", _erfc_scaled, lambda mp: mp.mpf(-1), lambda mp: mp.mpf("0.76"), (22, None),
        "erfc(x) = exp(-x²) / (1 + 2 x) p(t), t = (x - 4) / (x + 4), 0 ≤ x < 29",
    ),
    Series(
        "ERFC_FAR", _erfc_by_bell, lambda mp: -mp.mpf(5) / 7, lambda mp: mp.mpf("7.1") / mp.mpf("13.1"), (None, 8),
        "erfc(x) = exp(-x²) p(t), t = (x - 3) / (x + 3), 1/2 ≤ x ≤ 10.1",
    ),
    Series(
        "LGAMMA", _limit(lambda mp: 1 - mp.euler, lambda mp, y: mp.loggamma(2 + y) / y), lambda mp: -mp.mpf(1) / 2,
        lambda mp: mp.mpf(1) / 2, (17, 8), "lgamma(2 + y) = y p(y), |y| ≤ 1/2",
    ),
    Series(
        "STIRLING", _limit(lambda mp: mp.mpf(1) / 12, _stirling), _ZERO, lambda mp: mp.mpf(1) / 64, (5, 2),
        "lgamma(x) = (x - 1/2) log(x) - x + log(2 π)/2 + p(u)/x, u = 1/x², x ≥ 8",
    ),
    Series(
        "DIGAMMA", _psi_over_root, lambda mp: -mp.mpf(1) / 2, lambda mp: mp.mpf(1) / 2, (21, 10),
        "digamma(3/2 + y) = (3/2 + y - root) p(y), |y| ≤ 1/2",
    ),
    Series(
        "DIGAMMA_TAIL",
        _limit(
            lambda mp: mp.mpf(1) / 12,
            lambda mp, u: (-mp.psi(0, 1 / mp.sqrt(u)) - mp.log(u) / 2 - mp.sqrt(u) / 2) / u,
        ), _ZERO, lambda mp: mp.mpf(1) / 64, (5, 2), "digamma(x) = log(x) - 1/(2 x) - u p(u), u = 1/x², x ≥ 8",
    ),
    Series(
        "TRIGAMMA_TAIL",
        _limit(
            lambda mp: mp.mpf(1) / 6,
            lambda mp, u: (mp.psi(1, 1 / mp.sqrt(u)) - mp.sqrt(u) - u / 2) / (u * mp.sqrt(u)),
        ), _ZERO, lambda mp: mp.mpf(1) / 64, (6, 3), "trigamma(x) = 1/x + u/2 + u p(u)/x, u = 1/x², x ≥ 8",
    ),
    Series(
        "TETRAGAMMA_TAIL",
        _limit(lambda mp: mp.mpf(1) / 2, lambda mp, u: (-mp.psi(2, 1 / mp.sqrt(u)) - u - u * mp.sqrt(u)) / u**2),
        _ZERO, lambda mp: mp.mpf(1) / 64, (7, 3), "tetragamma(x) = -u - u/x - u² p(u), u = 1/x², x ≥ 8",
    ),
)  # fmt: skip
"""Every series the vector functions use."""


def tables() -> str:
    """The text of `tables.py`."""
    from mpmath import MPContext

    mp = MPContext()
    mp.prec = 240
    lines = ['"""Polynomial coefficients, lowest power first. Written by minimax.py: change that, not this."""']
    for series in SERIES:
        lines += ["", f"# {series.identity}"]
        for suffix, degree in zip(("", "_SINGLE"), series.degrees, strict=True):
            if degree is not None:
                lines += _table(mp, series, series.name + suffix, degree)
    return "\n".join(lines) + "\n"


def _table(mp: Any, series: Series, name: str, degree: int) -> list[str]:
    coefficients, error = minimax(mp, lambda x: series.function(mp, x), series.low(mp), series.high(mp), degree)
    bits = mp.nstr(-mp.log(error, 2), 4)
    rows = [f'    float.fromhex("{float(c).hex()}"),' for c in coefficients]
    return [f"{name} = (  # relative error 2^-{bits}", *rows, ")"]


if __name__ == "__main__":
    print(tables(), end="")
