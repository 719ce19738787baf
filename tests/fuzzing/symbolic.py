"""Third derivatives, by three reverse derivatives, against SymPy's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from pullback.backends.executable import Executable, Settings
from pullback.core.objects import F64, I64
from pullback.core.operations import OPERATIONS
from pullback.frontends.python.derivatives import gradient
from pullback.frontends.python.face import Parameter
from pullback.frontends.python.morphism import Morphism
from pullback.frontends.testing.carriers import FINER, carried
from pullback.frontends.testing.choices import Choices, Seeded
from pullback.frontends.testing.laws import meaning
from pullback.frontends.testing.programs import Program, grown
from pullback.ir.unary import term as t

DIGITS = 40


def operations() -> Mapping[str, Callable[..., Any]]:
    """What our operations are in SymPy."""
    import sympy as s

    same = {name: getattr(s, name) for name in ("sin", "cos", "tanh", "atan", "erf", "exp", "log", "sqrt")}
    return same | {
        "add": lambda x, y: x + y, "sub": lambda x, y: x - y, "mul": lambda x, y: x * y, "div": lambda x, y: x / y,
        "neg": lambda x: -x, "cast": lambda x: x, "rsqrt": lambda x: 1 / s.sqrt(x), "log2": lambda x: s.log(x) / s.log(2),
        "log1p": lambda x: s.log(1 + x), "expm1": lambda x: s.exp(x) - 1, "sigmoid": lambda x: 1 / (1 + s.exp(-x)),
        "softplus": lambda x: s.log(1 + s.exp(x)), "lgamma": s.loggamma,
    }  # fmt: skip


def expression(term: t.Term, x: Any) -> Any:
    """The result of a term without loops, of one number, in SymPy. Whole numbers, which wrap, are computed as they are."""
    import sympy

    table, values = operations(), [x]
    for step in term.steps:
        match step:
            case t.Constant():
                values.append(np.int64(step.value) if step.kind == I64 else sympy.Rational(step.value))
            case t.Apply():
                args = [values[a] for a in step.args]
                whole = all(isinstance(a, np.int64) for a in args)
                if whole and step.op == "cast":
                    values.append(sympy.Rational(float(args[0])))
                elif whole:
                    values.append(np.int64(OPERATIONS[str(step.op)].meaning(I64, *args)))
                else:
                    values.append(table[str(step.op)](*args))
            case _:
                raise TypeError(f"{type(step).__name__} is not for SymPy")
    return values[term.results[0]]


def straight(choices: Choices) -> Program:
    """A smooth function of one number, without loops."""
    while True:
        program = grown(choices, F64, "smooth", 5, 0, (F64,), (F64,))
        if len(program.term.steps) > 1 and all(isinstance(s, t.Constant | t.Apply) for s in program.term.steps):
            return program


def agrees_with_sympy(number: int) -> str:
    """What is wrong with the third derivative of function ``number``; nothing if it is SymPy's."""
    import sympy

    choices = Seeded(number)
    program = straight(choices)
    point = 1 - choices.between(-8, 24) / 8 + 1 / 64
    x = sympy.Symbol("x", real=True)
    exact = float(sympy.diff(expression(program.term, x), x, 3, simplify=False).subs(x, sympy.Rational(point)).evalf(DIGITS))
    m = Morphism("f", (Parameter("x", F64),), F64, term=program.term)
    third = gradient(gradient(gradient(m, 0), 0), 0)
    (fine,) = meaning(carried(third.term, FINER), [[np.longdouble(point)]], {})
    (ours,) = meaning(third.term, [[np.float64(point)]], {})
    (machine,) = Executable(third.term, Settings(level=0, threads=1))(point)
    scale = 1 + abs(exact)
    if abs(float(fine) - exact) <= 1e-9 * scale and max(abs(float(ours) - exact), abs(machine - exact)) <= 1e-7 * scale:
        return ""
    return (f"third derivative of program {number} at {point}: SymPy {exact!r}, the meaning {float(ours)!r} "
            f"(finer: {float(fine)!r}), machine code {machine!r}\n{program.text}")  # fmt: skip
