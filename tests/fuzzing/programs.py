"""Program number so-and-so: a term with sizes and arguments, the same whenever it is asked for.

They are grown over every object (`pullback.testing`), or fill in a template of the language: what people write, with the
sizes that registers, tiles and threads care about, and the constructs that growing seldom makes. Then they are
differentiated up to twice, in every way there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from pullback.core.errors import DerivativeFault, PullbackError
from pullback.core.objects import F32, F64, WEIGHTS, Scalar, Wire, element, is_differentiable, shape
from pullback.core.semiring import semiring
from pullback.frontends.language import syntax
from pullback.frontends.language.elaborate import elaborate
from pullback.frontends.language.loader import of_tree
from pullback.frontends.language.parse import parse as parse_text
from pullback.frontends.testing.choices import Seeded
from pullback.frontends.testing.programs import grown
from pullback.ir.derive import jvp, vjp
from pullback.ir.unary import term as t
from pullback.ir.unary import text

OBJECTS = (F64, F64, F64, F64, F32, F32, Scalar("bit"), Scalar("z", 2), Scalar("z", 7), Scalar("sat", 4),
           *map(Scalar, WEIGHTS))
DERIVED: Sequence[tuple[str, ...]] = (
    (), (), (), ("vjp",), ("vjp",), ("vjp",), ("vjp",), ("jvp",), ("vjp", "vjp"), ("vjp", "vjp"), ("vjp", "jvp"),
    ("jvp", "vjp"),
)  # fmt: skip
DERIVE: Mapping[str, Callable[[t.Term, Sequence[int]], t.Term]] = {"vjp": vjp, "jvp": jvp}
GRADES = ("smooth", "formal", "any", "any")
CONSTRUCTS = (3, 5, 8, 12)
MOST_STEPS = 140
"""Primitives of a program, blocks and all: second derivatives can be long, and time is better spent on several."""
MOST_WORK = 1000
"""Primitives that the interpreter goes through: sizes that do not fit registers evenly are for nests that are not deep."""
EXTENTS = (1, 2, 3, 0, 4)
AWKWARD = (1, 2, 3, 0, 4, 5, 7, 8, 9, 13, 17, 33)
"""Sizes: what is small, and what registers, tiles and unrolled loops care about."""
UNKNOWN = 3
"""How often a loop is taken to go round whose bound follows from values."""


@dataclass(frozen=True)
class Program:
    """A closed term, and what it is run on. ``source`` says where it is from."""

    name: str
    term: t.Term
    sizes: Mapping[str, int]
    args: Sequence[Any] = field(repr=False)
    source: Callable[[], str] = str

    def show(self) -> str:
        """The program as `parse` reads it."""
        head = [f"# {line}" for line in self.source().rstrip().split("\n")]
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


def make(seed: int, number: int) -> Program:
    """A program: its derivatives as far as it has the kind that was drawn, and that is not too long."""
    random = Random(f"pullback {seed} {number}")
    name, ways = f"{seed}:{number}", random.choice(DERIVED)
    origin, extents = random.choice(((_grown, EXTENTS), (_grown, EXTENTS), (_grown, AWKWARD), (_template, AWKWARD),
                                     (_template, AWKWARD)))  # fmt: skip
    term, source = origin(random)
    given, taken = len(term.dom), 0
    with suppress(DerivativeFault):
        for way in ways:
            derived = DERIVE[way](term, [k for k, w in enumerate(term.dom) if is_differentiable(w)])
            if length(derived.steps) > MOST_STEPS:
                break
            term, taken = derived, taken + 1
    sizes = _moderate(term, {size: random.choice(extents) for size in term.sizes})
    above = 9 if origin is _template else 0
    args = [_array(random, w, sizes, above if k < given else 0) for k, w in enumerate(term.dom)]
    return Program(name, term, sizes, args, lambda: f"{name} {' of '.join(reversed(ways[:taken]))}\n{source()}")


def length(steps: Sequence[t.Step]) -> int:
    """Primitives, those of blocks too."""
    return sum(1 + sum(length(block.steps) for block in _blocks(step)) for step in steps)


def work(steps: Sequence[t.Step], sizes: Mapping[str, int]) -> int:
    """About how many primitives the interpreter goes through."""
    total, known = 0, dict(sizes)
    for step in steps:
        times, inside = 1, known
        match step:
            case t.Open():
                known[step.atom] = UNKNOWN
            case t.Loop():
                times = max(step.bound.evaluate(known), 0)
                inside = {**known, step.index: times // 2}
            case t.While():
                times = UNKNOWN
        total += 1 + times * sum(work(block.steps, inside) for block in _blocks(step))
    return total


def _blocks(step: t.Step) -> list[t.Block]:
    match step:
        case t.Loop():
            return [step.body]
        case t.While():
            return [step.cond, step.body]
        case t.Branch():
            return [step.then, step.orelse]
        case t.Custom():
            return [step.primal]
    return []


def _moderate(term: t.Term, sizes: dict[str, int]) -> dict[str, int]:
    """The sizes, the largest made less until the interpreter has no more to do than it should."""
    while max(sizes.values(), default=0) > 2 and work(term.steps, sizes) > MOST_WORK:
        largest = max(sizes, key=sizes.__getitem__)
        sizes = sizes | {largest: max(s for s in AWKWARD if s < sizes[largest])}
    return sizes


# -- grown -------------------------------------------------------------------------------------------------------------
def _grown(random: Random) -> tuple[t.Term, Callable[[], str]]:
    choices = Seeded(random.getrandbits(48))
    program = grown(choices, random.choice(OBJECTS), random.choice(GRADES), random.choice(CONSTRUCTS))
    return program.term, lambda: program.text


def _array(random: Random, wire: Wire, sizes: Mapping[str, int], above: int = 0) -> Any:
    """Moderate values: multiples of 1/8 within ±2, sometimes any; of a discrete object, all elements."""
    scalar, extents = element(wire), tuple(max(d.evaluate(sizes), 0) for d in shape(wire))
    numbers = np.random.default_rng(random.getrandbits(64))
    if scalar.is_float:
        values = numbers.integers(-16, 17, extents) / 8 if random.random() < 0.7 else numbers.normal(size=extents)
    elif scalar.is_weight:
        values = np.where(numbers.random(extents) < 0.1, semiring(scalar).zero, numbers.integers(-16, 17, extents) / 8)
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
             "(1 / (2 + cos({})))", "erf({})", "softplus({})", "floor({})", "stop_gradient({})",
             "exp2({} / 4)", "log10(2 + {}^2)", "cbrt({})", "hypot({}, 1)", "asinh({})", "acosh(1.5 + {}^2)",
             "atanh(sin({}) / 2)", "acos(sin({}) / 2)", "erfc({})", "f64(f32({}))", "(if is_nan({}) then 1 else {})",
             "(if is_finite({}) then {} / 2 else 1)")
"""What stands for F: a function of one number, at {}."""


@cache
def templates() -> tuple[str, ...]:
    """Each hole has a name of its own: F0, F1, …"""
    numbers = count()
    text = (Path(__file__).parent / "templates.pull").read_text(encoding="utf-8")
    return tuple(re.sub(r"\bF\(", lambda _: f"F{next(numbers)}(", text).split("\n\n")[1:])


def _template(random: Random) -> tuple[t.Term, Callable[[], str]]:
    texts = [random.choice(templates())]
    holes = sorted(set(re.findall(r"\bF\d+", texts[0])))
    texts += [f"def {hole}(x: f64) = {random.choice(FUNCTIONS).replace('{}', 'x')}" for hole in holes]
    if random.random() < 0.3:
        texts = [text.replace("f64", "f32") for text in texts]
    return _elaborated(texts), lambda: "\n".join(texts)


def _elaborated(texts: Sequence[str]) -> t.Term:
    try:
        first, *others = map(_parsed, texts)
        return elaborate(of_tree(replace(first, items=(*first.items, *(i for m in others for i in m.items)))), "f").term
    except PullbackError as problem:
        raise AssertionError(f"a template that is no program:\n{texts}\n{problem}") from problem


@cache
def _parsed(text: str) -> syntax.Module:
    """The same few texts are put together again and again, and parsing takes as long as all that is done then."""
    return parse_text(text)
