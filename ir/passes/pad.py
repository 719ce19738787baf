"""pad: loops → loops. What a convolution's reverse scatters is gathered from a copy with zeros around it.

    for i, r: out[i + r] += a[r] · b[i]        b' = 0 … 0 b 0 … 0; for y: out[y] = sum r: a[r] · b'[y + last r − r]

Here i is an index of one factor and r one of the other, and there are others beside them. So a whole row of the result stays in
registers while everything is added to it, where it was read and written for each r. It is more products, for the zeros too:
they are worth it where the result has not many more places than b, and they are zeros where all of a is finite. Both is known
only when it runs; the loops that scatter are there for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...core.objects import BOOL, I64
from ..loops import nest
from ..loops.contraction import Contraction, Place
from ..loops.nest import Literal, Operand

__all__ = ["gathered"]

_MORE = (2, 3)
"""The result may have three places where ``b`` has two."""

_ONE = Literal(1, I64)


@dataclass(frozen=True)
class _Sum:
    """An index ``moving`` + ``fixed`` of the result: the first is an index of ``b``, the second one of ``a``."""

    moving: str
    fixed: str
    size: Operand
    """How many places the result has there."""


def gathered(
    loop: nest.For, c: Contraction, shape: Sequence[Operand], fresh: Callable[[str], str]
) -> tuple[nest.Statement, ...] | None:
    """Statements that make all of the array to which a contraction ``c`` adds, which ``loop`` is; None where it adds to no sums
    of two indices. ``shape``: the array's."""
    for a, b in ((c.left, c.right), (c.right, c.left)):
        sums = _sums(c, a, b, shape)
        if sums is not None:
            return _Writing(loop, c, a, b, sums, fresh).statements()
    return None


def _sums(c: Contraction, a: Place, b: Place, shape: Sequence[Operand]) -> dict[str, _Sum] | None:
    """The sums by the names of their scalars; None where the indices are others."""
    bounds, found = dict(c.loops), dict[str, _Sum]()
    plain: list[str] = []
    for index, size in zip(c.out.indices, shape, strict=True):
        let = c.lets.get(str(index))
        if index in bounds and bounds[str(index)] == size:
            plain.append(str(index))
        elif let is not None and let.instruction == "iadd" and all(x in bounds for x in let.args):
            one, other = (str(x) for x in let.args)
            moving, fixed = (one, other) if one in b.strides else (other, one)
            found[let.name] = _Sum(moving, fixed, size)
        else:
            return None
    used = [v for s in found.values() for v in (s.moving, s.fixed)]
    apart = all(s.moving not in a.strides and s.fixed not in b.strides for s in found.values())
    simple = all(x in bounds for x in (*a.indices, *b.indices)) and len(set(b.indices)) == len(b.indices)
    once = len({*plain, *used}) == len(plain) + len(used)
    return found if found and apart and simple and once and c.summed else None


