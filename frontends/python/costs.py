"""`pullback.cost`: what a function and its derivative cost, counted on their loop nests before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ...backends.executable import Executable
from ...backends.llvm.arguments import bind_sizes, convert
from ...core.errors import ArgumentFault, suggestion
from ...core.objects import Scalar, tangent
from ...ir.cost import Cost, cost
from ...ir.loops import nest
from ..language.scope import listed
from . import derivatives
from .function import Function
from .morphism import Morphism
from .trees import flatten

__all__ = ["Costs", "costs", "costs_at"]


@dataclass(frozen=True)
class Costs:
    """The cost of one call of a function and of its derivative at given sizes.

    ``value`` and ``derivative`` count flops, loads and stores, bytes ``moved`` by them (in caches or not) and bytes ``held``
    in local buffers. ``derivative`` is the value and gradient of a function that gives one number, R[f] of any other, and
    None where there is none. As text, a table."""

    function: str
    sizes: Mapping[str, int]
    value: Cost
    derivative: Cost | None
    what: str

    @property
    def ratio(self) -> float | None:
        """Flops of the derivative by flops of the value; the cheap gradient principle puts it at 4 at most, and a sequential
        loop, whose steps are run again, somewhat above."""
        return None if self.derivative is None or not self.value.flops else self.derivative.flops / self.value.flops

    def as_data(self) -> dict[str, Any]:
        """For JSON."""
        derivative = None if self.derivative is None else asdict(self.derivative)
        return {"function": self.function, "sizes": dict(self.sizes), "value": asdict(self.value), "what": self.what,
                "derivative": derivative, "ratio": self.ratio}

    def __str__(self) -> str:
        sizes = ", ".join(f"{name} = {value}" for name, value in self.sizes.items())
        columns = [self.value] if self.derivative is None else [self.value, self.derivative]
        rows = [("", "value", *([self.what, "ratio"] if self.derivative else []))]
        for name, label in _ROWS.items():
            numbers = [getattr(c, name) for c in columns]
            ratio = [f"{numbers[1] / numbers[0]:.2f}" if numbers[0] else "-"] if len(numbers) > 1 else []
            rows.append((label, *(f"{n:,}".replace(",", " ") for n in numbers), *ratio))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
                 for row in rows]
        return "\n".join([f"`{self.function}`" + (f" at {sizes}" if sizes else ""), *lines])


_ROWS = {"flops": "flops", "loads": "loads", "stores": "stores", "moved": "bytes moved", "held": "bytes held"}


def costs(f: Function, args: Sequence[Any] = (), sizes: Mapping[str, int] | None = None,
          wrt: Sequence[int] | None = None) -> Costs:
    """The costs at the sizes that arguments have, or at ``sizes`` by name. ``wrt``: the parameters to differentiate by (all
    that have derivatives). Integer numbers among the arguments, which loops may depend on, count too; a loop whose length is
    not known counts once.

    Raises ArgumentFault for arguments that do not fit, PB0607 for a size there is not, PB0601 for one that is missing."""
    if sizes is not None or not args:
        return _costs(f, _named(f, sizes or {}), {}, wrt)
    values = f.arranged(args, {})
    return costs_at(f, [leaf for p, v in zip(f.face.parameters, values, strict=True)
                        for leaf in flatten(p.name, p.type, v)], wrt)


def costs_at(f: Function, leaves: Sequence[Any], wrt: Sequence[int] | None = None) -> Costs:
    """The costs at the leaves of the arguments."""
    signature, inputs = f.executable.signature, f.executable.kernel.inputs
    point = convert(signature, leaves)
    integers = {p.name: int(v) for p, v in zip(inputs, point, strict=True) if isinstance(p, nest.Number) and p.kind.is_integer}
    return _costs(f, dict(bind_sizes(signature, point)), integers, wrt)


def _costs(f: Function, sizes: Mapping[str, int], integers: Mapping[str, int], wrt: Sequence[int] | None) -> Costs:
    m = f.morphism
    value = cost(f.executable.kernel, {**sizes, **integers})
    chosen = tuple(k for k, p in enumerate(m.parameters) if tangent(p.type) is not None) if wrt is None else tuple(wrt)
    if not chosen or tangent(m.result_type) is None:
        return Costs(m.name, sizes, value, None, "")
    number = isinstance(m.result_type, Scalar)
    derived: Morphism = derivatives.gradient(m, chosen, value=True) if number else derivatives.reverse(m, chosen)
    found = cost(Executable(derived.term, f.settings, derived.counts).kernel, {**sizes, **integers})
    return Costs(m.name, sizes, value, found, "value and gradient" if number else "reverse derivative")


def _named(f: Function, given: Mapping[str, int]) -> dict[str, int]:
    names = f.executable.signature.sizes
    for name in given:
        if name not in names:
            raise ArgumentFault("PB0607", f"`{f.name}` has no size `{name}`",
                                hint=suggestion(name, names) or (f"its sizes are {listed(names)}" if names else "it has none"))
    if missing := [name for name in names if name not in given]:
        raise ArgumentFault("PB0601", f"of the sizes of `{f.name}`, {listed(missing)} {'is' if len(missing) == 1 else 'are'} "
                            "missing", hint=f"it is {f.face}")
    return {name: int(given[name]) for name in names}
