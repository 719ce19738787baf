"""Sizes a call can tell: each size parameter of a term as a dimension, or the value, of some input.

A call binds sizes from dimensions that are bare names. `f64[n + 1]` has none, so the term is written in another
parameter: the dimension itself, of which n is one less. An i64 input that is a size of a result becomes a size
parameter that its value gives.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..core.errors import SizeFault
from ..core.objects import shape
from ..core.sizes import Size, atom, unify
from ..ir.unary import term as t
from ..ir.unary.builder import Builder, Scope, copy, embed

__all__ = ["bare_sizes", "counted", "definitions"]


def counted(term: t.Term) -> tuple[t.Term, dict[str, int]]:
    """The term with the opened inputs that its results are sized by as size parameters, and which input gives each.

    Raises SizeFault PB0405 for a result whose size is known only when it has been computed."""
    needed = {a for w in term.cod for s in shape(w) for a in s.atoms} - set(term.sizes)
    if not needed:
        return term, {}
    opened = {s.atom: s.arg for s in term.steps if isinstance(s, t.Open)}
    if unknown := sorted(a for a in needed if opened.get(a, len(term.dom)) >= len(term.dom)):
        raise SizeFault(
            "PB0405",
            f"the size `{unknown[0]}` of a result of `{term.name}` is known only when it has been computed",
            hint="a size of a result is made of sizes of the parameters, and of i64 parameters",
        )
    names: dict[int, str] = {}
    for name in sorted(needed):
        names.setdefault(opened[name], name)
    builder = Builder(term.name, (*term.sizes, *names.values()), term.names, term.dom)
    scope = Scope.top({k: k for k in range(len(term.dom))}, {})
    position = len(term.dom)
    for step in term.steps:
        if isinstance(step, t.Open) and step.arg in names:
            scope.atoms[step.atom] = atom(names[step.arg])
            scope[position] = builder.one(t.Extent(atom(names[step.arg]), step.span))
            position += 1
        else:
            position += len(copy(builder, step, scope, position))
    return builder.finish([scope[r] for r in term.results]), {name: p for p, name in names.items()}


def definitions(term: t.Term, counts: Mapping[str, int]) -> dict[str, Size]:
    """Each size parameter by bare dimensions: itself where it is one, else solved from a dimension it occurs in.

    Raises SizeFault PB0406 where no dimension tells it."""
    dims = [s for w in term.dom for s in shape(w)]
    bare = {s.name for s in dims} | set(counts)
    found = {name: atom(name) for name in term.sizes if name in bare}
    missing = [name for name in term.sizes if name not in found]
    while missing:
        for dim in dims:
            unknown = dim.atoms - found.keys()
            if len(unknown) == 1 and unify(dim, atom(str(dim)), found, frozenset(unknown)):
                break
        else:
            raise SizeFault("PB0406", f"the size `{missing[0]}` of `{term.name}` cannot be told from its arguments")
        missing = [name for name in missing if name not in found]
    return found


def bare_sizes(term: t.Term, counts: Mapping[str, int]) -> t.Term:
    """The same term in sizes that are each a bare dimension or a count."""
    found = definitions(term, counts)
    if all(value.name == name for name, value in found.items()):
        return term
    sizes = sorted({a for value in found.values() for a in value.atoms})
    scope = Scope.top({}, found)
    builder = Builder(term.name, sizes, term.names, [scope.wire(w) for w in term.dom])
    results = embed(builder, term, range(len(term.dom)), found)
    return builder.finish(results)
