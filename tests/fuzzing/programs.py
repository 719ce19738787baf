"""Program number so-and-so: a term with sizes and arguments, the same whenever it is asked for.

They are grown over every object (`pullback.testing`), or fill in a template of the language: what people write, with the
sizes that registers, tiles and threads care about, and the constructs that growing seldom makes. Then they are
differentiated up to twice, in every way there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from pullback.core.errors import DerivativeFault, PullbackError
from pullback.core.objects import F32, F64, Scalar, Wire, element, is_differentiable, shape
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import load_text
from pullback.frontends.testing.choices import Seeded
from pullback.frontends.testing.programs import grown
from pullback.frontends.testing.values import arguments
from pullback.ir.derive import jvp, vjp
from pullback.ir.unary import term as t
from pullback.ir.unary import text

OBJECTS = (F64, F64, F64, F64, F32, F32, Scalar("bit"), Scalar("z", 2), Scalar("z", 7), Scalar("sat", 4))
DERIVED: Sequence[tuple[str, ...]] = (
    (), (), (), ("vjp",), ("vjp",), ("vjp",), ("vjp",), ("jvp",), ("vjp", "vjp"), ("vjp", "vjp"), ("vjp", "jvp"),
    ("jvp", "vjp"),
)  # fmt: skip
DERIVE: Mapping[str, Callable[[t.Term, Sequence[int]], t.Term]] = {"vjp": vjp, "jvp": jvp}
GRADES = ("smooth", "formal", "any", "any")
MOST_STEPS = 300
"""Primitives of a program, blocks and all: second derivatives can be long, and time is better spent on several."""


@dataclass(frozen=True)
class Program:
    """A closed term, and what it is run on. ``source`` says where it is from."""

    name: str
    term: t.Term
    sizes: Mapping[str, int]
    args: Sequence[Any] = field(repr=False)
    source: str = ""

    def show(self) -> str:
        """The program as `parse` reads it."""
        head = [f"# {line}" for line in self.source.rstrip().split("\n")]
        sizes = " ".join(f"{k}={v}" for k, v in self.sizes.items())
        values = [f"arg {np.asarray(a).dtype} {np.shape(a)} {np.asarray(a).ravel().tolist()!r}" for a in self.args]
        return "\n".join([*head, f"sizes {sizes}", *values, text.show(self.term)])


def parse(source: str, name: str = "") -> Program:
    """The program that `show` wrote."""
    lines = [line for line in source.split("\n") if not line.startswith("#")]
    sizes = {k: int(v) for k, v in (pair.split("=") for pair in lines[0].split()[1:])}
    args, rest = [], 1
    while match := re.fullmatch(r"arg (\w+) \(([\d, ]*)\) \[(.*)\]", lines[rest]):
        extents = [int(d) for d in match[2].replace(" ", "").split(",") if d]
        values = [_read(v, match[1]) for v in match[3].split(", ") if v]
        args.append(np.array(values, dtype=match[1]).reshape(extents))
        rest += 1
    return Program(name, text.parse("\n".join(lines[rest:])), sizes, args)


def _read(word: str, dtype: str) -> Any:
    return word == "True" if dtype == "bool" else float(word) if "float" in dtype else int(word)


def make(seed: int, number: int) -> Program | None:
    """A program; None where it has no derivative of the kind that was drawn, or is too long."""
    random = Random(f"pullback {seed} {number}")
    try:
        term, sizes, args, source = random.choice((_grown, _grown, _template))(random)
        ways = random.choice(DERIVED)
        for way in ways:
            term = DERIVE[way](term, [k for k, w in enumerate(term.dom) if is_differentiable(w)])
            if _length(term) > MOST_STEPS:
                return None
    except DerivativeFault:
        return None
    args = [*args, *(_array(random, w, sizes) for w in term.dom[len(args) :])]
    name = f"{seed}:{number}"
    return Program(name, term, sizes, args, f"{name} {' of '.join(reversed(ways))}\n{source}")


def _length(term: t.Term) -> int:
    return text.show(term).count("\n")


# -- grown -------------------------------------------------------------------------------------------------------------
def _grown(random: Random) -> tuple[t.Term, dict[str, int], list[Any], str]:
    program = grown(Seeded(random.getrandbits(48)), random.choice(OBJECTS), random.choice(GRADES))
    return *_on(random, program.term), program.text


def _on(random: Random, term: t.Term) -> tuple[t.Term, dict[str, int], list[Any]]:
    """A term, with sizes and arguments: small ones as a rule, sometimes such as do not fit into registers evenly."""
    sizes, args = arguments(term, Seeded(random.getrandbits(48)))
    if random.random() < 0.2:
        sizes = _moderate({name: random.choice((5, 7, 9, 17, value)) for name, value in sizes.items()})
        args = [_array(random, w, sizes) for w in term.dom]
    return term, sizes, args


def _moderate(sizes: dict[str, int], most: int = 64) -> dict[str, int]:
    """The sizes, the largest halved until all of them multiply to no more: the interpreter goes over every element."""
    while np.prod([max(v, 1) for v in sizes.values()]) > most:
        largest = max(sizes, key=sizes.__getitem__)
        sizes = sizes | {largest: sizes[largest] // 2}
    return sizes


def _array(random: Random, wire: Wire, sizes: Mapping[str, int], above: int = 0) -> Any:
    """Moderate values: multiples of 1/8 within ±2, sometimes any; of a discrete object, all elements."""
    scalar, extents = element(wire), tuple(max(d.evaluate(sizes), 0) for d in shape(wire))
    numbers = np.random.default_rng(random.getrandbits(64))
    if scalar.is_float:
        values = numbers.integers(-16, 17, extents) / 8 if random.random() < 0.7 else numbers.normal(size=extents)
    elif scalar.kind in ("bool", "bit"):
        values = numbers.random(extents) < 0.5
    else:
        values = numbers.integers(0, above or scalar.modulus or 5, extents)
    return np.asarray(values, dtype=scalar.dtype)


# -- filled in ---------------------------------------------------------------------------------------------------------
FUNCTIONS = ("sin({})", "tanh({})", "exp({} / 4)", "sigmoid({})", "{} * {}", "({} ^ 2)", "relu({})", "abs({})",
             "sqrt(1 + {}^2)", "expm1({} / 4)", "log1p({}^2)", "lgamma(2 + {}^2)", "atan2({}, 2)", "(2 + {}^2) ^ 1.5",
             "sinh({} / 2)",
             "log(3 + tanh({}))",
             "asin(sin({}) / 2)", "copysign({}, 0.5)", "round({})", "digamma(2 + {}^2)", "tan({} / 4)", "cosh({} / 2)",
             "max({}, 0.5)", "min({}, 1)", "(if {} > 0.25 then {} else -{} / 2)", "{}", "atan({})",
             "(1 / (2 + cos({})))", "erf({})", "softplus({})", "floor({})", "stop_gradient({})")
"""What stands for F: a function of one number, at {}."""

@cache
def templates() -> tuple[str, ...]:
    return tuple((Path(__file__).parent / "templates.pull").read_text(encoding="utf-8").split("\n\n")[1:])


def _template(random: Random) -> tuple[t.Term, dict[str, int], list[Any], str]:
    source = random.choice(templates())
    while (at := re.search(r"\bF\(", source)) is not None:  # innermost last: an argument may have an F of its own
        end = _closing(source, at.end())
        filled = random.choice(FUNCTIONS).replace("{}", f"({source[at.end() : end]})")
        source = source[: at.start()] + filled + source[end + 1 :]
    if random.random() < 0.3:
        source = source.replace("f64", "f32")
    term = _elaborated(source)
    extents = (1, 2, 3, 0, 4, 5, 7, 8, 9, 13, 17, 33) if len(term.sizes) < 3 else (1, 2, 3, 4, 5, 7)
    sizes = _moderate({name: random.choice(extents) for name in term.sizes})
    return term, sizes, [_array(random, w, sizes, 9) for w in term.dom], source


def _closing(source: str, at: int) -> int:
    depth = 1
    while depth:
        depth += (source[at] in "([{") - (source[at] in ")]}")
        at += 1
    return at - 1


def _elaborated(source: str) -> t.Term:
    try:
        return elaborate(load_text(source), "f").term
    except PullbackError as problem:
        raise AssertionError(f"a template that is no program:\n{source}\n{problem}") from problem
