"""Two ways to one result: the one that costs less at the sizes of a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...backends.llvm.arguments import bind_sizes, convert
from ...ir.cost import cost
from .function import Function
from .trees import flatten

__all__ = ["Choice"]


class Choice(Function):
    """A function that runs as one of two that mean the same. Transformations and texts are those of the first."""

    def __init__(self, first: Function, second: Function) -> None:
        super().__init__(first.face, first.settings, None, lambda: first.morphism)
        self.ways = (first, second)
        self._chosen: dict[tuple[int, ...], Function] = {}

    def chosen(self, *args: Any) -> Function:
        """The one that does less work at the sizes of the arguments."""
        face, first = self.face, self.ways[0]
        leaves = [leaf for p, v in zip(face.parameters, args, strict=True) for leaf in flatten(p.name, p.type, v)]
        signature = first.executable.signature
        sizes = bind_sizes(signature, convert(signature, leaves))
        key = tuple(sizes[name] for name in signature.sizes)
        found = self._chosen.get(key)
        if found is None:
            found = self._chosen[key] = min(self.ways, key=lambda f: _work(f, sizes))
        return found

    def _call(self, args: Sequence[Any], named: Any) -> Any:
        values = self.arranged(args, named)
        return self.chosen(*values)(*values)




def _work(f: Function, sizes: Any) -> int:
    found = cost(f.executable.kernel, sizes)
    return found.flops + found.loads + found.stores
