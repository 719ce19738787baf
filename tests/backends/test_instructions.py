"""Every operation, on every object, computes in machine code what it means: one kernel for each application.

Operations lowered by expansion are expanded here as the compiler does it, so semirings' arithmetic is covered too."""

import numpy as np
import pytest

from pullback.backends.llvm import emit_instructions
from pullback.backends.numba import instructions
from pullback.core.laws import matches, samples
from pullback.core.objects import I64
from pullback.core.operation import INSTRUCTIONS, Instruction
from pullback.core.operations import OPERATIONS
from pullback.ir.loops import nest
from pullback.ir.loops.text import show

pytestmark = pytest.mark.slow  # together they take many seconds

APPLICATIONS = [(o, objects, to, result) for o in OPERATIONS.values() for objects, to, result in o.applications()]


def test_every_instruction_is_in_every_table():
    names = {name for group in INSTRUCTIONS.values() for name in group}
    assert names <= emit_instructions.SUPPORTED
    assert names == set(instructions.EXPRESSIONS)


class Straight:
    """An algebra that writes statements, one after another."""

    def __init__(self):
        self.statements = []

    def apply(self, name, *args, to=None):
        operation = OPERATIONS[name]
        result = operation.typing([o for o, _ in args], to)
        lowering = operation.lowering([o for o, _ in args], result)
        if not isinstance(lowering, Instruction):
            return lowering.rule(self, *args)
        target = f"t{len(self.statements)}"
        carrier = emit_instructions.carrier(result)
        self.statements.append(nest.Let(target, carrier, lowering.name, tuple(a for _, a in args)))
        return result, target

    def constant(self, value, like):
        return like, nest.Literal(value, emit_instructions.carrier(like))

    def object(self, handle):
        return handle[0]


def kernel(operation, objects, to):
    """y[i] = operation(x0[i], x1[i], ...)."""
    algebra, names, n = Straight(), [f"x{k}" for k in range(len(objects))], "n"
    carriers = [emit_instructions.carrier(o) for o in objects]
    for name, carrier in zip(names, carriers, strict=True):
        algebra.statements.append(nest.Load(f"v{name}", carrier, name, ("i",)))
    arguments = [(o, f"v{name}") for o, name in zip(objects, names, strict=True)]
    result, value = algebra.apply(operation.name, *arguments, to=to)
    body = (*algebra.statements, nest.Store("y", ("i",), value))
    inputs = tuple(nest.Array(name, carrier, (n,)) for name, carrier in zip(names, carriers, strict=True))
    output = nest.Array("y", emit_instructions.carrier(result), (n,))
    return nest.Kernel("f", inputs, (n,), (output,), (nest.For("i", n, body, parallel=True),))


@pytest.mark.parametrize("compiled", ["llvm", "lanes 4", "python"], indirect=True)
@pytest.mark.parametrize("instruction", ["imod", "ifloordiv"])
def test_division_by_a_number_that_is_known(compiled, instruction):
    """Powers of two are a mask or a shift; what is below zero rounds down as ever."""
    x = np.array([*range(-17, 18), -(2**63), 2**63 - 1])
    for divisor in (1, 2, 3, 4, 5, 16, 2**40, -2, -3):
        value = nest.Let("r", I64, instruction, ("v", nest.Literal(divisor, I64)))
        body = (nest.Load("v", I64, "x", ("i",)), value, nest.Store("y", ("i",), "r"))
        arrays = [nest.Array(name, I64, ("n",)) for name in "xy"]
        (got,) = compiled(
            show(nest.Kernel("f", (arrays[0],), ("n",), (arrays[1],), (nest.For("i", "n", body, parallel=True),)))
        )(x)
        np.testing.assert_array_equal(got, x % divisor if instruction == "imod" else x // divisor)


@pytest.mark.parametrize("compiled", ["llvm", "lanes 4", "python"], indirect=True)
@pytest.mark.parametrize(
    "operation, objects, to, result", APPLICATIONS, ids=lambda a: getattr(a, "name", None) or str(a).replace(" ", "")
)
def test_an_operation_computes_its_meaning(compiled, operation, objects, to, result):
    arguments = samples(operation, objects)
    f = compiled(show(kernel(operation, objects, to)))
    wanted = operation.meaning(result, *arguments)
    inside = slice(None)
    if operation.name in ("sin", "cos", "tan"):
        inside = np.abs(arguments[0]) < 1e6
    (got,) = f(*arguments)
    tolerance = 0.0 if not result.is_float else 1e-13 if result.kind == "f64" else 1e-5
    assert matches(got[inside], wanted[inside], tolerance), list(zip(*arguments, got, wanted, strict=True))
