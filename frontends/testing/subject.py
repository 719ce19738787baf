"""What is verified: a function, from wherever it comes, and arguments for it, given or drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from ...backends.executable import Executable, Settings
from ...backends.llvm.arguments import bind_sizes, convert, convert_one
from ...core.errors import ArgumentFault, IndexFault
from ...core.objects import element, shape, wires
from ...ir.unary import term as t
from ..language.show import show
from ..python.function import Function
from ..python.morphism import Morphism
from ..python.trees import flatten
from . import values
from .choices import Choices
from .laws import Case, meaning
from .programs import Program
from .search import Unfit

Checked = Function | Program | t.Term
"""What the checks take."""


@dataclass(frozen=True)
class Subject:
    """A closed term with the names of its wires; ``counts`` are size parameters that are the value of an i64 wire."""

    name: str
    term: t.Term
    labels: tuple[str, ...]
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    morphism: Morphism | None = None
    program: Program | None = None
    fixed: Mapping[int, Any] = field(default_factory=lambda: MappingProxyType({}))
    """The values of wires that are given."""
    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The size parameters that are given."""

    def case(self, choices: Choices, laws: bool = True) -> Case:
        """The term at a point: what is given, and the rest drawn. For laws, numbers are moderate, and Unfit is raised where the
        term does not run; otherwise half of the points have NaN, infinities and their like among the floats."""
        awkward = not laws and choices.between(0, 1) == 1
        sizes = {name: self.sizes[name] if name in self.sizes else choices.pick(values.EXTENTS) for name in self.term.sizes}
        if any(z.evaluate(sizes) < 0 for w in self.term.dom for z in shape(w)):
            raise Unfit("an array of negative size")
        point = [np.asarray(self.fixed[k], element(w).dtype) if k in self.fixed
                 else values.array(w, sizes, choices, awkward and element(w).is_float)
                 for k, w in enumerate(self.term.dom)]  # fmt: skip
        for name, wire in self.counts.items():
            point[wire] = np.asarray(sizes[name], point[wire].dtype)
        if laws:
            try:
                meaning(self.term, [point], sizes)
            except IndexFault as fault:
                raise Unfit(str(fault)) from None
        return Case(self.term, sizes, point, choices)

    def shown(self, point: Sequence[Any]) -> str:
        """Arguments as the command line takes them."""
        if self.morphism is None:
            return " ".join(f"{label}={np.asarray(v).tolist()}" for label, v in zip(self.labels, point, strict=True))
        leaves = iter(point)
        parts = [(p.name, show(p.type, [next(leaves) for _ in wires(p.type)])) for p in self.morphism.parameters]
        return " ".join(f"--arg {name}='{value}'" for name, value in parts)


def subject(of: Checked, args: Sequence[Any] | None = None) -> Subject:
    """A function, a program or a term to be verified, at ``args`` if given. Raises ArgumentFault."""
    if isinstance(of, t.Term):
        made = Subject(of.name, of, of.names)
    elif isinstance(of, Program):
        made = Subject(of.name, of.term, of.term.names, program=of)
    elif isinstance(of, Function):
        made = of_morphism(of.morphism)
    else:
        raise ArgumentFault("PB0602", f"a check takes a function of a compiled module, a program or a term, not {of!r}")
    return made if args is None else at(made, args)


def of_morphism(m: Morphism) -> Subject:
    return Subject(m.name, m.term, m.labels, m.counts, m)


def at(of: Subject, args: Sequence[Any]) -> Subject:
    """The subject with all its arguments given."""
    if of.morphism is not None:
        arranged = Function(of.morphism, Settings()).arranged(args, {})
        args = [leaf for p, v in zip(of.morphism.parameters, arranged, strict=True) for leaf in flatten(p.name, p.type, v)]
    signature = Executable(of.term, None, of.counts, of.labels).signature
    leaves = convert(signature, args)
    sizes = bind_sizes(signature, leaves)
    return given(of, dict(enumerate(leaves)), {name: sizes[name] for name in of.term.sizes})


def with_some(of: Subject, values: Mapping[str, Any], sizes: Mapping[str, int]) -> Subject:
    """The subject with some parameters given by name, and some sizes. Raises ArgumentFault."""
    assert of.morphism is not None, "only a function has parameters"
    signature = Executable(of.term, None, of.counts, of.labels).signature
    fixed: dict[int, Any] = {}
    for k, p in enumerate(of.morphism.parameters):
        if p.name in values:
            for place, leaf in zip(of.morphism.wires(k), flatten(p.name, p.type, values[p.name]), strict=True):
                fixed[place] = convert_one(signature.inputs[place], leaf, of.name)
    for name in sizes:
        if name not in of.term.sizes:
            known = ", ".join(of.term.sizes) or "none"
            raise ArgumentFault("PB0607", f"`{of.name}` has no size `{name}`", hint=f"its sizes are {known}")
    return given(of, fixed, sizes)


def given(of: Subject, fixed: Mapping[int, Any], sizes: Mapping[str, int]) -> Subject:
    """The subject with some wires and sizes given; the sizes of the wires follow. Raises ArgumentFault where they disagree."""
    known = dict(sizes)
    for k, value in fixed.items():
        for extent, length in zip(shape(of.term.dom[k]), np.shape(value), strict=True):
            if extent.name is not None and known.setdefault(extent.name, length) != length:
                raise ArgumentFault("PB0604", f"`{extent}` is {known[extent.name]}, but {length} by `{of.labels[k]}`")
    for name, wire in of.counts.items():
        if wire in fixed:
            known[name] = int(fixed[wire])
    return Subject(of.name, of.term, of.labels, of.counts, of.morphism, of.program, dict(fixed), known)
