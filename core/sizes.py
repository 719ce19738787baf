"""Sizes: integer-valued polynomials over size atoms, in normal form.

A size is what stands between the brackets of ``f64[n, d*(d-1)//2]``. Its atoms are names (a size parameter, a loop
index, an opened integer value) and floor divisions that do not come out even. Two sizes are equal exactly when their
normal forms are, so unification and index checks are arithmetic, not search. (Between floor divisions some equalities
are not seen: ``n//2//2`` and ``n//4`` differ.)

Laws (doctests):

>>> d = atom("d")
>>> (d * (d - 1)) // 2 + d == (d * (d + 1)) // 2
True
>>> parse(str(d * (d - 1) // 2)) == d * (d - 1) // 2
True
>>> (2 * d + 1) // 2 == d
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import product
from math import gcd, lcm

Atom = "str | FloorDiv"
Monomial = tuple[tuple["str | FloorDiv", int], ...]


@dataclass(frozen=True)
class FloorDiv:
    """The atom ⌊numerator / divisor⌋, kept opaque because the division does not come out even."""

    numerator: Size
    divisor: Size

    def __str__(self) -> str:
        return f"({self.numerator})//{_factor(self.divisor)}"


@dataclass(frozen=True)
class Size:
    """A polynomial Σ coefficient · monomial, terms sorted, no zero coefficient: equal sizes are equal values."""

    terms: tuple[tuple[Monomial, Fraction], ...]

    # -- arithmetic ------------------------------------------------------------------------------------------------
    def __add__(self, other: Size | int) -> Size:
        total = dict(self.terms)
        for monomial, coefficient in size(other).terms:
            total[monomial] = total.get(monomial, Fraction(0)) + coefficient
        return _normal(total)

    def __neg__(self) -> Size:
        return Size(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: Size | int) -> Size:
        return self + -size(other)

    def __mul__(self, other: Size | int) -> Size:
        total: dict[Monomial, Fraction] = {}
        for (m1, c1), (m2, c2) in product(self.terms, size(other).terms):
            monomial = _times(m1, m2)
            total[monomial] = total.get(monomial, Fraction(0)) + c1 * c2
        return _normal(total)

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, other: int) -> Size:
        return size(other) - self

    def __floordiv__(self, other: Size | int) -> Size:
        """⌊self / other⌋; exact (a polynomial) where it always comes out even, else whole multiples are split off."""
        divisor = size(other)
        k = divisor.constant
        if k is None:
            if not self:
                return ZERO
            return ONE if self == divisor else _normal({((FloorDiv(self, divisor), 1),): Fraction(1)})
        if k <= 0:
            raise ZeroDivisionError(f"size {self} divided by {k}: a size divisor is at least 1")
        scaled = Size(tuple((m, c / k) for m, c in self.terms))
        if scaled.is_integer_valued:
            return scaled
        whole = _normal({m: Fraction(c.numerator // k) for m, c in self.terms if c.denominator == 1})
        rest = self - whole * k
        if rest.constant is not None:
            return whole + rest.constant // k
        return whole + _normal({((FloorDiv(rest, divisor), 1),): Fraction(1)})

    def __mod__(self, other: Size | int) -> Size:
        return self - (self // other) * other

    # -- questions -------------------------------------------------------------------------------------------------
    @cached_property
    def constant(self) -> int | None:
        """The integer this size is, if it mentions no atom."""
        if not self.terms:
            return 0
        if len(self.terms) == 1 and not self.terms[0][0]:
            return int(self.terms[0][1])
        return None

    @cached_property
    def name(self) -> str | None:
        """The name this size is, if it is one bare atom."""
        if len(self.terms) == 1 and self.terms[0][1] == 1 and len(self.terms[0][0]) == 1:
            base, power = self.terms[0][0][0]
            return base if power == 1 and isinstance(base, str) else None
        return None

    @cached_property
    def bases(self) -> frozenset[str | FloorDiv]:
        """The atoms that stand in the polynomial itself."""
        return frozenset(base for monomial, _ in self.terms for base, _ in monomial)

    @cached_property
    def atoms(self) -> frozenset[str]:
        """Every name mentioned, inside floor divisions too."""
        names: set[str] = set()
        for base in self.bases:
            names |= {base} if isinstance(base, str) else base.numerator.atoms | base.divisor.atoms
        return frozenset(names)

    @cached_property
    def is_integer_valued(self) -> bool:
        """Whether every integer point has an integer value: iff the coefficients on ∏ C(b, k) are integers (Pólya).

        Atoms count as independent: of a polynomial in floor divisions, False may be wrong."""
        binomials: dict[Monomial, Fraction] = {}
        for monomial, coefficient in self.terms:
            if coefficient.denominator > 1:
                for key, count in _in_binomials(monomial).items():
                    binomials[key] = binomials.get(key, Fraction(0)) + coefficient * count
        return all(c.denominator == 1 for c in binomials.values())

    def degree(self, base: str | FloorDiv) -> int:
        return max((dict(m).get(base, 0) for m, _ in self.terms), default=0)

    @cached_property
    def _whole(self) -> tuple[int, tuple[tuple[Monomial, int], ...]]:
        """A denominator, and the terms times it: integers, which are quicker to reckon with than fractions."""
        denominator = lcm(*(c.denominator for _, c in self.terms))
        return denominator, tuple((m, int(c * denominator)) for m, c in self.terms)

    def evaluate(self, values: Mapping[str, int]) -> int:
        """The integer at the given atoms. Raises KeyError for an atom without a value."""
        if self.constant is not None:
            return self.constant
        if self.name is not None:
            return values[self.name]
        at = {
            b: values[b] if isinstance(b, str) else b.numerator.evaluate(values) // b.divisor.evaluate(values)
            for b in self.bases
        }
        (denominator, terms), total = self._whole, 0
        for monomial, coefficient in terms:
            for base, power in monomial:
                coefficient *= at[base] ** power
            total += coefficient
        quotient = abs(total) // denominator  # towards 0, should it not come out even
        return quotient if total >= 0 else -quotient

    def substitute(self, values: Mapping[str, Size]) -> Size:
        """This size with atoms replaced."""
        if not (self.atoms & values.keys()):
            return self
        if self.name is not None:
            return values[self.name]
        total = ZERO
        for monomial, coefficient in self.terms:
            term = Size((((), coefficient),))
            for base, power in monomial:
                if isinstance(base, str):
                    factor = values.get(base) or (ZERO if base in values else atom(base))
                else:
                    factor = base.numerator.substitute(values) // base.divisor.substitute(values)
                for _ in range(power):
                    term = term * factor
            total = total + term
        return total

    # -- text ------------------------------------------------------------------------------------------------------
    def __str__(self) -> str:
        if not self.terms:
            return "0"
        denominator = lcm(*(c.denominator for _, c in self.terms))
        body = "".join(_signed(m, int(c * denominator), first=k == 0) for k, (m, c) in enumerate(self.terms))
        return body if denominator == 1 else f"({body})//{denominator}"

    def __repr__(self) -> str:
        return f"parse({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.terms)


def size(value: Size | int) -> Size:
    """A size from an integer, or the size itself."""
    return value if isinstance(value, Size) else _normal({(): Fraction(value)})


@lru_cache(1024)
def atom(name: str) -> Size:
    """The size that is one bare name."""
    return Size(((((name, 1),), Fraction(1)),))


def unify(pattern: Size, actual: Size, bindings: dict[str, Size], free: frozenset[str]) -> bool:
    """Extend ``bindings`` of the ``free`` atoms of ``pattern`` so that it equals ``actual``; False if that cannot be.

    An unbound atom is solved for where it stands linearly with coefficient ±1 and is the only unbound one."""
    known = pattern.substitute(bindings)
    open_atoms = known.atoms & (free - bindings.keys())
    if not open_atoms:
        return known == actual
    if len(open_atoms) > 1:
        return False
    (name,) = open_atoms
    coefficient = dict(known.terms).get(((name, 1),))
    rest = known - atom(name) * int(coefficient or 0)
    if coefficient not in (1, -1) or name in rest.atoms:
        return False
    bindings[name] = (actual - rest) * int(coefficient)
    return True


# -- normal form -------------------------------------------------------------------------------------------------------
def _key(monomial: Monomial) -> tuple[int, str]:
    return -sum(p for _, p in monomial), "*".join(f"{b}^{p}" for b, p in monomial)


def _normal(terms: Mapping[Monomial, Fraction]) -> Size:
    return Size(tuple(sorted(((m, Fraction(c)) for m, c in terms.items() if c), key=lambda t: _key(t[0]))))


def _in_binomials(monomial: Monomial) -> dict[Monomial, int]:
    """b₁^p₁·b₂^p₂·… as a sum of products of binomials: x^p = Σ_k k!·S(p, k)·C(x, k), S of Stirling's second kind."""
    total: dict[Monomial, int] = {(): 1}
    for base, power in monomial:
        surjections = [1]
        for _ in range(power):  # k!·S(p+1, k) = k·(k!·S(p, k) + (k-1)!·S(p, k-1))
            shifted = zip([*surjections, 0], [0, *surjections], strict=True)
            surjections = [k * (a + b) for k, (a, b) in enumerate(shifted)]
        total = {(*m, (base, k)): c * s for m, c in total.items() for k, s in enumerate(surjections) if s}
    return total


