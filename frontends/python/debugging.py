"""`pullback.debug`: what went wrong in a call, in terms of the program.

    with pb.debug(nan=True):
        pb.grad(m.loss)(w, x)       # raises NotFinite: the operation that made a NaN, where it stands, and on what
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ...backends.llvm.arguments import bind_sizes, convert
from ...core.errors import Derivative, PullbackError
from ...ir.unary.term import Term
from .function import OBSERVER, Function
from .trees import flatten

__all__ = ["NotFinite", "debug"]


class NotFinite(PullbackError, ArithmeticError):
    """PB0720: a result has NaN or an infinity, and the operation that made it (a Python `ArithmeticError` too)."""


@contextmanager
def debug(nan: bool = True) -> Iterator[None]:
    """Within this context a call of a function whose result has a NaN or an infinity raises NotFinite, which names the first
    operation that made it, forward or backward, with its place in the source, what it was applied to, and the indices of the
    loops around. Calls run twice, and once more by the interpreter if a result is not finite."""
    token = OBSERVER.set(_observed if nan else None)
    try:
        yield
    finally:
        OBSERVER.reset(token)


def _observed(function: Function, args: Sequence[Any], named: Mapping[str, Any]) -> None:
    executable, m = function.executable, function.morphism
    values = function.arranged(args, named)
    leaves = [leaf for p, v in zip(m.parameters, values, strict=True) for leaf in flatten(p.name, p.type, v)]
    given = convert(executable.signature, leaves)
    explained(executable.bare, m.name, m.labels, given, bind_sizes(executable.signature, given), executable(*leaves))


def explained(term: Term, name: str, labels: Sequence[str], leaves: Sequence[Any], sizes: Mapping[str, int],
              results: Sequence[Any]) -> None:  # fmt: skip
    """Raises NotFinite where some result is not finite."""
    if all(np.isfinite(r).all() for r in map(np.asarray, results) if r.dtype.kind == "f"):
        return
    from ...backends.interpreter.watching import culprit

    for label, leaf in zip(labels, leaves, strict=True):
        if (bad := _unfinite(leaf)) is not None:
            raise NotFinite("PB0720", f"`{label}` has {_shown(np.asarray(leaf)[bad])} {_entry(bad)}when `{name}` is called")
    made = culprit(term, leaves, sizes)
    if made is None:
        raise NotFinite("PB0720", f"a result of `{name}` is not finite, and no operation by itself made it so",
                        hint="rounding, or another order of a sum, may overflow: compare backends")  # fmt: skip
    place = _unfinite(made.result)
    arguments = ", ".join(_shown(_at(a, place)) for a in made.arguments[:6]) or "nothing"
    more = f", … {len(made.arguments)} numbers" if len(made.arguments) > 6 else ""
    indices = ", ".join(f"{index} = {value}" for index, value in made.at.items())
    way = "in the reverse derivative of this, " if isinstance(made.span, Derivative) else ""
    raise NotFinite("PB0720", f"{way}`{made.what}` of {arguments}{more} is {_shown(_at(made.result, place))}"
                    f"{f', at {indices}' if indices else ''}", made.span,
                    notes=((f"the first that makes a result of `{name}` so", None),))  # fmt: skip


def _unfinite(value: Any) -> tuple[int, ...] | None:
    """Where the first NaN or infinity is."""
    array = np.asarray(value)
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return None
    return tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])


def _at(value: Any, place: tuple[int, ...] | None) -> Any:
    array = np.asarray(value)
    return array[place] if place and array.ndim == len(place) else array


def _entry(place: tuple[int, ...]) -> str:
    return f"at [{', '.join(map(str, place))}] " if place else ""


def _shown(value: Any) -> str:
    return f"{value:.6g}" if np.ndim(value) == 0 and np.asarray(value).dtype.kind == "f" else str(value)