@dataclass
class _Writing:
    """``fresh`` gives a name that nobody has; all others begin with it."""

    loop: nest.For
    c: Contraction
    a: Place
    b: Place
    sums: dict[str, _Sum]
    fresh: Callable[[str], str]

    def __post_init__(self) -> None:
        self.stem = self.fresh(f"{self.loop.index}.pad")
        self.copy = f"{self.stem}.copy"
        self.of = {s.moving: s for s in self.sums.values()}
        self.results = [self.sums[str(i)].moving if i in self.sums else str(i) for i in self.c.out.indices]
        self.count = 0
        self.lets: list[nest.Statement] = []
        self.last: dict[str, str] = {}  # of the index that is added to a moving one, by the moving one

    def statements(self) -> tuple[nest.Statement, ...]:
        """Both ways, the second where the first cannot be or did not do."""
        c, kind = self.c, self.c.kind
        holds = self.let("ile", *self.places())
        for condition in self.conditions():
            holds = self.let("band", holds, condition)
        choice, self.lets = self.lets, []
        left, found = f"{self.stem}.left", f"{self.stem}.found"
        padded = nest.If(holds, (*self.padded(), *self.checked(left)))
        self.lets = []
        again = self.let("bnot", self.let("feq", found, nest.zero(kind)))
        scattered = (nest.Fill(c.out.buffer, nest.zero(kind)), self.loop)
        return (*choice, nest.Cell(left, kind, Literal(1.0, kind)), padded, nest.Read(found, kind, left), *self.lets,
                nest.If(again, scattered))

    def conditions(self) -> Iterator[Operand]:
        """That what is copied lies inside, also where the loops of the rest do not run, and that there is a place of the result
        to which all of a row of ``a`` comes."""
        for v in self.results:
            if v in self.of:
                size, bound = self.c.bound(self.of[v].fixed), self.c.bound(v)
                yield self.let("ile", _ONE, size)
                yield self.let("ile", size, bound)
                yield self.let("ile", self.let("iadd", bound, size), self.let("iadd", self.of[v].size, _ONE))
            elif v not in self.a.strides:
                yield self.let("ile", _ONE, self.c.bound(v))

    def places(self) -> Iterator[Operand]:
        """Twice the places of the result along the sums, and three times those of ``b``."""
        for sizes, times in zip(([s.size for s in self.of.values()], [self.c.bound(v) for v in self.of]), _MORE, strict=True):
            total: Operand = Literal(times, I64)
            for size in sizes:
                total = self.let("imul", total, size)
            yield total

    def checked(self, left: str) -> tuple[nest.Statement, ...]:
        """Set a cell to zero if all of ``a`` is finite: else its products with zeros are not nothing, and a place to which all
        of a row comes is not finite either."""
        kind, zero = self.c.kind, nest.zero(self.c.kind)
        names = {v: f"{self.stem}.at.{v}" for v in self.results if v in self.a.strides}
        at = tuple(self.last[v] if v in self.of else names.get(v, Literal(0, I64)) for v in self.results)
        cell, x, product, total = (f"{self.stem}.{name}" for name in ("zeros", "any", "nothing", "all"))
        body = (nest.Load(x, kind, self.c.out.buffer, at), nest.Let(product, kind, "fmul", (x, zero)),
                nest.Reduce(cell, "sum", product, kind))  # fmt: skip
        check = _around([(name, self.c.bound(v)) for v, name in names.items()], body)
        return nest.Cell(cell, kind, zero), check, nest.Read(total, kind, cell), nest.Assign(left, total)

    def let(self, instruction: str, *args: Operand) -> str:
        self.count += 1
        name = f"{self.stem}.t{self.count}"
        kind = I64 if instruction in ("iadd", "isub", "imul") else BOOL
        self.lets.append(nest.Let(name, kind, instruction, args))
        return name

    def padded(self) -> tuple[nest.Statement, ...]:
        for v, s in self.of.items():
            self.last[v] = self.let("isub", self.c.bound(s.fixed), _ONE)
        longer = {v: self.let("iadd", s.size, self.last[v]) for v, s in self.of.items()}
        shape = tuple(longer.get(str(v), self.c.bound(str(v))) for v in self.b.indices)
        return (*self.lets, nest.Allocate(self.copy, self.c.kind, shape, zero=True), self.copied(), self.summed())

    def copied(self) -> nest.Statement:
        names = {str(v): f"{self.copy}.{v}" for v in self.b.indices}
        moved = {v: f"{names[v]}.to" for v in self.of}
        lets = [nest.Let(moved[v], I64, "iadd", (names[v], self.last[v])) for v in self.of]
        load = nest.Load(f"{self.copy}.x", self.c.kind, self.b.buffer, tuple(names.values()))
        store = nest.Store(self.copy, tuple(moved.get(v, name) for v, name in names.items()), load.name)
        return _around([(name, self.c.bound(v)) for v, name in names.items()], (*lets, load, store))

    def summed(self) -> nest.Statement:
        c, stem = self.c, self.stem
        names = {v: f"{stem}.{v}" for v, _ in c.loops}
        moved = {v: f"{names[v]}.from" for v in self.of}
        body: list[nest.Statement] = []
        for v, s in self.of.items():
            body += [nest.Let(f"{names[v]}.end", I64, "iadd", (names[v], self.last[v])),
                     nest.Let(moved[v], I64, "isub", (f"{names[v]}.end", names[s.fixed]))]
        one, other, term, cell, total = (f"{stem}.{x}" for x in ("a", "b", "term", "cell", "sum"))
        body += [nest.Load(one, c.kind, self.a.buffer, tuple(names[str(v)] for v in self.a.indices)),
                 nest.Load(other, c.kind, self.copy, tuple(moved.get(str(v), names[str(v)]) for v in self.b.indices)),
                 nest.Let(term, c.kind, "fmul", (one, other)), nest.Reduce(cell, "sum", term, c.kind)]
        depth = [v for v, _ in c.loops if v not in self.results]
        depth.sort(key=lambda v: any(v == s.fixed for s in self.of.values()))
        inside = _around([(names[v], c.bound(v)) for v in depth], tuple(body))
        store = nest.Store(c.out.buffer, tuple(names[v] for v in self.results), total)
        around = (nest.Cell(cell, c.kind, nest.zero(c.kind)), inside, nest.Read(total, c.kind, cell), store)
        sizes = {v: s.size for v, s in self.of.items()}
        return _around([(names[v], sizes[v] if v in sizes else c.bound(v)) for v in self.results], around)


def _around(loops: Sequence[tuple[str, Operand]], body: tuple[nest.Statement, ...]) -> nest.For:
    for name, bound in reversed(loops):
        body = (nest.For(name, bound, body, parallel=True),)
    (made,) = body
    assert isinstance(made, nest.For)
    return made