def _times(a: Monomial, b: Monomial) -> Monomial:
    powers: dict[str | FloorDiv, int] = dict(a)
    for base, power in b:
        powers[base] = powers.get(base, 0) + power
    return tuple(sorted(powers.items(), key=lambda bp: str(bp[0])))


def _signed(monomial: Monomial, coefficient: int, first: bool) -> str:
    factors = [_factor_text(b) for b, p in monomial for _ in range(p)]
    magnitude = abs(coefficient)
    text = "*".join(([str(magnitude)] if magnitude != 1 or not factors else []) + factors)
    if first:
        return f"-{text}" if coefficient < 0 else text
    return f" - {text}" if coefficient < 0 else f" + {text}"


def _factor_text(base: str | FloorDiv) -> str:
    return base if isinstance(base, str) else f"({base})"


def _factor(value: Size) -> str:
    return str(value) if value.constant is not None or value.name is not None else f"({value})"


# -- parsing (sums, products, floor divisions, parentheses) ------------------------------------------------------------
NESTED = 100
"""Brackets and divisions that the text of a size may have: the reader recurses into them."""
TERMS = 1000
"""Terms that a product in it may come to."""
_TOKEN = re.compile(r"\s*(//|[A-Za-z_][\w.']*|\d+|[-+*()])")


