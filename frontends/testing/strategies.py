"""Hypothesis strategies for what this folder grows: programs and values. Each is the generator with choices that can shrink.

    @given(programs("f64", "smooth"), st.data())
    def test(program, data):
        sizes, values = data.draw(arguments(program))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from ...core.objects import BIT, F64, Scalar, Tuple, Type, Wire, array
from ...core.objects import parse as parse_wire
from ...core.sizes import Size, atom, size
from ...ir.circuit.circuit import Circuit
from ...ir.unary.term import Term
from . import values
from .choices import Drawn
from .circuits import grown_circuit
from .programs import CONSTRUCTS, Program, grown

KINDS = ("f64", "bit", "z<2>", "z<7>", "sat<4>", "f32")
"""The number objects that have derivatives, an example of each kind."""


def programs(scalar: Scalar | str = F64, grade: str = "any", constructs: int = CONSTRUCTS,
             depth: int = 3) -> st.SearchStrategy[Program]:  # fmt: skip
    """Programs over a number object (`f64`, `bit`, `z<7>`, …) of about ``constructs`` loops, calls and operations at most.

    ``grade`` says what they may do: "smooth" (what has derivatives of any order in the classical sense), "formal" (all that has
    a formal derivative: conditions on data, max and min, stop_gradient too), "any" (discrete values made from data as well)."""
    over = of(scalar)
    return st.composite(lambda draw: grown(Drawn(draw), over, grade, constructs, depth))()


def terms(scalar: Scalar | str = F64, grade: str = "any", constructs: int = 6, depth: int = 2,
          dom: Sequence[Wire] | None = None, cod: Sequence[Wire] | None = None) -> st.SearchStrategy[Term]:  # fmt: skip
    """The same in unary form; from ``dom`` to ``cod`` if given. The first result is differentiable where ``scalar`` is."""
    over = of(scalar)
    return st.composite(lambda draw: grown(Drawn(draw), over, grade, constructs, depth, dom, cod).term)()


def circuits(ring: Scalar = BIT, states: int = 3) -> st.SearchStrategy[Circuit]:
    """Small circuits over the bits or another finite ring, with up to ``states`` latches."""
    return st.composite(lambda draw: grown_circuit(Drawn(draw), ring, states))()


def arguments(of: Program | Term, awkward: bool = False) -> st.SearchStrategy[tuple[dict[str, int], list[Any]]]:
    """Sizes and arguments, one for each wire: arrays from empty to a few elements. ``awkward``: among them NaN, infinities,
    zeros of both signs, subnormals, extremes."""
    term = of.term if isinstance(of, Program) else of
    return st.composite(lambda draw: values.arguments(term, Drawn(draw), awkward))()


def nearby(wires: Sequence[Wire], sizes: Mapping[str, int], awkward: bool = False) -> st.SearchStrategy[list[Any]]:
    """Values of several wires: arguments, tangents, cotangents."""
    return st.composite(lambda draw: values.nearby(wires, sizes, Drawn(draw), awkward))()


def arrays(wire: Wire | str, sizes: Mapping[str, int], awkward: bool = False) -> st.SearchStrategy[Any]:
    """Values of a wire (`f64[n, 3]`): an array of its dtype, of no dimension for a number."""
    over = parse_wire(wire) if isinstance(wire, str) else wire
    return st.composite(lambda draw: values.array(over, sizes, Drawn(draw), awkward))()


def elements(scalar: Scalar | str, awkward: bool = False) -> st.SearchStrategy[Any]:
    """Numbers of an object."""
    over = of(scalar)
    return st.composite(lambda draw: values.number(over, Drawn(draw), awkward))()


def sizes(names: Sequence[str], extents: Sequence[int] = values.EXTENTS) -> st.SearchStrategy[dict[str, int]]:
    """What size parameters are, by name."""
    return st.fixed_dictionaries({name: st.sampled_from(extents) for name in names})


def objects(kinds: Sequence[str] = KINDS) -> st.SearchStrategy[Scalar]:
    """Number objects."""
    return st.sampled_from([of(kind) for kind in kinds])


def types(scalar: Scalar | str = F64, names: Sequence[str] = ("n", "m"), products: bool = True) -> st.SearchStrategy[Type]:
    """Types: numbers, arrays of up to three axes over these size parameters, and (``products``) tuples and records of them."""
    over, extents = of(scalar), [*map(atom, names), size(2)]
    axes: st.SearchStrategy[list[Size]] = st.lists(st.sampled_from(extents), max_size=3)
    wires: st.SearchStrategy[Type] = axes.map(lambda z: array(over, tuple(z)))
    if not products:
        return wires
    fields = st.lists(wires, min_size=1, max_size=3)
    tuples = fields.map(lambda items: Tuple(tuple(items)))
    records = fields.map(lambda items: Tuple(tuple(items), tuple("abc"[: len(items)])))
    return st.one_of(wires, tuples, records)


def of(scalar: Scalar | str) -> Scalar:
    """A number object, or the one of that name. Raises ValueError."""
    found = parse_wire(scalar) if isinstance(scalar, str) else scalar
    if not isinstance(found, Scalar):
        raise ValueError(f"{scalar} is no number object")
    return found