@lru_cache(1024)
def parse(text: str) -> Size:
    """The size that ``str`` printed. Raises ValueError at the first character that does not belong."""
    tokens = list(_tokens(text))
    if sum(t in ("(", "//") for t in tokens) > NESTED:
        raise ValueError(f"a size with more than {NESTED} brackets and divisions")
    value, rest = _sum(tokens)
    if rest:
        raise ValueError(f"unexpected {rest[0]!r} in size {text!r}")
    return value


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"unexpected {text[position:].strip()[0]!r} in size {text!r}")
        yield match[1]
        position = match.end()


def _sum(tokens: list[str]) -> tuple[Size, list[str]]:
    negative = tokens[:1] == ["-"]
    value, tokens = _product(tokens[1:] if negative else tokens)
    value = -value if negative else value
    while tokens[:1] in (["+"], ["-"]):
        operator, (term, tokens) = tokens[0], _product(tokens[1:])
        value = value + term if operator == "+" else value - term
    return value, tokens


def _product(tokens: list[str]) -> tuple[Size, list[str]]:
    value, tokens = _atom(tokens)
    while tokens[:1] in (["*"], ["//"]):
        operator, (factor, tokens) = tokens[0], _atom(tokens[1:])
        value = value * factor if operator == "*" else value // factor
        if len(value.terms) > TERMS:
            raise ValueError(f"a size of more than {TERMS} terms")
    return value, tokens


def _atom(tokens: list[str]) -> tuple[Size, list[str]]:
    if not tokens:
        raise ValueError("a size ends too early")
    head, rest = tokens[0], tokens[1:]
    if head == "(":
        value, rest = _sum(rest)
        if rest[:1] != [")"]:
            raise ValueError("a parenthesis in a size is not closed")
        return value, rest[1:]
    if head.isdigit():
        return size(int(head)), rest
    if head[0].isalpha() or head[0] == "_":
        return atom(head), rest
    raise ValueError(f"unexpected {head!r} in a size")


ZERO = Size(())
ONE = size(1)


def common_content(value: Size) -> int:
    """The greatest integer dividing every coefficient (1 for zero or a fractional size)."""
    if not value.terms or any(c.denominator != 1 for _, c in value.terms):
        return 1
    return gcd(*(int(c) for _, c in value.terms))
